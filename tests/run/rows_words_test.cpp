// The words of `rows` beside one list: when_missing, at_most, where, split, days, $number
// (mappings/rules.md, rules 9.7, 9.24 and 9.25).

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

struct Case {
  const char* why;
  const char* mapping;
  const char* dump;
  const char* said;
  const char* counts = nullptr;
};

void run_cases(std::span<const Case> cases) {
  for (const Case& c : cases) {
    INFO(c.why);
    const Mapped got = map(c.mapping, c.dump);
    CHECK(messages(got.diagnostics) + got.rows + got.rejected + got.warned == c.said);
    if (c.counts != nullptr) CHECK(got.counts == c.counts);
  }
}

std::string list_of(std::size_t count, const std::string& item) {
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i) out += (i > 0 ? "," : "") + item;
  return out + "]";
}

}  // namespace

TEST_CASE("rows: a list that is not there is not an empty one") {
  static constexpr Case kCases[] = {
      {"rejected unless stated", "rows: {one_per: a, called: x}\ncolumns: {A: x.b, I: id}",
       "{\"id\":1}\n{\"id\":2,\"a\":[]}",
       ",2\n1: REQUIRED_BLANK : a is missing, and when_missing is reject\n"},
      {"on its way too", "rows: {one_per: a.l, called: x}\ncolumns: {A: x.b, I: id}",
       "{\"id\":1,\"a\":{}}\n{\"id\":2,\"a\":null}\n{\"id\":3,\"a\":\"\"}",
       ",2\n,3\n1: REQUIRED_BLANK : a.l is missing, and when_missing is reject\n"},
      {"one row",
       "rows: {one_per: a, called: x, when_missing: one-row, when_empty: reject}\n"
       "columns: {I: id}",
       "{\"id\":1}\n{\"id\":2,\"a\":null}",
       "1\n2: REQUIRED_BLANK : a has no items, and when_empty is reject\n"},
      {"skipped", "rows: {one_per: a, called: x, when_missing: skip}\ncolumns: {I: id}",
       "{\"id\":1}\n{\"id\":2,\"a\":[]}", "2\n",
       "2 = 1 written (1 rows) + 0 rejected + 1 skipped + 0 duplicate"},
      {"of an item: the item's error",
       "rows: [{one_per: a, called: x, bad_item: skip-item}, {one_per: x.l, called: y}]\n"
       "columns: {N: x.n, Y: y}",
       R"({"a":[{"n":1},{"n":2,"l":["q"]}]})",
       "2,q\nREQUIRED_BLANK : x.l is missing, and when_missing is reject × 1\n"},
      {"of an item that is not there it is empty",
       "rows: [{one_per: a, called: x}, {one_per: x.l, called: y}]\ncolumns: {I: id, Y: y}",
       R"({"id":1,"a":[]})", "1,\n"},
      {"of an item that is null it is null",
       "rows: [{one_per: a, called: x}, {one_per: x.l, called: y}]\ncolumns: {I: id, Y: y}",
       R"({"id":1,"a":[null]})", "1,\n"},
      {"side by side", "rows: {one_per: [a, b], called: [x, y]}\ncolumns: {I: id}",
       "{\"id\":1,\"a\":[1]}\n{\"id\":2,\"a\":[1],\"b\":[]}\n{\"id\":3,\"a\":null,\"b\":[]}",
       "3\n1: REQUIRED_BLANK : b is missing, and when_missing is reject\n"
       "2: WRONG_TYPE : the lists side by side have 1 (a) and 0 (b) items\n"},
      {"one or many: a blank is no item",
       "rows: {one_per: a, called: x, one_or_many: yes, when_empty: skip}\ncolumns: {A: x}",
       "{\"a\":{}}\n{\"a\":\"\"}\n{\"a\":\"q\"}\n{\"a\":[]}", "q\n",
       "4 = 1 written (1 rows) + 0 rejected + 3 skipped + 0 duplicate"},
  };
  run_cases(kCases);
}

