// What `check` must catch (mappings/rules.md, section 7), item by item, each with the ways that it
// can be written; how one message looks is in tests/golden/diagnostics.md.

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

const std::map<std::string, std::string> kFiles = {
    {"rates.csv", "day,from,to,rate\n2025-01-01,EUR,USD,1.1\n2025-01-20,EUR,USD,1.2\n"},
    {"bad.csv",
     "day,from,to,rate\n2025-01-01,EUR,USD,0\n2025-01-02,EUR,USD,-1\n2025-01-03,EUR,USD,1\n"
     "2025-01-03,EUR,USD,1\n"},
    {"latin.csv", "code,name\nBOG,Bogot\xE1\n"},
    {"rooms.csv", "code,name\ndbl,Doble\n"},
    {"plans.csv", "hotel,plan,name\nH1,a,Uno\nH1,,Dos\n"},
    {"odd.csv", "code,name,zone\nA\u00A0,Uno,N\nB,Dos,\"S\u00A0\"\nB,Tres,S\n"},
    {"odd.yaml", "A\u00A0: Uno\n\"B\u00A0\": Dos\n"},
};

struct Case {
  const char* mapping;
  const char* said;  // "" where nothing is wrong with it
};

void run_cases(const char* item, std::span<const Case> cases) {
  for (const Case& c : cases) {
    INFO(std::string(item), "\n", std::string(c.mapping));
    CHECK(messages(map(c.mapping, "{}", kFiles).diagnostics) == c.said);
  }
}

/// A money column that is converted, with `words`, by a table with `table` words.
std::string converted(const std::string& words, const std::string& table = "") {
  return "tables:\n  r: {kind: rates, file: rates.csv, date: day, from: from, to: to, rate: rate" +
         table +
         "}\ncolumns:\n  D: {from: d, type: date}\n  A: {from: a, type: money, currency: EUR, " +
         words + "}\n";
}

void run_converted(const char* words, const char* table, const char* said) {
  INFO(words, " ", table);
  CHECK(messages(map(converted(words, table), "{}", kFiles).diagnostics) == said);
}

}  // namespace

TEST_CASE("check: entries that can never be reached") {
  static constexpr Case kCases[] = {
      {"columns: {A: {from: a, text: upper-case, lookup: {dbl: x, SGL: y}}}",
       "error[TABLE_KEY_UNREACHABLE]: the key 'dbl' can never be found: after 'upper-case' the "
       "value "
       "is written 'DBL'\n"},
      {"columns: {A: {from: a, text: upper-case, ignore_case: yes, lookup: {dbl: x}}}", ""},
      {"columns: {A: {from: a, text: [trim, digits-only], lookup: {A1: x}}}",
       "error[TABLE_KEY_UNREACHABLE]: the key 'A1' can never be found: after 'trim, digits-only' "
       "the "
       "value is written '1'\n"},
      {"columns: {A: {from: a, pad: {to: 3, with: \"0\"}, lookup: {7: x, 008: y}}}",
       "error[TABLE_KEY_UNREACHABLE]: the key '7' can never be found: after 'pad' the value is "
       "written '007'\n"},
      {"columns: {A: {from: a, split: {by: \".\", take: 1}, lookup: {DBL.ST: x, DBL: y}}}",
       "error[TABLE_KEY_UNREACHABLE]: the key 'DBL.ST' can never be found: 'split' leaves no '.' "
       "in "
       "the value\n"},
      {"columns: {A: {from: a, null_words: [\"-\"], lookup: {\"-\": x, Y: y}}}",
       "error[TABLE_KEY_UNREACHABLE]: the key '-' can never be found: it is one of the null_words, "
       "and a null is not looked up\n"},
      {"input: {null_words: N/A}\ncolumns: {A: {from: a, lookup: {N/A: x, Y: y}}}",
       "error[TABLE_KEY_UNREACHABLE]: the key 'N/A' can never be found: it is one of the "
       "null_words, "
       "and a null is not looked up\n"},
      {"columns: {A: {from: a, lookup: {\"\": x, Y: y}}}",
       "error[TABLE_KEY_UNREACHABLE]: the key '' can never be found: a blank is not looked up\n"},
      {"tables: {t: {file: rooms.csv, key: code, value: name}}\ncolumns: {A: {from: a, text: "
       "upper-case, lookup: t}}",
       "error[TABLE_KEY_UNREACHABLE]: the key 'dbl' can never be found: after 'upper-case' the "
       "value "
       "is written 'DBL'\n"},
      {"tables: {t: {file: plans.csv, key: [hotel, plan], value: name}}\ncolumns: {A: {by: [h, p], "
       "text: upper-case, lookup: t}}",
       "error[TABLE_KEY_UNREACHABLE]: the key 'H1 / a' can never be found: after 'upper-case' the "
       "value is written 'A'\n"
       "warning[TABLE_BLANK_KEY]: this line has no key and is left out\n"},
      {"columns: {A: {from: a, type: money, currency: {from: c, text: upper-case, lookup: {eur: "
       "EUR, "
       "USD: USD}}}}",
       "error[TABLE_KEY_UNREACHABLE]: the key 'eur' can never be found: after 'upper-case' the "
       "value "
       "is written 'EUR'\n"},
  };
  run_cases("entry that can never be reached", kCases);
}

