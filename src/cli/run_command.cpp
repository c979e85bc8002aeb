// `trama run`

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/phrase_codes.h"
#include "cli/mapping_run.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"

namespace trama {
namespace {

bool ends_like(const std::string& path, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&path](std::string_view end) { return path.ends_with(end); });
}

class RunCommand final : public Subcommand {
 public:
  RunCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("MAPPING", options_.mapping, help(PhraseCode::cli_run_mapping))
        ->required()
        ->type_name("");
    app.add_option("INPUT", options_.run.inputs, help(PhraseCode::cli_run_inputs))->type_name("");
    app.add_option("--inputs-from", options_.run.inputs_from, help(PhraseCode::cli_run_inputs_from))
        ->type_name("FILE");
    app.add_option("--bad-inputs", bad_inputs_, help(PhraseCode::cli_run_bad_inputs))
        ->check(one_of({"stop", "reject"}, help))
        ->type_name("");
    add_mapping_run(app, options_, languages);
    app.add_option("--drift", options_.drift, help(PhraseCode::cli_run_drift))
        ->check(one_of({"warn", "stop"}, help))
        ->type_name("");
    app.add_option("--limit", options_.run.limit, help(PhraseCode::cli_run_limit))->type_name("N");
  }

  Phrase check() override {
    RunOptions& run = options_.run;
    if (run.inputs.empty() && run.inputs_from.empty()) run.inputs.emplace_back("-");
    run.pass_bad_inputs = bad_inputs_ == "reject";
    const bool swapped =
        !run.inputs.empty() &&
        ends_like(options_.mapping, {".json", ".ndjson", ".jsonl", ".gz", ".zst"}) &&
        ends_like(run.inputs.front(), {".yaml", ".yml"});
    if (swapped) return {PhraseCode::cli_mapping_first, {run.inputs.front(), options_.mapping}};
    if (Phrase problem = check_mapping_run(options_); !problem.empty()) return problem;
    if (!options_.drift.empty() && run.limit != UINT64_MAX) return PhraseCode::cli_run_drift_whole;
    return run.limit == 0 ? Phrase(PhraseCode::cli_limit_zero) : Phrase();
  }

  int run(const std::string& command_line) override { return mapping_run(options_, command_line); }

 private:
  MappingRunOptions options_;
  std::string bad_inputs_ = "stop";
};

}  // namespace

constinit const SubcommandSpec kRunCommand{
    .name = "run",
    .summary = PhraseCode::cli_run_summary,
    .footer = PhraseCode::cli_run_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<RunCommand>(app, languages);
    },
};

}  // namespace trama
