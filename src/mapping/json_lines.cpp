#include "mapping/json_lines.h"

#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

namespace trama {
namespace {

/// The text from `at` on without its leading digits; `at` is moved past them.
std::size_t skip_digits(std::string_view s, std::size_t at) {
  while (at < s.size() && s[at] >= '0' && s[at] <= '9') ++at;
  return at;
}

/// RFC 8259 §6: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool is_json_number(std::string_view s) {
  const std::size_t first = !s.empty() && s.front() == '-' ? 1 : 0;
  std::size_t at = skip_digits(s, first);
  if (at == first || (s[first] == '0' && at > first + 1)) return false;
  if (at < s.size() && s[at] == '.') {
    const std::size_t fraction = at + 1;
    at = skip_digits(s, fraction);
    if (at == fraction) return false;
  }
  if (at < s.size() && (s[at] == 'e' || s[at] == 'E')) {
    std::size_t digits = at + 1;
    if (digits < s.size() && (s[digits] == '+' || s[digits] == '-')) ++digits;
    at = skip_digits(s, digits);
    if (at == digits) return false;
  }
  return at == s.size();
}

// json/ is not below mapping/ (style.md §1), so the escapes of RFC 8259 §7 stand here once more.
void append_string(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::array<char, 8> buffer{};
      std::snprintf(buffer.data(), buffer.size(), "\\u%04x", static_cast<unsigned>(c));
      out += buffer.data();
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_scalar(const YamlNode& node, std::string& out) {
  const std::string_view text = node.text;
  if (node.quoted) {
    append_string(text, out);
  } else if (text.empty() || text == "~" || text == "null") {
    out += "null";
  } else if (text == "true" || text == "false" || is_json_number(text)) {
    out += text;
  } else {
    append_string(text, out);
  }
}

}  // namespace

// As deep as the tree, which read_yaml() bounds.
void append_json(const YamlNode& node, std::string& out) {
  if (node.is_scalar()) {
    append_scalar(node, out);
    return;
  }
  const char* before = "";
  out += node.is_list() ? '[' : '{';
  for (const YamlNode& item : node.items) {
    out += std::exchange(before, ",");
    append_json(item, out);
  }
  for (const YamlEntry& entry : node.entries) {
    out += std::exchange(before, ",");
    append_string(entry.key.text, out);
    out += ':';
    append_json(entry.value, out);
  }
  out += node.is_list() ? ']' : '}';
}

}  // namespace trama
