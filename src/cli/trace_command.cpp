// `trama trace`

#include <optional>
#include <string>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/load.h"
#include "engine/trace.h"
#include "report/diagnostics_text.h"
#include "report/report_line.h"
#include "report/trace_report.h"

namespace trama {
namespace {

class TraceCommand final : public Subcommand {
 public:
  TraceCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("MAPPING", facts_.mapping, help(PhraseCode::cli_run_mapping))
        ->required()
        ->type_name("");
    app.add_option("INPUT", options_.input, help(PhraseCode::cli_trace_input))
        ->required()
        ->type_name("");
    id_ = app.add_option("--id", options_.id, help(PhraseCode::cli_trace_id))->type_name("ID");
    number_ = app.add_option("--record", options_.number, help(PhraseCode::cli_trace_record))
                  ->type_name("N");
    app.add_option("--column", options_.column, help(PhraseCode::cli_trace_column))->type_name("C");
    app.add_option("--format", format_, help(PhraseCode::cli_trace_format))
        ->check(one_of({"text", "json"}, help))
        ->type_name("");
    app.add_option("--at", at_, help(PhraseCode::cli_preview_at))->type_name("TIME");
    app.add_option("--root", root_, help(PhraseCode::cli_root))->type_name("DIR");
    add_progress(app, progress_, help);
  }

  Phrase check() override {
    if (id_->count() == 0 && number_->count() == 0) return PhraseCode::cli_trace_which;
    if (id_->count() > 0 && number_->count() > 0) return PhraseCode::cli_trace_one;
    if (number_->count() > 0 && options_.number == 0) return PhraseCode::cli_trace_from_one;
    if (const Phrase wrong = check_standard_input({options_.input}, false); !wrong.empty())
      return wrong;
    return read_at(at_, options_.now);
  }

  int run(const std::string& /*command_line*/) override {
    options_.stop = &watch_signals();
    facts_.input = options_.input;
    facts_.column = options_.column;
    options_.language = format_ == "text" ? languages().screen : languages().files;
    TableLines lines;
    LoadedMapping loaded = load_mapping(facts_.mapping, root_, kMemoryBytes, &lines);
    show(Screen::err, render_text(loaded.diagnostics, loaded.files, languages().screen));
    if (!loaded.plan) return static_cast<int>(Exit::mapping);
    const Result<Trace> made = read(loaded, lines);
    if (!made.ok()) return exit_of(made.failure(), *options_.stop, languages().screen);
    show(Screen::out, format_ == "json" ? json_shown(trace_json(made.value(), facts_))
                                        : trace_text(made.value(), facts_, options_.language,
                                                     columns_of(Screen::out, kReportColumns)));
    return 0;
  }

 private:
  Result<Trace> read(LoadedMapping& loaded, const TableLines& lines) {
    std::optional<ProgressLine> line;
    if (wants_progress(progress_)) {
      line.emplace(languages().screen);
      options_.progress = [&line](const RunProgress& at) { line->draw(at); };
    }
    return trace(loaded, lines, options_);
  }

  TraceOptions options_;
  TraceFacts facts_;
  Option* id_ = nullptr;
  Option* number_ = nullptr;
  std::string root_;
  std::string at_;
  std::string format_ = "text";
  std::string progress_ = "auto";
};

}  // namespace

constinit const SubcommandSpec kTraceCommand{
    .name = "trace",
    .summary = PhraseCode::cli_trace_summary,
    .footer = PhraseCode::cli_trace_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<TraceCommand>(app, languages);
    },
};

}  // namespace trama
