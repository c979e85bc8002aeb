// Rows as blocks of `parquet`: bytes of values, what is refused, and the file around them. What is in
// a file is read back by tests/parquet_test.py.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/sha256.h"
#include "sink/format.h"
#include "sink/parquet_schema.h"
#include "sink/row_encoder.h"
#include "sink/target.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

OutputColumn column(std::string name, std::size_t value, OutputType type) {
  OutputColumn out;
  out.name = std::move(name);
  out.value = value;
  out.type = type;
  out.format.kind = type.kind;
  return out;
}

OutputType decimal(int precision, int scale) {
  return {.kind = Kind::decimal, .precision = precision, .scale = scale, .nullable = false};
}

OutputFormat format_of(std::vector<OutputType> types) {
  OutputFormat format;
  for (std::size_t i = 0; i < types.size(); ++i)
    format.columns.push_back(column("C" + std::to_string(i), i, types[i]));
  return format;
}

RowBlock block_of(const OutputFormat& format, std::vector<Value> values,
                  std::size_t most = SIZE_MAX) {
  RowBlock block;
  const auto encoder = kParquetFormat.encoder(format);
  encoder->limit(most);
  encoder->row(values, {"d.json", 4, 22, "run-1"}, {}, block);
  return block;
}

std::string hex(std::string_view bytes) {
  std::string out;
  append_hex(out, bytes);
  return out;
}

/// The bytes of one value that is never blank; or what it is refused for.
std::string bytes_of(const OutputType& type, const Value& value) {
  RowBlock block;
  const auto encoder = kParquetFormat.encoder(format_of({type}));  // what a refusal quotes is its
  encoder->row(std::vector<Value>{value}, {}, {}, block);
  if (!block.refused) return hex(block.bytes);
  CHECK(block.refused->column == 0);
  return block.refused->reason == Reason::fraction_too_fine ? "too fine"
                                                            : "not " + plain(block.refused->b);
}

Value number(std::string_view digits) {
  Decimal out;
  REQUIRE(read_decimal(digits, out) == Reason::none);
  return Value::decimal(out);
}

}  // namespace

TEST_CASE("parquet: decimals, little-endian up to 18 digits, big-endian two's complement beyond") {
  struct Case {
    OutputType type;
    std::string_view digits;
    std::string_view bytes;
  };
  const std::string most(38, '9');
  const std::vector<Case> cases = {
      {decimal(4, 2), "12.34", "d2040000"},
      {decimal(4, 2), "-0.01", "ffffffff"},
      {decimal(4, 2), "0.00", "00000000"},
      {decimal(9, 0), "999999999", "ffc99a3b00000000"},  // an integer has 64 bits
      {decimal(18, 0), "-1", "ffffffffffffffff"},
      {decimal(10, 2), "-99999999.99", "011cf4abfdffffff"},
      {decimal(18, 4), "0.0001", "0100000000000000"},
      {decimal(19, 2), "1.00", "00000000000000000000000000000064"},
      {decimal(19, 2), "-1.00", "ffffffffffffffffffffffffffffff9c"},
      {decimal(38, 0), "18446744073709551616", "00000000000000010000000000000000"},
      {decimal(38, 0), most, "4b3b4ca85a86c47a098a223fffffffff"},
      // other scales, where nothing is cut
      {decimal(6, 2), "7", "bc020000"},
      {decimal(6, 2), "7.500", "ee020000"},
  };
  for (const Case& c : cases) {
    INFO(c.digits);
    CHECK(bytes_of(c.type, number(c.digits)) == c.bytes);
  }
  CHECK(bytes_of(decimal(4, 2), number("100.00")) == "not DECIMAL(4,2)");
  CHECK(bytes_of(decimal(4, 2), number("-100.00")) == "not DECIMAL(4,2)");
  CHECK(bytes_of(decimal(4, 2), number("1.005")) == "not DECIMAL(4,2)");
  CHECK(bytes_of(decimal(38, 2), number(most)) == "not DECIMAL(38,2)");
  CHECK(bytes_of(decimal(18, 0), number("1000000000000000000")) == "not INT64");
}