TEST_CASE(
    "check: what is wrong with the lines of a table, for each of its columns that is looked up") {
  const std::string odd =
      "warning[CHARACTER_ODD]: there is a character here that is not seen, or only looks like a "
      "space (U+00A0)\n";
  const std::string twice =
      "error[TABLE_KEY_REPEATED]: the key 'B' appears twice in the table (first in line 3)\n";
  const std::string table = "tables: {t: {file: odd.csv, key: code";
  const std::string one = "}}\ncolumns: {A: {from: a, lookup: t}}";
  const std::string two =
      "}}\ncolumns: {A: {from: a, lookup: t.name}, B: {from: b, lookup: t.zone}}";
  const auto said = [](const std::string& mapping) {
    return messages(map(mapping, "{}", kFiles).diagnostics);
  };
  CHECK(said(table + ", value: name" + one) == odd + twice);
  CHECK(said(table + ", value: name, repeated: first" + one) == odd);
  CHECK(said(table + two) == odd + twice);
  CHECK(said("tables: {t: {file: odd.yaml}}\ncolumns: {A: {from: a, lookup: t}}") == odd);
}

TEST_CASE("check: several values where one is needed") {
  static constexpr const char* kMany =
      "error[MANY_VALUES]: several paths, or a path with [*], give several values, and nothing "
      "makes "
      "one of them\n";
  static constexpr const char* kOne =
      "error[PATH_MANY]: 'a[*].b' gives several values, and one is needed here\n";
  static constexpr const char* kOutside =
      "error[PATH_INVALID]: 'a[*].b' is not a path: here it must lead to one place, by names and "
      "places from 0\n";
  static constexpr Case kCases[] = {
      {"columns: {A: {from: [a, b]}}", kMany},
      {"columns: {A: \"a[*].b\"}", kMany},
      {"columns: {A: \"a{*}.b\"}", kMany},
      {"columns: {A: {first_of: [\"a[*].b\", c]}}", kOne},
      {"tables: {t: {file: plans.csv, key: [hotel, plan], value: name}}\ncolumns: {A: {by: "
       "[\"a[*].b\", c], lookup: t}}",
       "error[PATH_MANY]: 'a[*].b' gives several values, and one is needed here\n"
       "warning[TABLE_BLANK_KEY]: this line has no key and is left out\n"},
      {"columns: {A: {from: {list: \"a[*].b\", where: c, is: x}}}", kOne},
      {"columns: {A: {from: {list: l, where: \"a[*].b\", is: x}}}", kOne},
      {"columns: {A: {from: {list: l, where: c, is: x, take: \"a[*].b\"}}}", kOne},
      {"columns: {A: {from: {list: l, where: c, is: {from: \"a[*].b\"}}}}", kOne},
      {"columns: {A: {choose: [{otherwise: {from: \"a[*].b\"}}]}}", kOne},
      {"columns: {A: {from: a, type: money, currency: {from: \"a[*].b\"}}}", kOne},
      {"columns: {A: {from: a, type: money, currency: USD, minor_units: {from: \"a[*].b\"}}}",
       kOne},
      {"columns: {A: {from: a, type: date, read: ISO-8601, zone: {from: \"a[*].b\"}}}", kOne},
      {"input: {id: \"a[*].b\"}\ncolumns: {A: a}", kOne},
      {"duplicates: {same: \"a[*].b\", keep: first}\ncolumns: {A: a}", kOne},
      {"duplicates: {same: a, keep: \"highest a[*].b\"}\ncolumns: {A: a}", kOne},
      {"input: {records: \"a[*].b\"}\ncolumns: {A: a}", kOutside},
      {"input: {error_body: \"a[*].b\"}\ncolumns: {A: a}", kOutside},
      {"input: {records: \"a[0].b[*]\", error_body: \"e[0].code\"}\ncolumns: {A: a}", ""},
  };
  run_cases("several paths or [*] with nothing to make one value of them", kCases);
}

TEST_CASE("check: required beside what is never blank, or always") {
  static constexpr const char* kTogether = "cannot be used together\n";
  struct Beside {
    const char* words;
    std::string said;
  };
  const auto pointless = [](const char* beside) {
    return std::string("error[REQUIRED_POINTLESS]: 'required' can never fail beside ") + beside +
           "\n";
  };
  const auto together = [](const char* word) {
    return std::string("error[WORDS_TOGETHER]: 'required' and '") + word + "' " + kTogether;
  };
  const Beside kBeside[] = {
      {"from: a, when_blank: x", pointless("a default for every blank")},
      {"from: a, when_missing: x, when_null: x, when_empty: x",
       pointless("a default for every blank")},
      {"from: a, when_missing: x, when_null: x", ""},
      {"from: a, when_null: \"\"", together("when_null: \"\"")},
      {"from: a, when_blank: \" \"", together("when_blank: \"\"")},
      {"value: x", pointless("a 'value' that is always the same")},
      {"value: \"\"", together("value: \"\"")},
      {"from: \"a[*]\", total: count",
       pointless("'total: count', which is 0 where there is nothing")},
      {"from: a, type: integer, when_wrong: write-blank", together("when_wrong: write-blank")},
      {"from: a, type: email, when_wrong: {write: \"\"}", together("when_wrong: {write: \"\"}")},
      {"from: a, lookup: {x: y}, unknown: write-blank", together("unknown: write-blank")},
      {"from: a, lookup: {x: y}, unknown: {write: \"\"}", together("unknown: {write: \"\"}")},
      {"choose: [{when: 'source.a = \"x\"', write: y}, {otherwise: z}]",
       pointless("a 'choose' that writes a constant in every case")},
      {"choose: [{when: 'source.a = \"x\"', write: y}, {otherwise: \"\"}]",
       together("write: \"\"")},
      {"choose: [{when: 'source.a = \"x\"', write: y}]", ""},
      {"choose: [{when: 'source.a = \"x\"', write: y}, {otherwise: {from: a}}]", ""},
  };
  for (const Beside& c : kBeside) {
    INFO(c.words);
    CHECK(messages(map(std::string("columns: {A: {required: yes, ") + c.words + "}}\n", "{}")
                       .diagnostics) == c.said);
  }
}

