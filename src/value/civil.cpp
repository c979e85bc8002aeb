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

// Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms"
// (2022): divisions become multiplications, a third of the time. Shifted by kEras whole eras so
// that nothing is negative.
YearMonthDay civil_of(Date date) noexcept {
  static constexpr std::uint64_t kEras = 14'800;
  const auto days = static_cast<std::uint64_t>(std::int64_t{date.days} + kDaysToEpoch +
                                               static_cast<std::int64_t>(kEras * kDaysInEra));
  const std::uint64_t quarter_days = 4 * days + 3;
  const std::uint64_t century = quarter_days / kDaysInEra;
  const std::uint64_t in_century = (quarter_days % kDaysInEra) | 3;
  const std::uint64_t product = 2'939'745 * in_century;
  const std::uint64_t year_of_century = product >> 32;
  const auto day_of_year = static_cast<std::uint32_t>(product & UINT32_MAX) / 2'939'745 / 4;
  const std::uint32_t months = 2'141 * day_of_year + 197'913;
  const std::uint32_t month = months >> 16;  // 3 is March, 13 January, 14 February
  const std::uint32_t day = (months & 0xFFFF) / 2'141;
  const bool next_year = day_of_year >= 306;
  const auto year = static_cast<std::int64_t>(100 * century + year_of_century) -
                    static_cast<std::int64_t>(400 * kEras) + (next_year ? 1 : 0);
  return {static_cast<int>(year), static_cast<int>(next_year ? month - 12 : month),
          static_cast<int>(day) + 1};
}

int weekday_of(Date date) noexcept {
  const int from_monday = (date.days % 7 + 3) % 7;  // 1970-01-01 was a Thursday
  return (from_monday + 7) % 7 + 1;
}

}  // namespace trama
