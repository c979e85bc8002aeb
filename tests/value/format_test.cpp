#include "value/format.h"

#include <doctest/doctest.h>

#include <string>

using namespace trama;

namespace {

Value datetime(std::int64_t seconds, std::int32_t offset, std::uint32_t nanos, int digits) {
  return Value::datetime({seconds, offset, nanos}, digits);
}

DatePattern pattern(std::string_view words) {
  DatePattern out;
  DatePattern::Problem problem;
  REQUIRE(DatePattern::compile(words, Names::none, -1, out, problem));
  return out;
}

}  // namespace

TEST_CASE("plain: the usual form of each kind") {
  constexpr std::int64_t kFeb28 = 1740778200;  // 2025-02-28T21:30:00 on its wall clock
  struct Case {
    Value value;
    std::string expected;
  };
  const Case cases[] = {
      {Value(), ""},
      {Value::blank(Kind::null), ""},
      {Value::blank(Kind::empty), ""},
      {Value::text("a \"b\"\n"), "a \"b\"\n"},
      {Value::json("[1, 2]"), "[1, 2]"},
      {Value::decimal({125050, 2}), "1250.50"},
      {Value::decimal({-5, 3}), "-0.005"},
      {Value::boolean(true), "true"},
      {Value::boolean(false), "false"},
      {Value::date(date_of({2025, 2, 28})), "2025-02-28"},
      {Value::date(date_of({1, 1, 1})), "0001-01-01"},
      {Value::date(date_of({9999, 12, 31})), "9999-12-31"},
      {datetime(kFeb28, -5 * 3600, 0, 0), "2025-02-28T21:30:00-05:00"},
      {datetime(kFeb28, 5 * 3600 + 1800, 0, 0), "2025-02-28T21:30:00+05:30"},
      {datetime(kFeb28, 0, 0, 0), "2025-02-28T21:30:00Z"},
      {datetime(kFeb28, kNoOffset, 0, 0), "2025-02-28T21:30:00"},
      {datetime(kFeb28, 0, 500000000, 1), "2025-02-28T21:30:00.5Z"},
      {datetime(kFeb28, 0, 500000000, 3), "2025-02-28T21:30:00.500Z"},
      {datetime(kFeb28, kNoOffset, 1, 9), "2025-02-28T21:30:00.000000001"},
      {datetime(-1, 0, 0, 0), "1969-12-31T23:59:59Z"},
      {datetime(kFeb28, -(4 * 3600 + 56 * 60 + 16), 0, 0), "2025-02-28T21:30:00-04:56"},
      {Value::time({86399, 0}, 0), "23:59:59"},
      {Value::time({0, 120000000}, 2), "00:00:00.12"},
      {Value::duration({5400, 0, 0}), "PT1H30M"},
  };
  for (const Case& c : cases) {
    INFO(c.expected);
    CHECK(plain(c.value) == c.expected);
  }
}

TEST_CASE("append_plain: what the column says") {
  std::string out = ">";
  ColumnFormat format;
  format.yes = "sí";
  format.no = "no";
  format.boolean_words = true;
  append_plain(out, Value::boolean(true), format);
  append_plain(out, Value::boolean(false), format);
  CHECK(out == ">síno");

  out.clear();
  format.pattern = pattern("DD/MM/YYYY");
  append_plain(out, Value::date(date_of({2025, 2, 8})), format);
  CHECK(out == "08/02/2025");
}

TEST_CASE("duration_in: exact where it ends; else with the decimals that are stated, or refused") {
  using Unit = ColumnFormat::DurationUnit;
  struct Case {
    Unit unit;
    int decimals;
    Duration duration;
    std::string expected;  // empty: it needs rounding
  };
  const Case cases[] = {
      {Unit::minutes, -1, {5400, 0, 0}, "90"},
      {Unit::hours, -1, {5400, 0, 0}, "1.5"},
      {Unit::hours, -1, {4800, 0, 0}, ""},
      {Unit::hours, 2, {4800, 0, 0}, "1.33"},
      {Unit::hours, 3, {5400, 0, 0}, "1.500"},
      {Unit::seconds, -1, {5400, 0, 250000000}, "5400.25"},
      {Unit::minutes, -1, {-90, 0, 0}, "-1.5"},
      {Unit::hours, -1, {0, 0, 0}, "0"},
      {Unit::hours, 2, {INT64_MAX, 0, 999999999}, "2562047788015215.50"},
  };
  for (const Case& c : cases) {
    INFO(c.expected);
    ColumnFormat format;
    format.duration = c.unit;
    format.decimals = c.decimals;
    format.rounding = Rounding::half_up;
    Decimal number;
    const Reason reason = duration_in(format, c.duration, number);
    CHECK(reason == (c.expected.empty() ? Reason::number_rounds : Reason::none));
    if (reason != Reason::none) continue;
    std::string out;
    append_decimal(out, number);
    CHECK(out == c.expected);
  }
}