TEST_CASE("check: names, marks and words that mean nothing") {
  static constexpr Case kCases[] = {
      {"columns: {record: a}\noutput: {audit_columns: [file, record]}",
       "error[NAME_REPEATED]: a column is already called 'record' (line 3)\n"},
      {"columns: {A: a}\noutput: {separator: \";\", decimal_mark: \";\"}",
       "error[MARKS_ALIKE]: the separator, the decimal mark and the thousands mark must differ\n"},
      {"columns: {A: a}\noutput: {decimal_mark: \",\"}",
       "error[MARKS_ALIKE]: the separator, the decimal mark and the thousands mark must differ\n"},
      {"columns: {A: a}\noutput: {separator: '\"'}",
       "error[VALUE_WRONG]: '\"' is not a value of 'separator'\n"},
      {"columns: {A: a}\noutput: {decimal_mark: \"5\"}",
       "error[VALUE_WRONG]: '5' is not a value of 'decimal_mark'\n"},
      {"columns: {A: a}\noutput: {thousands_mark: \"-\"}",
       "error[VALUE_WRONG]: '-' is not a value of 'thousands_mark'\n"},
      {"columns: {A: {from: a, replace: {\"(a)\": \"\\\\2\"}}}",
       "error[PATTERN_WRONG]: the pattern '(a)' cannot be compiled: what is written in its place "
       "names group \\2, and the pattern has 1 pairs of parentheses\n"},
      {"columns: {A: {from: a, type: money, currency: {from: c, lookup: {pesos: PESO}}}}",
       "error[CURRENCY_UNKNOWN]: 'PESO' is no ISO 4217 currency code\n"},
      {"columns: {A: {from: a, type: money, currency: JPY, when_blank: \"1.25\"}}",
       "error[CONSTANT_WRONG]: '1.25' is not a value of the column's own type, money\n"},
      {"columns: {A: {from: a, type: money, currency: USD, when_blank: \"1.25\"}}", ""},
      {"tables: {t: {file: latin.csv, key: code, value: name}}\ncolumns: {A: {from: a, lookup: t}}",
       "error[TEXT_NOT_UTF8]: this character is not UTF-8\n"},
  };
  run_cases("names, marks, constants", kCases);
}

TEST_CASE("check: words that no value can satisfy") {
  static constexpr Case kCases[] = {
      {"columns: {A: {from: a, at_least: 5, at_most: 3}}",
       "error[WORDS_TOGETHER]: 'at_least: 5' and 'at_most: 3' cannot be used together\n"},
      {"columns: {A: {from: a, type: boolean, yes_words: [Y, X], no_words: [N, X]}}",
       "error[WORDS_TOGETHER]: 'yes_words: X' and 'no_words: X' cannot be used together\n"},
      {"columns: {A: {from: a, split: {by: \"\", take: 1}}}",
       "error[VALUE_WRONG]: '' is not a value of 'by'\n"},
      {"columns: {A: {from: a, internal: yes}}",
       "error[KEY_MISSING]: the output needs 'columns'\n"},
      {"rows: [{one_per: a, called: x}, {one_per: x.b, called: x}]\ncolumns: {A: x.c}",
       "error[WORDS_TOGETHER]: 'called: x' and 'called: x' cannot be used together\n"},
      {"columns: {A: {from: a, type: country, lookup: {x: España, y: PT, z: \"\"}}}",
       "error[CONSTANT_WRONG]: 'España' is not a value of the column's own type, country\n"},
      {"columns: {A: {from: a, type: integer, lookup: {x: uno, y: 2}}}",
       "error[CONSTANT_WRONG]: 'uno' is not a value of the column's own type, integer\n"},
      {"columns: {A: {from: a, type: boolean, yes_words: [sí], no_words: [no], lookup: {1: sí, 0: "
       "nunca}}}",
       "error[CONSTANT_WRONG]: 'nunca' is not a value of the column's own type, boolean\n"},
      {"columns: {A: {from: a, type: date, read: DD/MM/YYYY, lookup: {x: 01/03/2025, y: "
       "2025-03-01}}}",
       "error[CONSTANT_WRONG]: '2025-03-01' is not a value of the column's own type, date\n"},
      {"columns: {A: {from: a, type: datetime, read: ISO-8601, zone: America/Bogota, lookup: {x: "
       "2025-03-01T10:00:00Z}}}",
       ""},
  };
  run_cases("words that no value can satisfy", kCases);
}

