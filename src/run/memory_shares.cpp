#include "run/memory_shares.h"

#include <algorithm>
#include <string>

#include "exec/mapper.h"
#include "profile/profile.h"
#include "source/source.h"

namespace trama {
namespace {

// Of the budget, in sixteenths: 4 for what is in flight; 6 for one large record with its rows and
// its line of rejects; 6 for what stands: the mapping with its tables, tables in the dump, keys.
constexpr std::size_t kParts = 16;
constexpr std::size_t kInFlight = 4;
constexpr std::size_t kRows = 4;
constexpr std::size_t kStanding = 6;
constexpr std::size_t kLeastKeys = 1;

/// A worker: the splits that it has in hand and behind it, what it makes of them, itself.
constexpr std::size_t kThreadBytes = std::size_t{4} << 20U;
constexpr std::size_t kThreadBytesOfColumn = 1024;
constexpr std::size_t kRowsPerRecord = 4;  // bytes of rows for a byte of the largest record
constexpr std::size_t kChangesBytes = std::size_t{3} << 20U;  // that wait to be sorted, of keys
constexpr std::size_t kMega = std::size_t{1} << 20U;

}  // namespace

std::size_t record_share(std::size_t memory) noexcept {
  return memory / kParts;
}

std::size_t memory_for_record(std::size_t max_record_bytes) noexcept {
  return max_record_bytes * kParts;
}

std::string memory_words(std::size_t bytes) {
  if (bytes % kMega == 0) return std::to_string(bytes / kMega) + "M";
  constexpr std::size_t kKilo = 1024;
  return bytes % kKilo == 0 ? std::to_string(bytes / kKilo) + "K" : std::to_string(bytes);
}

Result<MemoryShares> share_memory(std::size_t memory, std::size_t standing, const Plan& plan,
                                  std::size_t max_record_bytes, bool profiles, bool known) {
  const std::size_t part = memory / kParts;
  const bool others = plan.duplicates.has_value() || !plan.travelling_table().empty();
  const std::size_t most = (kStanding - (others ? kLeastKeys : 0)) * part;
  if (standing > most) {
    const auto in_mega = [](std::size_t bytes) { return (bytes + kMega - 1) / kMega * kMega; };
    std::size_t enough = memory;
    while (standing > most / part * (enough / kParts)) enough *= 2;
    return Failure{FailureCode::memory_exceeded,
                   {memory_words(in_mega(standing)), memory_words(memory),
                    memory_words(most / kMega * kMega), memory_words(enough)}};
  }
  MemoryShares shares;
  shares.in_flight = kInFlight * part;
  const std::size_t thread =
      kThreadBytes + plan.columns.size() * kThreadBytesOfColumn + (profiles ? kMaxProfileBytes : 0);
  shares.threads = std::max<std::size_t>(1, shares.in_flight / thread);
  shares.rows = std::min(std::max(kMaxRowsBytes, kRowsPerRecord * max_record_bytes), kRows * part);
  std::size_t left = kStanding * part - standing;
  if (known) {
    shares.known = others ? (left - part) / 2 : left - std::min(left, kChangesBytes);
    left -= shares.known;
  }
  shares.duplicates = left;
  if (!plan.travelling_table().empty()) {
    shares.dump_tables = left - (plan.duplicates ? part : 0);
    shares.duplicates = part;
  }
  return shares;
}

}  // namespace trama
