// WordList: a list of words that many texts are looked for in;
// of a long list without going through it.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trama {

class WordList {
 public:
  static constexpr std::size_t kNowhere = SIZE_MAX;

  WordList() = default;
  explicit WordList(std::vector<std::string> words) : words_(std::move(words)) {
    if (words_.size() <= kFew) return;
    sorted_.resize(words_.size());
    for (std::size_t i = 0; i < sorted_.size(); ++i) sorted_[i] = static_cast<std::uint32_t>(i);
    std::sort(sorted_.begin(), sorted_.end(), [this](std::uint32_t a, std::uint32_t b) {
      const int order = words_[a].compare(words_[b]);
      return order != 0 ? order < 0 : a < b;
    });
  }

  [[nodiscard]] bool empty() const noexcept { return words_.empty(); }
  [[nodiscard]] const std::vector<std::string>& words() const noexcept { return words_; }
  [[nodiscard]] bool has(std::string_view text) const noexcept { return find(text) != kNowhere; }
  /// Where the word stands first, from 0; or kNowhere.
  [[nodiscard]] std::size_t find(std::string_view text) const noexcept {
    if (sorted_.empty()) {
      const auto at = std::find(words_.begin(), words_.end(), text);
      return at == words_.end() ? kNowhere : static_cast<std::size_t>(at - words_.begin());
    }
    const auto at = std::lower_bound(
        sorted_.begin(), sorted_.end(), text,
        [this](std::uint32_t word, std::string_view wanted) { return words_[word] < wanted; });
    return at == sorted_.end() || words_[*at] != text ? kNowhere : *at;
  }

 private:
  static constexpr std::size_t kFew = 8;

  std::vector<std::string> words_;
  std::vector<std::uint32_t> sorted_;  // of more than a few: by text, then place
};

}  // namespace trama
