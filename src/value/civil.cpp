// The Gregorian calendar by counting days in 400-year eras that begin on 1 March, so that a leap
// day comes last. (H. Hinnant, "chrono-compatible low-level date algorithms".)

#include "value/civil.h"

namespace trama {
namespace {

constexpr int kDaysInEra = 146'097;
constexpr int kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01

}  // namespace

bool is_leap_year(int year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(int year, int month) noexcept {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return 30 + ((month + (month >> 3)) & 1);  // 31 for 1, 3, 5, 7 and 8, 10, 12
}

Date date_of(YearMonthDay ymd) noexcept {
  const int year = ymd.month <= 2 ? ymd.year - 1 : ymd.year;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int month = ymd.month > 2 ? ymd.month - 3 : ymd.month + 9;  // from March
  const int day_of_year = (153 * month + 2) / 5 + ymd.day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return {era * kDaysInEra + day_of_era - kDaysToEpoch};
}

YearMonthDay civil_of(Date date) noexcept {
  const std::int64_t days = std::int64_t{date.days} + kDaysToEpoch;
  const auto era = static_cast<int>((days >= 0 ? days : days - (kDaysInEra - 1)) / kDaysInEra);
  const auto day_of_era = static_cast<unsigned>(days - std::int64_t{era} * kDaysInEra);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month = (5 * day_of_year + 2) / 153;  // from March
  const auto day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  const int civil_month = static_cast<int>(month) + (month < 10 ? 3 : -9);
  return {static_cast<int>(year_of_era) + era * 400 + (civil_month <= 2 ? 1 : 0), civil_month, day};
}

int weekday_of(Date date) noexcept {
  const int from_monday = (date.days % 7 + 3) % 7;  // 1970-01-01 was a Thursday
  return (from_monday + 7) % 7 + 1;
}

}  // namespace trama
