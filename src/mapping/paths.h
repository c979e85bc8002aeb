// Which file a path in a mapping means, and how far it may reach (mappings/rules.md, rule 15.2).

#pragma once

#include <string>
#include <string_view>

#include "base/phrase.h"

namespace trama {

/// The file that the mapping at `mapping_path` means by `written`: relative to the mapping, and not
/// outside the folder above the mapping's own, or outside `root` where one is given. Judged by
/// names alone: "..", not links. False: `problem` says why.
bool resolve(std::string_view mapping_path, std::string_view written, std::string_view root,
             std::string& resolved, Phrase& problem);

/// `written`, a file that the file `named_in` names, as the mapping at
/// `mapping_path` would write it: a base in another folder names files from there,
/// within the limits of the mapping that uses it.
std::string as_named_by(std::string_view mapping_path, std::string_view named_in,
                        std::string_view written);

}  // namespace trama
