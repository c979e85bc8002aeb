// Temporary files without a name: nobody has to remove them, however the program ends.

#pragma once

#include <string>

namespace trama {

/// Where temporary files are made: TMPDIR, else /tmp.
std::string temporary_folder();
/// A new file in `folder`, to read and write. Its descriptor, or -1 and errno.
int open_unnamed_file(const std::string& folder) noexcept;

}  // namespace trama
