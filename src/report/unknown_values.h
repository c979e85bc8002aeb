// UnknownValues: which values a lookup did not find, the most frequent ones, in bounded memory.
//
// Of a dump with two million different values the frequent ones are to be told all the same, on any
// number of threads and however the input was cut. So a split keeps its values in their order, and
// the merger takes them one by one, as if there had been one split (Misra and Gries, 1982):
//
//   kKept values are counted. A further one takes 1 from the weight of each; those whose weight is
//   then 0 are given up, and so is the further one, for a later value to take their place.
//
// Every value that is more than 1 in kKept + 1 of all is among those that are left. As long as
// nothing was given up, which is as long as there are no more than kKept different values, all
// counts are exact; after that a value may have been met more often than is counted for it. What is
// not counted for a value is in not_kept().

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace trama {

class UnknownValues {
 public:
  static constexpr std::size_t kKept = 200;

  struct Value {
    std::string text;  // cut to kKeptCharacters; the parts of a composite key with kBetweenKeyParts between
    std::uint64_t count = 0;
    std::uint64_t weight = 0;
  };

  /// One more. Gives the bytes that it takes, about.
  std::size_t add(std::string_view text);
  /// Those of the input behind this part.
  void merge(UnknownValues&& later);
  /// Bounds what is kept. Call it on what all splits are merged into, and never on a split: then
  /// the result does not depend on the cut.
  void limit();

  /// The most frequent first, equally frequent ones in the order of their bytes.
  [[nodiscard]] std::vector<Value> most_frequent() const;
  /// How many times something was unknown that is not counted in most_frequent().
  [[nodiscard]] std::uint64_t not_kept() const noexcept { return not_kept_; }

  /// As it was read from a summary.
  void restore(std::string_view text, std::uint64_t count) { count_value(text, count); }
  void restore_not_kept(std::uint64_t count) noexcept { not_kept_ += count; }

 private:
  struct TextHash {
    std::size_t operator()(const std::string& text) const noexcept;
  };
  using Index = std::unordered_map<std::string, std::size_t, TextHash>;

  std::uint32_t number_of(std::string&& text);
  void count_value(std::string_view text, std::uint64_t count);
  void take_from_all();

  std::vector<Value> kept_;
  Index kept_index_;
  std::uint64_t not_kept_ = 0;

  // of a split: not yet taken by limit()
  std::vector<std::string> texts_;
  Index text_index_;
  std::vector<std::uint32_t> order_;  // of texts_, as they were met
};

}  // namespace trama
