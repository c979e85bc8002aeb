// Several values: each goes through split, replace, text, pad and lookup, then they are joined or
// totalled (mappings/rules.md, rule 9.10).

#include <doctest/doctest.h>

#include <map>
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
  const char* warned = "";
};

void run_cases(std::span<const Case> cases) {
  for (const Case& c : cases) {
    INFO(c.why);
    const Mapped got = map(std::string("columns:\n") + c.columns, c.dump);
    CHECK(got.diagnostics == "");
    CHECK(got.rows == c.rows);
    CHECK(got.rejected == c.rejected);
    CHECK(got.warned == c.warned);
  }
}

}  // namespace

TEST_CASE("parts: lookup of each, then join") {
  static constexpr const char* kJoin =
      "  A: {from: \"x[*]\", join: \"+\", lookup: {1: uno, 2: dos, 3: \"\"}}\n";
  static constexpr Case kCases[] = {
      {"each item", kJoin, R"({"x":[1,"2"]})", "uno+dos\n"},
      {"one item", kJoin, R"({"x":[2]})", "dos\n"},
      {"no item", kJoin, R"({"x":[]})", "\"\"\n"},
      {"several paths", "  A: {from: [x, y], join: \" \", lookup: {1: uno, 2: dos}}\n",
       R"({"x":1,"y":2})", "uno dos\n"},
      {"blank parts are not looked up", kJoin, R"({"x":[1,null,"",2]})", "uno+dos\n"},
      {"a part that the table makes blank is left out", kJoin, R"({"x":[1,3,2]})", "uno+dos\n"},
      {"all parts blank by the table", kJoin, R"({"x":[3]})", "\"\"\n"},
      {"behind the text steps",
       "  A: {from: \"x[*]\", join: \"+\", split: {by: \"-\", take: 1}, text: [trim, upper-case], "
       "pad: {to: 2, "
       "with: \"0\"}, lookup: {0A: uno}}\n",
       R"({"x":[" a -9","a"]})", "uno+uno\n"},
      {"a part that its steps emptied is not looked up",
       "  A: {from: \"x[*]\", join: \"+\", text: digits-only, lookup: {1: uno}}\n",
       R"({"x":["a","b1"]})", "uno\n"},
      {"a part of blanks that a replacement left is not looked up",
       "  A: {from: [x, y], join: \"+\", replace: {a: \" \"}, lookup: {1: uno}}\n",
       R"({"x":"a","y":1})", "uno\n"},
      {"a null word is not looked up",
       "  A: {from: \"x[*]\", join: \"+\", null_words: [N/A], lookup: {1: uno}}\n",
       R"({"x":["N/A",1]})", "uno\n"},
      {"the type reads the glued text",
       "  A: {from: [d, m, y], join: \"/\", lookup: {ene: \"01\"}, unknown: keep, type: date, "
       "read: DD/MM/YYYY}\n",
       R"({"d":"03","m":"ene","y":2025})", "2025-01-03\n"},
      {"case does not matter",
       "  A: {from: \"x[*]\", join: \"+\", lookup: {ab: uno}, ignore_case: yes}\n",
       R"({"x":["AB","ab"]})", "uno+uno\n"},
      {"unknown: reject, at its own place", kJoin, R"({"x":[1,7]})", "",
       "1: LOOKUP_UNKNOWN A: 7 is not in the lookup of A; known: 1, 2, 3\n"},
      {"unknown: keep", "  A: {from: \"x[*]\", join: \"+\", lookup: {1: uno}, unknown: keep}\n",
       R"({"x":[7,1]})", "7+uno\n"},
      {"unknown: write-blank",
       "  A: {from: \"x[*]\", join: \"+\", lookup: {1: uno}, unknown: write-blank}\n",
       R"({"x":[7,1,8]})", "uno\n"},
      {"unknown: write",
       "  A: {from: \"x[*]\", join: \"+\", lookup: {1: uno}, unknown: {write: otro, and: warn}}\n",
       R"({"x":[7,1,8]})", "otro+uno+otro\n", "",
       "LOOKUP_UNKNOWN A: 7 written as \"otro\" × 1\nLOOKUP_UNKNOWN A: 8 written as \"otro\" × "
       "1\n"},
      {"unknown: write is a part of what the type reads",
       "  A: {from: [x, y], join: \".\", lookup: {1: \"10\"}, unknown: {write: \"00\"}, type: "
       "decimal}\n",
       R"({"x":1,"y":9})", "10.00\n"},
      {"unknown: write \"\" leaves the part out",
       "  A: {from: [x, y], join: \"+\", lookup: {1: uno}, unknown: {write: \"\"}}\n",
       R"({"x":9,"y":1})", "uno\n"},
      {"by is of the key as a whole",
       "  A: {by: [x, y], lookup: t}\ntables: {t: {file: t.csv, key: [k, l], value: v}}\n",
       R"({"x":1,"y":2})", "tres\n"},
      {"first_of is one value", "  A: {first_of: [x, y], lookup: {1: uno}}\n", R"({"x":"","y":1})",
       "uno\n"},
  };
  for (const Case& c : kCases) {
    INFO(c.why);
    const Mapped got =
        map(std::string("columns:\n") + c.columns, c.dump, {{"t.csv", "k,l,v\n1,2,tres\n"}});
    CHECK(got.diagnostics == "");
    CHECK(got.rows == c.rows);
    CHECK(got.rejected == c.rejected);
    CHECK(got.warned == c.warned);
  }
}

