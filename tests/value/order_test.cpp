#include "value/order.h"

#include <doctest/doctest.h>

#include <string_view>

#include "value/dates.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

/// <, = or >; or ? where the order cannot be known.
char order_of(const Value& a, const Value& b) {
  int order = 0;
  if (compare_values(a, b, order) != Reason::none) return '?';
  return order < 0 ? '<' : order > 0 ? '>' : '=';
}

Value duration(std::string_view text) {
  Duration out;
  REQUIRE(read_iso_duration(text, out) == Reason::none);
  return Value::duration(out);
}

}  // namespace

TEST_CASE("compare_values: by kind") {
  CHECK(order_of(Value::text("a"), Value::text("b")) == '<');
  CHECK(order_of(Value::text("Z"), Value::text("a")) == '<');
  CHECK(order_of(Value::text("é"), Value::text("z")) == '>');
  CHECK(order_of(Value::decimal({10, 1}), Value::integer(1)) == '=');
  CHECK(order_of(Value::boolean(false), Value::boolean(true)) == '<');
  CHECK(order_of(Value::date({1}), Value::date({2})) == '<');
  CHECK(order_of(Value::time({1, 0}, 0), Value::time({1, 5}, 9)) == '<');
  CHECK(order_of(Value(), Value()) == '=');
  CHECK(order_of(Value::text("1"), Value::integer(1)) != '=');
}

TEST_CASE("compare_values: date-times by instant, or by wall clock") {
  const Value noon_utc = Value::datetime({43200, 0, 0}, 0);
  const Value noon = Value::datetime({43200, kNoOffset, 0}, 0);
  CHECK(order_of(noon_utc, Value::datetime({46800, 3600, 0}, 0)) == '=');
  CHECK(order_of(noon_utc, Value::datetime({43200, 0, 1}, 9)) == '<');
  CHECK(order_of(noon, Value::datetime({43201, kNoOffset, 0}, 0)) == '<');
  CHECK(order_of(noon_utc, noon) == '?');
  CHECK(order_of(noon, noon_utc) == '?');
  int order = 0;
  CHECK(compare_values(noon, noon_utc, order) == Reason::undecided_offsets);
  CHECK(refusal_of(Reason::undecided_offsets) == Reason::offsets_not_comparable);
  // A constant without an offset is on the clock of the value; one with an offset is an instant.
  CHECK(compare_with_constant(Value::datetime({43200, 3600, 0}, 0), noon, order) == Reason::none);
  CHECK(order == 0);
  CHECK(compare_with_constant(noon, noon_utc, order) == Reason::undecided_offsets);
}

TEST_CASE("compare_values: durations have one order, and months leave it open") {
  struct Case {
    std::string_view a, b;
    char order;
    std::string_view why;
  };
  static constexpr Case kCases[] = {
      {"PT90M", "PT1H30M", '=', "the same length"},
      {"P1D", "PT24H", '=', "a day is 24 hours"},
      {"P1D", "PT24H0.000000001S", '<', "a nanosecond longer"},
      {"P1M", "P2M", '<', "more months"},
      {"P1Y", "P12M", '=', "a year is twelve months"},
      {"P1M", "P1M1D", '<', "as many months, and a day"},
      {"P2M1D", "P1M1D", '>', "more months, and as long beside them"},
      {"P1M", "PT0S", '>', "nothing beside them"},
      {"P1M", "P30D", '?', "a month has 28 to 31 days"},
      {"P30D", "P1M", '?', "the other way round"},
      {"P2M", "P1M40D", '?', "the months go one way, the days the other"},
      {"P1M", "PT0.5S", '?', "any length beside fewer months"},
  };
  for (const Case& c : kCases) {
    INFO(c.a, " and ", c.b, ": ", c.why);
    CHECK(order_of(duration(c.a), duration(c.b)) == c.order);
  }
  CHECK(order_of(Value::duration({INT64_MAX, INT32_MAX, 0}), Value::duration({0, 1, 0})) == '>');
  CHECK(refusal_of(Reason::undecided_months) == Reason::months_not_comparable);
}
