#include <doctest/doctest.h>

#include <string>

#include "base/utf8.h"
#include "step/expression.h"
#include "step/run_step.h"
#include "step/unicode.h"

using namespace trama;
using trama::testing::StepRunner;

namespace {
struct Case {
  const StepSpec& spec;
  std::string_view in;
  std::string_view out;
};
}  // namespace

TEST_CASE("text steps: edges") {
  const Case cases[] = {
      {kTrim, "", ""},
      {kTrim, "\u00A0a\u3000\uFEFF", "a"},
      {kTrim, "\t\r\n", ""},
      {kUpperCase, "", ""},
      {kUpperCase, "ABC123", "ABC123"},
      {kUpperCase, "\u0390", "\u0399\u0308\u0301"},
      {kUpperCase, "istanbul ı", "ISTANBUL I"},
      {kLowerCase, "ÁÉÑ", "áéñ"},
      {kLowerCase, "ΟΔΟΣ", "οδος"},
      {kTitleCase, "", ""},
      {kTitleCase, "ANA ", "Ana "},
      {kTitleCase, "'", "'"},
      {kTitleCase, "o'", "O'"},
      {kTitleCase, "d’angelo", "D’Angelo"},
      {kTitleCase, "i'm 3RD mcDONALD", "I'm 3rd Mcdonald"},
      {kTitleCase, "ñandú/ÉPOCA (ángel)", "Ñandú/Época (Ángel)"},
      {kTitleCase, "ǆungla", "ǅungla"},
      {kTitleCase, "иван ИВАНОВ", "Иван Иванов"},
      {kTitleCase, "jose\u0301 maria", "Jose\u0301 Maria"},
      {kNoAccents, "jose\u0301 ÀÇÑü", "jose ACNu"},
      {kNoAccents, "がハ한", "がハ한"},
      {kNoAccents, "हिन्दी", "हिन्दी"},
      {kNoAccents, "\u0301", ""},
      {kOneSpace, "a b", "a b"},
      {kOneSpace, " ", ""},
      {kOneSpace, "a\u00A0\u00A0b", "a b"},
      {kOneSpace, "ñ ñ", "ñ ñ"},
      {kOneSpace, "a\tb", "a b"},
      {kDigitsOnly, "007", "007"},
      {kDigitsOnly, "-1.5", "15"},
      {kDigitsOnly, "١٢３", "123"},
  };
  StepRunner runner;
  for (const Case& c : cases) {
    INFO(c.spec.name, ": ", c.in);
    CHECK(runner.run(c.spec, nullptr, c.in) == c.out);
  }
}

TEST_CASE("text steps: what does not change keeps its origin") {
  StepRunner runner;
  for (const StepSpec* spec : {&kTrim, &kUpperCase, &kOneSpace, &kDigitsOnly, &kPlainText}) {
    Value value = Value::text("1250", Origin::number);
    CHECK(spec->fn(nullptr, value, runner.context) == Reason::none);
    CHECK(value.origin() == Origin::number);
  }
}

TEST_CASE("case folding: equal but for case") {
  Arena arena;
  CHECK(fold_case("DBL", arena) == "dbl");
  CHECK(fold_case("STRASSE", arena) == fold_case("straße", arena));
  CHECK(fold_case("ΣΑΣ", arena) == fold_case("σας", arena));
  CHECK(fold_case("Á", arena) != fold_case("A", arena));
}

TEST_CASE("plain_text: edges") {
  const Case cases[] = {
      {kPlainText, "sin marcas", "sin marcas"},
      {kPlainText, "<p></p>", ""},
      {kPlainText, "<", "<"},
      {kPlainText, "&", "&"},
      {kPlainText, "a<b", "a<b"},
      {kPlainText, "a <3 b", "a <3 b"},
      {kPlainText, "a<br>b<BR/>c", "a b c"},
      {kPlainText, "a <br> b", "a  b"},
      {kPlainText, "<p>a</p>\n<p>b</p>", "a\nb"},
      {kPlainText, "<a title=\">\">x</a>", "x"},
      {kPlainText, "<a title=\">x</a>", "x"},
      {kPlainText, "<!-- <p> -->a<!DOCTYPE html>b", "ab"},
      {kPlainText, "<!-- a", "<!-- a"},
      {kPlainText, "<script>if (a<b) {}</script>x<style>p{}</STYLE>y", "xy"},
      {kPlainText, "<script>x", "x"},
      {kPlainText, "&eacute;&#233;&#xE9;&#XE9;", "éééé"},
      {kPlainText, "&amp;eacute;", "&eacute;"},
      {kPlainText, "&eacute", "&eacute"},
      {kPlainText, "&nope; &; &#; &#x; &#0; &#xD800; &#x110000;",
       "&nope; &; &#; &#x; &#0; &#xD800; &#x110000;"},
      {kPlainText, "&#146;&#x10FFFF;&thetasym;", "’\U0010FFFFϑ"},
      {kPlainText, "&lt;b&gt;", "<b>"},
      {kPlainText, "<td>a</td><td>b</td>", "a b"},
      {kPlainText, "<i>a</i>b", "ab"},
      {kPlainText, "a&nbsp;b", "a\u00A0b"},
      {kPlainText, "<p>&hearts;</p><p>&hearts;</p>", "♥ ♥"},
  };
  StepRunner runner;
  for (const Case& c : cases) {
    INFO(c.in);
    CHECK(runner.run(c.spec, nullptr, c.in) == c.out);
  }
}

