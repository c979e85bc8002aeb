// What `trama init` writes: files of this tree, put into the program (init_files.inc, embed_init.cmake).

#pragma once

#include <span>
#include <string_view>

namespace trama {

struct InitFile {
  std::string_view language;  // en, es or both
  std::string_view ci;        // github, gitlab or any
  std::string_view name;      // in the folder that is begun
  std::string_view text;
};

/// In the order of init_files.inc.
std::span<const InitFile> init_files() noexcept;

}  // namespace trama
