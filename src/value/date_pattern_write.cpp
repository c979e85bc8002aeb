// Writing a Moment by a DatePattern, and Moments as values and back.

#include <array>
#include <cstring>
#include <string>

#include "value/date_names.h"
#include "value/date_pattern.h"

namespace trama {
namespace {

constexpr std::int64_t kDay = 86'400;

constexpr auto kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

char* put_two(char* to, int number) noexcept {
  std::memcpy(to, &kPairs[2 * static_cast<std::size_t>(number)], 2);
  return to + 2;
}

char* put_year(char* to, int year) noexcept {
  return put_two(put_two(to, year / 100), year % 100);
}

char* put_day_iso(char* to, YearMonthDay day) noexcept {
  to = put_year(to, day.year);
  *to++ = '-';
  to = put_two(to, day.month);
  *to++ = '-';
  return put_two(to, day.day);
}

/// The first `digits` digits of the nanoseconds: what is finer is cut.
char* put_fraction(char* to, std::uint32_t nanos, std::size_t digits) noexcept {
  char all[9];
  for (std::size_t i = 9; i-- > 0; nanos /= 10) all[i] = static_cast<char>('0' + nanos % 10);
  for (std::size_t i = 0; i < digits; ++i) *to++ = all[i];
  return to;
}

/// Z, ±hh:mm, or ±hh:mm:ss for the local mean times of long ago; nothing where no offset is known.
char* put_offset(char* to, std::int32_t offset) noexcept {
  if (offset == kNoOffset) return to;
  if (offset == 0) {
    *to++ = 'Z';
    return to;
  }
  const int size = offset < 0 ? -offset : offset;
  *to++ = offset < 0 ? '-' : '+';
  to = put_two(to, size / 3600);
  *to++ = ':';
  to = put_two(to, size / 60 % 60);
  if (size % 60 == 0) return to;
  *to++ = ':';
  return put_two(to, size % 60);
}

char* put_time_iso(char* to, const TimeOfDay& time, int digits) noexcept {
  to = put_two(to, time.seconds / 3600);
  *to++ = ':';
  to = put_two(to, time.seconds / 60 % 60);
  *to++ = ':';
  to = put_two(to, time.seconds % 60);
  if (digits == 0) return to;
  *to++ = '.';
  return put_fraction(to, time.nanos, static_cast<std::size_t>(digits));
}

// These two write in place: digits put into a buffer and copied at once wait for each other
// in the CPU.
void append_day_first(YearMonthDay day, std::string& out) {
  out.append("00/00/0000", 10);
  char* const to = out.data() + out.size() - 10;
  put_two(to, day.day);
  put_two(to + 3, day.month);
  put_year(to + 6, day.year);
}

void append_year_first(YearMonthDay day, std::string& out) {
  out.append("0000-00-00", 10);
  put_day_iso(out.data() + out.size() - 10, day);
}

void append_number(int number, std::size_t digits, std::string& out) {
  char buffer[4];
  char* to = buffer;
  if (digits == 4) {
    to = put_year(to, number);
  } else if (digits == 2 || number >= 10) {
    to = put_two(to, number);
  } else {
    *to++ = static_cast<char>('0' + number);
  }
  out.append(buffer, static_cast<std::size_t>(to - buffer));
}

/// A moment taken apart, and the word that is to be written.
struct Writer {
  const DatePatternParts& parts;
  const Moment& moment;
  YearMonthDay day;
  bool has_half_day;

  [[nodiscard]] int hour() const noexcept {
    const int hour = moment.time.seconds / 3600;
    return has_half_day ? (hour + 11) % 12 + 1 : hour;
  }

  [[nodiscard]] int number(DateWord word) const noexcept {
    switch (word) {
      case DateWord::year4:
        return day.year;
      case DateWord::year2:
        return day.year % 100;
      case DateWord::month2:
      case DateWord::month1:
        return day.month;
      case DateWord::day2:
      case DateWord::day1:
        return day.day;
      case DateWord::hour2:
      case DateWord::hour1:
        return hour();
      case DateWord::minute:
        return moment.time.seconds / 60 % 60;
      default:
        return moment.time.seconds % 60;
    }
  }

