// rows: lists that become rows, and what is in reach of them (mappings/rules.md, rules 4.6,
// 5.10 and 5.20).

#include <doctest/doctest.h>

#include <iterator>
#include <random>
#include <regex>
#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

struct Case {
  const char* why;
  const char* mapping;
  const char* dump;
  const char* rows;
  const char* rejected = "";
  const char* counts = nullptr;
};

void run_cases(std::span<const Case> cases) {
  for (const Case& c : cases) {
    INFO(c.why);
    const Mapped got = map(c.mapping, c.dump);
    CHECK(got.diagnostics == "");
    CHECK(got.rows == c.rows);
    CHECK(got.rejected == c.rejected);
    if (c.counts != nullptr) CHECK(got.counts == c.counts);
  }
}

}  // namespace

TEST_CASE("rows: one level") {
  static constexpr const char* kPax = R"(
rows: {one_per: pax, called: p}
columns: {Id: id, Name: p.name, Hotel: hotel.name}
)";
  static constexpr Case kCases[] = {
      {"the parent is in reach wherever it stands", kPax,
       R"({"pax":[{"name":"Ana"},{"name":"Luis"}],"id":1,"hotel":{"name":"Sol"}})",
       "1,Ana,Sol\n1,Luis,Sol\n"},
      {"nothing there: no list that is empty", kPax, R"({"id":1})", "",
       "1: REQUIRED_BLANK : pax is missing, and when_missing is reject\n",
       "1 = 0 written (0 rows) + 1 rejected + 0 skipped + 0 duplicate"},
      {"null: one row", kPax, R"({"id":1,"pax":null})", "1,,\n"},
      {"an empty list: one row", kPax, R"({"id":1,"pax":[]})", "1,,\n"},
      {"an object where a list is meant", kPax, R"({"id":1,"pax":{"name":"Ana"}})", "",
       "1: WRONG_TYPE : {\"name\":\"Ana\"}; a list is needed, but this is an object\n"},
      {"an item that is null gives blanks", kPax, R"({"id":1,"pax":[null,{"name":"B"}]})",
       "1,,\n1,B,\n"},
      {"an item that is text is in the way", kPax, R"({"id":1,"pax":["x"]})", "",
       "1: WRONG_TYPE Name: \"x\"; the path p.name needs an object on its way, but meets text\n"},
      {"items with their keys in any order, escaped, missing, blank",
       "rows: {one_per: pax, called: p}\n"
       "columns: {Id: id, Name: p.name, Again: p.name, Age: {from: p.age, type: integer},\n"
       "          Doc: {from: p.doc, null_words: [N/A], when_null: none}}",
       R"({"id":1,"pax":[{"name":"Ana","age":5,"doc":"A1"},{"doc":"N/A","x":{"name":"no"},"name":"Luis"},)"
       R"({"n\u0061me":"Eva","age":null,"doc":" N/A "},{"age":7,"name":"","doc":null},{}]})",
       "1,Ana,Ana,5,A1\n1,Luis,Luis,,none\n1,Eva,Eva,,none\n1,,,7,none\n1,,,,\n"},
      {"an item's wrong value is told at its place",
       "rows: {one_per: pax, called: p}\ncolumns: {Id: id, Age: {from: p.age, type: integer}}",
       R"({"id":1,"pax":[{"age":5},{"age":"x"}]})", "",
       "1: NUMBER_UNREADABLE Age: \"x\" is not a number as 1234.56\n"},
      {"two levels, both with fields of the same name",
       "rows: [{one_per: rooms, called: r}, {one_per: r.pax, called: p, when_missing: one-row}]\n"
       "columns: {Room: r.name, Name: p.name}",
       R"({"rooms":[{"name":"A","pax":[{"name":"1"},{"name":"2"}]},{"pax":[{"name":"3"}]},{"name":"C"}]})",
       "A,1\nA,2\n,3\nC,\n"},
      {"skip leaves the record out, counted",
       "rows: {one_per: pax, called: p, when_empty: skip}\ncolumns: {Id: id}",
       "{\"id\":1,\"pax\":[]}\n{\"id\":2,\"pax\":[{}]}", "2\n", "",
       "2 = 1 written (1 rows) + 0 rejected + 1 skipped + 0 duplicate"},
      {"reject says so", "rows: {one_per: pax, called: p, when_empty: reject}\ncolumns: {Id: id}",
       R"({"id":1,"pax":[]})", "",
       "1: REQUIRED_BLANK : pax has no items, and when_empty is reject\n"},
      {"one or many: an object is one item",
       "rows: {one_per: room, called: r, one_or_many: yes}\ncolumns: {Code: r.code}",
       "{\"room\":{\"code\":\"A\"}}\n{\"room\":[{\"code\":\"B\"},{\"code\":\"C\"}]}\n{\"room\":"
       "null}",
       "A\nB\nC\n\"\"\n"},
      {"one or many: a scalar is one item too",
       "rows: {one_per: tag, called: t, one_or_many: yes}\ncolumns: {Tag: t}",
       "{\"tag\":\"x\"}\n{\"tag\":[\"y\",\"z\"]}", "x\ny\nz\n"},
      {"called hides a field, which /name reaches",
       "rows: {one_per: items, called: id}\ncolumns: {Item: id.n, Record: /id}",
       R"({"id":7,"items":[{"n":1}]})", "1,7\n"},
      {"a list deep inside", "rows: {one_per: a.b, called: x}\ncolumns: {X: x}",
       R"({"a":{"b":[1,2]}})", "1\n2\n"},
      {"its way meets text", "rows: {one_per: a.b, called: x}\ncolumns: {X: x}", R"({"a":"t"})", "",
       "1: WRONG_TYPE : \"t\"; the path a.b needs an object on its way, but meets text\n"},
      {"its way meets null", "rows: {one_per: a.b, called: x}\ncolumns: {X: x}", R"({"a":null})",
       "\"\"\n"},
  };
  run_cases(kCases);
}

