// Texts of more than a part that ICU is given at once become what their pieces become,
// wherever a part ends.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "base/arena.h"
#include "step/unicode.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

constexpr std::size_t kPart = std::size_t{1} << 20U;

/// `filler` up to `before` bytes in front of the end of a part, then `text`, then more filler.
std::string around(std::string_view filler, std::string_view text, std::size_t before) {
  std::string all;
  while (all.size() + filler.size() + before <= kPart) all += filler;
  all.append(kPart - before - all.size(), ' ');
  all += text;
  for (int i = 0; i < 10; ++i) all += filler;
  return all;
}

}  // namespace

TEST_CASE("long texts: a part ends where it changes nothing") {
  Arena arena;
  for (std::size_t before = 0; before <= 12; ++before) {
    INFO(before, " bytes before the end of the part");
    {
      // the last sigma of a word, and one that is not the last
      const std::string text = around("Ω ", "ΟΔΟΣ ΟΔΟΣΑ ", before);
      const std::string_view small = lower_case(text, arena);
      const std::string_view want = "οδος οδοσα ";
      CHECK(small.substr(small.size() - want.size() - 30, want.size()) == want);
      CHECK(small.size() == text.size());
    }
    {
      // marks behind their letters, several and in another order
      const std::string text = around("é ", "o\u0323\u0302 e\u0301 ", before);
      const std::string_view plain = without_accents(text, arena);
      CHECK(plain.substr(plain.size() - 24) == "o e e e e e e e e e e e ");
    }
    {
      // the dakuten, which stays and is put together with its letter
      const std::string text = around("か ", "か\u3099が ", before);
      const std::string_view plain = without_accents(text, arena);
      const std::string_view want = "がが ";
      CHECK(plain.substr(plain.size() - want.size() - 40, want.size()) == want);
    }
    {
      const std::string text = around("ß ", "ßßß ", before);
      const std::string_view large = upper_case(text, arena);
      CHECK(large.substr(large.size() - 37) == "SSSSSS SS SS SS SS SS SS SS SS SS SS ");
    }
    arena.reset();
  }
}

TEST_CASE("long texts: words without an end") {
  Arena arena;
  std::string word;
  while (word.size() < 3 * kPart) word += "Σ";
  const std::string_view small = lower_case(word, arena);
  REQUIRE(small.size() == word.size());
  CHECK(small.find("ς") == small.size() - 2);  // at the very end alone
}
