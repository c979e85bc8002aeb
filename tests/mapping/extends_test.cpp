#include <doctest/doctest.h>

#include <string>

#include "mapping/support.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr const char* kBase = R"(mapping: base
version: 1
input: {format: json, id: id}
tables:
  t: {a: b, c: d}
rows: {one_per: pax, called: pax}
columns:
  A: a
  B: {from: b, required: yes}
  C: c
rules:
  - {name: r1, check: A = B}
  - {name: r2, check: B = C}
limits: {rejected_at_most: 5%}
output: {format: csv, separator: ";"}
tests:
  - {name: x, given: {a: 1}, expect_rows: []}
)";

std::string said(const test::Read& r) {
  std::string all;
  for (const Diagnostic& d : r.diagnostics)
    all += std::string(name(d.code)) + ": " + say(Language::en, d) + '\n';
  return all;
}

TEST_CASE("extends: a section that is none is taken out") {
  for (const char* section :
       {"input", "tables", "rows", "rules", "limits", "output", "columns", "tests"}) {
    INFO(std::string(section));
    test::FakeReader reader;
    reader.files["base.yaml"] = kBase;
    reader.files["m.yaml"] =
        "mapping: m\nversion: 1\nextends: base.yaml\n" + std::string(section) + ": none\n";
    const test::Read r = test::read(reader, "m.yaml");
    CHECK(said(r) == (std::string_view(section) == "columns"
                          ? "KEY_MISSING: the mapping needs 'columns'\n"
                          : ""));
    const Mapping& m = r.mapping;
    const auto gone = [section](const char* name) { return std::string_view(section) == name; };
    CHECK(m.input.id.stated() == !gone("input"));
    CHECK(m.tables.empty() == gone("tables"));
    CHECK(m.rows.empty() == gone("rows"));
    CHECK(m.rules.empty() == gone("rules"));
    CHECK(m.limits.rejected_at_most.stated() == !gone("limits"));
    CHECK(m.output.separator.stated() == !gone("output"));
    CHECK(m.columns.empty() == gone("columns"));
    CHECK(m.tests.empty());
  }
}

TEST_CASE("extends: none of what the base does not have, and without a base") {
  test::FakeReader reader;
  reader.files["base.yaml"] = kBase;
  reader.files["m.yaml"] =
      "mapping: m\nversion: 1\nextends: base.yaml\nduplicates: none\nonly: none\nabout: none\n";
  const test::Read r = test::read(reader, "m.yaml");
  CHECK(said(r) ==
        "WORD_HAS_NO_EFFECT: 'duplicates: none' has no effect on a base without 'duplicates'\n"
        "WORD_HAS_NO_EFFECT: 'only: none' has no effect on a base without 'only'\n");
  CHECK(r.mapping.about.text == "none");
  // Through two files: the middle one takes it out, the last one puts another in.
  reader.files["middle.yaml"] = "mapping: mm\nversion: 1\nextends: base.yaml\nrows: none\n";
  reader.files["last.yaml"] =
      "mapping: l\nversion: 1\nextends: middle.yaml\nrows: {one_per: rooms, called: r}\n";
  const test::Read last = test::read(reader, "last.yaml");
  CHECK(last.text() == "");
  REQUIRE(last.mapping.rows.size() == 1);
  CHECK(last.mapping.rows[0].one_per[0].path.text == "rooms");
  reader.files["alone.yaml"] = "mapping: a\nversion: 1\nrows: none\ncolumns: {A: a}\n";
  CHECK(said(test::read(reader, "alone.yaml")).find("VALUE_KIND") == 0);
}

TEST_CASE("extends: what is put over the base") {
  test::FakeReader reader;
  reader.files["common/base.yaml"] = kBase;
  reader.files["acme/m.yaml"] = R"(mapping: acme
version: 1
extends: ../common/base.yaml
input: {id: booking_id}
tables:
  t: {x: y}
  u: {p: q}
rows: {when_empty: skip}
columns:
  D: d
  B: bb
  C: none
rules:
  - {name: r2, check: A > B}
  - {name: r3, check: A < B}
output: {separator: ","}
)";
  const test::Read r = test::read(reader, "acme/m.yaml");
  CHECK(r.text() == "");
  const Mapping& m = r.mapping;
  CHECK(m.name.text == "acme");
  CHECK(m.input.format.text == "json");
  CHECK(m.input.format.span.file == 1);
  CHECK(m.input.id.text == "booking_id");
  CHECK(m.input.id.span.file == 0);
  REQUIRE(m.tables.size() == 2);
  REQUIRE(m.tables[0].pairs.size() == 1);
  CHECK(m.tables[0].pairs[0].key.text == "x");
  CHECK(m.rows[0].one_per[0].path.text == "pax");
  CHECK(m.rows[0].when_empty.text == "skip");
  REQUIRE(m.columns.size() == 3);
  CHECK(m.columns[0].name.text == "A");
  CHECK(m.columns[1].name.text == "B");
  CHECK(m.columns[1].from[0].text == "bb");
  CHECK_FALSE(m.columns[1].required.stated());
  CHECK(m.columns[2].name.text == "D");
  REQUIRE(m.rules.size() == 3);
  CHECK(m.rules[1].check.text == "A > B");
  CHECK(m.rules[2].name.text == "r3");
  CHECK(m.limits.rejected_at_most.number == "5");
  CHECK(m.output.separator.text == ",");
  CHECK(m.output.format.text == "csv");
  CHECK(m.tests.empty());
  REQUIRE(r.files.files.size() == 2);
  CHECK(r.files.files[1].name == "common/base.yaml");
}

