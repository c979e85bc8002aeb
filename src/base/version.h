// The version of trama.

#pragma once

#include <string_view>

namespace trama {
std::string_view version() noexcept;
}  // namespace trama
