// KeyState: what `duplicates` knows of one key, and how what is known of earlier and of later
// records becomes one. Any cut of the input into parts, folded in input order, gives the same.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "plan/plan.h"

namespace trama {

/// What X of `highest X` is. Only values of one kind can be compared.
enum class RankKind : std::uint8_t { unreadable, number, date, local_time, instant };

/// "a date", "a time without an offset": what a message calls it.
std::string_view describe(RankKind kind) noexcept;

/// Has no padding: it is kept and written as its bytes,
/// as many of them as `keep` needs (state_bytes).
struct KeyState {
  // The record that is kept so far. Of a key that cannot be decided: the first record whose X is of
  // another kind than that of the key's first record.
  std::uint64_t record = 0;
  std::uint32_t source = 0;
  bool several = false;  // records with this key
  RankKind kind = RankKind::unreadable;
  RankKind first_kind = RankKind::unreadable;
  std::uint8_t unused = 0;

  // Of `highest` and `lowest`: the first record with this key,
  // and X of the one that is kept so far.
  std::uint64_t first_record = 0;
  std::uint32_t first_source = 0;
  std::int32_t scale = 0;  // of a number; of a time, its nanoseconds
  std::uint64_t low = 0;  // of a number, its coefficient; of a date its days, of a time its seconds
  std::uint64_t high = 0;
};
static_assert(sizeof(KeyState) == 48);

using Keep = PlanDuplicates::Keep;

/// Whether an X decides.
constexpr bool is_ranked(Keep keep) noexcept {
  return keep == Keep::highest || keep == Keep::lowest;
}

constexpr std::size_t state_bytes(Keep keep) noexcept {
  return is_ranked(keep) ? sizeof(KeyState) : offsetof(KeyState, first_record);
}

/// Of a ranked key: its records cannot be compared, so that none of them can be kept.
inline bool is_undecidable(const KeyState& state) noexcept {
  return state.first_kind == RankKind::unreadable || state.kind != state.first_kind;
}

/// What is known of a key after its record `number` of input `source`; `by`: its X (a number, date
/// or datetime), else blank.
KeyState state_of(std::size_t source, std::uint64_t number, const Value& by) noexcept;

/// <0, 0, >0 for two X of the same kind.
int compare_ranks(const KeyState& a, const KeyState& b) noexcept;

/// An X as a text that read_rank() takes again; `by` is not blank.
void append_rank(std::string& out, const Value& by);
/// Kind and value alone. False where the text is none of append_rank().
bool read_rank(std::string_view text, KeyState& out) noexcept;

/// Adds to `known` what is known of later records of the same key. Among equals the first is kept.
void fold(Keep keep, KeyState& known, const KeyState& later) noexcept;

/// A key with what is known of it. `hash`: of its text, see keyed_hash.
struct KeyEntry {
  std::uint64_t hash = 0;
  KeyState state;
  std::string_view key;
};

}  // namespace trama
