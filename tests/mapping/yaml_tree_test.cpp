#include "mapping/yaml_tree.h"

#include <doctest/doctest.h>

#include <string>

#include "mapping/source_text.h"
#include "report/diagnostics_text.h"

namespace trama {
namespace {

std::string place(Span s) {
  return std::to_string(s.line) + ':' + std::to_string(s.column) + '+' + std::to_string(s.length);
}

/// The tree on one line: each scalar with its place; quoted ones in quotes.
std::string shown(const YamlNode& node) {
  if (node.is_scalar()) {
    const char* quote = node.quoted ? "'" : "";
    return quote + node.text + quote + '@' + place(node.span);
  }
  std::string out = node.is_list() ? "[" : "{";
  for (const YamlNode& item : node.items) out += (out.size() > 1 ? " " : "") + shown(item);
  for (const YamlEntry& entry : node.entries) {
    out += (out.size() > 1 ? " " : "") + shown(entry.key) + "=" + shown(entry.value);
  }
  return out + (node.is_list() ? ']' : '}');
}

struct Tree {
  bool good = false;
  YamlNode root;
  std::string problems;
};

Tree tree(std::string_view raw) {
  Tree out;
  Diagnostics diagnostics;
  Files files;
  files.files.push_back({"y", without_mark_and_cr(raw)});
  out.good = read_yaml(files.files[0].text, 0, out.root, diagnostics);
  out.problems = render_text(diagnostics, files);
  return out;
}

TEST_CASE("yaml_tree: scalars as written and their places") {
  struct Case {
    std::string_view text;
    std::string_view tree;
  };
  static constexpr Case kCases[] = {
      {"a: no", "{a@1:1+1=no@1:4+2}"},
      {"a: 007", "{a@1:1+1=007@1:4+3}"},
      {"a: 1.10", "{a@1:1+1=1.10@1:4+4}"},
      {"a: 12:30", "{a@1:1+1=12:30@1:4+5}"},
      {"a: \"x\"", "{a@1:1+1='x'@1:4+3}"},
      {"a: 'it''s'", "{a@1:1+1='it's'@1:4+7}"},
      {"a: \"\\t\"", "{a@1:1+1='\t'@1:4+4}"},
      {"año: ñu", "{año@1:1+3=ñu@1:6+2}"},
      {"日本: {a: 語, b: c}", "{日本@1:1+2={a@1:6+1=語@1:9+1 b@1:12+1=c@1:15+1}}"},
      {"a:\n  - b\n  - c: d\n", "{a@1:1+1=[b@2:5+1 {c@3:5+1=d@3:8+1}]}"},
      {"a:", "{a@1:1+1=@1:1+1}"},
      {"a:\nb: c", "{a@1:1+1=@1:1+1 b@2:1+1=c@2:4+1}"},
      {"a:\nnull: c", "{a@1:1+1=@1:1+1 null@2:1+4=c@2:7+1}"},
      {"a: ~", "{a@1:1+1=~@1:4+1}"},
      {"a: NULL", "{a@1:1+1=NULL@1:4+4}"},
      {"[~, null, Null]", "[~@1:2+1 null@1:5+4 Null@1:11+4]"},
      {"~: a", "{~@1:1+1=a@1:4+1}"},
      {"a: |\n  x\n  y\n", "{a@1:1+1='x\ny\n'@1:4+1}"},
      {"a: >\n  x\n  y\n", "{a@1:1+1='x y\n'@1:4+1}"},
      {"a: b\n  c\n", "{a@1:1+1=b c@1:4+1}"},
      {"a: &x b\nc: *x", "{a@1:1+1=b@1:7+1 c@2:1+1=b@2:4+2}"},
      {"a: &x\n  b: c\nd: *x", "{a@1:1+1={b@2:3+1=c@2:6+1} d@3:1+1={b@2:3+1=c@2:6+1}}"},
      {"\xEF\xBB\xBF"
       "a: b\r\nc: d\r\n",
       "{a@1:1+1=b@1:4+1 c@2:1+1=d@2:4+1}"},
      {"---\na: b\n...\n", "{a@2:1+1=b@2:4+1}"},
      {"\"<<\": a", "{'<<'@1:1+4=a@1:7+1}"},
      {"{\n\t\"a\": 1\n}", "{'a'@2:2+3=1@2:7+1}"},
      {"{\"a\":\"b\",\"c\":1}", "{'a'@1:2+3='b'@1:6+3 'c'@1:10+3=1@1:14+1}"},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    const Tree t = tree(c.text);
    CHECK(t.problems == "");
    CHECK(t.good);
    CHECK(shown(t.root) == c.tree);
  }
}

TEST_CASE("yaml_tree: what YAML allows and the language does not") {
  struct Case {
    std::string_view text;
    std::string_view problem;  // its first line
  };
  static constexpr Case kCases[] = {
      {"", "y: error[YAML_INVALID]: the file is empty"},
      {"# nothing", "y: error[YAML_INVALID]: the file is empty"},
      {"a: b\na: c", "y:2:1: error[KEY_REPEATED]: the key 'a' appears twice (first in line 1)"},
      {"7: b\n'7': c", "y:2:1: error[KEY_REPEATED]: the key '7' appears twice (first in line 1)"},
      {"a: {b: c, b: d}",
       "y:1:11: error[KEY_REPEATED]: the key 'b' appears twice (first in line 1)"},
      {"a: &x {b: c}\nd:\n  <<: *x",
       "y:3:3: error[YAML_MERGE_KEY]: the merge key '<<' is not part of the language"},
      {"a: !!str b", "y:1:4: error[YAML_INVALID]: a text that begins with ! needs quotes"},
      {"a: !x {b: c}", "y:1:4: error[YAML_INVALID]: a text that begins with ! needs quotes"},
      {"a: ! b", "y:1:4: error[YAML_INVALID]: a text that begins with ! needs quotes"},
      {"a: b\n---\nc: d", "y:2:1: error[YAML_INVALID]: a second document begins here"},
      {"a: b\nnot-a-key", "y:2:1: error[YAML_INVALID]: 'not-a-key' has no value"},
      {"{a, b: c}", "y:1:2: error[YAML_INVALID]: 'a' has no value"},
      {"? a\n: b", "y:1:3: error[YAML_INVALID]: 'a' has no value"},
      {": b", "y:1:1: error[YAML_INVALID]: a value without a key"},
      {"[a]: b", "y:1:1: error[YAML_INVALID]: a key must be a text"},
      {"a: &x b\n*x : c", "y:2:1: error[YAML_INVALID]: a key must be a text"},
      {"a: \"abc\nb: 2",
       "y:1:4: error[YAML_INVALID]: the quote that is opened here is not closed in this line"},
      {"a: 'abc\nb: 2",
       "y:1:4: error[YAML_INVALID]: the quote that is opened here is not closed in this line"},
      {"a: \"abc\nb: \"c\"",
       "y:1:4: error[YAML_INVALID]: the quote that is opened here is not closed in this line"},
      {"a: &x\n  b: *x", "y:2:6: error[YAML_INVALID]: this repeats itself without end"},
      {"a:\n\tb: c", "y:2:1: error[YAML_INVALID]: this line begins with a tab"},
      {"a:\n  \tb c", "y:2:3: error[YAML_INVALID]: this line begins with a tab"},
      {"- a\n-\n \tb", "y:3:2: error[YAML_INVALID]: this line begins with a tab"},
      {"a: b\n- ", "y:2:1: error[YAML_INVALID]: this line does not fit what is above it"},
      {"%a: b\nc: d", "y:1:1: error[YAML_INVALID]: a line cannot begin with %"},
      {"a: b\n%c: d\n", "y:2:1: error[YAML_INVALID]: a line cannot begin with %"},
      {"a: &? b", "y:1:4: error[YAML_INVALID]: a text that begins with & needs quotes"},
      {"a: [b, , c]",
       "y:1:8: error[YAML_INVALID]: an entry of this list is missing before this place"},
      {"a:b\nc:\n  d: e", "y:1:1: error[YAML_INVALID]: no blank follows the colon"},
      {"a: b: c", "y:1:4: error[YAML_INVALID]: a text with ': ' inside needs quotes"},
      {"a: [a-z]+\nb: c", "y:1:4: error[YAML_INVALID]: a text that begins with [ needs quotes"},
      {"a: {from: b[0].c, join: d}",
       "y:1:11: error[YAML_INVALID]: inside { } a text with [ needs quotes"},
      {"- {a: 'x, y', b: c is one of [\"d\", \"e\"]}",
       "y:1:18: error[YAML_INVALID]: inside { } a text with [ needs quotes"},
      {"a: [b, {c: d{*}.e}]", "y:1:12: error[YAML_INVALID]: inside { } a text with { needs quotes"},
      {"a: *b", "y:1:4: error[YAML_INVALID]: a text that begins with * needs quotes"},
      {"a: @b", "y:1:4: error[YAML_INVALID]: a text that begins with @ needs quotes"},
      {"a: %b", "y:1:4: error[YAML_INVALID]: a text that begins with % needs quotes"},
      {"a: `b`", "y:1:4: error[YAML_INVALID]: a text that begins with ` needs quotes"},
      {"a: \"b\" c", "y:1:7: error[YAML_INVALID]: there is more text behind the closing \""},
      {"a: \"\\d\"", "y:1:7: error[YAML_INVALID]: a backslash is special between double quotes"},
      {"a: \"\\ud83d\\ude00\"", "y:1:11: error[YAML_INVALID]: this escape is not a character"},
      {"a:\n  b: c\n d: e", "y:3:2: error[YAML_INVALID]: this line does not fit what is above it"},
      {"a: [b, c\nd: e", ""},
      {"a: \xE9", "y:1:4: error[TEXT_NOT_UTF8]: this character is not UTF-8"},
      {"\xFF\xFE"
       "a",
       "y: error[TEXT_NOT_UTF8]: this file is UTF-16"},
      {std::string_view("a: b\0c", 6),
       "y:1:5: error[CONTROL_CHARACTER]: there is an invisible character (U+0000) here"},
      {"a: \x1B[31m",
       "y:1:4: error[CONTROL_CHARACTER]: there is an invisible character (U+001B) here"},
      {"a: b\rc: d",
       "y:1:5: error[CONTROL_CHARACTER]: there is an invisible character (U+000D) here"},
      {"a: \xE2\x80\xA8",
       "y:1:4: error[CONTROL_CHARACTER]: there is an invisible character (U+2028) here"},
      {"a: \x7F", "y:1:4: error[CONTROL_CHARACTER]: there is an invisible character (U+007F) here"},
      {"a: b\xEF\xBB\xBF",
       "y:1:5: error[CONTROL_CHARACTER]: there is an invisible character (U+FEFF) here"},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    const std::string problems = tree(c.text).problems;
    CHECK(problems != "");
    if (!c.problem.empty()) CHECK(problems.substr(0, problems.find('\n')) == c.problem);
  }
}

TEST_CASE("yaml_tree: a repeated key keeps the first and the rest is read") {
  const Tree t = tree("a: b\na: {x: y}\nc: d");
  CHECK(t.good);
  CHECK(shown(t.root) == "{a@1:1+1=b@1:4+1 c@3:1+1=d@3:4+1}");
}

TEST_CASE("yaml_tree: depth at the limit and one past it") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(tree(nested(kMaxYamlDepth)).good);
  const Tree deep = tree(nested(kMaxYamlDepth + 1));
  CHECK_FALSE(deep.good);
  CHECK(deep.problems.find("YAML_TOO_BIG") != std::string::npos);
  CHECK_FALSE(tree(std::string(100'000, '[')).good);
  CHECK_FALSE(
      tree("a: &x " + nested(40) + "\nb: " + std::string(40, '[') + "*x" + std::string(40, ']'))
          .good);
}

TEST_CASE("yaml_tree: size at the limit and one past it") {
  const std::string at_limit = "a: " + std::string(kMaxYamlBytes - 3, 'x');
  CHECK(tree(at_limit).good);
  const Tree past = tree(at_limit + "x");
  CHECK_FALSE(past.good);
  CHECK(past.problems.find("the file has more than 4 MiB") != std::string::npos);
}

TEST_CASE("yaml_tree: bombs of aliases are refused") {
  std::string lists = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'm'; ++c) {
    lists += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i)
      lists += std::string(i > 0 ? ", *" : "*") + static_cast<char>(c - 1);
    lists += "]\n";
  }
  CHECK(tree(lists).problems.find("YAML_TOO_BIG") != std::string::npos);

  std::string texts = "a: &a " + std::string(1'000'000, 'x') + "\nb: [";
  for (int i = 0; i < 1000; ++i) texts += "*a, ";
  CHECK(tree(texts + "c]\n").problems.find("anchors (&) and aliases (*) make this too big") !=
        std::string::npos);
}

TEST_CASE("yaml_tree: a table of many short pairs on one line is read") {
  std::string text = "{";
  for (int i = 0; i < 50'000; ++i) text += "k" + std::to_string(i) + ": v, ";
  const Tree t = tree(text + "z: v}");
  CHECK(t.good);
  CHECK(t.root.entries.size() == 50'001);
}

TEST_CASE("yaml_tree: too many values") {
  std::string text = "[";
  for (int i = 0; i < 500'001; ++i) text += "a,";
  CHECK(tree(text + "]").problems.find("more than 500000 keys and values") != std::string::npos);
}

}  // namespace
}  // namespace trama
