// {list, where, is, take}: which items fit, and what is made of them
// (mappings/rules.md, rule 9.24).

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

struct Case {
  const char* why;
  const char* words;  // of the column A
  const char* record;
  const char* said;
};

void run_cases(std::span<const Case> cases) {
  for (const Case& c : cases) {
    INFO(c.why);
    const Mapped got = map(std::string("columns: {A: {") + c.words + "}}", c.record);
    CHECK(messages(got.diagnostics) + got.rows + got.rejected + got.warned == c.said);
  }
}

constexpr const char* kTaxes =
    R"({"t":[{"c":"YQ","p":"ADT","v":5},{"c":"XF","p":"ADT","v":1.50},{"c":"XF","p":"CHD","v":2},{"c":"XF","p":"INF"},{"c":null}]})";

}  // namespace

TEST_CASE("picks: one item") {
  static constexpr Case kCases[] = {
      {"the first that fits", "from: {list: t, where: c, is: XF, take: v}", kTaxes, "1.50\n"},
      {"the best word first", "from: {list: t, where: c, is: [XF, YQ], take: v}", kTaxes, "1.50\n"},
      {"several conditions: all must fit",
       "from: {list: t, where: {c: XF, p: [INF, CHD]}, take: v}", kTaxes, "2\n"},
      {"of several conditions the order of the list decides",
       "from: {list: t, where: {p: [CHD, ADT]}, take: v}", kTaxes, "5\n"},
      {"a condition by a field", "from: {list: t, where: {c: {from: code}, p: ADT}, take: v}",
       R"({"code":"b","t":[{"c":"a","p":"ADT","v":1},{"c":"b","p":"ADT","v":2}]})", "2\n"},
      {"none fits: missing", "from: {list: t, where: c, is: ZZ, take: v}, when_missing: m", kTaxes,
       "m\n"},
      {"no items: empty", "from: {list: t, where: c, is: ZZ}, when_empty: e", R"({"t":[]})", "e\n"},
      {"no list: its kind", "from: {list: t, where: c, is: ZZ}, when_null: n", R"({"t":null})",
       "n\n"},
      {"what is taken is blank", "from: {list: t, where: c, is: ZZ, take: v}, when_null: n",
       R"({"t":[{"c":"ZZ","v":null},{"c":"ZZ","v":2}]})", "n\n"},
      {"of several wishes the first with something to take",
       "from: {list: t, where: l, is: [es, en, fr], take: v}",
       R"({"t":[{"l":"fr","v":"mer"},{"l":"en","v":"sea"},{"l":"es","v":" "}]})", "sea\n"},
      {"of wishes without anything the first",
       "from: {list: t, where: l, is: [es, en], take: v}, when_null: n",
       R"({"t":[{"l":"en","v":""},{"l":"es","v":null}]})", "n\n"},
      {"a wrong shape is no blank", "from: {list: t, where: l, is: [es, en], take: v}",
       R"({"t":[{"l":"en","v":"sea"},{"l":"es","v":{"a":1}}]})",
       "1: WRONG_TYPE A: {\"a\":1}; one value is needed, but this is an object\n"},
      {"numbers are compared as written", "from: {list: t, where: n, is: [\"7\"], take: v}",
       R"({"t":[{"n":7.0,"v":1},{"n":"7","v":2},{"n":7,"v":3}]})", "2\n"},
      {"an entry by its key", "from: {list: t, where: $key, is: [es, en]}",
       R"({"t":{"en":"Sea","es":"Mar"}})", "Mar\n"},
      {"the key of an entry", "from: {list: t, where: $value.k, is: x, take: $key}",
       R"({"t":{"a":{"k":"y"},"b":{"k":"x"}}})", "b\n"},
      {"the items of a list have no key", "from: {list: t, where: $key, is: x}",
       R"({"t":[{"k":1}]})",
       "1: WRONG_TYPE A: {\"k\":1}; an object with keys is needed, but this is a list\n"},
      {"nor is one taken", "from: {list: t, where: k, is: x, take: $value}", R"({"t":[{"k":"x"}]})",
       "1: WRONG_TYPE A: {\"k\":\"x\"}; an object with keys is needed, but this is a list\n"},
  };
  run_cases(kCases);
}

TEST_CASE("picks: a null word is nothing to take") {
  const Mapped got =
      map("input: {format: ndjson, null_words: N/A}\n"
          "columns: {A: {from: {list: t, where: l, is: [es, en], take: v}}}\n",
          R"({"t":[{"l":"en","v":"sea"},{"l":"es","v":"N/A"}]})");
  CHECK(got.rows == "sea\n");
}

