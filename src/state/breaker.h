// What a state keeps of the breaker of a source or target.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trama {

/// Milliseconds since 1970 UTC.
struct BreakerState {
  std::int64_t open_until = 0;           // 0: it is closed
  std::vector<std::int64_t> failures{};  // of late

  /// `failures` as a column holds them, and back: numbers with blanks between them.
  [[nodiscard]] std::string written() const;
  static std::vector<std::int64_t> read(std::string_view text);
};

}  // namespace trama
