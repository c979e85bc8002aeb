// Duplicates: which records share a key, decided by identity and in input order,
// never by which thread was first, in a bounded number of bytes of memory (src/README.md,
// "How duplicates are decided").
//
// `keep: first` streams: what was seen before is a duplicate. The others take a pass over the input
// first, which finds the record of each key that is kept.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "plan/plan.h"
#include "run/kept_records.h"
#include "run/key_store.h"
#include "run/run.h"
#include "run/split_mapper.h"

namespace trama {

class Duplicates {
 public:
  explicit Duplicates(const PlanDuplicates& plan, std::size_t memory = kDuplicatesBytes,
                      const StopFlag& stop = kNeverStopped);

  /// Whether the input has to be read before it can be decided.
  [[nodiscard]] bool two_passes() const noexcept { return plan_.keep != Keep::first; }

  /// First pass, on `threads`: notes the keys of all frames, and gets ready to decide. Ends early
  /// where the run is asked to stop. output_unwritable: a temporary file.
  using MakeMapper = std::function<std::unique_ptr<SplitMapper>()>;
  Result<void> first_pass(Source& source, unsigned threads, const MakeMapper& make_mapper);

  /// Decides of every frame of the split. With `keep: first` it waits for its turn: splits are
  /// decided in the order of their tickets, so every one must be, a failed one too.
  Result<void> decide(const Split& split, SplitMapper& mapper, std::vector<DuplicateDecision>& out);

  /// After two whole passes: the first input whose records did not have the same keys in both, so
  /// that what was decided is not what was written.
  [[nodiscard]] std::optional<std::size_t> changed_source() const;

  /// Nobody waits for a turn any more: one of them will not come.
  void give_up() noexcept;

 private:
  /// The keys of a split, without the reader's memory behind them.
  struct SplitKeys;
  /// Of an input, what a pass has seen: how many records with a key, and a sum over all of them of
  /// a hash of number and key. Two passes over one input agree.
  struct Seen {
    std::uint64_t records = 0;
    std::uint64_t sum = 0;
    friend bool operator==(const Seen&, const Seen&) = default;
  };

  void keys_of(const Split& split, SplitMapper& mapper, SplitKeys& keys) const;
  /// Runs `work` when it is the turn of `ticket`; one after the other.
  template <typename Work>
  Result<void> in_turn(std::uint64_t ticket, const Work& work);
  Result<void> note(const Split& split, const SplitKeys& keys) TRAMA_REQUIRES(mutex_);
  Result<void> find_kept();
  Result<void> meet(const SplitKeys& keys, std::vector<DuplicateDecision>& out)
      TRAMA_REQUIRES(mutex_);
  Result<void> look_up(const Split& split, const SplitKeys& keys,
                       std::vector<DuplicateDecision>& out) const;
  void lose(const KeyState& state, DuplicateDecision& out) const;
  [[nodiscard]] bool is_kept(const KeyState& state) const noexcept;
  static void see(std::vector<Seen>& seen, const Split& split, const SplitKeys& keys);

  const PlanDuplicates& plan_;
  const std::size_t memory_;
  const StopFlag& stop_;
  mutable Mutex mutex_;
  ConditionVariable turned_;
  std::uint64_t turn_ TRAMA_GUARDED_BY(mutex_) = 0;
  bool failed_ TRAMA_GUARDED_BY(mutex_) = false;  // a turn has: no later one needs to do anything
  bool gave_up_ TRAMA_GUARDED_BY(mutex_) = false;

  KeyStore keys_;
  std::vector<std::uint64_t> records_;  // by input, how many the first pass has seen
  // By input, in the first and in the second pass.
  std::vector<Seen> noted_ TRAMA_GUARDED_BY(mutex_);
  std::vector<Seen> decided_ TRAMA_GUARDED_BY(mutex_);

  // Of keys that did not fit in memory, for the second pass.
  std::optional<KeptRecords> kept_;
  std::optional<KeyRun> told_;  // keys whose other records are not just left out
  std::optional<KeyFilter> told_filter_;
};

}  // namespace trama
