// `trama replay`

#include "base/phrase_codes.h"
#include "cli/mapping_run.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"

namespace trama {
namespace {

class ReplayCommand final : public Subcommand {
 public:
  ReplayCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    options_.run.replay = true;
    app.add_option("REJECTS", options_.run.inputs, help(PhraseCode::cli_replay_rejects))
        ->required()
        ->type_name("");
    app.add_option("-m,--mapping", options_.mapping, help(PhraseCode::cli_replay_mapping))
        ->required()
        ->type_name("MAPPING");
    app.add_flag("--corrected", options_.run.corrected, help(PhraseCode::cli_replay_corrected));
    app.add_flag("--any-mapping", options_.run.any_mapping,
                 help(PhraseCode::cli_replay_any_mapping));
    add_mapping_run(app, options_, languages);
  }

  Phrase check() override { return check_mapping_run(options_); }

  int run(const std::string& command_line) override { return mapping_run(options_, command_line); }

 private:
  MappingRunOptions options_;
};

}  // namespace

constinit const SubcommandSpec kReplayCommand{
    .name = "replay",
    .summary = PhraseCode::cli_replay_summary,
    .footer = PhraseCode::cli_replay_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ReplayCommand>(app, languages);
    },
};

}  // namespace trama
