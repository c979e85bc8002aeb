// Zone: an IANA time zone or a fixed offset; local times and instants by its rules,
// also after 2037.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "value/civil.h"

namespace trama {

/// One zone, with the range of its last answer kept: copy one per thread, it is cheap to copy and
/// not to be shared.
class Zone {
 public:
  /// `name`: an IANA name ("America/Bogota"), "UTC", "Z", or an offset "±hh:mm",
  /// "±hhmm", "±hh" up to 18 hours. Gives false where there is no such zone (also for
  /// localtime, posixrules, Factory).
  static bool find(std::string_view name, Zone& out);
  static Zone fixed(std::int32_t offset_seconds);
  static Zone utc() { return fixed(0); }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Seconds east of UTC at an instant (`utc`: seconds since 1970-01-01T00:00:00Z).
  std::int32_t offset_at(std::int64_t utc) noexcept {
    if (utc >= begin_ && utc < end_) return offset_;
    return look_up(utc);
  }

  /// The same for an instant beside others: what was kept stays, so that threads may share it.
  [[nodiscard]] std::int32_t offset_of(std::int64_t utc) const noexcept;

  enum class Local : std::uint8_t { once, never, twice };
  struct LocalAnswer {
    Local how;
    std::int32_t earlier;  // that gives the earlier of the two possible instants: the larger one
                           // (of a time shown twice, the offset before the change; of a gap, after)
    std::int32_t later;    // that gives the later instant
  };
  /// Which offsets hold at a wall clock reading (seconds since 1970-01-01T00:00:00 on that clock).
  LocalAnswer offsets_of_local(std::int64_t local) noexcept;

 private:
  std::int32_t look_up(std::int64_t utc) noexcept;

  std::string name_ = "UTC";
  std::shared_ptr<const class ZoneFile> file_;  // none: a fixed offset
  std::int64_t begin_ = INT64_MIN;              // [begin_, end_): where offset_ holds
  std::int64_t end_ = INT64_MAX;
  std::int32_t offset_ = 0;
};

/// The zone that a field names: an IANA name, an offset, or a number of hours ("-5", "5.5").
bool find_zone(std::string_view name, Zone& out);

/// The version of the system's zone data ("2025b"), or "unknown".
std::string zone_data_version();

/// The name of the IANA zone nearest to `name`, for "did you mean", or "".
std::string nearest_zone(std::string_view name);

}  // namespace trama
