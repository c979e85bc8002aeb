// A receiver: which webhook events are taken in, how they are proved and how they are stored, as YAML.
// service/service_words.inc has its words.
//
//   receiver: pagos
//   version: 1
//   scheme: standard-webhooks
//   secrets: [{env: HOOK_SECRET}, {env: OLD_SECRET, not_after: 2026-12-31}]
//   path: /hooks/pagos

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/span.h"
#include "engine/event_check.h"
#include "signature/scheme.h"

namespace trama {

struct ReceiverSecret {
  std::string variable;  // of the environment
  /// The last day on which it counts, in days since 1970 (UTC).
  std::optional<std::int64_t> not_after{};

  [[nodiscard]] bool counts_on(std::int64_t day) const noexcept {
    return !not_after || day <= *not_after;
  }
};

/// When a file of events is complete: what comes first.
struct EventFileLimits {
  std::int64_t every = 5'000;  // milliseconds
  std::uint64_t events = 10'000;
  std::uint64_t bytes = std::uint64_t{64} << 20U;
};

struct ReceiverLimits {
  std::uint64_t body_bytes = std::uint64_t{1} << 20U;
  std::uint64_t per_second = 500;
  std::uint64_t connections = 200;
  std::int64_t idle = 30'000;  // milliseconds, whole seconds
};

struct Receiver {
  std::string name;
  Scheme scheme;
  std::vector<ReceiverSecret> secrets;
  std::optional<std::int64_t> window{};  // seconds
  EventIdPlace id{};
  std::string path = "/";
  static constexpr std::int64_t kUsualRemember = std::int64_t{30} * 86'400'000;
  std::int64_t remember = kUsualRemember;  // milliseconds
  EventFileLimits files{};
  ReceiverLimits limits{};
};

struct ReceiverFile {
  Files files{};
  Diagnostics diagnostics{};
  std::optional<Receiver> receiver{};  // nothing where there are errors
};

ReceiverFile read_receiver_file(const std::string& path);

}  // namespace trama
