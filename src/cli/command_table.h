// CommandTable: what the command line takes, read back from what the subcommands declared. --help,
// completions and man pages are three views of it; nowhere else is an option listed.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/option_parser.h"

namespace trama {

/// What a shell may offer where a value is asked for.
enum class Offers : std::uint8_t { nothing, words, files, folders };

struct OptionRow {
  std::vector<std::string> names;  // "-o", "--output"; of an argument its one name, "MAPPING"
  std::string help;
  std::string value;  // what stands for its value in help ("FILE"); empty: none does
  bool takes_value = false;
  bool required = false;
  bool repeats = false;  // several values, or the option several times
  Offers offers = Offers::nothing;
  std::vector<std::string> words;               // of Offers::words
  std::span<const std::string_view> endings{};  // of Offers::files ("yaml"); none: any file
};

struct CommandRow {
  std::string name;  // "run"; of the program itself "trama"
  std::string summary;
  std::string footer;
  std::vector<OptionRow> options;
  std::vector<OptionRow> arguments;  // by their places
};

struct CommandTable {
  CommandRow program;
  std::vector<CommandRow> commands;  // in the order of cli/all.inc
};

/// Of the program that `app` is a part of, in the language that it was declared in.
CommandTable command_table(const OptionParser& app);

}  // namespace trama
