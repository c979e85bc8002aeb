#include "run/key_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace trama {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kMostChunkBytes = std::size_t{1} << 20U;
constexpr std::size_t kLeastChunkBytes = 2 * kLongestKey;
static_assert(kLeastChunkBytes >= kLongestKey + sizeof(KeyState) + sizeof(std::uint32_t));

KeyState state_at(const char* entry, std::size_t bytes) noexcept {
  KeyState state;
  std::memcpy(&state, entry + sizeof(std::uint32_t), bytes);
  return state;
}

}  // namespace

KeyTable::KeyTable(Keep keep, std::size_t limit)
    : keep_(keep), state_bytes_(state_bytes(keep)), limit_(limit), chunk_bytes_(0) {
  reset(limit);
}

void KeyTable::reset(std::size_t limit) {
  limit_ = limit;
  chunk_bytes_ = std::clamp(limit / 16, kLeastChunkBytes, kMostChunkBytes);
  chunks_ = std::vector<std::unique_ptr<char[]>>();
  slots_ = std::vector<Slot>();
  chunk_ = used_ = size_ = 0;
}

void KeyTable::clear() noexcept {
  std::fill(slots_.begin(), slots_.end(), Slot());
  chunk_ = used_ = size_ = 0;
}

std::string_view KeyTable::key_of(const char* entry) const noexcept {
  std::uint32_t size = 0;
  std::memcpy(&size, entry, sizeof size);
  return {entry + sizeof size + state_bytes_, size};
}

bool KeyTable::is_full_for(std::size_t size) const noexcept {
  if (size_ == 0) return false;
  std::size_t slots = slots_.size();
  if (slots_are_used()) slots += 2 * slots;  // the old ones and the new
  const bool new_chunk = used_ + entry_bytes(size) > chunk_bytes_ && chunk_ + 1 >= chunks_.size();
  return slots * sizeof(Slot) + (chunks_.size() + (new_chunk ? 1 : 0)) * chunk_bytes_ > limit_;
}

char* KeyTable::allocate(std::size_t bytes) {
  if (!chunks_.empty() && used_ + bytes > chunk_bytes_) {
    ++chunk_;
    used_ = 0;
  }
  if (chunk_ == chunks_.size())
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_bytes_));
  char* const at = chunks_[chunk_].get() + used_;
  used_ += bytes;
  return at;
}

/// The key's slot, or the free one where it belongs.
KeyTable::Slot* KeyTable::slot_of(std::uint64_t hash, std::string_view key) noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.entry == nullptr) return &slot;
    if (slot.hash == hash && key_of(slot.entry) == key) return &slot;
  }
}

void KeyTable::grow() {
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(std::max(kFirstSlots, 2 * slots_.size())));
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.entry == nullptr) continue;
    std::size_t i = slot.hash & mask;
    while (slots_[i].entry != nullptr) i = (i + 1) & mask;
    slots_[i] = slot;
  }
}

void KeyTable::add(std::uint64_t hash, std::string_view key, const KeyState& state) {
  TRAMA_CHECK(key.size() <= kLongestKey);
  if (slots_.empty()) grow();
  Slot* slot = slot_of(hash, key);
  if (slot->entry != nullptr) {
    KeyState known = state_at(slot->entry, state_bytes_);
    fold(keep_, known, state);
    std::memcpy(slot->entry + sizeof(std::uint32_t), &known, state_bytes_);
    return;
  }
  if (slots_are_used()) {
    grow();
    slot = slot_of(hash, key);
  }
  char* const entry = allocate(entry_bytes(key.size()));
  const auto size = static_cast<std::uint32_t>(key.size());
  std::memcpy(entry, &size, sizeof size);
  std::memcpy(entry + sizeof size, &state, state_bytes_);
  if (!key.empty()) std::memcpy(entry + sizeof size + state_bytes_, key.data(), key.size());
  *slot = {hash, entry};
  ++size_;
}

bool KeyTable::find(std::uint64_t hash, std::string_view key, KeyState& out) const noexcept {
  if (slots_.empty()) return false;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.entry == nullptr) return false;
    if (slot.hash != hash || key_of(slot.entry) != key) continue;
    out = state_at(slot.entry, state_bytes_);
    return true;
  }
}

void KeyTable::sort() {
  const auto used = [](const Slot& slot) { return slot.entry != nullptr; };
  const auto end = std::partition(slots_.begin(), slots_.end(), used);
  std::sort(slots_.begin(), end, [this](const Slot& a, const Slot& b) {
    return a.hash != b.hash ? a.hash < b.hash : key_of(a.entry) < key_of(b.entry);
  });
}

KeyEntry KeyTable::at(std::size_t i) const noexcept {
  const Slot& slot = slots_[i];
  return {slot.hash, state_at(slot.entry, state_bytes_), key_of(slot.entry)};
}

}  // namespace trama
