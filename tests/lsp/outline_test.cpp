// The outline of a YAML text: of a sound text the same keys and values at the same places as the tree that `check` reads;
// of one that is being typed, what may stand at a place.

#include "lsp/outline.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/document.h"
#include "mapping/yaml_tree.h"

namespace trama {
namespace {

using Kind = OutlineNode::Kind;

/// Holds a node of the tree against one of the outline.
// NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
void compare(const YamlNode& tree, const Outline& outline, std::uint32_t node,
             const DocumentText& text) {
  const OutlineNode& found = outline[node];
  if (tree.is_scalar()) {
    CHECK(found.kind == Kind::scalar);
    if (tree.is_nothing()) {
      CHECK(found.begin == found.end);
      return;
    }
    CHECK(text.range_of(tree.span).begin == found.begin);
    if (!found.block && outline.text().substr(found.begin, found.end - found.begin).find('\n') ==
                            std::string_view::npos)
      CHECK(outline.text_of(node) == tree.text);
    return;
  }
  REQUIRE(found.kind == (tree.is_map() ? Kind::map : Kind::list));
  const std::vector<std::uint32_t> children = outline.children(node);
  REQUIRE(children.size() == (tree.is_map() ? tree.entries.size() : tree.items.size()));
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (tree.is_map()) {
      CHECK(outline.key_of(children[i]) == tree.entries[i].key.text);
      CHECK(outline[children[i]].colon);
      CHECK(text.range_of(tree.entries[i].key.span).begin == outline[children[i]].key_begin);
      CHECK(text.range_of(tree.entries[i].key.span).end == outline[children[i]].key_end);
    }
    compare(tree.is_map() ? tree.entries[i].value : tree.items[i], outline, children[i], text);
  }
}

void check_same(const std::string& text) {
  INFO(text);
  YamlNode tree;
  Diagnostics problems;
  REQUIRE(read_yaml(text, 0, tree, problems));
  REQUIRE(problems.empty());
  compare(tree, Outline(text), 0, DocumentText(text, PositionEncoding::utf8));
}

}  // namespace

TEST_CASE("outline: of sound texts it is the tree that check reads") {
  for (const char* const text : {
           "a: b\n",
           "a:\n  b: c\n  d:\n    - e\n    - f: g\n      h: i\n    -\n      j: k\n",
           "a:\n- b\n- c: d\n  e: f\nz: {}\n",
           "- - a\n  - b\n- c\n",
           "{a: b, c: [d, {e: f}], \"g\": 'h', i: }",
           "a: {b: c,\n  d: e,\n  f: [1,\n    2]\n}\nz: y\n",
           "a: \"x: # {\"  # note: {\nb: 'it''s'\n\"c d\": e\n'f': \"\\u00e9\\\"\"\n",
           "a: |\n  b: c\n\n  d\nz: >-\n    long\n    text\ny: x\n",
           "# one\n\na: b # two\n  # three\nc:   # four\n  d: e\n",
           "a: b c: d\n",
           "a: http://x.y/z#w\nb: c#d\n",
           "a: \"two\n  lines\"\nb: c\n",
           "  a: b\n  c: d\n",
           "a: &x {b: c}\nd: e\n",
           "---\na: b\n...\n",
           "a: [b, c,]\nd: []\n",
           "é: \"ü😀\"\nñ: [😀, x]\n",
           "a: {\"b\":c, d: e}\n",
           "a: {b: http://x, c: d}\n",
           "a: -1\nb: - 1\n",
           "a: ''\nb: \"\"\nc: ~\n",
       }) {
    YamlNode tree;
    Diagnostics problems;
    if (read_yaml(text, 0, tree, problems) && problems.empty()) check_same(text);
  }
}

TEST_CASE("outline: of shipped mappings too") {
  int count = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(TRAMA_SOURCE_DIR) / "mappings")) {
    if (file.path().extension() != ".yaml") continue;
    std::ifstream in(file.path(), std::ios::binary);
    check_same({std::istreambuf_iterator<char>(in), {}});
    ++count;
  }
  CHECK(count > 8);
}

