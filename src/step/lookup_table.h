// LookupTable: exact texts to values, built when the plan is compiled, read by all threads.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "value/civil.h"
#include "value/value.h"

namespace trama {

/// Tables of millions of entries are loaded for a night's run,
/// so an entry takes its texts and some 33 bytes.
class LookupTable {
 public:
  class Entry {
   public:
    Entry(const char* key, std::uint32_t key_size, std::uint32_t value_size) noexcept
        : key_(key), key_size_(key_size), value_size_(value_size) {}
    [[nodiscard]] std::string_view key() const noexcept { return {key_, key_size_}; }
    [[nodiscard]] std::string_view value() const noexcept {
      return {key_ + key_size_, value_size_};
    }

   private:
    const char* key_;  // with the value behind it
    std::uint32_t key_size_;
    std::uint32_t value_size_;
  };

  LookupTable() = default;
  LookupTable(const LookupTable&) = delete;
  LookupTable& operator=(const LookupTable&) = delete;

  /// Copies the texts. False where the key is there already. A table for `ignore_case` is given its
  /// keys folded (fold_case of step/unicode.h), and in `shown` as they were written; else `shown`
  /// is the key.
  bool add(std::string_view key, std::string_view value, std::string_view shown = {});
  /// The entry of `key`, or nullptr. It stays where it is.
  [[nodiscard]] const Entry* find(std::string_view key) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  /// The entries in the order they were added, from 0.
  [[nodiscard]] const Entry& entry(std::size_t at) const noexcept { return entries_[at]; }
  /// The place of what find() gave for `key`.
  [[nodiscard]] std::size_t place(std::string_view key) const noexcept;
  /// The key of an entry as it was written.
  [[nodiscard]] std::string_view shown(std::size_t at) const noexcept {
    return at < shown_.size() ? shown_[at] : entries_[at].key();
  }
  /// The first keys in the order they were added, for messages: "DBL, SGL, TPL", "…" after `most`.
  [[nodiscard]] std::string known(std::size_t most) const;

 private:
  /// Of the hash table: an entry, and 32 bits of its hash, so that hardly another key is looked at and a
  /// larger table is filled without looking at any.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t number = 0;  // of the entry, from 1; 0: free
  };
  [[nodiscard]] std::size_t slot_of(std::string_view key, std::uint32_t tag) const noexcept;
  void grow();
  char* allocate(std::size_t size);

  std::deque<Entry> entries_;                   // a deque leaves them where they are
  std::vector<std::string_view> shown_;         // as far as one of them differs from its key
  std::vector<Slot> slots_;                     // open addressing; a power of two of them
  std::vector<std::unique_ptr<char[]>> texts_;  // each block twice the one before, to a limit
  char* at_ = nullptr;                          // in the last
  std::size_t room_ = 0;                        // behind it
  std::size_t block_bytes_ = 128;
};

/// The same by day: for each key the lines of which one holds at a time.
class DatedLookup {
 public:
  /// `from` to `to`, both included. False where a line of the key holds on one of these days
  /// already: `day` is the first of them.
  bool add(std::string_view key, Date from, Date to, std::string_view value, Date& day);
  /// The text of `key` on `day`, or nullptr; `known`: whether the key has a line at all.
  [[nodiscard]] const std::string* find(std::string_view key, Date day, bool& known) const noexcept;

 private:
  struct Line {
    Date from;
    Date to;
    std::string value;
  };
  std::map<std::string, std::map<std::int32_t, Line>, std::less<>> lines_;  // by their last day
};

/// Several keys as one, for composite lookups: their texts with U+001F between them.
std::string composite_key(std::initializer_list<std::string_view> parts);

}  // namespace trama
