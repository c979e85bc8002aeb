#include "engine/run_history.h"

#include <optional>

#include "base/phrase_codes.h"
#include "report/json_out.h"
#include "report/shown_text.h"
#include "state/state.h"

namespace trama {
namespace {

RunTold::Outcome told(RunOutcome outcome) noexcept {
  switch (outcome) {
    case RunOutcome::publishing:
      return RunTold::Outcome::publishing;
    case RunOutcome::published:
      return RunTold::Outcome::published;
    case RunOutcome::failed:
      return RunTold::Outcome::failed;
    case RunOutcome::known:
      return RunTold::Outcome::nothing_new;
  }
  return RunTold::Outcome::failed;
}

std::string line_of(const StateRun& run, const std::vector<StateFile>& files) {
  JsonOut json;
  json.open('{').key("run").text(run.run).key("mapping").text(run.mapping);
  json.key("outcome").text(word_of(run.outcome)).key("started").text(utc(run.started));
  json.key("finished").text(utc(run.finished));
  json.key("exit").number(static_cast<std::uint64_t>(run.exit)).key("output").text(run.output);
  json.key("files").open('[');
  for (const StateFile& file : files) {
    json.open('{').key("name").text(file.name).key("bytes").number(file.bytes);
    json.key("sha256").text(file.sha256).close('}');
  }
  json.close(']');
  std::string line = json.take() + R"(, "summary": )" + run.summary;
  while (line.ends_with('\n')) line.pop_back();
  return line + "}\n";
}

}  // namespace

Result<RunsReport> report_runs(const std::string& state, RunsReport::By by, std::int64_t since,
                               std::int64_t until) {
  TRAMA_TRY(const auto opened, State::open(state, Database::Use::read));
  RunsReport report;
  report.by = by;
  report.since = since;
  report.until = until;
  std::optional<Failure> wrong;
  TRAMA_TRY_VOID(opened->each_run(since, [&](const StateRun& run) {
    if (run.finished > until) return true;
    Result<SummaryRead> read = read_summary(run.summary, state);
    if (!read.ok()) {
      wrong = Failure{FailureCode::state_damaged,
                      {state, Phrase(PhraseCode::state_summary_wrong, {run.run})}};
      return false;
    }
    report.add({run.run, run.mapping, told(run.outcome), run.started, run.finished, run.exit},
               read.value());
    return true;
  }));
  if (wrong) return *wrong;
  const auto add = [&report, until](RunsReport::ServiceKind kind, const auto& one,
                                    const std::string& name,
                                    bool success) -> RunsReport::ServiceCounts* {
    if (one.finished > until) return nullptr;
    RunsReport::ServiceCounts& counts = report.services[{kind, name}];
    ++counts.runs;
    counts.failed += success ? 0U : 1U;
    counts.requests += one.requests;
    counts.retries += one.retries;
    counts.openings += one.opened ? 1U : 0U;
    if (success) counts.last_success = one.finished;
    return &counts;
  };
  TRAMA_TRY_VOID(opened->each_service(
      since,
      [&add](const StatePull& pull) {
        add(RunsReport::ServiceKind::source, pull, pull.source, pull.outcome != "failed");
      },
      [&add](const StatePush& push) {
        RunsReport::ServiceCounts* const counts =
            add(RunsReport::ServiceKind::target, push, push.target, push.outcome == "complete");
        if (counts == nullptr) return;
        counts->acknowledged += push.acknowledged;
        counts->sent += push.acknowledged + push.rejected;
      }));
  return report;
}

Result<void> export_runs(const std::string& state,
                         const std::function<Result<void>(const std::string&)>& line) {
  TRAMA_TRY(const auto opened, State::open(state, Database::Use::read));
  std::optional<Failure> wrong;
  const auto write = [&](const StateRun& run) -> Result<void> {
    TRAMA_TRY(const std::vector<StateFile> files, opened->files_of(run.number));
    return line(line_of(run, files));
  };
  TRAMA_TRY_VOID(opened->each_run(INT64_MIN, [&](const StateRun& run) {
    Result<void> written = write(run);
    if (!written.ok()) wrong = written.failure();
    return !wrong;
  }));
  if (wrong) return *wrong;
  return {};
}

Result<void> settle_run(const std::string& state, const std::string& run, bool published,
                        const StopFlag& stop) {
  TRAMA_TRY(const auto opened, State::open(state, Database::Use::write));
  TRAMA_TRY(const StateLock alone, StateLock::take(state, stop));
  TRAMA_TRY(const std::vector<UnsettledRun> found, opened->unsettled());
  for (const UnsettledRun& one : found)
    if (one.run == run)
      return published ? opened->end_publishing(one.number)
                       : opened->take_back(one.number, kKilledExit);
  return Failure{FailureCode::usage, {Phrase(PhraseCode::cli_state_no_run, {state, run})}};
}

}  // namespace trama