TEST_CASE("picks: all items that fit") {
  static constexpr Case kCases[] = {
      {"a sum (a pick took the first)", "from: {list: p, where: t, is: X, take: v}, total: sum",
       R"({"p":[{"t":"X","v":1},{"t":"X","v":2},{"t":"Y","v":4}]})", "3\n"},
      {"several words", "from: {list: t, where: c, is: [XF, YQ], take: v}, total: sum", kTaxes,
       "8.50\n"},
      {"several conditions",
       "from: {list: t, where: {c: [XF], p: [ADT, CHD]}, take: v}, total: sum, type: decimal, "
       "decimals: 2",
       kTaxes, "3.50\n"},
      {"the count of those that have it",
       "from: {list: t, where: c, is: XF, take: v}, total: count", kTaxes, "2\n"},
      {"the count of the items themselves", "from: {list: t, where: c, is: XF}, total: count",
       kTaxes, "3\n"},
      {"of none a count is 0", "from: {list: t, where: c, is: ZZ}, total: count", kTaxes, "0\n"},
      {"of none a sum is blank",
       "from: {list: t, where: c, is: ZZ, take: v}, total: sum, "
       "when_missing: 9",
       kTaxes, "9\n"},
      {"only: a second is an error", "from: {list: t, where: c, is: XF, take: v}, total: only",
       kTaxes, "1: WRONG_TYPE A: one value is expected, but there are 2\n"},
      {"the last", "from: {list: t, where: c, is: XF, take: v}, total: last", kTaxes, "2\n"},
      {"the greatest", "from: {list: t, where: p, is: ADT, take: v}, total: max, type: decimal",
       kTaxes, "5\n"},
      {"texts", "from: {list: t, where: c, is: XF, take: p}, join: \"+\", text: lower-case", kTaxes,
       "adt+chd+inf\n"},
      {"texts of entries", "from: {list: t, where: $value, is: y, take: $key}, join: \"+\"",
       R"({"t":{"wifi":"y","pool":"n","spa":"y"}})", "wifi+spa\n"},
      {"money", "from: {list: p, where: t, is: X, take: v}, total: sum, type: money, currency: EUR",
       R"({"p":[{"t":"X","v":"1.10"},{"t":"X","v":"2"}]})", "3.10\n"},
  };
  run_cases(kCases);
}

TEST_CASE("picks: highest and lowest") {
  static constexpr const char* kRates =
      R"({"r":[{"k":"a","p":10,"v":"ten"},{"k":"b","p":"9.5","v":"nine"},{"k":"a","p":8,"v":"eight"},{"k":"a","p":null,"v":"none"},{"k":"b","p":8.0,"v":"too"}]})";
  static constexpr Case kCases[] = {
      {"of all items", "from: {list: r, lowest: p, take: v}", kRates, "eight\n"},
      {"of those that fit", "from: {list: r, where: k, is: b, highest: p, take: v}", kRates,
       "nine\n"},
      {"of those that fit any word", "from: {list: r, where: k, is: [b, a], highest: p, take: v}",
       kRates, "ten\n"},
      {"of those that fit all conditions", "from: {list: r, where: {k: [a]}, lowest: p, take: v}",
       kRates, "eight\n"},
      {"days and times", "from: {list: r, highest: at, take: v}",
       R"({"r":[{"at":"2025-03-01","v":1},{"at":"2025-03-11","v":2},{"at":"2025-03-02","v":3}]})",
       "2\n"},
      {"by the instant", "from: {list: r, lowest: at, take: v}",
       R"({"r":[{"at":"2025-03-01T10:00:00Z","v":1},{"at":"2025-03-01T10:30:00+01:00","v":2}]})",
       "2\n"},
      {"values of entries", "from: {list: r, highest: $value, take: $key}",
       R"({"r":{"x":3,"y":7,"z":5}})", "y\n"},
      {"no rank at all: missing", "from: {list: r, highest: q, take: v}, when_missing: m", kRates,
       "m\n"},
      {"what has no order", "from: {list: r, highest: v, take: k}", kRates,
       "1: WRONG_TYPE A: \"ten\" is neither a number nor an ISO-8601 date, so it cannot be "
       "compared\n"},
      {"a number beside a date", "from: {list: r, highest: at, take: v}",
       R"({"r":[{"at":"2025-03-01","v":1},{"at":20250302,"v":2}]})",
       "1: WRONG_TYPE A: 20250302 and \"2025-03-01\" are of two kinds, so they cannot be "
       "compared\n"},
      {"a time without an offset beside one that has it", "from: {list: r, highest: at, take: v}",
       R"({"r":[{"at":"2025-03-01T10:00:00Z","v":1},{"at":"2025-03-01T10:30:00","v":2}]})",
       "1: WRONG_TYPE A: \"2025-03-01T10:30:00\" and \"2025-03-01T10:00:00Z\" are of two kinds, so "
       "they cannot be compared\n"},
      {"two of them", "from: {list: r, highest: p, lowest: p}", "{}",
       "error[WORDS_TOGETHER]: 'highest' and 'lowest' cannot be used together\n"},
      {"beside total", "from: {list: r, highest: p, take: v}, total: sum", "{}",
       "error[WORDS_TOGETHER]: 'highest' and 'total' cannot be used together\n"},
  };
  run_cases(kCases);
}

