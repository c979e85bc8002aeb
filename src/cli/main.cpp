// trama: the program.

#include <iostream>

#include "cli/command_line.h"
#include "report/shown_text.h"

int main(int argc, char** argv) {
  using trama::CommandLine;
  const CommandLine line = trama::parse_command_line(argc, argv);
  switch (line.command) {
    case CommandLine::Command::run:
      return trama::run_command(line.run);
    case CommandLine::Command::check:
      return trama::check_command(line.check);
    case CommandLine::Command::schema:
      return trama::schema_command();
    case CommandLine::Command::test:
      return trama::test_command(line.test);
    case CommandLine::Command::none:
      break;
  }
  trama::show(line.exit == 0 ? std::cout : std::cerr, line.text);
  return line.exit;
}
