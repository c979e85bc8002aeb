// ParquetSchema: the columns of an output as Parquet has them:
// a tree of groups and lists, and its leaves, each with the type of its values.
// Names are those of parquet-format: parquet.thrift, LogicalTypes.md.
//
//   Total: {type: decimal, decimals: 2, between: [0, 9999.99]}    INT32, DECIMAL(6, 2), optional
//   cliente.email: …                                              group cliente { email }
//   noches: {each: rooms, columns: {…}}                           LIST of groups
//
// Every value that the plan lets into a column has its place in the type of the column; what is
// known of no value before it comes (an open scale, an offset that may be absent) is text.
// mappings/rules.md, rule 9.39, says the same to the analyst.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sink/audit_column.h"
#include "sink/thrift_compact.h"
#include "value/format.h"

namespace trama {

/// Physical types (parquet.thrift, Type).
enum class ParquetType : std::uint8_t {
  boolean = 0,
  int32 = 1,
  int64 = 2,
  byte_array = 6,
  fixed_len_byte_array = 7,
};

/// What the values of a leaf mean.
enum class ParquetKind : std::uint8_t {
  string,
  json,
  boolean,
  integer,  // INT(64, true)
  decimal,
  date,
  time,     // of microseconds, of a local clock
  instant,  // TIMESTAMP of microseconds, isAdjustedToUTC
  local,    // TIMESTAMP of microseconds of a local clock
};

/// Bytes of a decimal of more than 18 digits, two's complement, the highest first.
constexpr std::size_t kFixedBytes = 16;

struct ParquetLeaf {
  ParquetKind kind = ParquetKind::string;
  ParquetType type = ParquetType::byte_array;
  std::uint8_t max_repetition = 0;
  std::uint8_t max_definition = 0;
  int precision = 0;  // of a decimal
  int scale = 0;
  std::vector<std::string> path;  // in the schema
  std::string shown;              // for messages: "TIMESTAMP(MICROS)"
  ColumnFormat format;            // of its values
};

struct ParquetNode {
  enum class Kind : std::uint8_t { leaf, group, list } kind = Kind::leaf;
  std::optional<AuditColumn> audit{};  // else one of the mapping's columns
  std::string name;
  bool nullable = false;        // OPTIONAL; a group never is
  std::uint8_t repetition = 0;  // of a list: the level of all its items but the first
  std::uint8_t definition = 0;  // where it is there; of a list: where it has items
  std::size_t value = 0;        // of the row's values, or of those of an item
  std::size_t first_leaf = 0;   // those below it, or itself
  std::size_t leaves = 0;
  std::vector<ParquetNode> children;  // of a list: those of its elements
};

struct ParquetSchema {
  std::vector<ParquetNode> columns;
  std::vector<ParquetLeaf> leaves;  // in the order of the schema
};

ParquetSchema parquet_schema(const OutputFormat& format);

/// Writes the field `id`, a list of SchemaElement, depth first.
void write_schema(ThriftWriter& thrift, int id, const ParquetSchema& schema);

}  // namespace trama
