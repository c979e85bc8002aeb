#include "sink/json_rows.h"

#include "json/json_text.h"

namespace trama {

JsonRows::JsonRows(const OutputFormat& format)
    : object_(format.columns, format),
      audit_columns_(format.audit_columns),
      numbers_as_text_(format.numbers_as_text) {}

void JsonRows::write(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
                     std::string& out) {
  if (!audit_columns_.empty()) {
    more_.assign(rest);
    for (const std::string& column : audit_columns_) add_audit(column, audit);
    rest = more_;
  }
  object_.write(values, rest, out);
}

void JsonRows::add_audit(const std::string& column, const RowAudit& audit) {
  if (!more_.empty()) more_ += ',';
  append_json_string(more_, column);
  more_ += ':';
  if (column == "file") {
    append_json_string(more_, audit.file);
  } else if (column == "run") {
    append_json_string(more_, audit.run);
  } else if (column == "key" || column == "idempotency_key") {
    append_json_string(more_, column == "key" ? audit.key : audit.idempotency_key);
  } else if (column == "operation") {
    append_json_string(more_, audit.operation);
  } else if (column == "corrected") {
    more_ += audit.corrected ? "true" : "false";
  } else if (audit.record == 0) {
    more_ += "null";
  } else {
    const std::string digits = std::to_string(column == "record" ? audit.record : audit.line);
    more_ += numbers_as_text_ ? '"' + digits + '"' : digits;
  }
}

}  // namespace trama
