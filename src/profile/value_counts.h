// ValueCounts: the different values of a path with their counts: all of them while they are few,
// else the most frequent ones and an estimate of how many there are.
//
//   few values     each with its count; nothing is lost
//   more           every now and then the table is cut to the most frequent: the count of the first
//                  one that does not fit is taken from all, and what is left without a count goes.
//                  A count is then at most error() too low, and never too high.
//
// This is the summary of Misra and Gries (1982) in the form that can be merged (Agarwal et al.,
// "Mergeable Summaries", 2012), which show it to be Space-Saving (Metwally et al., 2005) seen from
// below. What was cut away stays in a HyperLogLog. All depends on the values and their order alone.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/record.h"
#include "profile/hyper_log_log.h"

namespace trama {

/// Of a value, so many bytes are kept, up to the end of a character.
constexpr std::size_t kKeptValueBytes = 48;

/// A value without its quotes and escapes, or as much of it as is kept.
std::string_view kept_part(std::string_view text) noexcept;

class ValueCounts {
 public:
  struct Entry {
    std::uint64_t id = 0;    // see id_of()
    std::uint64_t hash = 0;  // what the estimate is made of: the same in every run
    std::uint64_t count = 0;
    std::uint32_t text_at = 0;
    std::uint8_t text_size = 0;
    bool cut = false;        // the value is longer than its text
    std::uint8_t group = 0;  // of FormGroups: what is known of the value besides
    JsonKind kind = JsonKind::missing;
  };

  /// What stands for a value in this process: two that are equal are the same value,
  /// as nobody can find another one without the key of the process. Differs from run to run;
  /// no result depends on it.
  static std::uint64_t id_of(JsonKind kind, std::string_view text) noexcept;

  /// Counts the value that was counted or added last, if it is this one; null where it is another.
  /// Many paths have one value for long.
  Entry* count_again(JsonKind kind, std::string_view value, std::uint64_t times) noexcept {
    if (last_ >= entries_.size()) return nullptr;
    Entry& entry = entries_[last_];
    if (entry.cut || entry.kind != kind || text(entry) != value) return nullptr;
    entry.count += times;
    repeated_ = true;
    return &entry;
  }
  /// Counts a value that is there; null where it is not.
  Entry* count(std::uint64_t id, std::uint64_t times = 1) noexcept;
  /// A value that is not there yet, counted. The reference holds until the next call.
  Entry& add(std::uint64_t id, JsonKind kind, std::string_view text, std::uint64_t times = 1);
  /// Values that came behind. `groups`: by the group of an entry of `later`, the one that it gets.
  void merge(const ValueCounts& later, const std::vector<std::uint8_t>& groups);

  /// At most about so many entries are kept: it is cut to them where it has twice as many.
  void limit(std::size_t capacity, int precision);

  /// Whether every value is there with its count.
  [[nodiscard]] bool exact() const noexcept { return sketch_.empty(); }
  /// How many different values; an estimate unless exact().
  [[nodiscard]] std::uint64_t distinct() const;
  /// By how much a count may be too low.
  [[nodiscard]] std::uint64_t error() const noexcept { return error_; }
  /// Whether some value was seen to come twice.
  [[nodiscard]] bool repeated() const noexcept { return repeated_; }
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }
  [[nodiscard]] std::string_view text(const Entry& entry) const noexcept {
    return std::string_view(texts_).substr(entry.text_at, entry.text_size);
  }
  /// The most frequent first, of equals that of the lower text: at most `most`.
  [[nodiscard]] std::vector<const Entry*> most_frequent(std::size_t most) const;
  /// That it takes, about.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return entries_.capacity() * sizeof(Entry) + index_.capacity() * sizeof(std::uint32_t) +
           texts_.capacity() + sketch_.bytes();
  }

 private:
  static constexpr std::size_t kUsualCapacity = 1000;
  static constexpr std::size_t kFew = 8;  // entries that are looked through, without an index

  Entry& put(Entry entry, std::string_view kept);
  Entry& hit(std::size_t entry, std::uint64_t times) noexcept;
  [[nodiscard]] std::size_t slot_of(std::uint64_t id) const noexcept {
    return static_cast<std::size_t>(id) & (index_.size() - 1);
  }
  /// Bits of an id that do not choose its slot, where a slot has them.
  static std::uint32_t tag_of(std::uint64_t id) noexcept {
    return static_cast<std::uint32_t>(id >> 48U) << 16U;
  }
  void place(std::size_t entry) noexcept;
  void build_index();
  void cut();

  std::vector<Entry> entries_;
  // open addressing: tag_of() an entry's id, and 1 + its place; 0 where none is
  std::vector<std::uint32_t> index_;
  std::size_t last_ = 0;  // the entry that was counted last
  std::string texts_;
  HyperLogLog sketch_;  // of all values, once one was cut away
  std::uint64_t error_ = 0;
  std::size_t capacity_ = kUsualCapacity;
  int precision_ = HyperLogLog::kPrecision;
  bool repeated_ = false;
};

}  // namespace trama
