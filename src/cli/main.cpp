// trama: the program.

#include "base/terminal_text.h"
#include "cli/command_line.h"

int main(int argc, char** argv) {
  const trama::CommandLine line = trama::parse_command_line(argc, argv);
  if (line.subcommand) return line.subcommand->run(line.command);
  trama::show(line.exit == 0 ? trama::Screen::out : trama::Screen::err, line.text);
  return line.exit;
}
