#include "mapping/path.h"

#include <doctest/doctest.h>

#include <string>

#include "text/catalogue.h"

namespace trama {
namespace {

/// A parsed path in a form that shows each step: key:a index:0 items entries.
std::string shown(const Path& path) {
  std::string out = path.from_top ? "top" : "";
  for (const Path::Step& step : path.steps) {
    if (!out.empty()) out += ' ';
    switch (step.kind) {
      case Path::StepKind::key:
        out += "key:" + step.key;
        break;
      case Path::StepKind::index:
        out += "index:" + std::to_string(step.index);
        break;
      case Path::StepKind::items:
        out += "items";
        break;
      case Path::StepKind::entries:
        out += "entries";
        break;
    }
  }
  return out;
}

TEST_CASE("path: what is read") {
  struct Case {
    std::string_view text;
    std::string_view steps;
  };
  static constexpr Case kCases[] = {
      {"a", "key:a"},
      {"stay.check_in", "key:stay key:check_in"},
      {"rooms[0].code", "key:rooms index:0 key:code"},
      {"[0].a", "index:0 key:a"},  // of a record that is a list
      {"[-1]", "index:-1"},
      {"[*][0].a", "items index:0 key:a"},
      {"rooms[-1]", "key:rooms index:-1"},
      {"rooms[*].code", "key:rooms items key:code"},
      {"a[0][0]", "key:a index:0 index:0"},
      {"a[*][*]", "key:a items items"},
      {"rates{*}.$key", "key:rates entries key:$key"},
      {"rates{*}[0]", "key:rates entries index:0"},
      {"rooms[*].\"a.b\"", "key:rooms items key:a.b"},
      {"\"a\"\"b\".c", "key:a\"b key:c"},
      {"\"\"", "key:"},
      {"\"a[0]\"[0]", "key:a[0] index:0"},
      {"Fecha de entrada.año", "key:Fecha de entrada key:año"},
      {"@total", "key:@total"},
      {"check-in", "key:check-in"},
      {"1-7,10", "key:1-7,10"},
      {"a]b", "key:a]b"},
      {"a}b", "key:a}b"},
      {"$value", "key:$value"},
      {"*", "key:*"},
      {"/", "top key:"},
      {"/a/b", "top key:a key:b"},
      {"/a~1b/0", "top key:a/b key:0"},
      {"/a~0b", "top key:a~b"},
      {"/~01", "top key:~1"},
      {"/a.b[*]", "top key:a.b[*]"},
      {"/a//b", "top key:a key: key:b"},
      {"/a/", "top key:a key:"},
      {"a/b", "key:a/b"},
      {"a[123456789]", "key:a index:123456789"},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    Path path;
    Phrase problem;
    std::size_t at = 0;
    CHECK(parse_path(c.text, path, problem, at));
    CHECK(shown(path) == c.steps);
    CHECK(path.text == c.text);
  }
}

TEST_CASE("path: what is refused") {
  struct Case {
    std::string_view text;
    std::size_t at;
    std::string_view problem;
  };
  static constexpr std::string_view kIndex =
      "between [ and ] comes a number (0 is the first, -1 the last) or * for all items";
  static constexpr Case kCases[] = {
      {"", 0, "the path is empty"},
      {".a", 0, "the path begins with a dot; take it out"},
      {"a.", 2, "the path ends with a dot; take it out"},
      {"a..b", 2, "there is no name between two dots"},
      {"a[0]..b", 5, "there is no name between two dots"},
      {"[0]a", 3, "a dot or a bracket comes here"},
      {"a.[0]", 2,
       "a name comes before the bracket; a name that begins with one is put in double quotes"},
      {"{*}", 0,
       "a name comes before the bracket; a name that begins with one is put in double quotes"},
      {"a[", 1, "this [ is not closed"},
      {"a[0", 1, "this [ is not closed"},
      {"a{*", 1, "this { is not closed"},
      {"a{x}", 1, "between { and } only * is possible, for all entries of an object"},
      {"a[]", 1, kIndex},
      {"a[x]", 1, kIndex},
      {"a[ 0]", 1, kIndex},
      {"a[01]", 1, kIndex},
      {"a[-0]", 1, kIndex},
      {"a[-]", 1, kIndex},
      {"a[+1]", 1, kIndex},
      {"a[1.5]", 1, kIndex},
      {"a[1234567890]", 1, kIndex},
      {"a[0]b", 4, "a dot or a bracket comes here"},
      {"\"a\"b", 3, "a dot or a bracket comes here"},
      {"\"a", 0, "the quote that is opened here is not closed"},
      {"\"a\"\"", 0, "the quote that is opened here is not closed"},
      {"a\"b", 1, "a name that holds a quote is put in double quotes, with the quote doubled"},
      {"/a~b", 2, "behind '/', a '~' is written '~0' (and a '/' inside a name '~1')"},
      {"/a~", 2, "behind '/', a '~' is written '~0' (and a '/' inside a name '~1')"},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    Path path;
    Phrase problem;
    std::size_t at = 99;
    CHECK_FALSE(parse_path(c.text, path, problem, at));
    CHECK(say(Language::en, problem) == c.problem);
    CHECK(at == c.at);
    CHECK(path.steps.empty());
  }
}

TEST_CASE("path: at most 128 parts") {
  std::string text = "a";
  for (int i = 0; i < 127; ++i) text += "[0]";
  Path path;
  Phrase problem;
  std::size_t at = 0;
  CHECK(parse_path(text, path, problem, at));
  CHECK_FALSE(parse_path(text + "[0]", path, problem, at));
  CHECK(say(Language::en, problem) == "the path has more than 128 parts");
}

}  // namespace
}  // namespace trama