TEST_CASE("parts: lookup of each, then total") {
  static constexpr Case kCases[] = {
      {"sum", "  A: {from: \"x[*]\", total: sum, lookup: {A: 10, B: \"2.5\"}}\n",
       R"({"x":["A","B","A"]})", "22.5\n"},
      {"max", "  A: {from: \"x[*]\", total: max, type: integer, lookup: {A: 9, B: 10}}\n",
       R"({"x":["A","B"]})", "10\n"},
      {"min of texts", "  A: {from: \"x[*]\", total: min, lookup: {A: z, B: y}}\n",
       R"({"x":["A","B"]})", "y\n"},
      {"first", "  A: {from: \"x[*]\", total: first, type: integer, lookup: {A: \"\", B: 3}}\n",
       R"({"x":["A","B"]})", "3\n"},
      {"last", "  A: {from: \"x[*]\", total: last, lookup: {A: a, B: b}}\n", R"({"x":["A","B"]})",
       "b\n"},
      {"only", "  A: {from: \"x[*]\", total: only, lookup: {A: \"\", B: b}}\n",
       R"({"x":["A","B"]})", "b\n"},
      {"unknown: reject, though another is taken",
       "  A: {from: \"x[*]\", total: first, lookup: {A: a}}\n", R"({"x":["A","B"]})", "",
       "1: LOOKUP_UNKNOWN A: \"B\" is not in the lookup of A; known: A\n"},
      {"unknown: write is a finished value of a sum",
       "  A: {from: \"x[*]\", total: sum, type: decimal, read_number: [\"1,5\"], lookup: {A: "
       "\"1,5\"}, unknown: {write: "
       "0.5}}\n",
       R"({"x":["A","B","A"]})", "3.5\n"},
      {"unknown: write is a finished value that is taken",
       "  A: {from: \"x[*]\", total: last, type: date, read: DD/MM/YYYY, lookup: {A: 01/02/2025}, "
       "unknown: {write: "
       "2025-12-31}}\n",
       R"({"x":["A","B"]})", "2025-12-31\n"},
      {"and one before it is not",
       "  A: {from: \"x[*]\", total: last, type: date, read: DD/MM/YYYY, lookup: {A: 01/02/2025}, "
       "unknown: {write: "
       "2025-12-31}}\n",
       R"({"x":["B","A"]})", "2025-02-01\n"},
      {"unknown: write-blank is passed over",
       "  A: {from: \"x[*]\", total: only, type: integer, lookup: {A: 4}, unknown: write-blank}\n",
       R"({"x":["B","A","C"]})", "4\n"},
      {"unknown: keep is read by the type",
       "  A: {from: \"x[*]\", total: sum, lookup: {A: 4}, unknown: keep}\n", R"({"x":["A","6"]})",
       "10\n"},
  };
  run_cases(kCases);
}

