// A wrong shape is never a blank (mappings/rules.md, rule 9.1): every reader of the record, over
// every shape that may be where it needs an object, a list or one value. An empty thing in that
// place is blank, and anything else of another kind is WRONG_TYPE.

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

enum class Needs { object, list, list_or_object, scalar };

/// A reader. In `record`, `"g":@` is the field in question, or `@` alone an item.
struct Reader {
  const char* why;
  const char* mapping;
  const char* record;
  Needs needs;
  const char* blank = "";         // the code where a blank is there; none: the record is written
  const char* missing = nullptr;  // where it is not there; null: as `blank`
};

struct Shape {
  const char* json;
  bool object, list, scalar;  // whether it is one
  bool blank;
};

constexpr Shape kShapes[] = {
    {R"("t")", false, false, true, false},      {"5", false, false, true, false},
    {"true", false, false, true, false},        {R"([{}])", false, true, false, false},
    {R"({"z":{}})", true, false, false, false}, {R"("")", false, false, true, true},
    {R"("  ")", false, false, true, true},      {"[]", false, true, false, true},
    {"{}", true, false, false, true},           {"null", false, false, false, true},
};

bool is_right(const Shape& shape, Needs needs) {
  switch (needs) {
    case Needs::object:
      return shape.object;
    case Needs::list:
      return shape.list;
    case Needs::list_or_object:
      return shape.object || shape.list;
    case Needs::scalar:
      return shape.scalar;
  }
  return false;
}

/// The codes of the rejected record, a blank between them.
std::string codes_of(const std::string& rejected) {
  std::string out;
  std::istringstream lines(rejected);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find(": ") + 2;
    out += (out.empty() ? "" : " ") + line.substr(at, line.find(' ', at) - at);
  }
  return out;
}

std::string with(std::string record, const std::string& json) {
  record.replace(record.find('@'), 1, json);
  return record;
}

void check_reader(const Reader& reader) {
  for (const Shape& shape : kShapes) {
    if (!shape.blank && is_right(shape, reader.needs)) continue;  // a value: other tests
    INFO(reader.why, "\n", reader.mapping, "\n", with(reader.record, shape.json));
    const Mapped got = map(reader.mapping, with(reader.record, shape.json));
    CHECK(got.diagnostics == "");
    // Of the right kind and empty: what is below it is missing.
    const bool below = shape.object && reader.needs == Needs::object;
    const char* blank = below && reader.missing != nullptr ? reader.missing : reader.blank;
    CHECK(codes_of(got.rejected) == (shape.blank ? blank : "WRONG_TYPE"));
    if (!shape.blank) CHECK(got.rows == "");
  }
  std::string record = reader.record;
  const std::size_t at = record.find("\"g\":@");
  if (at == std::string::npos) return;
  record.replace(at, 5, "\"other\":0");
  INFO(reader.why, "\n", reader.mapping, "\n", record);
  const Mapped got = map(reader.mapping, record);
  CHECK(codes_of(got.rejected) == (reader.missing != nullptr ? reader.missing : reader.blank));
}

void check_readers(std::span<const Reader> readers) {
  for (const Reader& reader : readers) check_reader(reader);
}

}  // namespace

