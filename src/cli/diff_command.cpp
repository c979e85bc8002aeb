// `trama diff`

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/inputs_from.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/diff.h"
#include "engine/load.h"
#include "report/diagnostics_text.h"
#include "report/diff_report.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

class DiffCommand final : public Subcommand {
 public:
  DiffCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("OLD", old_, help(PhraseCode::cli_diff_old))->required()->type_name("");
    app.add_option("NEW", new_, help(PhraseCode::cli_diff_new))->required()->type_name("");
    app.add_option("INPUT", options_.inputs, help(PhraseCode::cli_diff_inputs))
        ->required()
        ->type_name("");
    app.add_option("--format", format_, help(PhraseCode::cli_diff_format))
        ->check(one_of({"text", "json", "markdown", "html"}, help))
        ->type_name("");
    app.add_option("-o,--output", output_, help(PhraseCode::cli_profile_output))->type_name("FILE");
    app.add_option("--at", at_, help(PhraseCode::cli_preview_at))->type_name("TIME");
    app.add_option("--root", root_, help(PhraseCode::cli_root))->type_name("DIR");
    add_progress(app, progress_, help);
  }

  Phrase check() override {
    facts_.before = old_;
    facts_.after = new_;
    for (const std::string& input : options_.inputs) facts_.inputs.push_back(shown_input(input));
    return read_at(at_, options_.now);
  }

  int run(const std::string& /*command_line*/) override {
    options_.stop = &watch_signals();
    const bool to_screen = format_ == "text" && output_ == "-";
    options_.language = to_screen ? languages().screen : languages().files;
    LoadedMapping before = load_mapping(old_, root_);
    LoadedMapping after = load_mapping(new_, root_);
    for (const LoadedMapping* loaded : {&before, &after})
      show(Screen::err, render_text(loaded->diagnostics, loaded->files, languages().screen));
    if (!before.plan || !after.plan) return static_cast<int>(Exit::mapping);
    Result<void> ended = compare(before, after);
    return ended.ok() ? static_cast<int>(exit_)
                      : exit_of(ended.failure(), *options_.stop, languages().screen);
  }

 private:
  Result<void> compare(LoadedMapping& before, LoadedMapping& after) {
    TRAMA_TRY_VOID(refuse_clash(output_, read_files(before, after)));
    std::unique_ptr<OutputFile> file;
    if (output_ != "-") {
      TRAMA_TRY(file, OutputFile::open(output_, *options_.stop));
    }
    TRAMA_TRY(const Diff made, read(before, after));
    // a report in a file would tell of a part as of the whole
    if (made.trouble && (file || made.records == 0)) return *made.trouble;
    if (made.anything()) exit_ = Exit::rejected;
    const std::string text = format_ == "json"   ? json_shown(diff_json(made, facts_))
                             : format_ == "html" ? diff_html(made, facts_, options_.language)
                             : format_ == "markdown"
                                 ? diff_markdown(made, facts_, options_.language)
                                 : diff_text(made, facts_, options_.language);
    if (file) {
      TRAMA_TRY_VOID(file->write(text));
      TRAMA_TRY_VOID(file->publish());
    } else {
      show(Screen::out, text);
    }
    if (made.trouble) return *made.trouble;
    return {};
  }

  Result<Diff> read(LoadedMapping& before, LoadedMapping& after) {
    std::optional<ProgressLine> line;
    if (wants_progress(progress_)) {
      line.emplace(languages().screen);
      options_.progress = [&line](const RunProgress& at) { line->draw(at); };
    }
    TRAMA_TRY_VOID(put_pages(options_.inputs));
    return diff(before, after, options_);
  }

  /// What the report may not be written over.
  [[nodiscard]] std::vector<std::string> read_files(const LoadedMapping& before,
                                                    const LoadedMapping& after) const {
    std::vector<std::string> read = options_.inputs;
    for (const auto& [loaded, path] : {std::pair{&before, &old_}, {&after, &new_}}) {
      const std::vector<std::string> files = files_of(*loaded, *path, root_);
      read.insert(read.end(), files.begin(), files.end());
    }
    return read;
  }

  DiffOptions options_;
  DiffFacts facts_;
  std::string old_;
  std::string new_;
  std::string root_;
  std::string at_;
  std::string format_ = "text";
  std::string output_ = "-";
  std::string progress_ = "auto";
  Exit exit_ = Exit::ok;
};

}  // namespace

constinit const SubcommandSpec kDiffCommand{
    .name = "diff",
    .summary = PhraseCode::cli_diff_summary,
    .footer = PhraseCode::cli_diff_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<DiffCommand>(app, languages);
    },
};

}  // namespace trama
