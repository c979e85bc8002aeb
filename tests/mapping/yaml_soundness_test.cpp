// What YAML 1.2 forbids is refused where it is, and what it allows is read,
// near as the two may lie.

#include "mapping/yaml_soundness.h"

#include <doctest/doctest.h>

#include <string>

#include "mapping/source_text.h"
#include "mapping/yaml_tree.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// "3:4 what is wrong" of the first problem, or "".
std::string problem_in(std::string_view text) {
  Diagnostics diagnostics;
  YamlNode root;
  const bool good = read_yaml(text, 0, root, diagnostics);
  if (good && diagnostics.empty()) return {};
  REQUIRE(!diagnostics.empty());
  const Diagnostic& first = diagnostics.front();
  return std::to_string(first.span.line) + ":" + std::to_string(first.span.column) + " " +
         say(Language::en, first);
}

}  // namespace

TEST_CASE("yaml: what YAML 1.2 forbids") {
  struct Case {
    const char* text;
    const char* said;
  };
  static constexpr const char* kNote = "a comment needs a space before its #";
  static constexpr const char* kDash = "a dash alone between brackets is not a text";
  static constexpr const char* kEscape = "a backslash is special between double quotes";
  static constexpr const char* kLeft = "begins too far to the left";
  static constexpr const char* kOpen = "the quote that is opened here is not closed in this line";
  static const Case kCases[] = {
      // notes
      {"a: \"x\"# c\n", kNote},
      {"a: 'x'# c\nb: y\n", kNote},
      {"a: [b, c]#d\n", kNote},
      {"a: {b: c}#d\n", kNote},
      {"a: [b,#c\n  d]\n", kNote},
      {"a: [[b],#c\n  d]\n", kNote},
      {"a: {b: \"c\"#d\n  }\n", kNote},
      {"a: [b, c d]#e\n", kNote},
      {"a: ># b\n  c\n", kNote},
      {"a: |2-# b\n   c\n", kNote},
      {"a:\n  - 'b'\n  - \"c\"#d\n", kNote},
      // a dash alone
      {"[-]\n", kDash},
      {"- [-, -]\n", kDash},
      {"a: [b, -]\n", kDash},
      {"a: {b: -}\n", kDash},
      {"a: {-: b}\n", kDash},
      // escapes
      {"a: \"\\'\"\n", kEscape},
      {"a: \"b \\' c\"\n", kEscape},
      {"\"a\\'\": b\n", kEscape},
      {"a: [\"\\'\"]\n", kEscape},
      {"a: \"\\.\"\n", kEscape},
      // lines too far to the left
      {"a: \"b\nc\"\n", kOpen},
      {"a:\n  b: 'c\n  d'\n", kOpen},
      {"a: \"b\n\tc\"\n", kOpen},
      {"a: [b,\nc]\n", kLeft},
      {"a:\n  b: {c: d,\n  e: f}\n", kLeft},
      {"- [\n\ta,\n  b]\n", kLeft},
      // anchors, empty lines of a block
      {"a:\n&b\n- c\n", "an & at the beginning of a line belongs to no word"},
      {"a: >\n \n  \n   \n # b\n", "this empty line has more spaces"},
      {"a: |\n     \n  b\n", "this empty line has more spaces"},
      // what the parser itself refuses
      {"a: [b\n---\nc]\n", ""},
      {"a: 'b': c\n", ""},
      {"a: {b c d: e: f}\n", ""},
      {"a: [b, , c]\n", ""},
      {"a: b\n c: d\n", ""},
      {"a: - b\n", ""},
      {"a: \"b\" c\n", ""},
      {"a: [b]c\n", ""},
      {"a: > b\n  c\n", ""},
      {"a: b # c\n  d\n", ""},
  };
  for (const Case& c : kCases) {
    INFO(std::string(c.text));
    const std::string said = problem_in(c.text);
    CHECK(!said.empty());
    CHECK(said.find(c.said) != std::string::npos);
  }
  CHECK(problem_in("a: b\nc: \"x\"# d\n") == "2:7 a comment needs a space before its #");
  CHECK(problem_in("a: [b, -]\n") == "1:8 a dash alone between brackets is not a text");
  CHECK(problem_in("a: \"b\\'\"\n") == "1:6 a backslash is special between double quotes");
}

TEST_CASE("yaml: what YAML 1.2 allows is read") {
  static constexpr const char* kTexts[] = {
      "a: \"x\" # c\n",
      "a: \"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\e \\0 \\a \\v \\N \\_ \\L \\P \\x41 \\u0041 "
      "\\U00000041 \\ x\"\n",
      "a: \"x\n  y\"\n",
      "a: [x, y] # c\n",
      "a: |\n  x # y\n  \"z\"# [-]\nb: c\n",
      "a: >-  # c\n  x\n",
      "a: |2-\n   x\n",
      "a: [\n  b, # c\n  d\n  ]\n",
      "a: x#y\nb: [c#d, e]\nc: http://x/#y\n",
      "a: 'x''y' # z\n",
      "a:\n- b\n- c\n",
      "a: b\n   c\n",
      "a: \"\\\n  x\"\n",
      "columns: {\n  A: a\n}\n",
      "columns: {\n  A: a,\n  B: [b,\n    c]\n  }\n",
      "{\n\"a\": 1,\n\t\"b\": [\n1, 2\n]\n}\n",
      "a: -x\nb: --\nc: [--, -x, -1]\n",
      "\"a\": b\n'c' : d\n",
      "---\na: b\n...\n",
      "a: [\"b\",\"c\"]\nb: {\"d\":e, 'f': \"g\"}\n",
      "a: # c\n  b\n",
      "a: &x b\nc: *x\nd: &y\n  - e\n",
      "a: b\n\n\n  c\n",
      "a: {b: {c: d}, e: [f]}\n",
      "a: \"...\n  ---\"\n",
      "# c\na: b # d\n# e\n",
      "a: [b, c,]\nd: {e: f,}\n",
      "a: \"e#f\"\nb: ['#']\nc: {d: \"#\"}\n",
      "a:\n  - b\n  -\n   c\n",
      "a: >\n\n  x\n",
      "a: |\n\n    x\n  \n    y\n",
      "a: |\n  x\n\n\nb: c\n",
      "a: [b, c\"d, e'f]\n",
      "a: 'it''s # no note'\n",
      "a: [ 'b''c', \"d\\\"e\" ] # f\n",
  };
  for (const char* text : kTexts) {
    INFO(std::string(text));
    CHECK(problem_in(text) == "");
  }
}

}  // namespace trama
