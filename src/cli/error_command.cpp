// `trama error`: the pages of the codes, in English or Spanish (text/error_pages.h).

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/exit.h"
#include "base/nearest.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "report/shown_text.h"
#include "text/error_pages.h"

namespace trama {
namespace {

class ErrorCommand final : public Subcommand {
 public:
  explicit ErrorCommand(CLI::App& app) {
    app.add_option("CODE", code_,
                   "a code of a report, such as LOOKUP_UNKNOWN; without it, all of them")
        ->type_name("");
    app.add_option("--lang", language_, "en or es; else what LC_ALL, LC_MESSAGES or LANG say")
        ->check(one_of({"en", "es"}))
        ->type_name("");
  }

  std::string check() override {
    for (char& c : code_) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (code_.empty()) return {};
    const std::vector<ErrorPage> pages = error_pages(Language::en);
    std::vector<std::string_view> codes;
    for (const ErrorPage& page : pages) codes.push_back(page.code);
    if (std::find(codes.begin(), codes.end(), code_) != codes.end()) return {};
    const std::string_view near = nearest(code_, codes);
    return "no code is called '" + code_ + "'" +
           (near.empty() ? "; trama error lists them all"
                         : "; did you mean '" + std::string(near) + "'?");
  }

  int run(const std::string& /*command_line*/) override {
    const Language language = language_of(language_).value_or(
        language_.empty() ? language_of_environment() : Language::en);
    if (code_.empty()) {
      show(std::cout, list_of_pages(language));
      return 0;
    }
    for (const ErrorPage& page : error_pages(language))
      if (page.code == code_) show(std::cout, shown_page(page, language));
    return 0;
  }

 private:
  std::string code_;
  std::string language_;
};

}  // namespace

constinit const SubcommandSpec kErrorCommand{
    .name = "error",
    .summary = "explain a code of a report, with an example before and after",
    .footer = "Example: trama error LOOKUP_UNKNOWN",
    .make = [](CLI::App& app) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ErrorCommand>(app);
    },
};

}  // namespace trama
