// What this program is: its version, and what it was built from and with.

#pragma once

#include <span>
#include <string_view>

namespace trama {

/// "0.2.0"
std::string_view version() noexcept;
/// The day of this version in the change log, as ISO 8601.
std::string_view released() noexcept;
/// The commit that it was built from (40 hexadecimal digits), or empty where the build was not told.
std::string_view commit() noexcept;
/// "GCC 12.2.0"
std::string_view compiler() noexcept;

/// A library that the program was built with.
struct Library {
  std::string_view name;
  std::string_view version;
};
std::span<const Library> libraries() noexcept;

}  // namespace trama
