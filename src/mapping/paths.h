// Which file a path in a mapping means, and how far it may reach (contract.md section 7).

#pragma once

#include <string>
#include <string_view>

namespace trama {

/// The file that the mapping at `mapping_path` means by `written`: relative to the mapping, and not
/// outside the folder above the mapping's own, or outside `root` where one is given. Judged by
/// names alone: "..", not links. False: `problem` says why in a sentence.
bool resolve(std::string_view mapping_path, std::string_view written, std::string_view root,
             std::string& resolved, std::string& problem);

}  // namespace trama
