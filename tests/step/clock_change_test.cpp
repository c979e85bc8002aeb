// `clock_change`: the earlier or the later of the two instants that a skipped or repeated local
// time can be.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/mapped.h"

namespace trama::test {

TEST_CASE("clock_change: the two possible instants, for skipped and repeated times alike") {
  struct Case {
    std::string_view zone, local, earlier, later, why;
  };
  static constexpr Case kCases[] = {
      {"America/New_York", "2025-03-09T02:30:00", "2025-03-09T06:30:00Z", "2025-03-09T07:30:00Z",
       "skipped: 01:30-05:00 and 03:30-04:00"},
      {"America/New_York", "2025-11-02T01:30:00", "2025-11-02T05:30:00Z", "2025-11-02T06:30:00Z",
       "repeated: 01:30-04:00 and 01:30-05:00"},
      {"Europe/Madrid", "2025-03-30T02:00:00", "2025-03-30T00:00:00Z", "2025-03-30T01:00:00Z",
       "the first skipped second"},
      {"Europe/Madrid", "2025-10-26T02:59:59", "2025-10-26T00:59:59Z", "2025-10-26T01:59:59Z",
       "the last repeated second"},
      {"Australia/Lord_Howe", "2025-10-05T02:15:00", "2025-10-04T15:15:00Z", "2025-10-04T15:45:00Z",
       "half an hour is skipped"},
      {"Pacific/Apia", "2011-12-30T12:00:00", "2011-12-29T22:00:00Z", "2011-12-30T22:00:00Z",
       "a day is skipped"},
      {"Europe/Madrid", "2040-03-25T02:30:00", "2040-03-25T00:30:00Z", "2040-03-25T01:30:00Z",
       "by the rule that holds after the listed changes"},
      {"America/Bogota", "2025-03-09T02:30:00", "2025-03-09T07:30:00Z", "2025-03-09T07:30:00Z",
       "neither: there is one instant"},
  };
  for (const Case& c : kCases) {
    INFO(c.zone, " ", c.local, ": ", c.why);
    const auto instant = [&c](std::string_view word) {
      return map("columns:\n  A: {from: a, type: datetime, zone: UTC, no_zone_means: " +
                     std::string(c.zone) + ", clock_change: " + std::string(word) + "}\n",
                 "{\"a\": \"" + std::string(c.local) + "\"}")
          .rows;
    };
    CHECK(instant("earlier") == std::string(c.earlier) + "\n");
    CHECK(instant("later") == std::string(c.later) + "\n");
    CHECK(c.earlier <= c.later);
  }
}

TEST_CASE("clock_change: what a skipped time becomes in its own zone") {
  const auto at = [](const char* word) {
    return map(std::string("columns:\n  A: {from: a, type: datetime, no_zone_means: "
                           "America/New_York, clock_change: ") +
                   word + "}\n",
               R"({"a": "2025-03-09T02:30:00"})")
        .rows;
  };
  CHECK(at("earlier") == "2025-03-09T01:30:00-05:00\n");
  CHECK(at("later") == "2025-03-09T03:30:00-04:00\n");
}

}  // namespace trama::test
