// JSON output: names that nest, lists of objects, blanks, audit columns.

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

std::string rows_of(const std::string& columns, const char* dump,
                    const char* output = "{format: ndjson}") {
  const Mapped got = map("columns:\n" + columns + "output: " + output + "\n", dump);
  CHECK(got.diagnostics == "");
  CHECK(got.rejected == "");
  return got.rows;
}

}  // namespace

TEST_CASE("nested: dots in names") {
  CHECK(
      rows_of(
          "  id: id\n  cliente.email: e\n  cliente.nombre: n\n  total: {from: t, type: decimal}\n",
          R"({"id":1,"e":"a@x.co","n":"Ana","t":1.50})") ==
      "{\"id\":\"1\",\"cliente\":{\"email\":\"a@x.co\",\"nombre\":\"Ana\"},\"total\":1.50}\n");
  INFO("columns of one object need not stand together");
  CHECK(rows_of("  a.x: x\n  b: b\n  a.y: y\n", R"({"x":1,"b":2,"y":3})") ==
        "{\"a\":{\"x\":\"1\",\"y\":\"3\"},\"b\":\"2\"}\n");
  CHECK(map("columns:\n  a: x\n  a.b: y\noutput: {format: json}\n", "{}")
            .diagnostics.find("NAME_AND_OBJECT") != std::string::npos);
  INFO("CSV keeps the dotted name");
  CHECK(map("columns:\n  a.b: y\noutput: {format: csv}\n", R"({"y":1})").rows == "a.b\n1\n");
}

TEST_CASE("nested: each") {
  static constexpr const char* kEach =
      "  id: id\n  viajeros:\n    each: pax\n    called: p\n    columns:\n      nombre: {from: "
      "p.name, text: trim}\n      edad: {from: p.age, type: integer}\n      reserva: id\n";
  CHECK(rows_of(kEach, R"({"id":1,"pax":[{"name":" Ana ","age":"30"},{"name":"Luis"}]})") ==
        "{\"id\":\"1\",\"viajeros\":[{\"nombre\":\"Ana\",\"edad\":30,\"reserva\":\"1\"},{"
        "\"nombre\":\"Luis\",\"edad\":null,\"reserva\":\"1\"}]}\n");
  CHECK(rows_of(kEach, R"({"id":1,"pax":[]})") == "{\"id\":\"1\",\"viajeros\":[]}\n");
  CHECK(rows_of(kEach, R"({"id":1})") == "{\"id\":\"1\",\"viajeros\":null}\n");
  INFO("the items are tried one and all");
  const Mapped bad = map(std::string("columns:\n") + kEach + "output: {format: ndjson}\n",
                         R"({"id":1,"pax":[{"age":"x"},{"age":1},{"age":"y"}]})");
  CHECK(bad.rejected ==
        "1: NUMBER_UNREADABLE viajeros[*].edad: \"x\" is not a number as 1234.56\n1: "
        "NUMBER_UNREADABLE viajeros[*].edad: \"y\" is not a number as 1234.56\n");
  INFO("no list");
  CHECK(
      map(std::string("columns:\n") + kEach + "output: {format: ndjson}\n", R"({"id":1,"pax":"x"})")
          .rejected == "1: WRONG_TYPE viajeros: \"x\"; a list is needed, but this is text\n");
  INFO("CSV refuses it");
  CHECK(map(std::string("columns:\n") + kEach, "{}").diagnostics.find("NEEDS_WORD") !=
        std::string::npos);
}

