// What a mapping may say, and what is told where it says something else.

#include <doctest/doctest.h>

#include <string>

#include "mapping/support.h"
#include "step/specs.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// The heads of the diagnostics with their help, one a line: `4:3 KEY_UNKNOWN message / help`.
std::string problems(const test::Read& r) {
  std::string out;
  for (const Diagnostic& d : r.diagnostics) {
    out += std::to_string(d.span.line) + ':' + std::to_string(d.span.column) + ' ' +
           std::string(name(d.code)) + ' ' + say(Language::en, d) + " / " +
           say_help(Language::en, d) + '\n';
  }
  return out;
}

/// A mapping whose one column C has these words, from line 5 on.
test::Read read_column(const std::string& words) {
  std::string body = "columns:\n  C:\n    from: f\n";
  std::size_t at = 0;
  while (at < words.size()) {
    const std::size_t end = std::min(words.find('\n', at), words.size());
    body += "    " + words.substr(at, end - at) + '\n';
    at = end + 1;
  }
  return test::read_body(body);
}

TEST_CASE("read_mapping: wrong words of a column") {
  struct Case {
    const char* words;
    const char* problems;
  };
  static constexpr Case kCases[] = {
      {"typ: text", "6:5 KEY_UNKNOWN 'typ' is not a word of a column / did you mean 'type'?\n"},
      {"separator: x",
       "6:5 KEY_UNKNOWN 'separator' is not a word of a column / it is a word of a table\n"},
      {"qqqqqq: x",
       "6:5 KEY_UNKNOWN 'qqqqqq' is not a word of a column / look it up in the mapping guide\n"},
      {"required: true", "6:15 VALUE_WRONG 'true' is not a value of 'required' / write yes\n"},
      {"required: false", "6:15 VALUE_WRONG 'false' is not a value of 'required' / write no\n"},
      {"required: on", "6:15 VALUE_WRONG 'on' is not a value of 'required' / write yes\n"},
      {"required: si", "6:15 VALUE_WRONG 'si' is not a value of 'required' / write yes\n"},
      {"required: Yes", "6:15 VALUE_WRONG 'Yes' is not a value of 'required' / write yes\n"},
      {"required: maybe",
       "6:15 VALUE_WRONG 'maybe' is not a value of 'required' / write yes or no\n"},
      {"required: [yes]", "6:15 VALUE_KIND 'required' must be yes or no, not a list / \n"},
      {"required:",
       "6:5 VALUE_KIND 'required' must be yes or no, not nothing / write a value, or take the word "
       "out\n"},
      {"when_blank:",
       "6:5 VALUE_KIND 'when_blank' must be a text, {column: Name} or {from: path}, not nothing / for an empty text write \"\"\n"},
      {"months: nl",
       "6:13 VALUE_WRONG 'nl' is not a value of 'months' / possible: es, en, pt, de, fr, it\n"},
      {"rounding: half_up",
       "6:15 VALUE_WRONG 'half_up' is not a value of 'rounding' / did you mean 'half-up'? "
       "possible: exact, half-up, "
       "half-even, half-down, up, down, ceiling, floor\n"},
      {"decimals: 39",
       "6:15 VALUE_WRONG '39' is not a value of 'decimals' / write how many decimals (0 to 38), or "
       "by-currency\n"},
      {"decimals: -1",
       "6:15 VALUE_WRONG '-1' is not a value of 'decimals' / write how many decimals (0 to 38), or "
       "by-currency\n"},
      {"at_most: 1.000",
       "6:14 VALUE_WRONG '1.000' is not a value of 'at_most' / write a whole number in digits "
       "alone, such as 1000\n"},
      {"at_most: 99999999999999999999",
       "6:14 VALUE_WRONG '99999999999999999999' is not a value of 'at_most' / write a whole number "
       "in digits alone, such as 1000\n"},
      {"times: 1,5",
       "6:12 VALUE_WRONG '1,5' is not a value of 'times' / write digits and at most a point, such "
       "as 0.01\n"},
      {"between: [1]",
       "6:14 VALUE_KIND 'between' must be a list of two: [low, high], not a list of 1 / for an "
       "open end "
       "write none\n"},
      {"between: 1",
       "6:14 VALUE_KIND 'between' must be a list of two: [low, high], not a text / for an open end "
       "write none\n"},
      {"two_digit_years: 2000",
       "6:22 VALUE_WRONG '2000' is not a value of 'two_digit_years' / write a hundred years, such "
       "as 2000-2099\n"},
      {"two_digit_years: 2000-2098",
       "6:22 VALUE_WRONG '2000-2098' is not a value of 'two_digit_years' / write a hundred years, "
       "such as 2000-2099\n"},
      {"when_wrong: keep",
       "6:17 VALUE_WRONG 'keep' is not a value of 'when_wrong' / possible: reject, write-blank, "
       "write-original, stop\n"},
      {"when_wrong: {and: warn}",
       "6:18 KEY_UNKNOWN 'and' is not a word of 'when_wrong' / it is a word of 'unknown'\n"
       "6:17 KEY_MISSING 'when_wrong: {…}' needs 'write' / say what is written: {write: …}\n"},
      {"lookup: {a: [b]}", "6:17 VALUE_KIND 'a' must be a text, not a list / \n"},
      {"split: {take: 1}",
       "6:12 KEY_MISSING 'split' needs 'by' / write what is between the parts: {by: \"-\", take: 1}\n"},
      {"split: {by: \"-\", take: 0}",
       "6:28 VALUE_WRONG '0' is not a value of 'take' / 1 is the first part, -1 the last\n"},
      {"split: x",
       "6:12 VALUE_KIND 'split' must be words with their values, one a line, not a text / \n"},
      {"pad: {to: 3, with: ab}",
       "6:24 VALUE_WRONG 'ab' is not a value of 'with' / write one character, such as \";\" (a tab "
       "is \"\\t\")\n"},
      {"zone: {form: x}",
       "6:12 KEY_UNKNOWN 'form' is not a word of a zone / did you mean 'from'?\n"},
      {"write: [a, b, c]",
       "6:12 VALUE_KIND 'write' must be a text, or for yes and no a list of two, not a list of 3 / "
       "write the word for yes and the word for no: [sí, no]\n"},
      {"value: x",
       "6:5 COLUMN_SOURCES the column 'C' has two sources: 'from' and 'value' / keep one of "
       "them\n"},
      {"columns: {A: b}",
       "6:5 KEY_MISSING 'columns' inside a column needs 'each' / name the list that they are "
       "written for\n"},
  };
  for (const Case& c : kCases) {
    INFO(c.words);
    CHECK(problems(read_column(c.words)) == c.problems);
  }
}

