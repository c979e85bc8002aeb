// trama: the program.

#include <iostream>

#include "cli/command_line.h"
#include "report/shown_text.h"

int main(int argc, char** argv) {
  const trama::CommandLine line = trama::parse_command_line(argc, argv);
  if (line.subcommand) return line.subcommand->run(line.command);
  trama::show(line.exit == 0 ? std::cout : std::cerr, line.text);
  return line.exit;
}
