// `trama run` and `trama replay`

#include <csignal>
#include <iostream>
#include <optional>
#include <utility>

#include "base/stop_signal.h"
#include "cli/command_line.h"
#include "cli/inputs_from.h"
#include "cli/load.h"
#include "report/diagnostics_text.h"
#include "report/shown_text.h"
#include "run/rejects_source.h"

namespace trama {
namespace {

void on_signal(int signal) {
  stop_signal.store(signal);
}

/// SIGINT and SIGTERM end the run at the next block, or a read that waits; a second one ends the
/// program.
void watch_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of write(), told like any other
}

/// The inputs that --inputs-from names.
std::optional<Failure> add_named_inputs(RunOptions& options) {
  Result<void> read = read_input_names(options.inputs_from, options.inputs);
  if (!read.ok()) return std::move(read.failure());
  std::string problem = check_inputs(options);
  if (problem.empty()) return std::nullopt;
  return Failure{FailureCode::usage, {std::move(problem)}};
}

std::string words_of(const Failure& failure) {
  return std::string(name(failure.code)) + ": " + failure.message();
}

/// The errors of a mapping, one line each: "m.yaml:9:5: error[KEY_UNKNOWN]: …".
std::vector<std::string> errors_of(const Diagnostics& diagnostics, const Files& files) {
  std::vector<std::string> lines;
  for (const Diagnostic& d : diagnostics) {
    if (severity(d.code) != Severity::error) continue;
    std::string place = d.span.file < files.files.size() ? files.files[d.span.file].name : "";
    if (d.span.line > 0)
      place += ":" + std::to_string(d.span.line) + ":" + std::to_string(d.span.column);
    lines.push_back(place + ": error[" + std::string(name(d.code)) + "]: " + d.message());
  }
  return lines;
}

/// Leaves a summary that says why the run cannot begin.
int end_early(const LoadedMapping& loaded, const RunOptions& options, Exit exit,
              std::vector<std::string> endings) {
  RunFacts facts = facts_of(loaded.run, options);
  facts.mapping = loaded.mapping.name.text;
  facts.endings = std::move(endings);
  Result<void> written = summarize_early(loaded.run, options, std::move(facts), exit);
  if (written.ok() || written.failure().code == FailureCode::output_busy)
    return static_cast<int>(exit);
  show(std::cerr, "trama: " + words_of(written.failure()) + "\n");
  return static_cast<int>(written.failure().exit());
}

/// The same, and tells it.
int end_early(const LoadedMapping& loaded, const RunOptions& options, const Failure& why) {
  show(std::cerr, "trama: " + words_of(why) + "\n");
  return end_early(loaded, options, why.exit(), {words_of(why)});
}

}  // namespace

int run_command(const RunCommandOptions& options) {
  watch_signals();
  RunOptions run_options = options.run;
  LoadedMapping loaded = load_mapping(options.mapping, options.root);
  if (!loaded.diagnostics.empty()) show(std::cerr, render_text(loaded.diagnostics, loaded.files));
  loaded.run.files = files_of(loaded, options.mapping, options.root);
  if (!loaded.plan)
    return end_early(loaded, options.run, Exit::mapping,
                     errors_of(loaded.diagnostics, loaded.files));
  if (options.run.replay) {
    Result<void> fits = for_replay(*loaded.plan);
    if (!fits.ok()) return end_early(loaded, run_options, fits.failure());
  }
  if (!run_options.inputs_from.empty()) {
    if (const std::optional<Failure> failure = add_named_inputs(run_options))
      return end_early(loaded, run_options, *failure);
  }
  const RunEnd end = run(*loaded.plan, loaded.run, run_options, std::cerr);
  if (end.facts.exit == static_cast<int>(Exit::interrupted) ||
      end.facts.exit == static_cast<int>(Exit::terminated)) {
    show(std::cerr, "trama: interrupted; nothing was published\n");
    return end.facts.exit;
  }
  if (end.output_closed) {  // `| head` is no disaster: one quiet line
    show(std::cerr, "trama: the reader of the output closed it before the end\n");
    return end.facts.exit;
  }
  if (end.begun) {
    show(std::cerr, report_text(end.summary, end.facts));
    return end.facts.exit;
  }
  for (const std::string& ending : end.facts.endings) show(std::cerr, "trama: " + ending + "\n");
  return end.facts.exit;
}

}  // namespace trama
