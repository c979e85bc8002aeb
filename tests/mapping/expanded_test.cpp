// A mapping put together with its bases, written as YAML: exact texts, and that every tree comes
// back as it was.

#include "mapping/expanded.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "mapping/language_mappings.h"
#include "mapping/support.h"

namespace trama {
namespace {

bool same(const YamlNode& a, const YamlNode& b) {
  const auto same_entry = [](const YamlEntry& x, const YamlEntry& y) {
    return same(x.key, y.key) && same(x.value, y.value);
  };
  return a.kind == b.kind && a.quoted == b.quoted && a.text == b.text &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same) &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                    same_entry);
}

std::string once(const std::string& text) {
  YamlNode tree;
  Diagnostics diagnostics;
  REQUIRE(read_yaml(text, 0, tree, diagnostics));
  return expanded_text(tree, {{{"m.yaml", text}}});
}

/// The text of a tree is read back as that tree.
void check_comes_back(const std::string& text) {
  INFO(text);
  YamlNode tree;
  YamlNode again;
  Diagnostics diagnostics;
  REQUIRE(read_yaml(text, 0, tree, diagnostics));
  const std::string written = expanded_text(tree, {{{"m.yaml", text}}});
  INFO(written);
  const bool read = read_yaml(written, 0, again, diagnostics);
  CHECK(read);
  CHECK(diagnostics.empty());
  CHECK(same(tree, again));
}

}  // namespace

TEST_CASE("expanded: a mapping over its base") {
  test::FakeReader reader;
  reader.files["common/base.yaml"] = R"(mapping: base
version: 1
about: |
  Two
  lines
input: {format: json, id: "id"}
tables:
  t: {a: b}
  f: {file: t.csv, key: k, value: v}
columns:
  A: a
  B: {from: b, required: yes}
  C: c
rules:
  - {name: r1, check: A = B}
  - name: r2
    check: "A > B"
tests:
  - {name: x, given: {a: 1}}
)";
  reader.files["acme/m.yaml"] = R"(mapping: acme
version: 1
extends: ../common/base.yaml
input: {id: booking_id}
columns:
  D: {first_of: [x, y]}
  B: bb
  C: none
rules:
  - {name: r1, check: A < B}
limits: {}
)";
  CHECK(expand_mapping("acme/m.yaml", reader, {}) == R"(mapping: acme  # acme/m.yaml:1
version: 1  # acme/m.yaml:2
about: "Two\nlines\n"  # common/base.yaml:3

input:
  format: json  # common/base.yaml:6
  id: booking_id  # acme/m.yaml:4

tables:
  t:  # common/base.yaml:8
    a: b
  f:  # common/base.yaml:9
    file: ../common/t.csv
    key: k
    value: v

columns:
  A: a  # common/base.yaml:11
  B: bb  # acme/m.yaml:7
  D:  # acme/m.yaml:6
    first_of: [x, y]

rules:
  - name: r1  # acme/m.yaml:10
    check: A < B
  - name: r2  # common/base.yaml:16
    check: "A > B"

limits: {}  # acme/m.yaml:11
)");
  INFO("what it gives is a mapping that expands to itself, but for the places");
  reader.files["acme/n.yaml"] = expand_mapping("acme/m.yaml", reader, {});
  const test::Read read = test::read(reader, "acme/n.yaml");
  CHECK(read.text() == "");
  CHECK(read.mapping.columns.size() == 3);
  CHECK(expand_mapping("nowhere.yaml", reader, {}).empty());
}

TEST_CASE("expanded: how values are written") {
  struct Case {
    const char* in;
    const char* out;
  };
  static constexpr Case kCases[] = {
      {"k: v", "k: v"},
      {"k:", "k:"},
      {"k: ~", "k: ~"},
      {"k: 'it''s'", "k: \"it's\""},
      {"k: \"\"", "k: \"\""},
      {"k: 'none'", "k: \"none\""},
      {"k: none", "k: none"},
      {"k: \"a\\tb\\\\c\\\"d\\x07\\u2028e\"", "k: \"a\\tb\\\\c\\\"d\\x07\\u2028e\""},
      {"k: http://x#y", "k: http://x#y"},
      {"k: -5", "k: -5"},
      {"k: one\n  two", "k: one two"},
      {"k: one\n\n  two", "k: \"one\\ntwo\""},
      {"k: >-\n  a: b\n  c", "k: \"a: b c\""},
      {"'a: b': c", "\"a: b\": c"},
      {"ñandú: Viña del Mar", "ñandú: Viña del Mar"},
  };
  for (const Case& c : kCases) CHECK(once(c.in) == std::string(c.out) + "  # m.yaml:1\n");
  CHECK(once("k: []") == "\nk: []  # m.yaml:1\n");
  CHECK(once("k: [a, 'b, c', d/e]") == "\nk: [a, \"b, c\", d/e]  # m.yaml:1\n");
  CHECK(once("k: [{a: b, c: {d: e}}, [f, [g: h]], [], {}]") ==
        "\nk:\n  - a: b  # m.yaml:1\n    c:\n      d: e\n  -  # m.yaml:1\n    - f\n    -\n      - "
        "g: h\n"
        "  - []  # m.yaml:1\n  - {}  # m.yaml:1\n");
  CHECK(once("k:\n- a.b[0]\n-\n- x") ==
        "\nk:\n  - a.b[0]  # m.yaml:2\n  -  # m.yaml:2\n  - x  # m.yaml:4\n");
}

TEST_CASE("expanded: every tree comes back") {
  for (const char* text : {"a: {b: [1, {c: [[], {}]}, null, ~, '~']}\nd: &x {e: f}\ng: *x\n",
                           "k: [ -a, '?', ':c', '- d', a:b ]", "\"<<\": {'': x, ' y ': ' z '}",
                           "\"a\\nb\": |\n  c\n\n   d\n", "k: \"\\0\\x7f\\xa0\\ufeff\\U0001F600\"",
                           "k: 'a #b'\nl: a#b\nm: 'c:'\nn: '@x'\no: '%y'\np: '---'\n"}) {
    check_comes_back(text);
  }
  check_comes_back(std::string(test::kCanonical));
  check_comes_back(std::string(test::kHard));
}

}  // namespace trama