TEST_CASE("rows: entries of an object and their keys") {
  static constexpr Case kCases[] = {
      {"each entry is a row",
       "rows: {one_per: \"rates{*}\", called: r}\ncolumns: {Code: $key, Price: r.price}",
       R"({"rates":{"BAR":{"price":10},"NR":{"price":8}}})", "BAR,10\nNR,8\n"},
      {"the key goes by the item's name too",
       "rows: {one_per: \"rates{*}\", called: r}\ncolumns: {Code: r.$key, Price: r}",
       R"({"rates":{"2020-11-13":"76.50","a.b":"1"}})", "2020-11-13,76.50\na.b,1\n"},
      {"a list is no object", "rows: {one_per: \"rates{*}\", called: r}\ncolumns: {Price: r}",
       R"({"rates":[1]})", "", "1: WRONG_TYPE : [1]; an object is needed, but this is a list\n"},
      {"an empty object", "rows: {one_per: \"rates{*}\", called: r}\ncolumns: {Id: id, Code: $key}",
       R"({"id":1,"rates":{}})", "1,\n"},
      {"keys with escapes", "rows: {one_per: \"m{*}\", called: r}\ncolumns: {K: $key}",
       R"({"m":{"a\u00f1\"b":1}})", "\"añ\"\"b\"\n"},
  };
  run_cases(kCases);
}

TEST_CASE("rows: lists side by side") {
  static constexpr const char* kNights = R"(
rows: {one_per: [dates, rates], called: [day, rate]}
columns: {Id: id, Day: day, Rate: rate}
)";
  static constexpr Case kCases[] = {
      {"in step", kNights, R"({"id":1,"dates":["d1","d2"],"rates":[10,20]})", "1,d1,10\n1,d2,20\n"},
      {"of different lengths", kNights, R"({"id":1,"dates":["d1"],"rates":[10,20]})", "",
       "1: WRONG_TYPE : the lists side by side have 1 (dates) and 2 (rates) items\n"},
      {"one null, the other empty", kNights, R"({"id":1,"dates":[],"rates":null})", "1,,\n"},
      {"one missing, the other empty", kNights, R"({"id":1,"dates":[]})", "",
       "1: REQUIRED_BLANK : rates is missing, and when_missing is reject\n"},
      {"one empty, the other not", kNights, R"({"id":1,"dates":["d"],"rates":[]})", "",
       "1: WRONG_TYPE : the lists side by side have 1 (dates) and 0 (rates) items\n"},
  };
  run_cases(kCases);
}

