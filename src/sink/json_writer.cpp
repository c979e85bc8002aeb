// NDJSON: one object a line. JSON: a list of them, one a line: `[`, then for each row `,` and a
// line end in front of it (the merger drops the comma of the very first), then a line end and `]`.
// An empty list is `[]`.

#include <string>

#include "json/json_object.h"
#include "json/json_text.h"
#include "sink/writers.h"

namespace trama {
namespace {

class JsonWriter final : public RowWriter {
 public:
  explicit JsonWriter(const OutputFormat& format)
      : object_(format.columns, format),
        audit_columns_(format.audit_columns),
        numbers_as_text_(format.numbers_as_text),
        list_(format.form == OutputFormat::Form::json) {}

  void begin(std::string& out) const override {
    if (list_) out += '[';
  }

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
           std::string& out) override {
    if (list_) out.append(",\n", 2);
    if (!audit_columns_.empty()) {
      more_.assign(rest);
      for (const std::string& column : audit_columns_) add_audit(column, audit);
      rest = more_;
    }
    object_.write(values, rest, out);
    if (!list_) out += '\n';
  }

  void end(bool any, std::string& out) const override {
    if (list_) out += any ? "\n]\n" : "]\n";
  }

 private:
  void add_audit(const std::string& column, const RowAudit& audit) {
    if (!more_.empty()) more_ += ',';
    append_json_string(more_, column);
    more_ += ':';
    if (column == "file") {
      append_json_string(more_, audit.file);
    } else if (column == "run") {
      append_json_string(more_, audit.run);
    } else if (column == "corrected") {
      more_ += audit.corrected ? "true" : "false";
    } else {
      const std::string digits = std::to_string(column == "record" ? audit.record : audit.line);
      more_ += numbers_as_text_ ? '"' + digits + '"' : digits;
    }
  }

  JsonObjectWriter object_;
  std::vector<std::string> audit_columns_;
  bool numbers_as_text_;
  bool list_;
  std::string more_;
};

}  // namespace

std::unique_ptr<RowWriter> make_json_writer(const OutputFormat& format) {
  return std::make_unique<JsonWriter>(format);
}

}  // namespace trama