TEST_CASE("rows: at_most") {
  static constexpr const char* kTwo =
      "rows: [{one_per: a, called: x}, {one_per: b, called: y}]\ncolumns: {A: x, B: y}";
  const std::string many = R"({"a":)" + list_of(200, "1") + R"(,"b":)" + list_of(200, "2") + "}";
  Mapped got = map(kTwo, many + "\n" + R"({"a":[1],"b":[2,3]})");
  CHECK(
      messages(got.diagnostics) ==
      "warning[ROWS_MULTIPLY]: the rows of 'y' and 'x' multiply: neither list is inside the other, "
      "so a record makes a row for each pair\n");
  CHECK(got.rows == "1,2\n1,3\n");
  CHECK(got.rejected == "1: TOO_MANY_ROWS : the record makes more than 10000 rows\n");
  CHECK(got.rejects.find(R"("path": "/a")") != std::string::npos);

  static constexpr const char* kOne = "rows: {one_per: a, called: x}\ncolumns: {A: x}";
  got = map(kOne, R"({"a":)" + list_of(10000, "1") + "}");
  CHECK(got.rejected == "");
  CHECK(got.counts == "1 = 1 written (10000 rows) + 0 rejected + 0 skipped + 0 duplicate");
  got = map(kOne, R"({"a":)" + list_of(10001, "1") + "}");
  CHECK(got.rows == "");
  CHECK(got.rejected == "1: TOO_MANY_ROWS : the record makes more than 10000 rows\n");

  // Items that make no row are looked at once for each item of the level that they multiply with.
  static constexpr const char* kNone =
      "rows: [{one_per: a, called: x, at_most: 1}, {one_per: b, called: y, where: {k: q}, when_empty: "
      "skip}]\ncolumns: {A: x, B: y.k}";
  const std::string b = ",\"b\":" + list_of(111, "{\"k\":\"p\"}") + "}";
  got = map(kNone, R"({"a":)" + list_of(9, "1") + b);
  CHECK(got.counts == "1 = 0 written (0 rows) + 0 rejected + 1 skipped + 0 duplicate");
  got = map(kNone, R"({"a":)" + list_of(10, "1") + b);
  CHECK(got.rejected == "1: TOO_MANY_ROWS : 1000 items of lists that multiply made no row\n");

  static constexpr Case kCases[] = {
      {"at the limit, and one more", "rows: {one_per: a, called: x, at_most: 2}\ncolumns: {A: x}",
       "{\"a\":[1,2]}\n{\"a\":[1,2,3]}",
       "1\n2\n2: TOO_MANY_ROWS : the record makes more than 2 rows\n"},
      {"nothing else of the record is reported",
       "rows: {one_per: a, called: x, at_most: 2}\ncolumns: {A: {from: x, type: integer}}\n"
       "rules: [{name: r, check: A > 1, level: stop}]",
       "{\"a\":[\"q\",1,3]}\n{\"a\":[2]}",
       "2\n1: TOO_MANY_ROWS : the record makes more than 2 rows\n"},
      {"over all levels, at the inner one",
       "rows: [{one_per: a, called: x}, {one_per: x.l, called: y, at_most: 3}]\ncolumns: {A: y}",
       "{\"a\":[{\"l\":[1,2]},{\"l\":[3]}]}\n{\"a\":[{\"l\":[1,2]},{\"l\":[3,4]}]}",
       "1\n2\n3\n2: TOO_MANY_ROWS : the record makes more than 3 rows\n"},
      {"items that are dropped count too",
       "rows: {one_per: a, called: x, at_most: 2, bad_item: skip-item}\n"
       "columns: {A: {from: x, type: integer}}",
       "{\"a\":[\"q\",2,3]}", "1: TOO_MANY_ROWS : the record makes more than 2 rows\n"},
      {"stated twice",
       "rows: [{one_per: a, called: x, at_most: 5}, {one_per: x.l, called: y, at_most: 5}]\n"
       "columns: {A: y}",
       "{}", "error[WORDS_TOGETHER]: 'at_most' and 'at_most' cannot be used together\n"},
      {"none at all", "rows: {one_per: a, called: x, at_most: 0}\ncolumns: {A: x}", "{}",
       "error[VALUE_WRONG]: '0' is not a value of 'at_most'\n"},
      {"levels inside each other do not multiply",
       "rows: [{one_per: a, called: x}, {one_per: x.l, called: y}, {one_per: y.m, called: z}]\n"
       "columns: {A: z}",
       R"({"a":[{"l":[{"m":[1]}]}]})", "1\n"},
      {"two lists of one item do",
       "rows: [{one_per: a, called: x}, {one_per: x.l, called: y}, {one_per: x.m, called: z}]\n"
       "columns: {A: z}",
       R"({"a":[{"l":[1],"m":[2]}]})",
       "warning[ROWS_MULTIPLY]: the rows of 'z' and 'y' multiply: neither list is inside the "
       "other, "
       "so a record makes a row for each pair\n2\n"},
      {"side by side with the item is inside it",
       "rows: [{one_per: a, called: x}, {one_per: [b, x.l], called: [y, z]}]\ncolumns: {A: z}",
       R"({"a":[{"l":[1]}],"b":[2]})", "1\n"},
  };
  run_cases(kCases);
}

