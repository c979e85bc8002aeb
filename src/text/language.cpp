#include "text/language.h"

#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace trama {
namespace {

constexpr std::string_view kTags[] = {
#define TRAMA_LANGUAGE(id, tag, name, pages) tag,
#include "text/languages.inc"
#undef TRAMA_LANGUAGE
};

constexpr Language kLanguages[] = {
#define TRAMA_LANGUAGE(id, tag, name, pages) Language::id,
#include "text/languages.inc"
#undef TRAMA_LANGUAGE
};

}  // namespace

std::span<const Language> all_languages() noexcept {
  return kLanguages;
}

std::optional<Language> language_of(std::string_view tag) noexcept {
  for (std::size_t i = 0; i < std::size(kTags); ++i)
    if (kTags[i] == tag) return static_cast<Language>(i);
  return std::nullopt;
}

std::string_view tag_of(Language language) noexcept {
  return kTags[static_cast<std::size_t>(language)];
}

std::span<const std::string_view> language_tags() noexcept {
  return kTags;
}

Language language_of_environment() noexcept {
  for (const char* const variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const value = std::getenv(variable);
    if (value == nullptr || *value == '\0') continue;
    // es, es_CO.UTF-8, es@euro
    const std::string_view locale = value;
    return language_of(locale.substr(0, locale.find_first_of("_.@"))).value_or(Language::en);
  }
  return Language::en;
}

}  // namespace trama
