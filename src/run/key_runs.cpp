#include "run/key_runs.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/phrase_codes.h"
#include "run/key_table.h"

namespace trama {
namespace {

constexpr std::size_t kHeadBytes = sizeof(std::uint64_t) + sizeof(std::uint32_t);
constexpr std::size_t kMostEntryBytes = kHeadBytes + sizeof(KeyState) + kLongestKey;
/// What is read at once to find one key: what is between two marks, mostly.
constexpr std::size_t kFindBytes = kMarksEvery + kMostEntryBytes;

bool is_before(const KeyEntry& a, const KeyEntry& b) noexcept {
  return a.hash != b.hash ? a.hash < b.hash : a.key < b.key;
}

}  // namespace

KeyRunWriter::KeyRunWriter(TemporaryFile file, Keep keep, std::size_t buffer_bytes,
                           std::size_t marks_every)
    : run_{.file = std::move(file), .entries = 0, .level = 0, .marks = {}},
      state_bytes_(state_bytes(keep)),
      buffer_bytes_(buffer_bytes),
      marks_every_(marks_every) {
  buffer_.reserve(buffer_bytes + kMostEntryBytes);
}

Result<KeyRunWriter> KeyRunWriter::open(Keep keep, std::size_t buffer_bytes,
                                        std::size_t marks_every) {
  TRAMA_TRY(TemporaryFile file, TemporaryFile::open(PhraseCode::run_duplicate_keys));
  return KeyRunWriter(std::move(file), keep, buffer_bytes, marks_every);
}

Result<void> KeyRunWriter::add(const KeyEntry& entry) {
  const std::uint64_t at = run_.file.size() + buffer_.size();
  if (marks_every_ > 0 && (run_.marks.empty() || at - run_.marks.back().at >= marks_every_))
    run_.marks.push_back({entry.hash, at});
  const auto size = static_cast<std::uint32_t>(entry.key.size());
  char head[kHeadBytes + sizeof(KeyState)];
  std::memcpy(head, &entry.hash, sizeof entry.hash);
  std::memcpy(head + sizeof entry.hash, &size, sizeof size);
  std::memcpy(head + kHeadBytes, &entry.state, state_bytes_);
  buffer_.append(head, kHeadBytes + state_bytes_);
  buffer_.append(entry.key);
  ++run_.entries;
  if (buffer_.size() < buffer_bytes_) return {};
  TRAMA_TRY_VOID(run_.file.append(buffer_));
  buffer_.clear();
  return {};
}

Result<KeyRun> KeyRunWriter::finish() {
  TRAMA_TRY_VOID(run_.file.append(buffer_));
  buffer_ = std::string();
  return std::move(run_);
}

KeyRunReader::KeyRunReader(const KeyRun& run, Keep keep, std::size_t buffer_bytes, std::uint64_t at)
    : run_(&run),
      state_bytes_(state_bytes(keep)),
      buffer_(std::max(buffer_bytes, kMostEntryBytes)),
      at_(at) {}

/// Reads on until `bytes` are there; false where the file ends before.
Result<bool> KeyRunReader::need(std::size_t bytes) {
  if (end_ - begin_ >= bytes) return true;
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  TRAMA_TRY(const std::size_t got,
            run_->file.read(at_, buffer_.data() + end_, buffer_.size() - end_));
  end_ += got;
  at_ += got;
  return end_ >= bytes;
}

Result<bool> KeyRunReader::next(KeyEntry& out) {
  TRAMA_TRY(const bool more, need(kHeadBytes + state_bytes_));
  if (!more) return false;
  std::uint32_t size = 0;
  std::memcpy(&size, buffer_.data() + begin_ + sizeof out.hash, sizeof size);
  TRAMA_TRY(const bool whole, need(kHeadBytes + state_bytes_ + size));
  if (!whole) return false;
  const char* const at = buffer_.data() + begin_;
  std::memcpy(&out.hash, at, sizeof out.hash);
  std::memcpy(&out.state, at + kHeadBytes, state_bytes_);
  out.key = {at + kHeadBytes + state_bytes_, size};
  begin_ += kHeadBytes + state_bytes_ + size;
  return true;
}

Result<bool> find_in(const KeyRun& run, Keep keep, std::uint64_t hash, std::string_view key,
                     KeyState& out) {
  // The first entry of this hash may be before the mark that has it.
  const auto mark =
      std::lower_bound(run.marks.begin(), run.marks.end(), hash,
                       [](const KeyRun::Mark& m, std::uint64_t wanted) { return m.hash < wanted; });
  const std::uint64_t at = mark == run.marks.begin() ? 0 : std::prev(mark)->at;
  KeyRunReader reader(run, keep, kFindBytes, at);
  KeyEntry entry;
  for (;;) {
    TRAMA_TRY(const bool more, reader.next(entry));
    if (!more || entry.hash > hash) return false;
    if (entry.hash != hash || entry.key != key) continue;
    out = entry.state;
    return true;
  }
}

KeyMerge::KeyMerge(std::span<const KeyRun> runs, Keep keep, std::size_t buffer_bytes)
    : keep_(keep) {
  heads_.reserve(runs.size());
  for (const KeyRun& run : runs)
    heads_.push_back({KeyRunReader(run, keep, buffer_bytes), KeyEntry(), true});
}

Result<bool> KeyMerge::next(KeyEntry& out) {
  Head* first = nullptr;
  for (std::size_t i = 0; i < heads_.size();) {
    Head& head = heads_[i];
    if (head.taken) {
      TRAMA_TRY(const bool more, head.reader.next(head.entry));
      if (!more) {
        heads_.erase(heads_.begin() + static_cast<std::ptrdiff_t>(i));
        first = nullptr;
        i = 0;
        continue;
      }
      head.taken = false;
    }
    if (first == nullptr || is_before(head.entry, first->entry)) first = &head;
    ++i;
  }
  if (first == nullptr) return false;
  out = first->entry;
  first->taken = true;
  for (Head* head = first + 1; head < heads_.data() + heads_.size(); ++head) {
    if (head->entry.hash != out.hash || head->entry.key != out.key) continue;
    fold(keep_, out.state, head->entry.state);
    head->taken = true;
  }
  return true;
}

KeyFilter::KeyFilter(std::size_t bytes)
    : words_(std::max<std::size_t>(1, bytes / (kWords * sizeof(std::uint64_t))) * kWords) {}

std::size_t KeyFilter::block_of(std::uint64_t hash) const noexcept {
  const std::size_t blocks = words_.size() / kWords;
  return static_cast<std::size_t>(UInt128{hash} * blocks >> 64U) * kWords;
}

void KeyFilter::add(std::uint64_t hash) noexcept {
  std::uint64_t* const block = words_.data() + block_of(hash);
  for (int i = 0; i < kBits; ++i, hash >>= 9U)
    block[hash >> 6U & 7U] |= std::uint64_t{1} << (hash & 63U);
}

bool KeyFilter::may_hold(std::uint64_t hash) const noexcept {
  const std::uint64_t* const block = words_.data() + block_of(hash);
  for (int i = 0; i < kBits; ++i, hash >>= 9U)
    if ((block[hash >> 6U & 7U] >> (hash & 63U) & 1U) == 0) return false;
  return true;
}

}  // namespace trama
