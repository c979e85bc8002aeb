#include "report/diagnostics_text.h"

#include <doctest/doctest.h>

#include <string>

namespace trama {
namespace {

Files one_file(std::string text) {
  return Files{{{"m.yaml", std::move(text)}}};
}

Diagnostic at(std::uint32_t line, std::uint32_t column, std::uint32_t length) {
  return {DiagnosticCode::key_unknown, {0, line, column, length}, {"x", "y", "HELP"}};
}

/// The second and the third line: the source and the caret.
std::string marked(const std::string& text, std::uint32_t column, std::uint32_t length) {
  const std::string out = render_text({at(1, column, length)}, one_file(text));
  return out.substr(out.find('\n') + 1);
}

TEST_CASE("diagnostics_text: as the contract shows it") {
  const Files files = one_file("a\nb\n    lookup: habitacion\n");
  const Diagnostics diagnostics = {{DiagnosticCode::value_wrong,
                                    {0, 3, 13, 10},
                                    {"habitacion", "lookup", "did you mean 'habitaciones'?"}}};
  CHECK(render_text(diagnostics, files) ==
        "m.yaml:3:13: error[VALUE_WRONG]: 'habitacion' is not a value of 'lookup'\n"
        "    3 |     lookup: habitacion\n"
        "      |             ^^^^^^^^^^ did you mean 'habitaciones'?\n");
}

TEST_CASE("diagnostics_text: sorted by file and line and column and told once") {
  Files files = one_file("abc\ndef\n");
  files.files.push_back({"base.yaml", "xyz\n"});
  Diagnostic base = at(1, 1, 1);
  base.span.file = 1;
  const std::string out =
      render_text({base, at(2, 1, 1), at(1, 3, 1), at(1, 1, 1), at(1, 3, 1)}, files);
  CHECK(out ==
        "m.yaml:1:1: error[KEY_UNKNOWN]: 'x' is not a word of y\n    1 | abc\n      | ^ HELP\n"
        "m.yaml:1:3: error[KEY_UNKNOWN]: 'x' is not a word of y\n    1 | abc\n      |   ^ HELP\n"
        "m.yaml:2:1: error[KEY_UNKNOWN]: 'x' is not a word of y\n    2 | def\n      | ^ HELP\n"
        "base.yaml:1:1: error[KEY_UNKNOWN]: 'x' is not a word of y\n    1 | xyz\n      | ^ HELP\n");
}

TEST_CASE("diagnostics_text: the whole file") {
  CHECK(render_text({at(0, 0, 0)}, one_file("a")) ==
        "m.yaml: error[KEY_UNKNOWN]: 'x' is not a word of y\n        HELP\n");
}

TEST_CASE("diagnostics_text: the caret stands under what is meant") {
  struct Case {
    const char* line;
    std::uint32_t column;
    std::uint32_t length;
    const char* shown;
  };
  static constexpr Case kCases[] = {
      {"abc", 2, 1, "    1 | abc\n      |  ^ HELP\n"},
      {"ñandú: x", 8, 1, "    1 | ñandú: x\n      |        ^ HELP\n"},
      {"日本: x", 5, 1, "    1 | 日本: x\n      |       ^ HELP\n"},
      {"日本: x", 1, 2, "    1 | 日本: x\n      | ^^^^ HELP\n"},
      {"e\xCC\x81: x", 5, 1, "    1 | e\xCC\x81: x\n      |    ^ HELP\n"},
      {"\ta: b", 2, 1, "    1 |     a: b\n      |     ^ HELP\n"},
      {"\ta: b", 1, 1, "    1 |     a: b\n      | ^^^^ HELP\n"},
      {"a\x1B[31mb", 2, 1, "    1 | a␛[31mb\n      |  ^ HELP\n"},
      {"a\xE2\x80\xAE"
       "b",
       3, 1, "    1 | a<U+202E>b\n      |          ^ HELP\n"},
      {"a\xFF"
       "b",
       3, 1,
       "    1 | a\xEF\xBF\xBD"
       "b\n      |   ^ HELP\n"},
      {"ab", 3, 1, "    1 | ab\n      |   ^ HELP\n"},
      {"ab", 9, 5, "    1 | ab\n      |   ^ HELP\n"},
      {"ab", 1, 50, "    1 | ab\n      | ^^ HELP\n"},
      {"", 1, 1, "    1 | \n      | ^ HELP\n"},
  };
  for (const Case& c : kCases) {
    INFO(c.line);
    CHECK(marked(c.line, c.column, c.length) == std::string(c.shown));
  }
}

TEST_CASE("diagnostics_text: a long line is cut around the caret") {
  const std::string xs(500, 'x');
  CHECK(marked(xs + "HERE" + xs, 501, 4) == "    1 | …" + std::string(40, 'x') + "HERE" +
                                                std::string(56, 'x') + "…\n      | " +
                                                std::string(41, ' ') + "^^^^ HELP\n");
  CHECK(marked(xs, 1, 500) ==
        "    1 | " + std::string(100, 'x') + "…\n      | " + std::string(100, '^') + " HELP\n");
  CHECK(marked(xs + "END", 501, 3) ==
        "    1 | …" + std::string(97, 'x') + "END\n      | " + std::string(98, ' ') + "^^^ HELP\n");
}

TEST_CASE("diagnostics_text: messages and names are made visible too") {
  const Diagnostics diagnostics = {
      {DiagnosticCode::key_unknown, {0, 0, 0, 0}, {"\x1B]0;x\x07", "y", ""}}};
  CHECK(render_text(diagnostics, Files{{{"m\n.yaml", ""}}}) ==
        "m␊.yaml: error[KEY_UNKNOWN]: '␛]0;x␇' is not a word of y\n");
}

TEST_CASE("diagnostics_text: JSON") {
  CHECK(render_json({}, {}) == "[]\n");
  CHECK(
      render_json({at(1, 2, 3), at(1, 1, 1)}, one_file("a \"b\"")) ==
      "[\n"
      R"({"code":"KEY_UNKNOWN","severity":"error","file":"m.yaml","line":1,"column":1,"length":1,)"
      R"("message":"'x' is not a word of y","help":"HELP"},)"
      "\n"
      R"({"code":"KEY_UNKNOWN","severity":"error","file":"m.yaml","line":1,"column":2,"length":3,)"
      R"("message":"'x' is not a word of y","help":"HELP"})"
      "\n]\n");
}

}  // namespace
}  // namespace trama