TEST_CASE("read_mapping: wrong sections") {
  struct Case {
    const char* body;
    const char* problems;
  };
  static constexpr Case kCases[] = {
      {"about: x",
       "0:0 KEY_MISSING the mapping needs 'columns' / list the output columns under 'columns:'\n"},
      {"columns:",
       "3:1 VALUE_KIND 'columns' must be columns by their names, not nothing / write 'Name: path', "
       "one a line\n"},
      {"columns: {A: b}\nouput: {format: csv}",
       "4:1 KEY_UNKNOWN 'ouput' is not a word of a mapping / did you mean 'output'?\n"},
      {"columns: {A: b}\ninput: x",
       "4:8 VALUE_KIND 'input' must be words with their values, one a line, not a text / \n"},
      {"columns: {A: b}\ninput: {format: csv}",
       "4:17 VALUE_WRONG 'csv' is not a value of 'format' / possible: auto, ndjson, json\n"},
      {"columns: {A: b}\ninput: {records: a..b}",
       "4:20 PATH_INVALID 'a..b' is not a path: there is no name between two dots / \n"},
      {"columns: {A: [b]}",
       "3:14 VALUE_KIND 'A' must be a path, or words such as 'from' and 'type', not a list / write "
       "the list behind 'from:'\n"},
      {"columns:\n  A: {type: text}",
       "4:3 KEY_MISSING the column 'A' needs 'from' / say where the value comes from: from, "
       "first_of, value, compute, choose, …\n"},
      {"columns: {A: {from: {where: x}}}",
       "3:21 KEY_MISSING 'from: {…}' needs 'list' / name the list, or write a path: 'from: "
       "guest.email'\n"},
      {"columns: {A: {choose: [{otherwise: a}, {when: x, write: b}]}}",
       "3:24 WORDS_TOGETHER 'otherwise' and 'when' cannot be used together / 'otherwise' is the last "
       "entry: what follows is never reached\n"},
      {"columns: {A: {choose: [{when: x}]}}",
       "3:24 KEY_MISSING an entry of 'choose' needs 'write' / say what is written when the "
       "condition holds\n"},
      {"columns: {A: b}\nrows: {called: x}",
       "4:7 KEY_MISSING 'rows' needs 'one_per' / name the list that makes the rows\n"},
      {"columns: {A: b}\nduplicates: {same: x, keep: newest}",
       "4:29 VALUE_WRONG 'newest' is not a value of 'keep' / possible: first, last, highest X, "
       "lowest X, none\n"},
      {"columns: {A: b}\nduplicates: {same: x, keep: highest}",
       "4:29 VALUE_WRONG 'highest' is not a value of 'keep' / write a field behind it, such as "
       "'highest updated_at'\n"},
      {"columns: {A: b}\nduplicates: {same: x, keep: highest a..b}",
       "4:39 PATH_INVALID 'a..b' is not a path: there is no name between two dots / \n"},
      {"columns: {A: b}\nonly: {otherwise: skip}",
       "4:1 KEY_MISSING 'only' needs 'when' / write the condition of the records that are "
       "wanted\n"},
      {"columns: {A: b}\nrules:\n  - {name: x, check: a}\n  - {name: x, check: b}",
       "6:12 NAME_REPEATED a rule is already called 'x' (line 5) / give it another name\n"},
      {"columns: {A: b}\nrules: [x]",
       "4:9 VALUE_KIND 'rules' must be words with their values, one a line, not a text / \n"},
      {"columns: {A: b}\nlimits: {rejected_at_most: ten}",
       "4:28 VALUE_WRONG 'ten' is not a value of 'rejected_at_most' / write a percentage such as "
       "0.1%, or a number of records\n"},
      {"columns: {A: b}\nlimits: {stop_early_after: 5 rows}",
       "4:28 VALUE_WRONG '5 rows' is not a value of 'stop_early_after' / write a whole number in "
       "digits alone, such as 1000\n"},
      {"columns: {A: b}\noutput: {separator: tab}",
       "4:21 VALUE_WRONG 'tab' is not a value of 'separator' / write one character, such as \";\" "
       "(a tab is \"\\t\")\n"},
      {"columns: {A: b}\ntests: [{name: x, given: a.json}]",
       "4:9 KEY_MISSING a test needs 'expect_rows' / or 'expect_rejected', or 'expect_warnings'\n"},
      {"columns: {A: b}\nduplicates: {same: []}",
       "4:20 VALUE_KIND 'same' must be a path or a list of paths, not an empty list / write a value, "
       "or take the word out\n"},
      {"columns: {A: b}\ntables: {t: {key: a, value: b}}",
       "4:10 TABLE_AMBIGUOUS the table 't' is read as pairs written here, yet its keys are words "
       "of a table in a file / a table in a file needs 'file' (or 'inside')\n"},
      {"columns: {A: b}\ntables: {t: {file: a.csv, value: x}}",
       "4:10 KEY_MISSING the table 't' needs 'key' / name the column of the file that is looked up\n"},
      {"columns: {A: b}\ntables: {t: {file: a.csv, DBL: Doble, key: a, value: b}}",
       "4:27 KEY_UNKNOWN 'DBL' is not a word of a table / look it up in the mapping guide\n"},
      {"columns: {A: b}\ntables: {t: {kind: lookup, file: a.csv}}",
       "4:20 VALUE_WRONG 'lookup' is not a value of 'kind' / possible: rates\n"
       "4:10 KEY_MISSING the table 't' needs 'from' / name the column of the file\n"
       "4:10 KEY_MISSING the table 't' needs 'to' / name the column of the file\n"
       "4:10 KEY_MISSING the table 't' needs 'rate' / name the column of the file\n"},
  };
  for (const Case& c : kCases) {
    INFO(c.body);
    CHECK(problems(test::read_body(c.body)) == c.problems);
  }
}

