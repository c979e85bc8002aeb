// RowWriter: finished rows -> the text of one format, appended to an output block.
// FormatSpec::encoder makes one.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "value/format.h"

namespace trama {

/// What a row's audit columns say.
struct RowAudit {
  std::string_view file;
  std::uint64_t record = 0;
  std::uint64_t line = 0;
  std::string_view run;
  bool corrected = false;  // a person changed the record before it was run again
};

/// What stays the same for a run; rows may be written by several threads, each with a writer of its
/// own.
class RowWriter {
 public:
  virtual ~RowWriter() = default;

  /// What stands before the first row: a header line, a UTF-8 mark, `[`.
  virtual void begin(std::string& out) const = 0;
  /// One row. `values`: those of the plan's columns, by OutputColumn::value. `rest`: JSON members,
  /// ready to be put into the row's object (`"a":1,"b":2`), or empty. Blocks of rows are put one
  /// behind the other as they are, but the very first row of an output goes without its first
  /// FormatSpec::row_lead bytes. A row of more than `most` bytes may end anywhere behind them: it
  /// is taken back.
  virtual void row(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
                   std::string& out) = 0;
  /// What stands after the last row. `any`: whether there was one.
  virtual void end(bool any, std::string& out) const = 0;
  /// How many texts `for_excel` made safe since the last call.
  virtual std::uint64_t made_safe() noexcept { return 0; }
  /// Says how long a row may be.
  virtual void limit(std::size_t most) noexcept = 0;

 protected:
  RowWriter() = default;
  RowWriter(const RowWriter&) = default;
  RowWriter& operator=(const RowWriter&) = default;
};

}  // namespace trama
