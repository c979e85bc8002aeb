// postgresql: rows for a table of a PostgreSQL database (load/postgres_load.h), as COPY takes them.

#include <array>
#include <memory>

#include "sink/cells.h"
#include "sink/format.h"

namespace trama {
namespace {

/// By byte, what stands behind the backslash that hides it; 0: it stands as it is.
/// PostgreSQL 15, COPY, "Text Format".
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> all{};
  all['\\'] = '\\';
  all['\b'] = 'b';
  all['\f'] = 'f';
  all['\n'] = 'n';
  all['\r'] = 'r';
  all['\t'] = 't';
  all['\v'] = 'v';
  return all;
}();

class PostgresEncoder final : public RowEncoder {
 public:
  explicit PostgresEncoder(const OutputFormat& format)
      : cells_(format, {.database = "PostgreSQL",
                        .yes = "t",
                        .no = "f",
                        .fraction_digits = 6,
                        .either_clock_is_text = true}) {}

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view /*rest*/,
           RowBlock& block) override {
    bool first = true;
    const auto put = [&](std::optional<std::string_view> cell) {
      if (!first) block.bytes += '\t';
      first = false;
      if (cell)
        append_escaped(block.bytes, *cell);
      else
        block.bytes += "\\N";
    };
    block.refused = cells_.row(values, audit, put);
    block.bytes += '\n';
    block.rows.push_back({block.bytes.size(), audit.record});
  }

  void limit(std::size_t /*most*/) noexcept override {}

 private:
  static void append_escaped(std::string& out, std::string_view text) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char escape = kEscapes[static_cast<unsigned char>(text[i])];
      if (escape == 0) continue;
      out.append(text, from, i - from);
      out += '\\';
      out += escape;
      from = i + 1;
    }
    out.append(text, from, text.size() - from);
  }

  CellWriter cells_;
};

constexpr std::string_view kSchemes[] = {"postgresql:", "postgres:"};

}  // namespace

constinit const FormatSpec kPostgresFormat{
    .name = "postgresql",
    .summary = "A table of a PostgreSQL database: -o 'postgresql://HOST/DATABASE?table=NAME'.",
    .words = {},
    .nests = false,
    .holds_lists = true,
    .schemes = kSchemes,
    .leaves_blanks_out = true,
    .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowEncoder> {
      return std::make_unique<PostgresEncoder>(format);
    },
    .target = nullptr,
};

}  // namespace trama
