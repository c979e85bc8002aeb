#include "run/sorted_entries.h"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

#include "base/phrase_codes.h"

namespace trama {
namespace {

constexpr std::size_t kHead = 2 * sizeof(std::uint32_t) + sizeof(std::uint64_t);
constexpr std::size_t kMostRuns = 64;  // that are merged at once
constexpr std::size_t kLeastBuffer = std::size_t{64} * 1024;

/// key size, payload size, number and side, key, payload.
void append(std::string& out, const SortedEntry& entry) {
  const auto put = [&out](auto number) {
    char bytes[sizeof(number)];
    std::memcpy(bytes, &number, sizeof(number));
    out.append(bytes, sizeof(number));
  };
  put(static_cast<std::uint32_t>(entry.key.size()));
  put(static_cast<std::uint32_t>(entry.payload.size()));
  put(entry.number << 1U | entry.side);
  out += entry.key;
  out += entry.payload;
}

struct Sizes {
  std::uint32_t key = 0;
  std::uint32_t payload = 0;
  [[nodiscard]] std::size_t all() const noexcept { return kHead + key + payload; }
};

Sizes sizes_at(const char* at) noexcept {
  Sizes sizes;
  std::memcpy(&sizes.key, at, sizeof(sizes.key));
  std::memcpy(&sizes.payload, at + sizeof(sizes.key), sizeof(sizes.payload));
  return sizes;
}

SortedEntry entry_at(const char* at) noexcept {
  const Sizes sizes = sizes_at(at);
  std::uint64_t number = 0;
  std::memcpy(&number, at + kHead - sizeof(number), sizeof(number));
  const char* const key = at + kHead;
  return {{key, sizes.key},
          static_cast<unsigned>(number & 1U),
          number >> 1U,
          {key + sizes.key, sizes.payload}};
}

bool before(const SortedEntry& a, const SortedEntry& b) noexcept {
  if (const int order = a.key.compare(b.key); order != 0) return order < 0;
  return std::tie(a.side, a.number) < std::tie(b.side, b.number);
}

/// The first bytes of a key as a number that is ordered as they are.
std::uint64_t prefix_of(std::string_view key) noexcept {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < sizeof(prefix); ++i)
    prefix = prefix << 8U | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0U);
  return prefix;
}

}  // namespace

struct SortedEntries::Place {
  std::uint64_t prefix;
  std::size_t at;
};

/// Entries of a temporary file, one after the other.
class SortedEntries::Run {
 public:
  Run(TemporaryFile file, std::size_t buffer) : file_(std::move(file)), most_(buffer) {}

  void use_buffer(std::size_t size) { most_ = size; }
  /// To the next entry. False: there is none.
  Result<bool> advance() {
    at_ += size_;
    size_ = 0;
    TRAMA_TRY(const std::size_t head, have(kHead));
    if (head < kHead) return false;
    const std::size_t all = sizes_at(buffer_.data() + at_).all();
    TRAMA_TRY(const std::size_t got, have(all));
    if (got < all) return false;
    size_ = all;
    entry_ = entry_at(buffer_.data() + at_);
    return true;
  }
  [[nodiscard]] const SortedEntry& entry() const noexcept { return entry_; }

 private:
  /// Reads until so many bytes are there from at_ on, where the file has them.
  Result<std::size_t> have(std::size_t bytes) {
    if (buffer_.size() - at_ >= bytes) return bytes;
    buffer_.erase(0, at_);
    at_ = 0;
    const std::size_t had = buffer_.size();
    buffer_.resize(std::max(bytes, most_));
    TRAMA_TRY(const std::size_t got, file_.read(read_, buffer_.data() + had, buffer_.size() - had));
    read_ += got;
    buffer_.resize(had + got);
    return std::min(bytes, buffer_.size());
  }

  TemporaryFile file_;
  std::size_t most_;
  std::string buffer_;
  std::uint64_t read_ = 0;  // of the file
  std::size_t at_ = 0;      // of the entry, in the buffer
  std::size_t size_ = 0;    // of the entry
  SortedEntry entry_;
};

