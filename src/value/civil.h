// Dates, times of day and date-times of the proleptic Gregorian calendar,
// years 0001 to 9999, and durations.

#pragma once

#include <cstdint>

namespace trama {

/// Days since 1970-01-01.
struct Date {
  std::int32_t days = 0;
  friend bool operator==(const Date&, const Date&) = default;
};

struct YearMonthDay {
  int year;
  int month;  // 1 to 12
  int day;    // 1 to 31
};

constexpr std::int32_t kNoOffset = INT32_MIN;

/// A wall clock reading, and the offset from UTC where one is known. `seconds`:
/// since 1970-01-01T00:00:00 on that wall clock. `offset`: seconds east of UTC, or kNoOffset.
struct DateTime {
  std::int64_t seconds = 0;
  std::int32_t offset = kNoOffset;
  std::uint32_t nanos = 0;
};

/// Seconds since midnight, 0 to 86399.
struct TimeOfDay {
  std::int32_t seconds = 0;
  std::uint32_t nanos = 0;
};

/// Months (12 a year) and an exact length beside them; days are 24 hours, weeks 7 days.
struct Duration {
  std::int64_t seconds = 0;
  std::int32_t months = 0;
  std::uint32_t nanos = 0;
};

bool is_leap_year(int year) noexcept;
/// 28 to 31; `month` from 1 to 12.
int days_in_month(int year, int month) noexcept;
/// `ymd` is a day that exists.
Date date_of(YearMonthDay ymd) noexcept;
YearMonthDay civil_of(Date date) noexcept;
/// ISO 8601: Monday is 1, Sunday is 7.
int weekday_of(Date date) noexcept;

}  // namespace trama
