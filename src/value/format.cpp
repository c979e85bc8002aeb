// The plain text of values: what messages, rejects and writers show. The usual forms of dates and
// times are written here, without a pattern.

#include "value/format.h"

#include <cstddef>
#include <string>

#include "base/check.h"

namespace trama {
namespace {

constexpr std::int32_t kSecondsADay = 86400;
constexpr std::int64_t kNanosASecond = 1000000000;

/// `number` as `width` digits, with zeros in front.
char* write_digits(char* out, std::uint32_t number, int width) noexcept {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  return out + width;
}

char* write_date(char* out, Date date) noexcept {
  const YearMonthDay day = civil_of(date);
  out = write_digits(out, static_cast<std::uint32_t>(day.year), 4);
  *out++ = '-';
  out = write_digits(out, static_cast<std::uint32_t>(day.month), 2);
  *out++ = '-';
  return write_digits(out, static_cast<std::uint32_t>(day.day), 2);
}

char* write_time(char* out, std::uint32_t seconds, std::uint32_t nanos, int digits) noexcept {
  out = write_digits(out, seconds / 3600, 2);
  *out++ = ':';
  out = write_digits(out, seconds / 60 % 60, 2);
  *out++ = ':';
  out = write_digits(out, seconds % 60, 2);
  if (digits <= 0) return out;
  *out++ = '.';
  for (int i = digits; i < 9; ++i) nanos /= 10;
  return write_digits(out, nanos, digits);
}

char* write_offset(char* out, std::int32_t offset) noexcept {
  if (offset == kNoOffset) return out;
  if (offset == 0) {
    *out++ = 'Z';
    return out;
  }
  const auto size = static_cast<std::uint32_t>(offset < 0 ? -offset : offset);
  *out++ = offset < 0 ? '-' : '+';
  out = write_digits(out, size / 3600, 2);
  *out++ = ':';
  return write_digits(out, size / 60 % 60,
                      2);  // ISO 8601 has no seconds here; old local mean times are cut
}

char* write_datetime(char* out, const DateTime& time, int digits) noexcept {
  std::int64_t days = time.seconds / kSecondsADay;
  std::int64_t seconds = time.seconds % kSecondsADay;
  if (seconds < 0) {
    seconds += kSecondsADay;
    --days;
  }
  out = write_date(out, {static_cast<std::int32_t>(days)});
  *out++ = 'T';
  out = write_time(out, static_cast<std::uint32_t>(seconds), time.nanos, digits);
  return write_offset(out, time.offset);
}

void append_number(std::string& out, const Decimal& number) {
  char digits[kDecimalChars];
  out.append(digits, write_decimal(digits, number));
}

void append_moment(std::string& out, const Value& value, const ColumnFormat& format) {
  if (format.pattern.has_value()) {
    format.pattern->write(moment_of(value), out);
    return;
  }
  char text[kMomentChars];
  out.append(text, write_moment(text, value));
}

void append_duration(std::string& out, const Duration& duration, const ColumnFormat& format) {
  if (format.duration == ColumnFormat::DurationUnit::iso) {
    append_iso_duration(out, duration);
  } else {
    append_number(out, duration_in(format, duration));
  }
}

Int128 seconds_of(ColumnFormat::DurationUnit unit) noexcept {
  switch (unit) {
    case ColumnFormat::DurationUnit::hours:
      return 3600;
    case ColumnFormat::DurationUnit::minutes:
      return 60;
    default:
      return 1;
  }
}

}  // namespace

Reason duration_in(const ColumnFormat& format, const Duration& duration, Decimal& out) noexcept {
  // A quotient by 3600 that ends has at most four decimals more than the nanoseconds.
  constexpr int kMostDecimals = 13;
  const bool stated = format.decimals >= 0;
  const Decimal nanos{Int128{duration.seconds} * kNanosASecond + duration.nanos, 0};
  const Decimal in_unit{seconds_of(format.duration) * kNanosASecond, 0};
  const Reason reason =
      multiply_divide(nanos, {1, 0}, in_unit, stated ? format.decimals : kMostDecimals,
                      stated ? format.rounding : Rounding::exact, out);
  while (!stated && out.scale > 0 && out.coefficient % 10 == 0) {
    out.coefficient /= 10;
    --out.scale;
  }
  return reason;
}

Decimal duration_in(const ColumnFormat& format, const Duration& duration) noexcept {
  Decimal number;
  TRAMA_CHECK(duration_in(format, duration, number) == Reason::none);
  return number;
}

std::size_t write_moment(char* out, const Value& value) noexcept {
  char* end = out;
  if (value.kind() == Kind::date) {
    end = write_date(out, value.date());
  } else if (value.kind() == Kind::time) {
    const TimeOfDay time = value.time();
    end = write_time(out, static_cast<std::uint32_t>(time.seconds), time.nanos, value.digits());
  } else if (value.kind() == Kind::datetime) {
    end = write_datetime(out, value.datetime(), value.digits());
  }
  return static_cast<std::size_t>(end - out);
}

void append_plain(std::string& out, const Value& value, const ColumnFormat& format) {
  switch (value.kind()) {
    case Kind::missing:
    case Kind::null:
    case Kind::empty:
      return;
    case Kind::text:
    case Kind::json:
      out.append(value.text());
      return;
    case Kind::decimal:
      append_number(out, value.decimal());
      return;
    case Kind::boolean:
      out.append(value.boolean() ? format.yes : format.no);
      return;
    case Kind::date:
    case Kind::time:
    case Kind::datetime:
      append_moment(out, value, format);
      return;
    case Kind::duration:
      append_duration(out, value.duration(), format);
      return;
  }
}

std::string plain(const Value& value) {
  static const ColumnFormat kPlain;
  std::string out;
  append_plain(out, value, kPlain);
  return out;
}

/// In a key of several parts, in front of itself and of what stands between them.
static constexpr char kEscape = '\x1d';

void append_key_part(std::string& key, bool first, std::string_view part) {
  if (!first) key += kBetweenKeyParts;
  for (const char c : part) {
    if (c == kEscape || c == kBetweenKeyParts) key += kEscape;
    key += c == kBetweenKeyParts ? '\x1f' : c;
  }
}

void split_key_parts(std::string_view key, std::span<std::string> parts) {
  for (std::string& part : parts) part.clear();
  std::size_t at = 0;
  bool escaped = false;
  for (const char c : key) {
    if (escaped) {
      parts[at] += c == '\x1f' ? kBetweenKeyParts : c;
      escaped = false;
    } else if (c == kEscape) {
      escaped = true;
    } else if (c == kBetweenKeyParts) {
      ++at;
    } else {
      parts[at] += c;
    }
  }
}

}  // namespace trama