TEST_CASE("read_mapping: name and version") {
  CHECK(problems(test::read("columns: {A: b}")) ==
        "0:0 KEY_MISSING the file needs 'mapping' / write 'mapping: ' and a name\n"
        "0:0 KEY_MISSING the file needs 'version' / write 'version: 1'\n");
  CHECK(problems(test::read("mapping: m\nversion: 1.0\ncolumns: {A: b}")) ==
        "2:10 VERSION_UNKNOWN version 1.0 of the language is not known / write 'version: 1'\n");
  test::FakeReader reader;
  CHECK(problems(test::read(reader)) ==
        "0:0 FILE_UNREADABLE m.yaml cannot be read: there is no such file / \n");
}

TEST_CASE("read_mapping: sources of columns") {
  const test::Read r = test::read_body(R"(columns:
  Short: a.b
  7: seven
  null: n
  List: {from: [a, b], join: " "}
  Pick: {from: {list: name, where: lang, is: [es, en], take: content}}
  PickOne: {from: {list: name, where: $key, is: es}}
  PickFrom: {from: {list: name, where: lang, is: {from: lang}}}
  First: {first_of: a}
  Value: {value: "none"}
  Compute: {compute: A * 2}
  Choose: {choose: [{when: A = 1, write: x}, {when: A = 2, write: {column: B}}, {otherwise: {from: c}}]}
  Rate: {rate_of: M}
  Day: {rate_day_of: M}
  Currency: {currency_of: M}
  Total: {from: "rooms[*].price", total: sum, internal: yes}
  Each: {each: rooms, called: room, columns: {Code: room.code}}
  By: {by: [a, b], lookup: t, ignore_case: no}
)");
  CHECK(r.text() == "");
  const auto& c = r.mapping.columns;
  REQUIRE(c.size() == 17);
  CHECK(c[0].from[0].text == "a.b");
  CHECK(c[1].name.text == "7");
  CHECK(c[2].name.text == "null");
  CHECK(c[3].from.size() == 2);
  const auto pick = [&c](std::size_t at) { return *c[at].from.at(0).pick; };
  CHECK(pick(4).where[0].is.size() == 2);
  CHECK(pick(4).take.text == "content");
  CHECK(pick(5).where[0].is.size() == 1);
  CHECK(pick(5).where[0].where.text == "$key");
  CHECK_FALSE(pick(5).take.stated());
  CHECK(pick(6).where[0].is_from.text == "lang");
  CHECK(c[7].first_of.size() == 1);
  CHECK(c[8].value.text == "none");
  CHECK(c[9].compute.text == "A * 2");
  REQUIRE(c[10].choose.size() == 3);
  CHECK(c[10].choose[0].constant.text == "x");
  CHECK(c[10].choose[1].column.text == "B");
  CHECK_FALSE(c[10].choose[2].when.stated());
  CHECK(c[10].choose[2].from.text == "c");
  CHECK(c[11].rate_of.text == "M");
  CHECK(c[12].rate_day_of.text == "M");
  CHECK(c[13].currency_of.text == "M");
  CHECK(c[14].total.text == "sum");
  CHECK(c[14].internal.on);
  CHECK(c[15].each.text == "rooms");
  REQUIRE(c[15].columns.size() == 1);
  CHECK(c[15].columns[0].from[0].text == "room.code");
  CHECK(c[16].by.size() == 2);
  CHECK(c[16].ignore_case.stated());
  CHECK_FALSE(c[16].ignore_case.on);
}

