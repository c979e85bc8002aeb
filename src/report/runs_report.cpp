#include "report/runs_report.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/phrase_codes.h"
#include "report/json_out.h"
#include "report/more.h"
#include "report/report_line.h"
#include "report/words.h"

namespace trama {
namespace {

constexpr std::size_t kDayCharacters = 10;
constexpr std::size_t kNameColumns = 30;
constexpr std::size_t kWhyCharacters = 160;

/// 0.4 s, 12.3 s, 3 min 20 s, 1 h 02 min.
std::string duration(std::int64_t millis) {
  std::array<char, 64> text{};
  const std::int64_t tenths = (std::max<std::int64_t>(millis, 0) + 50) / 100;
  const long long seconds = tenths / 10;
  if (seconds < 60)
    std::snprintf(text.data(), text.size(), "%lld.%lld s", seconds,
                  static_cast<long long>(tenths % 10));
  else if (seconds < 3600)
    std::snprintf(text.data(), text.size(), "%lld min %02lld s", seconds / 60, seconds % 60);
  else
    std::snprintf(text.data(), text.size(), "%lld h %02lld min", seconds / 3600, seconds / 60 % 60);
  return text.data();
}

std::string rejected_share(const RunsReport::Counts& counts) {
  if (counts.read == 0) return "-";
  return shown_percent(counts.rejected, counts.read, kRejectedTarget) + " %";
}

/// Of those that ended.
std::string success_share(const RunsReport::Counts& counts) {
  return rough_percent(counts.succeeded(), counts.runs - counts.publishing);
}

class RunsText {
 public:
  RunsText(const RunsReport& report, Language language) : report_(report), words_(language) {}

  std::string all() {
    const RunsReport::Counts& all = report_.all;
    line(words_(PhraseCode::runs_period, {utc_minute(report_.since), utc_minute(report_.until)}));
    if (all.runs == 0) {
      line(words_(PhraseCode::runs_none));
      return std::move(out_);
    }
    out_ += '\n';
    line("  " + outcomes());
    line("  " + records());
    if (all.read > 0)
      line("  " + words_(PhraseCode::runs_rejected, {rejected_share(all), kRejectedTarget}));
    if (report_.by != RunsReport::By::code) groups();
    codes();
    failures();
    out_ += more_.more(words_.language());
    return std::move(out_);
  }

 private:
  void line(const std::string& text) {
    ReportLine line;
    line.add(text).end(out_);
  }

  std::string outcomes() {
    const RunsReport::Counts& all = report_.all;
    std::vector<std::string> parts;
    const auto part = [&](PhraseCode code, std::uint64_t n) {
      if (n > 0) parts.push_back(words_.counted(code, n));
    };
    part(PhraseCode::runs_published, all.published);
    part(PhraseCode::runs_failed, all.failed);
    part(PhraseCode::runs_nothing_new, all.nothing_new);
    part(PhraseCode::runs_publishing, all.publishing);
    return words_(PhraseCode::runs_outcomes, {Phrase(PhraseCode::runs_runs, {grouped(all.runs)}),
                                              joined(parts), success_share(all)});
  }

  std::string records() {
    const RunsReport::Counts& all = report_.all;
    return words_(PhraseCode::runs_records,
                  {Phrase(PhraseCode::records, {grouped(all.read)}), grouped(all.written),
                   grouped(all.rejected), grouped(all.skipped), grouped(all.duplicates)});
  }

  void groups() {
    constexpr std::size_t kRuns = kNameColumns + 8;
    constexpr std::size_t kSucceeded = kRuns + 11;
    constexpr std::size_t kRead = kSucceeded + 15;
    constexpr std::size_t kRejected = kRead + 11;
    out_ += '\n';
    ReportLine head;
    head.add(words_(report_.by == RunsReport::By::day ? PhraseCode::runs_day
                                                      : PhraseCode::runs_mapping));
    head.right(words_(PhraseCode::runs_column_runs), kRuns);
    head.right(words_(PhraseCode::runs_succeeded), kSucceeded);
    head.right(words_(PhraseCode::runs_read), kRead);
    head.right(words_(PhraseCode::runs_rejected_head), kRejected);
    head.to(kRejected + 2).add(words_(PhraseCode::runs_last_success)).end(out_);
    for (const auto& [name, counts] : report_.groups) {
      ReportLine line;
      line.add(shortened(name, kNameColumns)).right(grouped(counts.runs), kRuns);
      line.right(success_share(counts), kSucceeded).right(grouped(counts.read), kRead);
      line.right(rejected_share(counts), kRejected);
      line.to(kRejected + 2);
      line.add(counts.last_success == 0 ? words_(PhraseCode::runs_never)
                                        : utc_minute(counts.last_success));
      line.end(out_);
      if (counts.slowest == 0) continue;
      line.add("    ").add(
          words_(PhraseCode::runs_slowest, {duration(counts.slowest), counts.slowest_run}));
      line.end(out_);
    }
  }

  /// The most frequent first.
  void codes() {
    if (report_.codes.empty()) return;
    using Entry = decltype(report_.codes)::value_type;
    std::vector<const Entry*> sorted;
    for (const Entry& entry : report_.codes) sorted.push_back(&entry);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) {
      return a->second.records > b->second.records;
    });
    constexpr std::size_t kCode = 24;
    constexpr std::size_t kRecords = kCode + 12;
    constexpr std::size_t kRuns = kRecords + 9;
    out_ += '\n';
    ReportLine head;
    head.add(words_(PhraseCode::runs_code));
    head.right(words_(PhraseCode::runs_column_records), kRecords);
    head.right(words_(PhraseCode::runs_column_runs), kRuns);
    head.to(kRuns + 2).add(words_(PhraseCode::runs_since));
    head.to(kRuns + 14).add(words_(PhraseCode::runs_mapping)).end(out_);
    for (const Entry* const entry : sorted) {
      const auto& [names, code] = *entry;
      ReportLine line;
      line.add(names.first).right(grouped(code.records), kRecords);
      line.right(grouped(code.runs), kRuns);
      line.to(kRuns + 2).add(utc(code.first).substr(0, kDayCharacters));
      line.to(kRuns + 14).add(shortened(names.second, kNameColumns)).end(out_);
      more_.add(names.first, code.records);
    }
  }

