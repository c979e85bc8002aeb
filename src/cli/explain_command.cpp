// `trama explain`

#include <string>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/explain.h"
#include "report/diagnostics_text.h"
#include "report/report_line.h"

namespace trama {
namespace {

class ExplainCommand final : public Subcommand {
 public:
  ExplainCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("MAPPING", mapping_, help(PhraseCode::cli_run_mapping))
        ->required()
        ->type_name("");
    app.add_option("--format", format_, help(PhraseCode::cli_explain_format))
        ->check(one_of({"text", "markdown", "json"}, help))
        ->type_name("");
    app.add_option("--root", root_, help(PhraseCode::cli_root))->type_name("DIR");
  }

  int run(const std::string& /*command_line*/) override {
    const LoadedMapping loaded = load_mapping(mapping_, root_);
    show(Screen::err, render_text(loaded.diagnostics, loaded.files, languages().screen));
    if (!loaded.plan) return static_cast<int>(Exit::mapping);
    const Explanation told =
        explain(loaded, format_ == "json" ? languages().files : languages().screen);
    show(Screen::out, format_ == "json" ? json_shown(explanation_json(told, mapping_))
                      : format_ == "markdown"
                          ? explanation_markdown(told)
                          : explanation_text(told, columns_of(Screen::out, kReportColumns)));
    return 0;
  }

 private:
  std::string mapping_;
  std::string root_;
  std::string format_ = "text";
};

}  // namespace

constinit const SubcommandSpec kExplainCommand{
    .name = "explain",
    .summary = PhraseCode::cli_explain_summary,
    .footer = PhraseCode::cli_explain_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ExplainCommand>(app, languages);
    },
};

}  // namespace trama