TEST_CASE("read_mapping: steps of columns") {
  const test::Read r = read_column(
      "null_words: N/A\n"
      "text: trim\n"
      "one_of: a\n"
      "yes_words: Y\n"
      "no_words: [N, 0]\n"
      "split: {by: \".\", take: -1}\n"
      "replace: {\"[ab]+\": \"\"}\n"
      "pad: {to: 3, with: \"0\"}\n"
      "when_wrong: {write: x}\n"
      "between: [none, 10]\n"
      "decimals: by-currency\n"
      "times: -0.01\n"
      "minor_units: {from: precision}\n"
      "currency: {from: c, text: trim, lookup: {U$: USD}, when_blank: EUR}\n"
      "zone: {from: tz}\n"
      "no_zone_means: \"-05:00\"\n"
      "write: [sí, no]\n"
      "two_digit_years: 1950-2049\n");
  CHECK(r.text() == "");
  const Column& c = r.mapping.columns.at(0);
  CHECK(c.null_words.size() == 1);
  CHECK(c.text.size() == 1);
  CHECK(c.yes_words.size() == 1);
  CHECK(c.no_words[1].text == "0");
  REQUIRE(c.steps.size() == 5);  // in the order of step/all.inc
  CHECK(c.steps[0].spec == &kSplit);
  CHECK(c.steps[0].span.line == 11);
  CHECK(c.steps[0].value("by")->text.text == ".");
  CHECK(c.steps[0].value("take")->count.count == -1);
  CHECK(c.steps[1].value("replace")->pairs[0].value.text == "");
  CHECK(c.steps[1].value("replace")->pairs[0].value.stated());
  CHECK(c.steps[2].value("to")->count.count == 3);
  CHECK(c.steps[3].value("between")->texts[0].text == "none");
  CHECK(c.steps[4].value("one_of")->texts.size() == 1);
  CHECK(c.steps[4].value("one_off") == nullptr);
  CHECK(c.when_wrong.kind == Action::Kind::write);
  CHECK_FALSE(c.when_wrong.warn);
  CHECK(c.decimals.text == "by-currency");
  CHECK(c.minor_units_from.from.text == "precision");
  CHECK_FALSE(c.minor_units.stated());
  CHECK(c.currency.lookup[0].key.text == "U$");
  CHECK(c.zone.from.text == "tz");
  CHECK(c.no_zone_means.constant.text == "-05:00");
  CHECK(c.write_words[0].text == "sí");
  CHECK_FALSE(c.write.stated());
  CHECK(c.two_digit_years.text == "1950-2049");
}