TEST_CASE("check: words without effect") {
  static constexpr Case kCases[] = {
      // other sections
      {"input: {format: ndjson, records: data}\ncolumns: {A: a}",
       "error[WORD_HAS_NO_EFFECT]: 'records' has no effect with 'format: ndjson'\n"},
      {"input: {format: json, records: data}\ncolumns: {A: a}", ""},
      {"input: {ignore_fields: x}\ncolumns: {A: a}",
       "error[WORD_HAS_NO_EFFECT]: 'ignore_fields' has no effect without 'fields_nobody_uses'\n"},
      {"input: {ignore_fields: x, fields_nobody_uses: warn}\ncolumns: {A: a}", ""},
      // the type writes otherwise
      {"columns: {A: {from: a, type: integer, pad: {to: 3, with: \"0\"}}}",
       "error[WORD_HAS_NO_EFFECT]: 'pad' has no effect without 'lookup'\n"},
      {"columns: {A: {from: a, type: integer, pad: {to: 2, with: \"0\"}, lookup: {\"07\": 1}}}",
       ""},
      {"columns: {A: {from: a, type: date, read: DDMMYYYY, pad: {to: 8, with: \"0\"}}}", ""},
      {"columns: {A: {from: a, type: integer, decimals: 2}}",
       "error[WORD_HAS_NO_EFFECT]: 'decimals' has no effect with 'type: integer'\n"},
      {"columns: {A: {from: a, type: date, decimals: 2}}",
       "error[WORD_NOT_FOR_TYPE]: 'decimals' does not go with 'type: date'\n"},
      // zones and formats
      {"columns: {A: {from: a, type: datetime, clock_change: later}}",
       "error[WORD_HAS_NO_EFFECT]: 'clock_change' has no effect without 'no_zone_means'\n"},
      {"columns: {A: {from: a, type: datetime, zone: UTC, clock_change: later}}",
       "error[WORD_HAS_NO_EFFECT]: 'clock_change' has no effect without 'no_zone_means'\n"},
      {"columns: {A: {from: a, type: datetime, no_zone_means: Europe/Madrid, clock_change: later}}",
       ""},
      {"columns: {A: {from: a, type: date, no_zone_means: Europe/Madrid}}",
       "error[WORD_HAS_NO_EFFECT]: 'no_zone_means' has no effect without 'zone'\n"},
      {"columns: {A: {from: a, type: time, zone: UTC}}",
       "error[WORD_HAS_NO_EFFECT]: 'zone' has no effect without a format that reads a date with "
       "its "
       "time\n"},
      {"columns: {A: {from: a, type: date, months: es}}",
       "error[WORD_HAS_NO_EFFECT]: 'months' has no effect without a format that has names of "
       "months "
       "or days\n"},
      {"columns: {A: {from: a, type: date, months: es, write: D MMM YYYY}}", ""},
      {"columns: {A: {from: a, type: date, read: DD/MM/YYYY, two_digit_years: 2000-2099}}",
       "error[WORD_HAS_NO_EFFECT]: 'two_digit_years' has no effect without a format that reads "
       "YY\n"},
      // amounts and rows
      {"rows: {one_per: l, called: r}\ncolumns: {A: {from: r.a, type: money, currency: EUR, "
       "on_extra_rows: share}}",
       "error[WORD_HAS_NO_EFFECT]: 'on_extra_rows' has no effect on an amount of the row's own "
       "item\n"},
      {"rows: {one_per: l, called: r}\ncolumns: {B: r.b, A: {from: a, type: money, currency: EUR, "
       "on_extra_rows: share, internal: yes}}",
       "error[WORD_HAS_NO_EFFECT]: 'on_extra_rows' has no effect beside 'internal'\n"},
      {"columns: {A: {from: a, type: decimal, on_extra_rows: share}}",
       "error[NEEDS_WORD]: 'on_extra_rows' does nothing without 'rows'\n"},
      // totals
      {"columns: {A: {from: a, type: decimal, total: sum}}",
       "error[WORD_HAS_NO_EFFECT]: 'total' has no effect beside a 'from' that gives one value\n"},
      {"columns: {A: {first_of: [a, b], type: decimal, total: sum}}",
       "error[WORD_HAS_NO_EFFECT]: 'total' has no effect beside 'first_of'\n"},
      {"columns: {A: {from: \"a[*]\", total: count, type: text}}",
       "error[WORD_NOT_FOR_TYPE]: 'total: count' does not go with 'type: text'\n"},
      {"columns: {A: {from: \"a[*]\", total: count, when_blank: 0}}",
       "error[WORD_HAS_NO_EFFECT]: 'when_blank' has no effect beside 'total: count'\n"},
      // finished sources
      {"columns: {A: {value: x, null_words: y, when_blank: x, blank_as: w, one_of: [x]}}",
       "error[WORD_HAS_NO_EFFECT]: 'null_words' has no effect beside 'value'\n"
       "error[WORD_HAS_NO_EFFECT]: 'when_blank' has no effect beside 'value'\n"
       "error[WORD_HAS_NO_EFFECT]: 'blank_as' has no effect beside 'value'\n"
       "error[WORD_HAS_NO_EFFECT]: 'one_of' has no effect beside 'value'\n"},
      {"columns: {A: {value: 5, type: decimal, read_number: \"1,5\", times: 2}}",
       "error[WORD_HAS_NO_EFFECT]: 'read_number' has no effect beside 'value'\n"
       "error[WORD_HAS_NO_EFFECT]: 'times' has no effect beside 'value'\n"},
      {"columns: {A: {value: 5, type: money, currency: EUR}}",
       "error[WORD_NOT_FOR_TYPE]: 'value' does not go with 'type: money'\n"
       "error[WORD_HAS_NO_EFFECT]: 'currency' has no effect beside 'value'\n"},
      {"columns: {M: {from: m, type: money, currency: EUR}, A: {choose: [{otherwise: {column: "
       "M}}], "
       "type: money, currency: JPY}}",
       "error[WORD_HAS_NO_EFFECT]: 'currency' has no effect beside 'choose'\n"},
      {"columns: {A: {value: x, text: trim}}",
       "error[FINISHED_SOURCE]: 'text' does nothing here: the value is finished already\n"},
      {"columns: {D: {from: d, type: date}, A: {compute: D + 1 days, read: DD/MM/YYYY, zone: UTC}}",
       "error[WORD_HAS_NO_EFFECT]: 'read' has no effect beside 'compute'\n"
       "error[WORD_HAS_NO_EFFECT]: 'zone' has no effect beside 'compute'\n"},
      // JSON
      {"columns: {A: {from: a, type: json, when_null: \"1\", text: trim, lookup: {a: b}}}",
       "error[WORD_NOT_FOR_TYPE]: 'when_null' does not go with 'type: json'\n"
       "error[WORD_HAS_NO_EFFECT]: 'text' has no effect without 'split'\n"
       "error[WORD_HAS_NO_EFFECT]: 'lookup' has no effect without 'split'\n"},
      // words that need or spoil others
      {"columns: {A: {from: a, unknown: keep}}", "error[KEY_MISSING]: 'unknown' needs 'lookup'\n"},
      {"columns: {A: {from: a, blank_as: \"-\"}, B: {from: b, blank_as: left-out}}\noutput: "
       "{format: json}",
       "error[VALUE_WRONG]: '-' is not a value of 'blank_as'\n"},
      {"columns: {A: a}\noutput: {format: ndjson, blank_as: x}",
       "error[VALUE_WRONG]: 'x' is not a value of 'blank_as'\n"},
      {"columns: {A: {from: a, blank_as: none}}\noutput: {format: ndjson, blank_as: \"null\"}", ""},
      {"columns: {A: {from: a, blank_as: \"-\"}}\noutput: {blank_as: left-out}", ""},
      {"columns: {A: {from: a, required: yes, blank_as: x}}",
       "error[WORD_HAS_NO_EFFECT]: 'blank_as' has no effect beside 'required'\n"},
      {"columns: {A: {from: a, called: x}}",
       "error[WORD_HAS_NO_EFFECT]: 'called' has no effect beside a 'from' that gives one value\n"},
      // names that begin with $
      {"columns: {A: a.$keys}",
       "error[WORD_HAS_NO_EFFECT]: '$keys' has no effect in the path 'a.$keys'\n"},
      {"columns: {A: 'a.\"$type\"', B: /$type}", ""},
      {"columns: {A: {from: \"a{*}.$key\", join: \",\"}}", ""},
      {"columns: {A: $key}",
       "error[WORD_HAS_NO_EFFECT]: '$key' has no effect in the path '$key'\n"},
      {"input: {format: json, records: \"a{*}\"}\ncolumns: {A: $key}", ""},
      {"rows: {one_per: \"l{*}\", called: r}\ncolumns: {A: r.$key}", ""},
      {"rows: {one_per: l, called: r}\ncolumns: {A: r.$key}",
       "error[WORD_HAS_NO_EFFECT]: '$key' has no effect in the path 'r.$key'\n"},
      {"columns: {A: {from: a, type: money, currency: {from: $cur}}}",
       "error[WORD_HAS_NO_EFFECT]: '$cur' has no effect in the path '$cur'\n"},
  };
  run_cases("words without effect", kCases);
}

