#include "sink/cells.h"

#include <charconv>

namespace trama {
namespace {

/// The digits of the fraction of a moment as it is written ("…:05.123456789Z"),
/// without zeros at the end.
int fraction_of(std::string_view moment) noexcept {
  const std::size_t point = moment.find('.');
  if (point == std::string_view::npos) return 0;
  int digits = 0;
  for (std::size_t i = point + 1; i < moment.size() && moment[i] >= '0' && moment[i] <= '9'; ++i)
    if (moment[i] != '0') digits = static_cast<int>(i - point);
  return digits;
}

/// An instant whose offset has seconds, as zones of long ago had, in UTC: written, an offset has none.
Value in_minutes(const Value& value) {
  if (value.kind() != Kind::datetime) return value;
  DateTime moment = value.datetime();
  if (moment.offset == kNoOffset || moment.offset % 60 == 0) return value;
  moment.seconds -= moment.offset;
  moment.offset = 0;
  return Value::datetime(moment, value.digits());
}

}  // namespace

CellWriter::CellWriter(const OutputFormat& format, CellForms forms)
    : audit_columns_(audit_columns(format.audit_columns)), forms_(forms) {
  for (const OutputColumn& column : format.columns) {
    Column made{column};
    made.column.format.pattern.reset();  // which is for people: a database has types for it
    if (!column.format.boolean_words) {
      made.column.format.yes = forms.yes;
      made.column.format.no = forms.no;
    }
    made.is_int64 = column.type.kind == Kind::decimal && column.type.scale == 0 &&
                    !format.table.types.contains(column.name);
    columns_.push_back(std::move(made));
  }
}

RowRefusal CellWriter::refusal(Reason reason, std::size_t column) const {
  return {.reason = reason,
          .column = column,
          .a = reason == Reason::fraction_too_fine ? Value::integer(forms_.fraction_digits)
                                                   : Value::text(forms_.database)};
}

Reason CellWriter::write(const Column& about, const Value& value) {
  const OutputColumn& column = about.column;
  text_.clear();
  append_plain(text_, in_minutes(value), column.format);
  switch (value.kind()) {
    case Kind::text:
    case Kind::json:
      return text_.find('\0') == std::string::npos ? Reason::none : Reason::nul_in_text;
    case Kind::decimal: {
      if (!about.is_int64) return Reason::none;
      std::int64_t number = 0;
      const char* const end = text_.data() + text_.size();
      const auto read = std::from_chars(text_.data(), end, number);
      return read.ec == std::errc() && read.ptr == end ? Reason::none : Reason::integer_too_big;
    }
    case Kind::datetime:
      if (forms_.either_clock_is_text && column.type.clock == OutputType::Clock::either)
        return Reason::none;
      [[fallthrough]];
    case Kind::time:
      return fraction_of(text_) <= forms_.fraction_digits ? Reason::none
                                                          : Reason::fraction_too_fine;
    default:
      return Reason::none;
  }
}

std::optional<std::string_view> CellWriter::written(AuditColumn column, const RowAudit& audit) {
  const auto text_or_none = [](std::string_view text) {
    return text.empty() ? std::optional<std::string_view>() : text;
  };
  switch (column) {
    case AuditColumn::file:
      return text_or_none(audit.file);
    case AuditColumn::run:
      return text_or_none(audit.run);
    case AuditColumn::key:
      return text_or_none(audit.key);
    case AuditColumn::idempotency_key:
      return text_or_none(audit.idempotency_key);
    case AuditColumn::operation:
      return text_or_none(audit.operation);
    case AuditColumn::corrected:
      return audit.corrected ? "yes" : "no";
    case AuditColumn::record:
    case AuditColumn::line:
      break;
  }
  if (audit.record == 0) return std::nullopt;
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits),
                                 column == AuditColumn::record ? audit.record : audit.line);
  text_.assign(digits, end.ptr);
  return text_;
}

}  // namespace trama
