#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/explanation.h"
#include "report/html_out.h"
#include "report/html_page.h"

namespace trama {
namespace {

std::string text_of(std::string_view text) {
  return HtmlOut().text(text).take();
}

std::string attribute_of(std::string_view value) {
  return HtmlOut().open("p", {{"title", value}}).take();
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++n;
  return n;
}

}  // namespace

TEST_CASE("html: what is hostile is text") {
  struct Case {
    std::string_view in;
    std::string_view out;
  };
  static constexpr Case kCases[] = {
      {"</script><script>alert(1)</script>",
       "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"\"><img src=x onerror=alert(1)>", "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"},
      {"'><b>", "&#39;&gt;&lt;b&gt;"},
      {"&amp; &#60;", "&amp;amp; &amp;#60;"},
      {"<!-- -->]]>", "&lt;!-- --&gt;]]&gt;"},
      {"a\tb\nc\r\x1b[31m\x7f", "a\\tb\\nc\\r\\x1b[31m\\x7f"},
      {std::string_view("a\0b", 3), "a\\x00b"},
      {"a\u202Eb\u2066c\u200Fd", "a\\u202eb\\u2066c\\u200fd"},
      {"a\xFF\xC3(", "a\\xff\\xc3("},
      {"a\uFEFFb\u00A0c", "a\\ufeffb\\u00a0c"},
      {"café 東京 😀", "café 東京 😀"},
      {"", ""},
  };
  for (const Case& c : kCases) {
    INFO(c.in);
    CHECK(text_of(c.in) == c.out);
    CHECK(attribute_of(c.in) == "<p title=\"" + std::string(c.out) + "\">");
  }
}

TEST_CASE("html: columns of a trend are in the ratio of their counts, and in the picture") {
  HtmlOut out;
  trend_chart(out, "t", {}, 0);
  CHECK(count(out.take(), "<rect") == 0);
  const std::uint64_t most = UINT64_MAX / 2;
  trend_chart(out, "t",
              {{"<a>", "1", {{"", most, Tone::good}, {"", most, Tone::bad}}},
               {"b", "2", {{"", 1, Tone::good}}},
               {"c", "3", {}}},
              most);
  const std::string text = out.take();
  CHECK(text.find(R"(class="good" x="0" y="100" width="120" height="100")") != std::string::npos);
  CHECK(text.find(R"(class="bad" x="0" y="0" width="120" height="100")") != std::string::npos);
  CHECK(text.find(R"(class="good" x="333" y="199" width="120" height="1")") != std::string::npos);
  CHECK(text.find(R"(class="line" x="0" y="100" width="1000" height="2")") != std::string::npos);
  CHECK(count(text, "<rect") == 3 + 3 + 1);  // each column has its ground
  CHECK(text.find("<span>&lt;a&gt;</span><span>c</span>") != std::string::npos);
}

TEST_CASE("html: a value of a megabyte is escaped as a whole") {
  std::string value;
  while (value.size() < 1 << 20) value += "<\">&'\x01";
  const std::string text = text_of(value);
  CHECK(text.size() > value.size());
  CHECK(text.find_first_of("<>\"'\x01") == std::string::npos);
  CHECK(count(text, "&lt;&quot;&gt;&amp;&#39;\\x01") == value.size() / 6);
}

TEST_CASE("html: what is opened is closed in its order") {
  HtmlOut out;
  out.open("div").open("b").text("x").close().element("i", "<").lone("br", {}).close();
  CHECK(out.depth() == 0);
  CHECK(out.take() == "<div><b>x</b><i>&lt;</i><br>\n</div>\n");
  CHECK(out.take().empty());
}

TEST_CASE("html: addresses of files lead nowhere else") {
  CHECK(relative_address("banco-de-camas.html") == "banco-de-camas.html");
  CHECK(relative_address("javascript:alert(1).html") == "javascript%3Aalert%281%29.html");
  CHECK(relative_address("//evil/?a#b") == "%2F%2Fevil%2F%3Fa%23b");
  CHECK(relative_address("año 1%.html") == "a%C3%B1o%201%25.html");
}

TEST_CASE("html: bars are as long as their counts, and what is there is seen") {
  using Edges = std::vector<std::uint64_t>;
  CHECK(bar_edges({1, 1}, 1000) == Edges{0, 500, 1000});
  CHECK(bar_edges({0, 7, 0}, 1000) == Edges{0, 0, 1000, 1000});
  CHECK(bar_edges({1, 999999}, 1000) == Edges{0, 1, 1000});
  CHECK(bar_edges({999999, 1}, 1000) == Edges{0, 998, 1000});
  CHECK(bar_edges({0, 0}, 1000) == Edges{0, 0, 0});
  CHECK(bar_edges({}, 1000) == Edges{0});
  CHECK(bar_edges({UINT64_MAX, UINT64_MAX}, 1000) == Edges{0, 500, 1000});
  CHECK(bar_edges({1, 1, 1}, 2) == Edges{0, 1, 2, 2});
}

TEST_CASE("html: a table shows no more rows than its limit, and says how many are left out") {
  HtmlPage page("t", Language::en);
  page.take();
  HtmlTable table(page.out(), "list", {{"a"}, {"b", true}}, 2);
  for (const char* const name : {"1", "2", "3", "4", "5"}) {
    if (!table.row()) continue;
    table.head().text(name).close();
    table.cell(name);
  }
  table.end(page.words());
  const std::string text = page.take();
  CHECK(count(text, "<tr>") == 3);
  CHECK(count(text, "scope=\"col\"") == 2);
  CHECK(count(text, "scope=\"row\"") == 2);
  CHECK(text.find("<td class=\"n\" data-title=\"b\">2</td>") != std::string::npos);
  CHECK(text.find("and 3 more, not shown here") != std::string::npos);
}

TEST_CASE("html: charts tell in words what they draw") {
  HtmlOut out;
  const ReportWords words(Language::en);
  balance_bar(
      out, "What <became> of it",
      {{"written", 998, Tone::good}, {"rejected", 2, Tone::bad}, {"skipped", 0, Tone::quiet}},
      words);
  const std::string text = out.take();
  CHECK(text.find("<title>What &lt;became&gt; of it</title>") != std::string::npos);
  CHECK(text.find("written: 998 (99 %)") != std::string::npos);
  CHECK(text.find("rejected: 2 (&lt; 1 %)") != std::string::npos);
  CHECK(text.find("skipped") == std::string::npos);
  CHECK(count(text, "role=\"img\"") == 1);
  std::vector<Bar> bars;
  for (std::uint64_t i = 0; i < 25; ++i) bars.push_back({"<" + std::to_string(i), 25 - i, {}});
  bar_chart(out, "values", bars, Tone::plain, words);
  const std::string chart = out.take();
  CHECK(count(chart, "<li>") == 20);
  CHECK(chart.find("&lt;19") != std::string::npos);
  CHECK(chart.find("and 5 more, not shown here") != std::string::npos);
}

TEST_CASE("html: a page is whole, and says its language") {
  for (const Language language : {Language::en, Language::es}) {
    HtmlPage page("</title><script>", language);
    page.lead("a");
    page.section("b");
    page.note("c");
    page.section("d");
    const std::string text = page.end();
    CHECK(
        text.starts_with("<!DOCTYPE html>\n<html lang=\"" + std::string(tag_of(language)) + "\">"));
    CHECK(text.ends_with("</html>\n"));
    CHECK(count(text, "<script") == 0);
    CHECK(count(text, "<main>") == 1);
    CHECK(count(text, "<section>") == count(text, "</section>"));
    CHECK(count(text, "http://") + count(text, "https://") + count(text, "url(") == 0);
  }
}

TEST_CASE("explanation: its page takes all that is the mapping's own as text") {
  const std::string evil = "\"><script>\u202E`|";
  Explanation told;
  told.title = evil;
  told.about = evil + "\nline";
  Explanation::Item item{
      .name = evil, .kind = evil, .about = evil, .sentences = {own(evil), evil}, .source = 1};
  item.points = {own(evil)};
  item.example = Explanation::Example{.before = {{evil, evil}}, .after = evil};
  item.items = {item};
  told.sections.push_back({.part = Explanation::Part::columns, .title = evil, .items = {item}});
  item.entries = {{evil, evil}};
  item.more_entries = 12;
  told.sections.push_back({.part = Explanation::Part::tables, .title = evil, .items = {item}});
  told.sections.push_back(
      {.part = Explanation::Part::rules, .title = evil, .points = {evil}, .items = {item}});
  const std::string page = explanation_html(told);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("\u202E") == std::string::npos);
  CHECK(count(page, "&quot;&gt;&lt;script&gt;\\u202e`|") > 20);
  CHECK(page.find("and 12 more, not shown here") != std::string::npos);
  const std::string index = index_html({{evil, evil, evil, 3}}, Language::es);
  CHECK(index.find("<script") == std::string::npos);
  CHECK(index.find("href=\"%22%3E%3Cscript%3E") != std::string::npos);
  const std::string markdown = explanation_markdown(told);
  CHECK(markdown.find("\u202E") == std::string::npos);
  CHECK(markdown.find("and 12 more") != std::string::npos);
}

}  // namespace trama
