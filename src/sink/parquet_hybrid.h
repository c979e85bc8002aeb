// The encoding of levels and of indices into a dictionary: runs of one value, and values packed
// into bits (parquet-format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid").

#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace trama {

/// How many bits hold the numbers up to `most`.
int bits_for(std::uint32_t most) noexcept;

/// Appends the runs, without their length. `width`: bits of a value, 1 to 32;
/// the values need no more.
void append_hybrid(std::string& out, std::span<const std::uint8_t> values, int width);
void append_hybrid(std::string& out, std::span<const std::uint32_t> values, int width);

/// Values of one bit, 0 or 1, eight a byte, the first in the lowest bit: PLAIN booleans.
void append_bits(std::string& out, std::span<const char> values);

}  // namespace trama
