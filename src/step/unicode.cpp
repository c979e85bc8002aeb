// The only file that includes ICU.

#include "step/unicode.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <cstdint>
#include <cstring>

#include "base/ascii.h"
#include "base/check.h"
#include "base/utf8.h"

namespace trama {
namespace {

constexpr const char* kRoot = "";

char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// An ASCII text, each character changed by itself.
template <typename Change>
std::string_view map_ascii(std::string_view text, Arena& arena, Change change) noexcept {
  std::size_t first = 0;
  while (first < text.size() && change(text[first]) == text[first]) ++first;
  if (first == text.size()) return text;
  char* const to = arena.allocate(text.size());
  std::memcpy(to, text.data(), first);
  for (std::size_t i = first; i < text.size(); ++i) to[i] = change(text[i]);
  return {to, text.size()};
}

/// Neither case nor NFD needs more than three times the bytes (UAX #15,
/// table 6; Unicode SpecialCasing.txt).
constexpr std::size_t kGrowth = 3;
/// ICU counts bytes in 32 bits, so that a long text is changed part by part.
constexpr std::size_t kPart = std::size_t{1} << 20U;
constexpr std::size_t kLongestPart = INT32_MAX / kGrowth;

/// How much of `text` is changed at once: up to a character of which `apart` says that nothing in
/// front of it has to do with it or with what follows. A text of which that is true nowhere in 700
/// million bytes is cut there.
template <typename Apart>
std::size_t first_part(std::string_view text, Apart apart) noexcept {
  if (text.size() <= kPart) return text.size();
  std::size_t at = kPart;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) ++at;
  while (at < text.size()) {
    std::size_t next = at;
    if (apart(next_code_point(text, next)) || next > kLongestPart) return at;
    at = next;
  }
  return at;
}

/// What `transform(source, sink, error)` of ICU makes of `text`.
template <typename Transform, typename Apart>
std::string_view by_icu(std::string_view text, Arena& arena, Transform transform,
                        Apart apart) noexcept {
  char* const to = arena.allocate(text.size() * kGrowth);
  std::size_t size = 0;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, first_part(text, apart));
    text.remove_prefix(part.size());
    const auto bytes = static_cast<std::int32_t>(part.size());
    icu::CheckedArrayByteSink sink(to + size, bytes * static_cast<std::int32_t>(kGrowth));
    UErrorCode error = U_ZERO_ERROR;
    transform(icu::StringPiece(part.data(), bytes), sink, error);
    if (error == U_MEMORY_ALLOCATION_ERROR) no_memory();
    TRAMA_CHECK(U_SUCCESS(error) && !sink.Overflowed());
    size += static_cast<std::size_t>(sink.NumberOfBytesWritten());
  }
  return {to, size};
}

/// Case looks at its neighbours (the last sigma of a word) up to a character without case.
template <typename Transform>
std::string_view in_case(std::string_view text, Arena& arena, Transform transform) noexcept {
  return by_icu(text, arena, transform, [](char32_t c) {
    const auto code = static_cast<UChar32>(c);
    return !u_hasBinaryProperty(code, UCHAR_CASED) &&
           !u_hasBinaryProperty(code, UCHAR_CASE_IGNORABLE);
  });
}

std::string_view normalized(std::string_view text, Arena& arena, bool composed) noexcept {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const normalizer =
      composed ? icu::Normalizer2::getNFCInstance(error) : icu::Normalizer2::getNFDInstance(error);
  if (error == U_MEMORY_ALLOCATION_ERROR) no_memory();
  TRAMA_CHECK(U_SUCCESS(error));
  return by_icu(
      text, arena,
      [normalizer](icu::StringPiece from, icu::ByteSink& to, UErrorCode& failed) {
        normalizer->normalizeUTF8(0, from, to, nullptr, failed);
      },
      [normalizer](char32_t c) {
        return normalizer->hasBoundaryBefore(static_cast<UChar32>(c)) != 0;
      });
}

/// The marks that sit on letters of European scripts; vowels of Hindi or the dakuten of Japanese,
/// which are letters to their readers, are not among them.
bool is_accent(char32_t c) noexcept {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
         (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
         (c >= 0xFE20 && c <= 0xFE2F);
}

bool is_apostrophe(char32_t c) noexcept {
  return c == '\'' || c == 0x2019;
}

/// Part of a word: letters, marks and digits.
bool is_word_part(char32_t c) noexcept {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  const auto code = static_cast<UChar32>(c);
  constexpr std::uint32_t parts = U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK;
  return (U_GET_GC_MASK(code) & parts) != 0;
}

/// Whether two parts of a word stand at `at`: neill of o'neill, not the s of traveler's.
bool two_follow(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size() || !is_word_part(next_code_point(text, at))) return false;
  return at < text.size() && is_word_part(next_code_point(text, at));
}

/// Calls `write(code_point, first)` for each code point; `first`: it begins a word.
template <typename Write>
void for_each_in_words(std::string_view text, Write write) noexcept {
  std::size_t length = 0;  // of the word so far
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (is_word_part(c)) {
      write(c, length == 0);
      ++length;
    } else {
      write(c, false);
      const bool within = is_apostrophe(c) && length > 0 && !(length == 1 && two_follow(text, at));
      if (!within) length = 0;
    }
  }
}

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    if ((eight & high_bits) != 0) return false;
  }
  for (; left > 0; --left, ++at) {
    if (static_cast<unsigned char>(*at) >= 0x80) return false;
  }
  return true;
}

