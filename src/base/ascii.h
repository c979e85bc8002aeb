// Characters of ASCII, whatever the locale.

#pragma once

namespace trama {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

}  // namespace trama
