#include "report/runs_report.h"

#include <algorithm>

#include "base/phrase_codes.h"
#include "report/json_out.h"
#include "report/more.h"
#include "report/report_line.h"
#include "report/row_table.h"
#include "report/runs_words.h"
#include "report/words.h"

namespace trama {
namespace {

constexpr std::size_t kNameColumns = 30;
constexpr std::size_t kWhyCharacters = 160;

class RunsText {
 public:
  RunsText(const RunsReport& report, Language language) : report_(report), words_(language) {}

  std::string all() {
    const RunsReport::Counts& all = report_.all;
    line(words_(PhraseCode::runs_period, {utc_minute(report_.since), utc_minute(report_.until)}));
    if (all.runs == 0) {
      line(words_(PhraseCode::runs_none));
      services();
      return std::move(out_);
    }
    out_ += '\n';
    line("  " + outcome_words(all, words_));
    line("  " + records_words(all, words_));
    if (all.read > 0)
      line("  " + words_(PhraseCode::runs_rejected, {rejected_share(all), kRejectedTarget}));
    if (report_.by != RunsReport::By::code) groups();
    services();
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
    for (const auto& [name, counts] : report_.groups()) {
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
          words_(PhraseCode::runs_slowest, {duration_words(counts.slowest), counts.slowest_run}));
      line.end(out_);
    }
  }

  void services() {
    if (report_.services.empty()) return;
    constexpr std::size_t kRuns = kNameColumns + 8;
    constexpr std::size_t kFailed = kRuns + 9;
    constexpr std::size_t kAgain = kFailed + 12;
    constexpr std::size_t kOpenings = kAgain + 10;
    constexpr std::size_t kAcknowledged = kOpenings + 14;
    out_ += '\n';
    ReportLine head;
    head.add(words_(PhraseCode::runs_service));
    head.right(words_(PhraseCode::runs_column_runs), kRuns);
    head.right(words_(PhraseCode::runs_column_failed), kFailed);
    head.right(words_(PhraseCode::runs_asked_again), kAgain);
    head.right(words_(PhraseCode::runs_openings), kOpenings);
    head.right(words_(PhraseCode::runs_acknowledged), kAcknowledged).end(out_);
    for (const auto& [name, counts] : report_.services) {
      ReportLine line;
      line.add(shortened(kind_words(name.first, words_) + ' ' + name.second, kNameColumns));
      line.right(grouped(counts.runs), kRuns).right(grouped(counts.failed), kFailed);
      line.right(retried_share(counts), kAgain).right(grouped(counts.openings), kOpenings);
      line.right(acknowledged_share(counts), kAcknowledged).end(out_);
    }
    const std::string targets =
        words_(PhraseCode::runs_service_targets, {kRetriedTarget, kAcknowledgedTarget});
    for (const std::string& part : wrap_words(targets, kReportColumns - 2)) line("  " + part);
  }

  /// The most frequent first.
  void codes() {
    if (report_.codes.empty() && report_.alerts.empty()) return;
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
    const auto add = [&](const RunsReport::Codes::value_type& entry, const std::string& records) {
      const auto& [names, code] = entry;
      ReportLine line;
      line.add(names.first).right(records, kRecords);
      line.right(grouped(code.runs), kRuns);
      line.to(kRuns + 2).add(day_of(code.first));
      line.to(kRuns + 14).add(shortened(names.second, kNameColumns)).end(out_);
      more_.add(names.first, code.records);
    };
    for (const auto* const entry : frequent_first(report_.codes))
      add(*entry, grouped(entry->second.records));
    for (const auto* const entry : frequent_first(report_.alerts)) add(*entry, "-");
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

void RunsReport::Counts::add(const RunTold& run, const Balance& records) {
  using Outcome = RunTold::Outcome;
  ++runs;
  published += run.outcome == Outcome::published ? 1U : 0U;
  failed += run.outcome == Outcome::failed ? 1U : 0U;
  nothing_new += run.outcome == Outcome::nothing_new ? 1U : 0U;
  publishing += run.outcome == Outcome::publishing ? 1U : 0U;
  if (run.outcome == Outcome::nothing_new) last_success = std::max(last_success, run.finished);
  if (run.outcome != Outcome::published) return;
  last_success = std::max(last_success, run.finished);
  *this += records;
  if (const std::int64_t took = run.finished - run.started; slowest_run.empty() || took > slowest) {
    slowest = took;
    slowest_run = run.run;
  }
}

void RunsReport::Counts::add(const Counts& later) {
  *this += later;
  runs += later.runs;
  published += later.published;
  failed += later.failed;
  nothing_new += later.nothing_new;
  publishing += later.publishing;
  last_success = std::max(last_success, later.last_success);
  if (slowest_run.empty() || later.slowest > slowest) {
    slowest = later.slowest;
    slowest_run = later.slowest_run;
  }
}

void RunsReport::Code::add(std::uint64_t more, std::int64_t finished) {
  records += more;
  if (runs++ == 0) first = finished;
  last = finished;
}

void RunsReport::add(const RunTold& run, const SummaryRead& read) {
  all.add(run, read.summary);
  mappings[run.mapping].add(run, read.summary);
  days[day_of(run.finished)].add(run, read.summary);
  std::map<std::string, std::uint64_t> counts;
  for (const ListedError& error : listed_errors(read.summary, read.facts.names))
    counts[error.code] += error.tally.count;
  for (const auto& [code, records] : counts) {
    codes[{code, run.mapping}].add(records, run.finished);
  }
  counts.clear();
  for (const Alert& alert : read.facts.alerts) ++counts[std::string(name(alert.code))];
  for (const auto& [code, times] : counts) alerts[{code, run.mapping}].add(times, run.finished);
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
    for (const auto& [name, counts] : report.groups()) {
      json.open('{').key(report.by == RunsReport::By::day ? "day" : "mapping").text(name);
      write_counts(json, counts);
      json.close('}');
    }
    json.close(']');
  }
  json.key("services").open('[');
  for (const auto& [name, counts] : report.services) {
    const bool is_target = name.first == RunsReport::ServiceKind::target;
    json.open('{').key("kind").text(is_target ? "target" : "source").key("name").text(name.second);
    json.key("runs").number(counts.runs).key("failed").number(counts.failed);
    json.key("requests").number(counts.requests).key("retries").number(counts.retries);
    json.key("breaker_openings").number(counts.openings);
    json.key("last_success");
    counts.last_success == 0 ? json.null() : json.text(utc(counts.last_success));
    if (is_target)
      json.key("rows_sent")
          .number(counts.sent)
          .key("rows_acknowledged")
          .number(counts.acknowledged);
    json.close('}');
  }
  json.close(']').key("codes").open('[');
  for (const auto& [names, code] : report.codes) {
    json.open('{').key("code").text(names.first).key("mapping").text(names.second);
    json.key("records").number(code.records).key("runs").number(code.runs);
    json.key("first").text(utc(code.first)).key("last").text(utc(code.last)).close('}');
  }
  json.close(']').key("alerts").open('[');
  for (const auto& [names, alert] : report.alerts) {
    json.open('{').key("code").text(names.first).key("mapping").text(names.second);
    json.key("alerts").number(alert.records).key("runs").number(alert.runs);
    json.key("first").text(utc(alert.first)).key("last").text(utc(alert.last)).close('}');
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
