// Sixteen bytes at a time: tests on all of them at once, by the vector types that GCC and Clang
// have for every machine.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace trama {

using Bytes16 [[gnu::vector_size(16)]] = std::uint8_t;
/// What a comparison of Bytes16 gives: for each byte, all bits or none.
using Mask16 [[gnu::vector_size(16)]] = signed char;

inline Bytes16 load16(const char* from) noexcept {
  Bytes16 bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

/// `byte`, sixteen times.
inline Bytes16 all16(char byte) noexcept {
  Bytes16 bytes;
  std::memset(&bytes, byte, sizeof bytes);
  return bytes;
}

inline bool any(Mask16 mask) noexcept {
  std::uint64_t halves[2];
  std::memcpy(halves, &mask, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

/// A bit for each byte of a mask, the first in the lowest.
inline std::uint64_t bits(Mask16 mask) noexcept {
#ifdef __SSE2__
  using Chars [[gnu::vector_size(16)]] = char;
  return static_cast<std::uint64_t>(__builtin_ia32_pmovmskb128(reinterpret_cast<Chars>(mask)));
#else
  // Of byte i its bit i is kept; the product adds all bytes up in its highest one.
  std::uint64_t halves[2];
  std::memcpy(halves, &mask, sizeof halves);
  const auto gather = [](std::uint64_t half) {
    return (half & 0x8040201008040201U) * 0x0101010101010101U >> 56U;
  };
  return gather(halves[0]) | gather(halves[1]) << 8U;
#endif
}

/// Copies `size` bytes and tells whether `special`, a test that gives a Mask16, found something in
/// them. Nothing outside of the two ranges is touched.
template <typename Special>
[[gnu::always_inline]] inline bool copy_and_test(char* to, const char* from, std::size_t size,
                                                 const Special& special) noexcept {
  constexpr std::size_t kWidth = sizeof(Bytes16);
  if (size >= kWidth) {
    Mask16 found{};
    for (std::size_t i = 0; i + kWidth <= size; i += kWidth) {
      const Bytes16 bytes = load16(from + i);
      std::memcpy(to + i, &bytes, kWidth);
      found |= special(bytes);
    }
    const Bytes16 last = load16(from + size - kWidth);
    std::memcpy(to + size - kWidth, &last, kWidth);
    return any(found | special(last));
  }
  // A shorter text is moved in two pieces that overlap; with nothing between them they make a
  // vector of its bytes, some of them twice.
  const auto move = [&](auto first) {
    auto last = first;
    std::memcpy(&first, from, sizeof first);
    std::memcpy(&last, from + size - sizeof last, sizeof last);
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + size - sizeof last, &last, sizeof last);
    decltype(first) pieces[kWidth / sizeof first];
    for (std::size_t i = 0; i < std::size(pieces); ++i) pieces[i] = i % 2 == 0 ? first : last;
    Bytes16 bytes;
    std::memcpy(&bytes, pieces, kWidth);
    return any(special(bytes));
  };
  if (size >= 8) return move(std::uint64_t{});
  if (size >= 4) return move(std::uint32_t{});
  if (size >= 2) return move(std::uint16_t{});
  return size == 1 && move(std::uint8_t{});
}

}  // namespace trama
