// hours between, minutes between, day of A in a zone (rule 9.31).

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

const std::string kTimes =
    "columns:\n  A: {from: a, type: datetime, read: ISO-8601, internal: yes}\n"
    "  B: {from: b, type: datetime, read: ISO-8601, internal: yes}\n";

std::string outcome(const std::string& column, const std::string& record) {
  const Mapped mapped = map(kTimes + "  X: " + column + "\n", record);
  if (!mapped.diagnostics.empty()) return messages(mapped.diagnostics);
  return mapped.rejected.empty() ? mapped.rows.substr(0, mapped.rows.size() - 1)
                                 : mapped.rejected.substr(3, mapped.rejected.find(' ', 3) - 3);
}

std::string of(const char* a, const char* b) {
  return std::string(R"({"a":")") + a + R"(","b":")" + b + "\"}";
}

TEST_CASE("hours and minutes between two times are exact") {
  struct Case {
    const char* column;
    const char* a;
    const char* b;
    const char* gives;
  };
  constexpr Case kCases[] = {
      {"{compute: hours between A and B}", "2025-03-01T10:00:00Z", "2025-03-01T12:00:00Z", "2"},
      {"{compute: hours between A and B}", "2025-03-01T10:00:00Z", "2025-03-01T11:30:00Z", "1.5"},
      {"{compute: hours between A and B}", "2025-03-01T12:00:00Z", "2025-03-01T10:00:00Z", "-2"},
      {"{compute: hours between A and B}", "2025-03-01T10:00:00", "2025-03-01T10:00:09", "0.0025"},
      {"{compute: hours between A and B}", "2025-03-01T10:00:00-05:00", "2025-03-01T10:00:00Z",
       "-5"},
      {"{compute: hours between A and B}", "2025-03-01T10:00:00Z", "2025-03-01T10:20:00Z",
       "NUMBER_NEEDS_ROUNDING"},
      {"{compute: hours between A and B, decimals: 2, rounding: half-up}", "2025-03-01T10:00:00Z",
       "2025-03-01T10:20:00Z", "0.33"},
      {"{compute: hours between A and B, decimals: 0, rounding: ceiling}", "2025-03-01T10:00:00Z",
       "2025-03-01T10:20:00Z", "1"},
      {"{compute: (hours between A and B) * 3}", "2025-03-01T10:00:00Z", "2025-03-01T10:20:00Z",
       "1"},
      {"{compute: minutes between A and B}", "2025-03-01T10:00:00Z", "2025-03-01T10:20:00Z", "20"},
      {"{compute: minutes between A and B}", "2025-03-01T10:00:00Z",
       "2025-03-01T10:00:00.000000006Z", "0.0000000001"},
      {"{compute: minutes between A and B + 1}", "2025-03-01T10:00:00Z", "2025-03-01T10:20:00Z",
       "21"},
      {"{compute: hours between A and B}", "0001-01-01T00:00:00Z", "9999-12-31T23:00:00Z",
       "87649415"},
      {"{compute: hours between A and B}", "2025-03-01T10:00:00Z", "2025-03-01T10:00:00",
       "WRONG_TYPE"},
      {"{compute: minutes between A and 2025-03-01T10:20:00Z}", "2025-03-01T10:00:00Z", "", "20"},
      {"{choose: [{when: hours between A and B > 0.3333, write: more}, {otherwise: less}]}",
       "2025-03-01T10:00:00Z", "2025-03-01T10:20:00Z", "more"},
      {"{choose: [{when: hours between A and B * 3 = 1, write: same}, {otherwise: other}]}",
       "2025-03-01T10:00:00Z", "2025-03-01T10:20:00Z", "same"},
      {"{choose: [{when: hours between source.a and source.b >= 24, write: long}, {otherwise: x}]}",
       "2025-03-01T10:00:00Z", "2025-03-02T10:00:00Z", "long"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.column);
    CAPTURE(c.b);
    CHECK(outcome(c.column, of(c.a, c.b)) == c.gives);
  }
  CHECK(outcome("{compute: hours between A and B}", R"({"a":"2025-03-01T10:00:00Z"})") == "\"\"");
}

