// KeyStore: any number of keys with what is known of each, in a stated number of bytes of memory:
// those that do not fit are written to sorted runs in temporary files.
//
// Runs of one level are merged once there are several, so that there are few at any time and each
// key is written a few times at most. Used by one thread at a time.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/stop_flag.h"
#include "run/key_runs.h"
#include "run/key_state.h"
#include "run/key_table.h"

namespace trama {

class KeyStore {
 public:
  /// `memory`: bytes for keys in memory, buffers and filter.
  /// `stop` must outlive this.
  KeyStore(Keep keep, std::size_t memory, const StopFlag& stop);

  /// A record of a key: folded into what is known of it, wherever that is.
  Result<void> note(std::uint64_t hash, std::string_view key, const KeyState& record);
  /// `keep: first`: true where no record before had the key; else `known` is what is known of it.
  Result<bool> meet(std::uint64_t hash, std::string_view key, const KeyState& record,
                    KeyState& known);

  /// Whether keys were written to runs. Without any, find() knows all that was noted.
  [[nodiscard]] bool is_spilled() const noexcept { return !runs_.empty(); }
  bool find(std::uint64_t hash, std::string_view key, KeyState& out) const noexcept {
    return table_.find(hash, key, out);
  }

  /// Writes what is still in memory to a run too, and gives the memory back.
  Result<void> spill_all();
  /// All keys in the order of (hash, key), each once; after spill_all().
  [[nodiscard]] KeyMerge merged() const { return {runs_, keep_, buffer_bytes_}; }
  /// At least as many as there are keys in runs.
  [[nodiscard]] std::uint64_t entries() const noexcept;
  /// Of one buffer of a run.
  [[nodiscard]] std::size_t buffer_bytes() const noexcept { return buffer_bytes_; }
  /// Bytes between the marks of a run of about `bytes`.
  [[nodiscard]] std::size_t marks_every(std::uint64_t bytes) const noexcept;

 private:
  Result<void> spill();
  Result<void> merge_level();

  Keep keep_;
  std::size_t memory_;
  const StopFlag* stop_;
  std::size_t buffer_bytes_;
  KeyTable table_;
  std::vector<KeyRun> runs_;         // in input order, and their levels never rise
  std::optional<KeyFilter> filter_;  // of the keys in runs, for meet()
};

}  // namespace trama
