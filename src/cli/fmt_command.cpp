// `trama fmt`

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/load.h"
#include "engine/mapping_files.h"
#include "mapping/layout.h"
#include "mapping/source_text.h"
#include "report/diagnostics_text.h"
#include "report/report_line.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// Two texts that differ: the first line that does, from 1, and what it is in each, with its line end.
/// Empty where a text has ended.
struct Difference {
  std::size_t line = 1;
  std::string_view was;
  std::string_view is;
};

Difference first_difference(std::string_view was, std::string_view is) {
  const auto first_line = [](std::string_view text) { return text.substr(0, text.find('\n') + 1); };
  Difference at{.was = first_line(was), .is = first_line(is)};
  while (at.was == at.is && !at.was.empty()) {
    was.remove_prefix(at.was.size());
    is.remove_prefix(at.is.size());
    at = {at.line + 1, first_line(was), first_line(is)};
  }
  if (at.was.empty()) at.was = was;  // a last line without an end
  if (at.is.empty()) at.is = is;
  return at;
}

std::string_view without_end(std::string_view line) {
  return line.substr(0, line.size() - (line.ends_with('\n') ? 1 : 0));
}

class FmtCommand final : public Subcommand {
 public:
  FmtCommand(OptionParser& app, Languages languages)
      : Subcommand(languages), words_(languages.screen) {
    const Help help(languages);
    app.add_option("MAPPING", paths_, help(PhraseCode::cli_fmt_mappings))
        ->required()
        ->type_name("");
    app.add_flag("--check", check_, help(PhraseCode::cli_fmt_check));
  }

  Phrase check() override {
    const auto standard = std::count(paths_.begin(), paths_.end(), "-");
    if (standard > 0 && paths_.size() > 1) return PhraseCode::cli_fmt_alone;
    return standard > 0 ? check_standard_input(paths_, false) : Phrase();
  }

  int run(const std::string& /*command_line*/) override {
    if (paths_.front() == "-") return lay_out_standard_input();
    const Result<std::vector<std::string>> files = mapping_and_test_files(paths_);
    if (!files.ok()) return exit_of(files.failure(), languages().screen);
    for (const std::string& path : files.value())
      if (Result<void> done = lay_out_file(path); !done.ok())
        return exit_of(done.failure(), languages().screen);
    if (check_ && changed_ > 0)
      show(Screen::out, words_.counted(PhraseCode::cli_fmt_files, files.value().size()) + ", " +
                            words_.counted(PhraseCode::cli_fmt_not, changed_) + '\n');
    return exit();
  }

 private:
  [[nodiscard]] int exit() const {
    if (failed_) return static_cast<int>(Exit::mapping);
    return check_ && changed_ > 0 ? static_cast<int>(Exit::rejected) : 0;
  }

  /// What is wrong goes to standard error, and the file stays as it is.
  bool read(const std::string& path, std::string& raw, std::string& laid_out) {
    const std::string name = say(languages().screen, shown_input(path));
    Diagnostics diagnostics;
    Files files{{{name, {}}}};
    Phrase why_not;
    Layout layout{.end = Layout::End::unread, .text = {}};
    if (disk_reader(path == "-" ? path : std::string())->read(path, raw, why_not)) {
      files.files.front().text = without_mark_and_cr(raw);
      layout = lay_out(raw, 0, diagnostics);
    } else {
      diagnostics.push_back({DiagnosticCode::file_unreadable, {}, {name, why_not}});
    }
    show(Screen::err, render_text(diagnostics, files, languages().screen));
    if (layout.end == Layout::End::refused)
      show(Screen::err, (layout.line > 0 ? words_(PhraseCode::cli_fmt_refused_line,
                                                  {name, std::to_string(layout.line)})
                                         : words_(PhraseCode::cli_fmt_refused, {name})) +
                            '\n');
    laid_out = std::move(layout.text);
    failed_ = failed_ || layout.end != Layout::End::done;
    return layout.end == Layout::End::done;
  }

  Result<void> lay_out_file(const std::string& path) {
    std::string raw;
    std::string laid_out;
    if (!read(path, raw, laid_out) || raw == laid_out) return {};
    ++changed_;
    if (check_) {
      show_difference(path, raw, laid_out);
      return {};
    }
    TRAMA_TRY(const auto file, OutputFile::open(path));
    TRAMA_TRY_VOID(file->write(laid_out));
    TRAMA_TRY_VOID(file->publish());
    show(Screen::out, words_(PhraseCode::cli_fmt_written, {path}) + '\n');
    return {};
  }

  int lay_out_standard_input() {
    std::string raw;
    std::string laid_out;
    if (!read("-", raw, laid_out)) return exit();
    changed_ = raw == laid_out ? 0 : 1;
    if (check_) {
      if (changed_ > 0) show_difference("-", raw, laid_out);
      return exit();
    }
    const auto write = [&laid_out]() -> Result<void> {
      TRAMA_TRY(const auto file, OutputFile::open("-"));
      return file->write(laid_out);
    };
    Result<void> written = write();
    return written.ok() ? 0 : exit_of(written.failure(), languages().screen);
  }

  void show_difference(const std::string& path, std::string_view was, std::string_view is) const {
    const std::string name = say(languages().screen, shown_input(path));
    const Difference at = first_difference(was, is);
    std::string out = words_(PhraseCode::cli_fmt_differs, {name, std::to_string(at.line)}) + '\n';
    const bool ends_differ = without_end(at.was) == without_end(at.is);
    const auto add = [&](PhraseCode what, std::string_view line) {
      ReportLine report;
      report.add("    ").add(words_(what)).to(14);
      if (line.empty())
        report.add(words_(PhraseCode::cli_fmt_no_line));
      else
        report.add("\"").add(shortened(ends_differ ? line : without_end(line))).add("\"");
      report.end(out);
    };
    add(PhraseCode::cli_fmt_is, at.was);
    add(PhraseCode::cli_fmt_to_be, at.is);
    show(Screen::out, out);
  }

  ReportWords words_;
  std::vector<std::string> paths_;
  bool check_ = false;
  bool failed_ = false;
  std::size_t changed_ = 0;
};

}  // namespace

constinit const SubcommandSpec kFmtCommand{
    .name = "fmt",
    .summary = PhraseCode::cli_fmt_summary,
    .footer = PhraseCode::cli_fmt_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<FmtCommand>(app, languages);
    },
};

}  // namespace trama
