// `trama report`

#include <string>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/report_outputs.h"
#include "cli/subcommand.h"
#include "engine/run_history.h"
#include "state/state.h"

namespace trama {
namespace {

class ReportCommand final : public Subcommand {
 public:
  ReportCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("--state", state_, help(PhraseCode::cli_report_state))
        ->required()
        ->type_name("FILE");
    app.add_option("--since", since_, help(PhraseCode::cli_report_since))->type_name("TIME");
    app.add_option("--by", by_, help(PhraseCode::cli_report_by))
        ->check(one_of({"mapping", "day", "code"}, help))
        ->type_name("");
    app.add_option("--format", format_, help(PhraseCode::cli_report_format))
        ->check(one_of({"text", "json", "html"}, help))
        ->type_name("");
    app.add_option("-o,--output", output_, help(PhraseCode::cli_state_output_to))
        ->type_name("FILE");
    app.add_option("--at", at_, help(PhraseCode::cli_report_at))->type_name("TIME");
  }

  Phrase check() override {
    std::int64_t now = 0;
    if (Phrase problem = read_at(at_, now); !problem.empty()) return problem;
    until_ = now * 1000 + 999;  // to the end of that second
    std::int64_t back = 0;
    if (!read_span(since_, back)) return {PhraseCode::cli_bad_span, {"--since", since_}};
    from_ = until_ - back * 1000;
    return {};
  }

  int run(const std::string& /*command_line*/) override {
    using By = RunsReport::By;
    const By by = by_ == "day" ? By::day : by_ == "code" ? By::code : By::mapping;
    Result<void> done = tell(by);
    return done.ok() ? 0 : exit_of(done.failure(), languages().screen);
  }

 private:
  Result<void> tell(RunsReport::By by) {
    TRAMA_TRY_VOID(refuse_clash(output_, files_of_state(state_)));
    TRAMA_TRY(const RunsReport report, report_runs(state_, by, from_, until_));
    const ReportOutput to{format_, output_ == "-" ? "" : output_};
    const Language language = to.language(languages());
    return write_report(to, format_ == "json"   ? runs_report_json(report)
                            : format_ == "html" ? runs_report_html(report, language)
                                                : runs_report_text(report, language));
  }

  std::string state_;
  std::string since_ = "30d";
  std::string by_ = "mapping";
  std::string format_ = "text";
  std::string output_ = "-";
  std::string at_;
  std::int64_t from_ = 0;
  std::int64_t until_ = 0;
};

}  // namespace

constinit const SubcommandSpec kReportCommand{
    .name = "report",
    .summary = PhraseCode::cli_report_summary,
    .footer = PhraseCode::cli_report_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ReportCommand>(app, languages);
    },
};

}  // namespace trama
