// Reading the date formats that have a name; writing Unix times and dates of mails.

#include "value/date_named.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "value/date_fields.h"
#include "value/date_names.h"

namespace trama {
namespace {

constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z
constexpr std::int64_t kDay = 86'400;
/// More than any number that is still a time; digits behind it are not added up.
constexpr std::int64_t kManySeconds = 1'000'000'000'000'000;

constexpr std::string_view kSql = "SQL";
constexpr std::string_view kMail = "RFC-2822";
constexpr std::string_view kExcel = "excel-days";

constexpr std::array<std::int64_t, 10> kPowers = {
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

std::int64_t number_of(std::string_view digits) noexcept {
  std::int64_t number = 0;
  for (std::size_t i = 0; i < digits.size(); ++i)
    number = std::min(number * 10 + static_cast<int>(digit_at(digits, i)), kManySeconds);
  return number;
}

/// The digits from `at` on, which is moved past them.
std::string_view take_all_digits(std::string_view text, std::size_t& at) noexcept {
  const std::size_t begin = at;
  while (at < text.size() && digit_at(text, at) <= 9) ++at;
  return text.substr(begin, at - begin);
}

// ---- Unix times ----

Moment moment_at(std::int64_t seconds, std::uint32_t nanos, int digits) noexcept {
  const std::int64_t days = (seconds - ((seconds % kDay) + kDay) % kDay) / kDay;
  Moment moment;
  moment.date = {static_cast<std::int32_t>(days)};
  moment.time = {static_cast<std::int32_t>(seconds - days * kDay), nanos};
  moment.offset = 0;
  moment.digits = digits;
  moment.has_date = moment.has_time = true;
  return moment;
}

/// A count of units of 10^-kDigits seconds since 1970-01-01T00:00:00Z (POSIX.1 §4.16); seconds may
/// have a fraction.
template <std::size_t kDigits>
Reason read_unix(std::string_view text, std::string_view name, Moment& out,
                 DateTrouble& trouble) noexcept {
  std::size_t at = 0;
  const bool negative = take_char(text, at, '-');
  const std::string_view digits = take_all_digits(text, at);
  DateFields fraction;
  bool fits = !digits.empty();
  if constexpr (kDigits == 0) {
    if (take_char(text, at, '.')) fits = fits && take_fraction(text, at, fraction);
  }
  if (!fits || at != text.size()) return not_of_shape(text, name, trouble);
  const std::size_t whole = digits.size() - std::min(digits.size(), kDigits);
  std::int64_t seconds = number_of(digits.substr(0, whole));
  if constexpr (kDigits > 0) {
    fraction.nanos =
        static_cast<std::uint32_t>(number_of(digits.substr(whole)) * kPowers[9 - kDigits]);
    fraction.digits = static_cast<int>(kDigits);
  }
  if (negative) {
    seconds = -seconds - (fraction.nanos != 0 ? 1 : 0);
    fraction.nanos = fraction.nanos != 0 ? 1'000'000'000 - fraction.nanos : 0;
  }
  if (seconds < kFirstSecond || seconds > kLastSecond)
    return trouble.reason = Reason::date_year_range;
  out = moment_at(seconds, fraction.nanos, fraction.digits);
  return Reason::none;
}

/// What is finer than a unit is cut, towards the past.
template <std::size_t kDigits>
void append_unix(const Moment& moment, std::string& out) {
  const std::int64_t offset = moment.offset == kNoOffset ? 0 : moment.offset;
  std::int64_t seconds = moment.date.days * kDay + moment.time.seconds - offset;
  std::int64_t units = moment.time.nanos / kPowers[9 - kDigits];
  if (seconds < 0) {
    // -1.5 s is 2 seconds back and half a second on: its digits are those of 1.5.
    if (units > 0) {
      ++seconds;
      units = kPowers[kDigits] - units;
    }
    if (seconds != 0 || units != 0) out += '-';
    seconds = -seconds;
  }
  if (kDigits == 0) {
    out += std::to_string(seconds);
    return;
  }
  const std::string digits = std::to_string(units);
  if (seconds == 0) {
    out += digits;
    return;
  }
  out += std::to_string(seconds);
  out.append(kDigits - digits.size(), '0');
  out += digits;
}

constexpr std::string_view kSeconds = "unix-seconds";
constexpr std::string_view kMillis = "unix-millis";
constexpr std::string_view kMicros = "unix-micros";
constexpr std::string_view kNanos = "unix-nanos";

// ---- SQL ----

/// As databases write a timestamp: YYYY-MM-DD, a space or T, HH:mm:ss, perhaps a fraction, and
/// perhaps Z, UTC, ±hh, ±hhmm or ±hh:mm, with a space before it or none.
Reason read_sql(std::string_view text, Moment& out, DateTrouble& trouble) noexcept {
  DateFields f;
  f.has_date = f.has_time = true;
  std::size_t at = 0;
  bool fits = take_digits(text, at, 4, f.year) && take_char(text, at, '-') &&
              take_digits(text, at, 2, f.month) && take_char(text, at, '-') &&
              take_digits(text, at, 2, f.day) &&
              (take_char(text, at, ' ') || take_char(text, at, 'T')) &&
              take_digits(text, at, 2, f.hour) && take_char(text, at, ':') &&
              take_digits(text, at, 2, f.minute) && take_char(text, at, ':') &&
              take_digits(text, at, 2, f.second);
  if (fits && take_char(text, at, '.')) fits = take_fraction(text, at, f);
  if (fits && at < text.size()) {
    take_char(text, at, ' ');
    const std::string_view zone = text.substr(at);
    if (zone == "Z" || zone == "UTC") {
      f.offset = 0;
    } else {
      fits = take_offset(text, at, text.size(), f);
    }
  }
  if (!fits) return not_of_shape(text, kSql, trouble);
  return check_fields(f, out, trouble);
}

// ---- dates of mails ----

bool take_spaces(std::string_view text, std::size_t& at) noexcept {
  const std::size_t begin = at;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at > begin;
}

/// One of the `count` short English names at `at`, by its number from 1.
template <typename NameOf>
bool take_english_name(std::string_view text, std::size_t& at, int count, NameOf name_of,
                       int& out) noexcept {
  for (int i = 1; i <= count; ++i) {
    const std::size_t end = end_of_name(text, at, name_of(Names::en, true, i));
    if (end == std::string_view::npos) continue;
    at = end;
    out = i;
    return true;
  }
  return false;
}

/// The zones that RFC 5322 §4.3 gives a meaning, and Z; of the other letters nobody knows it.
bool take_mail_zone(std::string_view zone, DateFields& f) noexcept {
  struct Zone {
    std::string_view name;
    int hours;
  };
  static constexpr Zone kZones[] = {{"GMT", 0},  {"UT", 0},   {"UTC", 0},  {"Z", 0},
                                    {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
                                    {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
  for (const Zone& known : kZones) {
    if (zone != known.name) continue;
    f.offset = known.hours * 3600;
    return true;
  }
  return zone.size() == 5 && take_offset(zone, 0, zone.size(), f);
}

/// RFC 2822 §3.3, which RFC 5322 keeps: [Tue,] 4 Mar 2025 10:11[:12] -0500 [(a note)]; also years of
/// two digits as its §4.3 reads them (00 to 49 are 20.., 50 to 99 are 19..).
bool take_mail(std::string_view text, DateFields& f) noexcept {
  std::size_t at = 0;
  take_spaces(text, at);
  if (take_english_name(text, at, 7, weekday_name, f.weekday)) {
    take_spaces(text, at);
    if (!take_char(text, at, ',')) return false;
    take_spaces(text, at);
  }
  const std::string_view day = take_all_digits(text, at);
  if (day.empty() || day.size() > 2 || !take_spaces(text, at) ||
      !take_english_name(text, at, 12, month_name, f.month) || !take_spaces(text, at))
    return false;
  const std::string_view year = take_all_digits(text, at);
  if ((year.size() != 4 && year.size() != 2) || !take_spaces(text, at) ||
      !take_digits(text, at, 2, f.hour) || !take_char(text, at, ':') ||
      !take_digits(text, at, 2, f.minute))
    return false;
  if (take_char(text, at, ':') && !take_digits(text, at, 2, f.second)) return false;
  f.day = static_cast<int>(number_of(day));
  f.year = static_cast<int>(number_of(year));
  if (year.size() == 2) f.year += f.year < 50 ? 2000 : 1900;
  if (!take_spaces(text, at)) return false;
  const std::size_t zone = at;
  while (at < text.size() && text[at] != ' ' && text[at] != '\t' && text[at] != '(') ++at;
  if (!take_mail_zone(text.substr(zone, at - zone), f)) return false;
  take_spaces(text, at);
  if (take_char(text, at, '(')) {
    const std::size_t close = text.find_first_of("()", at);
    if (close == std::string_view::npos || text[close] != ')') return false;
    at = close + 1;
    take_spaces(text, at);
  }
  return at == text.size();
}

Reason read_mail(std::string_view text, Moment& out, DateTrouble& trouble) noexcept {
  DateFields fields;
  fields.has_date = fields.has_time = true;
  if (!take_mail(text, fields)) return not_of_shape(text, kMail, trouble);
  return check_fields(fields, out, trouble);
}

/// Without an offset -0000, which RFC 5322 §3.3 has for it; one with seconds (local mean times) is
/// none of a mail's, so the moment is written in UTC.
void append_mail(const Moment& moment, std::string& out) {
  const bool known = moment.offset != kNoOffset;
  const bool exact = known && moment.offset % 60 == 0;
  std::int64_t seconds = moment.date.days * kDay + moment.time.seconds;
  if (known && !exact) seconds -= moment.offset;
  const std::int64_t of_day = (seconds % kDay + kDay) % kDay;
  const Date date{static_cast<std::int32_t>((seconds - of_day) / kDay)};
  const YearMonthDay day = civil_of(date);
  const int offset = exact ? moment.offset / 60 : 0;
  const int size = offset < 0 ? -offset : offset;
  const std::string_view weekday = weekday_name(Names::en, true, weekday_of(date));
  const std::string_view month = month_name(Names::en, true, day.month);
  std::array<char, 48> buffer{};
  const int length = std::snprintf(
      buffer.data(), buffer.size(), "%.*s, %02d %.*s %04d %02d:%02d:%02d %c%02d%02d",
      static_cast<int>(weekday.size()), weekday.data(), day.day, static_cast<int>(month.size()),
      month.data(), day.year, static_cast<int>(of_day / 3600), static_cast<int>(of_day / 60 % 60),
      static_cast<int>(of_day % 60), offset < 0 || !known ? '-' : '+', size / 60, size % 60);
  out.append(buffer.data(), static_cast<std::size_t>(length));
}

// ---- days of Excel ----

/// 1900-03-01 is 61 in the 1900 date system; below it are days of a leap year that 1900 was not.
constexpr std::int64_t kFirstExcelDay = 61;
constexpr std::int64_t kExcelOfUnixEpoch = 25'569;
constexpr std::uint64_t kMillisOfDay = 86'400'000;

/// A fraction of a day, to the nearest millisecond, exactly: its digits times the milliseconds of a
/// day, in two halves of nine digits. Digits behind them cannot change what is nearest.
std::uint64_t millis_of(std::string_view fraction) noexcept {
  std::array<std::uint64_t, 2> halves{};
  for (std::size_t i = 0; i < 18; ++i)
    halves[i / 9] = halves[i / 9] * 10 + (i < fraction.size() ? digit_at(fraction, i) : 0);
  constexpr std::uint64_t kHalf = 1'000'000'000;
  const std::uint64_t product =
      halves[0] * kMillisOfDay + halves[1] * kMillisOfDay / kHalf;  // in 10^-9 milliseconds
  return product / kHalf + (product % kHalf >= kHalf / 2 ? 1 : 0);
}

/// The serial number of a day, with the time as its fraction (ECMA-376 part 1, §18.17.4.1: the 1900
/// date system). Programs write the fraction as binary digits allow: 10:00 is 0.41666666666666669,
/// so it is read to the millisecond.
Reason read_excel(std::string_view text, Moment& out, DateTrouble& trouble) noexcept {
  std::size_t at = 0;
  const bool negative = take_char(text, at, '-');
  const std::string_view whole = take_all_digits(text, at);
  std::string_view fraction;
  bool fits = !whole.empty();
  if (take_char(text, at, '.')) {
    fraction = take_all_digits(text, at);
    fits = fits && !fraction.empty();
  }
  if (!fits || at != text.size()) return not_of_shape(text, kExcel, trouble);
  std::int64_t serial = number_of(whole);
  std::uint64_t millis = millis_of(fraction);
  if (millis == kMillisOfDay) {
    ++serial;
    millis = 0;
  }
  if (negative || serial < kFirstExcelDay) {
    trouble.a = Value::text(text);
    return trouble.reason = Reason::date_excel_day;
  }
  if (serial - kExcelOfUnixEpoch > kLastSecond / kDay)
    return trouble.reason = Reason::date_year_range;
  out = {};
  out.date = {static_cast<std::int32_t>(serial - kExcelOfUnixEpoch)};
  out.time = {static_cast<std::int32_t>(millis / 1000),
              static_cast<std::uint32_t>(millis % 1000 * 1'000'000)};
  out.digits = millis % 1000 == 0 ? 0 : 3;
  out.has_date = out.has_time = true;
  return Reason::none;
}

template <std::size_t kDigits, const std::string_view& kName>
Reason read_unix_named(std::string_view text, Moment& out, DateTrouble& trouble) noexcept {
  return read_unix<kDigits>(text, kName, out, trouble);
}

using Offset = DatePattern::Offset;
constexpr NamedDateFormat kFormats[] = {
    {"ISO-8601", "iso", Offset::sometimes, read_iso, append_iso},
    {kMail, "rfc", Offset::always, read_mail, append_mail},
    {kSql, "sql", Offset::sometimes, read_sql, append_sql},
    {kSeconds, "unix", Offset::always, read_unix_named<0, kSeconds>, append_unix<0>},
    {kMillis, "unix", Offset::always, read_unix_named<3, kMillis>, append_unix<3>},
    {kMicros, "unix", Offset::always, read_unix_named<6, kMicros>, append_unix<6>},
    {kNanos, "unix", Offset::always, read_unix_named<9, kNanos>, append_unix<9>},
    {kExcel, "excel", Offset::never, read_excel, nullptr},
};

}  // namespace

std::span<const NamedDateFormat> named_date_formats() noexcept {
  return kFormats;
}

}  // namespace trama
