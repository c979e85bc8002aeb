#include "cli/mapping_run.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "base/retried.h"
#include "base/terminal_text.h"
#include "cli/inputs_from.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/process.h"
#include "engine/load.h"
#include "engine/mapping_profile.h"
#include "load/destination.h"
#include "report/diagnostics_text.h"
#include "report/event_log.h"
#include "report/words.h"
#include "run/memory_shares.h"
#include "run/rejects_source.h"
#include "run/run_facts.h"
#include "sink/format.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// Runs, and draws how far it is.
RunEnd run_drawn(const LoadedMapping& loaded, const RunOptions& options, bool draws) {
  if (!draws) return run(*loaded.plan, loaded.run, options);
  ProgressLine line(options.languages.screen);
  RunOptions drawn = options;
  drawn.progress = [&line](const RunProgress& at) { line.draw(at); };
  return run(*loaded.plan, loaded.run, drawn);
}

/// What else holds for the inputs once all their names are known;
/// a sentence, empty where all is well.
Phrase check_inputs(const RunOptions& run) {
  return check_standard_input(run.inputs, run.inputs_from == "-");
}

/// The inputs that --inputs-from names.
std::optional<Failure> add_named_inputs(RunOptions& options) {
  Result<void> read = read_input_names(options.inputs_from, options.inputs);
  if (!read.ok()) return std::move(read.failure());
  Phrase problem = check_inputs(options);
  if (problem.empty()) return std::nullopt;
  return Failure{FailureCode::usage, {std::move(problem)}};
}

/// What a run has to say at its end.
void tell(const RunEnd& end, const std::string& format, Language language) {
  if (format == "json") {
    show(Screen::err, end_events(end.summary, end.facts, language));
    return;
  }
  const auto exit = static_cast<Exit>(end.facts.exit);
  if (exit == Exit::interrupted || exit == Exit::terminated) {
    show_line(language, PhraseCode::cli_interrupted);
  } else if (end.output_closed) {  // `| head` is no disaster: one quiet line
    show_line(language, PhraseCode::cli_output_closed);
  } else if (end.begun) {
    show(Screen::err, report_text(end.summary, end.facts, language));
  } else {
    for (const Phrase& ending : end.facts.endings) show_line(language, ending);
  }
}

/// The errors of a mapping, one line each: "m.yaml:9:5: error[KEY_UNKNOWN]: …".
std::vector<Phrase> errors_of(const Diagnostics& diagnostics, const Files& files,
                              Language language) {
  std::vector<Phrase> lines;
  for (const Diagnostic& d : diagnostics) {
    if (severity(d.code) != Severity::error) continue;
    std::string place = d.span.file < files.files.size() ? files.files[d.span.file].name : "";
    if (d.span.line > 0)
      place += ":" + std::to_string(d.span.line) + ":" + std::to_string(d.span.column);
    lines.push_back(Phrase::several(
        {place, ": ", PhraseCode::report_error_word, "[", name(d.code), "]: ", say(language, d)}));
  }
  return lines;
}

/// Leaves a summary that says why the run cannot begin, which is told already but for a log.
int end_early(const LoadedMapping& loaded, const MappingRunOptions& options,
              const RunOptions& run_options, Exit exit, std::vector<Phrase> endings) {
  RunFacts facts = facts_of(loaded.run, run_options);
  facts.mapping = loaded.mapping.name.text;
  facts.endings = std::move(endings);
  Result<void> written = summarize_early(loaded.run, run_options, facts, exit);
  const bool failed = !written.ok() && written.failure().code != FailureCode::output_busy;
  if (failed) exit = written.failure().exit();
  if (options.log_format == "json") {
    if (failed) facts.endings.push_back(words_of(written.failure()));
    facts.exit = static_cast<int>(exit);
    facts.finished = run_options.clock();
    show(Screen::err, end_events({}, facts, run_options.languages.screen));
  } else if (failed) {
    show_line(run_options.languages.screen, words_of(written.failure()));
  }
  return static_cast<int>(exit);
}

/// The same, and tells it.
int end_early(const LoadedMapping& loaded, const MappingRunOptions& options,
              const RunOptions& run_options, const Failure& why) {
  if (options.log_format != "json") show_line(run_options.languages.screen, words_of(why));
  return end_early(loaded, options, run_options, why.exit(), {words_of(why)});
}

}  // namespace

