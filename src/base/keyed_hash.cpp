#include "base/keyed_hash.h"

#include <bit>
#include <cstring>
#include <random>

namespace trama {
namespace {

struct State {
  std::uint64_t v0, v1, v2, v3;

  void rounds(int count) noexcept {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  }
  void take(std::uint64_t word) noexcept {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }
};

/// Little-endian, as the function is defined; up to 8 bytes.
std::uint64_t word_of(const char* bytes, std::size_t size) noexcept {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, bytes, size);
  } else {
    for (std::size_t i = 0; i < size; ++i)
      word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return word;
}

}  // namespace

std::uint64_t siphash(HashKey key, std::string_view bytes) noexcept {
  State state{key.low ^ 0x736f6d6570736575U, key.high ^ 0x646f72616e646f6dU,
              key.low ^ 0x6c7967656e657261U, key.high ^ 0x7465646279746573U};
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) state.take(word_of(bytes.data() + at, 8));
  const std::size_t left = bytes.size() - at;
  const std::uint64_t last = left == 0 ? 0 : word_of(bytes.data() + at, left);
  state.take(last | std::uint64_t{bytes.size()} << 56U);
  state.v2 ^= 0xffU;
  state.rounds(4);
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::uint64_t hash_seed() {
  std::random_device random;
  const std::uint64_t high = random();
  return high << 32U | random();
}

std::uint64_t keyed_hash(std::string_view bytes) noexcept {
  static const HashKey key{hash_seed(), hash_seed()};
  return siphash(key, bytes);
}

}  // namespace trama
