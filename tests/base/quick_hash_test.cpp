// quick_hash: every byte counts, wherever it is.
#include "base/quick_hash.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace trama {
namespace {

TEST_CASE("quick_hash: texts that differ in one byte, in length or in kind are told apart") {
  std::set<std::uint64_t> seen;
  std::size_t texts = 0;
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string text(size, 'a');
    for (std::uint64_t kind = 0; kind < 3; ++kind, ++texts) seen.insert(quick_hash(text, kind));
    for (std::size_t at = 0; at < size; ++at, ++texts) {
      std::string other = text;
      other[at] = 'b';
      seen.insert(quick_hash(other, 0));
    }
  }
  CHECK(seen.size() == texts);
}

TEST_CASE("quick_hash: the same under the same key, another under another") {
  CHECK(quick_hash({1, 2}, "value", 3) == quick_hash({1, 2}, "value", 3));
  CHECK(quick_hash({1, 2}, "value", 3) != quick_hash({2, 1}, "value", 3));
}

}  // namespace
}  // namespace trama
