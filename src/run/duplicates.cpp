#include "run/duplicates.h"

#include <algorithm>
#include <atomic>
#include <new>
#include <utility>

#include "base/keyed_hash.h"
#include "run/workers.h"

namespace trama {
namespace {

/// Begins what stands for a key that is longer than kLongestKey: its SHA-256.
/// No UTF-8 text begins so.
constexpr char kDigest = '\xff';
constexpr std::size_t kLargeSplitBytes = std::size_t{2} << 20U;

/// Spreads a sum's parts, which differ in few bits (the finaliser of SplitMix64).
constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x = (x ^ x >> 30U) * 0xbf58476d1ce4e5b9U;
  x = (x ^ x >> 27U) * 0x94d049bb133111ebU;
  return x ^ x >> 31U;
}

}  // namespace

struct Duplicates::SplitKeys {
  struct One {
    enum class KeyUse : std::uint8_t {
      none,   // no record, or none that can be read: nobody's duplicate
      blank,  // nobody's duplicate either, with a warning
      wrong,  // refused by itself, whatever others there are
      usable
    };
    KeyUse state = KeyUse::none;
    bool unranked = false;  // X is no value that can be compared
    std::size_t at = 0;     // in `text`
    std::size_t size = 0;
    std::uint64_t hash = 0;
    KeyState record;
  };
  std::vector<One> all;  // by frame
  std::string text;

  [[nodiscard]] std::string_view key(const One& one) const noexcept {
    return std::string_view(text).substr(one.at, one.size);
  }
};

Duplicates::Duplicates(const PlanDuplicates& plan, std::size_t memory, const StopFlag& stop)
    : plan_(plan), memory_(memory), stop_(stop), keys_(plan.keep, memory, stop) {}

/// Read and hashed by each worker for itself: only what follows is done in turns.
void Duplicates::keys_of(const Split& split, SplitMapper& mapper, SplitKeys& keys) const {
  using KeyUse = SplitKeys::One::KeyUse;
  keys.all.assign(split.frames.size(), {});
  keys.text.clear();
  for (std::size_t i = 0; i < split.frames.size(); ++i) {
    if (split.frames[i].kind != FrameKind::record) continue;
    const RecordKey& key = mapper.key(split.frames[i]);
    if (!key.readable) continue;
    SplitKeys::One& one = keys.all[i];
    one.state = key.blank ? KeyUse::blank : key.wrong ? KeyUse::wrong : KeyUse::usable;
    if (one.state != KeyUse::usable) continue;
    one.at = keys.text.size();
    if (key.key.size() > kLongestKey) {
      keys.text += kDigest;
      keys.text += sha256(key.key);
    } else {
      keys.text += key.key;
    }
    one.size = keys.text.size() - one.at;
    one.hash = keyed_hash(keys.key(one));
    one.record = state_of(split.source, split.frames[i].number, key.by);
    one.unranked = key.error.has_value();
  }
}

template <typename Work>
Result<void> Duplicates::in_turn(std::uint64_t ticket, const Work& work) {
  MutexLock lock(mutex_);
  while (turn_ != ticket && !gave_up_) turned_.wait(lock);
  if (gave_up_) return {};
  Result<void> done = failed_ ? Result<void>() : work();
  failed_ = failed_ || !done.ok();
  ++turn_;
  turned_.notify_all();
  return done;
}

void Duplicates::give_up() noexcept {
  const MutexLock lock(mutex_);
  gave_up_ = true;
  turned_.notify_all();
}

void Duplicates::see(std::vector<Seen>& seen, const Split& split, const SplitKeys& keys) {
  if (seen.size() <= split.source) seen.resize(split.source + 1);
  Seen& here = seen[split.source];
  for (const SplitKeys::One& one : keys.all) {
    if (one.state != SplitKeys::One::KeyUse::usable) continue;
    ++here.records;
    here.sum += mixed(one.hash ^ mixed(one.record.record));
  }
}