/// Whether the file is a database of SQLite, by its first bytes (SQLite, "Database File Format", 1.3).
static bool is_database(const std::string& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    return false;  // a pipe is not to be touched
  char first[kMagic.size()];
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const ssize_t got = retried([&] { return ::read(fd, first, sizeof(first)); });
  ::close(fd);
  return std::string_view(first, got < 0 ? 0 : static_cast<std::size_t>(got)) == kMagic;
}

/// A file that is called like a workbook and is none is opened by nothing.
static Phrase check_ending(const std::string& output, std::string_view format) {
  const std::size_t dot = output.rfind('.');
  if (dot == std::string::npos) return {};
  std::string ending = output.substr(dot + 1);
  for (char& c : ending) c = small_letter(c);
  for (const std::string_view workbook : {"xlsm", "xls", "ods"})
    if (ending == workbook)
      return {PhraseCode::cli_spreadsheet,
              {output, ending, format, output.substr(0, dot + 1) + std::string(format)}};
  return {};
}

/// What rows in that format cannot be written to.
static Phrase check_destination(const RunOptions& run, const FormatSpec& format) {
  const std::string& output = run.output;
  if (format.loads()) {
    Destination destination;
    return read_destination(output, format, destination);
  }
  if (run.again && run.state.empty()) return PhraseCode::cli_again_alone;
  if (output != "-" && is_database(output)) return {PhraseCode::load_scheme, {output}};
  return check_ending(output, format.name);
}

void add_mapping_run(OptionParser& app, MappingRunOptions& options, Languages languages) {
  const Help help(languages);
  options.run.languages = languages;
  app.add_option("-o,--output", options.run.output, help(PhraseCode::cli_output))
      ->type_name("FILE");
  app.add_option("--rejects", options.run.rejects, help(PhraseCode::cli_rejects))
      ->type_name("FILE");
  app.add_option("--rejects-csv", options.run.rejects_csv, help(PhraseCode::cli_rejects_csv))
      ->type_name("FILE");
  app.add_flag("--rejects-without-personal", options.run.rejects_without_personal,
               help(PhraseCode::cli_without_personal));
  app.add_flag("--rejects-ok", options.run.rejects_ok, help(PhraseCode::cli_rejects_ok));
  app.add_option("--summary", options.run.summary, help(PhraseCode::cli_summary))
      ->type_name("FILE");
  app.add_option("--report", options.run.report, help(PhraseCode::cli_report_page))
      ->type_name("FILE");
  app.add_option("--metrics", options.run.metrics, help(PhraseCode::cli_metrics))
      ->type_name("FILE");
  app.add_option("--state", options.run.state, help(PhraseCode::cli_state))->type_name("FILE");
  app.add_flag("--again", options.run.again, help(PhraseCode::cli_again));
  app.add_flag("--dry-run", options.run.dry_run, help(PhraseCode::cli_dry_run));
  app.add_option("--threads", options.run.threads, help(PhraseCode::cli_threads))->type_name("N");
  app.add_option("--at", options.at, help(PhraseCode::cli_at))->type_name("TIME");
  app.add_option("--max-record", options.max_record, help(PhraseCode::cli_max_record))
      ->type_name("SIZE");
  add_memory(app, options.memory, help);
  add_progress(app, options.progress, help);
  app.add_option("--log-format", options.log_format, help(PhraseCode::cli_log_format))
      ->check(one_of({"text", "json"}, help))
      ->type_name("");
  app.add_option("--root", options.root, help(PhraseCode::cli_root))->type_name("DIR");
}

