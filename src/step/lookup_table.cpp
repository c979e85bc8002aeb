#include "step/lookup_table.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <random>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/keyed_hash.h"
#include "value/decimal.h"

namespace trama {
namespace {

constexpr char kUnitSeparator = '\x1F';

struct TextHash {
  using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's
  /// A code of up to 16 bytes is mixed whole: its first and its last 8 (or 4, or its ends). The
  /// seed differs from run to run, so that a table that travels in a dump cannot be made of keys
  /// that collide; no result depends on it.
  std::size_t operator()(std::string_view text) const noexcept {
    const char* const begin = text.data();
    const std::size_t size = text.size();
    if (size > 16) return keyed_hash(text);
    const auto ends = [&](auto first) {
      auto last = first;
      std::memcpy(&first, begin, sizeof first);
      std::memcpy(&last, begin + size - sizeof last, sizeof last);
      const UInt128 product = UInt128{first ^ kSeed[0] ^ size} * (last ^ kSeed[1]);
      return static_cast<std::size_t>(product ^ (product >> 64U));
    };
    if (size >= 8) return ends(std::uint64_t{});
    if (size >= 4) return ends(std::uint32_t{});
    if (size >= 2) return ends(std::uint16_t{});
    return size == 1 ? ends(std::uint8_t{}) : 0;
  }

 private:
  static inline const std::array<std::uint64_t, 2> kSeed = [] {
    std::random_device random;
    const auto eight = [&] { return std::uint64_t{random()} << 32U | random(); };
    return std::array{eight(), eight()};
  }();
};

}  // namespace

struct LookupTable::Map {
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> values;
  // The keys as they were written, in their order; their values stay where they are.
  std::vector<std::pair<std::string, const std::string*>> shown;
};

LookupTable::LookupTable() : map_(std::make_unique<Map>()) {}
LookupTable::~LookupTable() = default;

bool LookupTable::add(std::string_view key, std::string_view value, std::string_view shown) {
  const auto [at, is_new] = map_->values.try_emplace(std::string(key), value);
  if (is_new) map_->shown.emplace_back(shown.data() == nullptr ? key : shown, &at->second);
  return is_new;
}

const std::string* LookupTable::find(std::string_view key) const noexcept {
  const auto found = map_->values.find(key);
  return found == map_->values.end() ? nullptr : &found->second;
}

std::size_t LookupTable::size() const noexcept {
  return map_->values.size();
}

std::string LookupTable::known(std::size_t most) const {
  std::string list;
  for (std::size_t i = 0; i < map_->shown.size(); ++i) {
    if (i > 0) list += ", ";
    if (i == most) return list + "…";
    list += map_->shown[i].first;
  }
  return list;
}

std::vector<std::pair<std::string_view, const std::string*>> LookupTable::entries() const {
  return {map_->shown.begin(), map_->shown.end()};
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
