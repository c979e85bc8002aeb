// The block of rows that an SQLite load takes: of each row its cells one after the other, and of each
// cell its length (4 bytes, of this machine; kNullCell: NULL) and its text.

#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace trama {

constexpr std::uint32_t kNullCell = UINT32_MAX;

/// The next cell, which is taken off `row`; nothing: NULL. `row` is as the encoder made it.
inline std::optional<std::string_view> take_sqlite_cell(std::string_view& row) noexcept {
  std::uint32_t size = 0;
  std::memcpy(&size, row.data(), sizeof(size));
  row.remove_prefix(sizeof(size));
  if (size == kNullCell) return std::nullopt;
  const std::string_view cell = row.substr(0, size);
  row.remove_prefix(size);
  return cell;
}

}  // namespace trama
