// A row as it is sent: its values as they are written, without the columns that say what is done.

#include "push/row.h"

#include <doctest/doctest.h>

#include <string>

namespace trama {
namespace {

struct Read {
  PushRow row;
  Phrase wrong;
  std::string column;
};

Read read(const std::string& text) {
  PushRowReader reader("crm");
  const std::string padded = text + std::string(kReadBehind, '\0');
  Frame frame;
  frame.data = padded.data();
  frame.size = text.size();
  frame.number = 1;
  Read out;
  std::string_view column;
  out.wrong = reader.read(frame, out.row, column);
  out.column = column;
  return out;
}

TEST_CASE("what is sent is the row without what is said of it") {
  const Read one = read(
      R"({"Total": 1.10, "operation":"update","key":"a\"1","big": 12345678901234567890.000, "idempotency_key":"k", "n":  "\u00e9\/"})");
  REQUIRE(one.wrong.empty());
  CHECK(one.row.body == R"({"Total":1.10,"big":12345678901234567890.000,"n":"\u00e9\/"})");
  CHECK(one.row.operation == "update");
  CHECK(one.row.kind == PushKind::update);
  CHECK(one.row.key == "a\"1");
  CHECK(one.row.row_key == "k");
  CHECK_FALSE(one.row.is_unchanged);
}

TEST_CASE("a row that says nothing is an insert under a key of what it says") {
  const Read one = read(R"({"a": 1})");
  CHECK(one.row.operation == "insert");
  CHECK(one.row.key.empty());
  CHECK(one.row.row_key.size() == 36);
  CHECK(read(R"({"a":1})").row.row_key == one.row.row_key);  // blanks say nothing
  CHECK(read(R"({"a":1.0})").row.row_key != one.row.row_key);
  CHECK(read(R"({"a":1,"key":"x"})").row.row_key != one.row.row_key);
  CHECK(read(R"({"a":1,"operation":"delete"})").row.row_key != one.row.row_key);
  CHECK(read("{}").row.body == "{}");
  CHECK(read(R"({"key":"x"})").row.body == "{}");
}

TEST_CASE("operations that ask for nothing, and those that nobody knows") {
  CHECK(read(R"({"operation":"unchanged"})").row.is_unchanged);
  CHECK(read(R"({"operation":"stale"})").row.is_unchanged);
  CHECK(read(R"({"operation":"delete"})").row.kind == PushKind::remove);
  CHECK_FALSE(read(R"({"operation":"upsert"})").row.kind);
  CHECK_FALSE(read(R"({"operation":"INSERT"})").row.kind);
}

TEST_CASE("a column that says what is done holds a text") {
  CHECK(read(R"({"operation":1})").column == "operation");
  CHECK(read(R"({"key":null})").column == "key");
  CHECK(read(R"({"key":""})").column == "key");
  CHECK(read(R"({"idempotency_key":["a"]})").column == "idempotency_key");
  CHECK(read(R"({"Key":1})").column.empty());
}

TEST_CASE("what is no row") {
  CHECK_FALSE(read("[1]").wrong.empty());
  CHECK_FALSE(read("{\"a\":1").wrong.empty());
  CHECK_FALSE(read("{\"a\":1,\"a\":2}").wrong.empty());
  CHECK_FALSE(read("{\"a\":\"\xff\"}").wrong.empty());
}

}  // namespace
}  // namespace trama
