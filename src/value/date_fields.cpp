// From the numbers of a date text to a Moment: everything that looks like a date
// and is none stops here.

#include "value/date_fields.h"

#include <cstdio>

#include "value/date_names.h"

namespace trama {
namespace {

constexpr std::uint32_t kPowers[] = {1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000,
                                     10'000,        1'000,       100,        10,        1};
constexpr int kMaxOffsetMinutes = 18 * 60;

Value into_buffer(DateTrouble& trouble, int length) noexcept {
  return Value::text({trouble.buffer, static_cast<std::size_t>(length)});
}

Reason fail(DateTrouble& trouble, Reason reason) noexcept {
  trouble.reason = reason;
  return reason;
}

Reason no_such_day(const DateFields& f, DateTrouble& trouble) noexcept {
  const std::string_view month = month_name(Names::en, false, f.month);
  trouble.a =
      into_buffer(trouble, std::snprintf(trouble.buffer, sizeof trouble.buffer, "%.*s %04d",
                                         static_cast<int>(month.size()), month.data(), f.year));
  trouble.b = Value::integer(days_in_month(f.year, f.month));
  return fail(trouble, Reason::date_no_such_day);
}

Reason no_such_time(const DateFields& f, DateTrouble& trouble) noexcept {
  static constexpr const char* kHalves[] = {"", " AM", " PM"};
  trouble.a =
      into_buffer(trouble, std::snprintf(trouble.buffer, sizeof trouble.buffer, "%02d:%02d:%02d%s",
                                         f.hour, f.minute, f.second, kHalves[f.half_day]));
  return fail(trouble, Reason::date_no_such_time);
}

Reason wrong_weekday(const DateFields& f, int weekday, DateTrouble& trouble) noexcept {
  trouble.a = into_buffer(trouble, std::snprintf(trouble.buffer, sizeof trouble.buffer,
                                                 "%04d-%02d-%02d", f.year, f.month, f.day));
  trouble.b = Value::text(weekday_name(Names::en, false, weekday));
  return fail(trouble, Reason::date_wrong_weekday);
}

Reason check_date(const DateFields& f, Moment& out, DateTrouble& trouble) noexcept {
  if (f.year < 1 || f.year > 9999) return fail(trouble, Reason::date_year_range);
  if (f.month < 1 || f.month > 12) {
    trouble.a = Value::integer(f.month);
    return fail(trouble, Reason::date_no_such_month);
  }
  if (f.day < 1 || f.day > days_in_month(f.year, f.month)) return no_such_day(f, trouble);
  out.date = date_of({f.year, f.month, f.day});
  out.has_date = true;
  if (f.weekday != 0) {
    const int weekday = weekday_of(out.date);
    if (weekday != f.weekday) return wrong_weekday(f, weekday, trouble);
  }
  return Reason::none;
}

Reason check_time(const DateFields& f, Moment& out, DateTrouble& trouble) noexcept {
  const bool has_half = f.half_day != 0;
  if (f.hour > (has_half ? 12 : 23) || (has_half && f.hour < 1) || f.minute > 59 || f.second > 59) {
    return no_such_time(f, trouble);
  }
  const int hour = has_half ? f.hour % 12 + (f.half_day == 2 ? 12 : 0) : f.hour;
  out.time = {hour * 3600 + f.minute * 60 + f.second, f.nanos};
  out.digits = f.digits;
  out.has_time = true;
  return Reason::none;
}

bool is_offset(std::int32_t offset) noexcept {
  return offset == kNoOffset ||
         (offset >= -kMaxOffsetMinutes * 60 && offset <= kMaxOffsetMinutes * 60);
}

}  // namespace

bool take_fraction(std::string_view text, std::size_t& at, DateFields& fields) noexcept {
  const std::size_t begin = at;
  std::uint32_t nanos = 0;
  int digits = 0;
  for (; at < text.size(); ++at) {
    const unsigned digit = digit_at(text, at);
    if (digit > 9) break;
    if (digits == 9) continue;
    nanos = nanos * 10 + digit;
    ++digits;
  }
  fields.nanos = nanos * kPowers[digits];
  fields.digits = digits;
  return at > begin;
}

bool take_offset(std::string_view text, std::size_t at, std::size_t end,
                 DateFields& fields) noexcept {
  fields.offset_text = text.substr(at, end - at);
  const std::string_view s = fields.offset_text;
  if (s.empty() || (s[0] != '+' && s[0] != '-')) return false;
  const bool has_colon = s.size() == 6 && s[3] == ':';
  if (s.size() != 3 && s.size() != 5 && !has_colon) return false;
  std::size_t pos = 1;
  int hours = 0;
  int minutes = 0;
  if (!take_digits(s, pos, 2, hours)) return false;
  pos = has_colon ? 4 : 3;
  if (s.size() > 3 && !take_digits(s, pos, 2, minutes)) return false;
  const bool exists = minutes <= 59 && hours * 60 + minutes <= kMaxOffsetMinutes;
  const int seconds = (hours * 60 + minutes) * 60;
  fields.offset = !exists ? INT32_MAX : s[0] == '-' ? -seconds : seconds;
  return true;
}

Reason check_fields(const DateFields& fields, Moment& out, DateTrouble& trouble) noexcept {
  Moment moment;
  if (fields.has_date) {
    if (const Reason reason = check_date(fields, moment, trouble); reason != Reason::none) {
      return reason;
    }
  }
  if (fields.has_time) {
    if (const Reason reason = check_time(fields, moment, trouble); reason != Reason::none) {
      return reason;
    }
  }
  if (!is_offset(fields.offset)) {
    trouble.a = Value::text(fields.offset_text);
    return fail(trouble, Reason::date_no_such_offset);
  }
  moment.offset = fields.offset;
  out = moment;
  return Reason::none;
}

Reason not_of_shape(std::string_view text, std::string_view shape, DateTrouble& trouble) noexcept {
  trouble.a = Value::text(text);
  trouble.b = Value::text(shape);
  return fail(trouble, Reason::date_shape);
}

}  // namespace trama
