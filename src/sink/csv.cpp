// CSV (RFC 4180 with LF, or CRLF for Excel): quoted only where a separator, quote, line end or edge
// blank asks for it. Each cell is copied and searched in one go; the few that need quotes or
// Excel's `'` are then written a second time.

#include <charconv>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_buffer.h"
#include "base/bytes16.h"
#include "json/json_object.h"
#include "sink/audit_column.h"
#include "sink/excel.h"
#include "sink/format.h"
#include "sink/row_encoder.h"
#include "sink/text_target.h"

namespace trama {
namespace {

/// U+FEFF: Excel takes a file for UTF-8 only with it.
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

bool is_edge_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

/// What a spreadsheet may run as a formula, also behind what it passes over: OWASP's CSV injection, and
/// ASVS 1.2.10, which names NUL. Full-width signs are taken for the others where the input is Chinese,
/// Japanese or Korean.
bool begins_formula(std::string_view text) noexcept {
  if (text.empty()) return false;
  switch (text[0]) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case '\0':
      return true;
    case '\xEF':
      return text.starts_with("\uFF1D") || text.starts_with("\uFF0B") ||
             text.starts_with("\uFF0D") || text.starts_with("\uFF20");
    default:
      return false;
  }
}

/// What may need quotes. A longer separator is looked for by its first byte;
/// quote_from() then looks again.
struct MayNeedQuotes {
  Bytes16 separator;
  Mask16 operator()(Bytes16 bytes) const noexcept {
    return (bytes == separator) | (bytes == '"') | (bytes == '\n') | (bytes == '\r');
  }
};

constexpr std::size_t kKeptBytes = std::size_t{64} * 1024;  // of a row

class CsvEncoder final : public RowEncoder {
 public:
  explicit CsvEncoder(const OutputFormat& format)
      : columns_(format.columns),
        audit_names_(format.audit_columns),
        audit_columns_(audit_columns(format.audit_columns)),
        separator_(format.separator),
        may_need_quotes_{all16(separator_.empty() ? '"' : separator_[0])},
        marks_(format.decimal_mark, format.thousands_mark),
        numbers_are_plain_(!needs_quotes("-") && !needs_quotes(format.decimal_mark) &&
                           !needs_quotes(format.thousands_mark)),
        for_excel_(format.for_excel),
        lone_(format.columns.size() + format.audit_columns.size() == 1) {}

  /// The line of names, which go the way of cells.
  std::string header() {
    std::string line;
    for (const OutputColumn& column : columns_) next_text(column.name);
    for (const std::string& name : audit_names_) next_text(name);
    finish_row(line);
    return line;
  }

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view /*rest*/,
           RowBlock& block) override {
    for (const OutputColumn& column : columns_) {
      next();
      const std::size_t start = row_.size();
      write_value(column, values[column.value]);
      if (row_.size() > most_) break;
      if (for_excel_ && is_changed(values[column.value], row_.view().substr(start)))
        block.noted.push_back(
            {static_cast<std::uint32_t>(column.value), NoticeCode::excel_changes});
    }
    for (const AuditColumn column : audit_columns_) write_audit(column, audit);
    finish_row(block.bytes);
    if (for_excel_) block.made_safe += std::exchange(made_safe_, 0);
  }

  void limit(std::size_t most) noexcept override {
    most_ = most;
    row_.give_back(kKeptBytes);
  }

 private:
  /// Puts a separator in front of each cell but the first.
  void next() {
    if (first_) {
      first_ = false;
    } else if (separator_.size() == 1) {
      row_.need(1);
      row_.put(separator_[0]);
    } else {
      row_.append(separator_);
    }
  }
  void next_text(std::string_view text) {
    next();
    write_text(text);
  }

  void finish_row(std::string& out) {
    if (lone_ && row_.size() == 0) row_.append("\"\"");  // else the line is blank, which is no row
    row_.append(for_excel_ ? "\r\n" : "\n");
    out.append(row_.view());
    row_.clear();
    first_ = true;
  }

  void write_value(const OutputColumn& column, const Value& value) {
    switch (value.kind()) {
      case Kind::missing:
      case Kind::null:
      case Kind::empty:
        if (column.blank_as == "-")
          write_trusted(column.blank_as);  // no formula
        else if (!column.blank_as.empty())
          write_text(column.blank_as);
        return;
      case Kind::text:
        write_text(value.text());
        return;
      case Kind::json:
        write_trusted(value.text());
        return;  // begins with `-` only where it is a number
      case Kind::decimal:
        write_number(value.decimal());
        return;
      case Kind::boolean:
        write_text(value.boolean() ? column.format.yes : column.format.no);
        return;
      case Kind::date:
      case Kind::time:
      case Kind::datetime:
        write_moment_cell(column, value);
        return;
      case Kind::duration:
        write_duration(column, value.duration());
        return;
    }
  }