/// The messages of a rejects file, without places.
std::string told_in(const std::string& rejects) {
  static const std::regex message("\"message\": \"((?:[^\"\\\\]|\\\\.)*)\"");
  std::string all;
  for (std::sregex_iterator at(rejects.begin(), rejects.end(), message), end; at != end; ++at)
    all += (*at)[1].str() + '\n';
  return all;
}

TEST_CASE("rows: what the lists of one record held changes nothing of another") {
  const std::string shapes[] = {
      "rows: {one_per: ['l{*}', 'm{*}'], called: [a, b]}\ncolumns: {K: a.$key, V: a.v, W: b.v}\n",
      "rows: {one_per: [l, m], called: [a, b]}\ncolumns: {V: a.v, W: b.v}\n",
      "rows: {one_per: [l, m], called: [a, b], one_or_many: yes}\ncolumns: {V: a.v, W: b.v}\n",
      "rows: {one_per: [{split: l, by: ';'}, {split: m, by: ';'}], called: [a, b]}\ncolumns: {V: a, W: b}\n",
      "rows: {one_per: [{split: l, by: ';'}, m], called: [a, b]}\ncolumns: {V: a, W: b.v}\n",
      "rows: {one_per: [{days_from: l, until: m}, n], called: [a, b]}\ncolumns: {V: a, W: b.v}\n",
      "columns: {A: {each: 'l{*}', called: a, columns: {k: a.$key, v: a.v}}, B: {each: m, called: b, columns: {v: b.v}}}\n",
  };
  const std::string values[] = {
      "",
      "null",
      "\"\"",
      "\"  \"",
      "{}",
      "[]",
      "{\"x\":{\"v\":1},\"y\":{\"v\":2}}",
      "{\"y\":{\"v\":3},\"x\":{\"v\":4}}",
      "{\"z\":{\"v\":5}}",
      "[{\"v\":6},{\"v\":7}]",
      "[{\"v\":8}]",
      "\"p;;q;\"",
      "\"r\"",
      "\"2025-03-01\"",
      "\"2025-03-03\"",
  };
  std::mt19937 random(17);
  for (const std::string& shape : shapes) {
    const std::string mapping = shape + "output: {format: ndjson, blank_rows: keep}\n";
    REQUIRE(map(mapping, "{}").diagnostics == "");
    std::string dump;
    std::string rows;
    std::string told;
    for (int i = 0; i < 250; ++i) {
      std::string record = "{\"id\":" + std::to_string(i);
      for (const char* name : {"l", "m", "n"}) {
        const std::string& value = values[random() % std::size(values)];
        if (!value.empty()) record += ",\"" + std::string(name) + "\":" + value;
      }
      record += "}\n";
      const Mapped alone = map(mapping, record);
      dump += record;
      rows += alone.rows;
      told += told_in(alone.rejects);
    }
    INFO(shape);
    const Mapped together = map(mapping, dump);
    CHECK(together.rows == rows);
    CHECK(told_in(together.rejects) == told);
  }
}

