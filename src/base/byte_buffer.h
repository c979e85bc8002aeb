// ByteBuffer: where one row is put together before it goes to its block: a cursor into memory that
// is asked for first. A std::string checks its size at every byte and fills what it grows by; a row
// has no use for either.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace trama {

class ByteBuffer {
 public:
  void clear() noexcept { at_ = bytes_.get(); }
  /// Makes room for `size` bytes behind the cursor. Pointers into the buffer are void after it.
  void need(std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) grow(size);
  }
  /// The cursor: bytes that were asked for may be written from here, then end(last + 1) tells where
  /// they end.
  [[nodiscard]] char* at() noexcept { return at_; }
  void end(char* at) noexcept { at_ = at; }
  /// Without asking for room: for what a need() just before covers.
  void put(char c) noexcept { *at_++ = c; }
  void append(std::string_view text) {
    need(text.size());
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(at_ - bytes_.get());
  }
  void cut_to(std::size_t size) noexcept { at_ = bytes_.get() + size; }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size()}; }

 private:
  static constexpr std::size_t kFirstBytes = 1024;
  void grow(std::size_t size) {
    const std::size_t used = this->size();
    const std::size_t capacity = 2 * (used + size) + kFirstBytes;
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (used > 0) std::memcpy(bytes.get(), bytes_.get(), used);
    bytes_ = std::move(bytes);
    at_ = bytes_.get() + used;
    end_ = bytes_.get() + capacity;
  }

  std::unique_ptr<char[]> bytes_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

/// Eight bytes at a time: tests on all bytes of a word at once.
namespace swar {
constexpr std::uint64_t kOnes = 0x0101010101010101U;
constexpr std::uint64_t kTops = 0x8080808080808080U;

constexpr std::uint64_t all(unsigned char c) noexcept {
  return kOnes * c;
}
/// Not 0 if a byte of `word` is the one that `pattern` (made by all()) repeats.
constexpr std::uint64_t has(std::uint64_t word, std::uint64_t pattern) noexcept {
  const std::uint64_t x = word ^ pattern;
  return (x - kOnes) & ~x & kTops;
}
/// Not 0 if a byte of `word` is less than `limit`, which is at most 128.
constexpr std::uint64_t has_below(std::uint64_t word, unsigned char limit) noexcept {
  return (word - all(limit)) & ~word & kTops;
}

/// Copies `size` bytes and tells whether `special`, a test on words, found something in them.
/// Nothing outside of the two ranges is touched; short texts, the usual ones, cost two loads.
template <typename Special>
bool copy_and_test(char* to, const char* from, std::size_t size, Special special) noexcept {
  std::uint64_t word = 0;
  if (size >= sizeof(word)) {
    std::uint64_t found = 0;
    for (std::size_t i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
      std::memcpy(&word, from + i, sizeof(word));
      std::memcpy(to + i, &word, sizeof(word));
      found |= special(word);
    }
    std::memcpy(&word, from + size - sizeof(word), sizeof(word));
    std::memcpy(to + size - sizeof(word), &word, sizeof(word));
    return (found | special(word)) != 0;
  }
  if (size >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, from, sizeof(first));
    std::memcpy(&last, from + size - sizeof(last), sizeof(last));
    std::memcpy(to, &first, sizeof(first));
    std::memcpy(to + size - sizeof(last), &last, sizeof(last));
    return special(static_cast<std::uint64_t>(last) << 32U | first) != 0;
  }
  bool found = false;
  for (std::size_t i = 0; i < size; ++i) {
    to[i] = from[i];
    found |= special(all(static_cast<unsigned char>(from[i]))) != 0;
  }
  return found;
}
}  // namespace swar

}  // namespace trama
