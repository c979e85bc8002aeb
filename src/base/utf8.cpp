#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace trama {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned char>(text[i]);
}

/// The length of the well-formed sequence at `i` (RFC 3629 §4), or 0.
std::size_t sequence_length(std::string_view s, std::size_t i) noexcept {
  const unsigned lead = byte_at(s, i);
  if (lead < 0x80) return 1;
  const std::size_t n = lead >= 0xC2 && lead <= 0xDF   ? 2
                        : (lead & 0xF0U) == 0xE0       ? 3
                        : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                       : 0;
  if (n == 0 || i + n > s.size()) return 0;
  for (std::size_t k = 1; k < n; ++k)
    if ((byte_at(s, i + k) & 0xC0U) != 0x80) return 0;
  const unsigned second = byte_at(s, i + 1);
  const bool wrong = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                     (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return wrong ? 0 : n;
}

std::size_t skip_ascii(std::string_view s, std::size_t i) noexcept {
  std::uint64_t word = 0;
  while (i + 8 <= s.size()) {
    std::memcpy(&word, s.data() + i, 8);
    if ((word & 0x8080808080808080U) != 0) break;
    i += 8;
  }
  return i;
}

}  // namespace

std::size_t first_invalid_utf8(std::string_view s) noexcept {
  for (std::size_t i = skip_ascii(s, 0); i < s.size(); i = skip_ascii(s, i)) {
    const std::size_t n = sequence_length(s, i);
    if (n == 0) return i;
    i += n;
  }
  return kValidUtf8;
}

std::string as_utf8(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (std::size_t bad = first_invalid_utf8(text); bad != kValidUtf8;
       bad = first_invalid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(text[bad]);
    out += text.substr(0, bad);
    out += "\\x";
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
    text.remove_prefix(bad + 1);
  }
  return out += text;
}

std::size_t count_code_points(std::string_view s) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  std::size_t continuations = 0;
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= s.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, s.data() + i, sizeof(word));
    // One bit a byte; the product's highest byte is their sum.
    continuations +=
        static_cast<std::size_t>((((word >> 7U) & ~(word >> 6U) & kOnes) * kOnes) >> 56U);
  }
  for (; i < s.size(); ++i)
    continuations += (static_cast<unsigned char>(s[i]) & 0xC0U) == 0x80U ? 1U : 0U;
  return s.size() - continuations;
}

char32_t next_code_point(std::string_view s, std::size_t& at) noexcept {
  const unsigned lead = byte_at(s, at);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  const std::size_t n = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t c = n == 2 ? lead & 0x1FU : n == 3 ? lead & 0x0FU : lead & 0x07U;
  for (std::size_t k = 1; k < n && at + k < s.size(); ++k)
    c = c << 6U | (byte_at(s, at + k) & 0x3FU);
  at = at + n < s.size() ? at + n : s.size();
  return c;
}

std::size_t write_utf8(char* out, char32_t c) noexcept {
  std::size_t size = 0;
  const auto put = [out, &size](std::uint32_t byte) { out[size++] = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | c >> 6U);
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | c >> 12U);
    put(0x80U | (c >> 6U & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | c >> 18U);
    put(0x80U | (c >> 12U & 0x3FU));
    put(0x80U | (c >> 6U & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
  return size;
}

void append_utf8(std::string& out, char32_t c) {
  char bytes[kMaxUtf8Bytes];
  out.append(bytes, write_utf8(bytes, c));
}

bool is_space(char32_t c) noexcept {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF;
}

bool is_unseen(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || c == 0x061C || c == 0x1680 ||
         c == 0x180E || (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
         (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF ||
         (c >= 0xE0000 && c <= 0xE007F);  // tags: text that nobody sees
}

std::string_view trim(std::string_view s) noexcept {
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7F; };
  if (!s.empty() && is_plain(s.front()) && is_plain(s.back())) return s;  // nearly every text
  while (!s.empty()) {
    std::size_t at = 0;
    if (!is_space(next_code_point(s, at))) break;
    s.remove_prefix(at);
  }
  while (!s.empty()) {
    std::size_t start = s.size() - 1;
    while (start > 0 && (byte_at(s, start) & 0xC0U) == 0x80) --start;
    std::size_t at = start;
    if (!is_space(next_code_point(s, at))) break;
    s.remove_suffix(s.size() - start);
  }
  return s;
}

std::string on_one_line(std::string_view json, std::size_t enough) {
  std::string line;
  bool indent = false;
  for (const char c : json) {
    if (c == '\n' || c == '\r') indent = true;
    if (indent && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    const bool at_bracket =
        line.empty() || line.back() == '[' || line.back() == '{' || c == ']' || c == '}';
    if (indent && !at_bracket) line += ' ';
    indent = false;
    line += c;
    if (line.size() > enough) break;
  }
  return line;
}

}  // namespace trama