TEST_CASE("check: a pattern never matches a part of a character") {
  static constexpr const char* kByte =
      "cannot be compiled: \\C matches a single byte, which may be a part of a character; write . "
      "instead\n";
  for (const char* mapping :
       {"columns: {A: {from: a, replace: {'^\\C': x}}}", "columns: {A: {from: a, pattern: '\\C+'}}",
        "columns: {A: a}\nrules: [{name: r, check: A matches \"\\C\"}]",
        "columns: {A: a}\nonly: {when: source.a matches \"x\\C\"}",
        "columns: {A: a}\noutput: {format: ndjson, schema: s.yaml}"}) {
    INFO(std::string(mapping));
    const std::string said = messages(
        map(mapping, "{}", {{"s.yaml", "properties: {A: {pattern: 'a\\C'}}\n"}}).diagnostics);
    CHECK(said.find(kByte) != std::string::npos);
  }
  // What is left of a text is text.
  CHECK(map("columns: {A: {from: a, replace: {'\\B': \"-\"}, text: no-accents}}", "{\"a\":\"éñ\"}")
            .rows == "-e-n-\n");
}

TEST_CASE("check: messages that say what was found") {
  static constexpr Case kCases[] = {
      {"columns: {A: {from: a, type: integer, between: [5]}}",
       "error[VALUE_KIND]: 'between' must be a list of two: [low, high], not a list of 1\n"},
      {"columns: {A: {from: a, type: boolean, write: [a, b, c]}}",
       "error[VALUE_KIND]: 'write' must be a text, or for yes and no a list of two, not a list of "
       "3\n"},
      {"columns: {A: {from: a, text: [[trim]]}}",
       "error[VALUE_KIND]: 'text' must be a word or a list of words, not a list inside a list\n"},
      {"columns: {A: {from: a, type: [date]}}",
       "error[VALUE_KIND]: 'type' must be one word, not a list\n"},
      {"columns: {X: {each: l, columns: {m1: item.a}}, C: {currency_of: m1}}\n"
       "output: {format: json}",
       "error[COLUMN_UNKNOWN]: no column is called 'm1'\n"},
      {"columns: {X: {each: l, columns: {m1: item.a}}, C: {compute: m1 + 1}}\n"
       "output: {format: json}",
       "error[EXPRESSION_COLUMN_UNKNOWN]: no column is called 'm1'\n"},
  };
  run_cases("what was found", kCases);
  const std::string said = map(kCases[4].mapping, "{}", kFiles).diagnostics;
  CHECK(said.find("did you mean") == std::string::npos);
  CHECK(said.find("each item of 'X' has one") != std::string::npos);
}

