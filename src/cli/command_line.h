// The command line as plain options. command_line.cpp is the only user of CLI11.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/run.h"

namespace trama {

enum class CheckFormat : std::uint8_t { text, json };

struct CheckOptions {
  std::vector<std::string> mappings;
  CheckFormat format = CheckFormat::text;
  bool strict = false;
  bool plan = false;
  bool expanded = false;
  std::string column;
  std::string root;
};

enum class TestFormat : std::uint8_t { text, junit, json };

struct TestOptions {
  std::vector<std::string> mappings;
  TestFormat format = TestFormat::text;
  std::string root;
  std::int64_t now = 0;  // of tests that state no `at`
  bool accept = false;
  bool coverage = false;
};

struct RunCommandOptions {
  std::string mapping;
  std::string root;
  RunOptions run;
};

/// What else holds for the inputs once all their names are known; a sentence, empty where all is
/// well.
std::string check_inputs(const RunOptions& run);

struct CommandLine {
  enum class Command : std::uint8_t { none, run, check, test, schema };
  Command command = Command::none;  // none: `text` is to be shown, and the program ends with `exit`
  RunCommandOptions run;            // of `replay` too
  CheckOptions check;
  TestOptions test;
  std::string text;
  int exit = 0;
};

CommandLine parse_command_line(int argc, const char* const* argv);

/// The commands; each prints what it has to say and gives the exit code.
int run_command(const RunCommandOptions& options);
int check_command(const CheckOptions& options);
/// `trama schema`: prints schema_text().
int schema_command();
/// The JSON Schema (draft-07) of mappings, for editors; schemas/mapping.schema.json is this text.
std::string schema_text();
int test_command(const TestOptions& options);
/// `trama --version`: trama, its libraries and the zone data.
std::string version_text();

}  // namespace trama