TEST_CASE("rows: two levels") {
  static constexpr const char* kGuests = R"(
rows:
  - {one_per: rooms, called: room}
  - {one_per: room.guests, called: guest}
columns: {Id: id, Room: room.code, Guest: guest.name}
)";
  static constexpr Case kCases[] = {
      {"room, then guest", kGuests,
       R"({"id":1,"rooms":[{"code":"A","guests":[{"name":"x"},{"name":"y"}]},{"code":"B","guests":[{"name":"z"}]}]})",
       "1,A,x\n1,A,y\n1,B,z\n"},
      {"a room without guests has one row", kGuests,
       R"({"id":1,"rooms":[{"code":"A","guests":[]},{"code":"B","guests":[{"name":"z"}]}]})",
       "1,A,\n1,B,z\n"},
      {"no rooms: one row", kGuests, R"({"id":1,"rooms":null})", "1,,\n"},
      {"an item that is itself a list",
       "rows:\n  - {one_per: m, called: line}\n  - {one_per: line, called: cell}\ncolumns: {C: "
       "cell}",
       R"({"m":[[1,2],[3]]})", "1\n2\n3\n"},
      {"skip at the inner level alone",
       "rows:\n  - {one_per: rooms, called: room}\n  - {one_per: room.guests, called: guest, "
       "when_empty: skip}\ncolumns: {R: room.code, G: guest}",
       R"({"rooms":[{"code":"A","guests":[]},{"code":"B","guests":["z"]}]})", "B,z\n"},
      {"skip at both: no row is left",
       "rows:\n  - {one_per: rooms, called: room}\n  - {one_per: room.guests, called: guest, "
       "when_empty: skip}\ncolumns: {R: room.code}",
       R"({"rooms":[{"code":"A","guests":null}]})", "", "",
       "1 = 0 written (0 rows) + 0 rejected + 1 skipped + 0 duplicate"},
  };
  run_cases(kCases);
}

TEST_CASE("rows: bad items") {
  const auto pax = [](const char* more) {
    return std::string("rows: {one_per: pax, called: p") + more +
           "}\ncolumns:\n  Id: {from: id, type: integer}\n  Age: {from: p.age, type: integer}\n";
  };
  const char* dump = R"({"id":1,"pax":[{"age":30},{"age":"x"},{"age":"y"}]})";
  Mapped got = map(pax(""), dump);
  CHECK(got.rows == "");
  CHECK(got.rejected ==
        "1: NUMBER_UNREADABLE Age: \"x\" is not a number as 1234.56\n1: NUMBER_UNREADABLE Age: "
        "\"y\" is not a number as 1234.56\n");
  got = map(pax(", bad_item: skip-item"), dump);
  CHECK(got.rows == "1,30\n");
  CHECK(got.rejected == "");
  CHECK(got.warned ==
        "NUMBER_UNREADABLE Age: \"x\" is not a number as 1234.56 × 1\nNUMBER_UNREADABLE Age: \"y\" "
        "is not a number as 1234.56 × 1\n");
  INFO("none left: rejected");
  got = map(pax(", bad_item: skip-item"), R"({"id":1,"pax":[{"age":"x"}]})");
  CHECK(got.counts == "1 = 0 written (0 rows) + 1 rejected + 0 skipped + 0 duplicate");
  CHECK(got.rejected == "1: NUMBER_UNREADABLE Age: \"x\" is not a number as 1234.56\n");
  INFO("an error of the record is no item's");
  got = map(pax(", bad_item: skip-item"), R"({"id":"no","pax":[{"age":1},{"age":2}]})");
  CHECK(got.rejected == "1: NUMBER_UNREADABLE Id: \"no\" is not a number as 1234.56\n");
  INFO("a rule that an item breaks skips the item");
  got =
      map("rows: {one_per: pax, called: p, bad_item: skip-item}\ncolumns:\n  Age: {from: p.age, "
          "type: integer}\nrules:\n  - {name: adult, check: Age >= 18, message: too young}\n",
          R"({"pax":[{"age":30},{"age":3}]})");
  CHECK(got.rows == "30\n");
  CHECK(got.warned == "RULE_BROKEN adult: too young × 1\n");
}

