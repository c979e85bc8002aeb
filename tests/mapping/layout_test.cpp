#include "mapping/layout.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "base/span.h"

using namespace trama;

namespace {

/// The text laid out; or why it is not.
std::string laid_out(std::string_view text) {
  Diagnostics diagnostics;
  const Layout layout = lay_out(text, 0, diagnostics);
  if (layout.end == Layout::End::unread) return "unread";
  if (layout.end == Layout::End::refused) return "refused";
  return layout.text;
}

struct Case {
  std::string_view why;
  std::string_view in;
  std::string_view out;
};

void check(const Case& c) {
  INFO(c.why, ": ", c.in);
  CHECK(laid_out(c.in) == c.out);
  CHECK(laid_out(c.out) == c.out);
}

}  // namespace

TEST_CASE("layout: levels") {
  static constexpr Case kCases[] = {
      {"two spaces a level", "a:\n    b:\n       c: d\n", "a:\n  b:\n    c: d\n"},
      {"a list below its key", "a:\n- b\n- c: d\n  e: f\n", "a:\n  - b\n  - c: d\n    e: f\n"},
      {"a list further in", "a:\n     -   b: c\n         d:\n           - e\n",
       "a:\n  - b: c\n    d:\n      - e\n"},
      {"lists in lists", "a:\n - - b\n   -    c\n -\n    - d\n",
       "a:\n  - - b\n    - c\n  -\n    - d\n"},
      {"a dash alone", "a:\n  -\n     b: c\n     d: e\n", "a:\n  -\n    b: c\n    d: e\n"},
      {"everything a little to the right", "  a: b\n  c:\n    d: e\n", "a: b\n\nc:\n  d: e\n"},
      {"behind the colon", "a:    b\nc :   d\n\"e\"  : f\n", "a: b\nc: d\n\"e\": f\n"},
      {"nothing", "a:\nb: ~\nc:   \n", "a:\nb: ~\nc:\n"},
      {"a value below its key", "a:\n      b\nc:\n    {d: e}\n", "a:\n  b\nc:\n  {d: e}\n"},
      {"anchors and aliases", "a:  &x\n    b: c\nd:   *x\ne:  &y   f\n",
       "a: &x\n  b: c\n\nd: *x\ne: &y f\n"},
      {"an anchor of an item", "a:\n-   &x\n    b: c\n- *x\n", "a:\n  - &x\n    b: c\n  - *x\n"},
      {"the beginning and the end of a document", "--- # x\na: b\n...\n", "---  # x\na: b\n...\n"},
      {"keys that hold anything", "a b:  c\n\"x: y\":   d\n'it''s': e\nf#g:  h\ni:j:  k\n",
       "a b: c\n\"x: y\": d\n'it''s': e\nf#g: h\ni:j: k\n"},
      {"a list alone", "-   a\n-   b: c\n", "- a\n- b: c\n"},
      {"a text alone", "  a\n  b\n", "a\n  b\n"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("layout: brackets") {
  static constexpr Case kCases[] = {
      {"spaces", "a: [ b,c ,  d ]\ne: { f: g,h:   i }\n", "a: [b, c, d]\ne: {f: g, h: i}\n"},
      {"empty ones", "a: [  ]\nb: {  }\n", "a: []\nb: {}\n"},
      {"a comma at the end", "a: [b, ]\nc: {d: e , }\n", "a: [b,]\nc: {d: e,}\n"},
      {"as JSON", "a: {\"b\":1,\"c\":[1,2],\"d\":{\"e\":\"f\"}}\n",
       "a: {\"b\": 1, \"c\": [1, 2], \"d\": {\"e\": \"f\"}}\n"},
      {"texts with marks", "a: {b: c:d, \"e\" : 'f, g', h: http://x/y#z}\n",
       "a: {b: c:d, \"e\": 'f, g', h: http://x/y#z}\n"},
      {"texts keep their spaces", "a: [b   c, d]\n", "a: [b   c, d]\n"},
      {"nothing", "a: {b: , c: ~}\n", "a: {b:, c: ~}\n"},
      {"line breaks move with the first line", "a:\n    b: {c: d,\n         e: f}\n",
       "a:\n  b: {c: d,\n       e: f}\n"},
      {"in line with a bracket", "abc:   {d: e,\n        f: [g,\n            h]}\n",
       "abc: {d: e,\n      f: [g,\n          h]}\n"},
      {"never left of the key", "a:\n  b: [c,\n   d]\n", "a:\n  b: [c,\n    d]\n"},
      {"the closing bracket alone", "a:\n    b: [\n      c,\n    ]\n", "a:\n  b: [\n    c,\n  ]\n"},
      {"below its bracket", "a:   [\n      b\n     ]\n", "a: [\n    b\n   ]\n"},
      {"empty lines", "a: [b,\n\n\n   c]\n", "a: [b,\n\n   c]\n"},
      {"comments", "a: [b,   # x\n    # y\n    c]  # z\n", "a: [b,   # x\n    # y\n    c]  # z\n"},
      {"a text over lines", "a: [b\n\n    c, \"d\n   \n  e\"]\n",
       "a: [b\n\n    c, \"d\n\n  e\"]\n"},
      {"anchors", "a: [&x  b, *x , c]\n", "a: [&x b, *x, c]\n"},
      {"the whole file", "{ a: 1,\n  b: [ 2 ] }\n", "{a: 1,\n b: [2]}\n"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("layout: texts over several lines") {
  static constexpr Case kCases[] = {
      {"plain", "a: b\n      c\n\n\n      d\ne: f\n", "a: b\n  c\n\n\n  d\ne: f\n"},
      {"in quotes", "a: \"b\n   c  \n\n   \n   d\"\n", "a: \"b\n  c\n\n\n  d\"\n"},
      {"a backslash keeps a space", "a: \"b\\   \n    c\\\n    d\"\n", "a: \"b\\ \n  c\\\n  d\"\n"},
      {"of an item", "a:\n  -    'b\n    c'\n", "a:\n  - 'b\n    c'\n"},
      {"a block", "a: |\n     b\n       c\n\n     d\ne: f\n", "a: |\n  b\n    c\n\n  d\ne: f\n"},
      {"folded, without line end", "a: >-\n     b\n", "a: >-\n  b\n"},
      {"with stated spaces", "a:\n   b: |2\n        c\n       d\n",
       "a:\n  b: |2\n       c\n      d\n"},
      {"spaces at the end of lines of a block", "a: |\n   b  \n     \n   c\n",
       "a: |\n  b  \n    \n  c\n"},
      {"empty lines behind a block", "a: |\n  b\n\n\n\nc: d\n", "a: |\n  b\n\nc: d\n"},
      {"kept where the block keeps them", "a: |+\n  b\n\n\n\nc: d\n", "a: |+\n  b\n\n\n\nc: d\n"},
      {"kept at the end", "a: |+\n  b\n\n\n", "a: |+\n  b\n\n\n"},
      {"of an item", "a:\n-   >\n  b\n-   |\n     c\n", "a:\n  - >\n    b\n  - |\n    c\n"},
      {"a comment that is text", "a: |\n   # b\n   c\n# d\n", "a: |\n  # b\n  c\n# d\n"},
      {"a comment behind the mark", "a: |   # x\n   b\n", "a: |   # x\n  b\n"},
      {"an empty block", "a: |\nb: c\n", "a: |\nb: c\n"},
  };
  for (const Case& c : kCases) check(c);
  CHECK(laid_out("a: |\n   b") == "a: |\n  b");  // with a line end it would be another text
}

TEST_CASE("layout: comments") {
  static constexpr Case kCases[] = {
      {"two spaces", "a: b # x\n", "a: b  # x\n"},
      {"one that has a column keeps it", "a:  b      # x\n", "a: b       # x\n"},
      {"one that was right behind stays so", "a:     b  # x\n", "a: b  # x\n"},
      {"a block of them goes with its longest line", "a:\n    bcd: e  # x\n    f: g    # y\n",
       "a:\n  bcd: e  # x\n  f: g    # y\n"},
      {"further lines of one", "a: b   # x\n       # y\nc: d\n", "a: b   # x\n       # y\nc: d\n"},
      {"alone: like what follows", "a:\n    # x\n    b: c\n # y\n", "a:\n  # x\n  b: c\n# y\n"},
      {"below the last entry", "a:\n    b: c\n    # d: e\nf: g\n",
       "a:\n  b: c\n  # d: e\n\nf: g\n"},
      {"between a key and its list", "a:\n# x\n- b\n# y\n- c\n# z\nd: e\n",
       "a:\n  # x\n  - b\n  # y\n  - c\n\n# z\nd: e\n"},
      {"between a key and its value", "a:\n   # x\n   b\n", "a:\n  # x\n  b\n"},
      {"not a comment", "a: b#c\nd: \"e # f\"\n", "a: b#c\nd: \"e # f\"\n"},
      {"its own spaces", "a: b  #   x   y  \n#z\n", "a: b  #   x   y\n#z\n"},
      {"wide characters count as one", "a: é  # x\nb: c  # y\n", "a: é  # x\nb: c  # y\n"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("layout: empty lines, ends of lines") {
  static constexpr Case kCases[] = {
      {"before a section and behind it", "a: b\nc:\n  d: e\nf: g\nh: i\n",
       "a: b\n\nc:\n  d: e\n\nf: g\nh: i\n"},
      {"before the comments of a section", "a: b\n# x\n# y\nc:\n  d: e\n",
       "a: b\n\n# x\n# y\nc:\n  d: e\n"},
      {"never two", "\n\na:\n\n\n  b: c\n\n\n\n  d: e\n\n\n", "a:\n\n  b: c\n\n  d: e\n"},
      {"none in a short form", "a: {b: c}\nd: [e]\n", "a: {b: c}\nd: [e]\n"},
      {"spaces at the end", "a: b   \nc:  \n   \n  d: e\t\n", "a: b\n\nc:\n\n  d: e\n"},
      {"the last line end", "a: b", "a: b\n"},
      {"CRLF stays", "a:   b\r\nc: d\r\n", "a: b\r\nc: d\r\n"},
      {"the first line says which", "a: b\nc: d\r\n", "a: b\nc: d\n"},
      {"no mark",
       "\xEF\xBB\xBF"
       "a: b\n",
       "a: b\n"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("layout: what is not YAML stays") {
  for (const std::string_view text :
       {"", "# a\n", "a: [b\n", "a: 'b\n", "a:\n\tb: c\n", "a: b\na: c\n", "a: !x b\n", "<<: a\n",
        "%YAML 1.2\n", "a: b\n---\nc: d\n", "a: @b\n", "? a\n: b\n", "a: \xFF\n", "{a}\n"})
    CHECK(laid_out(text) == "unread");
  for (const std::string_view text : {"--- {a: b}\n", "--- >\n  a\n"})
    CHECK(laid_out(text) == "refused");
}
