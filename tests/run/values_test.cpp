// Where the values of columns come from: choose, compute, times, total, composite lookups, picked
// items, first_of, json.

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

struct Case {
  const char* why;
  const char* columns;
  const char* dump;
  const char* rows;
  const char* rejected = "";
};

void run_cases(std::span<const Case> cases) {
  for (const Case& c : cases) {
    INFO(c.why);
    const Mapped got = map(std::string("columns:\n") + c.columns, c.dump);
    CHECK(got.diagnostics == "");
    CHECK(got.rows == c.rows);
    CHECK(got.rejected == c.rejected);
  }
}

}  // namespace

TEST_CASE("values: choose") {
  static constexpr const char* kChoose =
      "  N: {from: n, type: integer, internal: yes}\n"
      "  Name: {from: name, internal: yes}\n"
      "  Size: {choose: [{when: N > 100, write: big}, {when: N > 10, write: {column: Name}}, "
      "{when: N > 5, write: {from: other}}, {otherwise: small}]}\n";
  static constexpr Case kCases[] = {
      {"the first match wins", kChoose, R"({"n":200})", "big\n"},
      {"another column", kChoose, R"({"n":50,"name":"medium"})", "medium\n"},
      {"a field", kChoose, R"({"n":6,"other":"few"})", "few\n"},
      {"otherwise", kChoose, R"({"n":1})", "small\n"},
      {"undecided is no", kChoose, R"({"n":null})", "small\n"},
      {"what it writes is a list", kChoose, R"({"n":6,"other":[1]})", "",
       "1: WRONG_TYPE Size: [1]; one value is needed, but this is a list\n"},
      {"no match is blank", "  A: {choose: [{when: source.x = \"1\", write: one}]}\n", R"({"x":2})",
       "\"\"\n"},
      {"a column that failed",
       "  N: {from: n, type: integer, internal: yes}\n  A: {choose: [{when: source.x = \"1\", "
       "write: {column: N}}], type: integer}\n",
       R"({"x":1,"n":"?"})", "", "1: NUMBER_UNREADABLE N: \"?\" is not a number as 1234.56\n"},
      {"a column that failed and is not asked for",
       "  N: {from: n, type: integer, when_wrong: write-blank}\n  A: {choose: [{when: N > 1, "
       "write: x}, {otherwise: y}]}\n",
       R"({"n":"?"})", ",y\n"},
  };
  run_cases(kCases);
}

TEST_CASE("values: compute") {
  static constexpr Case kCases[] = {
      {"exact sums", "  A: {from: a, type: decimal}\n  B: {compute: A * 3 + 0.1}\n",
       R"({"a":"0.1"})", "0.1,0.4\n"},
      {"a blank operand is blank", "  A: {from: a, type: decimal}\n  B: {compute: A + 1}\n",
       R"({})", ",\n"},
      {"a division, rounded once",
       "  A: {from: a, type: decimal}\n  B: {compute: A / 3, decimals: 2, rounding: half-up}\n",
       R"({"a":2})", "2,0.67\n"},
      {"by zero",
       "  A: {from: a, type: decimal}\n  B: {compute: 1 / A, decimals: 2, rounding: half-up}\n",
       R"({"a":0})", "", "1: DIVISION_BY_ZERO B: the divisor is zero\n"},
      {"by zero, and what when_wrong says",
       "  A: {from: a, type: decimal}\n  B: {compute: 1 / A, decimals: 2, rounding: half-up, "
       "when_wrong: write-blank}\n",
       R"({"a":0})", "0,\n"},
      {"days between",
       "  A: {from: a, type: date}\n  B: {from: b, type: date}\n  N: {compute: days between A and "
       "B}\n",
       R"({"a":"2025-02-27","b":"2025-03-02"})", "2025-02-27,2025-03-02,3\n"},
      {"a date and days",
       "  A: {from: a, type: date}\n  B: {compute: A + 3 days, write: DD/MM/YYYY}\n",
       R"({"a":"2025-02-27"})", "2025-02-27,02/03/2025\n"},
      {"order does not matter", "  B: {compute: A + 1}\n  A: {from: a, type: integer}\n",
       R"({"a":1})", "2,1\n"},
      {"today, in a zone", "  T: {compute: today in America/Bogota}\n", R"({})", "2025-03-04\n"},
      {"checks hold for what is computed",
       "  A: {from: a, type: integer, internal: yes}\n  B: {compute: A + 1, type: integer, "
       "between: [0, 5]}\n",
       R"({"a":9})", "", "1: OUT_OF_RANGE B: 10 is above 5\n"},
      {"an operand that failed", "  A: {from: a, type: integer}\n  B: {compute: A + 1}\n",
       R"({"a":"x"})", "", "1: NUMBER_UNREADABLE A: \"x\" is not a number as 1234.56\n"},
      {"a field takes the type of the other side", "  A: {compute: source.n + 1}\n",
       R"({"n":"41"})", "42\n"},
  };
  run_cases(kCases);
}

