// ZoneFile: the offsets that one file of the system's zone data lists (RFC 9636), and its rule for
// the years after them. Internal to src/value.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "value/zone_rule.h"

namespace trama {

/// Madrid in 2025, as a file says it:
///
///   starts_   2025-03-30T01:00Z  2025-10-26T01:00Z
///   offsets_  +1 h  |  +2 h      |  +1 h
class ZoneFile {
 public:
  /// Nothing: `bytes` are no such file, or a damaged one, or one that counts leap seconds.
  static std::optional<ZoneFile> read(std::string_view bytes);

  /// `utc`: years 0000 to 10000.
  [[nodiscard]] ZoneRange range_at(std::int64_t utc) const noexcept;

 private:
  std::vector<std::int64_t> starts_;   // each after the one before
  std::vector<std::int32_t> offsets_;  // before the first start, then from each on
  std::optional<ZoneRule> rule_;       // from the last start on
};

}  // namespace trama
