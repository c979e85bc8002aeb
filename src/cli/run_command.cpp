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

}  // namespace

int run_command(const RunCommandOptions& options) {
  LoadedMapping loaded = load_mapping(options.mapping, options.root);
  if (!loaded.diagnostics.empty()) show(std::cerr, render_text(loaded.diagnostics, loaded.files));
  if (!loaded.plan) return static_cast<int>(Exit::mapping);
  if (options.run.replay) {
    Result<void> fits = for_replay(*loaded.plan);
    if (!fits.ok()) {
      const Failure& refused = fits.failure();
      show(std::cerr, "trama: " + std::string(name(refused.code)) + ": " + refused.message() + "\n");
      return static_cast<int>(refused.exit());
    }
  }
  loaded.run.files = files_of(loaded, options.mapping, options.root);
  watch_signals();
  RunOptions run_options = options.run;
  if (!run_options.inputs_from.empty()) {
    if (std::optional<Failure> failure = add_named_inputs(run_options)) {
      std::cerr << "trama: " << name(failure->code) << ": " << failure->message() << '\n';
      return static_cast<int>(failure->exit());
    }
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
