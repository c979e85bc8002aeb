#include "run/key_state.h"

#include <charconv>
#include <iterator>
#include <system_error>
#include <type_traits>

namespace trama {
namespace {

static_assert(std::has_unique_object_representations_v<KeyState>);

Decimal number_of(const KeyState& state) noexcept {
  const UInt128 bits = UInt128{state.high} << 64U | state.low;
  return {static_cast<Int128>(bits), state.scale};
}

void take_record(KeyState& known, const KeyState& later) noexcept {
  known.record = later.record;
  known.source = later.source;
  known.kind = later.kind;
  known.scale = later.scale;
  known.low = later.low;
  known.high = later.high;
}

/// The key cannot be decided any more: a record of another kind than its first one is there.
void name_other(KeyState& known, std::uint32_t source, std::uint64_t record,
                RankKind kind) noexcept {
  known.record = record;
  known.source = source;
  known.kind = kind;
  known.scale = 0;
  known.low = known.high = 0;
}

/// Of two parts of a key whose records are compared by X.
void fold_ranked(Keep keep, KeyState& known, const KeyState& later) noexcept {
  if (known.kind != known.first_kind) return;  // the first record of another kind is known
  if (later.first_kind != known.first_kind) {
    name_other(known, later.first_source, later.first_record, later.first_kind);
  } else if (later.kind != known.first_kind) {
    name_other(known, later.source, later.record, later.kind);
  } else if (known.first_kind != RankKind::unreadable) {
    const int order = compare_ranks(later, known);
    if (keep == Keep::highest ? order > 0 : order < 0) take_record(known, later);
  }
}

}  // namespace

std::string_view describe(RankKind kind) noexcept {
  switch (kind) {
    case RankKind::unreadable:
      return "a blank or unreadable value";
    case RankKind::number:
      return "a number";
    case RankKind::date:
      return "a date without a time";
    case RankKind::local_time:
      return "a time without an offset";
    case RankKind::instant:
      return "a time whose offset is known";
  }
  return {};
}

KeyState state_of(std::size_t source, std::uint64_t number, const Value& by) noexcept {
  KeyState state;
  state.record = state.first_record = number;
  state.source = state.first_source = static_cast<std::uint32_t>(source);
  switch (by.kind()) {
    case Kind::decimal: {
      const Decimal decimal = by.decimal();
      const auto bits = static_cast<UInt128>(decimal.coefficient);
      state.kind = RankKind::number;
      state.scale = decimal.scale;
      state.low = static_cast<std::uint64_t>(bits);
      state.high = static_cast<std::uint64_t>(bits >> 64U);
      break;
    }
    case Kind::date:
      state.kind = RankKind::date;
      state.low = static_cast<std::uint64_t>(std::int64_t{by.date().days});
      break;
    case Kind::datetime: {
      const DateTime time = by.datetime();
      const bool local = time.offset == kNoOffset;
      state.kind = local ? RankKind::local_time : RankKind::instant;
      state.scale = static_cast<std::int32_t>(time.nanos);
      state.low = static_cast<std::uint64_t>(time.seconds - (local ? 0 : time.offset));
      break;
    }
    default:
      break;
  }
  state.first_kind = state.kind;
  return state;
}

int compare_ranks(const KeyState& a, const KeyState& b) noexcept {
  if (a.kind == RankKind::number) return compare(number_of(a), number_of(b));
  const auto of_a = static_cast<std::int64_t>(a.low);
  const auto of_b = static_cast<std::int64_t>(b.low);
  if (of_a != of_b) return of_a < of_b ? -1 : 1;
  return a.scale < b.scale ? -1 : a.scale > b.scale ? 1 : 0;
}

void append_rank(std::string& out, const Value& by) {
  const KeyState rank = state_of(0, 0, by);
  for (const std::uint64_t part : {static_cast<std::uint64_t>(rank.kind),
                                   static_cast<std::uint64_t>(rank.scale), rank.high, rank.low})
    out += std::to_string(part) + ' ';
  out.pop_back();
}

bool read_rank(std::string_view text, KeyState& out) noexcept {
  std::uint64_t parts[4] = {};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parts[i]);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool last = i + 1 == std::size(parts);
    if (last ? !text.empty() : !text.starts_with(' ')) return false;
    if (!last) text.remove_prefix(1);
  }
  const auto kind = parts[0];
  if (kind <= static_cast<std::uint64_t>(RankKind::unreadable) ||
      kind > static_cast<std::uint64_t>(RankKind::instant))
    return false;
  out.kind = static_cast<RankKind>(kind);
  out.scale = static_cast<std::int32_t>(parts[1]);
  out.high = parts[2];
  out.low = parts[3];
  return true;
}

void fold(Keep keep, KeyState& known, const KeyState& later) noexcept {
  known.several = true;
  if (is_ranked(keep)) {
    fold_ranked(keep, known, later);
  } else if (keep == Keep::last) {
    known.record = later.record;
    known.source = later.source;
  }
}

}  // namespace trama