TEST_CASE("parts: split without take makes them") {
  static constexpr const char* kJoin = "  A: {from: x, split: {by: \";\"}, join: \"+\"}\n";
  static constexpr const char* kList = "  A: {from: x, type: json, split: {by: \";\"}, ";
  static const std::string list_of_codes =
      std::string(kList) + "text: [trim, upper-case], lookup: {WIFI: Wifi, POOL: Pool}}\n";
  static const std::string kept = std::string(kList) + "lookup: {W: Wifi}, unknown: keep}\n";
  static const std::string written =
      std::string(kList) + "lookup: {W: Wifi}, unknown: {write: Otro}}\n";
  static const std::string blanks = std::string(kList) + "null_words: [N/A], when_blank: '[]'}\n";
  static const std::string needed = std::string(kList) + "required: yes}\n";
  static constexpr const char* kSum =
      "  A: {from: x, type: decimal, split: {by: \"+\"}, text: trim, total: sum}\n";
  static const Case cases[] = {
      {"all parts", kJoin, R"({"x":"a;b;c"})", "a+b+c\n"},
      {"one part", kJoin, R"({"x":"a"})", "a\n"},
      {"blank parts are left out, edges stay", kJoin, R"({"x":";a;; ; b;"})", "a+ b\n"},
      {"nothing but marks", kJoin, R"({"x":";;"})", "\"\"\n"},
      {"a number has parts too", "  A: {from: x, split: {by: \".\"}, join: \"+\"}\n",
       R"({"x":12.50})", "12+50\n"},
      {"of several texts each", "  A: {from: \"x[*]\", split: {by: \";\"}, join: \"+\"}\n",
       R"({"x":["a;b",null,"c"]})", "a+b+c\n"},
      {"of the first that gives one", "  A: {first_of: [x, y], split: {by: \";\"}, join: \"+\"}\n",
       "{\"x\":\"\",\"y\":\"a;b\"}\n{\"x\":\"c\",\"y\":\"a;b\"}", "a+b\nc\n"},
      {"of an item that is picked",
       "  A: {from: {list: x, where: k, is: [b, a], take: v}, type: json, split: {by: \";\"}}\n",
       R"({"x":[{"k":"a","v":"1;2"}]})", "\"[\"\"1\"\",\"\"2\"\"]\"\n"},
      {"a list, each through steps and table", list_of_codes.c_str(), R"({"x":"wifi; pool"})",
       "\"[\"\"Wifi\"\",\"\"Pool\"\"]\"\n"},
      {"a list of one", list_of_codes.c_str(), R"({"x":"wifi"})", "\"[\"\"Wifi\"\"]\"\n"},
      {"quotes are escaped", kept.c_str(), R"({"x":"a\"b;\\"})",
       "\"[\"\"a\\\"\"b\"\",\"\"\\\\\"\"]\"\n"},
      {"an unknown part", list_of_codes.c_str(), R"({"x":"wifi;spa"})", "",
       "1: LOOKUP_UNKNOWN A: \"SPA\" is not in the lookup of A; known: WIFI, POOL\n"},
      {"what unknown writes is a part", written.c_str(), R"({"x":"W;Q"})",
       "\"[\"\"Wifi\"\",\"\"Otro\"\"]\"\n"},
      {"null words and defaults are of the whole text", blanks.c_str(),
       "{\"x\":\"N/A\"}\n{}\n{\"x\":\"N/A;a\"}", "[]\n[]\n\"[\"\"N/A\"\",\"\"a\"\"]\"\n"},
      {"of nothing there is no list", needed.c_str(), R"({"x":" ; "})", "",
       "1: REQUIRED_BLANK A: the value is empty\n"},
      {"a list is no text", kJoin, R"({"x":["a"]})", "",
       "1: WRONG_TYPE A: [\"a\"]; one value is needed, but this is a list\n"},
      {"a sum", kSum, R"({"x":"1.50 + 2+"})", "3.50\n"},
      {"a part that is no number", kSum, R"({"x":"1+x"})", "",
       "1: NUMBER_UNREADABLE A: \"x\" is not a number as 1234.56\n"},
      {"a count", "  A: {from: x, split: {by: \";\"}, total: count}\n",
       "{\"x\":\"a;;b\"}\n{\"x\":\"\"}\n{}", "2\n0\n0\n"},
      {"the last", "  A: {from: x, split: {by: \";\"}, total: last}\n", R"({"x":"a;b"})", "b\n"},
      {"one alone", "  A: {from: x, split: {by: \";\"}, total: only}\n", R"({"x":"a;b"})", "",
       "1: WRONG_TYPE A: one value is expected, but there are 2\n"},
      {"in each",
       "  A: {each: x, called: i, internal: yes, columns: {c: {from: i.t, split: {by: \",\"}, join: "
       "\"/\"}}}\n  B: {total: last, column: \"A[*].c\"}\n",
       R"({"x":[{"t":"a,b"},{"t":"c,d"}]})", "c/d\n"},
  };
  run_cases(cases);
}

