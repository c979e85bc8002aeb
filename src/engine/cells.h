// Rows as cells: what a mapping writes, value by value, for commands that show or compare rows.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "plan/plan.h"
#include "report/cell.h"
#include "sink/format.h"

namespace trama {

/// Bytes of a value that are kept where its beginning is enough; a longer one ends with `…`.
constexpr std::size_t kCellBytes = 400;

enum class CellTexts : std::uint8_t {
  beginning,
  with_rest,  // the beginnings, and behind the columns of a row one more: what `output: rest` copies
  whole,      // and behind the columns of a row one cell more: what `output: rest` copies
};

/// The plan, writing cells into its row blocks, as long as this lives: next_cell() takes them off.
class WritesCells {
 public:
  WritesCells(Plan& plan, CellTexts texts);
  ~WritesCells();
  WritesCells(const WritesCells&) = delete;
  WritesCells& operator=(const WritesCells&) = delete;

 private:
  Plan& plan_;
  const FormatSpec* before_;
  FormatSpec format_;
};

/// Whether what a column reads, and what it is made into, is shown nowhere: it is personal, or reads a place that
/// holds what is personal, has it in it or is in it.
bool is_hidden(const Plan& plan, std::size_t column);

/// Takes the next cell off the bytes of a row block. Rows are in their order, and have a cell for each
/// column of the output.
Cell next_cell(std::string_view& bytes);

}  // namespace trama
