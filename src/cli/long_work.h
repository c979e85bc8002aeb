// What commands that read inputs for long have in common: signals that end them, a line that shows
// how far they are, standard input, and the line that says why they ended.

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "base/result.h"
#include "base/stop_flag.h"
#include "base/terminal_text.h"
#include "run/run.h"
#include "text/language.h"

namespace trama {

/// SIGINT, SIGTERM and SIGHUP end the run at the next block, or a read that waits; a second one ends
/// the program. What is to outlive its terminal (nohup) is left alone. Gives the flag that they set.
const StopFlag& watch_signals();

/// Draws "12.3 MB of 45.6 MB", at most a few times a second; nothing in a short run.
class ProgressLine {
 public:
  explicit ProgressLine(Language language) : language_(language) {}
  void draw(const RunProgress& at);

 private:
  Language language_;
  StatusLine line_{Screen::err};
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// Of inputs of which "-" is standard input, and where it is used for something else too (`also`):
/// why it cannot be; empty where all is well.
Phrase check_standard_input(const std::vector<std::string>& inputs, bool also);

/// A report would be written over one of the files that are read, or the report until it is complete.
/// `output`: "-" or empty is standard output. `read`: "-" is standard input, where it is a file.
Result<void> refuse_clash(const std::string& output, const std::vector<std::string>& read);

/// The exit code of a failure, once it is told.
int exit_of(const Failure& failure, Language language);
/// The exit code of work that ended so, once its last line is shown; `stop` is watch_signals().
int exit_of(const Failure& failure, const StopFlag& stop, Language language);

/// Whether --progress (auto, always, never) wants a line.
bool wants_progress(std::string_view progress);

/// "FILE_MISSING: …"
Phrase words_of(const Failure& failure);

/// One line of what ends a run.
void show_line(Language language, const Phrase& phrase);

}  // namespace trama
