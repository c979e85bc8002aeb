// trama: the program.

#include <new>
#include <string>

#include "base/codes.h"
#include "base/memory.h"
#include "base/terminal_text.h"
#include "cli/command_line.h"
#include "cli/process.h"
#include "text/catalogue.h"

namespace trama {
namespace {

int run_command(int argc, char** argv) {
  give_back_large_blocks();
  const CommandLine line = parse_command_line(argc, argv);
  prepare_last_words(line.languages.screen);
  try {
    if (line.subcommand) return line.subcommand->run(line.command);
    show(line.exit == 0 ? Screen::out : Screen::err, line.text);
    return line.exit;
  } catch (const ScreenUnwritable& screen) {
    const Failure& failure = screen.failure;
    show(Screen::err,
         std::string(name(failure.code)) + ": " + say(line.languages.screen, failure) + "\n");
    return static_cast<int>(failure.exit());
  }
}

}  // namespace
}  // namespace trama

int main(int argc, char** argv) {
  trama::prepare_process();
  try {
    return trama::run_command(argc, argv);
  } catch (const std::bad_alloc&) {
    return trama::tell_no_memory();
  }
}
