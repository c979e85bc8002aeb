// What a receiver has done so far, for /metrics and its report: counted by its threads as it is done.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace trama {

/// Why a request was refused, in the order of its table.
enum class Refusal : std::uint8_t {
  signature_missing,
  signature_wrong,
  event_stale,
  event_early,
  event_invalid,
  event_id_long,
  too_large,
  rate,
  method,
  path,
  request,
  not_stored,
};
constexpr std::size_t kRefusals = 12;

struct RefusalAnswer {
  std::string_view label;  // of metrics
  std::string_view code;   // for senders; those of events are codes that `trama verify` has
  unsigned status;
};
const RefusalAnswer& answer_of(Refusal refusal) noexcept;

struct ReceiveCounts {
  /// Upper ends of the buckets of answer times, in microseconds; what is longer is in one more.
  static constexpr std::array<std::uint64_t, 12> kBuckets = {
      500,    1'000,   2'500,   5'000,     10'000,    25'000,
      50'000, 100'000, 250'000, 1'000'000, 5'000'000, 10'000'000};

  std::atomic<std::uint64_t> accepted = 0;
  std::atomic<std::uint64_t> repeated = 0;
  std::array<std::atomic<std::uint64_t>, kRefusals> refused{};
  std::array<std::atomic<std::uint64_t>, kBuckets.size() + 1> answers{};
  std::atomic<std::uint64_t> answer_microseconds = 0;
  std::atomic<std::int64_t> last_event = 0;  // milliseconds since 1970; 0: there was none

  void add(Refusal refusal) noexcept { ++refused[static_cast<std::size_t>(refusal)]; }
  void add_answer(std::uint64_t microseconds) noexcept;
};

/// As Prometheus reads it. `pending`: events that wait for the disk.
std::string receive_metrics(const std::string& receiver, const ReceiveCounts& counts,
                            std::uint64_t pending, std::uint64_t stored_bytes);

}  // namespace trama
