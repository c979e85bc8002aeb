#include "report/shown_text.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>

using namespace trama;  // NOLINT(google-build-using-namespace): a test

TEST_CASE("shown_percent: one decimal more than tells the rate and its limit apart") {
  struct Case {
    std::uint64_t count, of;
    std::string_view limit, shown, why;
  };
  static constexpr Case kCases[] = {
      {2, 320, "0.1", "0.63", "0.625 against 0.1: the first decimal tells, the second is shown"},
      {21, 200, "10", "10.5", "10.5 against 10"},
      {2, 5, "10", "40", "the whole numbers tell, and there is no more"},
      {1, 3, "10", "33.3", "a decimal more, rounded"},
      {2, 3, "10", "66.7", "rounded half up"},
      {1, 8, "10", "12.5", "exact"},
      {1001, 10000, "10", "10.01", "10.01 against 10"},
      {100001, 1000000, "10", "10.0001", "four decimals tell"},
      {1, 2, "50", "50", "the same"},
      {1, 3, "33.33", "33.3333", "the third decimal tells"},
      {2, 3, "66.66", "66.6667", "rounded up where it is cut"},
      {3, 1, "100", "300", "more than all: several warnings of one record"},
      {999, 1000, "99.8", "99.9", "zeros at the end are left out"},
      {0, 0, "1", "0", "nothing of nothing"},
      {1, 1000, "0", "0.1", "of no limit at all"},
      {1, 1000000, "0", "0.0001", "a small one"},
      {21, 200, "10.0", "10.5", "zeros of the limit do not count"},
      {21, 200, "010", "10.5", "nor zeros in front"},
      {99999, 100000, "50", "100", "rounding carries over: 99.999"},
      {UINT64_MAX, UINT64_MAX, "0.1", "100", "as many as can be counted"},
  };
  for (const Case& c : kCases) {
    INFO(c.count, " of ", c.of, " beside ", c.limit, ": ", c.why);
    CHECK(shown_percent(c.count, c.of, c.limit) == c.shown);
  }
}
