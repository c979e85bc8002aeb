// `trama man`

#include <string>
#include <vector>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/man_page.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"

namespace trama {
namespace {

class ManCommand final : public Subcommand {
 public:
  ManCommand(OptionParser& app, Languages languages) : Subcommand(languages), app_(app) {
    const Help help(languages);
    std::vector<std::string> names;
    for (const SubcommandSpec* spec : all_subcommands()) names.emplace_back(spec->name);
    app.add_option("COMMAND", command_, help(PhraseCode::cli_man_command))
        ->check(one_of(std::move(names), help))
        ->type_name("");
  }

  /// Here, as the table of the command line lives no longer than the parsing of it.
  Phrase check() override {
    text_ = man_page(command_table(app_), command_, languages().screen);
    return {};
  }

  int run(const std::string& /*command_line*/) override {
    show(Screen::out, text_);
    return 0;
  }

 private:
  const OptionParser& app_;
  std::string command_;
  std::string text_;
};

}  // namespace

constinit const SubcommandSpec kManCommand{
    .name = "man",
    .summary = PhraseCode::cli_man_summary,
    .footer = PhraseCode::cli_man_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ManCommand>(app, languages);
    },
};

}  // namespace trama