TEST_CASE("values: times") {
  static constexpr Case kCases[] = {
      {"cents", "  A: {from: a, type: decimal, times: 0.01}\n", R"({"a":1999})", "19.99\n"},
      {"then rounding",
       "  A: {from: a, type: decimal, times: 0.005, decimals: 2, rounding: half-up}\n",
       R"({"a":1})", "0.01\n"},
      {"then checks", "  A: {from: a, type: decimal, times: 100, between: [0, 50]}\n", R"({"a":1})",
       "", "1: OUT_OF_RANGE A: 100 is above 50\n"},
      {"a product that needs rounding shows what was found",
       "  A: {from: a, type: decimal, times: 0.001, decimals: 2}\n", R"({"a":"12"})", "",
       "1: NUMBER_NEEDS_ROUNDING A: \"12\"; multiplied by 0.001 it has more than 2 decimals, and "
       "rounding is exact\n"},
      {"and so of money", "  A: {from: a, type: money, currency: EUR, times: 0.001}\n",
       R"({"a":12})", "",
       "1: NUMBER_NEEDS_ROUNDING A: 12; multiplied by 0.001 it has more than 2 decimals, and "
       "rounding is exact\n"},
      {"money that is not multiplied", "  A: {from: a, type: money, currency: EUR}\n",
       R"({"a":1.005})", "",
       "1: NUMBER_NEEDS_ROUNDING A: 1.005 has more than 2 decimals, and rounding is exact\n"},
  };
  run_cases(kCases);
}

TEST_CASE("values: total") {
  static constexpr Case kCases[] = {
      {"sum", "  T: {from: \"i[*].n\", total: sum}\n", R"({"i":[{"n":"1.50"},{"n":2},{}]})",
       "3.50\n"},
      {"sum of nothing is blank", "  T: {from: \"i[*].n\", total: sum}\n", R"({"i":[]})", "\"\"\n"},
      {"count", "  T: {from: \"i[*].n\", total: count}\n",
       R"({"i":[{"n":"1.50"},{"n":null},{"n":3}]})", "2\n"},
      {"count of nothing is 0", "  T: {from: \"i[*].n\", total: count}\n", R"({})", "0\n"},
      {"min and max of dates",
       "  A: {from: \"i[*]\", total: min, type: date}\n  B: {from: \"i[*]\", total: max, type: "
       "date}\n",
       R"({"i":["2025-03-02","2024-12-31"]})", "2024-12-31,2025-03-02\n"},
      {"first, last", "  A: {from: \"i[*]\", total: first}\n  B: {from: \"i[*]\", total: last}\n",
       R"({"i":[null,"x","y",""]})", "x,y\n"},
      {"only one", "  A: {from: \"i[*]\", total: only}\n", R"({"i":["x",null]})", "x\n"},
      {"only, and there are two", "  A: {from: \"i[*]\", total: only}\n", R"({"i":["x","y"]})", "",
       "1: WRONG_TYPE A: one value is expected, but there are 2\n"},
      {"one that cannot be read", "  T: {from: \"i[*]\", total: sum}\n", R"({"i":[1,"x"]})", "",
       "1: NUMBER_UNREADABLE T: \"x\" is not a number as 1234.56\n"},
      {"the items that first passes over need not be right",
       "  T: {from: \"i[*]\", total: first, type: integer}\n", R"({"i":[1,"x"]})", "1\n"},
      {"entries of an object", "  T: {from: \"i{*}.n\", total: sum}\n",
       R"({"i":{"a":{"n":1},"b":{"n":2}}})", "3\n"},
      {"null words are blanks", "  T: {from: \"i[*]\", total: sum, null_words: [\"-\"]}\n",
       R"({"i":[1,"-"]})", "1\n"},
      {"a list in the way", "  T: {from: \"i[*].n\", total: sum}\n", R"({"i":{"n":1}})", "",
       "1: WRONG_TYPE T: {\"n\":1}; the path i[*].n needs a list on its way, but meets an "
       "object\n"},
      {"steps of lists below lists", "  T: {from: \"r[*].n[*]\", total: sum}\n",
       R"({"r":[{"n":[1,2]},{"n":[3]},{}]})", "6\n"},
      {"a default for nothing", "  T: {from: \"i[*]\", total: sum, when_blank: 0}\n", R"({})",
       "0\n"},
      {"keys joined", "  K: {from: \"m{*}.$key\", join: \"|\"}\n", R"({"m":{"a":1,"b":2}})",
       "a|b\n"},
  };
  run_cases(kCases);
}