std::optional<std::size_t> Duplicates::changed_source() const {
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < noted_.size() || i < decided_.size(); ++i) {
    const Seen first = i < noted_.size() ? noted_[i] : Seen();
    const Seen second = i < decided_.size() ? decided_[i] : Seen();
    if (first != second) return i;
  }
  return std::nullopt;
}

// The first pass ---------------

Result<void> Duplicates::note(const Split& split, const SplitKeys& keys) {
  if (records_.size() <= split.source) records_.resize(split.source + 1);
  if (!split.frames.empty()) records_[split.source] = split.frames.back().number;
  see(noted_, split, keys);
  for (const SplitKeys::One& one : keys.all) {
    if (one.state != SplitKeys::One::KeyUse::usable) continue;
    TRAMA_TRY_VOID(keys_.note(one.hash, keys.key(one), one.record));
  }
  return {};
}

Result<void> Duplicates::first_pass(Source& source, unsigned threads,
                                    const MakeMapper& make_mapper) {
  Mutex reading;
  std::atomic<bool> over{false};
  Result<void> failure;
  const auto read_keys = [&] {
    const std::unique_ptr<SplitMapper> mapper = make_mapper();
    SplitKeys keys;
    Split split;
    for (;;) {
      MutexLock lock(reading);
      if (over.load() || stop_.asked() != 0 || !source.next(split)) return;
      const bool large = split.buffer.size() > kLargeSplitBytes;  // it is alone in memory
      if (large) {
        keys_of(split, *mapper, keys);
        split.buffer = {};
        mapper->give_back();
      }
      lock.unlock();
      if (!large) keys_of(split, *mapper, keys);
      Result<void> noted =
          in_turn(split.ticket, [&]() TRAMA_REQUIRES(mutex_) { return note(split, keys); });
      if (noted.ok()) continue;
      over.store(true);
      const MutexLock told(reading);
      failure = std::move(noted);
    }
  };
  work_together(threads, [&] {
    try {
      read_keys();
    } catch (const std::bad_alloc&) {
      over.store(true);
      give_up();
    }
  });
  {
    const MutexLock lock(mutex_);
    if (failure.ok() && gave_up_) failure = Failure{FailureCode::no_memory, {}};
  }
  if (!failure.ok() || stop_.asked() != 0) return failure;
  {
    const MutexLock lock(mutex_);
    turn_ = 0;
  }
  return keys_.is_spilled() ? find_kept() : Result<void>();
}

/// Whether a record of the key is kept; it is state.record.
bool Duplicates::is_kept(const KeyState& state) const noexcept {
  if (is_ranked(plan_.keep)) return !is_undecidable(state);
  return plan_.keep != Keep::none || !state.several;
}

/// Goes through all keys, merged: which records are kept, and which keys the second pass has to
/// look up because their other records are rejected, with words about the one that is kept.
Result<void> Duplicates::find_kept() {
  TRAMA_TRY_VOID(keys_.spill_all());
  kept_.emplace(records_, memory_ / 4);
  const std::uint64_t keys = keys_.entries();
  constexpr std::uint64_t kFilterBytesOfKey = 2;
  told_filter_.emplace(
      static_cast<std::size_t>(std::min<std::uint64_t>(memory_ / 4, keys * kFilterBytesOfKey)));
  TRAMA_TRY(KeyRunWriter told,
            KeyRunWriter::open(plan_.keep, keys_.buffer_bytes(),
                               keys_.marks_every(keys * (sizeof(KeyEntry) + sizeof(KeyState)))));
  for (bool first = true;; first = false) {
    TRAMA_TRY(const bool window, kept_->next_window());
    if (!window) break;
    KeyMerge merge = keys_.merged();
    KeyEntry entry;
    for (;;) {
      TRAMA_TRY(const bool more, merge.next(entry));
      if (!more || stop_.asked() != 0) break;
      if (is_kept(entry.state)) kept_->keep(entry.state.source, entry.state.record);
      const bool undecidable = is_ranked(plan_.keep) && is_undecidable(entry.state);
      if (!first || !(undecidable || (plan_.reject_others && entry.state.several))) continue;
      told_filter_->add(entry.hash);
      TRAMA_TRY_VOID(told.add(entry));
    }
  }
  TRAMA_TRY(told_, told.finish());
  keys_ = KeyStore(plan_.keep, 0, stop_);  // gives the runs back
  return {};
}