  void failures() {
    if (report_.failed.empty()) return;
    out_ += '\n';
    line(words_(PhraseCode::runs_last_failures));
    for (const RunsReport::Failed& one : report_.failed) {
      line("  " + words_(PhraseCode::runs_failure, {utc_minute(one.run.finished), one.run.mapping,
                                                    std::to_string(one.run.exit)}));
      if (!one.why.empty()) line("      " + shortened(one.why, kWhyCharacters));
    }
  }

  const RunsReport& report_;
  ReportWords words_;
  CodeCounts more_;
  std::string out_;
};

void write_counts(JsonOut& json, const RunsReport::Counts& counts) {
  json.key("runs").open('{').key("all").number(counts.runs);
  json.key("published").number(counts.published).key("failed").number(counts.failed);
  json.key("nothing_new").number(counts.nothing_new);
  json.key("publishing").number(counts.publishing).close('}');
  json.key("records").open('{').key("read").number(counts.read);
  json.key("written").number(counts.written).key("rejected").number(counts.rejected);
  json.key("skipped").number(counts.skipped);
  json.key("duplicates").number(counts.duplicates).close('}');
  json.key("rows").number(counts.rows);
  json.key("last_success");
  if (counts.last_success == 0)
    json.null();
  else
    json.text(utc(counts.last_success));
  json.key("slowest");
  if (counts.slowest_run.empty()) {
    json.null();
    return;
  }
  json.open('{').key("run").text(counts.slowest_run);
  json.key("milliseconds").signed_number(counts.slowest).close('}');
}

}  // namespace

void RunsReport::Counts::add(const RunTold& run, const Summary& summary) {
  using Outcome = RunTold::Outcome;
  ++runs;
  published += run.outcome == Outcome::published ? 1U : 0U;
  failed += run.outcome == Outcome::failed ? 1U : 0U;
  nothing_new += run.outcome == Outcome::nothing_new ? 1U : 0U;
  publishing += run.outcome == Outcome::publishing ? 1U : 0U;
  if (run.outcome == Outcome::nothing_new) last_success = std::max(last_success, run.finished);
  if (run.outcome != Outcome::published) return;
  last_success = std::max(last_success, run.finished);
  read += summary.read;
  written += summary.written;
  rejected += summary.rejected;
  skipped += summary.skipped;
  duplicates += summary.duplicates;
  rows += summary.rows;
  if (const std::int64_t took = run.finished - run.started; slowest_run.empty() || took > slowest) {
    slowest = took;
    slowest_run = run.run;
  }
}

void RunsReport::add(const RunTold& run, const SummaryRead& read) {
  all.add(run, read.summary);
  if (by != By::code) {
    const std::string day = utc(run.finished).substr(0, kDayCharacters);
    groups[by == By::day ? day : run.mapping].add(run, read.summary);
  }
  std::map<std::string, std::uint64_t> counts;
  for (const ListedError& error : listed_errors(read.summary, read.facts.names))
    counts[error.code] += error.tally.count;
  for (const auto& [code, records] : counts) {
    Code& known = codes[{code, run.mapping}];
    known.records += records;
    if (known.runs++ == 0) known.first = run.finished;
    known.last = run.finished;
  }
  if (run.outcome != RunTold::Outcome::failed) return;
  const std::vector<Phrase>& endings = read.facts.endings;
  failed.insert(failed.begin(), {run, endings.empty() ? "" : say(Language::en, endings.front())});
  if (failed.size() > kListedFailures) failed.pop_back();
}

std::string runs_report_text(const RunsReport& report, Language language) {
  return RunsText(report, language).all();
}

std::string runs_report_json(const RunsReport& report) {
  JsonOut json;
  json.open('{').key("since").text(utc(report.since)).key("until").text(utc(report.until));
  json.key("rejected_target_percent").text(kRejectedTarget);
  json.key("all").open('{');
  write_counts(json, report.all);
  json.close('}');
  if (report.by != RunsReport::By::code) {
    json.key(report.by == RunsReport::By::day ? "days" : "mappings").open('[');
    for (const auto& [name, counts] : report.groups) {
      json.open('{').key(report.by == RunsReport::By::day ? "day" : "mapping").text(name);
      write_counts(json, counts);
      json.close('}');
    }
    json.close(']');
  }
  json.key("codes").open('[');
  for (const auto& [names, code] : report.codes) {
    json.open('{').key("code").text(names.first).key("mapping").text(names.second);
    json.key("records").number(code.records).key("runs").number(code.runs);
    json.key("first").text(utc(code.first)).key("last").text(utc(code.last)).close('}');
  }
  json.close(']').key("failed").open('[');
  for (const RunsReport::Failed& one : report.failed) {
    json.open('{').key("run").text(one.run.run).key("mapping").text(one.run.mapping);
    json.key("finished").text(utc(one.run.finished));
    json.key("exit").number(static_cast<std::uint64_t>(one.run.exit));
    json.key("why").text(one.why).close('}');
  }
  json.close(']').close('}');
  return json.take() + '\n';
}

}  // namespace trama
