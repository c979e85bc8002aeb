// The TZ text at the end of a zone file: reading it, and the offset it gives at an instant.

#include "value/zone_rule.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "value/civil.h"

namespace trama {
namespace {

constexpr std::int32_t kHour = 3600;
constexpr std::int64_t kDay = 86'400;

/// What is left of the text to read.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  bool take(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool number(int low, int high, int& out) noexcept {
    std::size_t used = 0;
    out = 0;
    while (used < rest_.size() && used < 4 && is_digit(rest_[used])) {
      out = out * 10 + (rest_[used++] - '0');
    }
    rest_.remove_prefix(used);
    return used > 0 && out >= low && out <= high;
  }

  /// A name: letters, or anything between < and >.
  bool name() noexcept {
    if (take('<')) {
      const std::size_t end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    std::size_t used = 0;
    while (used < rest_.size() && is_letter(rest_[used])) ++used;
    rest_.remove_prefix(used);
    return used >= 3;
  }

  /// [+-]hh[:mm[:ss]] in seconds.
  bool time(int max_hours, std::int32_t& out) noexcept {
    const bool negative = take('-');
    if (!negative) take('+');
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (!number(0, max_hours, hours)) return false;
    if (take(':')) {
      if (!number(0, 59, minutes)) return false;
      if (take(':') && !number(0, 59, seconds)) return false;
    }
    out = hours * kHour + minutes * 60 + seconds;
    if (negative) out = -out;
    return true;
  }

  bool change(ZoneRule::Change& out) noexcept {
    using Kind = ZoneRule::Change::Kind;
    if (take('M')) {
      out.kind = Kind::month_week;
      if (!number(1, 12, out.month) || !take('.') || !number(1, 5, out.week) || !take('.') ||
          !number(0, 6, out.day)) {
        return false;
      }
    } else if (take('J')) {
      out.kind = Kind::without_leap_day;
      if (!number(1, 365, out.day)) return false;
    } else {
      out.kind = Kind::day_of_year;
      if (!number(0, 365, out.day)) return false;
    }
    return !take('/') || time(167, out.seconds);
  }

 private:
  std::string_view rest_;
};

Date month_week_day(int year, const ZoneRule::Change& change) noexcept {
  const Date first = date_of({year, change.month, 1});
  const int first_weekday = weekday_of(first) % 7;  // Sunday is 0
  int day = 1 + (change.day - first_weekday + 7) % 7 + (change.week - 1) * 7;
  while (day > days_in_month(year, change.month)) day -= 7;  // week 5 is the last one
  return {first.days + day - 1};
}

/// When the change comes on the wall clock that is valid before it.
std::int64_t local_time_of(int year, const ZoneRule::Change& change) noexcept {
  Date date{};
  switch (change.kind) {
    case ZoneRule::Change::Kind::month_week:
      date = month_week_day(year, change);
      break;
    case ZoneRule::Change::Kind::without_leap_day:
      date = date_of({year, 1, 1});
      date.days += change.day - (is_leap_year(year) && change.day >= 60 ? 0 : 1);
      break;
    case ZoneRule::Change::Kind::day_of_year:
      date = date_of({year, 1, 1});
      date.days += change.day;
      break;
  }
  return date.days * kDay + change.seconds;
}

int year_at(std::int64_t seconds) noexcept {
  const std::int64_t days = seconds / kDay - (seconds % kDay < 0 ? 1 : 0);
  return civil_of({static_cast<std::int32_t>(days)}).year;
}

}  // namespace

bool ZoneRule::parse(std::string_view text, ZoneRule& out) noexcept {
  Cursor cursor(text);
  ZoneRule rule;
  if (!cursor.name() || !cursor.time(24, rule.standard_)) return false;
  rule.standard_ = -rule.standard_;  // POSIX counts west of Greenwich
  rule.summer_ = rule.standard_ + kHour;
  rule.has_summer_ = !cursor.at_end();
  if (rule.has_summer_) {
    if (!cursor.name()) return false;
    if (!cursor.take(',')) {
      if (!cursor.time(24, rule.summer_) || !cursor.take(',')) return false;
      rule.summer_ = -rule.summer_;
    }
    if (!cursor.change(rule.to_summer_) || !cursor.take(',') || !cursor.change(rule.to_standard_)) {
      return false;
    }
  }
  if (!cursor.at_end()) return false;
  out = rule;
  return true;
}

ZoneRange ZoneRule::range_at(std::int64_t utc) const noexcept {
  if (!has_summer_) return {INT64_MIN, INT64_MAX, standard_};
  // The changes of the years around, in order. An hour of -167 or 167 moves one by a week at most, so
  // that those of the next year may be over, or those of the last still to come: two years around.
  struct At {
    std::int64_t utc;
    std::int32_t offset;
  };
  std::array<At, 10> changes{};
  std::size_t count = 0;
  const int year = year_at(utc);
  for (int y = year - 2; y <= year + 2; ++y) {
    changes[count++] = {local_time_of(y, to_summer_) - standard_, summer_};
    changes[count++] = {local_time_of(y, to_standard_) - summer_, standard_};
  }
  // Where summer time never ends, two changes fall on one instant and the one
  // to summer time counts.
  std::sort(changes.begin(), changes.end(), [this](const At& a, const At& b) {
    return a.utc != b.utc ? a.utc < b.utc : a.offset != summer_ && b.offset == summer_;
  });
  std::size_t after = 1;
  while (after + 1 < changes.size() && changes[after].utc <= utc) ++after;
  return {changes[after - 1].utc, changes[after].utc, changes[after - 1].offset};
}

}  // namespace trama