/// --memory and --max-record. A record that is allowed to be large needs memory, and there is more
/// of it unless it was stated too.
static Phrase check_sizes(MappingRunOptions& options) {
  RunOptions& run = options.run;
  if (Phrase problem = read_memory(options.memory, run.memory_bytes); !problem.empty())
    return problem;
  if (options.max_record.empty()) {
    run.max_record_bytes = std::min(kMaxRecordBytes, record_share(run.memory_bytes));
    return {};
  }
  constexpr std::uint64_t kMost = std::uint64_t{4} << 30U;  // one document of simdjson
  std::uint64_t record = 0;
  if (!read_size(options.max_record, kMost, record))
    return {PhraseCode::cli_bad_size, {"--max-record", options.max_record, "4G"}};
  run.max_record_bytes = static_cast<std::size_t>(record);
  const std::size_t needed = memory_for_record(run.max_record_bytes);
  if (needed <= run.memory_bytes) return {};
  if (!options.memory.empty())
    return {PhraseCode::cli_record_memory,
            {options.max_record, options.memory, memory_words(needed)}};
  run.memory_bytes = needed;
  return {};
}

/// What --state cannot go with: rows that cannot be taken back, and half an input.
static Phrase check_state(const RunOptions& run) {
  if (run.state.empty()) return {};
  if (is_stream(run.output)) return PhraseCode::cli_state_output;
  return run.limit != UINT64_MAX ? Phrase(PhraseCode::cli_state_whole) : Phrase();
}

Phrase check_mapping_run(MappingRunOptions& options) {
  if (Phrase problem = check_state(options.run); !problem.empty()) return problem;
  if (Phrase problem = check_inputs(options.run); !problem.empty()) return problem;
  if (Phrase problem = read_at(options.at, options.run.now); !problem.empty()) return problem;
  if (Phrase problem = check_sizes(options); !problem.empty()) return problem;
  options.draws_progress =
      options.log_format != "json" &&
      (options.progress == "always" || (options.progress == "auto" && is_terminal(Screen::err)));
  return {};
}

int mapping_run(const MappingRunOptions& options, const std::string& command_line) {
  const StopFlag& stop = watch_signals();
  RunOptions run_options = options.run;
  run_options.command = command_line;
  run_options.stop = &stop;
  LoadedMapping loaded =
      load_mapping_for(run_options.output, options.mapping, options.root, run_options.memory_bytes);
  const Language language = run_options.languages.screen;
  const bool log = options.log_format == "json";
  if (!loaded.diagnostics.empty() && !log)
    show(Screen::err, render_text(loaded.diagnostics, loaded.files, language));
  loaded.run.files = files_of(loaded, options.mapping, options.root);
  if (!loaded.plan)
    return end_early(loaded, options, run_options, Exit::mapping,
                     errors_of(loaded.diagnostics, loaded.files, run_options.languages.files));
  if (Phrase wrong = check_destination(run_options, *loaded.plan->format); !wrong.empty()) {
    if (!log) show_line(language, wrong);
    return end_early(loaded, options, run_options, Exit::usage, {wrong});
  }
  if (run_options.replay) {
    Result<void> fits = for_replay(*loaded.plan);
    if (!fits.ok()) return end_early(loaded, options, run_options, fits.failure());
  }
  if (!run_options.inputs_from.empty()) {
    if (const std::optional<Failure> failure = add_named_inputs(run_options))
      return end_early(loaded, options, run_options, *failure);
  }
  if (!run_options.replay) {
    Result<void> put = put_pages(run_options.inputs);
    if (!put.ok()) return end_early(loaded, options, run_options, put.failure());
  }
  DriftWatch drift;
  if (!options.drift.empty()) {
    Result<DriftWatch> watch =
        watch_drift(options.mapping, *loaded.plan,
                    keeping_command(run_options.inputs.empty() ? "-" : run_options.inputs.front(),
                                    options.mapping));
    if (!watch.ok()) return end_early(loaded, options, run_options, watch.failure());
    loaded.run.files.push_back(profile_file_of(options.mapping));
    drift = std::move(watch.value());
    drift.stops = options.drift == "stop";
    run_options.drift = &drift;
  }
  if (log) {
    RunFacts begun = facts_of(loaded.run, run_options);
    begun.mapping = loaded.mapping.name.text;
    show(Screen::err, begin_event(begun));
  }
  const RunEnd end = run_drawn(loaded, run_options, options.draws_progress);
  try {
    tell(end, options.log_format, language);
  } catch (const std::bad_alloc&) {  // what was published stays published, and its exit what it is
    (void)tell_no_memory();
  }
  return end.facts.exit;
}

}  // namespace trama
