// ZoneRule: the rule for the years that a zone file does not list (the POSIX TZ text at its end).
// Internal to src/value.

#pragma once

#include <cstdint>
#include <string_view>

namespace trama {

/// Where one offset holds: [begin, end) in seconds since 1970-01-01T00:00:00Z.
struct ZoneRange {
  std::int64_t begin = INT64_MIN;
  std::int64_t end = INT64_MAX;
  std::int32_t offset = 0;
};

/// Standard time, and summer time between two days of each year where there is any.
class ZoneRule {
 public:
  /// `text`: "CET-1CEST,M3.5.0,M10.5.0/3" (POSIX.1 §8.3, with the hours -167 to 167 of RFC 9636
  /// §3.3.1). False where it is none.
  static bool parse(std::string_view text, ZoneRule& out) noexcept;

  /// `utc`: years 0000 to 10000.
  [[nodiscard]] ZoneRange range_at(std::int64_t utc) const noexcept;

  /// A day of the year: Mm.w.d, Jn (1 to 365, never 29 February) or n (from 0), and the local time
  /// of the change.
  struct Change {
    enum class Kind : std::uint8_t { month_week, without_leap_day, day_of_year } kind;
    int month = 0;
    int week = 0;
    int day = 0;
    std::int32_t seconds = 7200;
  };

 private:
  std::int32_t standard_ = 0;  // seconds east of UTC
  std::int32_t summer_ = 0;
  bool has_summer_ = false;
  Change to_summer_{};
  Change to_standard_{};
};

}  // namespace trama
