// `trama run`

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "cli/mapping_run.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"

namespace trama {
namespace {

constexpr const char* kFooter =
    "Rejected records go to OUT.rejects.jsonl (without -o: MAPPING.rejects.jsonl). Several inputs "
    "make one\n"
    "output, in their order. Rows go to standard output, everything else to standard error.\n"
    "\n"
    "Example: trama run mappings/reservas-basico.yaml samples/reservas.ndjson -o reservas.csv";

bool ends_like(const std::string& path, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&path](std::string_view end) { return path.ends_with(end); });
}

class RunCommand final : public Subcommand {
 public:
  explicit RunCommand(CLI::App& app) {
    app.add_option("MAPPING", options_.mapping, "the mapping file (YAML)")
        ->required()
        ->type_name("");
    app.add_option("INPUT", options_.run.inputs, "files to read; - or none is standard input")
        ->type_name("");
    app.add_option("--inputs-from", options_.run.inputs_from,
                   "a file with the names of more inputs, one a line; - is standard input")
        ->type_name("FILE");
    app.add_option("--bad-inputs", bad_inputs_,
                   "an input that cannot be read: stop, or reject it and go on (exit 1)")
        ->check(one_of({"stop", "reject"}))
        ->type_name("");
    add_mapping_run(app, options_);
    app.add_option("--limit", options_.run.limit, "read at most so many records")->type_name("N");
  }

  std::string check() override {
    RunOptions& run = options_.run;
    if (run.inputs.empty() && run.inputs_from.empty()) run.inputs.emplace_back("-");
    run.pass_bad_inputs = bad_inputs_ == "reject";
    const bool swapped =
        !run.inputs.empty() &&
        ends_like(options_.mapping, {".json", ".ndjson", ".jsonl", ".gz", ".zst"}) &&
        ends_like(run.inputs.front(), {".yaml", ".yml"});
    if (swapped)
      return "the mapping comes first: trama run " + run.inputs.front() + " " + options_.mapping;
    if (std::string problem = check_mapping_run(options_); !problem.empty()) return problem;
    return run.limit == 0 ? "--limit 0 reads nothing; give a count from 1" : "";
  }

  int run(const std::string& command_line) override { return mapping_run(options_, command_line); }

 private:
  MappingRunOptions options_;
  std::string bad_inputs_ = "stop";
};

}  // namespace

constinit const SubcommandSpec kRunCommand{
    .name = "run",
    .summary = "map inputs to rows",
    .footer = kFooter,
    .make = [](CLI::App& app) -> std::unique_ptr<Subcommand> {
      return std::make_unique<RunCommand>(app);
    },
};

}  // namespace trama
