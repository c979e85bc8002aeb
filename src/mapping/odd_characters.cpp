#include "mapping/odd_characters.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/phrase_codes.h"
#include "base/utf8.h"

namespace trama {
namespace {

constexpr std::size_t kMaxWarnings = 20;

std::string code_of_character(char32_t c) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string code = "U+";
  for (int shift = c > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4) code += kHex[c >> shift & 15U];
  return code;
}

bool is_curly_quote(char32_t c) noexcept {
  return c >= 0x2018 && c <= 0x201F;
}

bool is_odd_dash(char32_t c) noexcept {
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2022;
}

/// The last character of a text that is not empty.
char32_t last_character(std::string_view text) {
  std::size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return next_code_point(text, at);
}

class Walk {
 public:
  explicit Walk(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void node(const YamlNode& node) {
    if (node.is_scalar()) return text(node);
    for (const YamlNode& item : node.items) this->node(item);
    for (const YamlEntry& entry : node.entries) {
      text(entry.key);
      if (!is_for_people(entry.key.text)) this->node(entry.value);
    }
  }

  void top(const YamlNode& mapping) {
    for (const YamlEntry& entry : mapping.entries)
      if (entry.key.text != "tests" && !is_for_people(entry.key.text)) node(entry.value);
  }

 private:
  static bool is_for_people(std::string_view key) noexcept {
    return key == "message" || key == "description" || key == "mapping";
  }

  void text(const YamlNode& node) {
    if (node.quoted || count_ == kMaxWarnings) return;
    const OddCharacter odd = odd_in_mapping(node.text);
    if (odd.message.empty()) return;
    ++count_;
    diagnostics_.push_back({DiagnosticCode::character_odd, node.span, {odd.message, odd.help, ""}});
  }

  Diagnostics& diagnostics_;
  std::size_t count_ = 0;
};

}  // namespace

OddCharacter odd_in_mapping(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return {};  // nearly every text
  std::size_t second = 0;
  const char32_t first = next_code_point(text, second);
  if (is_odd_dash(first) && text.substr(second, 1) == " ")
    return {Phrase(PhraseCode::an_odd_dash,
                   {std::string(text.substr(0, second)), code_of_character(first)}),
            PhraseCode::write_an_ordinary_dash};
  const char32_t last = last_character(text);
  const bool curly = second < text.size() && is_curly_quote(first) && is_curly_quote(last);
  if (curly || first == U'\u201C' || last == U'\u201D') {
    std::string quote;
    append_utf8(quote, is_curly_quote(first) ? first : last);
    return {Phrase(PhraseCode::a_curly_quote, {quote}), PhraseCode::write_straight_quotes};
  }
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c >= 0x80 && (is_space(c) || is_unseen(c)))
      return {Phrase(PhraseCode::an_odd_character, {code_of_character(c)}),
              PhraseCode::quotes_where_it_is_meant};
    if (c >= 0x0300 && c <= 0x036F)
      return {Phrase(PhraseCode::an_accent_apart, {code_of_character(c)}),
              PhraseCode::write_the_letter_as_one};
  }
  return {};
}

void warn_of_odd_characters(const YamlNode& mapping, Diagnostics& diagnostics) {
  Walk(diagnostics).top(mapping);
}

}  // namespace trama
