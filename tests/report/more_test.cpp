// The line of a report that names the page of its most frequent code.

#include "report/more.h"

#include <doctest/doctest.h>

namespace trama {
namespace {

TEST_CASE("more: the most frequent code, among equals the first") {
  CodeCounts codes;
  CHECK(codes.more().empty());
  codes.add("DATE_IMPOSSIBLE");
  codes.add("LOOKUP_UNKNOWN");
  CHECK(codes.more() == "more: trama error DATE_IMPOSSIBLE\n");
  codes.add("LOOKUP_UNKNOWN");
  CHECK(codes.more() == "more: trama error LOOKUP_UNKNOWN\n");
  codes.add("DATE_IMPOSSIBLE", 2);
  CHECK(codes.more() == "more: trama error DATE_IMPOSSIBLE\n");
}

}  // namespace
}  // namespace trama