TEST_CASE("parquet: days, times and instants") {
  using Clock = OutputType::Clock;
  const auto of = [](Kind kind, Clock clock = Clock::either) {
    return OutputType{.kind = kind, .nullable = false, .clock = clock};
  };
  CHECK(bytes_of(of(Kind::date), Value::date({-1})) == "ffffffff");
  CHECK(bytes_of(of(Kind::date), Value::date({2932896})) == "a0c02c00");  // 9999-12-31
  CHECK(bytes_of(of(Kind::time), Value::time({86399, 999999000}, 6)) == "ff5fd71d14000000");
  CHECK(bytes_of(of(Kind::time), Value::time({1, 500}, 9)) == "too fine");
  CHECK(bytes_of(of(Kind::datetime, Clock::instant), Value::datetime({3600, 3600, 1000}, 6)) ==
        "0100000000000000");
  CHECK(bytes_of(of(Kind::datetime, Clock::instant), Value::datetime({0, 60, 0}, 0)) ==
        "00796cfcffffffff");
  CHECK(bytes_of(of(Kind::datetime, Clock::local), Value::datetime({1, kNoOffset, 0}, 0)) ==
        "40420f0000000000");
  // what the plan rules out is refused and not written as something else
  CHECK(bytes_of(of(Kind::datetime, Clock::local), Value::datetime({0, 0, 0}, 0)) ==
        "not TIMESTAMP(MICROS)");
  CHECK(bytes_of(of(Kind::datetime, Clock::instant), Value::datetime({0, kNoOffset, 0}, 0)) ==
        "not TIMESTAMP(MICROS)");
  CHECK(bytes_of(of(Kind::datetime), Value::datetime({0, kNoOffset, 0}, 0)) ==
        "13000000" + hex("1970-01-01T00:00:00"));
  CHECK(bytes_of(of(Kind::date), Value::text("x")) == "not DATE");
  CHECK(bytes_of(of(Kind::boolean), Value::text("x")) == "not BOOLEAN");
  CHECK(bytes_of(of(Kind::json), Value::text("x")) == "not JSON");
  CHECK(bytes_of(of(Kind::text), Value()) == "not STRING");
}

TEST_CASE("parquet: a blank is a byte, and where none can be there is none") {
  const OutputType may{.kind = Kind::text, .nullable = true};
  const OutputType never{.kind = Kind::text, .nullable = false};
  CHECK(hex(block_of(format_of({may}), {Value()}).bytes) == "00");
  CHECK(hex(block_of(format_of({may}), {Value::text("a")}).bytes) == "010100000061");
  CHECK(hex(block_of(format_of({never}), {Value::text("a")}).bytes) == "0100000061");
}

