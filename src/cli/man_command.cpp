// `trama man`

#include <string>
#include <vector>

#include "base/phrase_codes.h"
#include "cli/man_page.h"
#include "cli/option_words.h"
#include "cli/table_command.h"

namespace trama {
namespace {

class ManCommand final : public TableCommand {
 public:
  ManCommand(OptionParser& app, Languages languages) : TableCommand(app, languages) {
    const Help help(languages);
    std::vector<std::string> names;
    for (const SubcommandSpec* spec : all_subcommands()) names.emplace_back(spec->name);
    app.add_option("COMMAND", command_, help(PhraseCode::cli_man_command))
        ->check(one_of(std::move(names), help))
        ->type_name("");
  }

 private:
  [[nodiscard]] std::string text(const CommandTable& table) const override {
    return man_page(table, command_, languages().screen);
  }

  std::string command_;
};

}  // namespace

constinit const SubcommandSpec kManCommand{
    .name = "man",
    .summary = PhraseCode::cli_man_summary,
    .footer = PhraseCode::cli_man_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ManCommand>(app, languages);
    },
    .tells_of_all = true,
};

}  // namespace trama