SortedEntries::SortedEntries(std::size_t memory) : memory_(memory) {}
SortedEntries::~SortedEntries() = default;

Result<void> SortedEntries::add(const SortedEntry& entry) {
  const std::size_t more = kHead + entry.key.size() + entry.payload.size();
  const std::size_t taken = texts_.size() + places_.size() * sizeof(Place);
  if (!places_.empty() && taken + more + sizeof(Place) > memory_) TRAMA_TRY_VOID(spill());
  // Not by doubling: what is allocated is what there is.
  if (texts_.capacity() == 0) texts_.reserve(memory_ / 4 * 3);
  places_.push_back({prefix_of(entry.key), texts_.size()});
  append(texts_, entry);
  return {};
}

void SortedEntries::sort() {
  const char* const texts = texts_.data();
  std::sort(places_.begin(), places_.end(), [texts](const Place& a, const Place& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix
                                : before(entry_at(texts + a.at), entry_at(texts + b.at));
  });
}

Result<void> SortedEntries::spill() {
  sort();
  TRAMA_TRY(TemporaryFile file, TemporaryFile::open(PhraseCode::reconcile_records));
  std::string block;
  for (const Place& place : places_) {
    const char* const at = texts_.data() + place.at;
    block.append(at, sizes_at(at).all());
    if (block.size() < kLeastBuffer) continue;
    TRAMA_TRY_VOID(file.append(block));
    block.clear();
  }
  TRAMA_TRY_VOID(file.append(block));
  runs_.push_back(std::make_unique<Run>(std::move(file), kLeastBuffer));
  texts_.clear();
  places_.clear();
  if (runs_.size() >= kMostRuns) TRAMA_TRY_VOID(merge_all());
  return {};
}

/// Into one run.
Result<void> SortedEntries::merge_all() {
  TRAMA_TRY(TemporaryFile file, TemporaryFile::open(PhraseCode::reconcile_records));
  std::string block;
  for (auto& run : runs_) {
    TRAMA_TRY(const bool any, run->advance());
    if (!any) run.reset();
  }
  std::erase(runs_, nullptr);
  last_ = nullptr;
  for (SortedEntry entry;;) {
    TRAMA_TRY(const bool any, next(entry));
    if (any) append(block, entry);
    if (block.size() >= kLeastBuffer || (!any && !block.empty())) {
      TRAMA_TRY_VOID(file.append(block));
      block.clear();
    }
    if (!any) break;
  }
  last_ = nullptr;
  runs_.clear();
  runs_.push_back(std::make_unique<Run>(std::move(file), kLeastBuffer));
  return {};
}

Result<void> SortedEntries::finish() {
  if (runs_.empty()) {
    sort();
    return {};
  }
  TRAMA_TRY_VOID(spill());
  texts_ = {};
  places_ = {};
  const std::size_t buffer = std::max(kLeastBuffer, memory_ / 2 / runs_.size());
  for (auto& run : runs_) {
    run->use_buffer(buffer);
    TRAMA_TRY(const bool any, run->advance());
    if (!any) run.reset();
  }
  std::erase(runs_, nullptr);
  return {};
}

/// There are few runs, so the least of them is looked for one by one.
Result<bool> SortedEntries::next(SortedEntry& out) {
  if (at_ < places_.size()) {
    out = entry_at(texts_.data() + places_[at_++].at);
    return true;
  }
  if (last_ != nullptr) {
    TRAMA_TRY(const bool any, last_->advance());
    if (!any) std::erase_if(runs_, [this](const auto& run) { return run.get() == last_; });
    last_ = nullptr;
  }
  if (runs_.empty()) return false;
  const auto least = std::min_element(runs_.begin(), runs_.end(), [](const auto& a, const auto& b) {
    return before(a->entry(), b->entry());
  });
  last_ = least->get();
  out = last_->entry();
  return true;
}

}  // namespace trama
