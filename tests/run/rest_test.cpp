// `output: rest`: what no column reads goes behind the columns, as it stands in the record.

#include <doctest/doctest.h>

#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "support/mapped.h"

namespace trama::test {
namespace {

/// The row of a record, whose first column is `k`.
std::string row_of(const std::string& columns, const char* record, const char* rest = "yes") {
  const Mapped got = map(
      "columns:\n  k: {value: v}\n" + columns + "output: {format: ndjson, rest: " + rest + "}\n",
      record);
  CHECK(got.diagnostics == "");
  CHECK(got.rejected == "");
  return got.rows;
}

struct Case {
  const char* columns;
  const char* record;
  const char* row;
  const char* why;
};

}  // namespace

TEST_CASE("rest: what is copied") {
  static constexpr Case kCases[] = {
      {"", "{}", R"({"k":"v"})", "nothing there"},
      {"  A: a\n", R"({"a":1})", R"({"k":"v","A":"1"})", "all read"},
      {"  A: b\n", R"({"z":1.50,"b":2,"a":"é\u00e9"})",
       R"({"k":"v","A":"2","z":1.50,"a":"é\u00e9"})", "original bytes and order"},
      {"", R"({"n":null,"o":{},"l":[ ],"t":true})", R"({"k":"v","n":null,"o":{},"l":[ ],"t":true})",
       "blanks are fields"},
      {"", "{\"o\":{\"a\":1,\n\r\"b\":2}}", "{\"k\":\"v\",\"o\":{\"a\":1,  \"b\":2}}",
       "a row is one line"},
      {"  A: g.a\n", R"({"g":{"a":1,"b":2,"c":{"d":3}}})",
       R"({"k":"v","A":"1","g":{"b":2,"c":{"d":3}}})", "partly read"},
      {"  A: g.h.a\n", R"({"g":{"h":{"a":1}},"z":1})", R"({"k":"v","A":"1","z":1})",
       "nothing left of an object"},
      {"  A: g.a\n", R"({"g":null})", R"({"k":"v","A":null})", "null on the way of a path"},
      {"  A: {first_of: [g.a, h]}\n", R"({"g":"text","h":1})", R"({"k":"v","A":"1","g":"text"})",
       "passed over"},
      {"  A: {from: g, type: json}\n", R"({"g":{"a":1}})", R"({"k":"v","A":{"a":1}})",
       "read as a whole"},
      {"  A: g.a\n  B: {from: g, type: json}\n", R"({"g":{"a":1,"b":2}})",
       R"({"k":"v","A":"1","B":{"a":1,"b":2}})", "also in part"},
      {"  A: '\"a.b\"'\n", R"({"a.b":1,"a":{"b":2}})", R"({"k":"v","A":"1","a":{"b":2}})",
       "a key with a dot"},
      {"  A: a\n", R"({"\u0061":1})", R"({"k":"v","A":"1"})", "a key that is escaped"},
      {"  i: {from: a, internal: yes}\n", R"({"a":1,"b":2})", R"({"k":"v","b":2})",
       "an internal column reads too"},
  };
  for (const Case& c : kCases) {
    INFO(c.why);
    CHECK(row_of(c.columns, c.record) == std::string(c.row) + "\n");
  }
}

TEST_CASE("rest: lists keep the places of their items") {
  static constexpr Case kCases[] = {
      {"  A: {from: 'l[*].a', join: ','}\n", R"({"l":[{"a":1,"b":2},{"a":3},{"b":4}]})",
       R"({"k":"v","A":"1,3","l":[{"b":2},{},{"b":4}]})", "items"},
      {"  A: {from: 'l[*].a', join: ','}\n", R"({"l":[{"a":1},{"a":3}]})", R"({"k":"v","A":"1,3"})",
       "nothing left"},
      {"  A: {from: 'l[*]', join: ','}\n", R"({"l":[1,2]})", R"({"k":"v","A":"1,2"})",
       "read as a whole"},
      {"  A: 'l[0]'\n", R"({"l":[1,2,3]})", R"({"k":"v","A":"1","l":[null,2,3]})", "one item"},
      {"  A: 'l[-1].a'\n", R"({"l":[{"a":1},{"a":2,"b":3}]})",
       R"({"k":"v","A":"2","l":[{"a":1},{"b":3}]})", "from the end"},
      {"  A: 'l[-3]'\n", R"({"l":[1,2]})", R"({"k":"v","A":null,"l":[1,2]})",
       "before the beginning"},
      {"  A: /l/1\n", R"({"l":[1,2]})", R"({"k":"v","A":"2","l":[1,null]})",
       "a pointer to an item"},
      {"  A: /l/1\n", R"({"l":{"1":2,"2":3}})", R"({"k":"v","A":"2","l":{"2":3}})",
       "a pointer to a member"},
      {"  A: /l/0/a\n  B: 'l[0].b'\n", R"({"l":[{"a":1,"b":2,"c":3}]})",
       R"({"k":"v","A":"1","B":"2","l":[{"c":3}]})", "both"},
      {"  A: {from: 'l[*][0]', join: ','}\n", R"({"l":[[1,2],[3]]})",
       R"({"k":"v","A":"1,3","l":[[null,2],[null]]})", "lists in lists"},
      {"  A: {from: 'm{*}.a', join: ','}\n", R"({"m":{"x":{"a":1,"b":2},"y":{"a":3}}})",
       R"({"k":"v","A":"1,3","m":{"x":{"b":2}}})", "entries"},
      {"  A: {from: 'm{*}.$key', join: ','}\n", R"({"m":{"x":1}})",
       R"({"k":"v","A":"x","m":{"x":1}})", "keys alone"},
      {"  A: {from: {list: l, where: w, is: [es], take: t}}\n",
       R"({"l":[{"w":"es","t":1},{"w":"en","t":2}]})", R"({"k":"v","A":"1"})",
       "a list to choose from is read"},
      {"  A:\n    each: l\n    columns:\n      a: item.a\n", R"({"l":[{"a":1,"b":2}]})",
       R"({"k":"v","A":[{"a":"1"}],"l":[{"b":2}]})", "each"},
      {"  A:\n    each: l\n    columns:\n      a:\n        each: item.m\n        columns: {x: "
       "item.x}\n",
       R"({"l":[{"m":[{"x":1,"y":2}]}]})",
       R"({"k":"v","A":[{"a":[{"x":"1"}]}],"l":[{"m":[{"y":2}]}]})", "each in each"},
  };
  for (const Case& c : kCases) {
    INFO(c.why);
    CHECK(row_of(c.columns, c.record) == std::string(c.row) + "\n");
  }
}

TEST_CASE("rest: paths to leave out") {
  CHECK(row_of("", R"({"a":1,"g":{"b":2,"c":3},"l":[{"x":1,"y":2}]})", "[a, g.b, 'l[*].x']") ==
        "{\"k\":\"v\",\"g\":{\"c\":3},\"l\":[{\"y\":2}]}\n");
  CHECK(row_of("", R"({"a":1})", "[]") == "{\"k\":\"v\",\"a\":1}\n");
  CHECK(row_of("", R"({"a":1})", "no") == "{\"k\":\"v\"}\n");
}

TEST_CASE("rest: only columns read") {
  const Mapped got =
      map("input: {id: id}\nonly: {when: not (source.s is blank)}\nduplicates: {same: d}\n"
          "columns:\n  k: {value: v}\n  n: {compute: '1 + source.c'}\n"
          "rules:\n  - {name: r, check: not (source.x is blank)}\noutput: {format: ndjson, rest: "
          "yes}\n",
          R"({"id":1,"s":2,"d":3,"x":4,"c":5})");
  CHECK(got.diagnostics == "");
  CHECK(got.rows == "{\"k\":\"v\",\"n\":6,\"id\":1,\"s\":2,\"d\":3,\"x\":4}\n");
}

TEST_CASE("rest: a row has no key twice") {
  const Mapped got =
      map("columns:\n  status: state\n  guest.mail: mail\noutput: {format: ndjson, blank_as: "
          "left-out, rest: yes, audit_columns: [line]}\n",
          "{\"status\":1,\"guest\":{\"phone\":2},\"line\":3,\"a\":4}\n{\"stat\\u0075s\":5}\n{"
          "\"status\":{},\"guest\":\"g\"}\n");
  CHECK(got.rows == "{\"a\":4,\"line\":1}\n{\"line\":2}\n{\"line\":3}\n");
  CHECK(
      got.warned ==
      "FIELD_UNKNOWN : source field \"status\" not copied: the row has a column of that name × 3\n"
      "FIELD_UNKNOWN : source field \"guest\" not copied: the row has a column of that name × 2\n"
      "FIELD_UNKNOWN : source field \"line\" not copied: the row has a column of that name × 1\n");
  INFO("a name in the way of a column is only taken at the top");
  CHECK(row_of("", R"({"g":{"k":1}})") == "{\"k\":\"v\",\"g\":{\"k\":1}}\n");
}

TEST_CASE("rest: what was learned of other records changes nothing") {
  const std::string mapping = "columns: {k: a, m: 'b.c'}\noutput: {format: ndjson, rest: yes}\n";
  const std::string_view records[] = {
      R"({"a":1,"b":{"c":2,"d":3},"e":4,"f":[5,{"g":6}]})",
      R"({"a":1,"b":{"c":2},"e":4,"f":7})",
      R"({"e":4,"a":1,"f":{"a":1}})",
      R"({"a":1 , "e" : 4 ,"f": [ 1 , 2 ],"h":"x"})",
      R"({"\u0061":1,"\u0065":4,"f":5})",
      R"({"e":4,"f":5,"k":6,"h":7})",
      R"({"m":1,"b":null,"e":{},"f":""})",
      R"({"a":{},"e":4,"f":5})",
      R"({"f":5})",
      R"({"z":0,"y":1,"x":2,"w":3,"v":4})",
      R"({})",
  };
  std::string dump;
  std::string expected;
  std::mt19937 random(5);
  for (int i = 0; i < 400; ++i) {
    const std::string_view record = records[random() % std::size(records)];
    dump += std::string(record) + '\n';
    expected += map(mapping, std::string(record)).rows;
  }
  CHECK(map(mapping, dump).rows == expected);
}

TEST_CASE("rest: several rows of a record") {
  const Mapped got = map(
      "rows: [{one_per: rooms, called: room}, {one_per: room.guests, called: g}]\ncolumns: {n: "
      "g.n}\noutput: {format: json, rest: yes}\n",
      R"({"ref":1,"rooms":[{"code":"A","guests":[{"n":1},{"n":2}]},{"guests":[{"n":3}]}],"z":null})");
  CHECK(got.rows ==
        "[\n{\"n\":\"1\",\"ref\":1,\"z\":null},\n{\"n\":\"2\",\"ref\":1,\"z\":null},\n{\"n\":\"3\","
        "\"ref\":1,\"z\":null}\n]\n");
  const Mapped entries =
      map("rows: {one_per: 'days{*}', called: day}\ncolumns: {d: day.$key}\noutput: {format: "
          "ndjson, rest: yes}\n",
          R"({"days":{"x":1},"ref":2})");
  CHECK(entries.rows == "{\"d\":\"x\",\"ref\":2}\n");
}

TEST_CASE("rest: the output schema judges it with the row") {
  const Mapped mapped = map(
      "input: {id: id}\ncolumns:\n  Id: {from: id, required: yes}\n"
      "output: {format: ndjson, rest: yes, schema: s.json}\n",
      R"({"id":"1","n":5})"
      "\n"
      R"({"id":"2","n":"x"})"
      "\n"
      R"({"id":"3","other":5})"
      "\n"
      R"({"id":"4"})",
      {{"s.json",
        R"({"properties": {"Id": {"type": "string"}, "n": {"type": "integer"}}, "additionalProperties": false})"}});
  CHECK(mapped.rows == "{\"Id\":\"1\",\"n\":5}\n{\"Id\":\"4\"}\n");
  CHECK(mapped.rejected ==
        "2: SCHEMA_MISMATCH : the output schema asks for type integer at /n\n"
        "3: SCHEMA_MISMATCH : the output schema asks for no other fields "
        "(additionalProperties)\n");
}

TEST_CASE("rest: CSV refuses it") {
  CHECK(map("columns: {a: a}\noutput: {format: csv, rest: yes}\n", "{}")
            .diagnostics.find("NEEDS_WORD") != std::string::npos);
}

}  // namespace trama::test
