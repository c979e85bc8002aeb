// `trama readiness`

#include <memory>
#include <string>
#include <vector>

#include "base/phrase_codes.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/report_outputs.h"
#include "cli/subcommand.h"
#include "readiness/readiness.h"
#include "readiness/readiness_report.h"
#include "report/diagnostics_text.h"

namespace trama {
namespace {

class ReadinessCommand final : public Subcommand {
 public:
  ReadinessCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("FOLDER", folder_, help(PhraseCode::cli_readiness_folder))
        ->required()
        ->type_name("");
    outputs_.declare(app, {"text", "json", "html"}, PhraseCode::cli_readiness_format, help);
    app.add_option("--root", root_, help(PhraseCode::cli_root))->type_name("DIR");
  }

  Phrase check() override { return outputs_.check(); }

  int run(const std::string& /*command_line*/) override {
    Result<ReadinessRead> read = read_readiness(folder_, root_);
    if (!read.ok()) return exit_of(read.failure(), languages().screen);
    for (const WrongFile& wrong : read.value().wrong)
      show(Screen::err, render_text(wrong.diagnostics, wrong.files, languages().screen));
    if (!read.value().wrong.empty()) return static_cast<int>(Exit::mapping);
    const ReadinessReport& report = read.value().report;
    Result<void> written = write(report);
    if (!written.ok()) return exit_of(written.failure(), languages().screen);
    return static_cast<int>(report.count(PointState::missing) == 0 ? Exit::ok : Exit::rejected);
  }

 private:
  Result<void> write(const ReadinessReport& report) {
    std::vector<std::string> files;
    for (const PointFound& point : report.points)
      for (const PointAt& at : point.at) files.push_back(at.file);
    TRAMA_TRY_VOID(refuse_clash(outputs_, files));
    for (const ReportOutput& output : outputs_.all()) {
      const Language language = output.language(languages());
      TRAMA_TRY_VOID(write_report(output, output.format == "json" ? readiness_json(report, language)
                                          : output.format == "html"
                                              ? readiness_html(report, language)
                                              : readiness_text(report, language)));
    }
    return {};
  }

  std::string folder_;
  std::string root_;
  ReportOutputs outputs_;
};

}  // namespace

constinit const SubcommandSpec kReadinessCommand{
    .name = "readiness",
    .summary = PhraseCode::cli_readiness_summary,
    .footer = PhraseCode::cli_readiness_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ReadinessCommand>(app, languages);
    },
};

}  // namespace trama
