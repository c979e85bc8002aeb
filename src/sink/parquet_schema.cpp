#include "sink/parquet_schema.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace trama {
namespace {

// parquet.thrift: FieldRepetitionType, ConvertedType.
constexpr int kRequired = 0;
constexpr int kOptional = 1;
constexpr int kRepeated = 2;
constexpr int kUtf8 = 0;
constexpr int kList = 3;
constexpr int kDecimal = 5;
constexpr int kDate = 6;
constexpr int kTimeMicros = 8;
constexpr int kTimestampMicros = 10;
constexpr int kInt64 = 18;
constexpr int kJson = 19;

// LogicalTypes.md, DECIMAL: the digits that the physical types hold.
constexpr int kInt32Digits = 9;
constexpr int kInt64Digits = 18;

constexpr std::string_view kListGroup = "list";  // LogicalTypes.md, Lists
constexpr std::string_view kElement = "element";

/// Whether what the pattern writes is the whole date, as YYYY, month and day are: it reads what it
/// wrote, and it is the same day. Of any other pattern several days are written alike.
bool is_whole_day(const DatePattern& pattern) {
  static constexpr YearMonthDay kDays[] = {{412, 3, 7}, {1987, 12, 29}, {9999, 10, 31}};
  return std::all_of(std::begin(kDays), std::end(kDays), [&pattern](const YearMonthDay& day) {
    const Date date = date_of(day);
    std::string text;
    pattern.write(moment_of(Value::date(date)), text);
    Moment back;
    DateTrouble trouble;
    return pattern.read(text, back, trouble) == Reason::none && back.has_date && !back.has_time &&
           back.date == date;
  });
}

void decimal_of(ParquetLeaf& leaf, int precision, int scale) {
  if (scale == kOpenScale || scale > kMaxDigits) return;  // text
  leaf.precision = std::max({precision, scale, 1});
  leaf.scale = scale;
  if (scale == 0 && leaf.precision <= kInt64Digits) {
    leaf.kind = ParquetKind::integer;
    leaf.type = ParquetType::int64;
    leaf.shown = "INT64";
    return;
  }
  leaf.kind = ParquetKind::decimal;
  leaf.type = leaf.precision <= kInt32Digits   ? ParquetType::int32
              : leaf.precision <= kInt64Digits ? ParquetType::int64
                                               : ParquetType::fixed_len_byte_array;
  leaf.shown = "DECIMAL(" + std::to_string(leaf.precision) + ',' + std::to_string(scale) + ')';
}

void moment_leaf(ParquetLeaf& leaf, ParquetKind kind, ParquetType type, std::string_view shown) {
  leaf.kind = kind;
  leaf.type = type;
  leaf.shown = shown;
}

ParquetLeaf leaf_of(const OutputColumn& column) {
  const ColumnFormat& format = column.format;
  ParquetLeaf leaf;
  leaf.format = format;
  leaf.shown = "STRING";
  switch (column.type.kind) {
    case Kind::json:
      leaf.kind = ParquetKind::json;
      leaf.shown = "JSON";
      break;
    case Kind::boolean:
      if (format.boolean_words) break;
      leaf.kind = ParquetKind::boolean;
      leaf.type = ParquetType::boolean;
      leaf.shown = "BOOLEAN";
      break;
    case Kind::decimal:
      decimal_of(leaf, column.type.precision, column.type.scale);
      break;
    case Kind::duration:
      if (format.duration != ColumnFormat::DurationUnit::iso)
        decimal_of(leaf, kMaxDigits, format.decimals >= 0 ? format.decimals : kOpenScale);
      break;
    case Kind::date:
      if (!format.pattern || is_whole_day(*format.pattern))
        moment_leaf(leaf, ParquetKind::date, ParquetType::int32, "DATE");
      break;
    case Kind::time:
      if (!format.pattern) moment_leaf(leaf, ParquetKind::time, ParquetType::int64, "TIME(MICROS)");
      break;
    case Kind::datetime: {
      using Clock = OutputType::Clock;
      if (format.pattern || column.type.clock == Clock::either) break;
      const bool instant = column.type.clock == Clock::instant;
      moment_leaf(leaf, instant ? ParquetKind::instant : ParquetKind::local, ParquetType::int64,
                  "TIMESTAMP(MICROS)");
      break;
    }
    default:
      break;
  }
  return leaf;
}

/// Makes the tree. The columns of one object stand together where the first of them stands,
/// as in JSON.
class SchemaMaker {
 public:
  explicit SchemaMaker(const OutputFormat& format)
      // The rows of what is gone are blank but for some audit columns.
      : all_nullable_(has(format.audit_columns, "operation")) {
    for (const OutputColumn& column : format.columns) add(column, schema_.columns);
    for (const std::string& name : format.audit_columns) add_audit(name);
    for (ParquetNode& node : schema_.columns) finish(node, 0, 0);
  }

