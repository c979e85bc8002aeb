#include "infer/trade_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "profile/findings.h"

namespace trama {
namespace {

constexpr std::string_view kWords[] = {
#define TRAMA_CONCEPT(id, words) words,
#include "infer/trade_words.inc"
#undef TRAMA_CONCEPT
};

std::map<std::string_view, Concept> table() {
  std::map<std::string_view, Concept> concepts;
  for (std::size_t i = 0; i < std::size(kWords); ++i) {
    std::string_view left = kWords[i];
    while (!left.empty()) {
      const std::size_t end = std::min(left.find(' '), left.size());
      concepts.emplace(left.substr(0, end), static_cast<Concept>(i));
      left.remove_prefix(std::min(end + 1, left.size()));
    }
  }
  return concepts;
}

/// The concept of a word, or of what it is the plural of.
bool find_concept(std::string_view word, Concept& out) {
  static const std::map<std::string_view, Concept> concepts = table();
  for (const std::string_view plural : {"", "s", "es"}) {
    if (!word.ends_with(plural)) continue;
    const auto found = concepts.find(word.substr(0, word.size() - plural.size()));
    if (found == concepts.end()) continue;
    out = found->second;
    return true;
  }
  return false;
}

}  // namespace

Concepts concepts_of(std::string_view name) {
  const std::vector<std::string> words = name_words(name);
  Concepts concepts;
  for (std::size_t i = 0; i < words.size(); ++i) {
    Concept one{};
    if (i + 1 < words.size() && find_concept(words[i] + '-' + words[i + 1], one)) {
      concepts.add(one);
      ++i;
    } else if (find_concept(words[i], one)) {
      concepts.add(one);
    }
  }
  if (concepts.has(Concept::firstname)) concepts.add(Concept::name);  // `name` beside `surname`
  return concepts;
}

std::string_view word_of(Concept one) noexcept {
  const std::string_view words = kWords[static_cast<std::size_t>(one)];
  return words.substr(0, words.find(' '));
}

}  // namespace trama
