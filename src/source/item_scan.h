// ItemScan: where an item of a list (or an entry of an object, or one object) ends, by 64-byte
// masks of quotes, backslashes and brackets. Whether what it passes is JSON is left to the reader
// of the item: here only quotes have to close and brackets to match.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "source/block.h"

namespace trama {

/// More open brackets than this in one item are not followed: no record that is accepted has them,
/// and the memory for their kinds (a bit each) stays bounded.
constexpr std::size_t kMaxOpenBrackets = std::size_t{8} * 1024 * 1024;

enum class ItemStop : std::uint8_t {
  none,      // the bytes ended first
  comma,     // behind an item
  close,     // the bracket that closes what the items are in
  mismatch,  // a bracket that closes what was not opened
  too_deep,  // more than kMaxOpenBrackets
};

/// What is carried over blocks. A backslash makes the next byte plain wherever it stands.
struct ItemState {
  struct Strings {
    std::uint64_t inside = 0;   // all bits or none
    std::uint64_t escaped = 0;  // 1: the next byte
  } strings;
  std::size_t depth = 0;
  std::vector<std::uint64_t> lists = {0};  // a bit for each open bracket: 1 for [
  bool stops_at_commas = true;
  char closer = ']';
};

class ItemScan {
 public:
  /// AVX2 is used where the machine has it, unless a test forbids it.
  explicit ItemScan(bool allow_avx2 = true);

  /// What the items are in: closed by `closer`, ] or }. Without `stops_at_commas` it is one item.
  void enter(char closer, bool stops_at_commas);
  /// The index in [from, to) of the byte that ends the item, or `to` and ItemStop::none.
  /// There must be kPadding readable bytes at `to`.
  /// After a comma or the closing bracket it stands ready for another item.
  std::size_t find_end(const char* data, std::size_t from, std::size_t to, ItemStop& stop) {
    return find_end_(state_, data, from, to, stop);
  }
  /// Whether no bracket and no string is open.
  [[nodiscard]] bool balanced() const noexcept {
    return state_.depth == 0 && state_.strings.inside == 0;
  }

 private:
  using FindEnd = std::size_t (*)(ItemState&, const char*, std::size_t, std::size_t, ItemStop&);
  FindEnd find_end_;
  ItemState state_;
};

/// Counts lines and characters.
class PlaceCount {
 public:
  explicit PlaceCount(bool allow_avx2 = true);
  [[nodiscard]] Place place() const noexcept { return place_; }
  /// Passes [from, to); there must be kPadding readable bytes at `to`.
  void pass(const char* from, const char* to) { pass_(place_, from, to); }

 private:
  using Pass = void (*)(Place&, const char*, const char*);
  Pass pass_;
  Place place_;
};

}  // namespace trama