  void append(const DateItem& item, std::string& out) const {
    char buffer[16];
    switch (item.word) {
      case DateWord::literal:
        out += item.literal;
        break;
      case DateWord::month_short:
      case DateWord::month_long:
        out += month_name(parts.names, item.word == DateWord::month_short, day.month);
        break;
      case DateWord::weekday_short:
      case DateWord::weekday_long:
        out += weekday_name(parts.names, item.word == DateWord::weekday_short,
                            weekday_of(moment.date));
        break;
      case DateWord::fraction:
        out.append(buffer, static_cast<std::size_t>(
                               put_fraction(buffer, moment.time.nanos, item.digits) - buffer));
        break;
      case DateWord::any_fraction:
        if (moment.digits == 0) break;
        out += '.';
        out.append(buffer,
                   static_cast<std::size_t>(put_fraction(buffer, moment.time.nanos,
                                                         static_cast<std::size_t>(moment.digits)) -
                                            buffer));
        break;
      case DateWord::half_day:
        out += moment.time.seconds < 12 * 3600 ? "AM" : "PM";
        break;
      case DateWord::offset:
        out.append(buffer, static_cast<std::size_t>(put_offset(buffer, moment.offset) - buffer));
        break;
      default:
        append_number(number(item.word), item.digits, out);
    }
  }
};

void append_date_time(const Moment& moment, char between, std::string& out) {
  char buffer[48];
  char* to = buffer;
  if (moment.has_date) to = put_day_iso(to, civil_of(moment.date));
  if (moment.has_date && moment.has_time) *to++ = between;
  if (moment.has_time) to = put_offset(put_time_iso(to, moment.time, moment.digits), moment.offset);
  out.append(buffer, static_cast<std::size_t>(to - buffer));
}

}  // namespace

void append_iso(const Moment& moment, std::string& out) {
  append_date_time(moment, 'T', out);
}

void append_sql(const Moment& moment, std::string& out) {
  append_date_time(moment, ' ', out);
}

void DatePattern::write(const Moment& moment, std::string& out) const {
  switch (parts_->form) {
    case DatePatternParts::Form::ymd:
      append_year_first(civil_of(moment.date), out);
      return;
    case DatePatternParts::Form::dmy:
      append_day_first(civil_of(moment.date), out);
      return;
    case DatePatternParts::Form::iso:
      append_iso(moment, out);
      return;
    case DatePatternParts::Form::named:
      if (parts_->named->write != nullptr) parts_->named->write(moment, out);
      return;
    case DatePatternParts::Form::pattern:
      break;
  }
  const Writer writer{*parts_, moment, civil_of(moment.date), parts_->has_half_day};
  for (const DateItem& item : parts_->items) writer.append(item, out);
}

Moment moment_of(const Value& value) noexcept {
  Moment moment;
  if (value.kind() == Kind::date) {
    moment.date = value.date();
    moment.has_date = true;
  } else if (value.kind() == Kind::time) {
    moment.time = value.time();
    moment.digits = value.digits();
    moment.has_time = true;
  } else if (value.kind() == Kind::datetime) {
    const DateTime t = value.datetime();
    const std::int64_t second_of_day = (t.seconds % kDay + kDay) % kDay;
    moment.date = {static_cast<std::int32_t>((t.seconds - second_of_day) / kDay)};
    moment.time = {static_cast<std::int32_t>(second_of_day), t.nanos};
    moment.offset = t.offset;
    moment.digits = value.digits();
    moment.has_date = moment.has_time = true;
  }
  return moment;
}

Value value_of(const Moment& moment) noexcept {
  if (!moment.has_time) return Value::date(moment.date);
  if (!moment.has_date) return Value::time(moment.time, moment.digits);
  const DateTime time{moment.date.days * kDay + moment.time.seconds, moment.offset,
                      moment.time.nanos};
  return Value::datetime(time, moment.digits);
}

}  // namespace trama
