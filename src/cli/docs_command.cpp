// `trama docs`

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/docs.h"
#include "engine/load.h"
#include "engine/mapping_files.h"
#include "report/diagnostics_text.h"
#include "report/report_line.h"
#include "sink/output_file.h"

namespace trama {
namespace {

namespace fs = std::filesystem;

class DocsCommand final : public Subcommand {
 public:
  DocsCommand(OptionParser& app, Languages languages)
      : Subcommand(languages), words_(languages.screen) {
    const Help help(languages);
    add_mappings(app, mappings_, help);
    app.add_option("-o,--output", output_, help(PhraseCode::cli_docs_output))
        ->required()
        ->type_name("OUT");
    app.add_option("--root", root_, help(PhraseCode::cli_root))->type_name("DIR");
  }

  Phrase check() override {
    std::error_code unknown;
    const bool is_page = output_.ends_with(".html") || output_.ends_with(".md");
    is_folder_ = output_.ends_with('/') || fs::is_directory(output_, unknown) ||
                 (output_ != "-" && fs::path(output_).extension().empty());
    if (is_folder_ || is_page) return {};
    return {PhraseCode::cli_docs_ending, {output_}};
  }

  int run(const std::string& /*command_line*/) override {
    stop_ = &watch_signals();
    Result<void> ended = write();
    if (!ended.ok()) return exit_of(ended.failure(), *stop_, languages().screen);
    return static_cast<int>(exit_);
  }

 private:
  /// A mapping and the file of its page.
  struct Page {
    std::string mapping;
    std::string file;  // in the folder, or -o
  };

  /// Nothing before all mappings are found to be right; then the pages one by one, and the index last: it
  /// never leads to a page that is not there.
  Result<void> write() {
    TRAMA_TRY(const std::vector<std::string> mappings, mapping_files(mappings_));
    TRAMA_TRY(const std::vector<Page> pages, pages_of(mappings));
    TRAMA_TRY_VOID(check(pages));
    if (exit_ != Exit::ok) return {};
    if (is_folder_) TRAMA_TRY_VOID(make_folder());
    std::vector<ExplainedPage> index;
    for (const Page& page : pages) {
      LoadedMapping loaded = load_mapping_with_tests(page.mapping, root_);
      if (!loaded.plan) return changed(loaded);  // since check()
      TRAMA_TRY(const Explanation told, document(loaded, root_, languages().files, *stop_));
      const std::string out = path_of(page.file);
      TRAMA_TRY_VOID(
          publish(out, out.ends_with(".md") ? explanation_markdown(told) : explanation_html(told)));
      index.push_back({page.file, told.title, told.about, loaded.plan->output.columns.size()});
    }
    return is_folder_ ? publish(path_of(kIndex), index_html(index, languages().files))
                      : Result<void>{};
  }

  Result<std::vector<Page>> pages_of(const std::vector<std::string>& mappings) const {
    if (!is_folder_ && mappings.size() > 1)
      return Failure{
          FailureCode::usage,
          {Phrase(PhraseCode::cli_docs_one, {output_, std::to_string(mappings.size())})}};
    if (!is_folder_) return std::vector<Page>{{mappings.front(), output_}};
    std::vector<Page> pages;
    std::map<std::string, std::string> owners{{kIndex, words_(PhraseCode::docs_mappings)}};
    for (const std::string& mapping : mappings) {
      std::string file = fs::path(mapping).stem().string() + ".html";
      const auto [other, is_new] = owners.try_emplace(file, mapping);
      if (!is_new)
        return Failure{FailureCode::usage,
                       {Phrase(PhraseCode::cli_docs_same_name, {other->second, mapping, file})}};
      pages.push_back({mapping, std::move(file)});
    }
    return pages;
  }

  /// What is wrong with mappings is shown, of all of them; no page may be written over what is read.
  Result<void> check(const std::vector<Page>& pages) {
    std::vector<std::string> read;
    for (const Page& page : pages) {
      const LoadedMapping loaded = load_mapping_with_tests(page.mapping, root_);
      show(Screen::err, render_text(loaded.diagnostics, loaded.files, languages().screen));
      if (!loaded.plan) exit_ = Exit::mapping;
      const std::vector<std::string> files = files_of(loaded, page.mapping, root_);
      read.push_back(page.mapping);
      read.insert(read.end(), files.begin(), files.end());
    }
    for (const Page& page : pages) TRAMA_TRY_VOID(refuse_clash(path_of(page.file), read));
    return is_folder_ ? refuse_clash(path_of(kIndex), read) : Result<void>{};
  }

  Result<void> changed(const LoadedMapping& loaded) {
    show(Screen::err, render_text(loaded.diagnostics, loaded.files, languages().screen));
    exit_ = Exit::mapping;
    return {};
  }

  [[nodiscard]] Result<void> make_folder() const {
    std::error_code failed;
    fs::create_directories(output_, failed);
    if (failed && !fs::is_directory(output_))
      return Failure{FailureCode::output_unwritable, {output_, system_words(failed.value())}};
    return {};
  }

  [[nodiscard]] Result<void> publish(const std::string& path, const std::string& text) const {
    TRAMA_TRY(const std::unique_ptr<OutputFile> file, OutputFile::open(path, *stop_));
    TRAMA_TRY_VOID(file->write(text));
    TRAMA_TRY_VOID(file->publish());
    show(Screen::out, words_(PhraseCode::cli_docs_written, {path}) + '\n');
    return {};
  }

  [[nodiscard]] std::string path_of(const std::string& file) const {
    return is_folder_ ? (fs::path(output_) / file).string() : file;
  }

  static inline const std::string kIndex = "index.html";

  const ReportWords words_;
  const StopFlag* stop_ = nullptr;
  std::vector<std::string> mappings_;
  std::string output_;
  std::string root_;
  bool is_folder_ = false;
  Exit exit_ = Exit::ok;
};

}  // namespace

constinit const SubcommandSpec kDocsCommand{
    .name = "docs",
    .summary = PhraseCode::cli_docs_summary,
    .footer = PhraseCode::cli_docs_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<DocsCommand>(app, languages);
    },
};

}  // namespace trama