TEST_CASE("parts: what check says of split without take") {
  const auto told = [](const std::string& column) {
    return messages(map("columns:\n  A: {" + column + "}\n", "{}").diagnostics);
  };
  const std::string needs_take = "error[KEY_MISSING]: 'split' needs 'take'\n";
  CHECK(told("from: x, split: {by: \";\"}") == needs_take);
  CHECK(told("from: x, type: decimal, split: {by: \";\"}") == needs_take);
  CHECK(told("first_of: [x, y], split: {by: \";\"}") == needs_take);
  CHECK(told("by: [x, y], lookup: {a: b}, split: {by: \";\"}").find(needs_take) !=
        std::string::npos);
  CHECK(told("from: x, join: \"+\", split: {by: \";\", take: 1}").starts_with("error[JOIN_ALONE]"));
  CHECK(told("from: x, type: json, split: {by: \";\", take: 1}") ==
        "error[WORDS_TOGETHER]: 'split: take' and 'type: json' cannot be used together\n");
  CHECK(told("from: x, type: json, join: \"+\", split: {by: \";\"}")
            .starts_with("error[WORD_NOT_FOR_TYPE]"));
  CHECK(told("from: x, type: json, text: trim")
            .starts_with("error[WORD_HAS_NO_EFFECT]: 'text' has no effect without 'split'"));
  CHECK(told("from: x, split: {by: \";\"}, join: \"+\", lookup: {a;b: c}")
            .find("TABLE_KEY_UNREACHABLE") != std::string::npos);
  const std::map<std::string, std::string> tables = {{"t.csv", "a,b,v\n1,2,3\n"}};
  const auto keep = [&](const char* by) {
    return messages(
        map(std::string("tables: {t: {file: t.csv, key: ") + (*by == '[' ? "[a, b]" : "a") +
                ", value: v}}\ncolumns:\n  A: {by: " + by + ", lookup: t, unknown: keep}\n",
            "{}", tables)
            .diagnostics);
  };
  CHECK(keep("[x, y]") ==
        "error[WORDS_TOGETHER]: 'unknown: keep' and 'by' cannot be used together\n");
  CHECK(keep("x").empty());
  CHECK(messages(
            map("defaults: {text: {unknown: keep}}\ntables: {t: {file: t.csv, key: [a, b], value: "
                "v}}\ncolumns:\n  A: {by: [x, y], lookup: t}\n",
                "{}", tables)
                .diagnostics)
            .empty());
}

TEST_CASE("durations: written in a unit, exactly or rounded as stated") {
  const auto seen = [](const std::string& words, const char* dump) {
    const Mapped got = map("columns:\n  A: {from: a, type: duration, " + words + "}\n", dump);
    return messages(got.diagnostics) + got.rejected + got.rows;
  };
  const char* const minutes = "read: minutes, write: hours";
  CHECK(seen(minutes, R"({"a":90})") == "1.5\n");
  CHECK(seen(minutes, R"({"a":"0.0003"})") == "0.000005\n");
  CHECK(
      seen(minutes, R"({"a":100})") ==
      "1: NUMBER_NEEDS_ROUNDING A: 100; PT1H40M in hours needs rounding: state decimals and rounding in "
      "the column\n");
  const std::string two = "read: minutes, write: hours, decimals: 2, rounding: ";
  CHECK(seen(two + "half-up", R"({"a":100})") == "1.67\n");
  CHECK(seen(two + "down", R"({"a":100})") == "1.66\n");
  CHECK(seen(two + "exact", R"({"a":90})") == "1.50\n");
  CHECK(seen("read: minutes, write: hours, decimals: 0", R"({"a":90})")
            .starts_with("1: NUMBER_NEEDS_ROUNDING"));
  CHECK(
      seen("write: hours, decimals: 1", R"({"a":"P1M"})").starts_with("1: DURATION_UNREADABLE A"));
  CHECK(seen("write: hours, when_blank: PT10M", "{}").starts_with("error[CONSTANT_BREAKS_CHECK]"));
  CHECK(seen("decimals: 2", "{}")
            .starts_with("error[WORD_HAS_NO_EFFECT]: 'decimals' has no effect without 'write'"));
  CHECK(seen("write: ISO-8601, decimals: 2", "{}")
            .starts_with("error[WORD_HAS_NO_EFFECT]: 'decimals' has no effect"));
  CHECK(seen("write: hours, rounding: up", "{}").starts_with("error[ROUNDING_ALONE]"));
  CHECK(
      seen("write: hours, decimals: by-currency", "{}").starts_with("error[DECIMALS_BY_CURRENCY"));
  // Rules and other columns see the length itself, not what is written.
  const Mapped rule = map(
      "columns:\n  A: {from: a, type: duration, read: minutes, write: hours, decimals: 0, rounding: down}\n"
      "rules: [{name: r, check: A > source.b}]\n",
      R"({"a":100,"b":"PT1H30M"})");
  CHECK(rule.rows == "1\n");
  const Mapped chosen =
      map("columns:\n  A: {from: a, type: duration, internal: yes}\n"
          "  B: {choose: [{otherwise: {column: A}}], type: duration, write: hours}\n",
          R"({"a":"P1M"})");
  CHECK(chosen.rejected.starts_with("1: DURATION_UNREADABLE B"));
}

