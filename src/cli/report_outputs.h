// --format and --output of commands that report in several forms at once:
//
//   --format text --format sarif --output check.sarif
//
// Each --format may be followed by the --output it goes to; one at most goes to standard output.
// Only for cli/.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "base/result.h"
#include "cli/option_parser.h"
#include "cli/option_words.h"
#include "text/language.h"

namespace trama {

struct ReportOutput {
  std::string format = "text";
  std::string file;  // empty: standard output

  /// What it is written in.
  [[nodiscard]] Language language(const Languages& languages) const noexcept {
    return format == "text" && file.empty() ? languages.screen : languages.files;
  }
};

class ReportOutputs {
 public:
  /// Declares both options. `formats`: the words that --format takes.
  void declare(OptionParser& app, std::vector<std::string> formats, PhraseCode format_help,
               const Help& help);
  /// After parsing: which output belongs to which format. Gives a sentence that says what is wrong,
  /// or an empty one.
  Phrase check();

  [[nodiscard]] const std::vector<ReportOutput>& all() const noexcept { return all_; }
  [[nodiscard]] bool has(std::string_view format) const noexcept;

 private:
  const OptionParser* app_ = nullptr;
  const Option* format_ = nullptr;
  const Option* output_ = nullptr;
  std::vector<std::string> formats_;
  std::vector<std::string> files_;
  std::vector<ReportOutput> all_;
};

/// A report would be written over one of the files that were read.
Result<void> refuse_clash(const ReportOutputs& outputs, const std::vector<std::string>& read);

/// Writes a report to its file, which appears when it is whole; or to standard output.
Result<void> write_report(const ReportOutput& output, const std::string& text);

}  // namespace trama