  ParquetSchema schema() && { return std::move(schema_); }

 private:
  static bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  static ParquetNode& group(std::vector<ParquetNode>& among, std::string_view name) {
    for (ParquetNode& node : among)
      if (node.kind == ParquetNode::Kind::group && node.name == name) return node;
    ParquetNode& node = among.emplace_back();
    node.kind = ParquetNode::Kind::group;
    node.name = name;
    return node;
  }

  // Recursion is bounded by the nesting of `each` in the mapping.
  void add(const OutputColumn& column, std::vector<ParquetNode>& to) {
    std::vector<ParquetNode>* among = &to;
    std::string_view name = column.name;
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
      among = &group(*among, name.substr(0, dot)).children;
      name.remove_prefix(dot + 1);
    }
    ParquetNode& node = among->emplace_back();
    node.name = name;
    node.value = column.value;
    node.nullable = column.type.nullable || all_nullable_;
    // A list of objects without a member has no columns to be a list of.
    if (column.columns.empty() || column.type.kind != Kind::json) {
      made_.push_back(leaf_of(column));
      node.first_leaf = made_.size() - 1;
      return;
    }
    node.kind = ParquetNode::Kind::list;
    for (const OutputColumn& child : column.columns) add(child, node.children);
  }

  void add_audit(const std::string& name) {
    ParquetNode& node = schema_.columns.emplace_back();
    node.name = name;
    node.audit = audit_column(name);
    OutputColumn column;
    if (node.audit == AuditColumn::corrected) column.type.kind = Kind::boolean;
    if (node.audit == AuditColumn::record || node.audit == AuditColumn::line) {
      column.type = {.kind = Kind::decimal, .precision = kInt64Digits, .scale = 0};
      node.nullable = all_nullable_;
    }
    made_.push_back(leaf_of(column));
    node.first_leaf = made_.size() - 1;
  }

  /// Gives leaves their order in the schema, and nodes their levels: one of definition for what may
  /// be blank, one of each kind for a list's items (Dremel, as README.md "Nested Encoding" says).
  void finish(ParquetNode& node, int repetition, int definition) {
    path_.push_back(node.name);
    if (node.nullable) ++definition;
    const std::size_t first = schema_.leaves.size();
    if (node.kind == ParquetNode::Kind::leaf) {
      ParquetLeaf& leaf = schema_.leaves.emplace_back(std::move(made_[node.first_leaf]));
      leaf.path = path_;
      leaf.max_repetition = static_cast<std::uint8_t>(repetition);
      leaf.max_definition = static_cast<std::uint8_t>(definition);
    } else {
      const bool list = node.kind == ParquetNode::Kind::list;
      if (list) {
        ++repetition;
        ++definition;
        path_.emplace_back(kListGroup);
        path_.emplace_back(kElement);
      }
      for (ParquetNode& child : node.children) finish(child, repetition, definition);
      if (list) path_.resize(path_.size() - 2);
    }
    node.repetition = static_cast<std::uint8_t>(repetition);
    node.definition = static_cast<std::uint8_t>(definition);
    node.first_leaf = first;
    node.leaves = schema_.leaves.size() - first;
    path_.pop_back();
  }

  bool all_nullable_;
  ParquetSchema schema_;
  std::vector<ParquetLeaf> made_;  // in the order of the columns
  std::vector<std::string> path_;
};

