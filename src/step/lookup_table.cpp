#include "step/lookup_table.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/keyed_hash.h"
#include "value/decimal.h"

namespace trama {
namespace {

constexpr char kUnitSeparator = '\x1F';

/// Differs from run to run, so that a table that travels in a dump cannot be made of keys that collide;
/// no result depends on it.
struct Seed {
  static inline const std::array<std::uint64_t, 2> kHalves = {hash_seed(), hash_seed()};
};

/// A code of up to 16 bytes is mixed whole: its first and its last 8 (or 4, or its ends).
std::uint64_t hash_of(std::string_view text) noexcept {
  const char* const begin = text.data();
  const std::size_t size = text.size();
  if (size > 16) return keyed_hash(text);
  const auto ends = [&](auto first) {
    auto last = first;
    std::memcpy(&first, begin, sizeof first);
    std::memcpy(&last, begin + size - sizeof last, sizeof last);
    const UInt128 product = UInt128{first ^ Seed::kHalves[0] ^ size} * (last ^ Seed::kHalves[1]);
    return static_cast<std::uint64_t>(product ^ (product >> 64U));
  };
  if (size >= 8) return ends(std::uint64_t{});
  if (size >= 4) return ends(std::uint32_t{});
  if (size >= 2) return ends(std::uint16_t{});
  return size == 1 ? ends(std::uint8_t{}) : 0;
}

/// All that is kept of a hash: more bits than any table has slots.
std::uint32_t tag_of(std::string_view key) noexcept {
  const std::uint64_t hash = hash_of(key);
  return static_cast<std::uint32_t>(hash ^ hash >> 32U);
}

}  // namespace

/// The slot of `key`, or the free one where it belongs. There is always a free one.
std::size_t LookupTable::slot_of(std::string_view key, std::uint32_t tag) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = tag & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.number == 0) return at;
    if (slot.tag == tag && entries_[slot.number - 1].key() == key) return at;
  }
}

void LookupTable::grow() {
  constexpr std::size_t kFewSlots = 16;
  std::vector<Slot> before = std::exchange(slots_, {});
  slots_.resize(std::max(kFewSlots, 2 * before.size()));
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : before) {
    if (slot.number == 0) continue;
    std::size_t at = slot.tag & mask;
    while (slots_[at].number != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

char* LookupTable::allocate(std::size_t size) {
  constexpr std::size_t kMostBytes = std::size_t{64} * 1024;
  if (size > room_) {
    block_bytes_ = std::min(2 * block_bytes_, kMostBytes);
    room_ = std::max(block_bytes_, size);
    texts_.push_back(std::make_unique_for_overwrite<char[]>(room_));
    at_ = texts_.back().get();
  }
  room_ -= size;
  return std::exchange(at_, at_ + size);
}

bool LookupTable::add(std::string_view key, std::string_view value, std::string_view shown) {
  constexpr std::size_t kMost = UINT32_MAX - 1;
  TRAMA_CHECK(entries_.size() < kMost && key.size() < kMost && value.size() < kMost);
  if (4 * (entries_.size() + 1) > 3 * slots_.size()) grow();
  const std::uint32_t tag = tag_of(key);
  Slot& slot = slots_[slot_of(key, tag)];
  if (slot.number != 0) return false;
  char* const texts = allocate(key.size() + value.size());
  std::copy(value.begin(), value.end(), std::copy(key.begin(), key.end(), texts));
  const bool differs = shown.data() != nullptr && shown != key;
  if (differs || !shown_.empty()) {
    while (shown_.size() < entries_.size()) shown_.push_back(entries_[shown_.size()].key());
    char* const as_written = differs ? allocate(shown.size()) : texts;
    if (differs) std::copy(shown.begin(), shown.end(), as_written);
    shown_.emplace_back(as_written, differs ? shown.size() : key.size());
  }
  entries_.emplace_back(texts, static_cast<std::uint32_t>(key.size()),
                        static_cast<std::uint32_t>(value.size()));
  slot = {tag, static_cast<std::uint32_t>(entries_.size())};
  return true;
}

const LookupTable::Entry* LookupTable::find(std::string_view key) const noexcept {
  if (slots_.empty()) return nullptr;
  const Slot& slot = slots_[slot_of(key, tag_of(key))];
  return slot.number == 0 ? nullptr : &entries_[slot.number - 1];
}

std::size_t LookupTable::place(std::string_view key) const noexcept {
  return slots_[slot_of(key, tag_of(key))].number - 1;
}

std::string LookupTable::known(std::size_t most) const {
  std::string list;
  for (std::size_t i = 0; i < size(); ++i) {
    if (i > 0) list += ", ";
    if (i == most) return list + "…";
    list += shown(i);
  }
  return list;
}

std::string composite_key(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view* part = parts.begin(); part != parts.end(); ++part) {
    if (part != parts.begin()) key += kUnitSeparator;
    key += *part;
  }
  return key;
}

bool DatedLookup::add(std::string_view key, Date from, Date to, std::string_view value, Date& day) {
  const auto of_key = lines_.find(key);
  auto& lines = of_key != lines_.end() ? of_key->second : lines_[std::string(key)];
  const auto next = lines.lower_bound(from.days);  // the first line that ends on `from` or later
  if (next != lines.end() && next->second.from.days <= to.days) {
    day = next->second.from.days > from.days ? next->second.from : from;
    return false;
  }
  lines.emplace(to.days, Line{from, to, std::string(value)});
  return true;
}

const std::string* DatedLookup::find(std::string_view key, Date day, bool& known) const noexcept {
  const auto of_key = lines_.find(key);
  known = of_key != lines_.end();
  if (!known) return nullptr;
  const auto line = of_key->second.lower_bound(day.days);
  const bool holds = line != of_key->second.end() && line->second.from.days <= day.days;
  return holds ? &line->second.value : nullptr;
}

}  // namespace trama