TEST_CASE("extends: a base may extend another") {
  test::FakeReader reader;
  reader.files["a.yaml"] = "mapping: a\nversion: 1\ncolumns: {A: a, B: b}\n";
  reader.files["b.yaml"] = "mapping: b\nversion: 1\nextends: a.yaml\ncolumns: {B: none, C: c}\n";
  reader.files["m.yaml"] = "mapping: m\nversion: 1\nextends: b.yaml\ncolumns: {D: d}\n";
  const test::Read r = test::read(reader);
  CHECK(r.text() == "");
  REQUIRE(r.mapping.columns.size() == 3);
  CHECK(r.mapping.columns[1].name.text == "C");
}

TEST_CASE("extends: what goes wrong") {
  test::FakeReader reader;
  const std::string head = "mapping: m\nversion: 1\nextends: ";
  reader.files["d/self.yaml"] = head + "self.yaml\ncolumns: {A: a}\n";
  reader.files["d/one.yaml"] = head + "two.yaml\ncolumns: {A: a}\n";
  reader.files["d/two.yaml"] = head + "one.yaml\n";
  reader.files["d/missing.yaml"] = head + "nowhere.yaml\ncolumns: {A: none}\n";
  reader.files["d/outside.yaml"] = head + "../../x.yaml\n";
  reader.files["d/broken.yaml"] = head + "tab.yaml\n";
  reader.files["d/tab.yaml"] = "mapping: m\n\tversion: 1\n";
  reader.files["d/remove.yaml"] = head + "base.yaml\ncolumns:\n  Hotal: none\n";
  reader.files["d/base.yaml"] = "mapping: m\nversion: 1\ncolumns: {Hotel: a}\n";
  reader.files["d/old.yaml"] = head + "v2.yaml\n";
  reader.files["d/v2.yaml"] =
      "mapping: m\nversion: 2\ncolumns: {Hotel: x, Typ: {from: a, typ: text}}\n";
  struct Case {
    const char* path;
    const char* text;
  };
  static constexpr Case kCases[] = {
      {"d/self.yaml",
       "d/self.yaml:3:10: error[BASE_CIRCLE]: 'self.yaml' extends itself in the end\n"
       "    3 | extends: self.yaml\n"
       "      |          ^^^^^^^^^ take one 'extends' out\n"},
      {"d/one.yaml",
       "d/two.yaml:3:10: error[BASE_CIRCLE]: 'one.yaml' extends itself in the end\n"
       "    3 | extends: one.yaml\n"
       "      |          ^^^^^^^^ take one 'extends' out\n"},
      {"d/missing.yaml",
       "d/missing.yaml:3:10: error[BASE_UNREADABLE]: the base file 'nowhere.yaml' cannot be read: "
       "there is no such file\n"
       "    3 | extends: nowhere.yaml\n"
       "      |          ^^^^^^^^^^^^ 'extends' is relative to this mapping\n"},
      {"d/outside.yaml",
       "d/outside.yaml:3:10: error[PATH_OUTSIDE]: '../../x.yaml' cannot be used: the path leaves "
       "the folder above the "
       "mapping's own; --root DIR says how far it may reach\n"
       "    3 | extends: ../../x.yaml\n"
       "      |          ^^^^^^^^^^^^\n"},
      {"d/broken.yaml",
       "d/tab.yaml:2:1: error[YAML_INVALID]: this line begins with a tab\n"
       "    2 |     version: 1\n"
       "      | ^^^^ indent with spaces; YAML refuses tabs\n"},
      {"d/remove.yaml",
       "d/remove.yaml:5:3: error[BASE_WITHOUT_COLUMN]: the base file has no column 'Hotal' to take "
       "out\n"
       "    5 |   Hotal: none\n"
       "      |   ^^^^^ did you mean 'Hotel'?\n"},
      {"d/old.yaml",
       "d/v2.yaml:2:10: error[VERSION_UNKNOWN]: version 2 of the language is not known\n"
       "    2 | version: 2\n"
       "      |          ^ write 'version: 1'\n"
       "d/v2.yaml:3:36: error[KEY_UNKNOWN]: 'typ' is not a word of a column\n"
       "    3 | columns: {Hotel: x, Typ: {from: a, typ: text}}\n"
       "      |                                    ^^^ did you mean 'type'?\n"},
  };
  for (const Case& c : kCases) {
    INFO(c.path);
    CHECK(test::read(reader, c.path).text() == c.text);
  }
}

TEST_CASE("extends: root says how far") {
  test::FakeReader reader;
  reader.files["x.yaml"] = "mapping: m\nversion: 1\ncolumns: {A: a}\n";
  reader.files["a/b/m.yaml"] = "mapping: m\nversion: 1\nextends: ../../x.yaml\n";
  Files files;
  Diagnostics diagnostics;
  CHECK(read_mapping("a/b/m.yaml", reader, files, diagnostics, ".").columns.size() == 1);
  CHECK(diagnostics.empty());
}

TEST_CASE("extends: a chain at the limit and one past it") {
  test::FakeReader reader;
  for (int i = 0; i < 17; ++i) {
    const std::string next =
        i < 16 ? "extends: f" + std::to_string(i + 1) + "\n" : "columns: {A: a}\n";
    reader.files["f" + std::to_string(i)] = "mapping: m\nversion: 1\n" + next;
  }
  CHECK(test::read(reader, "f1").text() == "");
  CHECK(test::read(reader, "f0").text().find("BASE_CHAIN_LONG") != std::string::npos);
}

}  // namespace
}  // namespace trama
