#include "sink/thrift_compact.h"

namespace trama {
namespace {

constexpr unsigned kFalse = 2;
constexpr int kMaxStep = 15;           // between two ids that share a byte with the type
constexpr std::size_t kMaxShort = 14;  // elements of a list whose size shares a byte with the type

/// Zigzag: 0, -1, 1, -2, … as 0, 1, 2, 3, …
std::uint64_t zigzag(std::int64_t value) noexcept {
  const auto bits = static_cast<std::uint64_t>(value);
  return (bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0U);
}

}  // namespace

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80U) {
    out += static_cast<char>((value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  out += static_cast<char>(value);
}

void ThriftWriter::field(int id, unsigned type) {
  const int step = id - last_ids_.back();
  if (step > 0 && step <= kMaxStep) {
    out_ += static_cast<char>((static_cast<unsigned>(step) << 4U) | type);
  } else {
    out_ += static_cast<char>(type);
    append_varint(out_, zigzag(id));
  }
  last_ids_.back() = id;
}

void ThriftWriter::begin(int id) {
  field(id, static_cast<unsigned>(ThriftType::structure));
  begin();
}

void ThriftWriter::end() {
  out_ += '\0';
  last_ids_.pop_back();
}

void ThriftWriter::boolean(int id, bool value) {
  field(id, value ? static_cast<unsigned>(ThriftType::boolean) : kFalse);
}

void ThriftWriter::i8(int id, std::int8_t value) {
  field(id, static_cast<unsigned>(ThriftType::i8));
  out_ += static_cast<char>(value);
}

void ThriftWriter::i32(int id, std::int32_t value) {
  field(id, static_cast<unsigned>(ThriftType::i32));
  integer(value);
}

void ThriftWriter::i64(int id, std::int64_t value) {
  field(id, static_cast<unsigned>(ThriftType::i64));
  integer(value);
}

void ThriftWriter::binary(int id, std::string_view value) {
  field(id, static_cast<unsigned>(ThriftType::binary));
  binary(value);
}

void ThriftWriter::list(int id, ThriftType element, std::size_t size) {
  field(id, static_cast<unsigned>(ThriftType::list));
  const auto type = static_cast<unsigned>(element);
  if (size <= kMaxShort) {
    out_ += static_cast<char>((static_cast<unsigned>(size) << 4U) | type);
  } else {
    out_ += static_cast<char>(0xF0U | type);
    append_varint(out_, size);
  }
}

void ThriftWriter::integer(std::int64_t value) {
  append_varint(out_, zigzag(value));
}

void ThriftWriter::binary(std::string_view value) {
  append_varint(out_, value.size());
  out_ += value;
}

}  // namespace trama
