#include "infer/yaml_text.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/utf8.h"

namespace trama {
namespace {

/// Words that mean something to YAML or to the language where they are not in quotes.
constexpr std::string_view kMeaning[] = {"yes", "no",   "true", "false", "null", "none", "on",
                                         "off", "Yes",  "No",   "YES",   "NO",   "True", "False",
                                         "On",  "Off",  "TRUE", "FALSE", "NULL", "Null", "ON",
                                         "OFF", "None", "NONE", "y",     "n",    "Y",    "N"};

void append_escape(std::string& out, char32_t c) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  out += c > 0xFFFF ? "\\U000" : "\\u";
  for (int shift = c > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4)
    out += kHex[(c >> static_cast<unsigned>(shift)) & 15U];
}

/// Control characters, line ends of YAML, what is not seen or turns the direction of writing, what
/// is no character.
bool needs_escape(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || (c >= 0x300 && c <= 0x36F) ||
         c == 0x61C || (c >= 0x115F && c <= 0x1160) || c == 0x1680 ||
         (c >= 0x180B && c <= 0x180F) || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 ||
         (c >= 0xD800 && c <= 0xF8FF) || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFF) ||
         c >= 0xE0000;
}

template <typename Escape>
std::string escaped(std::string_view text, Escape escape) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    const char32_t c = next_code_point(text, at);
    if (!escape(out, c)) out.append(text.substr(before, at - before));
  }
  return out;
}

bool is_plain_byte(char c) noexcept {
  return is_digit(c) || is_letter(c) || c == '_' || c == '.' || c == '-' || c == '/' || c == '+' ||
         c == '$' || c == '@' || c == '%';
}

/// Letters of Latin alphabets, which nothing takes for anything else.
bool is_plain_letter(char32_t c) noexcept {
  return c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7;
}

bool is_plain(std::string_view text) {
  if (text.empty() || text.size() > 200) return false;
  const char first = text.front();
  if (!is_digit(first) && !(first >= 'a' && first <= 'z') && !(first >= 'A' && first <= 'Z') &&
      static_cast<unsigned char>(first) < 0x80 && first != '$')
    return false;
  if (std::find(std::begin(kMeaning), std::end(kMeaning), text) != std::end(kMeaning)) return false;
  bool space = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    const bool blank = c == ' ';
    if (blank && space) return false;
    space = blank;
    if (!blank && !(c < 0x80 ? is_plain_byte(static_cast<char>(c)) : is_plain_letter(c)))
      return false;
  }
  return !space;
}

}  // namespace

std::string yaml_quoted(std::string_view text) {
  std::string out = "\"";
  out += escaped(text, [](std::string& into, char32_t c) {
    if (c == '"' || c == '\\') {
      into += '\\';
      into += static_cast<char>(c);
    } else if (c == '\n') {
      into += "\\n";
    } else if (c == '\t') {
      into += "\\t";
    } else if (needs_escape(c)) {
      append_escape(into, c);
    } else {
      return false;
    }
    return true;
  });
  return out + '"';
}

std::string yaml_scalar(std::string_view text) {
  return is_plain(text) ? std::string(text) : yaml_quoted(text);
}

std::string yaml_list(const std::vector<std::string>& items) {
  std::string list = "[";
  for (const std::string& item : items)
    (list.size() > 1 ? list += ", " : list) += yaml_scalar(item);
  return list + ']';
}

std::string one_or_list(const std::vector<std::string>& items) {
  return items.size() == 1 ? yaml_scalar(items.front()) : yaml_list(items);
}

std::string yaml_note(std::string_view text) {
  return escaped(text, [](std::string& out, char32_t c) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (needs_escape(c) && !(c >= 0x300 && c <= 0x36F))
      append_escape(out, c);
    else
      return false;
    return true;
  });
}

}  // namespace trama
