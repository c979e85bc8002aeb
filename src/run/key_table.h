// KeyTable: keys in memory, with what is known of each, in no more bytes than it was told.
//
// Open addressing over slots of 16 bytes (hash, entry); entries lie one behind the other in chunks:
// the size of the key (4 bytes), the first bytes of its KeyState, the key. A key thus costs its
// text, 20 bytes (52 with a rank) and 21 to 43 of slots.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "run/key_state.h"

namespace trama {

/// The longest key that is kept as it is (see Duplicates).
constexpr std::size_t kLongestKey = 1024;

class KeyTable {
 public:
  /// `limit`: of the bytes that it takes, also while it grows.
  KeyTable(Keep keep, std::size_t limit);

  /// Whether one more key of `size` bytes could go over the limit. An empty table takes any.
  [[nodiscard]] bool is_full_for(std::size_t size) const noexcept;
  /// Folds `state` into what is known of the key. `size` of it at most kLongestKey bytes.
  void add(std::uint64_t hash, std::string_view key, const KeyState& state);
  /// False where the key is not there.
  bool find(std::uint64_t hash, std::string_view key, KeyState& out) const noexcept;

  /// Puts the entries in the order of hash and key; after it only at(), size() and clear()
  /// are of use.
  void sort();
  [[nodiscard]] KeyEntry at(std::size_t i) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Forgets the keys, keeps the memory.
  void clear() noexcept;
  /// Gives the memory back and takes another limit.
  void reset(std::size_t limit);

 private:
  struct Slot {
    std::uint64_t hash = 0;
    char* entry = nullptr;  // null: free
  };
  [[nodiscard]] std::size_t entry_bytes(std::size_t key) const noexcept {
    return sizeof(std::uint32_t) + state_bytes_ + key;
  }
  [[nodiscard]] std::string_view key_of(const char* entry) const noexcept;
  [[nodiscard]] Slot* slot_of(std::uint64_t hash, std::string_view key) noexcept;
  [[nodiscard]] bool slots_are_used() const noexcept { return (size_ + 1) * 4 > slots_.size() * 3; }
  char* allocate(std::size_t bytes);
  void grow();

  Keep keep_;
  std::size_t state_bytes_;
  std::size_t limit_;
  std::size_t chunk_bytes_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t chunk_ = 0;  // the one that is being filled
  std::size_t used_ = 0;   // of it
  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace trama
