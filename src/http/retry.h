// When a request is made again, and after which wait. Nothing here waits or asks a clock.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/client.h"

namespace trama {

/// Waits grow from one attempt to the next. Milliseconds.
struct RetryPolicy {
  std::uint64_t attempts = 4;  // of a request, the first one with them
  std::int64_t first_wait = 1'000;
  std::uint64_t times = 2;  // each wait is so many times the one before,
  std::int64_t at_most = 30'000;
  std::uint64_t jitter = 25;      // and up to so many percent shorter, by chance
  std::int64_t budget = 600'000;  // that a pull may wait in all for servers that fail
};

/// Random numbers that a seed decides (SplitMix64), the same on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) noexcept : state_(seed) {}
  std::uint64_t next() noexcept;

 private:
  std::uint64_t state_;
};

/// Before attempt `failed` + 1.
std::int64_t wait_after(const RetryPolicy& policy, std::uint64_t failed, Chance& chance) noexcept;

/// 408, 425, 429, 500, 502, 503, 504.
bool is_transient(int status) noexcept;

/// Seconds since 1970 of an HTTP-date (RFC 9110 §5.6.7). Once libcurl is loaded.
std::optional<std::int64_t> read_http_date(const std::string& text);

/// What Retry-After (RFC 9110 §10.2.3) says to wait, in milliseconds. A date is judged by the server's own
/// clock where it says it (Date), else by `now`, milliseconds since 1970.
std::optional<std::int64_t> retry_after(const HttpHeaders& headers, std::int64_t now);

}  // namespace trama
