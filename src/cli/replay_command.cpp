// `trama replay`

#include "cli/mapping_run.h"
#include "cli/subcommand.h"

namespace trama {
namespace {

constexpr const char* kFooter =
    "Rows of a replay are those that the rejects lacked: add them to those of the first run. What "
    "is\n"
    "rejected again goes to OUT.rejects.jsonl, with its place in the first dump (without -o:\n"
    "REJECTS.again.rejects.jsonl). Duplicates stay left out; limits are of whole dumps, so they "
    "are\n"
    "not judged. Refused where 'duplicates' or how records are found changed, and with tables of "
    "the dump;\n"
    "rejects of another mapping, and lines that are not as trama wrote them, unless the options "
    "say "
    "so.\n"
    "\n"
    "Example: trama replay reservas.csv.rejects.jsonl -m mappings/reservas-basico.yaml -o "
    "more.csv";

class ReplayCommand final : public Subcommand {
 public:
  explicit ReplayCommand(CLI::App& app) {
    options_.run.replay = true;
    app.add_option("REJECTS", options_.run.inputs, "rejects files; - is standard input")
        ->required()
        ->type_name("");
    app.add_option("-m,--mapping", options_.mapping, "the repaired mapping (YAML)")
        ->required()
        ->type_name("MAPPING");
    app.add_flag("--corrected", options_.run.corrected,
                 "take lines that a person changed; the audit column 'corrected' marks their rows");
    app.add_flag("--any-mapping", options_.run.any_mapping,
                 "take rejects of a mapping that had another name");
    add_mapping_run(app, options_);
  }

  std::string check() override { return check_mapping_run(options_); }

  int run(const std::string& command_line) override { return mapping_run(options_, command_line); }

 private:
  MappingRunOptions options_;
};

}  // namespace

constinit const SubcommandSpec kReplayCommand{
    .name = "replay",
    .summary = "run rejected records again, through the repaired mapping",
    .footer = kFooter,
    .make = [](CLI::App& app) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ReplayCommand>(app);
    },
};

}  // namespace trama
