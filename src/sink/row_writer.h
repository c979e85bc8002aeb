// RowWriter: finished rows -> CSV, NDJSON or JSON text, appended to an output block. One kind a
// file.

#pragma once

#include <memory>
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
  /// ready to be put into the row's object (`"a":1,"b":2`), or empty. In the `json` form every row
  /// is followed by a line end but the comma between rows is the merger's: see row_separator().
  virtual void row(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
                   std::string& out) = 0;
  /// What stands after the last row. `any`: whether there was one.
  virtual void end(bool any, std::string& out) const = 0;
  /// How many texts `for_excel` made safe since the last call.
  virtual std::uint64_t made_safe() noexcept { return 0; }

 protected:
  RowWriter() = default;
  RowWriter(const RowWriter&) = default;
  RowWriter& operator=(const RowWriter&) = default;
};

/// `form` json writes `[`, rows with a comma after each but the last, `]`: rows() of blocks are
/// joined by the merger, so each row begins with `,\n` and the merger drops the very first comma
/// (kRowLead bytes are the same for every row of a form).
std::unique_ptr<RowWriter> make_row_writer(const OutputFormat& format);

/// Of the json form: the bytes in front of each row that the first row of the output goes without;
/// else 0.
std::size_t bytes_before_first_row(const OutputFormat& format) noexcept;

}  // namespace trama