// The second pass, or the only one ---------------

/// What becomes of a record that is not kept, by what is known of its key.
void Duplicates::lose(const KeyState& state, DuplicateDecision& out) const {
  using What = DuplicateDecision::Kind;
  if (is_ranked(plan_.keep) && is_undecidable(state)) {
    const bool like_first = out.rank == state.first_kind;
    out.kind = What::not_comparable;
    out.other_source = like_first ? state.source : state.first_source;
    out.other_record = like_first ? state.record : state.first_record;
    out.other_rank = like_first ? state.kind : state.first_kind;
    return;
  }
  out.kind = plan_.reject_others ? What::reject : What::leave_out;
  if (plan_.keep == Keep::none) return;
  out.other_source = state.source;
  out.other_record = state.record;
}

/// `keep: first`.
Result<void> Duplicates::meet(const SplitKeys& keys, std::vector<DuplicateDecision>& out) {
  KeyState known;
  for (std::size_t i = 0; i < keys.all.size(); ++i) {
    const SplitKeys::One& one = keys.all[i];
    if (one.state != SplitKeys::One::KeyUse::usable) continue;
    TRAMA_TRY(const bool is_new, keys_.meet(one.hash, keys.key(one), one.record, known));
    if (!is_new) lose(known, out[i]);
  }
  return {};
}

/// All is known and nothing changes: no turns are needed.
Result<void> Duplicates::look_up(const Split& split, const SplitKeys& keys,
                                 std::vector<DuplicateDecision>& out) const {
  KeptRecords::Some kept;
  if (kept_ && !split.frames.empty()) {
    TRAMA_TRY(kept,
              kept_->some(split.source, split.frames.front().number, split.frames.back().number));
  }
  for (std::size_t i = 0; i < keys.all.size(); ++i) {
    const SplitKeys::One& one = keys.all[i];
    if (one.state != SplitKeys::One::KeyUse::usable) continue;
    const std::string_view key = keys.key(one);
    KeyState state;
    if (!kept_) {
      if (!keys_.find(one.hash, key, state)) continue;  // the input changed: changed_source()
      const bool mine = state.source == split.source && state.record == one.record.record;
      if (!mine || !is_kept(state)) lose(state, out[i]);
      continue;
    }
    if (kept.holds(one.record.record)) continue;
    bool is_told = told_filter_->may_hold(one.hash);
    if (is_told) {
      TRAMA_TRY(is_told, find_in(*told_, plan_.keep, one.hash, key, state));
    }
    if (is_told) {
      lose(state, out[i]);
    } else {
      out[i].kind = DuplicateDecision::Kind::leave_out;
    }
  }
  return {};
}

Result<void> Duplicates::decide(const Split& split, SplitMapper& mapper,
                                std::vector<DuplicateDecision>& out) {
  using KeyUse = SplitKeys::One::KeyUse;
  SplitKeys keys;
  keys_of(split, mapper, keys);
  out.assign(split.frames.size(), {});
  for (std::size_t i = 0; i < keys.all.size(); ++i) {
    out[i].blank_key = keys.all[i].state == KeyUse::blank;
    out[i].rank = keys.all[i].record.kind;
    if (keys.all[i].state == KeyUse::wrong) out[i].kind = DuplicateDecision::Kind::wrong;
  }
  if (!two_passes())
    return in_turn(split.ticket, [&]() TRAMA_REQUIRES(mutex_) { return meet(keys, out); });
  TRAMA_TRY_VOID(look_up(split, keys, out));
  for (std::size_t i = 0; i < keys.all.size(); ++i)
    if (keys.all[i].unranked) out[i].kind = DuplicateDecision::Kind::wrong;
  const MutexLock lock(mutex_);
  see(decided_, split, keys);
  return {};
}

}  // namespace trama