std::string_view upper_case(std::string_view text, Arena& arena) noexcept {
  if (is_ascii(text)) return map_ascii(text, arena, capital_letter);
  return in_case(text, arena, [](icu::StringPiece from, icu::ByteSink& to, UErrorCode& error) {
    icu::CaseMap::utf8ToUpper(kRoot, 0, from, to, nullptr, error);
  });
}

std::string_view lower_case(std::string_view text, Arena& arena) noexcept {
  if (is_ascii(text)) return map_ascii(text, arena, ascii_lower);
  return in_case(text, arena, [](icu::StringPiece from, icu::ByteSink& to, UErrorCode& error) {
    icu::CaseMap::utf8ToLower(kRoot, 0, from, to, nullptr, error);
  });
}

std::string_view fold_case(std::string_view text, Arena& arena) noexcept {
  if (is_ascii(text)) return map_ascii(text, arena, ascii_lower);
  return in_case(text, arena, [](icu::StringPiece from, icu::ByteSink& to, UErrorCode& error) {
    icu::CaseMap::utf8Fold(U_FOLD_CASE_DEFAULT, from, to, nullptr, error);
  });
}

std::string fold_case(std::string_view text) {
  Arena arena;
  return std::string(fold_case(text, arena));
}

std::string_view title_case(std::string_view text, Arena& arena) noexcept {
  if (is_ascii(text)) {
    char* const to = arena.allocate(text.size());
    std::size_t size = 0;
    for_each_in_words(text, [&](char32_t c, bool first) {
      const char letter = static_cast<char>(c);
      to[size++] = first ? capital_letter(letter) : ascii_lower(letter);
    });
    return {to, size};
  }
  const std::string_view small = lower_case(text, arena);
  char* const to = arena.allocate(small.size() * 2);  // ɐ has two bytes and its capital three
  std::size_t size = 0;
  for_each_in_words(small, [&](char32_t c, bool first) {
    const auto code = static_cast<UChar32>(c);
    size += write_utf8(to + size, first ? static_cast<char32_t>(u_totitle(code)) : c);
  });
  return {to, size};
}

bool next_word(std::string_view text, std::size_t& at, WordPlace& out) noexcept {
  out = {};
  for (std::size_t next = at; next < text.size(); at = next) {
    const bool part = is_word_part(next_code_point(text, next));
    if (part && out.size == 0) out.begin = at;
    if (part) out.size = next - out.begin;
    if (!part && out.size > 0) return true;
  }
  return out.size > 0;
}

namespace {

std::string_view without_accents_by_icu(std::string_view text, Arena& arena) noexcept {
  const std::string_view apart = normalized(text, arena, false);
  char* const to = arena.allocate(apart.size());
  std::size_t size = 0;
  for (std::size_t at = 0; at < apart.size();) {
    const std::size_t from = at;
    if (is_accent(next_code_point(apart, at))) continue;
    std::memcpy(to + size, apart.data() + from, at - from);
    size += at - from;
  }
  return normalized({to, size}, arena, true);
}

/// What is left of the letters U+0080 to U+017F, those of Spanish, Portuguese, Polish, …: each
/// for itself, since what they come apart into is one letter and accents.
class LatinLetters {
 public:
  static constexpr unsigned char kFirstLead = 0xC2;  // of their two bytes of UTF-8
  static constexpr unsigned char kLastLead = 0xC5;

  LatinLetters() {
    Arena arena;
    for (std::size_t i = 0; i < std::size(left_); ++i) {
      const char letter[2] = {static_cast<char>(kFirstLead + i / 64),
                              static_cast<char>(0x80 + i % 64)};
      left_[i] = without_accents_by_icu({letter, 2}, arena);
      arena.reset();
    }
  }
  [[nodiscard]] std::string_view left(unsigned char lead, unsigned char second) const noexcept {
    return left_[static_cast<std::size_t>(lead - kFirstLead) * 64 + (second - 0x80)];
  }

 private:
  std::string left_[static_cast<std::size_t>(kLastLead - kFirstLead + 1) * 64];
};

}  // namespace

std::string_view without_accents(std::string_view text, Arena& arena) noexcept {
  if (is_ascii(text)) return text;
  static const LatinLetters letters;
  char* const to = arena.allocate(text.size());
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
      to[size++] = text[at];
      continue;
    }
    if (lead > LatinLetters::kLastLead) return without_accents_by_icu(text, arena);
    const std::string_view left = letters.left(lead, static_cast<unsigned char>(text[++at]));
    std::memcpy(to + size, left.data(), left.size());
    size += left.size();
  }
  return {to, size};
}

int digit_value(char32_t c) noexcept {
  if (c < 0x80) return c >= '0' && c <= '9' ? static_cast<int>(c - '0') : -1;
  return u_charDigitValue(static_cast<UChar32>(c));
}

}  // namespace trama
