// `trama infer`

#include <filesystem>
#include <memory>
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
#include "engine/infer_run.h"
#include "engine/records_path.h"
#include "report/report_line.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

class InferCommand final : public Subcommand {
 public:
  InferCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    ProfileOptions& profile = options_.profile;
    app.add_option("INPUT", profile.inputs, help(PhraseCode::cli_run_inputs))->type_name("");
    app.add_option("-o,--output", output_, help(PhraseCode::cli_infer_output))->type_name("FILE");
    app.add_option("--records", options_.draft.records, help(PhraseCode::cli_profile_records))
        ->type_name("");
    app.add_option("--like", options_.like, help(PhraseCode::cli_infer_like))->type_name("MAPPING");
    app.add_option("--target", options_.target, help(PhraseCode::cli_infer_target))
        ->type_name("SCHEMA.json");
    app.add_option("--threads", profile.threads, help(PhraseCode::cli_threads))->type_name("N");
    add_progress(app, progress_, help);
  }

  Phrase check() override {
    ProfileOptions& profile = options_.profile;
    if (profile.inputs.empty()) profile.inputs.emplace_back("-");
    if (!options_.like.empty() && !options_.target.empty())
      return PhraseCode::cli_infer_like_or_target;
    const std::string& records = options_.draft.records;
    Phrase problem;
    if (!records.empty() && !read_records_path(records, profile.source, problem))
      return {PhraseCode::cli_profile_records_path, {records, problem}};
    return check_standard_input(profile.inputs, false);
  }

  int run(const std::string& /*command_line*/) override {
    options_.profile.stop = &watch_signals();
    Result<void> ended = draft();
    return ended.ok() ? static_cast<int>(exit_)
                      : exit_of(ended.failure(), *options_.profile.stop, languages().screen);
  }

 private:
  Result<void> draft() {
    std::vector<std::string> read_files = options_.profile.inputs;
    read_files.insert(read_files.end(), {options_.like, options_.target});
    TRAMA_TRY_VOID(refuse_clash(output_, read_files));
    std::unique_ptr<OutputFile> file;
    if (output_ != "-") {
      TRAMA_TRY(file, OutputFile::open(output_, *options_.profile.stop));
    }
    DraftOptions& draft = options_.draft;
    draft.language = file ? languages().files : languages().screen;
    for (const std::string& input : options_.profile.inputs)
      draft.inputs.push_back(say(draft.language, shown_input(input)));
    draft.name = name_of(file ? output_ : options_.profile.inputs.front());
    TRAMA_TRY(const Inferred inferred, read());
    TRAMA_TRY_VOID(refuse_clash(output_, inferred.files));  // of `like`, its bases and tables
    if (inferred.unread > 0) exit_ = Exit::rejected;
    if (!file) {
      show(Screen::out, inferred.text);
      return {};
    }
    TRAMA_TRY_VOID(file->write(inferred.text));
    TRAMA_TRY_VOID(file->publish());
    tell(inferred);
    return {};
  }

  void tell(const Inferred& inferred) const {
    const ReportWords words(languages().screen);
    show_line(languages().screen,
              words(PhraseCode::infer_done,
                    {output_, words.counted(PhraseCode::infer_columns, inferred.columns) + ", " +
                                  words.counted(PhraseCode::infer_decides, inferred.decisions)}));
    if (!inferred.error.empty())
      show_line(languages().screen, Phrase(PhraseCode::infer_error_answer, {inferred.error}));
    show_line(languages().screen, Phrase(PhraseCode::infer_next, {output_}));
  }

  /// A mapping is called like its file.
  static std::string name_of(const std::string& path) {
    std::string name = std::filesystem::path(path).filename().string();
    name.resize(std::min(name.find('.'), name.size()));
    constexpr std::size_t kStamp = 17;  // of the folder of a pull: 20261130T220501Z-
    if (name.size() > kStamp && name[8] == 'T' && name.substr(15, 2) == "Z-") name.erase(0, kStamp);
    return name.empty() || name == "-" ? "draft" : name;
  }

  [[nodiscard]] Result<Inferred> read() {
    std::optional<ProgressLine> line;
    if (wants_progress(progress_)) {
      line.emplace(languages().screen);
      options_.profile.progress = [&line](const RunProgress& at) { line->draw(at); };
    }
    TRAMA_TRY_VOID(put_pages(options_.profile.inputs));
    return infer(options_);
  }

  InferOptions options_;
  std::string output_ = "-";
  std::string progress_ = "auto";
  Exit exit_ = Exit::ok;
};

}  // namespace

constinit const SubcommandSpec kInferCommand{
    .name = "infer",
    .summary = PhraseCode::cli_infer_summary,
    .footer = PhraseCode::cli_infer_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<InferCommand>(app, languages);
    },
};

}  // namespace trama
