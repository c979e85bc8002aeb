// The row writers that make_row_writer() chooses from; only for sink/.

#pragma once

#include <memory>

#include "sink/row_writer.h"

namespace trama {

std::unique_ptr<RowWriter> make_csv_writer(const OutputFormat& format);
/// ndjson and json.
std::unique_ptr<RowWriter> make_json_writer(const OutputFormat& format);

}  // namespace trama
