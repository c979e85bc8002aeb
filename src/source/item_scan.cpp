// The masks by SSE2, which every x86-64 has, by AVX2 where the machine has it,
// and byte by byte elsewhere.

#include "source/item_scan.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace trama {
namespace {

/// Bit i is the exclusive or of bits 0 to i: between a quote and the next, ones.
inline std::uint64_t prefix_xor_by_shifts(std::uint64_t bits) noexcept {
  for (unsigned by = 1; by < 64; by *= 2) bits ^= bits << by;
  return bits;
}

#if defined(__x86_64__)

namespace baseline {
inline std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  return prefix_xor_by_shifts(bits);
}
struct Bytes64 {
  __m128i part[4];
};
inline Bytes64 load(const char* from) noexcept {
  const auto* at = reinterpret_cast<const __m128i*>(from);  // NOLINT: what the instruction takes
  return {{_mm_loadu_si128(at), _mm_loadu_si128(at + 1), _mm_loadu_si128(at + 2),
           _mm_loadu_si128(at + 3)}};
}
inline std::uint64_t joined(__m128i a, __m128i b, __m128i c, __m128i d) noexcept {
  const auto mask = [](__m128i part) {
    return std::uint64_t{static_cast<std::uint16_t>(_mm_movemask_epi8(part))};
  };
  return mask(a) | mask(b) << 16 | mask(c) << 32 | mask(d) << 48;
}
inline std::uint64_t equal(const Bytes64& bytes, char wanted) noexcept {
  const __m128i all = _mm_set1_epi8(wanted);
  return joined(_mm_cmpeq_epi8(bytes.part[0], all), _mm_cmpeq_epi8(bytes.part[1], all),
                _mm_cmpeq_epi8(bytes.part[2], all), _mm_cmpeq_epi8(bytes.part[3], all));
}
inline Bytes64 with_bit_5(const Bytes64& bytes) noexcept {
  const __m128i bit = _mm_set1_epi8(0x20);
  return {{_mm_or_si128(bytes.part[0], bit), _mm_or_si128(bytes.part[1], bit),
           _mm_or_si128(bytes.part[2], bit), _mm_or_si128(bytes.part[3], bit)}};
}
/// Bytes inside a character of UTF-8: 0x80 to 0xBF, as signed numbers those below -64.
inline std::uint64_t continuing(const Bytes64& bytes) noexcept {
  const __m128i bound = _mm_set1_epi8(-64);
  return joined(_mm_cmplt_epi8(bytes.part[0], bound), _mm_cmplt_epi8(bytes.part[1], bound),
                _mm_cmplt_epi8(bytes.part[2], bound), _mm_cmplt_epi8(bytes.part[3], bound));
}
#define TRAMA_TARGET
#include "source/item_scan.inc"
#undef TRAMA_TARGET
}  // namespace baseline

namespace avx2 {
#define TRAMA_TARGET __attribute__((target("avx2,popcnt,lzcnt,bmi,pclmul")))
TRAMA_TARGET inline std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  // a product without carries by all ones
  const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<std::int64_t>(bits)),
                                               _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}
struct Bytes64 {
  __m256i part[2];
};
TRAMA_TARGET inline Bytes64 load(const char* from) noexcept {
  const auto* at = reinterpret_cast<const __m256i*>(from);  // NOLINT: what the instruction takes
  return {{_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)}};
}
TRAMA_TARGET inline std::uint64_t joined(__m256i a, __m256i b) noexcept {
  return std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(a))} |
         std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(b))} << 32;
}
TRAMA_TARGET inline std::uint64_t equal(const Bytes64& bytes, char wanted) noexcept {
  const __m256i all = _mm256_set1_epi8(wanted);
  return joined(_mm256_cmpeq_epi8(bytes.part[0], all), _mm256_cmpeq_epi8(bytes.part[1], all));
}
TRAMA_TARGET inline Bytes64 with_bit_5(const Bytes64& bytes) noexcept {
  const __m256i bit = _mm256_set1_epi8(0x20);
  return {{_mm256_or_si256(bytes.part[0], bit), _mm256_or_si256(bytes.part[1], bit)}};
}
TRAMA_TARGET inline std::uint64_t continuing(const Bytes64& bytes) noexcept {
  const __m256i bound = _mm256_set1_epi8(-64);
  return joined(_mm256_cmpgt_epi8(bound, bytes.part[0]), _mm256_cmpgt_epi8(bound, bytes.part[1]));
}
#include "source/item_scan.inc"
#undef TRAMA_TARGET
}  // namespace avx2

#else

namespace baseline {
inline std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  return prefix_xor_by_shifts(bits);
}
struct Bytes64 {
  char byte[64];
};
inline Bytes64 load(const char* from) noexcept {
  Bytes64 bytes;
  std::memcpy(bytes.byte, from, sizeof bytes.byte);
  return bytes;
}
inline std::uint64_t equal(const Bytes64& bytes, char wanted) noexcept {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < 64; ++i) mask |= std::uint64_t{bytes.byte[i] == wanted} << i;
  return mask;
}
inline Bytes64 with_bit_5(Bytes64 bytes) noexcept {
  for (char& byte : bytes.byte) byte = static_cast<char>(byte | 0x20);
  return bytes;
}
inline std::uint64_t continuing(const Bytes64& bytes) noexcept {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < 64; ++i) mask |= std::uint64_t{(bytes.byte[i] & 0xC0) == 0x80} << i;
  return mask;
}
#define TRAMA_TARGET
#include "source/item_scan.inc"
#undef TRAMA_TARGET
}  // namespace baseline

#endif

#if defined(__x86_64__)
bool has_avx2() noexcept {
  static const bool kHas =
      __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0 &&
      __builtin_cpu_supports("bmi") != 0 && __builtin_cpu_supports("lzcnt") != 0 &&
      __builtin_cpu_supports("pclmul") != 0;
  return kHas;
}

auto* find_end_by(bool allow_avx2) noexcept {
  return allow_avx2 && has_avx2() ? avx2::find_end : baseline::find_end;
}
auto* pass_place_by(bool allow_avx2) noexcept {
  return allow_avx2 && has_avx2() ? avx2::pass_place : baseline::pass_place;
}
#else
auto* find_end_by(bool) noexcept {
  return baseline::find_end;
}
auto* pass_place_by(bool) noexcept {
  return baseline::pass_place;
}
#endif

}  // namespace

ItemScan::ItemScan(bool allow_avx2) : find_end_(find_end_by(allow_avx2)) {}

PlaceCount::PlaceCount(bool allow_avx2) : pass_(pass_place_by(allow_avx2)) {}

void ItemScan::enter(char closer, bool stops_at_commas) {
  state_.strings = {};
  state_.depth = 0;
  state_.stops_at_commas = stops_at_commas;
  state_.closer = closer;
}

}  // namespace trama
