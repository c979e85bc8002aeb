#include "sink/parquet_hybrid.h"

#include <bit>
#include <cstddef>

#include "sink/thrift_compact.h"

namespace trama {
namespace {

constexpr std::size_t kGroup = 8;  // values that are packed together

/// Values as bits, the first in the lowest; the last group is filled up with zeros.
template <typename T>
void append_packed(std::string& out, std::span<const T> values, int width) {
  const std::size_t groups = (values.size() + kGroup - 1) / kGroup;
  append_varint(out, (groups << 1U) | 1U);
  std::uint64_t bits = 0;
  int held = 0;
  for (std::size_t i = 0; i < groups * kGroup; ++i) {
    if (i < values.size()) bits |= std::uint64_t{values[i]} << static_cast<unsigned>(held);
    for (held += width; held >= 8; held -= 8) {
      out += static_cast<char>(bits & 0xFFU);
      bits >>= 8U;
    }
  }
}

template <typename T>
void append_run(std::string& out, T value, std::size_t length, int width) {
  append_varint(out, std::uint64_t{length} << 1U);
  for (int bit = 0; bit < width; bit += 8)
    out += static_cast<char>((std::uint64_t{value} >> static_cast<unsigned>(bit)) & 0xFFU);
}

/// A run pays from eight values on. Only the last group of packed values may have less than eight
/// of them, so a run gives up its first values to the group before it.
template <typename T>
void append_runs(std::string& out, std::span<const T> values, int width) {
  std::size_t packed = 0;  // values before it are written
  for (std::size_t at = 0; at < values.size();) {
    std::size_t end = at + 1;
    while (end < values.size() && values[end] == values[at]) ++end;
    const std::size_t given = (kGroup - (at - packed) % kGroup) % kGroup;
    if (end - at >= given + kGroup) {
      at += given;
      if (at > packed) append_packed(out, values.subspan(packed, at - packed), width);
      append_run(out, values[at], end - at, width);
      packed = end;
    }
    at = end;
  }
  if (packed < values.size()) append_packed(out, values.subspan(packed), width);
}

}  // namespace

int bits_for(std::uint32_t most) noexcept {
  return std::bit_width(most);
}

void append_hybrid(std::string& out, std::span<const std::uint8_t> values, int width) {
  append_runs(out, values, width);
}

void append_hybrid(std::string& out, std::span<const std::uint32_t> values, int width) {
  append_runs(out, values, width);
}

void append_bits(std::string& out, std::span<const char> values) {
  unsigned byte = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0) byte |= 1U << (i % 8);
    if (i % 8 == 7 || i + 1 == values.size()) {
      out += static_cast<char>(byte);
      byte = 0;
    }
  }
}

}  // namespace trama
