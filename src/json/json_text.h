// Writing JSON text (RFC 8259): strings with their escapes, appended to a buffer.

#pragma once

#include <string>
#include <string_view>

namespace trama {

/// Appends `text` (UTF-8) as a JSON string with its quotes: `"`, `\` and control characters
/// escaped, nothing else.
void append_json_string(std::string& out, std::string_view text);
/// The same without the quotes.
void append_json_escaped(std::string& out, std::string_view text);
/// Unescapes the inside of a valid JSON string (without quotes) onto `out`.
void append_json_unescaped(std::string& out, std::string_view escaped);

}  // namespace trama
