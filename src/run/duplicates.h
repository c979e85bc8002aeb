// Duplicates: which records share a key, decided by identity and in input order, never by which
// thread was first.
//
// `keep: first` streams: what was seen before is a duplicate. The others take a pass over the input
// first, which finds the winner of each key. Memory grows with the number of different keys: each
// costs its text and about 120 bytes.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "plan/plan.h"
#include "run/split_mapper.h"

namespace trama {

class Duplicates {
 public:
  explicit Duplicates(const PlanDuplicates& plan) : plan_(plan) {}

  /// Whether the input has to be read before it can be decided.
  [[nodiscard]] bool two_passes() const noexcept {
    return plan_.keep != PlanDuplicates::Keep::first;
  }

  /// First pass: notes the keys of a split's frames. Waits for its turn: splits are noted in the
  /// order of their tickets.
  void note(const Split& split, SplitMapper& mapper);
  /// Between the passes.
  void start_deciding() noexcept { turn_ = 0; }
  /// Decides of every frame of the split. Waits for its turn.
  void decide(const Split& split, SplitMapper& mapper, std::vector<DuplicateDecision>& out);

 private:
  struct Winner {
    std::size_t source = 0;
    std::uint64_t record = 0;
    std::uint64_t byte = 0;
    std::uint64_t count = 1;
    Value by;  // a number or an instant: holds no text
  };
  /// A frame's key, without the reader's memory behind it.
  struct Key {
    enum class State : std::uint8_t { none, blank, not_comparable, usable } state = State::none;
    std::string key;
    Value by;
  };
  static std::vector<Key> keys_of(const Split& split, SplitMapper& mapper);
  void wait_for_turn(std::uint64_t ticket, std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool beats(const Value& challenger, const Value& holder) const noexcept;

  const PlanDuplicates& plan_;
  std::mutex mutex_;
  std::condition_variable turned_;
  std::uint64_t turn_ = 0;
  std::unordered_map<std::string, Winner> winners_;
};

}  // namespace trama
