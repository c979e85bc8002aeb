#include "profile/value_counts.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "base/check.h"
#include "base/quick_hash.h"

namespace trama {
namespace {

/// Fixed, as estimates are made of these bits. Digits of pi.
constexpr HashKey kEstimateKey{0x243F6A8885A308D3U, 0x13198A2E03707344U};

}  // namespace

std::string_view kept_part(std::string_view text) noexcept {
  if (text.size() <= kKeptValueBytes) return text;
  std::size_t end = kKeptValueBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::uint64_t ValueCounts::id_of(JsonKind kind, std::string_view text) noexcept {
  return quick_hash(text, static_cast<std::uint64_t>(kind));
}

ValueCounts::Entry& ValueCounts::hit(std::size_t entry, std::uint64_t times) noexcept {
  last_ = entry;
  entries_[entry].count += times;
  repeated_ = true;
  return entries_[entry];
}

ValueCounts::Entry* ValueCounts::count(std::uint64_t id, std::uint64_t times) noexcept {
  if (entries_.size() <= kFew) {
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (entries_[i].id == id) return &hit(i, times);
    return nullptr;
  }
  const std::size_t mask = index_.size() - 1;
  for (std::size_t at = slot_of(id); index_[at] != 0; at = (at + 1) & mask) {
    if ((index_[at] ^ tag_of(id)) >> 16U != 0) continue;
    const std::size_t place = (index_[at] & UINT16_MAX) - 1;
    if (entries_[place].id == id) return &hit(place, times);
  }
  return nullptr;
}

void ValueCounts::place(std::size_t entry) noexcept {
  const std::size_t mask = index_.size() - 1;
  std::size_t at = slot_of(entries_[entry].id);
  while (index_[at] != 0) at = (at + 1) & mask;
  index_[at] = tag_of(entries_[entry].id) | static_cast<std::uint32_t>(entry + 1);
}

/// At most half full; none where there are few entries.
void ValueCounts::build_index() {
  index_.clear();
  if (entries_.size() <= kFew) {
    index_.shrink_to_fit();
    return;
  }
  index_.resize(std::bit_ceil(entries_.size() * 2 + 2));
  for (std::size_t i = 0; i < entries_.size(); ++i) place(i);
}

ValueCounts::Entry& ValueCounts::add(std::uint64_t id, JsonKind kind, std::string_view text,
                                     std::uint64_t times) {
  const std::string_view kept = kept_part(text);
  Entry entry;
  entry.id = id;
  entry.hash = quick_hash(kEstimateKey, text, static_cast<std::uint64_t>(kind));
  entry.count = times;
  entry.cut = kept.size() < text.size();
  entry.kind = kind;
  if (times > 1) repeated_ = true;
  return put(entry, kept);
}

/// A new entry.
ValueCounts::Entry& ValueCounts::put(Entry entry, std::string_view kept) {
  if (entries_.size() >= 2 * capacity_) cut();
  if (!sketch_.empty()) sketch_.add(entry.hash);
  entry.text_at = static_cast<std::uint32_t>(texts_.size());
  entry.text_size = static_cast<std::uint8_t>(kept.size());
  texts_ += kept;
  last_ = entries_.size();
  entries_.push_back(entry);
  if (entries_.size() > kFew && entries_.size() * 2 > index_.size())
    build_index();
  else if (entries_.size() > kFew)
    place(entries_.size() - 1);
  return entries_.back();
}

/// To the most frequent: at most capacity_ entries.
void ValueCounts::cut() {
  if (entries_.size() <= capacity_) return;
  if (sketch_.empty()) {
    sketch_.coarsen(precision_);
    for (const Entry& entry : entries_) sketch_.add(entry.hash);
  }
  std::vector<std::uint64_t> counts;
  counts.reserve(entries_.size());
  for (const Entry& entry : entries_) counts.push_back(entry.count);
  const auto next = counts.begin() + static_cast<std::ptrdiff_t>(capacity_);
  std::nth_element(counts.begin(), next, counts.end(), std::greater<>());
  const std::uint64_t taken = *next;
  error_ += taken;
  std::string texts;
  std::size_t kept = 0;
  for (Entry entry : entries_) {
    if (entry.count <= taken) continue;
    entry.count -= taken;
    const std::string_view text_of = text(entry);
    entry.text_at = static_cast<std::uint32_t>(texts.size());
    texts += text_of;
    entries_[kept++] = entry;
  }
  entries_.resize(kept);
  texts_ = std::move(texts);
  build_index();
}

void ValueCounts::limit(std::size_t capacity, int precision) {
  TRAMA_CHECK(2 * capacity < UINT16_MAX);  // a slot of the index holds a place in 16 bits
  capacity_ = capacity;
  precision_ = precision;
  sketch_.coarsen(precision);
  if (entries_.size() <= 2 * capacity_) return;
  cut();
  entries_.shrink_to_fit();
  texts_.shrink_to_fit();
  index_.shrink_to_fit();
}

void ValueCounts::merge(const ValueCounts& later, const std::vector<std::uint8_t>& groups) {
  if (!later.exact()) {
    if (exact()) {
      sketch_.coarsen(precision_);
      for (const Entry& entry : entries_) sketch_.add(entry.hash);
    }
    sketch_.merge(later.sketch_);
  }
  repeated_ = repeated_ || later.repeated_;
  for (const Entry& entry : later.entries_) {
    if (count(entry.id, entry.count) != nullptr) continue;
    Entry added = entry;
    added.group = entry.group < groups.size() ? groups[entry.group] : std::uint8_t{0};
    put(added, later.text(entry));
  }
  error_ += later.error_;
}

std::uint64_t ValueCounts::distinct() const {
  return exact() ? entries_.size() : std::max<std::uint64_t>(sketch_.estimate(), entries_.size());
}

std::vector<const ValueCounts::Entry*> ValueCounts::most_frequent(std::size_t most) const {
  std::vector<const Entry*> all;
  all.reserve(entries_.size());
  for (const Entry& entry : entries_) all.push_back(&entry);
  const auto before = [this](const Entry* a, const Entry* b) {
    if (a->count != b->count) return a->count > b->count;
    if (const int order = text(*a).compare(text(*b)); order != 0) return order < 0;
    return a->kind != b->kind ? a->kind < b->kind : a->hash < b->hash;
  };
  const std::size_t size = std::min(most, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size), all.end(),
                    before);
  all.resize(size);
  return all;
}

}  // namespace trama
