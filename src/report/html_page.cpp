#include "report/html_page.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/phrase_codes.h"
#include "base/version.h"
#include "report/html_style.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::uint64_t kBarWidth = 1000;
constexpr std::uint64_t kTrendWidth = 1000;
constexpr std::uint64_t kTrendHeight = 200;
constexpr std::uint64_t kTrendLine = 2;  // how thick

constexpr std::array<std::string_view, 6> kToneNames = {"good",    "plain", "quiet",
                                                        "warning", "bad",   "back"};

std::string_view class_of(Tone tone) {
  return kToneNames[static_cast<std::size_t>(tone)];
}

std::string anchor(std::size_t section) {
  return "s" + std::to_string(section);
}

std::uint64_t total_of(const std::vector<ChartPart>& parts) {
  std::uint64_t total = 0;
  for (const ChartPart& part : parts) total += part.count;
  return total;
}

std::string words_of(const ChartPart& part, std::uint64_t total, const ReportWords& words) {
  return words(Code::html_part,
               {part.label, grouped(part.count), rough_percent(part.count, total)});
}

void rectangle(HtmlOut& out, std::uint64_t from, std::uint64_t to, std::string_view tone) {
  out.shape("rect", {{"class", tone},
                     {"x", std::to_string(from)},
                     {"width", std::to_string(to - from)},
                     {"height", "10"}});
}

/// `<svg>` with its bar, stretched to the width that it has; open.
void open_bar(HtmlOut& out, std::string_view kind) {
  out.open("svg", {{"class", kind},
                   {"viewBox", "0 0 1000 10"},
                   {"preserveAspectRatio", "none"},
                   {"role", "img"}});
}

void stacked(HtmlOut& out, std::string_view kind, std::string_view title,
             const std::vector<ChartPart>& parts) {
  std::vector<std::uint64_t> counts;
  for (const ChartPart& part : parts) counts.push_back(part.count);
  const std::vector<std::uint64_t> edges = bar_edges(counts, kBarWidth);
  open_bar(out, kind);
  out.element("title", title);
  rectangle(out, 0, kBarWidth, "back");
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (edges[i + 1] > edges[i]) rectangle(out, edges[i], edges[i + 1], class_of(parts[i].tone));
  out.close();
}

/// What the colours mean, of parts that are there.
void legend(HtmlOut& out, const std::vector<ChartPart>& parts) {
  out.open("ul", {{"class", "legend"}});
  for (const ChartPart& part : parts) {
    if (part.count == 0) continue;
    out.open("li").open("svg", {{"viewBox", "0 0 10 10"}, {"aria-hidden", "true"}});
    out.shape("rect", {{"class", class_of(part.tone)}, {"width", "10"}, {"height", "10"}}).close();
    out.text(part.label).close();
  }
  out.close();
}

}  // namespace

HtmlPage::HtmlPage(std::string_view title, Language language) : words_(language) {
  out_.as_is("<!DOCTYPE html>\n").open("html", {{"lang", tag_of(language)}}).open("head");
  out_.lone("meta", {{"charset", "utf-8"}});
  out_.lone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  // Nothing is loaded and nothing runs, whatever came into the page.
  out_.lone("meta", {{"http-equiv", "Content-Security-Policy"},
                     {"content", "default-src 'none'; style-src 'unsafe-inline'"}});
  out_.lone("meta", {{"name", "generator"}, {"content", "trama"}});
  out_.element("title", title);
  out_.open("style").as_is(kHtmlStyle).close().close();
  out_.open("body").open("header").element("h1", title);
}

void HtmlPage::lead(std::string_view text) {
  if (!text.empty()) out_.element("p", text);
}

void HtmlPage::verdict(std::string_view text, Tone tone) {
  std::string kind = "verdict";
  if (tone != Tone::nothing) kind.append(" is-").append(class_of(tone));
  out_.element("p", text, {{"class", kind}});
}

void HtmlPage::command(std::string_view text) {
  out_.open("pre", {{"class", "command"}}).element("code", text).close();
}

