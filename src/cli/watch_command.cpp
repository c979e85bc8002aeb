// `trama watch`: imports the files of a spool, one run each, in a process of its own, so that a file
// that brings it down fails alone.

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/folder.h"
#include "base/phrase_codes.h"
#include "base/retried.h"
#include "base/system_words.h"
#include "base/terminal_text.h"
#include "base/unnamed_file.h"
#include "cli/long_work.h"
#include "cli/mapping_run.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/load.h"
#include "engine/spool.h"
#include "report/diagnostics_text.h"
#include "report/run_words.h"
#include "report/shown_text.h"
#include "sink/format.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// Of a file whose run ended with what is not its fault (5, 75): then it counts as its fault.
constexpr int kMostTries = 3;
constexpr std::size_t kReasonBytes = std::size_t{1} << 20U;

/// What a run in a process of its own came to.
struct ChildEnd {
  int exit = 0;
  int signal = 0;       // that ended the process; 0: none
  std::string printed;  // on standard error
};

/// What a descriptor gives from its start on, as far as it is kept.
std::string text_of(int fd) {
  std::string text(kReasonBytes, '\0');
  std::size_t size = 0;
  for (ssize_t got = 1; got > 0 && size < text.size(); size += static_cast<std::size_t>(got))
    if ((got = retried([&] {
           return ::pread(fd, text.data() + size, text.size() - size, static_cast<off_t>(size));
         })) < 0)
      break;
  text.resize(size);
  return text;
}

/// Runs in a process of its own, which no signal of the terminal reaches: a run in hand is finished.
/// It could not begin: -1 as `exit`, an errno as `signal`, and what could not be used as `printed`.
ChildEnd run_apart(const MappingRunOptions& options, const std::string& command_line) {
  std::string folder = temporary_folder();
  const int printed = open_unnamed_file(folder);
  if (printed < 0) return {-1, errno, std::move(folder)};
  const pid_t child = ::fork();
  if (child < 0) {
    const int error = errno;
    ::close(printed);
    return {-1, error, std::move(folder)};
  }
  if (child == 0) {
    ::setpgid(0, 0);
    ::dup2(printed, STDERR_FILENO);
    std::_Exit(mapping_run(options, command_line));
  }
  int status = 0;
  ChildEnd end;
  if (retried([&] { return ::waitpid(child, &status, 0); }) < 0)
    end = {-1, errno, std::move(folder)};
  else
    end = {WIFEXITED(status) ? WEXITSTATUS(status) : 0, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
           text_of(printed)};
  ::close(printed);
  return end;
}

