// Rows as a table for the screen: widths, wide characters, what is cut, blocks, what is no row.

#include "report/row_table.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/terminal_text.h"

namespace trama {
namespace {

std::size_t width_of(std::string_view line) {
  std::size_t width = 0;
  for (const ScreenCharacter& c : screen_characters(line)) width += c.width;
  return width;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string shown(const RowTable& table, std::size_t width = 60) {
  std::string text = row_table_text(table, width, Language::en);
  for (const std::string& line : lines_of(text)) {
    INFO(line);
    CHECK(width_of(line) <= width);
    CHECK(!line.ends_with(' '));
    CHECK(visible(line) == line);  // nothing that a terminal would obey
  }
  return text;
}

/// `count` columns of texts that are `size` wide, in one row.
RowTable wide_table(std::size_t count, std::size_t size) {
  RowTable table;
  RowTable::Line line{.number = "1", .id = {}, .cells = {}};
  for (std::size_t i = 0; i < count; ++i) {
    table.columns.push_back({"C" + std::to_string(i + 1), "text"});
    line.cells.push_back(std::string(size, 'x'));
  }
  table.lines.push_back(std::move(line));
  return table;
}

}  // namespace

TEST_CASE("row table: names over types, numbers to the right, what is no row in its place") {
  RowTable table;
  table.id_name = "id";
  table.columns = {{"Total", "money", true}, {"Room", "text"}};
  table.lines = {
      {.number = "9", .id = "RB-1", .cells = {"1250.51", "Double"}},
      {.number = "10",
       .id = "RB-2",
       .cells = {},
       .text = "rejected, 1 error",
       .remarks = {{"LOOKUP_UNKNOWN",
                    "Room",
                    {"\"TPL\" is not in rooms", "known: DBL, SGL", "m.yaml:9:5"}}}},
      {.number = "11", .id = "", .cells = {"5", "二人"}},
      {.number = "", .id = "", .cells = {"-1", "·"}},
  };
  CHECK(shown(table, 70) ==
        " #  id      Total  Room\n"
        "            money  text\n"
        "──  ────  ───────  ──────\n"
        " 9  RB-1  1250.51  Double\n"
        "10  RB-2  rejected, 1 error\n"
        "      LOOKUP_UNKNOWN  Room  \"TPL\" is not in rooms   known: DBL, SGL\n"
        "                            m.yaml:9:5\n"
        "11              5  二人\n"
        "               -1  ·\n");
  // where there is less room beside code and column, the texts are below them
  CHECK(shown(table, 50).find(
            "\n      LOOKUP_UNKNOWN  Room\n        \"TPL\" is not in rooms   known: DBL, SGL\n") !=
        std::string::npos);
}

TEST_CASE("row table: a text is cut to columns of the terminal") {
  struct Case {
    std::string_view text;
    std::size_t width;
    std::string_view shown;
    std::string_view why;
  };
  static constexpr Case kCases[] = {
      {"", 5, "", "nothing"},
      {"abcde", 5, "abcde", "as wide as there is room"},
      {"abcdef", 5, "abcd…", "one more"},
      {"日本語", 6, "日本語", "wide characters take two"},
      {"日本語", 5, "日本…", "half of one does not fit"},
      {"日本語", 4, "日…", "… would stand on half of one"},
      {"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301", "marks take no room"},
      {"e\u0301e\u0301e\u0301", 2, "e\u0301…", "a mark stays with its letter"},
      {"a\nb", 3, "a\u240Ab", "a line end is one character"},
      {"a\tb", 6, "a    b", "a tab is blanks"},
      {"\u001b[31m", 8, "\u241B[31m", "nothing to obey"},
      {"\u202Eabc", 20, "<U+202E>abc", "nor to turn"},
      {"abc", 1, "…", "room for … alone"},
  };
  for (const Case& c : kCases) {
    INFO(c.text, ": ", c.why);
    CHECK(fit_width(c.text, c.width) == c.shown);
  }
}

TEST_CASE("row table: long texts are cut so that all columns fit, numbers are not") {
  RowTable table = wide_table(2, 80);
  table.columns.push_back({"A name that is longer than its numbers", "decimal", true});
  table.lines[0].cells.push_back("12345678901234567.89");
  const std::vector<std::string> lines = lines_of(shown(table));
  REQUIRE(lines.size() == 4);
  CHECK(lines[3] == "1  xxxxxxxxxxxxxxx…  xxxxxxxxxxxxxxx…  12345678901234567.89");
  CHECK(lines[0].ends_with("A name that is long…"));
}

TEST_CASE("row table: columns that do not fit are in blocks, and each is in one of them") {
  const RowTable table = wide_table(1000, 40);
  const std::string text = shown(table, 100);
  CHECK(text.starts_with("columns 1 to 2 of 1000\n"));
  CHECK(text.find("\n\ncolumns 999 to 1000 of 1000\n") != std::string::npos);
  for (std::size_t i = 1; i <= 1000; ++i)
    CHECK(text.find("  C" + std::to_string(i)) != std::string::npos);
}

TEST_CASE("row table: what is no row is in the first block alone, which may be all there is") {
  RowTable table = wide_table(9, 40);
  const RowTable::Line rejected{.number = "2", .id = "", .cells = {}, .text = "rejected"};
  table.lines.push_back(rejected);
  const std::string text = shown(table);
  CHECK(text.find("\n2  rejected\n") == text.rfind("\n2  rejected\n"));
  CHECK(text.find("columns 9 to 9 of 9") != std::string::npos);
  table.lines = {rejected};
  const std::string alone = shown(table, 40);
  CHECK(alone.find("2  rejected\n") != std::string::npos);
  CHECK(alone.find("\n\n") == std::string::npos);
}

TEST_CASE("row table: long numbers and ids leave room for columns on the narrowest screen") {
  RowTable table = wide_table(2, 80);
  table.lines[0].number = "99999–100000";
  table.lines[0].id = std::string(100, 'i');
  CHECK(shown(table, kMinTableWidth).find("99999–100000  iiiiiiiii…  xxxxxxxxxxxxx…\n") !=
        std::string::npos);
  CHECK(row_table_text(table, 1, Language::en) ==
        row_table_text(table, kMinTableWidth, Language::en));
}

TEST_CASE("row table: without a line there are names and types") {
  RowTable table = wide_table(1, 1);
  table.lines.clear();
  CHECK(shown(table) == "#  C1\n   text\n─  ────\n");
}

TEST_CASE("row table: texts of a remark are broken between words, and within a long one") {
  RowTable table;
  table.columns = {{"A", "text"}};
  table.lines = {{.number = "1",
                  .id = "",
                  .cells = {},
                  .text = std::string(200, 't'),
                  .remarks = {{"X", "A", {"one two three", std::string(70, 'y'), ""}}}}};
  const std::string text = shown(table, 60);
  CHECK(text.find("\n     X  A  one two three\n") != std::string::npos);
  CHECK(text.find("\n           " + std::string(49, 'y') + "\n           " +
                  std::string(21, 'y')) != std::string::npos);
}

}  // namespace trama