TEST_CASE("rows: where") {
  static constexpr const char* kFree =
      "rows: {one_per: seats, called: s, where: {free: [\"true\"], row: [\"1\", \"2\"]}}\n"
      "columns: {S: s.n, N: s.$number}";
  static constexpr Case kCases[] = {
      {"items that do not fit are none", kFree,
       R"({"seats":[{"free":true,"row":1,"n":"A"},{"free":false,"row":1,"n":"B"},{"row":2},{"free":"true","row":"2","n":"C"}]})",
       "A,1\nC,2\n"},
      {"none is left: as empty", kFree, R"({"seats":[{"free":false}]})", ",\n"},
      {"none is left, skipped",
       "rows: {one_per: l, called: s, where: {k: a}, when_empty: skip, when_missing: reject}\n"
       "columns: {S: s.n}",
       "{\"l\":[{\"k\":\"b\"}]}", "",
       "1 = 0 written (0 rows) + 0 rejected + 1 skipped + 0 duplicate"},
      {"entries, by their key",
       "rows: {one_per: \"l{*}\", called: s, where: {$key: [a, b]}}\ncolumns: {K: $key, V: s}",
       R"({"l":{"x":1,"b":2,"a":3}})", "b,2\na,3\n"},
      {"a field of the record says which",
       "rows: {one_per: l, called: s, where: {k: {from: want}}}\ncolumns: {V: s.v}",
       R"({"want":"q","l":[{"k":"p","v":1},{"k":"q","v":2}]})", "2\n"},
      {"one or many",
       "rows: {one_per: l, called: s, one_or_many: yes, where: {k: a}}\ncolumns: {V: s.v}",
       "{\"l\":{\"k\":\"a\",\"v\":1}}\n{\"l\":{\"k\":\"b\",\"v\":2}}", "1\n\"\"\n"},
      {"an item of a wrong shape is a bad item",
       "rows: {one_per: l, called: s, where: {k: a}, bad_item: skip-item}\ncolumns: {V: s.v}",
       R"({"l":[5,{"k":"a","v":1},{"k":["a"],"v":2}]})",
       "1\nWRONG_TYPE : the path k needs an object on its way, but meets a number × 1\n"
       "WRONG_TYPE : one value is needed, but this is a list × 1\n"},
      {"it goes with one list",
       "rows: {one_per: [a, b], called: [x, y], where: {k: a}}\ncolumns: {V: x}", "{}",
       "error[WORDS_TOGETHER]: 'where' and 'one_per' cannot be used together\n"},
  };
  run_cases(kCases);
  const Mapped got = map(kFree, R"({"seats":[{"free":true,"row":1,"n":"A"},{"free":false},{}]})");
  CHECK(got.rows == "A,1\n");
}

