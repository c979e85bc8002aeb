#include "report/shown_text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <ostream>

#include "base/utf8.h"

namespace trama {
namespace {

bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

void append_hex(std::string& out, char32_t c, int digits) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kHex[c >> shift & 15U];
}

void append_visible(std::string& out, char32_t c) {
  switch (c) {
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
      out += c < 0x100 ? "\\x" : "\\u";
      append_hex(out, c, c < 0x100 ? 2 : 4);
  }
}

/// How many characters of valid UTF-8 `text` starts with, as bytes.
std::size_t valid_prefix(std::string_view text) noexcept {
  const std::size_t bad = first_invalid_utf8(text);
  return bad == kValidUtf8 ? text.size() : bad;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t characters) {
  if (text.size() <= characters) return std::string(text);
  std::size_t seen = 0;
  std::size_t cut = 0;  // where the last character that fits beside `…` ends
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_continuation(text[i])) continue;
    if (seen + 1 == characters) cut = i;
    if (seen++ == characters) return std::string(text.substr(0, cut)) + "…";
  }
  return std::string(text);
}

std::string visible(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t valid = valid_prefix(text);
    for (std::size_t at = 0; at < valid;) {
      const std::size_t from = at;
      const char32_t c = next_code_point(text.substr(0, valid), at);
      if (is_unseen(c) && c >= 0xA0) {
        out += "\\u";
        append_hex(out, c, 4);
      } else if (is_unseen(c)) {
        append_visible(out, c);
      } else {
        out.append(text, from, at - from);
      }
    }
    if (valid == text.size()) break;
    append_visible(out, static_cast<unsigned char>(text[valid]));
    text.remove_prefix(valid + 1);
  }
  return out;
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos)
    return std::string(word);
  std::string quoted = "'";
  for (const char c : word) c == '\'' ? quoted += "'\\''" : quoted += c;
  return quoted + '\'';
}

void show(std::ostream& screen, std::string_view text) {
  while (!text.empty()) {
    const std::size_t line = std::min(text.find('\n'), text.size());
    screen << visible(text.substr(0, line));
    if (line < text.size()) screen << '\n';
    text.remove_prefix(std::min(line + 1, text.size()));
  }
}

std::string json_shown(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const std::size_t valid = valid_prefix(json);
    for (std::size_t at = 0; at < valid;) {
      const std::size_t from = at;
      const char32_t c = next_code_point(json.substr(0, valid), at);
      if (c >= 0x7F && is_unseen(c)) {
        out += "\\u";
        append_hex(out, c, 4);
      } else {
        out.append(json, from, at - from);
      }
    }
    if (valid == json.size()) break;
    out += "\\ufffd";
    json.remove_prefix(valid + 1);
  }
  return out;
}

std::string grouped(std::uint64_t n) {
  std::string out = std::to_string(n);
  if (n < 10000) return out;
  for (std::size_t i = out.size(); i > 3;) out.insert(i -= 3, 1, ',');
  return out;
}

std::string shown_percent(std::uint64_t count, std::uint64_t of, std::string_view limit) {
  if (of == 0) return "0";
  const std::size_t point = std::min(limit.find('.'), limit.size());
  std::string_view limit_decimals = limit.substr(std::min(point + 1, limit.size()));
  std::string_view limit_whole = limit.substr(0, point);
  while (limit_whole.size() > 1 && limit_whole.front() == '0') limit_whole.remove_prefix(1);
  while (limit_decimals.ends_with('0')) limit_decimals.remove_suffix(1);

  __extension__ using Wide = unsigned __int128;
  const Wide hundredfold = Wide{count} * 100;
  std::string digits = std::to_string(static_cast<std::uint64_t>(hundredfold / of));
  Wide left = hundredfold % of;  // below 2^64, so ten times that fits
  bool apart = digits != limit_whole;
  std::size_t decimals = 0;
  const auto next = [&] {
    left *= 10;
    digits += static_cast<char>('0' + static_cast<int>(left / of));
    left %= of;
    ++decimals;
  };
  while (!apart && (left != 0 || decimals < limit_decimals.size())) {
    next();
    const char other = decimals <= limit_decimals.size() ? limit_decimals[decimals - 1] : '0';
    apart = digits.back() != other;
  }
  next();
  if (left * 2 >= of) {  // rounding half up
    std::size_t i = digits.size();
    while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
    if (i > 0)
      ++digits[i - 1];
    else
      digits.insert(0, 1, '1');
  }
  digits.insert(digits.size() - decimals, 1, '.');
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return grouped(n) + ' ' + std::string(n == 1 ? one : many);
}

std::size_t characters_in(std::string_view text) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  std::size_t continuations = 0;
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= text.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof(word));
    // One bit a byte; the product's highest byte is their sum.
    continuations += static_cast<std::size_t>(
        (((word >> 7U) & ~(word >> 6U) & kOnes) * kOnes) >> 56U);
  }
  for (; i < text.size(); ++i) continuations += is_continuation(text[i]) ? 1 : 0;
  return text.size() - continuations;
}

}  // namespace trama