TEST_CASE("parts: what a lookup gives is checked where it is read") {
  const auto found = [](const char* column) {
    return messages(map(std::string("columns:\n  A: ") + column + "\n", "{}").diagnostics);
  };
  CHECK(found("{from: \"x[*]\", total: sum, lookup: {A: uno}}") ==
        "error[CONSTANT_WRONG]: 'uno' is not a value of the column's own type, \n");
  CHECK(found("{from: \"x[*]\", join: '.', type: decimal, lookup: {A: uno}}") == "");
  CHECK(
      found("{from: \"x[*]\", join: '.', type: decimal, lookup: {A: 1}, unknown: {write: uno}}") ==
      "");
  CHECK(found("{from: \"x[*]\", join: '+', text: upper-case, lookup: {a: uno}}")
            .find("TABLE_KEY_UNREACHABLE") != std::string::npos);
}

TEST_CASE("durations: one order, in checks, totals and rules") {
  static constexpr const char* kMonths = "cannot be compared: a month has no fixed length";
  const auto rejected = [](const char* columns, const char* dump) {
    return map(std::string("columns:\n") + columns, dump).rejected;
  };
  static constexpr const char* kBetween = "  A: {from: a, type: duration, between: [PT0S, P30D]}\n";
  CHECK(rejected(kBetween, R"({"a":"P29D"})") == "");
  CHECK(rejected(kBetween, R"({"a":"P31D"})").find("OUT_OF_RANGE") != std::string::npos);
  CHECK(rejected(kBetween, R"({"a":"P1M"})") ==
        std::string("1: WRONG_TYPE A: P1M and P30D ") + kMonths + "\n");
  CHECK(rejected("  A: {from: a, type: duration, one_of: [P30D, P1M]}\n", R"({"a":"P1M"})") == "");
  CHECK(rejected("  A: {from: a, type: duration, one_of: [P30D, P60D]}\n", R"({"a":"P1M"})")
            .find(kMonths) != std::string::npos);
  static constexpr const char* kMax = "  A: {from: \"a[*]\", total: max, type: duration}\n";
  CHECK(map(std::string("columns:\n") + kMax, R"({"a":["P1M","P2M","PT0S"]})").rows == "P2M\n");
  CHECK(rejected(kMax, R"({"a":["P1M","P30D"]})").find(kMonths) != std::string::npos);
  CHECK(rejected("  A: {from: \"a[*]\", total: min, type: duration}\n", R"({"a":["P40D","P1M"]})")
            .find("WRONG_TYPE") != std::string::npos);
  CHECK(
      map("columns:\n  A: {from: \"a[*]\", total: min, type: duration, when_wrong: write-blank}\n",
          R"({"a":["P40D","P1M"]})")
          .rows == "\"\"\n");
  const Mapped rule =
      map("columns:\n  A: {from: a, type: duration}\nrules: [{name: r, check: A < source.b}]\n",
          R"({"a":"P1M","b":"P30D"})");
  CHECK(rule.warned.find("RULE_UNDECIDED r: a duration in months and one in days") == 0);
}

TEST_CASE("date-times: one with an offset and one without cannot be totalled") {
  const Mapped got = map("columns:\n  A: {from: \"a[*]\", total: max, type: datetime}\n",
                         R"({"a":["2025-03-01T22:30:00-05:00","2025-03-01T23:00:00"]})");
  CHECK(got.rejected.find("WRONG_TYPE A") != std::string::npos);
  CHECK(got.rejected.find("one has an offset from UTC and the other has none") !=
        std::string::npos);
  CHECK(map("columns:\n  A: {from: a, type: datetime, between: [2025-01-01T00:00:00, none]}\n",
            R"({"a":"2025-03-01T22:30:00-05:00"})")
            .rows == "2025-03-01T22:30:00-05:00\n");
}

}  // namespace trama::test