TEST_CASE("parquet: the leaves of a list of objects, with their levels") {
  OutputFormat format = format_of({{.kind = Kind::json, .nullable = true}});
  format.columns[0].columns = {column("a", 1, {.kind = Kind::text, .nullable = true}),
                               column("o.b", 2, decimal(4, 0)),
                               column("o.c", 3, {.kind = Kind::boolean, .nullable = true})};
  const ParquetSchema schema = parquet_schema(format);
  REQUIRE(schema.leaves.size() == 3);
  CHECK(schema.leaves[0].path == std::vector<std::string>{"C0", "list", "element", "a"});
  CHECK(schema.leaves[2].path == std::vector<std::string>{"C0", "list", "element", "o", "c"});
  CHECK(schema.leaves[0].max_definition == 3);
  CHECK(schema.leaves[1].max_definition == 2);
  CHECK(schema.leaves[0].max_repetition == 1);
  const auto row = [&](std::string_view json) {
    const RowBlock block = block_of(format, {json.empty() ? Value() : Value::json(json)});
    CHECK_FALSE(block.refused.has_value());
    return hex(block.bytes);
  };
  CHECK(row("") ==
        "010000000000"
        "010000000000"
        "010000000000");
  CHECK(row("[]") ==
        "010000000001"
        "010000000001"
        "010000000001");
  CHECK(row(R"([{"a":null,"o":{"b":1,"c":true}},{"a":"\"}","o":{"b":-1}}])") ==
        "02000000"
        "0002"
        "0103"
        "02000000"
        "227d"
        "02000000"
        "0002"
        "0100000000000000"
        "0102"
        "ffffffffffffffff"
        "02000000"
        "0003"
        "01"
        "0102");
  // a member that is needed and not there, and one that has no room
  for (const char* const json : {R"([{"a":"x"}])", R"([{"a":"x","o":{"b":10000}}])"}) {
    const RowBlock block = block_of(format, {Value::json(json)});
    REQUIRE(block.refused);
    CHECK(block.refused->reason == Reason::not_of_type);
    CHECK(block.refused->column == 2);
    CHECK(plain(block.refused->b) == "INT64");
    CHECK(block.refused->found->text() ==
          (std::string_view(json).ends_with("10000}}]") ? "10000" : ""));
  }
}

TEST_CASE("parquet: names that have an object in common make one group, where the first stands") {
  OutputFormat format;
  for (const char* const name : {"a.x", "b", "a.y.z", "a.w"})
    format.columns.push_back(
        column(name, format.columns.size(), {.kind = Kind::text, .nullable = true}));
  const ParquetSchema schema = parquet_schema(format);
  std::string paths;
  for (const ParquetLeaf& leaf : schema.leaves) {
    for (const std::string& name : leaf.path) paths += name + '/';
    paths += ' ';
    CHECK(leaf.max_definition == 1);
  }
  CHECK(paths == "a/x/ a/y/z/ a/w/ b/ ");
  CHECK(hex(block_of(format, {Value::text("1"), Value::text("2"), Value(), Value::text("4")})
                .bytes) ==
        "010100000031"
        "00"
        "010100000034"
        "010100000032");
}

TEST_CASE("parquet: a row that is longer than allowed ends behind it") {
  const OutputFormat format = format_of({{.kind = Kind::text}, {.kind = Kind::text}});
  const std::string text(1000, 'x');
  const RowBlock block = block_of(format, {Value::text(text), Value::text(text)}, 100);
  CHECK(block.bytes.size() > 100);
  CHECK(block.bytes.size() < 1100);
  CHECK_FALSE(block.refused.has_value());
}

TEST_CASE("parquet: however the rows are in blocks, the file is the same") {
  const OutputFormat format = format_of({{.kind = Kind::text}, decimal(38, 2)});
  const auto encoder = kParquetFormat.encoder(format);
  const auto file = [&](std::size_t rows_a_block) {
    std::string out;
    auto target = kParquetFormat.target({.text = &out}, format);
    REQUIRE(target.ok());
    REQUIRE(target.value()->begin().ok());
    RowBlock block;
    for (std::size_t i = 1; i <= 45000; ++i) {
      const std::string text = std::to_string(i * i % 9973);
      encoder->row(std::vector<Value>{i % 5 == 0 ? Value() : Value::text(text),
                                      Value::decimal({static_cast<Int128>(i) * 1000003, 2})},
                   {}, {}, block);
      if (i % rows_a_block != 0) continue;
      encoder->finish(block);
      REQUIRE(target.value()->take(std::move(block)).ok());
      block = {};
    }
    REQUIRE(target.value()->take(std::move(block)).ok());
    REQUIRE(target.value()->end().ok());
    return out;
  };
  const std::string whole = file(SIZE_MAX);
  CHECK(whole.starts_with("PAR1"));
  CHECK(whole.ends_with("PAR1"));
  for (const std::size_t rows : {1U, 7U, 1000U, 20000U, 20001U}) CHECK(file(rows) == whole);
}
