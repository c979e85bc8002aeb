#include "cli/option_words.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "base/phrase_codes.h"
#include "text/catalogue.h"
#include "value/dates.h"

namespace trama {

std::string Help::operator()(PhraseCode code, std::vector<Phrase> values) const {
  return say(language_, Phrase(code, std::move(values)));
}

CLI::Validator one_of(std::vector<std::string> words, const Help& help) {
  return CLI::Validator(
      [words = std::move(words), help](const std::string& value) -> std::string {
        if (std::find(words.begin(), words.end(), value) != words.end()) return {};
        const std::vector<std::string_view> names(words.begin(), words.end());
        return help(PhraseCode::cli_write_one_of, {Phrase::listed(names), value});
      },
      "");
}

void add_mappings(CLI::App& app, std::vector<std::string>& mappings, const Help& help) {
  app.add_option("MAPPING", mappings, help(PhraseCode::cli_mappings))->required()->type_name("");
}

Phrase read_at(const std::string& at, std::int64_t& out) {
  out = std::time(nullptr);
  if (at.empty() || read_instant(at, out)) return {};
  return {PhraseCode::cli_bad_at, {at}};
}

}  // namespace trama