TEST_CASE("rows: parts of a text") {
  static constexpr const char* kCodes =
      "rows: {one_per: {split: codes, by: \";\"}, called: c}\n"
      "columns: {C: {from: c, text: trim}, N: c.$number, I: id}";
  static constexpr Case kCases[] = {
      {"parts, blank ones aside", kCodes, R"({"id":1,"codes":"A; B;; ;C;"})",
       "A,1,1\nB,2,1\nC,3,1\n"},
      {"a number is a text", kCodes, R"({"id":1,"codes":12})", "12,1,1\n"},
      {"null and empty", kCodes, "{\"id\":1,\"codes\":null}\n{\"id\":2,\"codes\":\" ; \"}",
       ",,1\n,,2\n"},
      {"a list is no text", kCodes, R"({"id":1,"codes":["A"]})",
       "1: WRONG_TYPE : [\"A\"]; one value is needed, but this is a list\n"},
      {"of an item, and cut again",
       "rows:\n  - {one_per: l, called: i}\n  - {one_per: {split: i.t, by: \" / \"}, called: p}\n"
       "  - {one_per: {split: p, by: \"-\"}, called: q}\ncolumns: {P: p, Q: q}",
       R"({"l":[{"t":"a-b / c"},{"t":"d"}]})", "a-b,a\na-b,b\nc,c\nd,d\n"},
      {"side by side with a list",
       "rows: {one_per: [{split: codes, by: \",\"}, l], called: [c, x]}\ncolumns: {C: c, X: x}",
       "{\"codes\":\"a,b\",\"l\":[1,2]}\n{\"codes\":\"a,b\",\"l\":[1]}",
       "a,1\nb,2\n2: WRONG_TYPE : the lists side by side have 2 (codes) and 1 (l) items\n"},
      {"as JSON, and looked up",
       "rows: {one_per: {split: codes, by: \",\"}, called: c}\n"
       "columns: {J: {from: c, type: json}, L: {from: c, lookup: {a: Aa, b: Bb}}}",
       R"({"codes":"a,b"})", "\"\"\"a\"\"\",Aa\n\"\"\"b\"\"\",Bb\n"},
      {"an error of a part is at its text",
       "rows: {one_per: {split: codes, by: \",\"}, called: c}\ncolumns: {C: {from: c, type: "
       "integer}}",
       R"({"codes":"1,x"})", "1: NUMBER_UNREADABLE C: \"x\" is not a number as 1234.56\n"},
      {"a part has no fields",
       "rows: {one_per: {split: codes, by: \",\"}, called: c}\ncolumns: {C: c.x}", "{}",
       "error[PATH_INVALID]: 'c.x' is not a path: a part of a text has no fields, only its number: "
       "c.$number\n"},
      {"nor items",
       "rows: [{one_per: {split: codes, by: \",\"}, called: c}, {one_per: c, called: d}]\n"
       "columns: {C: d}",
       "{}",
       "error[PATH_INVALID]: 'c' is not a path: a key, a number, a day or a part of a text holds "
       "no "
       "items\n"},
      {"by is needed", "rows: {one_per: {split: codes}, called: c}\ncolumns: {C: c}", "{}",
       "error[KEY_MISSING]: 'split' needs 'by'\n"},
      {"and is a text", "rows: {one_per: {split: codes, by: \"\"}, called: c}\ncolumns: {C: c}",
       "{}", "error[VALUE_WRONG]: '' is not a value of 'by'\n"},
  };
  run_cases(kCases);
}

