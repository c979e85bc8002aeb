// ThriftWriter: structures in Thrift's compact protocol, as Parquet keeps its metadata (thrift
// specification, doc/specs/thrift-compact-protocol.md). Fields are written in the order of their
// ids; what a structure does not set is not there.
//
//   ThriftWriter thrift(out);
//   thrift.begin();            // {1: i32 version, 2: list<binary> names}
//   thrift.i32(1, 1);
//   thrift.list(2, ThriftType::binary, 1);
//   thrift.binary("a");
//   thrift.end();

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trama {

/// Of elements and fields, as the protocol numbers them.
enum class ThriftType : std::uint8_t {
  boolean = 1,  // true; a field that is false has the type 2
  i8 = 3,
  i16 = 4,
  i32 = 5,
  i64 = 6,
  binary = 8,
  list = 9,
  structure = 12,
};

/// Unsigned LEB128: seven bits a byte, the lowest first.
void append_varint(std::string& out, std::uint64_t value);

class ThriftWriter {
 public:
  /// Appends to `out`, which must outlive this.
  explicit ThriftWriter(std::string& out) : out_(out) {}

  /// A structure that is no field of another: the whole, or an element of a list.
  void begin() { last_ids_.push_back(0); }
  /// One that is a field.
  void begin(int id);
  void end();

  void boolean(int id, bool value);
  void i8(int id, std::int8_t value);
  void i32(int id, std::int32_t value);
  void i64(int id, std::int64_t value);
  void binary(int id, std::string_view value);
  /// `size` elements follow.
  void list(int id, ThriftType element, std::size_t size);

  // Elements of a list.
  void boolean(bool value) { out_ += static_cast<char>(value ? 1 : 2); }
  void integer(std::int64_t value);  // of i32 and i64
  void binary(std::string_view value);
  /// Structures that were written before.
  void written(std::string_view structures) { out_ += structures; }

 private:
  void field(int id, unsigned type);

  std::string& out_;
  std::vector<int> last_ids_;  // of the structures that are open
};

}  // namespace trama