/// SchemaElement of a leaf, but for its name: parquet.thrift, LogicalType.
void write_leaf_type(ThriftWriter& thrift, const ParquetLeaf& leaf) {
  const auto converted = [&](int type) { thrift.i32(6, type); };
  const auto empty = [&](int id) {
    thrift.begin(10);
    thrift.begin(id);
    thrift.end();
    thrift.end();
  };
  const auto micros = [&](int id, bool adjusted) {
    thrift.begin(10);
    thrift.begin(id);
    thrift.boolean(1, adjusted);
    thrift.begin(2);
    thrift.begin(2);  // TimeUnit.MICROS
    thrift.end();
    thrift.end();
    thrift.end();
    thrift.end();
  };
  switch (leaf.kind) {
    case ParquetKind::string:
      converted(kUtf8);
      return empty(1);
    case ParquetKind::json:
      converted(kJson);
      return empty(12);
    case ParquetKind::boolean:
      return;
    case ParquetKind::integer:
      converted(kInt64);
      thrift.begin(10);
      thrift.begin(10);
      thrift.i8(1, 64);
      thrift.boolean(2, true);
      thrift.end();
      thrift.end();
      return;
    case ParquetKind::decimal:
      converted(kDecimal);
      thrift.i32(7, leaf.scale);
      thrift.i32(8, leaf.precision);
      thrift.begin(10);
      thrift.begin(5);
      thrift.i32(1, leaf.scale);
      thrift.i32(2, leaf.precision);
      thrift.end();
      thrift.end();
      return;
    case ParquetKind::date:
      converted(kDate);
      return empty(6);
    case ParquetKind::time:
      converted(kTimeMicros);
      return micros(7, false);
    case ParquetKind::instant:
      converted(kTimestampMicros);
      return micros(8, true);
    case ParquetKind::local:
      converted(kTimestampMicros);
      return micros(8, false);
  }
}

void write_group(ThriftWriter& thrift, int repetition, std::string_view name, std::size_t children,
                 bool list) {
  thrift.begin();
  thrift.i32(3, repetition);
  thrift.binary(4, name);
  thrift.i32(5, static_cast<std::int32_t>(children));
  if (list) {
    thrift.i32(6, kList);
    thrift.begin(10);
    thrift.begin(3);
    thrift.end();
    thrift.end();
  }
  thrift.end();
}

std::size_t elements_of(const ParquetNode& node) {
  std::size_t elements = node.kind == ParquetNode::Kind::list ? 3 : 1;
  for (const ParquetNode& child : node.children) elements += elements_of(child);
  return elements;
}

void write_node(ThriftWriter& thrift, const ParquetNode& node, const ParquetSchema& schema) {
  const int repetition = node.nullable ? kOptional : kRequired;
  if (node.kind == ParquetNode::Kind::leaf) {
    const ParquetLeaf& leaf = schema.leaves[node.first_leaf];
    thrift.begin();
    thrift.i32(1, static_cast<std::int32_t>(leaf.type));
    if (leaf.type == ParquetType::fixed_len_byte_array)
      thrift.i32(2, static_cast<std::int32_t>(kFixedBytes));
    thrift.i32(3, repetition);
    thrift.binary(4, node.name);
    write_leaf_type(thrift, leaf);
    thrift.end();
    return;
  }
  if (node.kind == ParquetNode::Kind::list) {
    write_group(thrift, repetition, node.name, 1, true);
    write_group(thrift, kRepeated, kListGroup, 1, false);
    write_group(thrift, kRequired, kElement, node.children.size(), false);
  } else {
    write_group(thrift, repetition, node.name, node.children.size(), false);
  }
  for (const ParquetNode& child : node.children) write_node(thrift, child, schema);
}

}  // namespace

ParquetSchema parquet_schema(const OutputFormat& format) {
  return SchemaMaker(format).schema();
}

void write_schema(ThriftWriter& thrift, int id, const ParquetSchema& schema) {
  std::size_t elements = 1;
  for (const ParquetNode& node : schema.columns) elements += elements_of(node);
  thrift.list(id, ThriftType::structure, elements);
  thrift.begin();  // the root, which has no repetition
  thrift.binary(4, "schema");
  thrift.i32(5, static_cast<std::int32_t>(schema.columns.size()));
  thrift.end();
  for (const ParquetNode& node : schema.columns) write_node(thrift, node, schema);
}

}  // namespace trama
