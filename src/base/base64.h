// Base64 (RFC 4648 §4), with its padding.

#pragma once

#include <string>
#include <string_view>

namespace trama {

void append_base64(std::string& out, std::string_view bytes);

/// False where `text` is not base64; what was appended up to there stays.
bool append_from_base64(std::string& out, std::string_view text);

}  // namespace trama
