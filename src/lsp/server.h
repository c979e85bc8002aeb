// `trama lsp`: a language server (LSP 3.17) over a pair of descriptors, on one thread.
//
//   MessageReader -> requests and notices, in their order -> Workspace, features -> answers
//                      |
//                      nothing waits any more: a mapping that was changed is checked -> publishDiagnostics
//
// So a check never holds up what was asked before, and versions that were typed while one ran are passed over. What
// comes is not trusted: it costs bounded memory, and is answered with an error where it is not as the protocol has it.

#pragma once

#include <functional>
#include <string_view>

#include "text/language.h"

namespace trama {

/// Takes what is to be written; false where nobody reads it any more.
using ServerOutput = std::function<bool(std::string_view bytes)>;

/// Serves until `exit` or the end of the input. `language`: where the client's is none of ours. Gives the exit code
/// that the protocol asks for: 0 after `shutdown`, else 1.
int serve(int input, const ServerOutput& output, Language language);

}  // namespace trama