TEST_CASE("rows: days") {
  static constexpr const char* kNights =
      "rows: {one_per: {days_from: in, until: out}, called: night}\n"
      "columns: {N: night.$number, D: {from: night, type: date, write: DD/MM/YYYY}, T: night}";
  static constexpr Case kCases[] = {
      {"a row a night; the last day is none", kNights, R"({"in":"2024-02-28","out":"2024-03-02"})",
       "1,28/02/2024,2024-02-28\n2,29/02/2024,2024-02-29\n3,01/03/2024,2024-03-01\n"},
      {"no night", kNights,
       "{\"in\":\"2024-02-28\",\"out\":\"2024-02-28\"}\n"
       "{\"in\":\"2024-02-28\",\"out\":\"2024-02-20\"}",
       ",,\n,,\n"},
      {"as read says",
       "rows: {one_per: {days_from: in, until: out, read: [DD/MM/YYYY, YYYYMMDD]}, called: n}\n"
       "columns: {N: n}",
       R"({"in":"31/12/2024","out":20250102})", "2024-12-31\n2025-01-01\n"},
      {"a text that is no day, no such day", kNights,
       "{\"in\":\"28.02.24\",\"out\":\"2024-03-02\"}\n{\"in\":\"2024-02-28\",\"out\":\"2024-02-"
       "30\"}",
       "1: DATE_UNREADABLE : \"28.02.24\" does not have the shape ISO-8601\n"
       "2: DATE_IMPOSSIBLE : \"2024-02-30\"; February 2024 has 29 days\n"},
      {"the kind of the first that is blank", kNights,
       "{\"in\":\"2024-02-28\"}\n{\"in\":null}\n{\"out\":null}\n{\"in\":\"\",\"out\":\"2024-02-"
       "20\"}",
       ",,\n,,\n1: REQUIRED_BLANK : out is missing, and when_missing is reject\n"
       "3: REQUIRED_BLANK : in is missing, and when_missing is reject\n"},
      {"a year at most", kNights,
       "{\"in\":\"2024-01-01\",\"out\":\"2025-01-01\"}\n"
       "{\"in\":\"2023-01-01\",\"out\":\"2024-01-03\"}\n{\"in\":\"0001-01-01\",\"out\":\"9999-12-"
       "31\"}",
       "*366\n2: TOO_MANY_ROWS : \"2023-01-01\"; there are 367 days, at most 366 are allowed\n"
       "3: TOO_MANY_ROWS : \"0001-01-01\"; there are 3652058 days, at most 366 are allowed\n"},
      {"or as many as stated",
       "rows: {one_per: {days_from: in, until: out, at_most: 2}, called: n}\ncolumns: {N: n}",
       "{\"in\":\"2024-01-01\",\"out\":\"2024-01-03\"}\n{\"in\":\"2024-01-01\",\"out\":\"2024-01-"
       "04\"}",
       "2024-01-01\n2024-01-02\n2: TOO_MANY_ROWS : \"2024-01-01\"; there are 3 days, at most 2 are "
       "allowed\n"},
      {"beside prices, of a room",
       "rows:\n  - {one_per: rooms, called: r}\n"
       "  - {one_per: [{days_from: r.in, until: r.out}, r.prices], called: [night, price]}\n"
       "columns: {R: r.c, D: night, P: price}",
       R"({"rooms":[{"c":"A","in":"2025-03-01","out":"2025-03-03","prices":[10,11]},{"c":"B","in":"2025-03-05","out":"2025-03-06","prices":[12]}]})",
       "A,2025-03-01,10\nA,2025-03-02,11\nB,2025-03-05,12\n"},
      {"in expressions, rules and lookups",
       "rows: {one_per: {days_from: in, until: out}, called: n}\n"
       "columns: {D: {from: n, type: date}, W: {compute: D + 1 days}, L: {from: n, lookup: "
       "{2025-03-01: first}, unknown: write-blank}}\nrules: [{name: r, check: source.n < "
       "2025-03-03}]",
       R"({"in":"2025-03-01","out":"2025-03-03"})",
       "2025-03-01,2025-03-02,first\n2025-03-02,2025-03-03,\n"},
      {"a date with a time is cut, one with an offset needs a zone", kNights,
       "{\"in\":\"2024-02-28T22:00:00\",\"out\":\"2024-02-29\"}\n"
       "{\"in\":\"2024-02-28T22:00:00Z\",\"out\":\"2024-02-29\"}",
       "1,28/02/2024,2024-02-28\n"
       "2: ZONE_MISSING : \"2024-02-28T22:00:00Z\"; a time with an offset becomes a date only in a "
       "zone\n"},
      {"read beside it does nothing",
       "rows: {one_per: {days_from: in, until: out}, called: n}\n"
       "columns: {D: {from: n, type: date, read: DD/MM/YYYY}}",
       "{}", "error[WORDS_TOGETHER]: 'read' and 'days_from' cannot be used together\n"},
      {"with names of months, and years of two digits",
       "rows: {one_per: {days_from: in, until: out, read: [DD-MMM-YYYY, DD/MM/YY], months: es, "
       "two_digit_years: 2000-2099}, called: n}\ncolumns: {N: n}",
       R"({"in":"30-dic-2024","out":"01/01/25"})", "2024-12-30\n2024-12-31\n"},
      {"in which language the names are is to be said",
       "rows: {one_per: {days_from: in, until: out, read: DD-MMM-YYYY}, called: n}\ncolumns: {N: n}",
       "{}",
       "error[MONTHS_MISSING]: 'DD-MMM-YYYY' has names of months or weekdays, and 'months' does not "
       "say in which language\n"},
      {"and no language where there are none",
       "rows: {one_per: {days_from: in, until: out, months: es}, called: n}\ncolumns: {N: n}", "{}",
       "error[WORDS_TOGETHER]: 'months' and 'read: ISO-8601 (the default)' cannot be used together\n"},
      {"until is needed", "rows: {one_per: {days_from: in}, called: n}\ncolumns: {N: n}", "{}",
       "error[KEY_MISSING]: 'days_from' needs 'until'\n"},
      {"one of them",
       "rows: {one_per: {days_from: in, until: out, split: x, by: y}, called: n}\n"
       "columns: {N: n}",
       "{}", "error[WORDS_TOGETHER]: 'split' and 'days_from' cannot be used together\n"},
      {"a day has no fields",
       "rows: {one_per: {days_from: in, until: out}, called: n}\ncolumns: {N: n.x}", "{}",
       "error[PATH_INVALID]: 'n.x' is not a path: a day has no fields, only its number: "
       "n.$number\n"},
  };
  for (Case c : kCases) {
    INFO(c.why);
    const Mapped got = map(c.mapping, c.dump);
    std::string said = messages(got.diagnostics) + got.rows + got.rejected + got.warned;
    if (std::string(c.said).starts_with("*366")) {
      CHECK(got.counts == "3 = 1 written (366 rows) + 2 rejected + 0 skipped + 0 duplicate");
      said = "*366\n" + got.rejected;
    }
    CHECK(said == c.said);
  }
}