TEST_CASE("wrong shapes: columns") {
  static constexpr Reader kReaders[] = {
      {"a key", "columns: {A: g.x}", R"({"g":@})", Needs::object},
      {"two keys", "columns: {A: a.g.x}", R"({"a":{"g":@}})", Needs::object},
      {"an index", "columns: {A: \"g[0]\"}", R"({"g":@})", Needs::list},
      {"an index from the end, and a key", "columns: {A: \"g[-1].x\"}", R"({"g":@})", Needs::list},
      {"a key behind an index", "columns: {A: \"a[0].g.x\"}", R"({"a":[{"g":@}]})", Needs::object},
      {"a key of a pointer", "columns: {A: /g/x}", R"({"g":@})", Needs::object},
      {"one value", "columns: {A: g}", R"({"g":@})", Needs::scalar},
      {"one value of a type", "columns: {A: {from: g, type: decimal}}", R"({"g":@})",
       Needs::scalar},
      {"one value behind an index", "columns: {A: \"a[0]\"}", R"({"a":[@]})", Needs::scalar},
      {"first_of, on the way of both", "columns: {A: {first_of: [g.x, g.y], type: decimal}}",
       R"({"g":@})", Needs::object},
      {"first_of, at the end of one", "columns: {A: {first_of: [h, g, i]}}", R"({"g":@})",
       Needs::scalar},
      {"first_of of json", "columns: {A: {first_of: [g.x, h], type: json}}", R"({"g":@})",
       Needs::object},
      {"by", "columns: {A: {by: [g.x], lookup: {a: b}}}", R"({"g":@})", Needs::object},
      {"by, at its end", "columns: {A: {by: [g], lookup: {a: b, t: c, \"5\": d, \"true\": e}}}",
       R"({"g":@})", Needs::scalar},
      {"choose from", "columns: {A: {choose: [{otherwise: {from: g.x}}]}}", R"({"g":@})",
       Needs::object},
      {"choose from, at its end", "columns: {A: {choose: [{otherwise: {from: g}}]}}", R"({"g":@})",
       Needs::scalar},
      {"json", "columns: {A: {from: g.x, type: json}}", R"({"g":@})", Needs::object},
      {"a currency", "columns: {A: {from: a, type: money, currency: {from: g.x}}}",
       R"({"a":1,"g":@})", Needs::object, "CURRENCY_UNKNOWN"},
      {"a currency with a default",
       "columns: {A: {from: a, type: money, currency: {from: g.x, when_blank: USD}}}",
       R"({"a":1,"g":@})", Needs::object},
      {"a currency, at its end",
       "columns: {A: {from: a, type: money, currency: {from: g, when_blank: USD}}}",
       R"({"a":1,"g":@})", Needs::scalar},
  };
  check_readers(kReaders);
}

TEST_CASE("wrong shapes: several values") {
  static constexpr Reader kReaders[] = {
      {"several paths", "columns: {A: {from: [g.x, h], join: \"-\"}}", R"({"g":@,"h":1})",
       Needs::object},
      {"several paths, at an end", "columns: {A: {from: [h, g], join: \"-\"}}", R"({"g":@})",
       Needs::scalar},
      {"several paths of json", "columns: {A: {from: [g.x, h], type: json}}", R"({"g":@,"h":1})",
       Needs::object},
      {"all items", "columns: {A: {from: \"g[*]\", join: \"-\"}}", R"({"g":@})", Needs::list},
      {"all items of items", "columns: {A: {from: \"a[*].g[*]\", join: \"-\"}}",
       R"({"a":[{"g":@}]})", Needs::list},
      {"all entries", "columns: {A: {from: \"g{*}\", join: \"-\"}}", R"({"g":@})", Needs::object},
      {"keys of all entries", "columns: {A: {from: \"g{*}.$key\", join: \"-\"}}", R"({"g":@})",
       Needs::object},
      {"before [*]", "columns: {A: {from: \"g.x[*]\", join: \"-\"}}", R"({"g":@})", Needs::object},
      {"behind [*]", "columns: {A: {from: \"a[*].g.x\", join: \"-\"}}",
       R"({"a":[{"g":{"x":1}},{"g":@}]})", Needs::object},
      {"an item", "columns: {A: {from: \"a[*].x\", join: \"-\"}}", R"({"a":[@]})", Needs::object},
      {"at the end behind [*]", "columns: {A: {from: \"a[*].g\", join: \"-\"}}",
       R"({"a":[{"g":1},{"g":@}]})", Needs::scalar},
      {"a total", "columns: {A: {from: \"g[*]\", total: sum}}", R"({"g":@})", Needs::list},
      {"a total behind [*]", "columns: {A: {from: \"a[*].g.x\", total: sum}}", R"({"a":[{"g":@}]})",
       Needs::object},
      {"a total, at the end", "columns: {A: {from: \"a[*].g\", total: sum}}", R"({"a":[{"g":@}]})",
       Needs::scalar},
      {"a count", "columns: {A: {from: \"g[*]\", total: count}}", R"({"g":@})", Needs::list},
      {"a count behind [*]", "columns: {A: {from: \"a[*].g.x\", total: count}}",
       R"({"a":[{"g":@}]})", Needs::object},
      {"json of all items", "columns: {A: {from: \"g[*]\", type: json}}", R"({"g":@})",
       Needs::list},
      {"json behind [*]", "columns: {A: {from: \"a[*].g.x\", type: json}}", R"({"a":[{"g":@}]})",
       Needs::object},
      {"json of entries", "columns: {A: {from: \"g{*}\", type: json}}", R"({"g":@})",
       Needs::object},
  };
  check_readers(kReaders);
}

