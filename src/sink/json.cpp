// JSON: a list of objects, one a line: `[`, then for each row `,` and a line end in front of it
// (the very first goes without its comma), then a line end and `]`. An empty list is `[]`.

#include <memory>

#include "sink/format.h"
#include "sink/json_rows.h"

namespace trama {
namespace {

class JsonWriter final : public RowWriter {
 public:
  explicit JsonWriter(const OutputFormat& format) : rows_(format) {}

  void begin(std::string& out) const override { out += '['; }

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
           std::string& out) override {
    out.append(",\n", 2);
    rows_.write(values, audit, rest, out);
  }

  void end(bool any, std::string& out) const override { out += any ? "\n]\n" : "]\n"; }
  void limit(std::size_t most) noexcept override { rows_.limit(most); }

 private:
  JsonRows rows_;
};

}  // namespace

constinit const FormatSpec kJsonFormat{
    .name = "json",
    .summary = "One list of JSON objects.",
    .words = kJsonWords,
    .nests = true,
    .leaves_blanks_out = true,
    .row_lead = 1,
    .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowWriter> {
      return std::make_unique<JsonWriter>(format);
    },
};

}  // namespace trama
