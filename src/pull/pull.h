// A pull: asks a source for all its pages and stores them (pull/run_folder). Every wait ends when it is
// asked to stop.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/stop_flag.h"
#include "pull/source_file.h"

namespace trama {

struct PullOptions {
  std::string folder;  // where the folder of the pull is made
  std::string state;   // "": none
  bool fresh = false;  // what an earlier one left is not gone on with
  bool allow_private = false;
  std::optional<std::uint64_t> seed{};  // of waits; nothing: chance
  const StopFlag* stop = &kNeverStopped;
  std::function<void(std::uint64_t pages, std::uint64_t bytes)> progress{};  // called now and then
};

struct PullReport {
  enum class Outcome : std::uint8_t { complete, unchanged };
  Outcome outcome = Outcome::complete;
  std::string folder;     // "" where nothing changed
  std::string silent_at;  // where the only page has nothing that says so; or ""
  std::uint64_t pages = 0;
  std::uint64_t gone_on_with = 0;  // of them those that an earlier pull had stored
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  std::optional<std::int64_t> since{};      // seconds since 1970
  std::optional<std::int64_t> watermark{};  // the same
};

/// A Failure leaves the pages that are whole where the next pull goes on with them. source_needs_state,
/// secret_unset, pulled_lately, breaker_open, source_unreachable, http_status, …: src/README.md has them all.
Result<PullReport> pull(const PullSource& source, const PullOptions& options);

/// The first request as it would be made, secrets masked: a line of method and URL, one of each header, and
/// the body. Opens no connection, reads no secret. http_unavailable.
Result<std::string> first_request(const PullSource& source, std::optional<std::int64_t> since);

/// From when on a pull with this state would ask: the watermark less the overlap, or SinceRule::first.
Result<std::optional<std::int64_t>> since_of(const PullSource& source, const std::string& state);

/// The waits in milliseconds between the attempts of one request that fails each time.
std::vector<std::int64_t> schedule(const RetryPolicy& policy, std::uint64_t seed);

}  // namespace trama