TEST_CASE("wrong shapes: picks") {
  static constexpr Reader kReaders[] = {
      {"the list", "columns: {A: {from: {list: g, where: k, is: a, take: v}}}", R"({"g":@})",
       Needs::list_or_object},
      {"on the way of the list", "columns: {A: {from: {list: g.l, where: k, is: a, take: v}}}",
       R"({"g":@})", Needs::object},
      {"an item behind the one that fits",
       "columns: {A: {from: {list: l, where: k, is: a, take: v}}}", R"({"l":[{"k":"a","v":1},@]})",
       Needs::object},
      {"an item of several conditions",
       "columns: {A: {from: {list: l, where: {k: a, j: b}, take: v}}}",
       R"({"l":[{"k":"a","j":"b","v":1},@]})", Needs::object},
      {"where", "columns: {A: {from: {list: l, where: g, is: a, take: v}}}",
       R"({"l":[{"g":"a","v":1},{"g":@}]})", Needs::scalar},
      {"on the way of where", "columns: {A: {from: {list: l, where: g.x, is: a, take: v}}}",
       R"({"l":[{"g":{"x":"a"},"v":1},{"g":@}]})", Needs::object},
      {"a second condition where the first does not fit",
       "columns: {A: {from: {list: l, where: {k: a, g: b}, take: v}}}",
       R"({"l":[{"k":"z","g":@}]})", Needs::scalar},
      {"take", "columns: {A: {from: {list: l, where: k, is: a, take: g}}}",
       R"({"l":[{"k":"a","g":@}]})", Needs::scalar},
      {"on the way of take", "columns: {A: {from: {list: l, where: k, is: a, take: g.x}}}",
       R"({"l":[{"k":"a","g":@}]})", Needs::object},
      {"the item itself", "columns: {A: {from: {list: l, where: $value, is: a}}}",
       R"({"l":{"x":@}})", Needs::scalar},
      {"is: {from}", "columns: {A: {from: {list: l, where: k, is: {from: g.x}, take: v}}}",
       R"({"g":@,"l":[{"k":"a","v":1}]})", Needs::object},
      {"is: {from}, at its end",
       "columns: {A: {from: {list: l, where: k, is: {from: g}, take: v}}}",
       R"({"g":@,"l":[{"k":"a","v":1}]})", Needs::scalar},
      {"{from} of a condition", "columns: {A: {from: {list: l, where: {k: {from: g}}, take: v}}}",
       R"({"g":@,"l":[{"k":"a","v":1}]})", Needs::scalar},
      {"highest", "columns: {A: {from: {list: l, highest: g, take: v}}}",
       R"({"l":[{"g":1,"v":1},{"g":@}]})", Needs::scalar},
      {"on the way of lowest", "columns: {A: {from: {list: l, lowest: g.x, take: v}}}",
       R"({"l":[{"g":{"x":1},"v":1},{"g":@}]})", Needs::object},
      {"with total", "columns: {A: {from: {list: l, where: k, is: a, take: g}, total: sum}}",
       R"({"l":[{"k":"a","g":1},{"k":"a","g":@}]})", Needs::scalar},
      {"with join", "columns: {A: {from: {list: g, where: k, is: a, take: v}, join: \"-\"}}",
       R"({"g":@})", Needs::list_or_object},
      {"of json", "columns: {A: {from: {list: g, where: k, is: a}, type: json}}", R"({"g":@})",
       Needs::list_or_object},
      {"in first_of", "columns: {A: {first_of: [{list: g, where: k, is: a, take: v}, h]}}",
       R"({"g":@})", Needs::list_or_object},
      {"in a list of paths",
       "columns: {A: {from: [h, {list: g, where: k, is: a, take: v}], join: \"-\"}}",
       R"({"g":@,"h":1})", Needs::list_or_object},
  };
  check_readers(kReaders);
}