TEST_CASE("check: one cause is one error") {
  static constexpr Case kCases[] = {
      {"columns: {A: {from: a, type: fecha, read: DD/MM/YYYY, months: es, write: DD/MM/YYYY}}",
       "error[VALUE_WRONG]: 'fecha' is not a value of 'type'\n"},
      {"tables: {r: {kind: rates, file: rates.csv, date: day, from: from, to: to, rate: rate}}\n"
       "columns:\n  D: {from: d, type: date}\n"
       "  A: {from: a, type: moneda, currency: EUR, convert_to: USD, rates: r, rate_date: D, "
       "decimals: 2, rounding: half-up}\n  M: {currency_of: A}\n"
       "rules: [{name: r, check: A > 5}]",
       "error[VALUE_WRONG]: 'moneda' is not a value of 'type'\n"},
      {"columns:\n  N: {from: \"n[*]\", type: number, between: [1, 5], when_blank: 1, total: sum}\n"
       "  S: {compute: N * 2}\n  E: {choose: [{otherwise: {column: N}}]}",
       "error[VALUE_WRONG]: 'number' is not a value of 'type'\n"},
      {"columns: {A: {choose: [{otherwise: {from: a}}], type: fecha}}",
       "error[VALUE_WRONG]: 'fecha' is not a value of 'type'\n"},
      {"columns: {A: {compute: 1 + 1, type: numero}}",
       "error[VALUE_WRONG]: 'numero' is not a value of 'type'\n"},
      {"columns: {A: {from: a, lookup: {x: 2}, pattern: x, type: numero}}",
       "error[VALUE_WRONG]: 'numero' is not a value of 'type'\n"},
      {"rows: {one_per: xs, called: x}\ncolumns:\n  A: {from: a, type: [money], currency: EUR}",
       "error[VALUE_KIND]: 'type' must be one word, not a list\n"},
      {"columns: {A: {from: a, type: date, read: [DD/MM/AAAA HH:mm], zone: Europe/Madrid, "
       "no_zone_means: Europe/Madrid}}",
       "error[DATE_PATTERN]: 'DD/MM/AAAA HH:mm' is not a date pattern: 'AAAA' is not a word of a "
       "date pattern: write YYYY for the year (or YY for two digits)\n"},
      {"columns: {A: {from: a, type: date, read: D-MMM-YYYY, months: español}}",
       "error[VALUE_WRONG]: 'español' is not a value of 'months'\n"},
      {"columns: {A: {from: a, type: date, read: D-MMM-YYYY HH:mm, months: sp, zone: UTC, "
       "write: MMM YYYY}}",
       "error[VALUE_WRONG]: 'sp' is not a value of 'months'\n"},
      {"columns: {A: {from: a, type: date, read: DD/MM/YY, two_digit_years: [2000, 2099]}}",
       "error[VALUE_KIND]: 'two_digit_years' must be a text, not a list\n"},
      {"columns: {A: {from: a, type: date, read: [DD/MM/AA], write: DD/MM/AA}}",
       "error[DATE_PATTERN]: 'DD/MM/AA' is not a date pattern: 'AA' is not a word of a date pattern: "
       "write YYYY for the year (or YY for two digits)\n"
       "error[DATE_PATTERN]: 'DD/MM/AA' is not a date pattern: 'AA' is not a word of a date pattern: "
       "write YYYY for the year (or YY for two digits)\n"},
      {"columns: {A: {from: a, type: datetime, zone: Madrid, write: HH}}",
       "error[ZONE_UNKNOWN]: 'Madrid' is not a time zone\n"},
      {"columns: {A: {from: a, type: money, currency: [EUR]}}",
       "error[VALUE_KIND]: 'currency' must be a text or {from: path}, not a list\n"},
      {"columns: {A: {from: a, type: decimal, decimals: dos, rounding: half-up}}",
       "error[VALUE_WRONG]: 'dos' is not a value of 'decimals'\n"},
      {"columns:\n  A: {from: a, type: decimal}\n"
       "  B: {compute: A / 2, decimals: 2, rounding: halfup}",
       "error[VALUE_WRONG]: 'halfup' is not a value of 'rounding'\n"},
      {"columns: {A: {from: a, type: boolean, yes_words: [Y], no_words: {N: x}}}",
       "error[VALUE_KIND]: 'no_words' must be a text or a list of texts, not words with values\n"},
      {"tables: {rooms: {DBL: Doble}}\ncolumns: {A: {from: a, lookup: room}}",
       "error[LOOKUP_TABLE_UNKNOWN]: no table is called 'room'\n"},
      {"tables: {rooms: {DBL: Doble}}\ncolumnas:\n  A: {from: a, lookup: rooms}\n"
       "rules: [{name: r, check: A > \"b\"}]\nduplicates: {same: a}\n"
       "tests: [{name: t, given: {a: 1}, expect_rows: {A: 1}}]",
       "error[KEY_UNKNOWN]: 'columnas' is not a word of a mapping\n"},
  };
  run_cases("one cause is one error", kCases);
  run_converted("convert_to: USD, rates: r, rate_date: D, decimals: 2, rounding: halfup", "",
                "error[VALUE_WRONG]: 'halfup' is not a value of 'rounding'\n");
  run_converted("convert_to: USD, rates: q, rate_date: D, decimals: 2, rounding: half-up", "",
                "error[LOOKUP_TABLE_UNKNOWN]: no table is called 'q'\n");
  run_converted("convert_to: USD, rates: [r], rate_date: D, decimals: 2, rounding: half-up", "",
                "error[VALUE_KIND]: 'rates' must be a text, not a list\n");
  run_converted("convert_to: dolar, rates: r, rate_date: [D], decimals: 2, rounding: half-up", "",
                "error[CURRENCY_UNKNOWN]: 'dolar' is no ISO 4217 currency code\n"
                "error[VALUE_KIND]: 'rate_date' must be a text, not a list\n");
}

