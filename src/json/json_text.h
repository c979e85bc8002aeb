// Writing JSON text (RFC 8259): strings with their escapes, appended to a buffer.

#pragma once

#include <string>
#include <string_view>

#include "base/bytes16.h"

namespace trama {

/// Which bytes need an escape in a JSON string: control characters, the quote and the backslash
/// (RFC 8259 §7).
inline Mask16 needs_escape(Bytes16 bytes) noexcept {
  return (bytes < 0x20) | (bytes == '"') | (bytes == '\\');
}

/// Appends `text` (UTF-8) as a JSON string with its quotes: `"`, `\` and control characters
/// escaped, nothing else.
void append_json_string(std::string& out, std::string_view text);
/// The same without the quotes.
void append_json_escaped(std::string& out, std::string_view text);
/// Whether a key is a number: ASCII digits alone, one at least.
inline bool is_number(std::string_view key) noexcept {
  return !key.empty() && key.find_first_not_of("0123456789") == std::string_view::npos;
}
/// Unescapes the inside of a valid JSON string (without quotes) onto `out`.
void append_json_unescaped(std::string& out, std::string_view escaped);

}  // namespace trama
