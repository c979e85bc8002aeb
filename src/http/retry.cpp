#include "http/retry.h"

#include <algorithm>
#include <charconv>

#include "http/curl.h"

namespace trama {

std::uint64_t Chance::next() noexcept {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ z >> 30U) * 0xBF58476D1CE4E5B9U;
  z = (z ^ z >> 27U) * 0x94D049BB133111EBU;
  return z ^ z >> 31U;
}

std::int64_t wait_after(const RetryPolicy& policy, std::uint64_t failed, Chance& chance) noexcept {
  std::int64_t wait = std::min(policy.first_wait, policy.at_most);
  for (std::uint64_t i = 1; i < failed && wait < policy.at_most; ++i)
    wait = wait > policy.at_most / static_cast<std::int64_t>(policy.times)
               ? policy.at_most
               : wait * static_cast<std::int64_t>(policy.times);
  const std::int64_t most = wait * static_cast<std::int64_t>(policy.jitter) / 100;
  const std::uint64_t drawn = chance.next();  // also where there is no jitter: one a wait
  return most == 0 ? wait
                   : wait - static_cast<std::int64_t>(drawn % static_cast<std::uint64_t>(most + 1));
}

bool is_transient(int status) noexcept {
  constexpr int kTransient[] = {408, 425, 429, 500, 502, 503, 504};
  return std::find(std::begin(kTransient), std::end(kTransient), status) != std::end(kTransient);
}

std::optional<std::int64_t> read_http_date(const std::string& text) {
  const time_t date = curl().curl_getdate(text.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return static_cast<std::int64_t>(date);
}

std::optional<std::int64_t> retry_after(const HttpHeaders& headers, std::int64_t now) {
  const std::string text(value_of(headers, "retry-after"));
  if (text.empty()) return std::nullopt;
  constexpr std::int64_t kMostSeconds = 366 * std::int64_t{86'400};  // more is waited by nobody
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (stop == end) {
    if (error == std::errc::result_out_of_range) seconds = kMostSeconds;
    if (seconds < 0) return std::nullopt;
    return std::min(seconds, kMostSeconds) * 1000;
  }
  const std::optional<std::int64_t> until = read_http_date(text);
  if (!until) return std::nullopt;
  const std::optional<std::int64_t> date = read_http_date(std::string(value_of(headers, "date")));
  const std::int64_t wait = date ? (*until - *date) * 1000 : *until * 1000 - now;
  return std::clamp<std::int64_t>(wait, 0, kMostSeconds * 1000);
}

}  // namespace trama