TEST_CASE("check: fields that are columns") {
  static constexpr Case kCases[] = {
      {"input: {id: Ref}\nduplicates: {same: [Ref, day], keep: highest Change}\n"
       "columns: {Ref: ref, Day: day, Change: {from: at}}",
       "warning[FIELD_IS_COLUMN]: 'Ref' is the name of a column, and 'id' names a field of the "
       "source\n"
       "warning[FIELD_IS_COLUMN]: 'Ref' is the name of a column, and 'same' names a field of the "
       "source\n"
       "warning[FIELD_IS_COLUMN]: 'Change' is the name of a column, and 'keep' names a field of "
       "the source\n"},
      {"input: {id: Ref}\nduplicates: {same: Ref}\ncolumns: {Ref: Ref, B: b}", ""},
      {"duplicates: {same: Ref}\ncolumns: {Ref: a, B: Ref}", ""},
      {"duplicates: {same: ref}\ncolumns: {Ref: a}", ""},
  };
  run_cases("fields that are columns", kCases);
}

TEST_CASE("check: table files that are wrong in every line") {
  const auto said = [](const char* table, const char* file) {
    return messages(map("tables:\n  r: {kind: rates, file: r.csv, date: day, from: from, to: to, "
                        "rate: rate" +
                            std::string(table) + "}\n  t: {file: r.csv, key: day, value: rate" +
                            table + "}\ncolumns: {A: {from: a, lookup: t, unknown: keep}}",
                        "{}", {{"r.csv", file}})
                        .diagnostics);
  };
  CHECK(said("", "day;from;to;rate\n2025-01-01;EUR;USD;1.1\n") ==
        "error[TABLE_NO_COLUMN]: the table file has no column 'day'\n"
        "error[TABLE_NO_COLUMN]: the table file has no column 'day'\n");
  CHECK(said(", separator: \";\"",
             "day;from;to;rate\n2025-01-01;EUR;USD;1,1\n"
             "2025-01-02;EUR;USD;1,2\n2025-01-03;EUR;USD;1,3\n") ==
        "error[RATE_WRONG]: '1,1' is not a rate above zero (and 2 lines more)\n");
  CHECK(said("", "day,from,to,rate\n01/01/2025,EUR,USD,1.1\n02/01/2025,EUR,USD,1.2\n") ==
        "error[RATE_DATE_WRONG]: '01/01/2025' is not a date as YYYY-MM-DD (and 1 line more)\n");
  CHECK(said("", "day,from,to,rate\n2025-01-01,EUR,USD,1,1\n2025-01-02,EUR,USD,1,2\n") ==
        "error[TABLE_LINE_LENGTH]: this line has 5 cells, the first line has 4 (and 1 line "
        "more)\n"
        "error[TABLE_LINE_LENGTH]: this line has 5 cells, the first line has 4 (and 1 line "
        "more)\n");
}

TEST_CASE("check: rates") {
  const char* rest = "convert_to: USD, rates: r, rate_date: D, decimals: 2, rounding: half-up";
  run_converted(rest, "", "");
  run_converted("convert_to: USD, rates: r, rate_date: D, decimals: 2", "",
                "error[ROUNDING_MISSING]: a converted amount has more decimals than money has, and "
                "'rounding' is not stated\n");
  run_converted("convert_to: USD, rates: r, decimals: 2, rounding: half-up", "",
                "error[KEY_MISSING]: 'convert_to' needs 'rate_date'\n");
  run_converted(rest, ", no_rate_that_day: use-previous",
                "error[KEY_MISSING]: 'no_rate_that_day: use-previous' needs 'at_most_days_old'\n");
  run_converted(rest, ", at_most_days_old: 5",
                "error[NEEDS_WORD]: 'at_most_days_old' does nothing without 'no_rate_that_day: "
                "use-previous'\n");
  run_converted(
      rest, ", no_rate_that_day: use-previous, at_most_days_old: 5",
      "warning[RATES_GAP]: EUR to USD has no rate between 2025-01-01 and 2025-01-20, longer "
      "than at_most_days_old (5)\n");
  run_converted(rest, ", decimal_mark: \",\", thousands_mark: \",\"",
                "error[MARKS_ALIKE]: the separator, the decimal mark and the thousands mark must "
                "differ\n");
  std::string bad = converted(rest);
  bad.replace(bad.find("rates.csv"), 9, "bad.csv");
  CHECK(messages(map(bad, "{}", kFiles).diagnostics) ==
        "error[RATE_WRONG]: '0' is not a rate above zero\nerror[RATE_WRONG]: '-1' is not a rate "
        "above "
        "zero\nerror[RATE_REPEATED]: EUR to USD has two rates on 2025-01-03\n");
}

