#include "cli/option_words.h"

#include <algorithm>
#include <ctime>
#include <utility>

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
        return help(PhraseCode::cli_write_one_of, {listed(words, PhraseCode::list_or), value});
      },
      "");
}

Phrase listed(const std::vector<std::string>& words, PhraseCode last) {
  std::string all;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) all += (i > 0 ? ", " : "") + words[i];
  if (words.size() < 2) return words.empty() ? Phrase() : Phrase(words.front());
  return {last, {all, words.back()}};
}

Phrase read_at(const std::string& at, std::int64_t& out) {
  out = std::time(nullptr);
  if (at.empty() || read_instant(at, out)) return {};
  return {PhraseCode::cli_bad_at, {at}};
}

}  // namespace trama
