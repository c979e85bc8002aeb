// Runs and packed values, as Encodings.md of parquet-format has them, and read back.

#include "sink/parquet_hybrid.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

template <typename T>
std::vector<int> encoded(const std::vector<T>& values, int width) {
  std::string out;
  append_hybrid(out, std::span<const T>(values), width);
  std::vector<int> bytes;
  for (const char c : out) bytes.push_back(static_cast<unsigned char>(c));
  return bytes;
}

using Levels = std::vector<std::uint8_t>;
using Bytes = std::vector<int>;

/// Reads the runs, by the grammar of Encodings.md.
std::vector<std::uint32_t> decoded(const std::vector<int>& bytes, int width) {
  std::vector<std::uint32_t> values;
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::uint64_t head = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned>(bytes[at++]);
      head |= std::uint64_t{byte & 127U} << shift;
      if (byte < 128U) break;
    }
    if ((head & 1U) == 0) {
      std::uint32_t value = 0;
      for (int bit = 0; bit < width; bit += 8)
        value |= static_cast<std::uint32_t>(bytes[at++]) << static_cast<unsigned>(bit);
      values.insert(values.end(), head >> 1U, value);
      continue;
    }
    std::size_t bit = at * 8;
    for (std::uint64_t i = 0; i < (head >> 1U) * 8; ++i) {
      std::uint32_t value = 0;
      for (int b = 0; b < width; ++b, ++bit)
        value |= (static_cast<std::uint32_t>(bytes[bit / 8]) >> (bit % 8) & 1U)
                 << static_cast<unsigned>(b);
      values.push_back(value);
    }
    at += (head >> 1U) * static_cast<std::size_t>(width);
  }
  return values;
}

}  // namespace

TEST_CASE("parquet_hybrid: bits that hold a number") {
  CHECK(bits_for(0) == 0);
  CHECK(bits_for(1) == 1);
  CHECK(bits_for(2) == 2);
  CHECK(bits_for(3) == 2);
  CHECK(bits_for(4) == 3);
  CHECK(bits_for(32767) == 15);
  CHECK(bits_for(32768) == 16);
}

TEST_CASE("parquet_hybrid: the example of the specification, and runs") {
  CHECK(encoded(Levels{0, 1, 2, 3, 4, 5, 6, 7}, 3) == Bytes{3, 0x88, 0xC6, 0xFA});
  CHECK(encoded(Levels(8, 1), 1) == Bytes{16, 1});
  CHECK(encoded(Levels(200, 1), 1) == Bytes{0x90, 0x03, 1});
  CHECK(encoded(std::vector<std::uint32_t>(8, 300), 9) == Bytes{16, 44, 1});
  CHECK(encoded(Levels(7, 1), 1) == Bytes{3, 0x7F});  // too short for a run: filled up with zeros
  CHECK(encoded(Levels{}, 1).empty());
  // a run gives its first values to the group of what is before it
  Levels mixed{0};
  mixed.insert(mixed.end(), 20, 1);
  CHECK(encoded(mixed, 1) == Bytes{3, 0xFE, 26, 1});
}

TEST_CASE("parquet_hybrid: what is written is read back, in every width") {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp,cert-msc32-c): the same in every run
  for (int width = 1; width <= 32; ++width) {
    const std::uint32_t most = width == 32 ? UINT32_MAX : (1U << static_cast<unsigned>(width)) - 1;
    for (int round = 0; round < 20; ++round) {
      std::vector<std::uint32_t> values;
      const std::size_t runs = random() % 12;
      for (std::size_t run = 0; run < runs; ++run)
        values.insert(values.end(), 1 + random() % 20, static_cast<std::uint32_t>(random()) & most);
      std::vector<std::uint32_t> back = decoded(encoded(values, width), width);
      REQUIRE(back.size() >= values.size());
      REQUIRE(back.size() < values.size() + 8);
      back.resize(values.size());
      CHECK(back == values);
      if (width > 8) continue;
      const Levels levels(values.begin(), values.end());
      CHECK(encoded(levels, width) == encoded(values, width));
    }
  }
}

TEST_CASE("parquet_hybrid: booleans eight a byte, the first in the lowest bit") {
  const auto bits = [](std::vector<char> values) {
    std::string out;
    append_bits(out, values);
    return out;
  };
  CHECK(bits({}) == "");
  CHECK(bits({1}) == "\x01");
  CHECK(bits({0, 1}) == "\x02");
  CHECK(bits({1, 0, 0, 0, 0, 0, 0, 1}) == "\x81");
  CHECK(bits({0, 0, 0, 0, 0, 0, 0, 0, 1}) == std::string("\0\x01", 2));
}
