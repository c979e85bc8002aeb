// What `run` and `replay` have in common: their options, what is checked of them, and the run.

#pragma once

#include <string>

#include "cli/option_parser.h"
#include "run/run.h"

namespace trama {

struct MappingRunOptions {
  std::string mapping;
  std::string root;
  RunOptions run;
  bool draws_progress = false;
  std::string drift;  // warn or stop; of `run` alone
  // as they are written; check_mapping_run() reads them into `run`
  std::string at;
  std::string max_record;
  std::string memory;
  std::string progress = "auto";
  std::string log_format = "text";
};

/// Declares the options that write to `options`; MAPPING and inputs are left to each subcommand.
void add_mapping_run(OptionParser& app, MappingRunOptions& options, Languages languages);
/// What the parser leaves to be checked of them, once the inputs are named: a sentence, empty where all
/// is well. Reads what is written into options.run.
Phrase check_mapping_run(MappingRunOptions& options);
/// Loads the mapping, runs, reports, and gives the exit code.
int mapping_run(const MappingRunOptions& options, const std::string& command_line);

}  // namespace trama
