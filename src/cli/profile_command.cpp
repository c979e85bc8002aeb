// `trama profile`

#include <algorithm>
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
#include "engine/load.h"
#include "engine/mapping_profile.h"
#include "engine/profile_run.h"
#include "engine/records_path.h"
#include "report/diagnostics_text.h"
#include "report/drift_report.h"
#include "report/profile_report.h"
#include "report/shown_text.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

class ProfileCommand final : public Subcommand {
 public:
  ProfileCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("INPUT", options_.inputs, help(PhraseCode::cli_run_inputs))->type_name("");
    app.add_option("--records", records_, help(PhraseCode::cli_profile_records))->type_name("");
    app.add_option("--format", format_, help(PhraseCode::cli_profile_format))
        ->check(one_of({"text", "json", "html"}, help))
        ->type_name("");
    app.add_option("-o,--output", output_, help(PhraseCode::cli_profile_output))->type_name("FILE");
    app.add_option("--record", record_, help(PhraseCode::cli_profile_record))->type_name("MAPPING");
    app.add_option("--against", against_, help(PhraseCode::cli_profile_against))
        ->type_name("MAPPING");
    app.add_flag("--show-personal", facts_.shows_personal,
                 help(PhraseCode::cli_profile_show_personal));
    app.add_option("--threads", options_.threads, help(PhraseCode::cli_threads))->type_name("N");
    add_progress(app, progress_, help);
  }

  Phrase check() override {
    if (options_.inputs.empty()) options_.inputs.emplace_back("-");
    for (const std::string& input : options_.inputs) facts_.inputs.push_back(shown_input(input));
    facts_.records_path = records_;
    const std::string_view named = !record_.empty()    ? "--record"
                                   : !against_.empty() ? "--against"
                                                       : "";
    if (!record_.empty() && !against_.empty()) return PhraseCode::cli_profile_record_or_against;
    if (!named.empty() && !records_.empty())
      return {PhraseCode::cli_profile_mapping_has_records, {named}};
    if (!record_.empty() && (output_ != "-" || format_ != "text"))
      return PhraseCode::cli_profile_record_alone;
    Phrase problem;
    if (!records_.empty() && !read_records_path(records_, options_.source, problem))
      return {PhraseCode::cli_profile_records_path, {records_, problem}};
    return check_standard_input(options_.inputs, false);
  }

  int run(const std::string& /*command_line*/) override {
    options_.stop = &watch_signals();
    if (const std::string& mapping = record_.empty() ? against_ : record_; !mapping.empty()) {
      loaded_ = load_mapping(mapping, {});
      show(Screen::err, render_text(loaded_->diagnostics, loaded_->files, languages().screen));
      if (!loaded_->plan) return static_cast<int>(Exit::mapping);
      options_.source = loaded_->run.source;
      options_.json_in_text = loaded_->plan->wanted.json_in_text;
      reads_.emplace(*loaded_->plan);
    }
    Result<void> ended = !record_.empty()    ? record()
                         : !against_.empty() ? compare_with()
                                             : profile();
    return ended.ok() ? static_cast<int>(exit_)
                      : exit_of(ended.failure(), *options_.stop, languages().screen);
  }

 private:
  Result<void> profile() {
    TRAMA_TRY_VOID(refuse_clash(output_, read_files()));
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
    else if (format_ == "html")
      profile_html(profile, facts_, languages().files, sink);
    else
      profile_text(profile, facts_, file ? languages().files : languages().screen, sink);
    if (!file) return {};
    TRAMA_TRY_VOID(std::move(written));
    return file->publish();
  }

  /// Keeps the profile beside the mapping.
  Result<void> record() {
    const std::string path = profile_file_of(record_);
    TRAMA_TRY_VOID(refuse_clash(path, read_files()));
    TRAMA_TRY(const std::unique_ptr<OutputFile> file, OutputFile::open(path, *options_.stop));
    TRAMA_TRY(const Profile profile, read());
    if (profile.unread > 0) exit_ = Exit::rejected;
    TRAMA_TRY_VOID(refuse_keeping(profile));
    ProfileFacts facts = reads_->facts(ProfileFacts::For::keeping);
    facts.inputs = facts_.inputs;
    std::string text;
    profile_json(profile, facts, Language::en,
                 [&text](std::string_view part) { text += json_shown(part); });
    TRAMA_TRY_VOID(file->write(text));
    TRAMA_TRY_VOID(file->publish());
    const Phrase paths(PhraseCode::profile_paths, {grouped(profile.paths())});
    std::vector<Phrase> records{Phrase(PhraseCode::records, {grouped(profile.records)})};
    if (profile.unread > 0)
      records.insert(records.end(),
                     {" (", Phrase(PhraseCode::profile_unread, {grouped(profile.unread)}), ")"});
    show(Screen::out,
         say(languages().screen, Phrase(PhraseCode::drift_recorded,
                                        {path, paths, Phrase::several(std::move(records))})) +
             '\n');
    return {};
  }

  /// What is kept would say nothing, or may say what is personal.
  [[nodiscard]] Result<void> refuse_keeping(const Profile& profile) const {
    if (profile.records == 0)
      return Failure{FailureCode::usage,
                     {Phrase(PhraseCode::drift_nothing, {facts_.inputs.front()})}};
    std::vector<std::string> paths;
    each_path(*profile.root, [&paths](const PathNode& node) { paths.push_back(node.path()); });
    const std::vector<std::string> gone = reads_->personal_without(paths);
    if (gone.empty()) return {};
    return Failure{FailureCode::usage, {Phrase(PhraseCode::drift_personal_gone, {gone.front()})}};
  }

  /// Tells what is otherwise than in the profile that is kept beside the mapping.
  Result<void> compare_with() {
    const std::string path = profile_file_of(against_);
    TRAMA_TRY(const RecordedProfile before,
              read_profile_file(path, keeping_command(options_.inputs.front(), against_)));
    TRAMA_TRY_VOID(refuse_clash(output_, read_files()));
    std::unique_ptr<OutputFile> file;
    if (output_ != "-") {
      TRAMA_TRY(file, OutputFile::open(output_, *options_.stop));
    }
    RecordedProfile after;
    {
      TRAMA_TRY(const Profile profile, read());
      TRAMA_TRY(after, reads_->comparable(profile));
    }
    const std::vector<Drift> drifts = compare(before, after);
    const bool changed =
        std::any_of(drifts.begin(), drifts.end(), [](const Drift& drift) { return !drift.chance; });
    if (changed) exit_ = Exit::rejected;
    const DriftFacts facts{before, after, path, facts_.inputs,
                           [this](const std::string& of) { return reads_->readers(of); }};
    const Language language = file ? languages().files : languages().screen;
    const std::string text = format_ == "json"
                                 ? json_shown(drift_json(drifts, facts, languages().files))
                             : format_ == "html" ? drift_html(drifts, facts, languages().files)
                                                 : drift_text(drifts, facts, language);
    if (!file) {
      show(Screen::out, text);
      return {};
    }
    TRAMA_TRY_VOID(file->write(text));
    return file->publish();
  }

  [[nodiscard]] Result<Profile> read() {
    TRAMA_TRY_VOID(put_pages(options_.inputs));
    std::optional<ProgressLine> line;
    if (wants_progress(progress_)) {
      line.emplace(languages().screen);
      options_.progress = [&line](const RunProgress& at) { line->draw(at); };
    }
    return profile_inputs(options_);
  }

  /// What the report may not be written over.
  [[nodiscard]] std::vector<std::string> read_files() const {
    std::vector<std::string> read = options_.inputs;
    if (!against_.empty()) read.push_back(profile_file_of(against_));
    if (loaded_) {
      const std::vector<std::string> files =
          files_of(*loaded_, record_.empty() ? against_ : record_, {});
      read.insert(read.end(), files.begin(), files.end());
    }
    return read;
  }

  ProfileOptions options_;
  ProfileFacts facts_;
  std::string records_;
  std::string record_;   // a mapping, or empty
  std::string against_;  // the same
  std::optional<LoadedMapping> loaded_;
  std::optional<ReadPaths> reads_;
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
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ProfileCommand>(app, languages);
    },
};

}  // namespace trama
