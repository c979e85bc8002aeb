// Bytes as the specification of Thrift's compact protocol has them.

#include "sink/thrift_compact.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "base/sha256.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

std::string hex(std::string_view bytes) {
  std::string out;
  append_hex(out, bytes);
  return out;
}

template <typename Write>
std::string written(const Write& write) {
  std::string out;
  ThriftWriter thrift(out);
  thrift.begin();
  write(thrift);
  thrift.end();
  return hex(out);
}

}  // namespace

TEST_CASE("thrift_compact: varints") {
  struct Case {
    std::uint64_t value;
    std::string_view bytes;
  };
  static constexpr Case kCases[] = {
      {0, "00"},
      {1, "01"},
      {127, "7f"},
      {128, "8001"},
      {300, "ac02"},
      {16384, "808001"},
      {std::numeric_limits<std::uint64_t>::max(), "ffffffffffffffffff01"},
  };
  for (const Case& c : kCases) {
    std::string out;
    append_varint(out, c.value);
    CHECK(hex(out) == c.bytes);
  }
}

TEST_CASE("thrift_compact: integers are zigzag, a field's id is a step from the one before") {
  CHECK(written([](ThriftWriter&) {}) == "00");
  CHECK(written([](ThriftWriter& t) { t.i32(1, 0); }) == "150000");
  CHECK(written([](ThriftWriter& t) { t.i32(1, -1); }) == "150100");
  CHECK(written([](ThriftWriter& t) { t.i32(1, 1); }) == "150200");
  CHECK(written([](ThriftWriter& t) { t.i64(2, -65); }) == "26810100");
  CHECK(written([](ThriftWriter& t) {
          t.i32(1, std::numeric_limits<std::int32_t>::min());
          t.i64(3, std::numeric_limits<std::int64_t>::min());
        }) == "15ffffffff0f26ffffffffffffffffff0100");
  CHECK(written([](ThriftWriter& t) { t.i8(1, -1); }) == "13ff00");
  CHECK(written([](ThriftWriter& t) { t.i32(15, 1); }) == "f50200");
  // an id that is further away is written out
  CHECK(written([](ThriftWriter& t) { t.i32(16, 1); }) == "05200200");
  CHECK(written([](ThriftWriter& t) {
          t.i32(1, 1);
          t.i32(17, 1);
        }) == "150205220200");
}

TEST_CASE("thrift_compact: booleans are in the type of a field, and a byte in a list") {
  CHECK(written([](ThriftWriter& t) {
          t.boolean(1, true);
          t.boolean(2, false);
        }) == "111200");
  CHECK(written([](ThriftWriter& t) {
          t.list(1, ThriftType::boolean, 2);
          t.boolean(true);
          t.boolean(false);
        }) == "1921010200");
}

TEST_CASE("thrift_compact: bytes, lists and structures in structures") {
  CHECK(written([](ThriftWriter& t) { t.binary(4, std::string("a\0", 2)); }) == "4802610000");
  CHECK(written([](ThriftWriter& t) {
          t.list(1, ThriftType::binary, 2);
          t.binary("a");
          t.binary("");
        }) == "192801610000");
  CHECK(written([](ThriftWriter& t) {
          t.list(1, ThriftType::i32, 15);  // its size has no room beside the type
          for (int i = 0; i < 15; ++i) t.integer(0);
        }) == "19f50f" + std::string(30, '0') + "00");
  // the ids in a structure count from its own beginning, and behind it go on
  CHECK(written([](ThriftWriter& t) {
          t.begin(10);
          t.begin(1);
          t.end();
          t.end();
          t.i32(11, 1);
        }) == "ac1c0000150200");
  CHECK(written([](ThriftWriter& t) {
          t.list(2, ThriftType::structure, 2);
          t.begin();
          t.i32(1, 1);
          t.end();
          t.written(std::string("\x15\x04\0", 3));
          t.i32(3, 0);
        }) ==
        "292c1502001504"
        "00"
        "150000");
}
