#include "base/quick_hash.h"

#include <cstring>

namespace trama {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

/// Bits of no pattern, those of wyhash.
constexpr std::uint64_t kOdd[] = {0xA0761D6478BD642FU, 0xE7037ED1A0B428DBU};

template <typename Word>
std::uint64_t word_at(const char* bytes) noexcept {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof(Word));
  return word;
}

}  // namespace

std::uint64_t quick_hash(std::string_view bytes, std::uint64_t more) noexcept {
  static const HashKey key{keyed_hash("quick_hash 1"), keyed_hash("quick_hash 2")};
  return quick_hash(key, bytes, more);
}

std::uint64_t quick_hash(HashKey key, std::string_view bytes, std::uint64_t more) noexcept {
  key.low ^= kOdd[0];  // so that a poor key mixes as well as a good one
  key.high ^= kOdd[1];
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t state = mix(more ^ key.low, bytes.size() ^ key.high);
  for (; left > 16; left -= 16, at += 16)
    state = mix(word_at<std::uint64_t>(at) ^ key.high, word_at<std::uint64_t>(at + 8) ^ state);
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  if (left >= 8) {  // the two words overlap, as those below do
    a = word_at<std::uint64_t>(at);
    b = word_at<std::uint64_t>(at + left - 8);
  } else if (left >= 4) {
    a = word_at<std::uint32_t>(at);
    b = word_at<std::uint32_t>(at + left - 4);
  } else if (left > 0) {
    a = static_cast<unsigned char>(at[0]) | std::uint64_t{static_cast<unsigned char>(at[left / 2])}
                                                << 8U;
    b = static_cast<unsigned char>(at[left - 1]);
  }
  return mix(mix(a ^ key.low, b ^ state) ^ key.high, state ^ key.low);
}

}  // namespace trama
