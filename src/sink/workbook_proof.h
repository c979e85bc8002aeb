// Whether a workbook holds what was written into it. The library puts the parts of a workbook
// together in temporary files and does not look whether the disk took them: a full disk gives half
// a workbook, and no error. So what it made is read back. Only for sink/.

#pragma once

#include <cstdint>
#include <vector>

namespace trama {

/// The rows of a sheet as they are to be in it, in a file of their own.
struct SheetRows {
  int fd = -1;
  std::uint64_t size = 0;
};

/// Whether the zip file in `fd` is whole: each part is there and ends as it began, and that of the
/// nth sheet has the bytes of `sheets[n - 1]` between <sheetData> and </sheetData>. Reads both
/// once, in bounded memory.
bool is_whole_workbook(int fd, std::uint64_t size, const std::vector<SheetRows>& sheets);

}  // namespace trama
