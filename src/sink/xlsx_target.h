// The target of workbooks. Only for sink/.

#pragma once

#include <cstddef>
#include <memory>

#include "sink/target.h"
#include "sink/xlsx_cells.h"
#include "value/format.h"

namespace trama {

/// When rows go on in the next sheet; a test lowers it.
struct XlsxLimits {
  std::size_t rows = kXlsxRows;  // of a sheet, with its header
};

/// Rows are kept as parts in temporary files without a name, until prepare() makes the workbook of
/// them and puts it where it goes.
Result<std::unique_ptr<Target>> open_xlsx_target(const TargetPlace& place,
                                                 const OutputFormat& format, XlsxLimits limits);

}  // namespace trama