TEST_CASE("rows: bad items at two levels") {
  static constexpr const char* kMapping = R"(
rows:
  - {one_per: rooms, called: room, bad_item: skip-item}
  - {one_per: room.guests, called: g}
columns:
  Room: room.code
  Age: {from: g.age, type: integer}
)";
  const Mapped got = map(
      kMapping,
      R"({"rooms":[{"code":"A","guests":[{"age":1},{"age":"x"}]},{"code":"B","guests":[{"age":2}]}]})");
  INFO("the guests' own level says reject-record, the default");
  CHECK(got.counts == "1 = 0 written (0 rows) + 1 rejected + 0 skipped + 0 duplicate");
  std::string skipping = kMapping;
  skipping.replace(skipping.find("called: g}"), 10, "called: g, bad_item: skip-item}");
  CHECK(
      map(skipping,
          R"({"rooms":[{"code":"A","guests":[{"age":1},{"age":"x"}]},{"code":"B","guests":[{"age":2}]}]})")
          .rows == "A,1\nB,2\n");
  INFO("a room whose guests are all bad is a bad room");
  CHECK(map(skipping,
            R"({"rooms":[{"code":"A","guests":[{"age":"x"}]},{"code":"B","guests":[{"age":2}]}]})")
            .rows == "B,2\n");
  CHECK(map(skipping, R"({"rooms":[{"code":"A","guests":[{"age":"x"}]}]})").rows == "");
}

TEST_CASE("rows: what several rows of a record share is told once") {
  const Mapped got =
      map("rows: {one_per: pax, called: p}\ncolumns:\n  Tag: {from: [p.n, code], join: \"-\"}\n  "
          "Both: {from: [p.n, deep], join: \"-\"}\n",
          R"({"code":"c","deep":{"x":1},"pax":[{"n":1},{"n":2}]})");
  CHECK(got.rejected ==
        "1: WRONG_TYPE Both: {\"x\":1}; one value is needed, but this is an object\n");
}

TEST_CASE("rows: on_extra_rows") {
  const auto with = [](const char* how, const char* dump) {
    return map(std::string("rows: {one_per: pax, called: p}\ncolumns:\n  Id: id\n  Total: {from: "
                           "total, type: money, currency: USD, on_extra_rows: ") +
                   how + "}\n",
               dump);
  };
  const char* three = R"({"id":1,"total":"100.00","pax":[1,2,3]})";
  CHECK(with("repeat", three).rows == "1,100.00\n1,100.00\n1,100.00\n");
  CHECK(with("leave-blank", three).rows == "1,100.00\n1,\n1,\n");
  CHECK(with("share", three).rows == "1,33.34\n1,33.33\n1,33.33\n");
  INFO("a refund mirrors the sale, and the shares still add up");
  CHECK(with("share", R"({"id":1,"total":"-100.00","pax":[1,2,3]})").rows ==
        "1,-33.34\n1,-33.33\n1,-33.33\n");
  CHECK(with("share", R"({"id":1,"total":"0.02","pax":[1,2,3]})").rows ==
        "1,0.01\n1,0.01\n1,0.00\n");
  CHECK(with("share", R"({"id":1,"total":"5.00","pax":[]})").rows == "1,5.00\n");
  CHECK(with("share", R"({"id":1,"total":null,"pax":[1,2]})").rows == "1,\n1,\n");
}

TEST_CASE("rows: what is counted as blank") {
  INFO("not what leave-blank leaves out of further rows");
  CHECK(map("rows: {one_per: pax, called: p}\ncolumns:\n  Total: {from: total, type: money, "
            "currency: USD, on_extra_rows: leave-blank}\n",
            "{\"total\":\"1\",\"pax\":[1,2,3]}\n{\"total\":null,\"pax\":[1]}")
            .blanks == "Total: 0 missing, 1 null, 0 empty\n");
  INFO("not those of items that were left out, nor their defaults");
  const Mapped got =
      map("rows: {one_per: pax, called: p, bad_item: skip-item}\ncolumns:\n  Name: p.name\n  Age: "
          "{from: p.age, type: integer}\n  Sex: {from: p.sex, when_missing: X}\n",
          R"({"pax":[{"age":"x"},{"age":1}]})");
  CHECK(got.rows == ",1,X\n");
  CHECK(got.blanks ==
        "Name: 1 missing, 0 null, 0 empty\nSex: 0 missing, 0 null, 0 empty, 1 default\n");
  INFO("what when_wrong let pass is told apart from what the supplier left blank");
  CHECK(
      map("columns:\n  A: {from: a, type: integer, when_wrong: write-blank}\n  B: {from: b, type: "
          "integer, when_wrong: write-original}\n  C: {from: c, type: integer, when_wrong: "
          "{write: 0}}\n",
          "{\"a\":\"x\",\"b\":\"x\",\"c\":\"x\"}\n{\"b\":1,\"c\":1}")
          .blanks ==
      "A: 1 missing, 0 null, 0 empty, 1 wrong\nB: 0 missing, 0 null, 0 empty, 1 wrong\nC: 0 "
      "missing, 0 null, 0 empty, 1 wrong\n");
}

