// `trama completion`

#include <string>

#include "base/phrase_codes.h"
#include "cli/completion.h"
#include "cli/option_words.h"
#include "cli/table_command.h"

namespace trama {
namespace {

class CompletionCommand final : public TableCommand {
 public:
  CompletionCommand(OptionParser& app, Languages languages) : TableCommand(app, languages) {
    const Help help(languages);
    app.add_option("SHELL", shell_, help(PhraseCode::cli_completion_shell))
        ->check(one_of({"bash", "zsh", "fish"}, help))
        ->required()
        ->type_name("");
  }

 private:
  [[nodiscard]] std::string text(const CommandTable& table) const override {
    return shell_ == "bash"  ? bash_completion(table)
           : shell_ == "zsh" ? zsh_completion(table)
                             : fish_completion(table);
  }

  std::string shell_;
};

}  // namespace

constinit const SubcommandSpec kCompletionCommand{
    .name = "completion",
    .summary = PhraseCode::cli_completion_summary,
    .footer = PhraseCode::cli_completion_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<CompletionCommand>(app, languages);
    },
    .tells_of_all = true,
};

}  // namespace trama
