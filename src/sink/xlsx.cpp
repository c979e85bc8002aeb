// XLSX: a workbook of Excel, in which nothing is guessed and nothing changed: text is text, and what
// a cell of Excel cannot hold exactly is text too, and noted.

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sink/audit_column.h"
#include "sink/format.h"
#include "sink/row_encoder.h"
#include "sink/xlsx_cells.h"
#include "sink/xlsx_target.h"

namespace trama {
namespace {

class XlsxEncoder final : public RowEncoder {
 public:
  explicit XlsxEncoder(const OutputFormat& format)
      : audit_columns_(audit_columns(format.audit_columns)) {
    for (const OutputColumn& column : format.columns) {
      Column& one = columns_.emplace_back(Column{column, moment_form(column.format)});
      std::optional<DatePattern>& pattern = one.column.format.pattern;
      if (pattern && pattern->words() == "ISO-8601") pattern.reset();
    }
  }

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view /*rest*/,
           RowBlock& block) override {
    const std::size_t start = block.bytes.size();
    for (const Column& column : columns_) {
      write(column, values[column.column.value], block);
      if (block.bytes.size() - start > most_) return;
    }
    for (const AuditColumn column : audit_columns_) write_audit(column, audit, block);
  }

  void limit(std::size_t most) noexcept override { most_ = most; }

 private:
  struct Column {
    OutputColumn column;
    std::optional<MomentForm> form;  // of a pattern that Excel can show
  };

  void write(const Column& column, const Value& value, RowBlock& block) {
    const ColumnFormat& format = column.column.format;
    switch (value.kind()) {
      case Kind::missing:
      case Kind::null:
      case Kind::empty:
        if (!column.column.blank_as.empty())
          return text(column.column.blank_as, column.column.value, block);
        return XlsxCells(block.bytes).blank();
      case Kind::text:
      case Kind::json:
        return text(value.text(), column.column.value, block);
      case Kind::decimal:
        return number(value.decimal(), column, block);
      case Kind::boolean:
        if (format.boolean_words)
          return text(value.boolean() ? format.yes : format.no, column.column.value, block);
        return XlsxCells(block.bytes).boolean(value.boolean());
      case Kind::date:
      case Kind::time:
      case Kind::datetime:
        return moment(value, column, block);
      case Kind::duration:
        if (format.duration != ColumnFormat::DurationUnit::iso)
          return number(duration_in(format, value.duration()), column, block);
        return plain_text(value, column, block);
    }
  }

  void text(std::string_view text, std::optional<std::size_t> column, RowBlock& block) {
    const std::size_t units = XlsxCells(block.bytes).text(text);
    if (units <= kXlsxCellCharacters || block.refused) return;
    block.refused = {.reason = Reason::cell_too_long,
                     .column = column.value_or(SIZE_MAX),
                     .a = Value::integer(static_cast<std::int64_t>(units)),
                     .b = Value::integer(static_cast<std::int64_t>(kXlsxCellCharacters))};
  }

  /// As a CSV has it.
  void plain_text(const Value& value, const Column& column, RowBlock& block) {
    scratch_.clear();
    append_plain(scratch_, value, column.column.format);
    text(scratch_, column.column.value, block);
  }

  static void note(const Column& column, RowBlock& block) {
    block.noted.push_back(
        {static_cast<std::uint32_t>(column.column.value), NoticeCode::excel_as_text});
  }

  void number(const Decimal& number, const Column& column, RowBlock& block) {
    char digits[kDecimalChars];
    const std::string_view written(digits, write_decimal(digits, number));
    if (xlsx_keeps(written, number.scale))
      return XlsxCells(block.bytes).number(written, number.scale);
    note(column, block);
    text(written, column.column.value, block);
  }

  void moment(const Value& value, const Column& column, RowBlock& block) {
    const bool own = column.column.format.pattern.has_value();
    if (own && !column.form) return plain_text(value, column, block);  // as the mapping wants it
    std::optional<std::int64_t> milliseconds = xlsx_milliseconds(value, own);
    if (!milliseconds) {
      note(column, block);
      return plain_text(value, column, block);
    }
    if (!own) return XlsxCells(block.bytes).moment(form_of(value), *milliseconds);
    *milliseconds -= *milliseconds % column.form->unit;
    if (!column.form->has_date) *milliseconds %= kXlsxDay;
    XlsxCells(block.bytes).moment(XlsxForm::column, *milliseconds);
  }

  static XlsxForm form_of(const Value& value) noexcept {
    if (value.kind() == Kind::date) return XlsxForm::date;
    const XlsxForm plain = value.kind() == Kind::time ? XlsxForm::time : XlsxForm::datetime;
    return static_cast<XlsxForm>(static_cast<int>(plain) + std::min(value.digits(), 3));
  }

  void write_audit(AuditColumn column, const RowAudit& audit, RowBlock& block) {
    XlsxCells cells(block.bytes);
    switch (column) {
      case AuditColumn::file:
        return text(audit.file, std::nullopt, block);
      case AuditColumn::run:
        return text(audit.run, std::nullopt, block);
      case AuditColumn::key:
        return text(audit.key, std::nullopt, block);
      case AuditColumn::idempotency_key:
        return text(audit.idempotency_key, std::nullopt, block);
      case AuditColumn::operation:
        return text(audit.operation, std::nullopt, block);
      case AuditColumn::corrected:
        return cells.boolean(audit.corrected);
      case AuditColumn::record:
      case AuditColumn::line:
        break;
    }
    if (audit.record == 0) return cells.blank();
    const std::string digits =
        std::to_string(column == AuditColumn::record ? audit.record : audit.line);
    if (xlsx_keeps(digits, 0)) return cells.number(digits, 0);
    cells.text(digits);
  }

  std::vector<Column> columns_;
  std::vector<AuditColumn> audit_columns_;
  std::size_t most_ = SIZE_MAX;
  std::string scratch_;
};

constexpr std::string_view kEndings[] = {".xlsx"};

}  // namespace

constinit const FormatSpec kXlsxFormat{
    .name = "xlsx",
    .summary = "A workbook for Excel and other spreadsheets, in which nothing is changed.",
    .words = {},
    .nests = false,
    .endings = kEndings,
    .leaves_blanks_out = false,
    .notes_values = true,
    .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowEncoder> {
      return std::make_unique<XlsxEncoder>(format);
    },
    .target = [](const TargetPlace& place,
                 const OutputFormat& format) { return open_xlsx_target(place, format, {}); },
};

}  // namespace trama
