#include "json/json_text.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "base/utf8.h"

namespace trama {
namespace {

unsigned hex_value(char c) noexcept {
  return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

unsigned unit_at(std::string_view s, std::size_t at) noexcept {
  return hex_value(s[at]) << 12U | hex_value(s[at + 1]) << 8U | hex_value(s[at + 2]) << 4U |
         hex_value(s[at + 3]);
}

void append_escape(std::string& out, unsigned char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[c >> 4U];
      out += kHex[c & 15U];
  }
}

constexpr std::array<bool, 256> kNeedsEscape = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = true;
  table['"'] = true;
  table['\\'] = true;
  return table;
}();

}  // namespace

void append_json_escaped(std::string& out, std::string_view text) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (i + sizeof(Bytes16) <= text.size() && !any(needs_escape(load16(text.data() + i))))
      i += sizeof(Bytes16);
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (!kNeedsEscape[c]) continue;
    out.append(text, from, i - from);
    append_escape(out, c);
    from = i + 1;
  }
  out.append(text, from, text.size() - from);
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

void append_json_unescaped(std::string& out, std::string_view s) {
  std::size_t from = 0;
  for (std::size_t i = s.find('\\'); i != std::string_view::npos; i = s.find('\\', from)) {
    out.append(s, from, i - from);
    const char c = s[i + 1];
    from = i + 2;
    switch (c) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u': {
        char32_t unit = unit_at(s, i + 2);
        from = i + 6;
        if (unit >= 0xD800 && unit <= 0xDBFF) {
          unit = 0x10000 + ((unit - 0xD800) << 10U) + (unit_at(s, i + 8) - 0xDC00);
          from = i + 12;
        }
        append_utf8(out, unit);
        break;
      }
      default:
        out += c;
    }
  }
  out.append(s, from, s.size() - from);
}

}  // namespace trama