void HtmlPage::lines(std::string_view text) {
  out_.open("pre").open("code");
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out_.text(text.substr(0, end)).as_is("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out_.close().close();
}

void HtmlPage::note(std::string_view text) {
  if (!text.empty()) out_.element("p", text, {{"class", "note"}});
}

void HtmlPage::contents(const std::vector<std::string>& sections) {
  out_.open("nav", {{"aria-label", words_(Code::html_contents)}}).open("ul");
  for (std::size_t i = 0; i < sections.size(); ++i)
    out_.open("li").element("a", sections[i], {{"href", "#" + anchor(i + 1)}}).close();
  out_.close().close();
}

void HtmlPage::section(std::string_view title) {
  out_.close();  // the section before, or the header
  if (sections_++ == 0) out_.open("main");
  out_.open("section").element("h2", title, {{"id", anchor(sections_)}});
}

std::string HtmlPage::end() {
  out_.close();
  if (sections_ > 0) out_.close();
  out_.open("footer").element("p", words_(Code::html_made_by, {version()})).close();
  while (out_.depth() > 0) out_.close();
  return out_.take();
}

HtmlTable::HtmlTable(HtmlOut& out, HtmlWord kind, std::vector<Column> columns, std::size_t limit)
    : out_(out), columns_(std::move(columns)), limit_(limit) {
  out_.open("table", {{"class", kind.view()}}).open("thead").open("tr");
  for (const Column& column : columns_)
    if (column.is_number)
      out_.element("th", column.title, {{"scope", "col"}, {"class", "n"}});
    else
      out_.element("th", column.title, {{"scope", "col"}});
  out_.close().close().open("tbody");
}

void HtmlTable::end(const ReportWords& words) {
  if (in_row_) out_.close();
  out_.close().close();
  if (rows_ > limit_)
    out_.element("p", words.counted(Code::html_more, rows_ - limit_), {{"class", "more"}});
}

bool HtmlTable::row() {
  if (in_row_) out_.close();
  in_row_ = rows_++ < limit_;
  column_ = 0;
  if (in_row_) out_.open("tr");
  return in_row_;
}

HtmlOut& HtmlTable::head() {
  ++column_;
  return out_.open("th", {{"scope", "row"}});
}

HtmlOut& HtmlTable::cell() {
  const Column& column = columns_[column_++];
  if (column.is_number) return out_.open("td", {{"class", "n"}, {"data-title", column.title}});
  return out_.open("td", {{"data-title", column.title}});
}

void HtmlTable::cell(std::string_view text) {
  if (!text.empty()) {
    cell().text(text).close();
    return;
  }
  ++column_;
  out_.element("td", {}, {{"class", "nothing"}});
}

void balance_bar(HtmlOut& out, std::string_view title, const std::vector<ChartPart>& parts,
                 const ReportWords& words) {
  const std::uint64_t total = total_of(parts);
  out.open("figure");
  stacked(out, "balance", title, parts);
  out.open("figcaption");
  std::vector<ChartPart> told;
  for (const ChartPart& part : parts)
    told.push_back({words_of(part, total, words), part.count, part.tone});
  legend(out, told);
  out.close().close();
}

void small_bar(HtmlOut& out, const std::vector<ChartPart>& parts, const ReportWords& words) {
  const std::uint64_t total = total_of(parts);
  std::vector<std::string> told;
  for (const ChartPart& part : parts)
    if (part.count > 0) told.push_back(words_of(part, total, words));
  stacked(out, "small", joined(told), parts);
}

void bar_chart(HtmlOut& out, std::string_view title, const std::vector<Bar>& bars, Tone tone,
               const ReportWords& words, std::size_t limit) {
  std::uint64_t most = 1;
  for (const Bar& bar : bars) most = std::max(most, bar.count);
  out.open("ul", {{"class", "bars"}, {"aria-label", title}});
  for (std::size_t i = 0; i < std::min(bars.size(), limit); ++i) {
    const Bar& bar = bars[i];
    out.open("li").element("span", bar.label);
    out.open("svg", {{"viewBox", "0 0 1000 10"},
                     {"preserveAspectRatio", "none"},
                     {"aria-hidden", "true"}});  // the number beside it says the same
    const std::vector<std::uint64_t> edges = bar_edges({bar.count, most - bar.count}, kBarWidth);
    if (edges[1] > 0) rectangle(out, 0, edges[1], class_of(tone));
    out.close();
    out.element("span", bar.shown.empty() ? grouped(bar.count) : bar.shown, {{"class", "n"}});
    out.close();
  }
  out.close();
  if (bars.size() > limit)
    out.element("p", words.counted(Code::html_more, bars.size() - limit), {{"class", "more"}});
}

void trend_chart(HtmlOut& out, std::string_view title, const std::vector<TrendColumn>& columns,
                 std::uint64_t line, const std::vector<ChartPart>& parts) {
  __extension__ using Wide = unsigned __int128;  // a count times a height
  std::uint64_t top = std::max<std::uint64_t>(line, 1);
  for (const TrendColumn& column : columns) top = std::max(top, total_of(column.parts));
  const auto height = [top](std::uint64_t count) {
    return count == 0 ? 0
                      : std::max<std::uint64_t>(
                            static_cast<std::uint64_t>(Wide{count} * kTrendHeight / top), 1);
  };
  out.open("figure").open("svg", {{"class", "trend"},
                                  {"viewBox", "0 0 1000 200"},
                                  {"preserveAspectRatio", "none"},
                                  {"role", "img"}});
  out.element("title", title);
  const std::uint64_t step = kTrendWidth / std::max<std::uint64_t>(columns.size(), 1);
  const std::uint64_t width = std::clamp<std::uint64_t>(step - step / 5, 1, 120);
  const auto block = [&](std::uint64_t x, std::uint64_t y, std::uint64_t wide, std::uint64_t high,
                         std::string_view tone, std::string_view told) {
    const std::string at[] = {std::to_string(x), std::to_string(y), std::to_string(wide),
                              std::to_string(high)};
    out.open("rect",
             {{"class", tone}, {"x", at[0]}, {"y", at[1]}, {"width", at[2]}, {"height", at[3]}});
    if (!told.empty()) out.element("title", told);
    out.close();
  };
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::uint64_t x = i * kTrendWidth / columns.size();
    std::uint64_t below = 0;
    block(x, kTrendHeight - 1, width, 1, "back", columns[i].told);  // a day without anything
    for (const ChartPart& part : columns[i].parts) {
      const std::uint64_t high = std::min(height(part.count), kTrendHeight - below);
      if (high == 0) continue;
      below += high;
      block(x, kTrendHeight - below, width, high, class_of(part.tone), columns[i].told);
    }
  }
  if (line > 0) block(0, kTrendHeight - height(line), kTrendWidth, kTrendLine, "line", {});
  out.close();
  out.open("figcaption");
  if (!columns.empty()) {
    out.open("div", {{"class", "axis"}}).element("span", columns.front().label);
    if (columns.size() > 1) out.element("span", columns.back().label);
    out.close();
  }
  if (!parts.empty()) legend(out, parts);
  out.close();
  out.close();
}

std::vector<std::uint64_t> bar_edges(const std::vector<std::uint64_t>& counts,
                                     std::uint64_t width) {
  __extension__ using Wide = unsigned __int128;  // a count times a width
  Wide total = 0;
  std::uint64_t some = 0;
  for (const std::uint64_t count : counts) {
    total += count;
    some += count > 0 ? 1U : 0U;
  }
  // Each part that is there has one unit, and a share of what is left.
  std::vector<std::uint64_t> edges{0};
  const std::uint64_t shared = width > some ? width - some : 0;
  Wide before = 0;
  std::uint64_t units = 0;
  for (const std::uint64_t count : counts) {
    before += count;
    units += count > 0 ? 1U : 0U;
    const std::uint64_t share =
        total == 0 ? 0 : static_cast<std::uint64_t>(before * shared / total);
    edges.push_back(std::min(units + share, width));
  }
  return edges;
}

}  // namespace trama
