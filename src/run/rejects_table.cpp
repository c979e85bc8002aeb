#include "run/rejects_table.h"

#include <iterator>

#include "sink/format.h"

namespace trama {
namespace {

/// U+FEFF: Excel takes a file for UTF-8 only with it.
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
/// The members of a line of rejects and of its errors that they are.
constexpr std::string_view kNames[] = {"file", "record", "id",      "data_at",       "column",
                                       "code", "value",  "message", "column_message"};

OutputFormat format() {
  OutputFormat format;
  format.for_excel = true;
  for (const std::string_view name : kNames) {
    OutputColumn& column = format.columns.emplace_back();
    column.name = name;
    column.value = format.columns.size() - 1;
  }
  return format;
}

}  // namespace

RejectsTable::RejectsTable() : encoder_(find_format("csv")->encoder(format())) {}

void RejectsTable::line(const std::vector<std::string>& cells, std::string& out) {
  std::vector<Value> values;
  for (const std::string& cell : cells)
    values.push_back(cell.empty() ? Value() : Value::text(cell));
  encoder_->row(values, {}, {}, block_);
  out += block_.bytes;
  block_.cut({});
}

std::string RejectsTable::header() {
  std::string out(kUtf8Mark);
  line({std::begin(kNames), std::end(kNames)}, out);
  return out;
}

void RejectsTable::add(const RejectedRecord& record, const ReportNames& names, std::string& out) {
  for (const RejectedError& error : rejected_errors(record, names))
    line({error.file, std::to_string(record.number), error.id, error.data_at, error.column,
          error.code, error.value, error.message, error.column_message},
         out);
}

}  // namespace trama
