#include "sink/row_writer.h"

#include "sink/writers.h"

namespace trama {

std::unique_ptr<RowWriter> make_row_writer(const OutputFormat& format) {
  if (format.form == OutputFormat::Form::csv) return make_csv_writer(format);
  return make_json_writer(format);
}

std::size_t bytes_before_first_row(const OutputFormat& format) noexcept {
  return format.form == OutputFormat::Form::json ? 1 : 0;
}

}  // namespace trama
