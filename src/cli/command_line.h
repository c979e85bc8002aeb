// The command line, parsed by the table of subcommands (cli/subcommand.h).

#pragma once

#include <memory>
#include <string>

#include "cli/subcommand.h"

namespace trama {

struct CommandLine {
  /// The subcommand with its options, checked; null: `text` is to be shown,
  /// and the program ends with `exit`.
  std::unique_ptr<Subcommand> subcommand;
  std::string command;  // the whole line as a shell takes it again, the program by its name alone
  Languages languages;  // that it asks for
  std::string text;     // help, versions (exit 0) or what is wrong with the line
  int exit = 0;
};

/// Opens and prints nothing.
CommandLine parse_command_line(int argc, const char* const* argv);

/// `trama --version`: trama, its libraries and the zone data.
std::string version_text(Language language);
/// `trama --version --json`: the same and what it was built from, as schemas/version.schema.json says.
std::string version_json();

}  // namespace trama