TEST_CASE("rows: nine levels") {
  std::string rows = "rows:\n  - {one_per: l, called: a1}\n";
  for (int i = 2; i <= 9; ++i)
    rows += "  - {one_per: a" + std::to_string(i - 1) + ", called: a" + std::to_string(i) + "}\n";
  const Mapped got = map(rows + "columns: {N: {from: a9, type: integer}}\n",
                         "{\"l\":[[[[[[[[[1,2]]]]]]]]]}\n{\"l\":[[[[[[[[[\"x\"]]]]]]]]]}");
  CHECK(got.rows == "1\n2\n");
  CHECK(got.rejected == "2: NUMBER_UNREADABLE N: \"x\" is not a number as 1234.56\n");
}

TEST_CASE("rows: on_extra_rows of numbers that are no money") {
  const auto with = [](const char* words) {
    return map(std::string("rows: {one_per: pax, called: p}\ncolumns:\n  N: {from: n, ") + words +
                   "}\n",
               R"({"n":"1.00","pax":[1,2,3]})")
        .rows;
  };
  CHECK(with("type: decimal, on_extra_rows: share") == "0.34\n0.33\n0.33\n");
  CHECK(with("type: decimal, on_extra_rows: leave-blank") == "1.00\n\"\"\n\"\"\n");
  CHECK(with("type: decimal, on_extra_rows: repeat") == "1.00\n1.00\n1.00\n");
}

TEST_CASE("check: words beside required and marks that cannot be used together") {
  CHECK(map("columns:\n  A: {from: a, required: yes, lookup: {x: y}, unknown: write-blank}\n", "{}")
            .diagnostics.find("WORDS_TOGETHER") != std::string::npos);
  CHECK(map("columns:\n  A: a\noutput: {format: csv, separator: \";\", decimal_mark: \",\", "
            "thousands_mark: \";\"}\n",
            "{}")
            .diagnostics.find("MARKS_ALIKE") != std::string::npos);
}

TEST_CASE("rows: on_extra_rows with several levels") {
  static constexpr const char* kMapping = R"(
rows:
  - {one_per: rooms, called: room}
  - {one_per: room.guests, called: g}
columns:
  Booking: {from: total, type: money, currency: USD, on_extra_rows: share}
  Room: {from: room.price, type: money, currency: USD, on_extra_rows: leave-blank}
  Guest: g
)";
  const Mapped got = map(
      kMapping,
      R"({"total":"10.00","rooms":[{"price":"6.00","guests":["a","b"]},{"price":"4.00","guests":["c"]}]})");
  CHECK(got.rows == "3.34,6.00,a\n3.33,,b\n3.33,4.00,c\n");
}

TEST_CASE("rows: a rule judges whole values before they are spread") {
  const Mapped got = map(
      "rows: {one_per: pax, called: p}\ncolumns:\n  Total: {from: total, type: money, currency: "
      "USD, on_extra_rows: leave-blank}\nrules:\n  - {name: r, check: Total > 5, message: m}\n",
      R"({"total":"10","pax":[1,2]})");
  CHECK(got.warned == "");
  CHECK(got.rows == "10.00\n\"\"\n");
}

}  // namespace trama::test
