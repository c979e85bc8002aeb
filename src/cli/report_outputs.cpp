#include "cli/report_outputs.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "sink/output_file.h"

namespace trama {

void ReportOutputs::declare(OptionParser& app, std::vector<std::string> formats,
                            PhraseCode format_help, const Help& help) {
  app_ = &app;
  format_ = app.add_option("--format", formats_, help(format_help))
                ->one_value_each_time()
                ->check(one_of(std::move(formats), help))
                ->type_name("");
  output_ = app.add_option("--output", files_, help(PhraseCode::cli_report_output))
                ->one_value_each_time()
                ->type_name("FILE");
}

Phrase ReportOutputs::check() {
  std::size_t formats = 0;
  std::size_t files = 0;
  for (const Option* option : app_->parse_order()) {
    if (option == format_ && formats < formats_.size()) {
      all_.push_back({formats_[formats++], {}});
    } else if (option == output_ && files < files_.size()) {
      if (all_.empty()) all_.emplace_back();
      if (!all_.back().file.empty()) return {PhraseCode::cli_output_needs_format, {files_[files]}};
      all_.back().file = files_[files++];
    }
  }
  if (all_.empty()) all_.emplace_back();
  for (std::size_t i = 0; i < all_.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (std::filesystem::path(all_[i].file).lexically_normal() ==
          std::filesystem::path(all_[j].file).lexically_normal())
        return all_[i].file.empty() ? Phrase(PhraseCode::cli_two_reports_on_screen)
                                    : Phrase(PhraseCode::cli_two_reports_in_file, {all_[i].file});
  return {};
}

bool ReportOutputs::has(std::string_view format) const noexcept {
  return std::any_of(all_.begin(), all_.end(),
                     [format](const ReportOutput& one) { return one.format == format; });
}

Result<void> refuse_clash(const ReportOutputs& outputs, const std::vector<std::string>& read) {
  for (const ReportOutput& output : outputs.all()) TRAMA_TRY_VOID(refuse_clash(output.file, read));
  return {};
}

Result<void> write_report(const ReportOutput& output, const std::string& text) {
  if (output.file.empty()) {
    show(Screen::out, text);
    return {};
  }
  TRAMA_TRY(const std::unique_ptr<OutputFile> file, OutputFile::open(output.file));
  TRAMA_TRY_VOID(file->write(text));
  return file->publish();
}

}  // namespace trama
