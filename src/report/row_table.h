// RowTable: rows as a table that fits a screen.
//
//   #  id      Total  Room
//              money  text
//   ─  ────  ───────  ──────
//   1  RB-1  1250.51  Double
//   2  RB-2  rejected, 1 error
//              LOOKUP_UNKNOWN  Room  "TPL" is not in the lookup of Room
//
// Where the columns do not fit side by side they are in blocks, one below the other, each with
// number and id; what is not a row is in the first block alone. Widths are columns of the terminal:
// a wide character (CJK) takes two.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "text/language.h"

namespace trama {

struct RowTable {
  struct Column {
    std::string name;
    std::string type;
    bool right = false;  // aligned to the right, and not shortened: numbers
  };
  /// A reason or a warning.
  struct Remark {
    std::string code;
    std::string where;               // the column or rule; may be empty
    std::vector<std::string> texts;  // side by side where they fit
  };
  struct Line {
    std::string number;              // of the record; empty: of the one before
    std::string id;                  // may be empty
    std::vector<std::string> cells;  // by column; none: the line is no row
    std::string text{};              // of a line that is no row
    std::vector<Remark> remarks{};   // below it
  };

  std::string id_name;
  std::vector<Column> columns;
  std::vector<Line> lines;
};

/// `text` in at most `width` columns of the terminal (at least 1), made fit to be shown; where it is longer it
/// ends with `…`.
std::string fit_width(std::string_view text, std::size_t width);

/// The lines of `text`, of at most `width` columns each, broken between words, and within one that
/// is longer than a line.
std::vector<std::string> wrap_words(std::string_view text, std::size_t width);

/// The table, no line longer than `width` (at least kMinTableWidth).
constexpr std::size_t kMinTableWidth = 40;
std::string row_table_text(const RowTable& table, std::size_t width, Language language);

}  // namespace trama
