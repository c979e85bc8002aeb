#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>

#include "value/dates.h"

namespace trama {
namespace {

TEST_CASE("instants: what a run takes for now has a day in every zone") {
  struct Case {
    std::string_view text;
    bool is_one;
  };
  static constexpr Case kCases[] = {
      {"2025-03-04T06:00:00Z", true},
      {"2025-03-04T06:00:00", false},
      {"2025-03-04", false},
      {"0001-01-02T00:00:00Z", true},
      {"0001-01-01T23:59:59Z", false},
      {"0001-01-02T00:00:00+00:01", false},
      {"0001-01-01T23:59:59-00:01", true},
      {"9999-12-30T23:59:59Z", true},
      {"9999-12-31T00:00:00Z", false},
      {"9999-12-31T00:00:00+00:01", true},
      {"9999-12-30T23:59:59-00:01", false},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    std::int64_t instant = 0;
    CHECK(read_instant(c.text, instant) == c.is_one);
  }
}

}  // namespace
}  // namespace trama