TEST_CASE("read_mapping: rows, rest, limits") {
  const test::Read r = test::read_body(R"(columns: {A: b}
rows:
  - {one_per: rooms, called: room, bad_item: skip-item}
  - {one_per: [room.dates, room.rates], called: [day, rate], one_or_many: yes}
limits: {rejected_at_most: 5, warnings_at_most: 0.1 %, stop_early_after: 1 record}
output: {format: json, rest: [audit], audit_columns: file}
)");
  CHECK(r.text() == "");
  const Mapping& m = r.mapping;
  REQUIRE(m.rows.size() == 2);
  CHECK(m.rows[1].one_per.size() == 2);
  CHECK(m.rows[1].one_or_many.on);
  CHECK_FALSE(m.limits.rejected_at_most.percent);
  CHECK(m.limits.rejected_at_most.number == "5");
  CHECK(m.limits.warnings_at_most.number == "0.1");
  CHECK(m.limits.stop_early_after.count == 1);
  CHECK(m.output.rest.on);
  CHECK(m.output.rest_without.size() == 1);
  CHECK(m.output.audit_columns.size() == 1);
}

TEST_CASE("read_mapping: inline tests") {
  const test::Read r = test::read_body(R"(columns: {A: b}
tests:
  - name: x
    given:
      id: 007
      n: 1.10
      e: -1e+5
      t: true
      T: True
      z: null
      nothing:
      tilde: ~
      q: "1"
      text: a "b" \c
      plus: +5
      list: [1, {a: b}]
      no: no
    expect_rows:
      - {A: 1.10, B: "", C: , D: [1, x]}
    expect_rejected: {code: LOOKUP_UNKNOWN, column: A, record: 3}
    expect_warnings: []
    at: 2025-03-04T06:00:00Z
  - name: y
    given: [{a: 1}, {a: "2"}]
    expect_rows: []
)");
  CHECK(r.text() == "");
  REQUIRE(r.mapping.tests.size() == 2);
  const Test& t = r.mapping.tests[0];
  CHECK(
      t.given_json ==
      R"({"id":"007","n":1.10,"e":-1e+5,"t":true,"T":"True","z":null,"nothing":null,"tilde":null,"q":"1",)"
      R"("text":"a \"b\" \\c","plus":"+5","list":[1,{"a":"b"}],"no":"no"})"
      "\n");
  REQUIRE(t.expect_rows_inline.size() == 1);
  CHECK(t.expect_rows_inline[0][0].value.text == "1.10");
  CHECK(t.expect_rows_inline[0][2].value.text == "");
  CHECK(t.expect_rows_inline[0][3].value.text == R"([1,"x"])");
  REQUIRE(t.expect_rejected.size() == 1);
  CHECK(t.expect_rejected[0].record.text == "3");
  CHECK(t.expect_warnings_span.line != 0);
  CHECK(t.expect_warnings.empty());
  CHECK(r.mapping.tests[1].given_json == "{\"a\":1}\n{\"a\":\"2\"}\n");
  CHECK(r.mapping.tests[1].expect_rows_span.line != 0);
}

}  // namespace
}  // namespace trama