TEST_CASE("nested: each over the entries of an object") {
  static constexpr const char* kEntries =
      "  rooms:\n    each: \"rooms{*}\"\n    called: r\n    columns:\n      id: r.$key\n      "
      "name: r.name\n      beds:\n        each: \"r.beds{*}\"\n        columns: {bed: "
      "item.$key, n: item}\n";
  CHECK(rows_of(kEntries,
                R"({"rooms":{"7":{"name":"A","beds":{"king":1,"sofa":2}},"-8":{"name":"B"}}})",
                "{format: ndjson, blank_as: left-out}") ==
        "{\"rooms\":[{\"id\":\"7\",\"name\":\"A\",\"beds\":[{\"bed\":\"king\",\"n\":"
        "\"1\"},{\"bed\":\"sofa\",\"n\":\"2\"}]},{\"id\":\"-8\",\"name\":\"B\"}]}\n");
  CHECK(rows_of(kEntries, R"({"rooms":{}})") == "{\"rooms\":[]}\n");
  CHECK(map(std::string("columns:\n") + kEntries + "output: {format: ndjson}\n", R"({"rooms":[1]})")
            .rejected == "1: WRONG_TYPE rooms: [1]; an object is needed, but this is a list\n");
  INFO("rooms[*] says the same as rooms");
  CHECK(rows_of("  rooms:\n    each: \"rooms[*]\"\n    columns: {n: item}\n",
                R"({"rooms":[1,2]})") == "{\"rooms\":[{\"n\":\"1\"},{\"n\":\"2\"}]}\n");
  INFO("several lists at once");
  CHECK(map("columns:\n  n:\n    each: \"rooms[*].nights\"\n    columns: {n: item}\noutput: "
            "{format: ndjson}\n",
            "{}")
            .diagnostics.find("ROWS_MANY") != std::string::npos);
  INFO("what is left of the record");
  CHECK(rows_of("  rooms:\n    each: \"rooms{*}\"\n    columns: {n: item.name}\n",
                R"({"rooms":{"7":{"name":"A","area":20}}})",
                "{format: ndjson, rest: yes}") == "{\"rooms\":[{\"n\":\"A\"}]}\n");
}

TEST_CASE("nested: blanks of each are counted by item") {
  const Mapped got =
      map("columns:\n  pax:\n    each: pax\n    columns: {name: item.name, age: item.age}\noutput: "
          "{format: ndjson}\n",
          "{\"pax\":[{\"name\":null},{\"name\":\"B\",\"age\":\"\"},{\"name\":\"C\",\"age\":1}]}\n{"
          "\"pax\":null}");
  CHECK(got.blanks ==
        "pax: 0 missing, 1 null, 0 empty\npax[*].name: 0 missing, 1 null, 0 empty\n"
        "pax[*].age: 1 missing, 0 null, 1 empty\n");
}

TEST_CASE("nested: each inside each and inside rows") {
  CHECK(rows_of("  rooms:\n    each: rooms\n    called: r\n    columns:\n      code: r.code\n      "
                "guests:\n        each: r.guests\n        called: g\n        columns:\n          "
                "name: g\n          room: r.code\n",
                R"({"rooms":[{"code":"A","guests":["x","y"]},{"code":"B","guests":[]}]})") ==
        "{\"rooms\":[{\"code\":\"A\",\"guests\":[{\"name\":\"x\",\"room\":\"A\"},{\"name\":\"y\","
        "\"room\":\"A\"}]},{\"code\":\"B\",\"guests\":[]}]}\n");
  const Mapped got =
      map("rows: {one_per: rooms, called: r}\ncolumns:\n  code: r.code\n  guests:\n    each: "
          "r.guests\n    columns:\n      name: item.n\noutput: {format: ndjson}\n",
          R"({"rooms":[{"code":"A","guests":[{"n":"x"}]},{"code":"B","guests":[{"n":"y"}]}]})");
  CHECK(got.rows ==
        "{\"code\":\"A\",\"guests\":[{\"name\":\"x\"}]}\n{\"code\":\"B\",\"guests\":[{\"name\":"
        "\"y\"}]}\n");
}

TEST_CASE("nested: blanks and numbers") {
  CHECK(rows_of("  a: a\n  b: {from: b, type: integer}\n", R"({"b":1})",
                "{format: ndjson, blank_as: left-out}") == "{\"b\":1}\n");
  CHECK(rows_of("  a: a\n  b: {from: b, type: decimal}\n", R"({"b":12345678901234567890.10})",
                "{format: ndjson, numbers_as: text}") ==
        "{\"a\":null,\"b\":\"12345678901234567890.10\"}\n");
  CHECK(rows_of("  a: a\n", "{\"a\":1}\n{\"a\":2}", "{format: json}") ==
        "[\n{\"a\":\"1\"},\n{\"a\":\"2\"}\n]\n");
  CHECK(rows_of("  a: a\n", "{\"a\":1}", "{format: ndjson, audit_columns: [file, record, line]}") ==
        "{\"a\":\"1\",\"file\":\"dump\",\"record\":1,\"line\":1}\n");
}

}  // namespace trama::test
