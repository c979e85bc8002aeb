// Slips of the pen in YAML are named in their own line, with one likely cause each,
// and several at once.

#include <doctest/doctest.h>

#include <string>

#include "mapping/odd_characters.h"
#include "mapping/yaml_tree.h"
#include "text/catalogue.h"

using namespace trama;

namespace {

/// "line:column message" of each, and whether there is a tree.
std::string read(const std::string& text) {
  YamlNode tree;
  Diagnostics diagnostics;
  std::string out;
  if (read_yaml(text, 0, tree, diagnostics)) out = "read\n";
  for (const Diagnostic& d : diagnostics)
    out += std::to_string(d.span.line) + ':' + std::to_string(d.span.column) + ' ' +
           say(Language::en, d) + '\n';
  return out;
}

}  // namespace

TEST_CASE("yaml slips: one likely cause, where it is") {
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"a:\n  b\n    from: c\n", "2:3 the colon behind 'b' is missing\n"},
      {"a:\n  b: {x: y}\n  c\n    from: d\n", "3:3 the colon behind 'c' is missing\n"},
      {"a:\n  b:\n    from: c\n    type date\n  d: e\n",
       "4:5 the colon behind 'type' is missing\n"},
      {"a:\n  b:\n    type date\n    from: c\n", "3:5 the colon behind 'type' is missing\n"},
      {"a:\n  b:c\n  d: e\n", "2:3 no blank follows the colon\n"},
      {"a:\n  d: e\n  b:c\n", "3:3 'b:c' has no value\n"},
      {"a:\n  b: c\n    d: e\n",
       "3:5 this line begins further to the right than the one above, which has its value already\n"},
      {"a:\n  b:\u00a0c\n  d: e\n",
       "2:5 there is a space here that is not the ordinary one (U+00A0)\n"},
      {"a:\n\u00a0 b: c\n  d: e\n",
       "2:1 there is a space here that is not the ordinary one (U+00A0)\n"},
      {"a:\n  b: “c: d”\n", "2:6 “ is a letter to YAML, not a quote\n"},
      {"a:\n  b: 'x\n", "2:6 the quote that is opened here is never closed\n"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(read(c.text) == c.expected);
  }
}

TEST_CASE("yaml slips: several are reported at once, as far as the reading can go on") {
  CHECK(read("a:\n  b:c\n  d: e: f\n  g\n    h: i\n  j:\u202fk\n  l: m\n") ==
        "2:3 no blank follows the colon\n"
        "3:6 a text with ': ' inside needs quotes\n"
        "4:3 the colon behind 'g' is missing\n"
        "6:5 there is a space here that is not the ordinary one (U+202F)\n");
  INFO("a bracket that is not closed could end anywhere");
  CHECK(read("a:\n  b:c\n  d: [e\n  f: g: h\n").substr(0, 34) ==
        "2:3 no blank follows the colon\n4:3");
}

TEST_CASE("yaml slips: what is right is no cause of what is wrong elsewhere") {
  for (const char* text : {"a:\n  d: “quoted” text\n  b: c: d\n", "a:\n  d: http://x\n  b: c: d\n",
                           "a:\n  d: x\u00a0y\n  b: c: d\n"}) {
    INFO(text);
    CHECK(read(text) == "3:6 a text with ': ' inside needs quotes\n");
  }
  for (const char* text : {"a:\n  b: 10:30\n  c:\n    - d e\n", "a: |\n  b:c\n  type date\nb: c\n",
                           "a: b\n  c d\ne: f\n", "a: “b”\n", "“a”: b\n"}) {
    INFO(text);
    CHECK(read(text) == "read\n");
  }
}

TEST_CASE("odd characters: of keys and values that are not in quotes") {
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"DBL", ""},
      {"Habitación", ""},
      {"La “suite” grande", ""},
      {"O’Higgins", ""},
      {"’s-Hertogenbosch", ""},
      {"“DBL”", "“ is a letter to YAML, not a quote"},
      {"‘DBL’", "‘ is a letter to YAML, not a quote"},
      {"DBL”", "” is a letter to YAML, not a quote"},
      {"–  Dia", "a dash '–' (U+2013) begins this line"},
      {"– ", "a dash '–' (U+2013) begins this line"},
      {"–", ""},
      {"DBL\u00a0",
       "there is a character here that is not seen, or only looks like a space (U+00A0)"},
      {"D\u200bBL",
       "there is a character here that is not seen, or only looks like a space (U+200B)"},
      {"Habitacio\u0301n", "an accent is apart from its letter here (U+0301)"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(say(Language::en, odd_in_mapping(c.text).message) == c.expected);
  }
}