TEST_CASE("day of a time in a zone") {
  struct Case {
    const char* column;
    const char* a;
    const char* gives;
  };
  constexpr Case kCases[] = {
      {"{compute: day of A in America/Bogota}", "2025-03-01T04:59:59Z", "2025-02-28"},
      {"{compute: day of A in America/Bogota}", "2025-03-01T05:00:00Z", "2025-03-01"},
      {"{compute: day of A in \"Europe/Madrid\"}", "2025-03-29T23:30:00Z", "2025-03-30"},
      {"{compute: day of A in Europe/Madrid}", "2025-03-30T22:30:00Z",
       "2025-03-31"},  // after the change
      {"{compute: day of A in UTC}", "1969-12-31T23:00:00-02:00", "1970-01-01"},
      {"{compute: day of A in \"+05:30\"}", "2025-03-01T18:30:00Z", "2025-03-02"},
      {"{compute: day of A in UTC}", "2025-03-01T18:30:00", "ZONE_MISSING"},
      {"{compute: (day of A in UTC) + 1 days}", "2025-03-01T18:30:00Z", "2025-03-02"},
      {"{compute: day of A in UTC + 1 days}", "2025-03-01T18:30:00Z", "2025-03-02"},
      {"{compute: day of A in America/Bogota}", "0001-01-01T01:00:00Z", "DATE_IMPOSSIBLE"},
      {"{choose: [{when: day of A in UTC = 2025-03-01, write: y}, {otherwise: n}]}",
       "2025-03-01T18:30:00Z", "y"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.column);
    CAPTURE(c.a);
    CHECK(outcome(c.column, of(c.a, "")) == c.gives);
  }
}

TEST_CASE("times in expressions: what check refuses") {
  struct Case {
    const char* columns;
    const char* told;
  };
  constexpr Case kCases[] = {
      {"D: {from: d, type: date, read: YYYY-MM-DD}, X: {compute: hours between D and D}",
       "EXPRESSION_TYPE"},
      {"D: {from: d, type: date, read: YYYY-MM-DD}, X: {compute: day of D in UTC}",
       "EXPRESSION_TYPE"},
      {"L: {from: l, type: datetime, read: 'YYYY-MM-DD HH:mm'}, X: {compute: day of L in UTC}",
       "EXPRESSION_TYPE"},
      {"L: {from: l, type: datetime, read: 'YYYY-MM-DD HH:mm'}, Z: {from: z, type: datetime, read: "
       "ISO-8601, zone: UTC}, X: {compute: hours between L and Z}",
       "EXPRESSION_TIMES_DIFFER"},
      {"A: {from: a, type: datetime, read: ISO-8601}, X: {compute: day of A in America/Bogta}",
       "EXPRESSION_ZONE_UNKNOWN"},
      {"A: {from: a, type: datetime, read: ISO-8601}, X: {compute: day of A}",
       "EXPRESSION_INVALID"},
      {"A: {from: a, type: datetime, read: ISO-8601}, X: {compute: hours between A}",
       "EXPRESSION_INVALID"},
      {"hours: {from: h, type: integer}, X: {compute: hours + 1}", "EXPRESSION_INVALID"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.columns);
    CHECK(messages(map(std::string("columns: {") + c.columns + "}\n", "{}").diagnostics)
              .find(c.told) != std::string::npos);
  }
  CHECK(
      map("columns: {hours: {from: h, type: integer}, day: {from: d, type: integer}, X: {compute: "
          "column \"hours\" + day}}\n",
          R"({"h":1,"d":2})")
          .rows == "1,2,3\n");
}

}  // namespace
}  // namespace trama::test
