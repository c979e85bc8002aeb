#include "base/nearest.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/ascii.h"

namespace trama {
namespace {

// keep hostile names from costing quadratic time: they are long, or very many
constexpr std::size_t kLongestCompared = 100;
constexpr std::size_t kMaxCompared = 500;

using Row = std::array<std::uint8_t, kLongestCompared + 1>;

/// How many letters are changed, put in, left out or swapped with the next (optimal string alignment),
/// or `limit` where it is that or more.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  std::array<Row, 3> rows{};
  Row* before = rows.data();
  Row* last = rows.data() + 1;
  Row* row = rows.data() + 2;
  for (std::size_t j = 0; j <= b.size(); ++j) (*last)[j] = static_cast<std::uint8_t>(j);
  std::size_t least_before = 0;  // of the row before this one
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t least = i;
    (*row)[0] = static_cast<std::uint8_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = small_letter(a[i - 1]) == small_letter(b[j - 1]);
      int one = std::min({(*last)[j] + 1, (*row)[j - 1] + 1, (*last)[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && small_letter(a[i - 1]) == small_letter(b[j - 2]) &&
                           small_letter(a[i - 2]) == small_letter(b[j - 1]);
      if (swapped) one = std::min(one, (*before)[j - 2] + 1);
      (*row)[j] = static_cast<std::uint8_t>(one);
      least = std::min(least, static_cast<std::size_t>(one));
    }
    // later rows are made of these two, and no less
    if (least >= limit && least_before >= limit) return limit;
    least_before = least;
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min<std::size_t>((*last)[b.size()], limit);
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  std::size_t compared = 0;
  if (word.size() > kLongestCompared) return {};
  std::string_view best;
  std::size_t best_distance =
      std::min<std::size_t>(3, std::max<std::size_t>(1, word.size() / 3)) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t longer = std::max(candidate.size(), word.size());
    const std::size_t shorter = std::min(candidate.size(), word.size());
    if (candidate.size() > kLongestCompared || longer - shorter >= best_distance) continue;
    if (candidate == word) continue;
    if (++compared > kMaxCompared) break;
    const std::size_t d = distance(word, candidate, best_distance);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
      if (d == 0) break;
    }
  }
  return best;
}

}  // namespace trama