TEST_CASE("outline: what may be typed") {
  struct Case {
    std::string_view text;  // `|` is the cursor
    std::string_view
        map;  // the keys that lead to the map whose key may be typed, "/" of the root; "": none
    std::string_view value;  // … to the value
    std::string_view word;   // what is replaced
  };
  static constexpr Case kCases[] = {
      {"|", "/", "/", ""},
      {"ab|", "/", "/", "ab"},
      {"a: b\n|", "/", "", ""},
      {"a: b\n|\nc: d\n", "/", "", ""},
      {"a: b\nty|\nc: d\n", "/", "", "ty"},
      {"a:\n  |\nc: d\n", "/a", "/a", ""},
      {"a:\n  b: c\n  |\nd: e\n", "/a", "", ""},
      {"a:\n  b: c\n|\nd: e\n", "/", "", ""},
      {"a:\n  b: c\n  ty|\n  d: e\n", "/a", "", "ty"},
      {"a:\n  ty|\nc: d\n", "/a", "/a", "ty"},
      {"a: |", "", "/a", ""},
      {"a:|", "", "/a", ""},
      {"a: b|c", "", "/a", "bc"},
      {"a: bc |", "", "", ""},
      {"a: # |", "", "", ""},
      {"# |", "", "", ""},
      {"a: {|}", "/a", "", ""},
      {"a: {|", "/a", "", ""},
      {"a: {b: c, |}", "/a", "", ""},
      {"a: {b: c, d|}", "/a", "", "d"},
      {"a: {b: c, d|\ne: f\n", "/a", "", "d"},
      {"a: {b: |}", "", "/a/b", ""},
      {"a: {b: |", "", "/a/b", ""},
      {"a: {b: c|", "", "/a/b", "c"},
      {"a: [|]", "", "/a", ""},
      {"a: [b, |]", "", "/a", ""},
      {"a: [{|}]", "/a/0", "", ""},
      {"a: {b: c}|", "", "", ""},
      {"a:\n  - |", "/a/0", "/a/0", ""},
      {"a:\n  - b: c\n    |", "/a/0", "", ""},
      {"a:\n  - b: c\n    d|\n  - e: f\n", "/a/0", "", "d"},
      {"a: \"b|", "", "/a", "\"b"},
      {"a: \"b\nc: {|}\n", "/c", "", ""},
      {"a: {b: \"c\nd: {|}\n", "/d", "", ""},
      {"a: |\n  x\n|", "", "", ""},
      {"\"a b|\": c", "/", "", "\"a b\""},
  };
  for (const Case& one : kCases) {
    INFO(one.text);
    std::string text(one.text);
    const std::size_t at = text.rfind('|');
    text.erase(at, 1);
    if (one.text.find('|') != one.text.rfind('|')) continue;  // a block: no place of its own
    const Outline outline(text);
    const Outline::Place place = outline.at(at);
    const auto way = [&outline](std::uint32_t node) {
      if (node == Outline::kNone) return std::string();
      std::string keys;
      for (; node != 0; node = outline[node].parent) {
        std::size_t number = 0;
        for (const std::uint32_t child : outline.children(outline[node].parent)) {
          if (child == node) break;
          ++number;
        }
        keys = "/" + (outline[node].has_key ? outline.key_of(node) : std::to_string(number)) + keys;
      }
      return keys.empty() ? std::string("/") : keys;
    };
    CHECK(way(place.map) == one.map);
    CHECK((place.behind ? "" : way(place.value)) == one.value);
    CHECK(text.substr(place.word.begin, place.word.end - place.word.begin) == one.word);
  }
}

TEST_CASE("document: places in units of both encodings") {
  const std::string text = "aé😀b\r\n\rz\n";
  struct Case {
    Position utf16, utf8;
    std::size_t offset;
  };
  static constexpr Case kCases[] = {
      {{0, 0}, {0, 0}, 0},  {{0, 1}, {0, 1}, 1},  {{0, 2}, {0, 3}, 3},
      {{0, 4}, {0, 7}, 7},  {{0, 5}, {0, 8}, 8},  {{1, 0}, {1, 0}, 10},
      {{2, 0}, {2, 0}, 11}, {{2, 1}, {2, 1}, 12}, {{3, 0}, {3, 0}, 13}};
  for (const PositionEncoding encoding : {PositionEncoding::utf16, PositionEncoding::utf8}) {
    const DocumentText document(text, encoding);
    for (const Case& one : kCases) {
      const Position place = encoding == PositionEncoding::utf16 ? one.utf16 : one.utf8;
      CHECK(document.offset(place) == one.offset);
      CHECK(document.position(one.offset).line == place.line);
      CHECK(document.position(one.offset).character == place.character);
    }
    CHECK(document.offset({0, 99}) == 8);   // the end of its line
    CHECK(document.offset({99, 0}) == 13);  // the end of the text
  }
  CHECK(DocumentText(text, PositionEncoding::utf16).offset({0, 3}) ==
        3);  // never inside of a character
  CHECK(DocumentText(text, PositionEncoding::utf8).offset({0, 2}) == 1);
}

TEST_CASE("document: places of diagnostics") {
  const DocumentText marked(
      "\xEF\xBB\xBF"
      "aé: b\r\n\xFF\xFE: c\n",
      PositionEncoding::utf16);
  CHECK(marked.range_of({.file = 0, .line = 1, .column = 2, .length = 1}).begin == 4);
  CHECK(marked.range_of({.file = 0, .line = 1, .column = 2, .length = 1}).end == 6);
  CHECK(marked.range_of({.file = 0, .line = 1, .column = 5, .length = 90}).end == 9);
  CHECK(marked.range_of({.file = 0, .line = 9, .column = 1, .length = 1}).begin ==
        marked.text().size());
  CHECK(marked.range_of({}).begin == 3);
}

}  // namespace trama
