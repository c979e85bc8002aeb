// Pulls: what a state knows of the sources that are pulled with it: up to when each is known to be
// written, what came of its pulls, and whether it is left alone for a while.
//
// A pull counts as written once every page of it is an input of a run that was published, told by
// the digests of both. So a run need not know what its inputs are, and what was pulled but never
// written is asked for again.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "database/sqlite.h"
#include "state/breaker.h"

namespace trama {

/// A pull as the state keeps it. Times are milliseconds since 1970 UTC.
struct StatePull {
  std::string source;
  std::string source_sha256;
  std::string folder;
  std::string outcome;  // complete, unchanged, failed
  std::string code;     // of failed: why
  std::int64_t started = 0;
  std::int64_t finished = 0;
  std::uint64_t pages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  bool opened = false;                      // its breaker
  std::optional<std::int64_t> watermark{};  // seconds since 1970
  std::string etag;                         // of the first page
  std::string modified;
  std::vector<std::string> digests{};  // of the pages
};

/// What is known of a source.
struct KnownSource {
  std::optional<std::int64_t> watermark{};  // up to when what it has is written, seconds since 1970
  std::string etag;                         // of its last pull, where that is written;
  std::string modified;
  std::string source_sha256;  // and was of this source file
  BreakerState breaker{};
};

class Pulls {
 public:
  explicit Pulls(Database& database) : database_(database) {}

  /// What is known of the source by now: settle().
  Result<KnownSource> known(const std::string& source);
  Result<void> add(const StatePull& pull);
  Result<void> set_breaker(const std::string& source, const BreakerState& breaker);
  /// Those that finished at `since` or later, as they ended; without their digests.
  Result<void> each(std::int64_t since, const std::function<void(const StatePull&)>& take);
  /// Notes which pulls have been written meanwhile: it must see the runs that did so.
  Result<void> settle();

 private:
  Database& database_;
};

}  // namespace trama