TEST_CASE("values: total of an item's list, and of the whole record") {
  const Mapped got =
      map("rows: {one_per: rooms, called: r}\ncolumns:\n  Own: {from: \"r.n[*]\", total: sum}\n  "
          "All: {from: \"rooms[*].n[*]\", total: sum}\n",
          R"({"rooms":[{"n":[1,2]},{"n":[3]}]})");
  CHECK(got.rows == "3,6\n3,6\n");
}

TEST_CASE("values: join and several paths") {
  static constexpr Case kCases[] = {
      {"blanks are left out with their separator", "  A: {from: [a, b, c], join: \" \"}\n",
       R"({"a":"x","b":" ","c":"y"})", "x y\n"},
      {"steps on each part", "  A: {from: [a, b], join: \"-\", text: [trim, upper-case]}\n",
       R"({"a":" x ","b":"y"})", "X-Y\n"},
      {"a part whose steps leave nothing", "  A: {from: [a, b], join: \"-\", text: digits-only}\n",
       R"({"a":"x","b":"7"})", "7\n"},
      {"all blank", "  A: {from: [a, b], join: \"-\", when_null: none at all}\n", R"({"a":null})",
       "none at all\n"},
      {"a list of texts", "  A: {from: \"t[*]\", join: \", \"}\n", R"({"t":["a","b"]})",
       "\"a, b\"\n"},
      {"lookup of each part", "  A: {from: [a, b], join: \"-\", lookup: {x: one, y: two}}\n",
       R"({"a":"x","b":"y"})", "one-two\n"},
      {"then a type",
       "  A: {from: [d, t], join: \" \", type: datetime, read: \"YYYY-MM-DD HH:mm\"}\n",
       R"({"d":"2025-03-02","t":"10:00"})", "2025-03-02T10:00:00\n"},
  };
  run_cases(kCases);
}

TEST_CASE("values: a path that meets a list, told on one line") {
  static constexpr Case kCases[] = {
      {"as it was written over several lines", "  A: l.x\n",
       "{\"l\": [\n  {\n    \"x\": 1,\n    \"y\": 2\n  }\n]}", "",
       "1: WRONG_TYPE A: [{\"x\": 1, \"y\": 2}]; the path l.x needs an object on its way, but "
       "meets "
       "a list ([0] is its first item, [*] goes through all)\n"},
  };
  for (const Case& c : kCases) {
    const Mapped got = map(std::string("input: {format: json}\ncolumns:\n") + c.columns, c.dump);
    CHECK(got.rejected == c.rejected);
  }
}

TEST_CASE("values: first_of") {
  static constexpr Case kCases[] = {
      {"the first that is not blank", "  A: {first_of: [a, b, c]}\n",
       R"({"a":"","b":null,"c":"x"})", "x\n"},
      {"a text or an object under one name", "  A: {first_of: [name.content, name]}\n",
       "{\"name\":{\"content\":\"x\"}}\n{\"name\":\"y\"}", "x\ny\n"},
      {"a wrong value is not passed over", "  A: {first_of: [a, b], type: integer}\n",
       R"({"a":"x","b":1})", "", "1: NUMBER_UNREADABLE A: \"x\" is not a number as 1234.56\n"},
      {"none", "  A: {first_of: [a, b], when_missing: m, when_empty: e}\n", R"({"a":""})", "e\n"},
  };
  run_cases(kCases);
}

