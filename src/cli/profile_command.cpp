// `trama profile`

#include <algorithm>
#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/profile_run.h"
#include "engine/records_path.h"
#include "report/profile_report.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

class ProfileCommand final : public Subcommand {
 public:
  ProfileCommand(CLI::App& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("INPUT", options_.inputs, help(PhraseCode::cli_run_inputs))->type_name("");
    app.add_option("--records", records_, help(PhraseCode::cli_profile_records))->type_name("");
    app.add_option("--format", format_, help(PhraseCode::cli_format_text_json))
        ->check(one_of({"text", "json"}, help))
        ->type_name("");
    app.add_option("-o,--output", output_, help(PhraseCode::cli_profile_output))->type_name("FILE");
    app.add_flag("--show-personal", facts_.shows_personal,
                 help(PhraseCode::cli_profile_show_personal));
    app.add_option("--threads", options_.threads, help(PhraseCode::cli_threads))->type_name("N");
    app.add_option("--progress", progress_, help(PhraseCode::cli_progress))
        ->check(one_of({"auto", "always", "never"}, help))
        ->type_name("");
  }

  Phrase check() override {
    if (options_.inputs.empty()) options_.inputs.emplace_back("-");
    for (const std::string& input : options_.inputs) facts_.inputs.push_back(shown_input(input));
    facts_.records_path = records_;
    Phrase problem;
    if (!records_.empty() && !read_records_path(records_, options_.source, problem))
      return {PhraseCode::cli_profile_records_path, {records_, problem}};
    return check_standard_input(options_.inputs, false);
  }

  int run(const std::string& /*command_line*/) override {
    options_.stop = &watch_signals();
    Result<void> ended = profile();
    if (ended.ok()) return static_cast<int>(exit_);
    const Failure& failure = ended.failure();
    if (failure.code == FailureCode::interrupted) {
      show_line(languages().screen, PhraseCode::cli_interrupted);
      return static_cast<int>(options_.stop->asked() == SIGINT ? Exit::interrupted
                                                               : Exit::terminated);
    }
    show_line(languages().screen, words_of(failure));
    return static_cast<int>(failure.exit());
  }

 private:
  Result<void> profile() {
    TRAMA_TRY_VOID(refuse_clash());
    std::unique_ptr<OutputFile> file;
    if (output_ != "-") {
      TRAMA_TRY(file, OutputFile::open(output_, *options_.stop));
    }
    TRAMA_TRY(const Profile profile, read());
    if (profile.unread > 0) exit_ = Exit::rejected;
    Result<void> written;
    const bool json = format_ == "json";
    const ReportSink sink = [&](std::string_view part) {
      const std::string shown = json ? json_shown(part) : std::string(part);
      if (!file)
        show(Screen::out, shown);
      else if (written.ok())
        written = file->write(shown);
    };
    if (json)
      profile_json(profile, facts_, languages().files, sink);
    else
      profile_text(profile, facts_, file ? languages().files : languages().screen, sink);
    if (!file) return {};
    TRAMA_TRY_VOID(std::move(written));
    return file->publish();
  }

  [[nodiscard]] Result<Profile> read() {
    const bool draws = progress_ == "always" || (progress_ == "auto" && is_terminal(Screen::err));
    std::optional<ProgressLine> line;
    if (draws) {
      line.emplace(languages().screen);
      options_.progress = [&line](const RunProgress& at) { line->draw(at); };
    }
    return profile_inputs(options_);
  }

  /// The report would be written over what it tells about.
  [[nodiscard]] Result<void> refuse_clash() const {
    if (output_ == "-") return {};
    for (const std::string& input : options_.inputs)
      if (input != "-" && same_file(output_, input))
        return Failure{FailureCode::usage, {Phrase(PhraseCode::run_output_is_input, {output_})}};
    return {};
  }

  ProfileOptions options_;
  ProfileFacts facts_;
  std::string records_;
  std::string format_ = "text";
  std::string output_ = "-";
  std::string progress_ = "auto";
  Exit exit_ = Exit::ok;
};

}  // namespace

constinit const SubcommandSpec kProfileCommand{
    .name = "profile",
    .summary = PhraseCode::cli_profile_summary,
    .footer = PhraseCode::cli_profile_footer,
    .make = [](CLI::App& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ProfileCommand>(app, languages);
    },
};

}  // namespace trama