TEST_CASE("check: rules that are always true, or never") {
  struct Rule {
    const char* check;
    const char* said;
  };
  static constexpr Rule kRules[] = {
      {"N = N", "'N = N' is always true"},
      {"1 = 1", "'1 = 1' is always true"},
      {"N >= 1 or N < 1", "'N >= 1 or N < 1' is always true"},
      {"N > 1 or not (N > 1)", "'N > 1 or not (N > 1)' is always true"},
      {"not (N > 1) and N > 2", "'not (N > 1) and N > 2' is always false"},
      {"N is blank or N is not blank", "'N is blank or N is not blank' is always true"},
      {"N is blank and not (N is blank)", "'N is blank and not (N is blank)' is always false"},
      {"T matches \".*\"", "'T matches \".*\"' is always true"},
      {"C = \"x\"", "'C = \"x\"' is always true"},
      {"\"y\" = C", "'\"y\" = C' is always false"},
      {"R is not blank", "'R is not blank' is always true"},
      {"O is not blank", nullptr},  // an original that could not be read is blank for rules
      {"N is blank or N > 1", nullptr},
      {"N is blank or T is not blank", nullptr},
      {"T matches \".*x\"", nullptr},
  };
  for (const Rule& rule : kRules) {
    INFO(rule.check);
    const std::string said = messages(
        map(std::string("columns:\n  N: {from: n, type: integer}\n  T: t\n  C: {value: x}\n  "
                        "R: {from: r, required: yes}\n  O: {from: o, type: integer, "
                        "required: yes, when_wrong: write-original}\nrules:\n  - {name: r, "
                        "check: '") +
                rule.check + "'}\n",
            "{}")
            .diagnostics);
    CHECK(
        said ==
        (rule.said == nullptr ? "" : "error[EXPRESSION_ALWAYS]: " + std::string(rule.said) + "\n"));
  }
}

TEST_CASE("check: tests that name what is not there") {
  struct Expected {
    const char* words;
    const char* said;
  };
  static constexpr Expected kExpected[] = {
      {"expect_rows: {B: 1}", "error[COLUMN_UNKNOWN]: no column is called 'B'\n"},
      {"expect_rows: {I: 1}", "error[COLUMN_UNKNOWN]: no column is called 'I'\n"},
      {"expect_rejected: {column: B}", "error[COLUMN_UNKNOWN]: no column is called 'B'\n"},
      {"expect_rejected: {column: I}", ""},
      {"expect_rejected: {code: LOOKUP_UNKNWN}",
       "error[VALUE_WRONG]: 'LOOKUP_UNKNWN' is not a value of 'code'\n"},
      {"expect_rejected: {rule: s}", "error[RULE_UNKNOWN]: no rule is called 's'\n"},
      {"expect_warnings: {column: B}", "error[COLUMN_UNKNOWN]: no column is called 'B'\n"},
      {"expect_warnings: {rule: s}", "error[RULE_UNKNOWN]: no rule is called 's'\n"},
  };
  for (const Expected& c : kExpected) {
    INFO(c.words);
    CHECK(
        messages(map(std::string("columns: {A: a, I: {from: i, internal: yes}}\nrules:\n  - {name: "
                                 "r, check: A != \"x\"}\ntests:\n  - {name: t, given: {a: 1}, ") +
                         c.words + "}\n",
                     "{}")
                     .diagnostics) == c.said);
  }
}

TEST_CASE("check: a test may name a column of each as reports do") {
  const char* body =
      "columns:\n  L: {each: l, columns: {N: {from: item.n, type: integer}}}\noutput: {format: "
      "json}\ntests:\n  - {name: t, given: {l: [{n: x}]}, expect_rejected: {column: \"L[*].N\"}}\n";
  CHECK(map(body, "{}").diagnostics == "");
  CHECK(messages(map(std::string(body).replace(std::string(body).find("[*].N"), 5, "[*].M"), "{}")
                     .diagnostics) == "error[COLUMN_UNKNOWN]: no column is called 'L[*].M'\n");
}

TEST_CASE("check: personal values that choose and each read are masked too") {
  const auto source = [](const char* column) {
    TextFiles files;
    files.files["m.yaml"] =
        whole_mapping(std::string("columns:\n  N: {from: n, type: integer}\n  P: ") + column +
                      "\noutput: {format: ndjson}\n");
    const LoadedMapping loaded = load_mapping("m.yaml", "", files);
    CHECK(render_text(loaded.diagnostics, loaded.files) == "");
    std::string all;
    if (loaded.plan)
      for (const RecordPlace& place : loaded.plan->personal.all()) all += place.pointer() + "\n";
    return all;
  };
  CHECK(source("{personal: yes, choose: [{otherwise: {from: guest.name}}]}") == "/guest/name\n");
  CHECK(source("{personal: yes, each: pax, columns: {a: item.b}}") == "/pax\n/pax/*/b\n");
  CHECK(source("{each: pax, columns: {a: {from: item.b, personal: yes}, c: item.c}}") ==
        "/pax/*/b\n");
  CHECK(source("{personal: yes, from: {list: ph, where: t, is: {from: who.kind}, take: v}}") ==
        "/who/kind\n/ph\n");
  CHECK(source("{personal: yes, from: net, type: money, currency: {from: cur}, minor_units: {from: "
               "units}}") == "/cur\n/units\n/net\n");
  CHECK(source("{personal: yes, from: at, type: datetime, no_zone_means: {from: zone}}") ==
        "/zone\n/at\n");
  CHECK(source("{personal: yes, compute: source.a + source.b}") == "/a\n/b\n");
  CHECK(source("{personal: yes, first_of: [/x/y, \"z[0].a\"]}") == "/x/y\n/z/0/a\n");
}

}  // namespace trama::test