TEST_CASE("picks: among other sources") {
  static constexpr Case kCases[] = {
      {"in first_of", "first_of: [x, {list: n, where: l, is: es, take: t}, y]",
       R"({"n":[{"l":"es","t":"Mar"}],"y":"Y"})", "Mar\n"},
      {"in first_of, passed over", "first_of: [{list: n, where: l, is: es, take: t}, y]",
       R"({"n":[{"l":"en","t":"Sea"}],"y":"Y"})", "Y\n"},
      {"in a list of paths all that fit are glued",
       "from: [x, {list: n, where: l, is: [es, en], take: t}], join: \"/\"",
       R"({"x":"X","n":[{"l":"en","t":"Sea"},{"l":"fr","t":"Mer"},{"l":"es","t":"Mar"}]})",
       "X/Sea/Mar\n"},
      {"the highest among others", "from: [x, {list: n, highest: p, take: t}], join: \"/\"",
       R"({"x":"X","n":[{"p":1,"t":"a"},{"p":2,"t":"b"}]})", "X/b\n"},
      {"in a list of json each gives one",
       "from: [x, {list: n, where: l, is: [es, en]}], type: json",
       R"({"x":[1],"n":[{"l":"en"},{"l":"es","t":{}}]})",
       "\"[[1],{\"\"l\"\":\"\"es\"\",\"\"t\"\":{}}]\"\n"},
      {"two lists in one total",
       "from: [{list: a, where: k, is: x, take: v}, {list: b, where: k, is: x, take: v}], total: "
       "sum",
       R"({"a":[{"k":"x","v":1},{"k":"x","v":2}],"b":[{"k":"y","v":4},{"k":"x","v":8}]})", "11\n"},
      {"two picks need something to make one value of them",
       "from: [{list: a, where: k, is: x}, {list: b, where: k, is: x}]", "{}",
       "error[MANY_VALUES]: several paths, or a path with [*], give several values, and nothing "
       "makes "
       "one of them\n"},
  };
  run_cases(kCases);
}

TEST_CASE("picks: what check refuses") {
  static constexpr Case kCases[] = {
      {"no where", "from: {list: a}", "{}",
       "error[KEY_MISSING]: 'from: {list: …}' needs 'where'\n"},
      {"no is", "from: {list: a, where: b}", "{}",
       "error[KEY_MISSING]: 'from: {list: …}' needs 'is'\n"},
      {"is beside conditions", "from: {list: a, where: {b: c}, is: d}", "{}",
       "error[WORDS_TOGETHER]: 'where' and 'is' cannot be used together\n"},
      {"is without where", "from: {list: a, highest: b, is: d}", "{}",
       "error[KEY_MISSING]: 'from: {list: …}' needs 'where'\n"},
      {"no value", "from: {list: a, where: b, is: []}", "{}",
       "error[VALUE_KIND]: 'is' must be a value or a list of values, not a list inside a list\n"},
      {"no condition", "from: {list: a, where: {}}", "{}",
       "error[VALUE_KIND]: 'where' must be a path or fields with the values wanted ({path: "
       "value}), "
       "not words with values\n"},
      {"several places in an item", "from: {list: a, where: {\"b[*]\": c}}", "{}",
       "error[PATH_MANY]: 'b[*]' gives several values, and one is needed here\n"},
      {"several lists", "from: {list: \"a[*].b\", where: c, is: d}, total: sum", "{}",
       "error[PATH_MANY]: 'a[*].b' gives several values, and one is needed here\n"},
      {"a word that is none", "from: {list: a, where: b, is: c, sort: d}", "{}",
       "error[KEY_UNKNOWN]: 'sort' is not a word of 'from: {list: …}'\n"},
  };
  run_cases(kCases);
}

TEST_CASE("picks: by item of rows and each") {
  const Mapped got = map(
      "rows: {one_per: xs, called: x}\n"
      "columns: {A: {from: {list: names, where: k, is: {from: x.k}, take: v}},\n"
      "          B: {from: {list: x.l, where: k, is: a, take: v}, total: sum}}",
      R"({"names":[{"k":"a","v":"A"},{"k":"b","v":"B"}],"xs":[{"k":"a","l":[{"k":"a","v":1},{"k":"a","v":2}]},{"k":"b","l":[]}]})");
  CHECK(got.diagnostics + got.rows + got.rejected == "A,3\nB,\n");
}

}  // namespace trama::test
