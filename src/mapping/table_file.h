// A lookup or rate table in a file of its own: CSV (RFC 4180, with a header line) or YAML or JSON
// pairs, read into rows of texts that know their places. Whether the rows make a good table is the
// plan's to judge.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "mapping/mapping.h"

namespace trama {

constexpr std::size_t kMaxTableBytes = std::size_t{64} << 20U;
constexpr std::size_t kMaxTableColumns = 10000;

struct TableFile {
  struct Row {
    std::uint32_t line = 0;   // where it begins
    std::vector<Text> cells;  // as many as `header` has; of pairs: key and value
  };
  std::size_t bytes = 0;     // that it takes, about, with what is made of it
  bool pairs = false;        // from a .yaml, .yml or .json file; then there is no header
  std::vector<Text> header;  // of a CSV
  std::vector<Row> rows;
};

/// One error for all lines that are wrong in the same way: the first is told, and behind its
/// message how many there are more (its last value).
class SameInManyLines {
 public:
  void add(DiagnosticCode code, const Span& span, std::vector<Phrase> values,
           Diagnostics& diagnostics);

 private:
  std::size_t at_ = 0;  // of the first in the diagnostics
  std::size_t count_ = 0;
};

/// Whether a file of that name holds pairs (by its ending), and not CSV.
bool is_pairs_file(std::string_view name) noexcept;

/// A row of a CSV, for as long as the call takes. False: no more are wanted.
using TakeTableRow = std::function<bool(const TableFile::Row&)>;

/// Reads the CSV file `text`, which is as Files holds it and must not go before this returns. What
/// read_table_file() says of it holds, but that no row is kept: tables of millions of lines are
/// gone through one by one. `header` is filled before the first row is taken. False: `diagnostics`
/// says what is wrong.
bool read_table_rows(std::string_view text, std::uint32_t file, std::string_view separator,
                     std::vector<Text>& header, const TakeTableRow& take, Diagnostics& diagnostics);

/// Reads `text`, the table file `name`, whose index in Files is `file`; Spans count in
/// without_mark_and_cr(text), so that is what Files should hold.
///
/// CSV: `separator` is one character, or "" for a comma. Blanks at the edges of a cell without
/// quotes are left out, lines without any character passed over, and so is one empty cell too many
/// at the end of a line (a trailing separator). A table that takes more than `memory` bytes is
/// refused. False: `diagnostics` says what is wrong, all places up to a limit.
bool read_table_file(std::string_view text, std::string_view name, std::uint32_t file,
                     std::string_view separator, std::size_t memory, TableFile& out,
                     Diagnostics& diagnostics);

}  // namespace trama
