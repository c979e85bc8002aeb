// `trama completion`

#include <string>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/completion.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"

namespace trama {
namespace {

class CompletionCommand final : public Subcommand {
 public:
  CompletionCommand(OptionParser& app, Languages languages) : Subcommand(languages), app_(app) {
    const Help help(languages);
    app.add_option("SHELL", shell_, help(PhraseCode::cli_completion_shell))
        ->check(one_of({"bash", "zsh", "fish"}, help))
        ->required()
        ->type_name("");
  }

  /// Here, as the table of the command line lives no longer than the parsing of it.
  Phrase check() override {
    const CommandTable table = command_table(app_);
    text_ = shell_ == "bash"  ? bash_completion(table)
            : shell_ == "zsh" ? zsh_completion(table)
                              : fish_completion(table);
    return {};
  }

  int run(const std::string& /*command_line*/) override {
    show(Screen::out, text_);
    return 0;
  }

 private:
  const OptionParser& app_;
  std::string shell_;
  std::string text_;
};

}  // namespace

constinit const SubcommandSpec kCompletionCommand{
    .name = "completion",
    .summary = PhraseCode::cli_completion_summary,
    .footer = PhraseCode::cli_completion_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<CompletionCommand>(app, languages);
    },
};

}  // namespace trama
