#include "run/key_store.h"

#include <algorithm>
#include <utility>


namespace trama {
namespace {

// Of the memory: the keys have 7/8 of it, the rest is for buffers. Where keys are looked for in
// runs, 1/4 is the filter, and the marks of each run have 1/64.
constexpr std::size_t kLeastBufferBytes = std::size_t{4} * 1024;
constexpr std::size_t kMostBufferBytes = std::size_t{256} * 1024;

/// So many runs of a level become one of the next. Fewer where keys are looked for in each of them.
constexpr std::size_t kRunsOfLevel = 8;
constexpr std::size_t kRunsOfLevelToSearch = 4;

}  // namespace

KeyStore::KeyStore(Keep keep, std::size_t memory, const StopFlag& stop)
    : keep_(keep),
      memory_(memory),
      stop_(&stop),
      buffer_bytes_(std::clamp(memory / 256, kLeastBufferBytes, kMostBufferBytes)),
      table_(keep, memory - memory / 8) {}

std::uint64_t KeyStore::entries() const noexcept {
  std::uint64_t all = 0;
  for (const KeyRun& run : runs_) all += run.entries;
  return all;
}

std::size_t KeyStore::marks_every(std::uint64_t bytes) const noexcept {
  const std::size_t most = std::max<std::size_t>(16, memory_ / 64 / sizeof(KeyRun::Mark));
  return std::max<std::size_t>(kMarksEvery, static_cast<std::size_t>(bytes / most));
}

Result<void> KeyStore::note(std::uint64_t hash, std::string_view key, const KeyState& record) {
  if (table_.is_full_for(key.size())) TRAMA_TRY_VOID(spill());
  table_.add(hash, key, record);
  return {};
}

Result<bool> KeyStore::meet(std::uint64_t hash, std::string_view key, const KeyState& record,
                            KeyState& known) {
  if (table_.find(hash, key, known)) return false;
  if (filter_ && filter_->may_hold(hash)) {
    for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
      TRAMA_TRY(const bool found, find_in(*run, keep_, hash, key, known));
      if (found) return false;
    }
  }
  TRAMA_TRY_VOID(note(hash, key, record));
  return true;
}

/// The table becomes a run.
Result<void> KeyStore::spill() {
  if (table_.size() == 0) return {};
  const bool searched = keep_ == Keep::first;
  table_.sort();
  std::uint64_t bytes = 0;
  if (searched) {
    if (!filter_) filter_.emplace(memory_ / 4);
    for (std::size_t i = 0; i < table_.size(); ++i) {
      filter_->add(table_.at(i).hash);
      bytes += table_.at(i).key.size() + sizeof(KeyState);
    }
  }
  TRAMA_TRY(KeyRunWriter writer,
            KeyRunWriter::open(keep_, buffer_bytes_, searched ? marks_every(bytes) : 0));
  for (std::size_t i = 0; i < table_.size(); ++i) TRAMA_TRY_VOID(writer.add(table_.at(i)));
  TRAMA_TRY(KeyRun run, writer.finish());
  runs_.push_back(std::move(run));
  if (searched && runs_.size() == 1) {
    table_.reset(memory_ / 2);
  } else {
    table_.clear();
  }
  return merge_level();
}

/// The last runs become one, while there are enough of their level.
Result<void> KeyStore::merge_level() {
  const std::size_t enough = keep_ == Keep::first ? kRunsOfLevelToSearch : kRunsOfLevel;
  for (;;) {
    const unsigned level = runs_.back().level;
    std::size_t first = runs_.size();
    std::uint64_t bytes = 0;
    for (; first > 0 && runs_[first - 1].level == level; --first)
      bytes += runs_[first - 1].file.size();
    if (runs_.size() - first < enough) return {};
    KeyMerge merge{std::span(runs_).subspan(first), keep_, buffer_bytes_};
    TRAMA_TRY(
        KeyRunWriter writer,
        KeyRunWriter::open(keep_, buffer_bytes_, keep_ == Keep::first ? marks_every(bytes) : 0));
    KeyEntry entry;
    for (;;) {
      TRAMA_TRY(const bool more, merge.next(entry));
      if (!more || stop_->asked() != 0) break;
      TRAMA_TRY_VOID(writer.add(entry));
    }
    TRAMA_TRY(KeyRun run, writer.finish());
    run.level = level + 1;
    runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(first), runs_.end());
    runs_.push_back(std::move(run));
  }
}

Result<void> KeyStore::spill_all() {
  TRAMA_TRY_VOID(spill());
  table_.reset(0);
  return {};
}

}  // namespace trama
