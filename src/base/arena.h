// Arena: memory for one batch of records, given back all at once.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace trama {

/// Hands out bytes that live until reset(). Not for objects with destructors.
///
/// It may have a limit. Beyond it bytes are handed out as before, but it is over(): whoever makes
/// much of little asks has_room() first, and whoever fills it ends the batch. A batch that makes
/// much may have to ask for leave to do so (ask_at()).
class Arena {
 public:
  Arena() = default;
  explicit Arena(std::size_t limit) : limit_(limit), most_(limit) {}

  /// A batch that comes to more than `size` bytes calls `ask` once, before it goes on to the limit.
  void ask_at(std::size_t size, std::function<void()> ask) {
    ask_ = std::move(ask);
    few_ = size < most_ ? size : most_;
    limit_ = few_;
  }
  /// The same, of a batch that makes much elsewhere.
  void ask() {
    if (asked_ || !ask_) return;
    asked_ = true;
    limit_ = most_;
    ask_();
  }
  /// Whether this batch has asked.
  [[nodiscard]] bool has_asked() const noexcept { return asked_; }

  /// `size` bytes, aligned to `alignment` (a power of two, at most 16).
  char* allocate(std::size_t size, std::size_t alignment = 1) {
    const auto at = (used_ + alignment - 1) & ~(alignment - 1);
    if (blocks_.empty() || at + size > blocks_.back().size) return allocate_block(size);
    used_ = at + size;
    return blocks_.back().bytes.get() + at;
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = allocate(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  /// Forgets all that was handed out; keeps one block of usual size for the next batch.
  void reset() noexcept {
    if (blocks_.size() > 1 || (!blocks_.empty() && blocks_.back().size > kBlockBytes))
      blocks_.clear();
    used_ = 0;
    bytes_ = 0;
    over_ = false;
    if (asked_) limit_ = few_;
    asked_ = false;
  }

  /// In blocks beside the first; the same for the same calls, whatever went before reset().
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool over() const noexcept { return over_; }
  /// Whether so many more are within the limit; where they are not, it is over.
  bool has_room(std::size_t size) noexcept {
    if (bytes_ > limit_ || size > limit_ - bytes_) ask();
    over_ = over_ || bytes_ > limit_ || size > limit_ - bytes_;
    return !over_;
  }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };

  char* allocate_block(std::size_t size) {
    const std::size_t bytes = size > kBlockBytes ? size : kBlockBytes;
    if (!blocks_.empty() || bytes > kBlockBytes) bytes_ += bytes;
    if (bytes_ > limit_) {
      ask();
      over_ = over_ || bytes_ > limit_;
    }
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(bytes), bytes});
    used_ = size;
    return blocks_.back().bytes.get();
  }

  std::vector<Block> blocks_;
  std::size_t used_ = 0;
  std::size_t bytes_ = 0;
  std::size_t limit_ = SIZE_MAX;  // few_ until it has asked, then most_
  std::size_t most_ = SIZE_MAX;
  std::size_t few_ = 0;
  bool over_ = false;
  bool asked_ = false;
  std::function<void()> ask_;
};

}  // namespace trama
