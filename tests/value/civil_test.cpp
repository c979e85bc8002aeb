// The calendar: every day from 0001 to 9999 there and back.
#include "value/civil.h"

#include <doctest/doctest.h>

#include <string>

using namespace trama;

TEST_CASE("civil: every day follows the one before") {
  int wrong = 0;
  Date expected = date_of({1, 1, 1});
  for (int year = 1; year <= 9999; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= days_in_month(year, month); ++day) {
        const YearMonthDay back = civil_of(expected);
        wrong += date_of({year, month, day}) != expected || back.year != year ||
                         back.month != month || back.day != day
                     ? 1
                     : 0;
        ++expected.days;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(expected.days == 2'932'897);  // 10000-01-01
}

TEST_CASE("civil: fixed points") {
  CHECK(date_of({1970, 1, 1}).days == 0);
  CHECK(date_of({1, 1, 1}).days == -719'162);
  CHECK(weekday_of(date_of({1970, 1, 1})) == 4);
  CHECK(weekday_of(date_of({2025, 3, 1})) == 6);
  CHECK(weekday_of(date_of({1, 1, 1})) == 1);
  CHECK(days_in_month(2000, 2) == 29);
  CHECK(days_in_month(1900, 2) == 28);
  CHECK(days_in_month(2025, 7) == 31);
  CHECK(days_in_month(2025, 8) == 31);
  CHECK(days_in_month(2025, 9) == 30);
}
