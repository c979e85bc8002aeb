// The runs of a while as a page: whether they are within the target, day by day, mapping by mapping,
// and why records were rejected.

#include <algorithm>
#include <string>
#include <vector>

#include "base/phrase_codes.h"
#include "report/html_page.h"
#include "report/runs_report.h"
#include "report/runs_words.h"
#include "report/shown_text.h"
#include "text/error_pages.h"

namespace trama {
namespace {

using Code = PhraseCode;
using Counts = RunsReport::Counts;

constexpr std::int64_t kDayMillis = 86'400'000;
constexpr std::size_t kMostDays = 92;  // that are told apart; of more the months
constexpr std::size_t kMonthCharacters = 7;
constexpr std::size_t kShownMappings = 500;
constexpr std::size_t kShownCodes = 100;

/// Records rejected of a million that were read, rounded up: 0 is none.
std::uint64_t per_million(const Balance& records) {
  __extension__ using Wide = unsigned __int128;
  if (records.read == 0) return 0;
  return static_cast<std::uint64_t>((Wide{records.rejected} * 1'000'000 + records.read - 1) /
                                    records.read);
}

class PageOfRuns {
 public:
  PageOfRuns(const RunsReport& report, Language language)
      : report_(report),
        page_(ReportWords(language)(Code::html_runs_title,
                                    {day_of(report.since), day_of(report.until)}),
              language),
        words_(page_.words()),
        out_(page_.out()) {}

  std::string write() {
    const Counts& all = report_.all;
    if (all.runs == 0) {
      page_.verdict(words_(Code::html_runs_none));
      if (!report_.services.empty()) services();
      return page_.end();
    }
    first_screen(all);
    std::vector<std::string> titles = {words_(title_of_days()), words_(Code::html_runs_by_mapping)};
    if (!report_.services.empty()) titles.push_back(words_(Code::html_runs_services));
    if (!report_.codes.empty()) titles.push_back(words_(Code::html_reasons));
    if (!report_.alerts.empty()) titles.push_back(words_(Code::html_to_look_at));
    if (!report_.failed.empty()) titles.push_back(words_(Code::runs_last_failures));
    page_.contents(titles);
    days();
    mappings();
    if (!report_.services.empty()) services();
    if (!report_.codes.empty()) codes(Code::html_reasons, Code::html_errors, report_.codes);
    if (!report_.alerts.empty()) codes(Code::html_to_look_at, Code::report_count, report_.alerts);
    if (!report_.failed.empty()) failures();
    return page_.end();
  }

 private:
  void first_screen(const Counts& all) {
    const bool missed = per_million(all) > kRejectedTargetPerMillion;
    std::string text = all.read == 0 ? words_(Code::html_runs_no_records)
                                     : words_(missed ? Code::html_runs_missed : Code::html_runs_met,
                                              {rejected_share(all), kRejectedTarget});
    text += ' ';
    text += all.failed == 0 ? words_(Code::html_runs_all_good)
                            : words_.counted(Code::html_runs_some_failed, all.failed);
    page_.verdict(text, missed ? Tone::bad : all.failed > 0 ? Tone::warning : Tone::good);
    page_.lead(outcome_words(all, words_));
    page_.lead(records_words(all, words_));
    if (all.read == 0) return;
    balance_bar(out_, words_(Code::html_balance, {grouped(all.read)}),
                {{words_(Code::html_written), all.written, Tone::good},
                 {words_(Code::html_rejected), all.rejected, Tone::bad},
                 {words_(Code::html_skipped), all.skipped, Tone::quiet},
                 {words_(Code::html_duplicates), all.duplicates, Tone::warning}},
                words_);
  }

  // ---- over time ----

  [[nodiscard]] bool by_month() const {
    return static_cast<std::size_t>((report_.until - report_.since) / kDayMillis) > kMostDays;
  }
  [[nodiscard]] Code title_of_days() const {
    return by_month() ? Code::html_runs_by_month : Code::html_runs_by_day;
  }

