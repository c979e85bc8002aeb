// `trama error`: the pages of the codes, in English or Spanish (text/error_pages.h).

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "base/exit.h"
#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "text/error_pages.h"

namespace trama {
namespace {

class ErrorCommand final : public Subcommand {
 public:
  ErrorCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    app.add_option("CODE", code_, Help(languages)(PhraseCode::cli_error_code))->type_name("");
  }

  Phrase check() override {
    for (char& c : code_) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (code_.empty()) return {};
    const std::vector<ErrorPage> pages = error_pages(Language::en);
    std::vector<std::string_view> codes;
    for (const ErrorPage& page : pages) codes.push_back(page.code);
    if (std::find(codes.begin(), codes.end(), code_) != codes.end()) return {};
    const std::string_view near = nearest(code_, codes);
    return near.empty() ? Phrase(PhraseCode::cli_error_unknown, {code_})
                        : Phrase(PhraseCode::cli_error_near, {code_, near});
  }

  int run(const std::string& /*command_line*/) override {
    const Language language = languages().screen;
    if (code_.empty()) {
      show(Screen::out, list_of_pages(language));
      return 0;
    }
    for (const ErrorPage& page : error_pages(language))
      if (page.code == code_) show(Screen::out, shown_page(page, language));
    return 0;
  }

 private:
  std::string code_;
};

}  // namespace

constinit const SubcommandSpec kErrorCommand{
    .name = "error",
    .summary = PhraseCode::cli_error_summary,
    .footer = PhraseCode::cli_error_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ErrorCommand>(app, languages);
    },
};

}  // namespace trama
