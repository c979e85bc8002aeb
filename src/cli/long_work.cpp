#include "cli/long_work.h"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <utility>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// Of the program: its signals end its run. A library has no such thing; each run is told its own.
StopFlag interrupted;

void on_signal(int signal) {
  interrupted.ask(signal);
}

}  // namespace

const StopFlag& watch_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction before{};
  const bool hangs_up = sigaction(SIGHUP, nullptr, &before) != 0 || before.sa_handler != SIG_IGN;
  if (hangs_up) sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of write(), told like any other
  return interrupted;
}

void ProgressLine::draw(const RunProgress& at) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(line_.is_drawn() ? 250 : 1000)) return;
  last_ = now;
  constexpr std::uint64_t kMega = 1000000;
  std::vector<Phrase> values = {std::to_string(at.records), std::to_string(at.bytes / kMega)};
  if (at.bytes_in_all > 0) {
    values.emplace_back(std::to_string(at.bytes_in_all / kMega));
    values.emplace_back(std::to_string(at.bytes * 100 / at.bytes_in_all));
  }
  const PhraseCode code =
      at.bytes_in_all > 0 ? PhraseCode::run_progress_of : PhraseCode::run_progress;
  line_.draw(say(language_, Phrase(code, std::move(values))));
}

Phrase check_standard_input(const std::vector<std::string>& inputs, bool also) {
  std::size_t standard = also ? 1U : 0U;
  for (const std::string& input : inputs) standard += input == "-" ? 1U : 0U;
  if (standard > 1) return PhraseCode::cli_stdin_once;
  if (standard == 1 && ::isatty(STDIN_FILENO) != 0) return PhraseCode::cli_stdin_terminal;
  return {};
}

Result<void> refuse_clash(const std::string& output, const std::vector<std::string>& read) {
  if (output.empty() || output == "-") return {};
  for (const std::string& file : read) {
    if (file.empty()) continue;
    const std::string named = file == "-" ? "/dev/stdin" : file;
    std::error_code ignored;
    if (file == "-" && !std::filesystem::is_regular_file(named, ignored)) continue;
    if (same_file(output, named))
      return Failure{FailureCode::usage, {Phrase(PhraseCode::run_output_is_input, {output})}};
    for (const std::string& name : passing_names(output))
      if (same_file(name, named))
        return Failure{FailureCode::usage,
                       {Phrase(PhraseCode::run_input_passes, {shown_input(file), output})}};
  }
  return {};
}

int exit_of(const Failure& failure, Language language) {
  show_line(language, words_of(failure));
  return static_cast<int>(failure.exit());
}

int exit_of(const Failure& failure, const StopFlag& stop, Language language) {
  if (failure.code != FailureCode::interrupted) return exit_of(failure, language);
  show_line(language, PhraseCode::cli_interrupted);
  return static_cast<int>(stop.asked() == SIGINT ? Exit::interrupted : Exit::terminated);
}

bool wants_progress(std::string_view progress) {
  return progress == "always" || (progress == "auto" && is_terminal(Screen::err));
}

Phrase words_of(const Failure& failure) {
  return Phrase::several({name(failure.code), ": ", Phrase(failure.code, failure.values)});
}

void show_line(Language language, const Phrase& phrase) {
  show(Screen::err, "trama: " + say(language, phrase) + "\n");
}

}  // namespace trama
