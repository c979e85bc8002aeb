// trama: the program.

#include <string>

#include "base/codes.h"
#include "base/terminal_text.h"
#include "cli/command_line.h"
#include "text/catalogue.h"

int main(int argc, char** argv) {
  using trama::Screen;
  const trama::CommandLine line = trama::parse_command_line(argc, argv);
  try {
    if (line.subcommand) return line.subcommand->run(line.command);
    trama::show(line.exit == 0 ? Screen::out : Screen::err, line.text);
    return line.exit;
  } catch (const trama::ScreenUnwritable& screen) {
    const trama::Failure& failure = screen.failure;
    trama::show(Screen::err, std::string(trama::name(failure.code)) + ": " +
                                 trama::say(line.languages.screen, failure) + "\n");
    return static_cast<int>(failure.exit());
  }
}
