#include "run/duplicates.h"

#include <utility>

namespace trama {
std::vector<Duplicates::Key> Duplicates::keys_of(const Split& split, SplitMapper& mapper) {
  std::vector<Key> keys(split.frames.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (split.frames[i].kind != FrameKind::record) continue;
    const RecordKey& key = mapper.key(split.frames[i]);
    if (!key.readable) continue;
    keys[i].state = key.blank   ? Key::State::blank
                    : key.error ? Key::State::not_comparable
                                : Key::State::usable;
    keys[i].key = key.key;
    keys[i].by = key.by;
  }
  return keys;
}

void Duplicates::wait_for_turn(std::uint64_t ticket, std::unique_lock<std::mutex>& lock) {
  turned_.wait(lock, [this, ticket] { return turn_ == ticket; });
}

/// Whether a later record takes the place of the one that holds the key; among equals the first
/// stays.
bool Duplicates::beats(const Value& challenger, const Value& holder) const noexcept {
  using Keep = PlanDuplicates::Keep;
  if (plan_.keep == Keep::last) return true;
  if (plan_.keep != Keep::highest && plan_.keep != Keep::lowest) return false;
  int order = 0;
  if (challenger.kind() != holder.kind()) {
    order = challenger.kind() == Kind::decimal ? -1 : 1;  // numbers before dates
  } else {
    static_cast<void>(compare_values(challenger, holder, order));  // both are instants, or numbers
  }
  return plan_.keep == Keep::highest ? order > 0 : order < 0;
}

void Duplicates::note(const Split& split, SplitMapper& mapper) {
  std::vector<Key> keys = keys_of(split, mapper);
  std::unique_lock lock(mutex_);
  wait_for_turn(split.ticket, lock);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].state != Key::State::usable) continue;
    const Frame& frame = split.frames[i];
    const Winner candidate{split.source, frame.number, frame.byte, 1, keys[i].by};
    const auto [at, is_new] = winners_.try_emplace(std::move(keys[i].key), candidate);
    if (is_new) continue;
    const std::uint64_t count = at->second.count + 1;
    if (beats(candidate.by, at->second.by)) at->second = candidate;
    at->second.count = count;
  }
  ++turn_;
  turned_.notify_all();
}

void Duplicates::decide(const Split& split, SplitMapper& mapper,
                        std::vector<DuplicateDecision>& out) {
  std::vector<Key> keys = keys_of(split, mapper);
  out.assign(split.frames.size(), {});
  const auto loser =
      plan_.reject_others ? DuplicateDecision::Kind::reject : DuplicateDecision::Kind::leave_out;
  std::unique_lock lock(mutex_);
  wait_for_turn(split.ticket, lock);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    out[i].blank_key = keys[i].state == Key::State::blank;
    if (keys[i].state == Key::State::not_comparable)
      out[i].kind = DuplicateDecision::Kind::not_comparable;
    if (keys[i].state != Key::State::usable) continue;
    const Frame& frame = split.frames[i];
    Winner holder{split.source, frame.number, frame.byte, 1, {}};
    if (two_passes()) {
      const auto found = winners_.find(keys[i].key);
      if (found != winners_.end()) holder = found->second;
    } else {
      holder = winners_.try_emplace(keys[i].key, holder).first->second;
    }
    const bool none = plan_.keep == PlanDuplicates::Keep::none && holder.count > 1;
    const bool mine = holder.source == split.source && holder.byte == frame.byte;
    if (mine && !none) continue;
    out[i].kind = loser;
    out[i].kept_record = none ? 0 : holder.record;
    if (loser == DuplicateDecision::Kind::reject) out[i].key = std::move(keys[i].key);
  }
  ++turn_;
  turned_.notify_all();
}

}  // namespace trama
