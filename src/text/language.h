// The languages that trama speaks, and which of them is asked for.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace trama {

enum class Language : std::uint8_t {
#define TRAMA_LANGUAGE(id, tag, name, pages) id,
#include "text/languages.inc"
#undef TRAMA_LANGUAGE
};

/// What a command speaks: on the screen, and in the files that it writes.
struct Languages {
  Language screen = Language::en;
  Language files = Language::en;
};

/// All of them, in the order of text/languages.inc.
std::span<const Language> all_languages() noexcept;
/// By its tag of two letters ("es"), or nothing where trama does not speak it.
std::optional<Language> language_of(std::string_view tag) noexcept;
std::string_view tag_of(Language language) noexcept;
/// The tags of all: en, es.
std::span<const std::string_view> language_tags() noexcept;

/// What a screen is written in: what LC_ALL, LC_MESSAGES or LANG asks for, the first of them that
/// is not empty (POSIX.1-2017, XBD 8.2), else English. Nothing of the process's locale is changed.
Language language_of_environment() noexcept;

}  // namespace trama