TEST_CASE("plain_text: hostile texts take time in step with their length") {
  StepRunner runner;
  for (const std::string_view part : {"<a", "<script>", "<!--", "<a =\"", "<a \"=\">",
                                      "<a \"=\"><a ", "<style>", "&", "<a '=\"'>", "<?"}) {
    std::string text;
    while (text.size() < 2'000'000) text += part;
    CHECK(runner.run(kPlainText, nullptr, text).size() <= text.size());
    text += ">";
    CHECK(runner.run(kPlainText, nullptr, text).size() <= text.size());
  }
}

TEST_CASE("split pad and replace: edges") {
  StepRunner runner;
  const auto split = [&](std::string_view text, std::string_view by, std::int64_t take) {
    SplitArgs args;
    args.by = by;
    args.take = take;
    return runner.run(kSplit, &args, text);
  };
  CHECK(split("164|54206|0", "|", 2) == "54206");
  CHECK(split("164|54206|0", "|", 3) == "0");
  CHECK(split("164|54206|0", "|", 4) == "");
  CHECK(split("164|54206|0", "|", -2) == "54206");
  CHECK(split("164|54206|0", "|", -3) == "164");
  CHECK(split("164|54206|0", "|", -4) == "");
  CHECK(split("a||b", "|", 2) == "");
  CHECK(split("a--b", "--", -1) == "b");
  CHECK(split("abc", "|", 1) == "abc");
  CHECK(split("abc", "|", -1) == "abc");
  CHECK(split("a|", "|", -1) == "");
  CHECK(split("a|b", "|", INT64_MAX) == "");

  PadArgs pad;
  pad.to = 3;
  pad.with = "ñ";
  CHECK(runner.run(kPad, &pad, "á") == "ññá");
  CHECK(runner.run(kPad, &pad, "áéí") == "áéí");
  CHECK(runner.run(kPad, &pad, "áéíó") == "áéíó");

  const auto replace = [&](std::string_view pattern, std::string_view with, std::string_view text) {
    ReplaceArgs args;
    std::string problem;
    args.all.emplace_back();
    REQUIRE(compile_replacement(pattern, with, args.all.back(), problem));
    return runner.run(kReplace, &args, text);
  };
  CHECK(replace("\\s+", " ", "a \t b") == "a b");
  CHECK(replace("^(\\w+)-(\\w+)$", "\\2 \\1", "BOG-MDE") == "MDE BOG");
  CHECK(replace("x", "y", "abc") == "abc");
  CHECK(replace(".*", "", "abc") == "");
  CHECK(replace("ñ", "n", "niño") == "nino");
  // Never between the bytes of a character.
  CHECK(replace("", "-", "éa") == "-é-a-");
  CHECK(replace("x*", "-", "éxa") == "-é-a-");
  CHECK(replace("\\B", "-", "é€") == "-é-€-");
  CHECK(replace("\\B", "-", "abc") == "a-b-c");
  CHECK(replace("\\Bx*", "-", "éxé") == "-éxé-");
  CHECK(replace("é\\B", "<\\0>", "éé") == "<é><é>");
}

TEST_CASE("no-accents: a Latin text alone is what it is before a letter of another script") {
  Arena arena;
  for (char32_t c = 0x80; c < 0x250; ++c) {
    std::string text = "a";
    append_utf8(text, c);
    text += "\u00F1n";
    const std::string_view alone = without_accents(text, arena);
    CHECK(std::string(alone) + "\uAC00" == without_accents(text + "\uAC00", arena));
  }
}

TEST_CASE("patterns: \\C, a byte that may be a part of a character, is refused") {
  struct Pattern {
    std::string_view pattern;
    bool good;
  };
  static constexpr Pattern kPatterns[] = {
      {"^\\C", false},      {"a\\\\\\C", false},   {"(\\C)+", false},      {"\\Qa\\E\\C", false},
      {"[\\C]", false},     {"\\Q\\\\E\\C", false}, {"\\\\C", true},        {"C\\d", true},
      {"\\Q\\C\\E", true}, {"\\Q\\C", true},      {"\\\\\\\\C", true},
  };
  for (const Pattern& c : kPatterns) {
    INFO(std::string(c.pattern));
    std::string problem;
    CHECK((compile_pattern(c.pattern, problem) != nullptr) == c.good);
    CHECK(problem.empty() == c.good);
    ReplaceArgs::One one;
    CHECK(compile_replacement(c.pattern, "", one, problem) == c.good);
    ExpressionProgram program;
    std::uint32_t index = 0;
    CHECK(program.add_pattern(c.pattern, index, problem) == c.good);
  }
}

TEST_CASE("replace: a pattern or group that is none is refused") {
  ReplaceArgs::One one;
  std::string problem;
  CHECK_FALSE(compile_replacement("(", "", one, problem));
  CHECK(problem.find("missing") != std::string::npos);
  CHECK_FALSE(compile_replacement("(a)", "\\2", one, problem));
  CHECK_FALSE(compile_replacement("(?=a)", "", one, problem));
}
