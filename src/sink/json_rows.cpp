#include "sink/json_rows.h"

#include "json/json_text.h"

namespace trama {

JsonRows::JsonRows(const OutputFormat& format)
    : object_(format.columns, format), numbers_as_text_(format.numbers_as_text) {
  for (const std::string& name : format.audit_columns)
    audit_columns_.push_back({name, audit_column(name)});
}

void JsonRows::write(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
                     std::string& out) {
  if (!audit_columns_.empty()) {
    more_.assign(rest);
    for (const Audit& column : audit_columns_) add_audit(column, audit);
    rest = more_;
  }
  object_.write(values, rest, out);
}

void JsonRows::add_audit(const Audit& column, const RowAudit& audit) {
  if (!more_.empty()) more_ += ',';
  append_json_string(more_, column.name);
  more_ += ':';
  switch (column.column) {
    case AuditColumn::file:
      return append_json_string(more_, audit.file);
    case AuditColumn::run:
      return append_json_string(more_, audit.run);
    case AuditColumn::key:
      return append_json_string(more_, audit.key);
    case AuditColumn::idempotency_key:
      return append_json_string(more_, audit.idempotency_key);
    case AuditColumn::operation:
      return append_json_string(more_, audit.operation);
    case AuditColumn::corrected:
      more_ += audit.corrected ? "true" : "false";
      return;
    case AuditColumn::record:
    case AuditColumn::line:
      break;
  }
  if (audit.record == 0) {
    more_ += "null";
    return;
  }
  const std::string digits =
      std::to_string(column.column == AuditColumn::record ? audit.record : audit.line);
  more_ += numbers_as_text_ ? '"' + digits + '"' : digits;
}

}  // namespace trama
