// What is in a folder. The iterators of std::filesystem end the program where there is no memory.

#pragma once

#include <string>
#include <vector>

namespace trama {

/// The names in `folder` ("" is the one that the program works in), in their order as bytes, without
/// `.` and `..`. False, and errno, where it cannot be read to its end. std::bad_alloc.
bool names_in(const std::string& folder, std::vector<std::string>& names);

/// The names in `folder` are on the disk, also of one that may be written but not read. False, and errno, where they are not.
bool sync_folder(const std::string& folder);

}  // namespace trama