  /// Dates are written as the mapping wants them to be shown.
  [[nodiscard]] static bool is_changed(const Value& value, std::string_view cell) noexcept {
    const Kind kind = value.kind();
    if (kind == Kind::decimal) return excel_cuts_digits(cell);
    return (kind == Kind::text || kind == Kind::json) && excel_changes(value.text());
  }

  void write_text(std::string_view text) {
    if (!for_excel_ || !begins_formula(text)) return write_trusted(text);
    ++made_safe_;
    const std::string safe = '\'' + std::string(text);
    write_trusted(safe);
  }

  void write_trusted(std::string_view text) {
    if (text.empty()) return;
    row_.need(text.size());
    char* const start = row_.at();
    const bool found = copy_and_test(start, text.data(), text.size(), may_need_quotes_);
    row_.end(start + text.size());
    const auto may_be_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    if (found || may_be_blank(text.front()) || may_be_blank(text.back())) quote_from(start);
  }

  /// The cell that begins at `start` is rewritten with quotes if it needs them.
  /// Out of line: few are.
  [[gnu::noinline]] void quote_from(char* start) {
    const std::string cell(start, row_.at());
    row_.end(start);
    if (!needs_quotes(cell) && !is_edge_blank(cell.front()) && !is_edge_blank(cell.back())) {
      row_.append(cell);
      return;
    }
    row_.need(2 * cell.size() + 2);
    row_.put('"');
    std::string_view rest = cell;
    for (std::size_t quote = rest.find('"'); quote != std::string_view::npos;
         quote = rest.find('"')) {
      row_.append(rest.substr(0, quote + 1));
      row_.put('"');
      rest.remove_prefix(quote + 1);
    }
    row_.append(rest);
    row_.put('"');
  }

  [[nodiscard]] bool needs_quotes(std::string_view cell) const noexcept {
    for (const char c : std::string_view("\"\n\r"))
      if (cell.find(c) != std::string_view::npos) return true;
    return !separator_.empty() && cell.find(separator_) != std::string_view::npos;
  }

  void write_number(const Decimal& number) {
    const std::size_t start = row_.size();
    marks_.write(number, row_);
    if (!numbers_are_plain_) quote_from(row_.at() - (row_.size() - start));
  }

  // What a date, a time or a duration begins with is the mapping's own word, so it is no formula.
  void write_moment_cell(const OutputColumn& column, const Value& value) {
    if (column.format.pattern.has_value()) {
      scratch_.clear();
      column.format.pattern->write(moment_of(value), scratch_);
      write_trusted(scratch_);
    } else {
      char text[kMomentChars];
      write_trusted({text, write_moment(text, value)});
    }
  }

  void write_duration(const OutputColumn& column, const Duration& duration) {
    if (column.format.duration != ColumnFormat::DurationUnit::iso) {
      write_number(duration_in(column.format, duration));
      return;
    }
    scratch_.clear();
    append_iso_duration(scratch_, duration);
    write_trusted(scratch_);
  }

  void write_audit(AuditColumn column, const RowAudit& audit) {
    switch (column) {
      case AuditColumn::file:
        return next_text(audit.file);
      case AuditColumn::run:
        return next_text(audit.run);
      case AuditColumn::key:
        return next_text(audit.key);
      case AuditColumn::idempotency_key:
        return next_text(audit.idempotency_key);
      case AuditColumn::operation:
        return next_text(audit.operation);
      case AuditColumn::corrected:
        return next_text(audit.corrected ? "yes" : "no");
      case AuditColumn::record:
      case AuditColumn::line:
        break;
    }
    next();
    if (audit.record == 0) return;
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof(digits),
                                   column == AuditColumn::record ? audit.record : audit.line);
    row_.append({digits, static_cast<std::size_t>(end.ptr - digits)});
  }

  std::vector<OutputColumn> columns_;
  std::vector<std::string> audit_names_;
  std::vector<AuditColumn> audit_columns_;
  std::string separator_;
  MayNeedQuotes may_need_quotes_;
  NumberMarks marks_;
  bool numbers_are_plain_ = true;
  bool for_excel_;
  bool lone_;
  bool first_ = true;
  std::uint64_t made_safe_ = 0;
  std::size_t most_ = SIZE_MAX;
  ByteBuffer row_;
  std::string scratch_;
};

TextFrame frame_of(const OutputFormat& format) {
  TextFrame frame;
  if (format.for_excel) frame.head = kUtf8Mark;
  if (format.header) frame.head += CsvEncoder(format).header();
  return frame;
}

constexpr std::string_view kWords[] = {"separator", "decimal_mark", "thousands_mark", "header",
                                       "for_excel"};

}  // namespace

constinit const FormatSpec kCsvFormat{
    .name = "csv",
    .summary = "Lines of cells, for spreadsheets and databases.",
    .words = kWords,
    .nests = false,
    .leaves_blanks_out = false,
    .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowEncoder> {
      return std::make_unique<CsvEncoder>(format);
    },
    .target = [](const TargetPlace& place,
                 const OutputFormat& format) { return open_text_target(place, frame_of(format)); },
};

}  // namespace trama
