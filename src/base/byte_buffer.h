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
  /// The cursor: bytes that were asked for may be written from here, then end(last + 1)
  /// tells where they end.
  [[nodiscard]] char* at() noexcept { return at_; }
  void end(char* at) noexcept { at_ = at; }
  /// Without asking for room: for what a need() just before covers.
  void put(char c) noexcept { *at_++ = c; }
  [[gnu::always_inline]] void append(std::string_view text) {
    need(text.size());
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(at_ - bytes_.get());
  }
  void cut_to(std::size_t size) noexcept { at_ = bytes_.get() + size; }
  /// Empties it; memory of more than `most` bytes is given back.
  void give_back(std::size_t most) noexcept {
    if (static_cast<std::size_t>(end_ - bytes_.get()) > most) {
      bytes_.reset();
      end_ = nullptr;
    }
    clear();
  }
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

}  // namespace trama
