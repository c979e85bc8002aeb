// What completes command lines of trama, as text for a shell to read: made of the table of the
// command line alone, so that it knows every option that there is.

#pragma once

#include <string>

#include "cli/command_table.h"

namespace trama {

/// For bash 4 or newer; needs nothing of the package bash-completion.
std::string bash_completion(const CommandTable& table);
/// For zsh: a file _trama of $fpath, or to be evaluated after compinit.
std::string zsh_completion(const CommandTable& table);
/// For fish 3 or newer.
std::string fish_completion(const CommandTable& table);

}  // namespace trama
