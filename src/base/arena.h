// Arena: memory for one batch of records, given back all at once.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace trama {

/// Hands out bytes that live until reset(). Not for objects with destructors.
class Arena {
 public:
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
  }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };

  char* allocate_block(std::size_t size) {
    const std::size_t bytes = size > kBlockBytes ? size : kBlockBytes;
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(bytes), bytes});
    used_ = size;
    return blocks_.back().bytes.get();
  }

  std::vector<Block> blocks_;
  std::size_t used_ = 0;
};

}  // namespace trama