TEST_CASE("values: what an unknown code writes ends no steps but those of its own column") {
  static constexpr const char* kUnknown =
      "  Code: {from: code, lookup: {A: a}, unknown: write-blank}\n";
  const auto columns = [](const char* other) { return std::string(kUnknown) + other; };
  const std::string joined =
      columns("  Both: {from: [x, y], join: \"-\", text: [trim, digits-only]}\n");
  const std::string total = columns("  Most: {from: \"l[*]\", total: max, type: decimal}\n");
  const std::string key = columns("  By: {by: [x, y], text: [trim, upper-case], lookup: \"t\"}\n");
  const Case cases[] = {
      {"several paths", joined.c_str(), R"({"code":"Z","x":"a1","y":"b2"})", ",1-2\n"},
      {"and those of the next record", joined.c_str(),
       "{\"code\":\"A\",\"x\":\"a1\",\"y\":\"b2\"}\n{\"code\":\"Z\",\"x\":\"a1\",\"y\":\"b2\"}\n",
       "a,1-2\n,1-2\n"},
      {"a total", total.c_str(), R"({"code":"Z","l":["9","10"]})", ",10\n"},
  };
  run_cases(cases);
  const Mapped got = map("tables: {t: {file: t.csv, key: [x, y], value: v}}\ncolumns:\n" + key,
                         R"({"code":"Z","x":"a","y":"b"})", {{"t.csv", "x,y,v\nA,B,found\n"}});
  CHECK(got.rejected == "");
  CHECK(got.rows == ",found\n");
}

TEST_CASE("values: composite lookups") {
  const std::map<std::string, std::string> tables = {
      {"t.csv", "hotel,room,name\nH1,DBL,Doble\nH1,SGL,Single\nH2,DBL,Matrimonial\n"}};
  const char* mapping =
      "tables:\n  t: {file: t.csv, key: [hotel, room], value: name}\ncolumns:\n  Room: {lookup: t, "
      "by: [h, r], text: [trim, upper-case]}\n";
  CHECK(map(mapping, "{\"h\":\"H1\",\"r\":\" dbl\"}\n{\"h\":\"H2\",\"r\":\"DBL\"}", tables).rows ==
        "Doble\nMatrimonial\n");
  CHECK(map(mapping, "{\"h\":\"H2\",\"r\":\"SGL\"}", tables).rejected ==
        "1: LOOKUP_UNKNOWN Room: \"H2 / SGL\" is not in t; known: H1 / DBL, H1 / SGL, H2 / DBL\n");
  INFO("a key of which a part is blank is not looked up");
  CHECK(map(mapping, "{\"h\":\"H2\"}", tables).rows == "\"\"\n");
  INFO("keys that only look alike when glued");
  CHECK(map("tables:\n  t: {file: u.csv, key: [a, b], value: c}\ncolumns:\n  X: {lookup: t, by: "
            "[a, b]}\n",
            R"({"a":"x","b":"yz"})", {{"u.csv", "a,b,c\nx,yz,1\nxy,z,2\n"}})
            .rows == "1\n");
}

TEST_CASE("values: an item picked by language") {
  static constexpr const char* kPick =
      "  Name: {from: {list: name, where: lang, is: [es-419, es, en], take: content}}\n";
  static constexpr Case kCases[] = {
      {"the first language that is there", kPick,
       R"({"name":[{"lang":"en","content":"E"},{"lang":"es","content":"S"}]})", "S\n"},
      {"none of them", kPick, R"({"name":[{"lang":"fr","content":"F"}]})", "\"\"\n"},
      {"no list", kPick, R"({})", "\"\"\n"},
      {"its content is blank", kPick, R"({"name":[{"lang":"es","content":""}]})", "\"\"\n"},
      {"text where a list is meant", kPick, R"({"name":"x"})", "",
       "1: WRONG_TYPE Name: \"x\"; a list is needed, but this is text\n"},
      {"entries of an object",
       "  Name: {from: {list: name, where: $key, is: [es-ES, en-US], take: $value}}\n",
       R"({"name":{"en-US":"E","es-ES":"S"}})", "S\n"},
      {"a field of an entry's value",
       "  Name: {from: {list: name, where: $value.kind, is: full, take: $value.text}}\n",
       R"({"name":{"a":{"kind":"short","text":"S"},"b":{"kind":"full","text":"F"}}})", "F\n"},
      {"the language is a field",
       "  Name: {from: {list: name, where: lang, is: {from: l}, take: content}}\n",
       R"({"l":"en","name":[{"lang":"en","content":"E"}]})", "E\n"},
      {"a null word of the column is nothing to take",
       "  Name: {from: {list: name, where: lang, is: [es, en], take: content}, null_words: [N/A]}\n",
       R"({"name":[{"lang":"es","content":" N/A "},{"lang":"en","content":"E"}]})", "E\n"},
      {"and where there is nothing else, it is that",
       "  Name: {from: {list: name, where: lang, is: [es, en], take: content}, null_words: [N/A], "
       "when_null: none}\n",
       R"({"name":[{"lang":"es","content":"N/A"}]})", "none\n"},
      {"null words of another column are not",
       "  Name: {from: {list: name, where: lang, is: [es, en], take: content}}\n"
       "  Other: {from: {list: name, where: lang, is: [es, en], take: content}, null_words: [N/A]}\n",
       R"({"name":[{"lang":"es","content":"N/A"},{"lang":"en","content":"E"}]})", "N/A,E\n"},
      {"items without it are passed over", kPick,
       R"({"name":[{"content":"?"},null,{"lang":"en","content":"E"}]})", "E\n"},
  };
  run_cases(kCases);
}

