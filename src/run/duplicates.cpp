#include "run/duplicates.h"

#include <utility>

namespace trama {
namespace {

/// Of a key that the texts of errors point into: kept as long as the plan, since there are few.
RecordError without_texts(RecordError error, std::string& kept) {
  if (error.a.kind() == Kind::text || error.a.kind() == Kind::json) {
    kept = error.a.text();
    error.a = Value::text(kept);
  }
  error.value = error.a;
  error.path = {};
  return error;
}

}  // namespace

std::vector<Duplicates::Key> Duplicates::keys_of(const Split& split, SplitMapper& mapper) const {
  std::vector<Key> keys(split.frames.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (split.frames[i].kind != FrameKind::record) continue;
    const RecordKey& key = mapper.key(split.frames[i]);
    keys[i].blank = key.readable && key.blank;
    keys[i].usable = key.readable && !key.blank && key.errors.empty();
    keys[i].key = key.key;
    keys[i].by = key.by;
    for (const RecordError& error : key.errors) {
      keys[i].errors.push_back(without_texts(error, keys[i].key));
      break;
    }
  }
  return keys;
}

void Duplicates::wait_for_turn(std::uint64_t ticket, std::unique_lock<std::mutex>& lock) {
  turned_.wait(lock, [this, ticket] { return turn_ == ticket; });
}

/// Whether a later record takes the place of the one that holds the key; among equals the first stays.
bool Duplicates::beats(const Value& challenger, const Value& holder) const noexcept {
  using Keep = PlanDuplicates::Keep;
  if (plan_.keep == Keep::last) return true;
  if (plan_.keep != Keep::highest && plan_.keep != Keep::lowest) return false;
  int order = 0;
  if (challenger.kind() != holder.kind()) {
    order = challenger.kind() == Kind::decimal ? -1 : 1;  // numbers before dates
  } else {
    order = compare_values(challenger, holder);
  }
  return plan_.keep == Keep::highest ? order > 0 : order < 0;
}

void Duplicates::note(const Split& split, SplitMapper& mapper) {
  std::vector<Key> keys = keys_of(split, mapper);
  std::unique_lock lock(mutex_);
  wait_for_turn(split.ticket, lock);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i].usable) continue;
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

void Duplicates::decide(const Split& split, SplitMapper& mapper, std::vector<DuplicateDecision>& out) {
  std::vector<Key> keys = keys_of(split, mapper);
  out.assign(split.frames.size(), {});
  const auto loser = plan_.reject_others ? DuplicateDecision::Kind::reject : DuplicateDecision::Kind::leave_out;
  std::unique_lock lock(mutex_);
  wait_for_turn(split.ticket, lock);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    out[i].blank_key = keys[i].blank;
    if (!keys[i].errors.empty()) {
      out[i].kind = DuplicateDecision::Kind::reject;
      out[i].key = std::move(keys[i].key);
      out[i].errors = std::move(keys[i].errors);
      for (RecordError& error : out[i].errors) error.a = error.value = Value::text(out[i].key);
    }
    if (!keys[i].usable) continue;
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
