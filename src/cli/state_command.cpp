// `trama state`

#include <memory>
#include <string>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/run_history.h"
#include "report/shown_text.h"
#include "run/run.h"
#include "sink/output_file.h"
#include "state/state.h"
#include "text/catalogue.h"

namespace trama {
namespace {

class StateCommand final : public Subcommand {
 public:
  StateCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("ACTION", action_, help(PhraseCode::cli_state_action))
        ->required()
        ->check(one_of({"check", "export", "prune", "settle"}, help))
        ->type_name("");
    app.add_option("FILE", file_, help(PhraseCode::cli_state_file))->required()->type_name("");
    app.add_option("-o,--output", output_, help(PhraseCode::cli_state_export_to))
        ->type_name("FILE");
    app.add_option("--keep", keep_, help(PhraseCode::cli_state_keep))->type_name("TIME");
    app.add_option("--run", run_, help(PhraseCode::cli_state_run))->type_name("ID");
    app.add_option("--as", as_, help(PhraseCode::cli_state_as))
        ->check(one_of({"published", "failed"}, help))
        ->type_name("");
  }

  Phrase check() override {
    const auto only = [this](bool stated, std::string_view option,
                             std::string_view action) -> Phrase {
      if (!stated || action_ == action) return {};
      return {PhraseCode::cli_state_option, {option, action}};
    };
    for (Phrase problem :
         {only(output_ != "-", "-o", "export"), only(!keep_.empty(), "--keep", "prune"),
          only(!run_.empty(), "--run", "settle"), only(!as_.empty(), "--as", "settle")})
      if (!problem.empty()) return problem;
    if (action_ == "prune" && !read_span(keep_, kept_seconds_))
      return {PhraseCode::cli_bad_span, {"--keep", keep_}};
    if (action_ == "settle" && (run_.empty() || as_.empty())) return PhraseCode::cli_state_settle;
    return {};
  }

  int run(const std::string& /*command_line*/) override {
    const StopFlag& stop = watch_signals();
    Result<void> done = action_ == "check"    ? check_state()
                        : action_ == "export" ? export_state()
                        : action_ == "prune"  ? prune()
                                              : settle_run(file_, run_, as_ == "published", stop);
    return done.ok() ? 0 : exit_of(done.failure(), stop, languages().screen);
  }

 private:
  void line(PhraseCode code, std::vector<Phrase> values) {
    show(Screen::out, say(languages().screen, Phrase(code, std::move(values))) + '\n');
  }

  Result<void> check_state() {
    TRAMA_TRY(const auto state, State::open(file_, Database::Use::read));
    TRAMA_TRY_VOID(state->check());
    TRAMA_TRY(const State::Counts counts, state->counts());
    line(PhraseCode::cli_state_sound,
         {file_, Phrase(PhraseCode::runs_runs, {grouped(counts.runs)}),
          Phrase(PhraseCode::cli_state_files, {grouped(counts.files)}),
          Phrase(PhraseCode::keys, {grouped(counts.keys)})});
    if (counts.publishing > 0)
      line(PhraseCode::cli_state_publishing,
           {Phrase(PhraseCode::runs_runs, {grouped(counts.publishing)})});
    return {};
  }

  Result<void> export_state() {
    TRAMA_TRY_VOID(refuse_clash(output_, files_of_state(file_)));
    TRAMA_TRY(const auto file, OutputFile::open(output_));
    TRAMA_TRY_VOID(export_runs(file_, [&](const std::string& one) { return file->write(one); }));
    return file->publish();
  }

  Result<void> prune() {
    TRAMA_TRY(const auto state, State::open(file_, Database::Use::write));
    const std::int64_t before = milliseconds_now() - kept_seconds_ * 1000;
    TRAMA_TRY(const State::Counts gone, state->prune(before));
    line(PhraseCode::cli_state_pruned,
         {Phrase(PhraseCode::runs_runs, {grouped(gone.runs)}),
          Phrase(PhraseCode::cli_state_files, {grouped(gone.files)}), utc_minute(before)});
    return {};
  }

  std::string action_;
  std::string file_;
  std::string output_ = "-";
  std::string keep_;
  std::string run_;
  std::string as_;
  std::int64_t kept_seconds_ = 0;
};

}  // namespace

constinit const SubcommandSpec kStateCommand{
    .name = "state",
    .summary = PhraseCode::cli_state_summary,
    .footer = PhraseCode::cli_state_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<StateCommand>(app, languages);
    },
};

}  // namespace trama
