#include "base/utf8.h"

#include <doctest/doctest.h>

namespace trama {
namespace {

TEST_CASE("utf8: bytes of a name that are none are written as escapes") {
  struct Case {
    std::string_view name;
    std::string_view text;
  };
  static constexpr Case kCases[] = {
      {"", ""},
      {"a.json", "a.json"},
      {"\u00F1.json", "\u00F1.json"},
      {"caf\xE9.json", "caf\\xe9.json"},
      {"\xFF", "\\xff"},
      {"\xC3", "\\xc3"},                      // cut off
      {"\xC0\xAF", "\\xc0\\xaf"},             // overlong
      {"\xED\xA0\x80x", "\\xed\\xa0\\x80x"},  // a surrogate
      {"\u00F1\xE9\u00F1", "\u00F1\\xe9\u00F1"},
  };
  for (const Case& c : kCases) CHECK(as_utf8(c.name) == c.text);
}

}  // namespace
}  // namespace trama