TEST_CASE("wrong shapes: rows") {
  static constexpr const char* kMissing = "REQUIRED_BLANK";
  static constexpr Reader kReaders[] = {
      {"the list", "rows: {one_per: g, called: i}\ncolumns: {A: i.x}", R"({"g":@})", Needs::list,
       "", kMissing},
      {"on its way", "rows: {one_per: g.x, called: i}\ncolumns: {A: i.x}", R"({"g":@})",
       Needs::object, "", kMissing},
      {"entries", "rows: {one_per: \"g{*}\", called: i, when_missing: one-row}\ncolumns: {A: i.x}",
       R"({"g":@})", Needs::object, "", ""},
      {"a list that empty ones are rejected of",
       "rows: {one_per: g, called: i, when_empty: reject, when_missing: one-row}\ncolumns: {A: "
       "i.x}",
       R"({"g":@})", Needs::list, "REQUIRED_BLANK", ""},
      {"one or many: on its way",
       "rows: {one_per: g.x, called: i, one_or_many: yes}\ncolumns: {A: i.x}", R"({"g":@})",
       Needs::object, "", kMissing},
      {"the inner list",
       "rows: [{one_per: a, called: o}, {one_per: o.g, called: i}]\ncolumns: {A: i.x}",
       R"({"a":[{"g":@}]})", Needs::list, "", kMissing},
      {"lists side by side", "rows: {one_per: [a, g], called: [o, i]}\ncolumns: {A: i.x}",
       R"({"a":[],"g":@})", Needs::list, "", kMissing},
      {"a field of an item", "rows: {one_per: a, called: i}\ncolumns: {A: i.x}", R"({"a":[@]})",
       Needs::object},
      {"a deep field of an item", "rows: {one_per: a, called: i}\ncolumns: {A: i.g.x}",
       R"({"a":[{"g":@}]})", Needs::object},
      {"an item as one value", "rows: {one_per: a, called: i}\ncolumns: {A: i}", R"({"a":[@]})",
       Needs::scalar},
      {"a text that is split", "rows: {one_per: {split: g, by: \",\"}, called: i}\ncolumns: {A: i}",
       R"({"g":@})", Needs::scalar, "", kMissing},
      {"on the way of a text that is split",
       "rows: {one_per: {split: g.x, by: \",\"}, called: i}\ncolumns: {A: i}", R"({"g":@})",
       Needs::object, "", kMissing},
      {"the first day", "rows: {one_per: {days_from: g, until: b}, called: i}\ncolumns: {A: i}",
       R"({"g":@,"b":"2025-03-02"})", Needs::scalar, "", kMissing},
      {"on the way of the day behind the last",
       "rows: {one_per: {days_from: a, until: g.x}, called: i}\ncolumns: {A: i}",
       R"({"a":"2025-03-01","g":@})", Needs::object, "", kMissing},
      {"where of an item", "rows: {one_per: a, called: i, where: {g: [x]}}\ncolumns: {A: i.x}",
       R"({"a":[{"g":@}]})", Needs::scalar},
      {"an item that has a where",
       "rows: {one_per: a, called: i, where: {k: [x]}}\ncolumns: {A: i.x}", R"({"a":[@]})",
       Needs::object},
      {"{from} of a where",
       "rows: {one_per: a, called: i, where: {k: {from: g}}}\ncolumns: {A: i.x}",
       R"({"a":[{"k":"x"}],"g":@})", Needs::scalar},
  };
  check_readers(kReaders);
}

TEST_CASE("wrong shapes: each") {
#define TRAMA_JSON "\noutput: {format: ndjson}\n"
  static constexpr Reader kReaders[] = {
      {"the list", "columns: {A: {each: g, columns: {B: item.x}}}" TRAMA_JSON, R"({"g":@})",
       Needs::list},
      {"on its way", "columns: {A: {each: g.x, columns: {B: item.x}}}" TRAMA_JSON, R"({"g":@})",
       Needs::object},
      {"entries", "columns: {A: {each: \"g{*}\", columns: {B: item.x}}}" TRAMA_JSON, R"({"g":@})",
       Needs::object},
      {"a field of an item", "columns: {A: {each: a, columns: {B: item.x}}}" TRAMA_JSON,
       R"({"a":[@]})", Needs::object},
      {"a value of an item", "columns: {A: {each: a, columns: {B: item}}}" TRAMA_JSON,
       R"({"a":[@]})", Needs::scalar},
      {"of an item of rows",
       "rows: {one_per: a, called: i}\ncolumns: {A: {each: i.g, columns: {B: item.x}}}" TRAMA_JSON,
       R"({"a":[{"g":@}]})", Needs::list},
  };
#undef TRAMA_JSON
  check_readers(kReaders);
}

