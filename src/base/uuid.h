// UUIDs by name (RFC 9562 §5.5, version 5). Only uuid.cpp knows whose SHA-1 it is.

#pragma once

#include <string>
#include <string_view>

namespace trama {

/// The UUID of `name` in a namespace of 16 bytes, as text:
/// 8-4-4-4-12 hexadecimal digits in small letters.
std::string uuid5(std::string_view name_space, std::string_view name);

}  // namespace trama
