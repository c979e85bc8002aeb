#include "base/phrase.h"

#include "base/phrase_codes.h"

namespace trama {

Phrase Phrase::listed(std::span<const std::string_view> names, PhraseCode last) {
  if (names.size() < 2) return names.empty() ? Phrase() : Phrase(names.front());
  std::string all;
  for (const std::string_view name : names.first(names.size() - 1)) {
    if (!all.empty()) all += ", ";
    all += name;
  }
  return {last, {std::move(all), names.back()}};
}

Phrase Phrase::listed(std::span<const std::string_view> names) {
  return listed(names, PhraseCode::list_or);
}

Phrase Phrase::several(std::vector<Phrase> phrases) {
  Phrase all;
  all.values = std::move(phrases);
  return all;
}

}  // namespace trama