TEST_CASE("rows: the number of an item") {
  static constexpr Case kCases[] = {
      {"from 1, as a number",
       "rows: {one_per: l, called: i}\ncolumns: {N: {from: i.$number, type: "
       "integer, between: [1, 2]}}",
       R"({"l":["a",null]})", "1\n2\n"},
      {"within its parent",
       "rows: [{one_per: a, called: x}, {one_per: x.l, called: y}]\ncolumns: {X: x.$number, Y: "
       "y.$number}",
       R"({"a":[{"l":[7,8]},{"l":[9]}]})", "1,1\n1,2\n2,1\n"},
      {"of an entry, side by side",
       "rows: {one_per: [\"a{*}\", b], called: [x, y]}\ncolumns: {K: x.$key, X: x.$number, Y: "
       "y.$number}",
       R"({"a":{"p":1,"q":2},"b":[3,4]})", "p,1,1\nq,2,2\n"},
      {"no item", "rows: {one_per: l, called: i}\ncolumns: {I: id, N: i.$number}",
       R"({"id":1,"l":[]})", "1,\n"},
      {"of each",
       "columns: {L: {each: l, called: i, columns: {n: i.$number, v: i}}}\n"
       "output: {format: ndjson}\n",
       R"({"l":["a","b"]})", "{\"L\":[{\"n\":\"1\",\"v\":\"a\"},{\"n\":\"2\",\"v\":\"b\"}]}\n"},
      {"of no item in particular", "rows: {one_per: l, called: i}\ncolumns: {N: $number}", "{}",
       "error[PATH_INVALID]: '$number' is not a path: write the name of the item before it, such "
       "as "
       "room.$number\n"},
  };
  run_cases(kCases);
}

TEST_CASE("rows: fields that nobody uses") {
  static constexpr const char* kInput = "input: {fields_nobody_uses: reject}\n";
  struct Unused {
    const char* why;
    const char* mapping;
    const char* record;
    const char* rejected;
  };
  static constexpr Unused kCases[] = {
      {"the key of an entry as currency: the entry's fields stay known",
       "rows: {one_per: \"m{*}\", called: r}\n"
       "columns: {A: {from: r.v, type: money, currency: {from: r.$key}}}",
       R"({"m":{"EUR":{"v":1}}})", ""},
      {"new fields of items", "rows: {one_per: a, called: x}\ncolumns: {A: x.k}",
       R"({"a":[{"k":1,"n":2}]})", "1: FIELD_UNKNOWN : no column reads the field \"a[*].n\"\n"},
      {"new fields of inner items",
       "rows: [{one_per: a, called: x}, {one_per: x.l, called: y}]\ncolumns: {A: y.k}",
       R"({"a":[{"l":[{"k":1,"n":2}]}]})",
       "1: FIELD_UNKNOWN : no column reads the field \"a[*].l[*].n\"\n"},
      {"new fields of items of each",
       "columns: {A: {each: a, columns: {l: {each: item.l, called: y, columns: {k: y.k}}}}}\n"
       "output: {format: ndjson}",
       R"({"a":[{"l":[{"k":1,"n":2}]}]})",
       "1: FIELD_UNKNOWN : no column reads the field \"a[*].l[*].n\"\n"},
      {"a list whose items nothing reads is itself used",
       "rows: {one_per: a, called: x}\ncolumns: {A: x.$number}", R"({"a":[1,2]})", ""},
      {"but not what is in them", "rows: {one_per: a, called: x}\ncolumns: {A: x.$number}",
       R"({"a":[{"k":1}]})", "1: FIELD_UNKNOWN : no column reads the field \"a[*].k\"\n"},
      {"where reads a field", "rows: {one_per: a, called: x, where: {w: [q]}}\ncolumns: {A: x.k}",
       R"({"a":[{"k":1,"w":"q"}]})", ""},
      {"so do split and days",
       "rows: [{one_per: {split: t, by: \",\"}, called: p}, {one_per: {days_from: in, until: out}, "
       "called: n}]\ncolumns: {A: p, B: n}",
       R"({"t":"a","in":"2025-03-01","out":"2025-03-02"})", ""},
  };
  for (const Unused& c : kCases) {
    INFO(c.why);
    const Mapped got = map(std::string(kInput) + c.mapping, c.record);
    CHECK(got.rejected == c.rejected);
    CHECK((got.rows.empty() == (std::string(c.rejected) != "")));
  }
}

}  // namespace trama::test