TEST_CASE("values: type json") {
  static constexpr Case kCases[] = {
      {"as it stands", "  J: {from: a, type: json}\n", R"({"a":{"x": 1.50}})",
       "\"{\"\"x\"\": 1.50}\"\n"},
      {"null is no blank", "  J: {from: a, type: json, required: yes}\n", R"({"a":null})",
       "null\n"},
      {"nothing is", "  J: {from: a, type: json, required: yes}\n", R"({})", "",
       "1: REQUIRED_BLANK J: the value is missing\n"},
      {"several paths are a list", "  J: {from: [a, b], type: json}\n", R"({"a":1,"b":[2]})",
       "\"[1,[2]]\"\n"},
  };
  run_cases(kCases);
}

TEST_CASE("values: split, replace, pad, null words") {
  static constexpr Case kCases[] = {
      {"a part of a code", "  A: {from: a, split: {by: \".\", take: 1}}\n", R"({"a":"DBL.ST"})",
       "DBL\n"},
      {"the last", "  A: {from: a, split: {by: \"|\", take: -1}}\n", R"({"a":"164|54206|0"})",
       "0\n"},
      {"a part that is not there is blank", "  A: {from: a, split: {by: \"|\", take: 5}}\n",
       R"({"a":"1|2"})", "\"\"\n"},
      {"replaced, then steps", "  A: {from: a, replace: {\"[0-9]+\": \"#\"}, text: upper-case}\n",
       R"({"a":"x12y3"})", "X#Y#\n"},
      {"padded", "  A: {from: a, pad: {to: 3, with: \"0\"}}\n", R"({"a":7})", "007\n"},
      {"null words, edge blanks aside",
       "  A: {from: a, null_words: [N/A, \"-\"], when_null: none at all}\n",
       "{\"a\":\" N/A \"}\n{\"a\":\"-\"}\n{\"a\":\"n/a\"}", "none at all\nnone at all\nn/a\n"},
  };
  run_cases(kCases);
}

TEST_CASE("values: null words of the input are null in conditions and calculations too") {
  const std::string input = "input: {format: ndjson, null_words: [N/A]}\n";
  const std::string choose = input +
                             "columns: {A: {choose: [{when: source.x is blank, write: blank}, "
                             "{otherwise: there}]}, N: {compute: source.x + 1}}\n";
  CHECK(map(choose, "{\"x\":\" N/A \"}\n{\"x\":7}\n{\"x\":null}").rows ==
        "blank,\nthere,8\nblank,\n");
  CHECK(map(choose, R"({"x":"n/a"})").rejected.starts_with("1: NUMBER_UNREADABLE"));
}

TEST_CASE("values: a key of several parts is blank as its strongest blank part is") {
  const std::string columns =
      "columns:\n  A: {by: [a, b, c], lookup: t, when_missing: m, when_null: n, when_empty: e}\n"
      "tables: {t: {file: t.csv, key: [a, b, c], value: v}}\n";
  const auto row = [&](const char* record) {
    return map(columns, record, {{"t.csv", "a,b,c,v\n1,2,3,x\n"}}).rows;
  };
  CHECK(row(R"({"a":1,"b":2,"c":3})") == "x\n");
  CHECK(row(R"({"a":"","b":null})") == "e\n");
  CHECK(row(R"({"b":null,"c":""})") == "e\n");
  CHECK(row(R"({"a":null,"b":2})") == "n\n");
  CHECK(row(R"({"b":2,"c":3})") == "m\n");
}

}  // namespace trama::test