  struct Span {
    std::string label;
    Counts counts;
  };
  /// Those without a run too.
  [[nodiscard]] std::vector<Span> spans() const {
    std::vector<Span> spans;
    const bool months = by_month();
    std::int64_t at = report_.since;
    const std::string& first = report_.days.begin()->first;
    const std::string& last = report_.days.rbegin()->first;
    for (; at <= report_.until + kDayMillis; at += kDayMillis) {
      const std::string day = day_of(at);
      if (months && (day < first || day > last)) continue;
      if (day > day_of(report_.until)) break;
      const std::string label = months ? day.substr(0, kMonthCharacters) : day;
      if (spans.empty() || spans.back().label != label) spans.push_back({label, {}});
      const auto found = report_.days.find(day);
      if (found == report_.days.end()) continue;
      spans.back().counts.add(found->second);
    }
    return spans;
  }

  void days() {
    page_.section(words_(title_of_days()));
    const std::vector<Span> all = spans();
    const auto told = [this](const Span& span, const std::string& what) {
      return words_(Code::html_runs_told, {span.label, what});
    };
    std::vector<TrendColumn> runs;
    std::vector<TrendColumn> records;
    std::vector<TrendColumn> rates;
    std::uint64_t most_runs = 0;
    std::uint64_t most_records = 0;
    const Counts* highest = nullptr;
    for (const Span& span : all) {
      const Counts& c = span.counts;
      const std::string outcomes = c.runs == 0 ? "-" : outcome_words(c, words_);
      runs.push_back({span.label,
                      told(span, outcomes),
                      {{{}, c.published, Tone::good},
                       {{}, c.nothing_new, Tone::quiet},
                       {{}, c.publishing, Tone::warning},
                       {{}, c.failed, Tone::bad}}});
      records.push_back({span.label,
                         told(span, words_.counted(Code::report_read, c.read)),
                         {{{}, c.read, Tone::plain}}});
      const bool missed = per_million(c) > kRejectedTargetPerMillion;
      rates.push_back({span.label,
                       told(span, rejected_share(c)),
                       {{{}, per_million(c), missed ? Tone::bad : Tone::good}}});
      most_runs = std::max(most_runs, c.runs);
      most_records = std::max(most_records, c.read);
      if (highest == nullptr || per_million(c) > per_million(*highest)) highest = &c;
    }
    chart(words_(Code::html_runs_chart_runs, {grouped(most_runs)}), runs, 0,
          {{words_.counted(Code::runs_published, report_.all.published), report_.all.published,
            Tone::good},
           {words_.counted(Code::runs_nothing_new, report_.all.nothing_new),
            report_.all.nothing_new, Tone::quiet},
           {words_.counted(Code::runs_publishing, report_.all.publishing), report_.all.publishing,
            Tone::warning},
           {words_.counted(Code::runs_failed, report_.all.failed), report_.all.failed, Tone::bad}});
    chart(words_(Code::html_runs_chart_records, {grouped(most_records)}), records, 0);
    chart(words_(Code::html_runs_chart_rate, {rejected_share(*highest), kRejectedTarget}), rates,
          kRejectedTargetPerMillion);
    table("spans", all, by_month() ? Code::html_runs_month : Code::runs_day);
  }

  void chart(const std::string& title, const std::vector<TrendColumn>& columns, std::uint64_t line,
             const std::vector<ChartPart>& parts = {}) {
    out_.element("h3", title);
    trend_chart(out_, title, columns, line, parts);
  }

