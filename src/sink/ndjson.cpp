// NDJSON: one object a line.

#include <memory>

#include "sink/format.h"
#include "sink/json_rows.h"
#include "sink/text_target.h"

namespace trama {
namespace {

class NdjsonEncoder final : public RowEncoder {
 public:
  explicit NdjsonEncoder(const OutputFormat& format) : rows_(format) {}

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
           RowBlock& block) override {
    rows_.write(values, audit, rest, block.bytes);
    block.bytes += '\n';
  }

  void limit(std::size_t most) noexcept override { rows_.limit(most); }

 private:
  JsonRows rows_;
};

}  // namespace

constinit const FormatSpec kNdjsonFormat{
    .name = "ndjson",
    .summary = "One JSON object a line.",
    .words = kJsonWords,
    .nests = true,
    .leaves_blanks_out = true,
    .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowEncoder> {
      return std::make_unique<NdjsonEncoder>(format);
    },
    .target = [](const TargetPlace& place,
                 const OutputFormat& /*format*/) { return open_text_target(place, {}); },
};

}  // namespace trama
