#include "mapping/table_file.h"

#include <doctest/doctest.h>

#include <string>

#include "base/memory.h"
#include "mapping/source_text.h"
#include "report/diagnostics_text.h"

namespace trama {
namespace {

struct Read {
  bool good = false;
  TableFile table;
  std::string problems;
};

Read read(std::string_view text, std::string_view name = "t.csv", std::string_view separator = "") {
  Read out;
  Files files;
  files.files.push_back({std::string(name), without_mark_and_cr(text)});
  Diagnostics diagnostics;
  out.good = read_table_file(text, name, 0, separator, kMemoryBytes, out.table, diagnostics);
  out.problems = render_text(diagnostics, files);
  CHECK(out.good == diagnostics.empty());
  return out;
}

std::string shown(const TableFile& table) {
  std::string out;
  for (const Text& name : table.header) out += '<' + name.text + '>';
  for (const TableFile::Row& row : table.rows) {
    out += ' ' + std::to_string(row.line) + ':';
    for (const Text& cell : row.cells) out += '<' + cell.text + '>';
  }
  return out;
}

TEST_CASE("table_file: CSV that is read") {
  struct Case {
    std::string_view text;
    std::string_view separator;
    std::string_view table;
  };
  static constexpr Case kCases[] = {
      {"a,b\n1,2\n", "", "<a><b> 2:<1><2>"},
      {"a,b\n1,2", "", "<a><b> 2:<1><2>"},
      {"\xEF\xBB\xBF"
       "a,b\r\n1,2\r\n",
       "", "<a><b> 2:<1><2>"},
      {"a;b\n1,5;2\n", ";", "<a><b> 2:<1,5><2>"},
      {"a\tb\n1\t2\n", "\t", "<a><b> 2:<1><2>"},
      {"a·b\n1·2\n", "·", "<a><b> 2:<1><2>"},
      {"a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", "", "<a><b> 2:<x,y><say \"hi\">"},
      {"a,b\n\"x\ny\",2\n3,4\n", "", "<a><b> 2:<x\ny><2> 4:<3><4>"},
      {"a,b\n,\n", "", "<a><b> 2:<><>"},
      {"a,b\n\n1,2\n\n", "", "<a><b> 3:<1><2>"},
      {"Date, USD, JPY, \n1 , 2,\"3\" ,\n", "", "<Date><USD><JPY> 2:<1><2><3>"},
      {"a,b\n1,2,\n", "", "<a><b> 2:<1><2>"},
      {"a\n\" x \"\n", "", "<a> 2:< x >"},
      {"a,b\n", "", "<a><b>"},
      {"a\n\"\"\n", "", "<a> 2:<>"},
      {"código\nNA\nNO\n007\n", "", "<código> 2:<NA> 3:<NO> 4:<007>"},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    const Read r = read(c.text, "t.csv", c.separator);
    CHECK(r.problems == "");
    CHECK(shown(r.table) == c.table);
  }
}

TEST_CASE("table_file: places of cells") {
  const Read r = read("ñ,b\nñu, \"x\"\n");
  const Text& cell = r.table.rows.at(0).cells.at(1);
  CHECK(cell.span.line == 2);
  CHECK(cell.span.column == 5);
  CHECK(cell.span.length == 3);
  CHECK(cell.quoted);
  CHECK(r.table.header[1].span.column == 3);
}

TEST_CASE("table_file: CSV that is refused") {
  struct Case {
    std::string_view text;
    std::string_view problem;  // its first line
  };
  static constexpr Case kCases[] = {
      {"", "t.csv:1:1: error[TABLE_EMPTY]: the table file is empty"},
      {"\n\n", "t.csv:1:1: error[TABLE_EMPTY]: the table file is empty"},
      {"a,b\n1\n",
       "t.csv:2:1: error[TABLE_LINE_LENGTH]: this line has 1 cells, the first line has 2"},
      {"a,b\n1,2,3\n",
       "t.csv:2:1: error[TABLE_LINE_LENGTH]: this line has 3 cells, the first line has 2"},
      {"a,b\n1,2,,\n",
       "t.csv:2:1: error[TABLE_LINE_LENGTH]: this line has 4 cells, the first line has 2"},
      {"a,b\n1,\"2\n3,4\n",
       "t.csv:2:3: error[TABLE_QUOTE]: the quote that is opened here is never closed"},
      {"a,b\n1,5\" nail\n", "t.csv:2:4: error[TABLE_QUOTE]: there is a quote inside a cell"},
      {"a,b\n1,\"2\"x\n",
       "t.csv:2:6: error[TABLE_QUOTE]: there is more text behind the closing quote"},
      {"a,b,a\n1,2,3\n",
       "t.csv:1:5: error[TABLE_HEADER_REPEATED]: two columns of the table file are called 'a'"},
      {"a\n\xF1\n", "t.csv:2:1: error[TEXT_NOT_UTF8]: this character is not UTF-8"},
      {"a\nb\x01\n",
       "t.csv:2:2: error[CONTROL_CHARACTER]: there is an invisible character (U+0001) here"},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    const Read r = read(c.text);
    CHECK_FALSE(r.good);
    CHECK(r.problems.substr(0, r.problems.find('\n')) == c.problem);
  }
}

TEST_CASE("table_file: many problems are not all told") {
  std::string text = "a,b\n";
  for (int i = 0; i < 1000; ++i) text += "1,5\" nail\n";
  const Read r = read(text);
  std::size_t lines = 0;
  for (const char c : r.problems) lines += c == '\n' ? 1U : 0U;
  CHECK(lines == 21 * 3);
  CHECK(r.problems.find("TABLE_MANY_PROBLEMS") != std::string::npos);

  text = "a,b\n";  // lines that are wrong in the same way are one problem
  for (int i = 0; i < 1000; ++i) text += "1\n";
  CHECK(read(text).problems.starts_with(
      "t.csv:2:1: error[TABLE_LINE_LENGTH]: this line has 1 cells, the first line has 2 (and 999 "
      "lines more)\n"));
}

TEST_CASE("table_file: pairs") {
  const Read yaml = read("DBL: Doble\nNO: Noruega\n007: Bond\n", "t.yaml");
  CHECK(yaml.table.pairs);
  CHECK(shown(yaml.table) == " 1:<DBL><Doble> 2:<NO><Noruega> 3:<007><Bond>");
  const Read json = read("{\"EK\": \"EMIRATES\",\n \"n\": 1.10}", "t.json");
  CHECK(shown(json.table) == " 1:<EK><EMIRATES> 2:<n><1.10>");
  CHECK(read("- a\n", "t.yml").problems.find("t.yml:1:1: error[VALUE_KIND]") == 0);
  CHECK(read("a: {b: c}\n", "t.yaml").problems.find("t.yaml:1:4: error[VALUE_KIND]") == 0);
  CHECK(read("a: b\na: c\n", "t.yaml").problems.find("t.yaml:2:1: error[KEY_REPEATED]") == 0);
}

TEST_CASE("table_file: size") {
  CHECK(read(std::string(kMaxTableBytes + 1, 'a')).problems.find("TABLE_TOO_BIG") !=
        std::string::npos);
}

}  // namespace
}  // namespace trama