class WatchCommand final : public Subcommand {
 public:
  WatchCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("MAPPING", options_.mapping, help(PhraseCode::cli_run_mapping))
        ->required()
        ->type_name("");
    app.add_option("--spool", spool_, help(PhraseCode::cli_watch_spool))
        ->required()
        ->type_name("DIR");
    app.add_flag("--once", once_, help(PhraseCode::cli_watch_once));
    app.add_option("--every", every_, help(PhraseCode::cli_watch_every))->type_name("SECONDS");
    app.add_option("--pause-above", most_, help(PhraseCode::cli_watch_pause))->type_name("N");
    app.add_flag("--reports", reports_, help(PhraseCode::cli_watch_reports));
    add_mapping_run(app, options_, languages);
  }

  Phrase check() override {
    const RunOptions& run = options_.run;
    if (run.output == "-") return PhraseCode::cli_watch_output;
    if (const FormatSpec* format = format_of_output(run.output);
        format != nullptr && format->loads())
      return PhraseCode::watch_no_load;
    for (const auto& [stated, option] :
         {std::pair(!run.rejects.empty(), "--rejects"),
          std::pair(!run.rejects_csv.empty(), "--rejects-csv"),
          std::pair(!run.summary.empty(), "--summary"), std::pair(!run.report.empty(), "--report"),
          std::pair(run.dry_run, "--dry-run"), std::pair(run.again, "--again"),
          std::pair(!options_.at.empty(), "--at")})
      if (stated) return {PhraseCode::cli_watch_one_run, {option}};
    if (every_ == 0) return PhraseCode::cli_watch_every_zero;
    options_.run.inputs = {"/dev/null"};  // stands for the files that come
    folder_ = options_.run.output;
    while (folder_.size() > 1 && folder_.ends_with('/')) folder_.pop_back();
    options_.run.output = folder_ + "/rows";
    options_.progress = "never";
    return check_mapping_run(options_);
  }

  int run(const std::string& /*command_line*/) override {
    const StopFlag& stop = watch_signals();
    const LoadedMapping loaded = load_mapping(options_.mapping, options_.root);
    if (!loaded.diagnostics.empty())
      show(Screen::err, render_text(loaded.diagnostics, loaded.files, languages().screen));
    if (!loaded.plan) return static_cast<int>(Exit::mapping);
    if (loaded.plan->format->loads()) {
      show_line(languages().screen, PhraseCode::watch_no_load);
      return static_cast<int>(Exit::usage);
    }
    ending_ = "." + std::string(loaded.plan->format->name);
    Result<void> done = watch(stop);
    if (!done.ok()) return exit_of(done.failure(), languages().screen);
    return exit_;
  }

 private:
  Result<void> watch(const StopFlag& stop) {
    TRAMA_TRY(Spool spool, Spool::open(spool_));
    TRAMA_TRY_VOID(make_folder(folder_));
    while (stop.asked() == 0) {
      std::optional<SpoolFile> file;
      const bool full = is_full();
      if (full && !was_full_) tell({PhraseCode::cli_watch_full, {std::to_string(most_), folder_}});
      was_full_ = full;
      if (!full) {
        TRAMA_TRY(file, spool.next(milliseconds_now()));
      }
      bool go_on = true;
      if (file) {
        TRAMA_TRY(go_on, import(spool, *file));
      }
      if (file && go_on) continue;
      if (once_ || exit_ == static_cast<int>(Exit::mapping)) return {};
      file.reset();
      spool.wait(std::chrono::seconds(every_), stop);
    }
    return {};
  }

  /// Whether who takes the rows is behind.
  [[nodiscard]] bool is_full() const {
    if (most_ == 0) return false;
    std::vector<std::string> names;
    if (!names_in(folder_, names)) return false;  // the run says what is wrong with it
    std::size_t waiting = 0;
    for (const std::string& name : names) waiting += name.ends_with(ending_) ? 1U : 0U;
    return waiting >= most_;
  }

  /// False: something other than the file is wrong, so that it stays and the next would
  /// not do better.
  Result<bool> import(Spool& spool, const SpoolFile& file) {
    options_.run.inputs = {spool.path(file)};
    options_.run.output = folder_ + '/' + file.name() + ending_;
    if (reports_) options_.run.report = folder_ + '/' + file.name() + ".html";
    const ChildEnd end = run_apart(options_, command_again(file));
    if (end.exit < 0)
      return Failure{FailureCode::output_unwritable, {end.printed, system_words(end.signal)}};
    const auto exit = static_cast<Exit>(end.exit);
    using enum Exit;
    const bool elsewhere = exit == output || exit == temporary;
    const bool again = elsewhere && ++tries_[file.name()] < kMostTries;
    const bool imported =
        end.signal == 0 && (exit == ok || exit == rejected || exit == over_limits);
    if (imported) {
      TRAMA_TRY_VOID(spool.done(file));
    } else if (exit != mapping && !again && exit != interrupted && exit != terminated) {
      TRAMA_TRY_VOID(spool.failed(file, reasons(end)));
    }
    if (end.signal != 0 || end.exit != 0)
      exit_ = exit == mapping ? end.exit : static_cast<int>(rejected);
    const PhraseCode became = imported                   ? PhraseCode::cli_watch_done
                              : exit == mapping || again ? PhraseCode::cli_watch_stays
                                                         : PhraseCode::cli_watch_failed;
    tell({became,
          {file.name(), end.signal != 0
                            ? killed(end)
                            : Phrase(PhraseCode::cli_watch_exit, {std::to_string(end.exit)})}});
    if (exit == mapping || again) show(Screen::err, end.printed);
    if (!again) tries_.erase(file.name());
    return exit != mapping && !again;
  }

  /// What has the file imported again, wherever it has come to lie.
  [[nodiscard]] std::string command_again(const SpoolFile& file) const {
    return "mv " + file_word(spool_) + "/*/" + shell_word(file.name()) + ' ' +
           file_word(spool_ + "/new/");
  }
  void tell(const Phrase& phrase) const {
    show(Screen::err, say(languages().screen, phrase) + '\n');
  }
  static Phrase killed(const ChildEnd& end) {
    return {PhraseCode::cli_watch_signal, {std::to_string(end.signal)}};
  }
  [[nodiscard]] std::string reasons(const ChildEnd& end) const {
    if (end.signal == 0) return end.printed;
    return end.printed + say(languages().files, killed(end)) + '\n';
  }

  MappingRunOptions options_;
  std::string spool_;
  std::string folder_;  // where rows go
  std::string ending_;  // of their files
  bool once_ = false;
  bool reports_ = false;
  bool was_full_ = false;
  unsigned every_ = 5;
  std::size_t most_ = 0;  // files of rows that may wait; 0: any number
  std::map<std::string, int> tries_;
  int exit_ = 0;
};

}  // namespace

constinit const SubcommandSpec kWatchCommand{
    .name = "watch",
    .summary = PhraseCode::cli_watch_summary,
    .footer = PhraseCode::cli_watch_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<WatchCommand>(app, languages);
    },
};

}  // namespace trama