TEST_CASE("wrong shapes: expressions, only, duplicates") {
  static constexpr Reader kReaders[] = {
      {"a rule", "columns: {A: a}\nrules: [{name: r, check: source.g.x = 'q'}]", R"({"a":1,"g":@})",
       Needs::object},
      {"a rule, at its end", "columns: {A: a}\nrules: [{name: r, check: source.g != 'q'}]",
       R"({"a":1,"g":@})", Needs::scalar},
      {"a rule that asks for a blank",
       "columns: {A: a}\nrules: [{name: r, check: source.g.x is blank}]", R"({"a":1,"g":@})",
       Needs::object},
      {"only", "columns: {A: a}\nonly: {when: source.g.x = 'q'}", R"({"a":1,"g":@})", Needs::object,
       "RULE_UNDECIDED"},
      {"only that asks for a blank", "columns: {A: a}\nonly: {when: source.g.x is blank}",
       R"({"a":1,"g":@})", Needs::object},
      {"compute", "columns: {A: {compute: source.g.x + 1}}", R"({"g":@})", Needs::object},
      {"compute, at its end", "columns: {A: {compute: source.g + 1}}", R"({"g":@})", Needs::scalar},
      {"choose", "columns: {A: {choose: [{when: source.g.x = 1, write: y}, {otherwise: n}]}}",
       R"({"g":@})", Needs::object},
      {"an operand of an item",
       "rows: {one_per: a, called: i}\ncolumns: {A: i.k}\nrules: [{name: r, check: source.i.g.x = "
       "'q'}]",
       R"({"a":[{"g":@}]})", Needs::object},
      {"duplicates same", "columns: {A: a}\nduplicates: {same: g.x}", R"({"a":1,"g":@})",
       Needs::object},
      {"duplicates same, at its end", "columns: {A: a}\nduplicates: {same: [a, g]}",
       R"({"a":1,"g":@})", Needs::scalar},
      {"duplicates keep, on its way", "columns: {A: a}\nduplicates: {same: a, keep: highest g.x}",
       R"({"a":1,"g":@})", Needs::object, "WRONG_TYPE"},
  };
  check_readers(kReaders);
}