  void table(HtmlWord kind, const std::vector<Span>& spans, Code head) {
    HtmlTable table(out_, kind,
                    {{words_(head)},
                     {words_(Code::runs_column_runs), true},
                     {words_(Code::runs_succeeded), true},
                     {words_(Code::runs_read), true},
                     {words_(Code::html_rejected), true},
                     {words_(Code::html_runs_share), true},
                     {words_(Code::runs_last_success)},
                     {words_(Code::html_runs_slowest), true}},
                    kShownMappings);
    for (const Span& span : spans) {
      const Counts& c = span.counts;
      if (c.runs == 0 || !table.row()) continue;
      table.head().text(span.label).close();
      table.cell(grouped(c.runs));
      table.cell(success_share(c));
      table.cell(grouped(c.read));
      table.cell(grouped(c.rejected));
      table.cell(rejected_share(c));
      table.cell(c.last_success == 0 ? words_(Code::runs_never) : utc_minute(c.last_success));
      table.cell(c.slowest_run.empty() ? "" : duration_words(c.slowest));
    }
    table.end(words_);
  }

  // ---- the rest ----

  void mappings() {
    page_.section(words_(Code::html_runs_by_mapping));
    std::vector<Span> all;
    for (const auto& [name, counts] : report_.mappings) all.push_back({name, counts});
    table("spans", all, Code::runs_mapping);
  }

  void services() {
    page_.section(words_(Code::html_runs_services));
    HtmlTable table(out_, "list",
                    {{words_(Code::runs_service)},
                     {words_(Code::runs_column_runs), true},
                     {words_(Code::runs_column_failed), true},
                     {words_(Code::runs_asked_again), true},
                     {words_(Code::runs_openings), true},
                     {words_(Code::runs_acknowledged), true},
                     {words_(Code::runs_last_success)}},
                    kShownMappings);
    for (const auto& [name, counts] : report_.services) {
      if (!table.row()) continue;
      table.head().text(kind_words(name.first, words_) + ' ' + name.second).close();
      table.cell(grouped(counts.runs));
      table.cell(grouped(counts.failed));
      table.cell(retried_share(counts));
      table.cell(grouped(counts.openings));
      table.cell(acknowledged_share(counts));
      table.cell(counts.last_success == 0 ? words_(Code::runs_never)
                                          : utc_minute(counts.last_success));
    }
    table.end(words_);
    out_.element("p", words_(Code::runs_service_targets, {kRetriedTarget, kAcknowledgedTarget}));
  }

  void codes(Code title, Code count, const RunsReport::Codes& codes) {
    page_.section(words_(title));
    const std::vector<ErrorPage> pages = error_pages(words_.language());
    HtmlTable table(out_, "list",
                    {{words_(Code::html_reason)},
                     {words_(Code::runs_mapping)},
                     {words_(count), true},
                     {words_(Code::runs_column_runs), true},
                     {words_(Code::runs_since), true},
                     {words_(Code::html_runs_last), true}},
                    kShownCodes);
    for (const auto* const entry : frequent_first(codes)) {
      if (!table.row()) continue;
      const auto& [names, code] = *entry;
      table.head().text(meaning_of(names.first, pages)).text(" ").open("small");
      out_.element("code", names.first).close().close();
      table.cell(names.second);
      table.cell(grouped(code.records));
      table.cell(grouped(code.runs));
      table.cell(day_of(code.first));
      table.cell(day_of(code.last));
    }
    table.end(words_);
  }

  void failures() {
    page_.section(words_(Code::runs_last_failures));
    HtmlTable table(out_, "list",
                    {{words_(Code::html_runs_when)},
                     {words_(Code::runs_mapping)},
                     {words_(Code::html_runs_exit), true},
                     {words_(Code::html_runs_why)}});
    for (const RunsReport::Failed& one : report_.failed) {
      table.row();
      table.head().text(utc_minute(one.run.finished)).close();
      table.cell(one.run.mapping);
      table.cell(std::to_string(one.run.exit));
      table.cell(one.why);
    }
    table.end(words_);
  }

  const RunsReport& report_;
  HtmlPage page_;
  const ReportWords& words_;
  HtmlOut& out_;
};

}  // namespace

std::string runs_report_html(const RunsReport& report, Language language) {
  return PageOfRuns(report, language).write();
}

}  // namespace trama
