// NDJSON: one object a line.

#include <memory>

#include "sink/format.h"
#include "sink/json_rows.h"

namespace trama {
namespace {

class NdjsonWriter final : public RowWriter {
 public:
  explicit NdjsonWriter(const OutputFormat& format) : rows_(format) {}

  void begin(std::string& /*out*/) const override {}

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
           std::string& out) override {
    rows_.write(values, audit, rest, out);
    out += '\n';
  }

  void end(bool /*any*/, std::string& /*out*/) const override {}
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
    .row_lead = 0,
    .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowWriter> {
      return std::make_unique<NdjsonWriter>(format);
    },
};

}  // namespace trama
