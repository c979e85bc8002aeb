// JSON: a list of objects, one a line: `[`, then for each row `,` and a line end in front of it
// (the very first goes without its comma), then a line end and `]`. An empty list is `[]`.

#include <memory>

#include "sink/format.h"
#include "sink/json_rows.h"
#include "sink/text_target.h"

namespace trama {
namespace {

class JsonEncoder final : public RowEncoder {
 public:
  explicit JsonEncoder(const OutputFormat& format) : rows_(format) {}

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
           RowBlock& block) override {
    block.bytes.append(",\n", 2);
    rows_.write(values, audit, rest, block.bytes);
  }

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
    .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowEncoder> {
      return std::make_unique<JsonEncoder>(format);
    },
    .target =
        [](const TargetPlace& place, const OutputFormat& /*format*/) {
          return open_text_target(
              place, {.head = "[", .row_lead = 1, .tail = "\n]\n", .tail_of_none = "]\n"});
        },
};

}  // namespace trama
