#include "cli/mapping_run.h"

#include <unistd.h>

#include <csignal>
#include <iostream>
#include <optional>
#include <utility>

#include "base/stop_signal.h"
#include "cli/inputs_from.h"
#include "cli/option_words.h"
#include "engine/load.h"
#include "report/diagnostics_text.h"
#include "report/shown_text.h"
#include "run/rejects_source.h"
#include "text/catalogue.h"

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

/// "20M" as bytes: a count with K, M or G (powers of 1024).
bool read_bytes(const std::string& text, std::size_t& out) {
  std::size_t digits = 0;
  std::uint64_t n = 0;
  while (digits < text.size() && digits < 12 && text[digits] >= '0' && text[digits] <= '9')
    n = n * 10 + static_cast<std::uint64_t>(text[digits++] - '0');
  std::string unit = text.substr(digits);
  if (!unit.empty() && (unit.back() == 'B' || unit.back() == 'b')) unit.pop_back();
  const std::uint64_t factor = unit.empty()                  ? 1
                               : unit == "K" || unit == "Ki" ? 1U << 10U
                               : unit == "M" || unit == "Mi" ? 1U << 20U
                               : unit == "G" || unit == "Gi" ? 1U << 30U
                                                             : 0;
  constexpr std::uint64_t kMost = std::uint64_t{4} << 30U;  // one document of simdjson
  if (digits == 0 || factor == 0 || n == 0 || n > kMost / factor) return false;
  out = static_cast<std::size_t>(n * factor);
  return true;
}

/// What else holds for the inputs once all their names are known; a sentence, empty where all is
/// well.
std::string check_inputs(const RunOptions& run) {
  std::size_t standard = run.inputs_from == "-" ? 1U : 0U;
  for (const std::string& input : run.inputs) standard += input == "-" ? 1U : 0U;
  if (standard > 1) return "standard input can be read only once";
  if (standard == 1 && ::isatty(STDIN_FILENO) != 0)
    return "standard input is a terminal: name a file, or pipe one in";
  return {};
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
  return std::string(name(failure.code)) + ": " + say(Language::en, failure);
}

/// The errors of a mapping, one line each: "m.yaml:9:5: error[KEY_UNKNOWN]: …".
std::vector<std::string> errors_of(const Diagnostics& diagnostics, const Files& files) {
  std::vector<std::string> lines;
  for (const Diagnostic& d : diagnostics) {
    if (severity(d.code) != Severity::error) continue;
    std::string place = d.span.file < files.files.size() ? files.files[d.span.file].name : "";
    if (d.span.line > 0)
      place += ":" + std::to_string(d.span.line) + ":" + std::to_string(d.span.column);
    lines.push_back(place + ": error[" + std::string(name(d.code)) + "]: " + say(Language::en, d));
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

void add_mapping_run(CLI::App& app, MappingRunOptions& options) {
  app.add_option("-o,--output", options.run.output, "where rows go; - is standard output")
      ->type_name("FILE");
  app.add_option("--rejects", options.run.rejects, "where rejected records go")->type_name("FILE");
  app.add_flag("--rejects-without-personal", options.run.rejects_without_personal,
               "hide personal columns in rejects too");
  app.add_flag("--rejects-ok", options.run.rejects_ok,
               "rejected records within the limits: exit 0, not 1");
  app.add_option("--summary", options.run.summary, "write what was counted, as JSON")
      ->type_name("FILE");
  app.add_flag("--dry-run", options.run.dry_run, "do everything but write files");
  app.add_option("--threads", options.run.threads, "worker threads; 0: one for each processor")
      ->type_name("N");
  app.add_option("--at", options.at,
                 "the instant that `today` and the run id mean (2025-03-04T06:00:00Z)")
      ->type_name("TIME");
  app.add_option("--max-record", options.max_record,
                 "bytes that a record may have, such as 64M (16M)")
      ->type_name("SIZE");
  app.add_option("--progress", options.progress, "auto, always or never")
      ->check(one_of({"auto", "always", "never"}))
      ->type_name("");
  app.add_option("--root", options.root, "how far tables may be away from the mapping")
      ->type_name("DIR");
}

std::string check_mapping_run(MappingRunOptions& options) {
  if (std::string problem = check_inputs(options.run); !problem.empty()) return problem;
  if (std::string problem = read_at(options.at, options.run.now); !problem.empty()) return problem;
  if (!options.max_record.empty() && !read_bytes(options.max_record, options.run.max_record_bytes))
    return "--max-record " + options.max_record + ": a size such as 64M, at most 4G";
  const bool screen = ::isatty(STDERR_FILENO) != 0 && options.progress == "auto";
  options.run.progress =
      options.progress == "always" || screen ? Progress::always : Progress::never;
  return {};
}

int mapping_run(const MappingRunOptions& options, const std::string& command_line) {
  watch_signals();
  RunOptions run_options = options.run;
  run_options.command = command_line;
  LoadedMapping loaded = load_mapping(options.mapping, options.root);
  if (!loaded.diagnostics.empty()) show(std::cerr, render_text(loaded.diagnostics, loaded.files));
  loaded.run.files = files_of(loaded, options.mapping, options.root);
  if (!loaded.plan)
    return end_early(loaded, run_options, Exit::mapping,
                     errors_of(loaded.diagnostics, loaded.files));
  if (run_options.replay) {
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
