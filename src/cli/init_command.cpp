// `trama init`

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "base/terminal_text.h"
#include "cli/init_files.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "report/report_line.h"
#include "report/shown_text.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

namespace fs = std::filesystem;

class InitCommand final : public Subcommand {
 public:
  InitCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("DIR", folder_, help(PhraseCode::cli_init_dir))->required()->type_name("");
    app.add_option("--ci", ci_, help(PhraseCode::cli_init_ci))
        ->check(one_of({"github", "gitlab", "none"}, help))
        ->type_name("");
  }

  int run(const std::string& /*command_line*/) override {
    const std::vector<const InitFile*> files = wanted();
    Result<void> written = write(files);
    if (!written.ok()) return exit_of(written.failure(), languages().screen);
    tell(files);
    return 0;
  }

 private:
  [[nodiscard]] std::vector<const InitFile*> wanted() const {
    const std::string_view language = tag_of(languages().files);
    std::vector<const InitFile*> files;
    for (const InitFile& file : init_files())
      if ((file.language == "both" || file.language == language) &&
          (file.ci == "any" || file.ci == ci_))
        files.push_back(&file);
    std::sort(files.begin(), files.end(),
              [](const InitFile* a, const InitFile* b) { return a->name < b->name; });
    return files;
  }

  [[nodiscard]] std::string path_of(const InitFile& file) const {
    return (fs::path(folder_) / file.name).string();
  }
  [[nodiscard]] Failure unwritable(const Phrase& why) const {
    return {FailureCode::output_unwritable, {folder_, why}};
  }

  /// All of them or, where one is there already, none.
  [[nodiscard]] Result<void> write(const std::vector<const InitFile*>& files) const {
    std::vector<std::string> there;
    for (const InitFile* file : files) {
      std::error_code unknown;
      if (fs::exists(fs::symlink_status(path_of(*file), unknown))) there.emplace_back(file->name);
    }
    if (!there.empty()) return unwritable({PhraseCode::cli_init_there, {joined(there)}});
    for (const InitFile* file : files) {
      const std::string path = path_of(*file);
      std::error_code failed;
      fs::create_directories(fs::path(path).parent_path(), failed);
      if (failed) return unwritable(system_words(failed.value()));
      TRAMA_TRY(const auto out, OutputFile::open(path));
      TRAMA_TRY_VOID(out->write(file->text));
      TRAMA_TRY_VOID(out->publish());
      constexpr fs::perms kRun =
          fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
      if (file->text.starts_with("#!")) fs::permissions(path, kRun, fs::perm_options::add, failed);
      if (failed) return unwritable(system_words(failed.value()));
    }
    return {};
  }

  void tell(const std::vector<const InitFile*>& files) const {
    const ReportWords words(languages().screen);
    std::string out =
        words(PhraseCode::cli_init_done, {std::to_string(files.size()), folder_}) + '\n';
    std::string mapping;
    std::string sample;
    for (const InitFile* file : files) {
      (out += "    ").append(file->name) += '\n';
      const bool is_mapping = file->name.starts_with("mappings/") &&
                              file->name.ends_with(".yaml") && !file->name.ends_with(".test.yaml");
      if (is_mapping) mapping = file->name;
      if (file->name.ends_with(".ndjson")) sample = file->name;
    }
    out += words(PhraseCode::cli_init_next) + '\n';
    for (const std::string& command :
         {"cd " + shell_word(folder_), std::string("trama test mappings"),
          "trama run " + mapping + ' ' + sample + " -o " + fs::path(mapping).stem().string() +
              ".csv"})
      out += "    " + command + '\n';
    show(Screen::out, out);
  }

  std::string folder_;
  std::string ci_ = "none";
};

}  // namespace

constinit const SubcommandSpec kInitCommand{
    .name = "init",
    .summary = PhraseCode::cli_init_summary,
    .footer = PhraseCode::cli_init_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<InitCommand>(app, languages);
    },
};

}  // namespace trama
