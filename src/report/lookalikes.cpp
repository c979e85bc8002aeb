#include "report/lookalikes.h"

#include <cstddef>
#include <cstdio>
#include <iterator>
#include <string>

#include "base/phrase_codes.h"
#include "base/utf8.h"

namespace trama {
namespace {

/// Letters of other alphabets that look like ASCII ones in most typefaces (Unicode Technical
/// Standard #39, confusables, those of Cyrillic and Greek).
struct Alike {
  char32_t letter;
  char looks;
};
constexpr Alike kAlike[] = {
    {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'},
    {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'},
    {0x03A5, 'Y'}, {0x03A7, 'X'}, {0x03BF, 'o'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'},
    {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'}, {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'},
    {0x041E, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'}, {0x0425, 'X'}, {0x0430, 'a'},
    {0x0435, 'e'}, {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0443, 'y'}, {0x0445, 'x'},
    {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x2010, '-'}, {0x2011, '-'}, {0x2012, '-'},
    {0x2013, '-'}, {0x2014, '-'}, {0x2212, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201C, '"'},
    {0x201D, '"'}, {0x2044, '/'}, {0x2215, '/'}, {0x2236, ':'}};

/// The ASCII character that `c` looks like, or 0.
char looks_like(char32_t c) noexcept {
  constexpr char32_t kFullWidth = 0xFF01;  // ! to ~, as wide as Chinese characters
  if (c >= kFullWidth && c <= 0xFF5E) return static_cast<char>(c - kFullWidth + '!');
  for (const Alike& alike : kAlike)
    if (alike.letter == c) return alike.looks;
  return 0;
}

bool is_accent(char32_t c) noexcept {
  return c >= 0x0300 && c <= 0x036F;
}

std::string code_of_character(char32_t c) {
  char code[16];
  std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(c));
  return code;
}

}  // namespace

Phrase odd_character(std::string_view text) {
  if (first_invalid_utf8(text) != kValidUtf8) return {};
  std::size_t place = 0;
  std::size_t alike_place = 0;
  char32_t alike = 0;
  bool ascii = true;  // but for what looks like it
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    ++place;
    if (is_accent(c))
      return Phrase(PhraseCode::hint_accent, {std::to_string(place), code_of_character(c)});
    if (c != ' ' && is_space(c) && c != 0xFEFF)
      return Phrase(PhraseCode::hint_blank, {std::to_string(place), code_of_character(c)});
    if (is_unseen(c))
      return Phrase(PhraseCode::hint_unseen, {std::to_string(place), code_of_character(c)});
    if (c < 0x80) continue;
    if (looks_like(c) == 0) {
      ascii = false;
    } else if (alike == 0) {
      alike = c;
      alike_place = place;
    }
  }
  if (alike != 0 && ascii) {
    std::string shown;
    append_utf8(shown, alike);
    return Phrase(PhraseCode::hint_lookalike,
                  {std::to_string(alike_place), shown + " (" + code_of_character(alike) + ")",
                   std::string(1, looks_like(alike))});
  }
  if (!text.empty() && trim(text) != text) return PhraseCode::hint_edge;
  return {};
}

}  // namespace trama