TEST_CASE("wrong shapes: what decides, and what is reported") {
  struct Case {
    const char* why;
    const char* mapping;
    const char* record;
    const char* said;
  };
  static constexpr Case kCases[] = {
      {"the first wrong shape of first_of is the error",
       "columns: {A: {first_of: [price.gross, price.net], type: decimal}}",
       R"({"price":{"gross":{"amount":"120.00"},"net":["1"]}})",
       "1: WRONG_TYPE A: {\"amount\":\"120.00\"}; one value is needed, but this is an object\n"},
      {"a later path that gives a value wins (S49)",
       "columns: {A: {first_of: [price.gross, price.net, price], type: decimal}}",
       R"({"price":"120.00"})", "120.00\n"},
      {"no and a wrong shape is no",
       "columns: {A: {choose: [{when: source.k = 1 and source.g.x = 2, write: y}, {otherwise: "
       "n}]}}",
       R"({"k":2,"g":5})", "n\n"},
      {"yes or a wrong shape is yes",
       "columns: {A: {choose: [{when: source.k = 2 or source.g.x = 2, write: y}, {otherwise: n}]}}",
       R"({"k":2,"g":5})", "y\n"},
      {"a list or an object at the end is not blank",
       "columns: {A: a}\nrules: [{name: r, check: source.g is not blank}]",
       "{\"a\":1,\"g\":{\"z\":1}}\n{\"a\":2,\"g\":[0]}", "1\n2\n"},
      {"when_wrong covers a wrong shape of every source",
       "columns:\n  A: {first_of: [g.x, g.y], when_wrong: {write: w}}\n"
       "  B: {from: \"g[*].x\", join: \"-\", when_wrong: {write: w}}\n"
       "  C: {from: {list: g, where: k, is: a}, when_wrong: {write: w}}\n"
       "  D: {compute: source.g.x + 1, when_wrong: {write: 0}}",
       R"({"g":5})",
       "w,w,w,0\n"
       "WRONG_TYPE A: the path g.x needs an object on its way, but meets a number × 1\n"
       "WRONG_TYPE B: the path g[*].x needs a list on its way, but meets a number × 1\n"
       "WRONG_TYPE C: a list is needed, but this is a number × 1\n"
       "WRONG_TYPE D: the path g.x needs an object on its way, but meets a number × 1\n"},
      {"the message says what is in the way", "columns: {A: guest.email}",
       R"({"guest":[{"email":"a@b.co"}]})",
       "1: WRONG_TYPE A: [{\"email\":\"a@b.co\"}]; the path guest.email needs an object on its "
       "way, "
       "but meets a list ([0] is its first item, [*] goes through all)\n"},
      {"rows do not take the list that is in the way",
       "rows: {one_per: slices.segments, called: s}\ncolumns: {K: s.k}",
       R"({"slices":[{"k":"a","segments":[{"k":1}]},{"k":"b"}]})",
       "1: WRONG_TYPE : [{\"k\":\"a\",\"segments\":[{\"k\":1}]},{\"k\":\"b\"}]; the path "
       "slices.segments needs an object on its way, but meets a list ([0] is its first item, [*] "
       "goes through all)\n"},
      {"json does not take it either", "columns: {A: {from: \"items[*].b.kind\", type: json}}",
       R"({"items":[{"b":{"kind":"k"}},{"b":"plain"}]})",
       "1: WRONG_TYPE A: \"plain\"; the path items[*].b.kind needs an object on its way, but meets "
       "text\n"},
  };
  for (const Case& c : kCases) {
    INFO(c.why);
    const Mapped got = map(c.mapping, c.record);
    CHECK(got.diagnostics + got.rows + got.rejected + got.warned == c.said);
  }
}

TEST_CASE("blanks behind [*] keep their kind") {
  struct Case {
    const char* words;
    const char* record;
    const char* row;
  };
  static constexpr const char* kJoin =
      "from: \"s[*].a\", join: \"+\", when_missing: m, when_null: n, when_empty: e";
  static constexpr const char* kSum =
      "from: \"s[*].a\", total: sum, when_missing: 1, when_null: 2, when_empty: 3";
  static constexpr const char* kJson = "from: \"s[*].a\", type: json, when_missing: \"[0]\"";
  static constexpr Case kCases[] = {
      {kJoin, "{}", "m\n"},
      {kJoin, R"({"s":null})", "n\n"},
      {kJoin, R"({"s":[]})", "e\n"},
      {kJoin, R"({"s":""})", "e\n"},
      {kJoin, R"({"s":[{}]})", "m\n"},
      {kJoin, R"({"s":[{"a":null},{}]})", "n\n"},
      {kJoin, R"({"s":[{"a":null},{"a":"x"}]})", "x\n"},
      {kSum, "{}", "1\n"},
      {kSum, R"({"s":null})", "2\n"},
      {kSum, R"({"s":[]})", "3\n"},
      {kSum, R"({"s":[{"a":null},{"a":""}]})", "3\n"},
      {kSum, R"({"s":[{"a":4},{"a":""}]})", "4\n"},
      {"from: \"s[*].a\", total: count", R"({"s":null})", "0\n"},
      {kJson, "{}", "[0]\n"},
      {kJson, R"({"s":[]})", "[]\n"},
      {kJson, R"({"s":[{}]})", "[]\n"},
      {kJson, R"({"s":[{"a":null},{"a":{}}]})", "\"[null,{}]\"\n"},
      {kJson, R"({"s":null})", "\"\"\n"},
      {"from: \"s[*]\", type: json, required: yes", "{}",
       "1: REQUIRED_BLANK A: the value is missing\n"},
      {"from: [a, b], type: json, required: yes", "{}",
       "1: REQUIRED_BLANK A: the value is missing\n"},
  };
  for (const Case& c : kCases) {
    INFO(std::string(c.words), "\n", std::string(c.record));
    const Mapped got = map(std::string("columns: {A: {") + c.words + "}}", c.record);
    CHECK(got.diagnostics + got.rows + got.rejected == c.row);
  }
}

}  // namespace trama::test
