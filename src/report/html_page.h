// Pages of HTML, and what all of them are made of: a shell with one style, sections, tables with a limit, and
// charts drawn as SVG. A page needs no script and nothing beside it, is light or dark as its reader has it,
// fits a narrow screen, prints, and reads well without its colours.
//
//   HtmlPage page("Profile of dump.json", language);
//   page.lead("1,204 records read");
//   page.section("Paths");
//   { HtmlTable table(page.out(), "paths", {{"path"}, {"filled", true}}); … }
//   sink(page.end());

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/html_out.h"
#include "report/report_line.h"
#include "text/language.h"

namespace trama {

/// What a part of a page means: its colour, which never is all that tells.
enum class Tone : std::uint8_t { good, plain, quiet, warning, bad, nothing };

class HtmlPage {
 public:
  /// The shell, up to the heading of the page. `language`: of its words.
  HtmlPage(std::string_view title, Language language);

  [[nodiscard]] HtmlOut& out() noexcept { return out_; }
  [[nodiscard]] const ReportWords& words() const noexcept { return words_; }

  /// A paragraph below the heading of the page; nothing of an empty text.
  void lead(std::string_view text);
  /// What all of it comes to: a lead that stands out.
  void verdict(std::string_view text, Tone tone = Tone::nothing);
  /// Something to be copied whole, such as a command.
  void command(std::string_view text);
  /// Lines to be read as they are.
  void lines(std::string_view text);
  /// Links to sections that follow, in their order.
  void contents(const std::vector<std::string>& sections);
  /// Ends the section before it, and begins one with this heading.
  void section(std::string_view title);
  /// A paragraph that is less than the others.
  void note(std::string_view text);

  /// What was written since it was last taken: a page may be long.
  std::string take() { return out_.take(); }
  /// The rest of the page, to its end.
  std::string end();

 private:
  HtmlOut out_;
  const ReportWords words_;
  std::size_t sections_ = 0;
};

/// A table of which no more rows are shown than its limit. On a narrow screen each row is a card, and each
/// cell has the title of its column before it.
class HtmlTable {
 public:
  struct Column {
    std::string title;
    bool is_number = false;  // aligned to the right
  };
  /// `kind`: its class; of "entries" rows are no cards.
  HtmlTable(HtmlOut& out, HtmlWord kind, std::vector<Column> columns, std::size_t limit = SIZE_MAX);
  /// Ends the table, and says how many rows were left out.
  void end(const ReportWords& words);

  /// Whether there is room for the next row; its cells follow, and none where there is not.
  bool row();
  /// The cell that names the row (the first), until its close().
  HtmlOut& head();
  /// The next cell, until its close().
  HtmlOut& cell();
  void cell(std::string_view text);

 private:
  HtmlOut& out_;
  const std::vector<Column> columns_;
  const std::size_t limit_;
  std::size_t rows_ = 0;
  std::size_t column_ = 0;
  bool in_row_ = false;
};

struct ChartPart {
  std::string label;
  std::uint64_t count = 0;
  Tone tone = Tone::plain;
};

/// A whole and its parts: one bar, and below it what each part is, how many and which share. Parts of nothing
/// are left out of the bar. `title`: what it shows, for who cannot see it.
void balance_bar(HtmlOut& out, std::string_view title, const std::vector<ChartPart>& parts,
                 const ReportWords& words);

/// The same bar alone, as small as a word, for a cell: its parts are told by its title.
void small_bar(HtmlOut& out, const std::vector<ChartPart>& parts, const ReportWords& words);

struct Bar {
  std::string label;
  std::uint64_t count = 0;
  std::string shown{};  // instead of the count, where it says more: "12 or more"
};

/// Bars as long as their counts beside the largest, each with its label and count, as a list. Of more
/// than `limit` the rest is counted.
void bar_chart(HtmlOut& out, std::string_view title, const std::vector<Bar>& bars, Tone tone,
               const ReportWords& words, std::size_t limit = 20);

/// One of the columns of a trend: a day.
struct TrendColumn {
  std::string label;
  std::string told;                // all that it shows, for who points at it
  std::vector<ChartPart> parts{};  // from the bottom up; their labels are not shown
};

/// Columns side by side, as high as their counts beside the highest. `line`: a height to compare
/// them with; 0: none. `parts`: what the colours mean, of those that are there.
void trend_chart(HtmlOut& out, std::string_view title, const std::vector<TrendColumn>& columns,
                 std::uint64_t line = 0, const std::vector<ChartPart>& parts = {});

/// Where the parts of a bar of `width` begin, and its end: in the ratio of their counts, but with one unit at
/// least for each that is not zero (as far as `width` has so many). In whole numbers, the same everywhere.
std::vector<std::uint64_t> bar_edges(const std::vector<std::uint64_t>& counts, std::uint64_t width);

}  // namespace trama
