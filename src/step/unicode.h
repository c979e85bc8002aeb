// Unicode for the text steps: case, accents and digits of all languages, by ICU and the rules of no
// language in particular (the root locale). Only unicode.cpp knows ICU, and ASCII never gets there.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace trama {

bool is_ascii(std::string_view text) noexcept;

// Each gives `text` itself where nothing changes, else a text in `arena`. `text` is UTF-8.

std::string_view upper_case(std::string_view text, Arena& arena) noexcept;
std::string_view lower_case(std::string_view text, Arena& arena) noexcept;
/// The first letter of each word a capital, the others small. A letter after an apostrophe begins a
/// word where one letter stands before it and at least two follow: O'Neill, but Traveler's and I'm.
std::string_view title_case(std::string_view text, Arena& arena) noexcept;
/// Letters, their marks and digits in a row: where in a text.
struct WordPlace {
  std::size_t begin = 0;
  std::size_t size = 0;
};
/// The first word from `at` on, which is moved behind it; false where there is none.
bool next_word(std::string_view text, std::size_t& at, WordPlace& out) noexcept;
/// Simple and full case folding (Unicode CaseFolding.txt, C and F):
/// what is equal but for case is equal afterwards.
std::string_view fold_case(std::string_view text, Arena& arena) noexcept;
/// The same for the keys of a table.
std::string fold_case(std::string_view text);
/// Letters without the combining marks on them: é to e, ñ to n, ü to u. Letters that are no letter
/// with a mark (ø, ß, ł) and the marks that other scripts spell with stay.
std::string_view without_accents(std::string_view text, Arena& arena) noexcept;

/// 0 to 9 for a decimal digit of any script, else -1.
int digit_value(char32_t code_point) noexcept;

}  // namespace trama
