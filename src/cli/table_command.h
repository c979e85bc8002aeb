// TableCommand: a subcommand that prints what is made of the table of the command line.

#pragma once

#include <string>

#include "base/terminal_text.h"
#include "cli/command_table.h"
#include "cli/subcommand.h"

namespace trama {

class TableCommand : public Subcommand {
 public:
  TableCommand(OptionParser& app, Languages languages) : Subcommand(languages), app_(app) {}

  /// Here, as the table of the command line lives no longer than the parsing of it.
  Phrase check() final {
    text_ = text(command_table(app_));
    return {};
  }
  int run(const std::string& /*command_line*/) final {
    show(Screen::out, text_);
    return 0;
  }

 private:
  [[nodiscard]] virtual std::string text(const CommandTable& table) const = 0;

  const OptionParser& app_;
  std::string text_;
};

}  // namespace trama
