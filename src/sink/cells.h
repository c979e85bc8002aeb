// Cells: the values of a row for a database that has types: what each is as text, and what such a
// database cannot hold. Only for sink/.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/codes.h"
#include "sink/audit_column.h"
#include "sink/row_encoder.h"
#include "value/format.h"

namespace trama {

/// What differs between databases.
struct CellForms {
  std::string_view database;  // its name, for messages
  std::string_view yes;       // of booleans without words of their own
  std::string_view no;
  int fraction_digits;        // of a second, of a time or a timestamp; more are refused
  bool either_clock_is_text;  // a datetime whose offset depends on the record is a text
};

/// The cells of a row, one after the other: columns, then audit columns. One a thread.
class CellWriter {
 public:
  CellWriter(const OutputFormat& format, CellForms forms);

  /// Calls `cell(text)` for each, in their order: nothing for a blank. Valid during the call.
  /// Gives what cannot be held, and ends there.
  template <typename Cell>
  std::optional<RowRefusal> row(std::span<const Value> values, const RowAudit& audit, Cell cell) {
    for (const Column& column : columns_) {
      const Value& value = values[column.column.value];
      if (value.is_blank()) {
        cell(std::optional<std::string_view>());
        continue;
      }
      if (const Reason reason = write(column, value); reason != Reason::none)
        return refusal(reason, column.column.value);
      cell(std::optional<std::string_view>(text_));
    }
    for (const AuditColumn column : audit_columns_) {
      const std::optional<std::string_view> text = written(column, audit);
      if (text && text->find('\0') != std::string_view::npos)
        return refusal(Reason::nul_in_text, SIZE_MAX);
      cell(text);
    }
    return std::nullopt;
  }

 private:
  /// A number without decimals is one of 64 bits, unless the mapping gives its column another type.
  struct Column {
    OutputColumn column;
    bool is_int64 = false;
  };
  [[nodiscard]] RowRefusal refusal(Reason reason, std::size_t column) const;
  Reason write(const Column& column, const Value& value);
  std::optional<std::string_view> written(AuditColumn column, const RowAudit& audit);

  std::vector<Column> columns_;
  std::vector<AuditColumn> audit_columns_;
  CellForms forms_;
  std::string text_;
};

}  // namespace trama
