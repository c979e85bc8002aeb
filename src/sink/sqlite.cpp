// sqlite: rows for a table of an SQLite database (load/sqlite_load.h).

#include <memory>

#include "sink/cells.h"
#include "sink/format.h"
#include "sink/sqlite_rows.h"

namespace trama {
namespace {

class SqliteEncoder final : public RowEncoder {
 public:
  explicit SqliteEncoder(const OutputFormat& format)
      : cells_(format, {.database = "SQLite",
                        .yes = "1",
                        .no = "0",
                        .fraction_digits = 99,
                        .either_clock_is_text = true}) {}

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view /*rest*/,
           RowBlock& block) override {
    const auto put = [&block](std::optional<std::string_view> cell) {
      const std::uint32_t size = cell ? static_cast<std::uint32_t>(cell->size()) : kNullCell;
      block.bytes.append(reinterpret_cast<const char*>(&size), sizeof(size));
      if (cell) block.bytes.append(*cell);
    };
    block.refused = cells_.row(values, audit, put);
    block.rows.push_back({block.bytes.size(), audit.record});
  }

  void limit(std::size_t /*most*/) noexcept override {}

 private:
  CellWriter cells_;
};

constexpr std::string_view kSchemes[] = {"sqlite:"};

}  // namespace

constinit const FormatSpec kSqliteFormat{
    .name = "sqlite",
    .summary = "A table of an SQLite database: -o sqlite:FILE?table=NAME.",
    .words = {},
    .nests = false,
    .holds_lists = true,
    .schemes = kSchemes,
    .leaves_blanks_out = true,
    .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowEncoder> {
      return std::make_unique<SqliteEncoder>(format);
    },
    .target = nullptr,
};

}  // namespace trama
