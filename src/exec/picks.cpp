// `{list, where, is, take}`: the items of a list, or the entries of an object, that fit, and what
// is taken of them (mappings/rules.md, rule 9.24). All items are looked at, so that a wrong shape
// is found wherever it is.

#include <algorithm>
#include <optional>
#include <utility>

#include "base/keyed_hash.h"
#include "exec/mapper.h"
#include "value/order.h"

namespace trama {
namespace {

/// Of several wishes in order, one whose item has nothing to take comes behind all that have.
constexpr std::size_t kNothingToTake = SIZE_MAX / 2;

constexpr std::uint64_t kHashFactor =
    0x9e3779b97f4a7c15U;  // odd: of several texts, their order counts

/// What `highest` and `lowest` compare: a number, a date, or a date-time; a blank where it is none.
Value ranked_value(std::string_view text) noexcept {
  Decimal number;
  if (read_decimal(text, number) == Reason::none) return Value::decimal(number);
  Moment moment;
  DateTrouble trouble;
  if (read_iso(text, moment, trouble) != Reason::none || !moment.has_date) return {};
  if (!moment.has_time) return Value::date(moment.date);
  DateTime time;
  time.offset = moment.offset;
  time.seconds = std::int64_t{moment.date.days} * 86400 + moment.time.seconds;
  time.nanos = moment.time.nanos;
  return Value::datetime(time, moment.digits);
}

/// Instants are not comparable with times without an offset.
bool comparable(const Value& a, const Value& b) noexcept {
  if (a.kind() != b.kind()) return false;
  return a.kind() != Kind::datetime ||
         (a.datetime().offset == kNoOffset) == (b.datetime().offset == kNoOffset);
}

}  // namespace

/// What is at a path of an item. False: `found` is blank or wrong.
bool Mapper::find_item(const PlanItemPath& path, const Node& item, const Node& key, Need need,
                       Found& found) {
  found = {};
  if (path.of != PlanItemPath::Of::value && !key.exists()) {  // an item of a list
    found.node = item;
    found.value = Value::json(item.raw());
    found.reason = Reason::needs_entries;
    found.a = Value::text(describe(JsonKind::list));
    return false;
  }
  if (path.of == PlanItemPath::Of::entry_key) return settle(key, need, {}, found);
  return follow(path.text, path.steps, item, found) && settle(found.node, need, {}, found);
}

/// The texts that fields of the record want of the items. False: one of them is a wrong shape.
bool Mapper::find_wanted(std::span<const PlanCondition> conditions, Wanted& wanted, Found& wrong) {
  wanted.assign(conditions.size(), {});
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (conditions[i].is_from == kNoPath) continue;
    const Found is = find(conditions[i].is_from);
    if (is.is_wrong()) {
      wrong = is;
      return false;
    }
    if (is.has_value()) wanted[i] = is.value.text();
  }
  return true;
}

/// Whether the item has all that the conditions ask for. `preference`: which of the values the last
/// condition found, from 0. `wrong`: the first wrong shape that was met, if any.
bool Mapper::fits(std::span<const PlanCondition> conditions, const Wanted& wanted, const Node& item,
                  const Node& key, std::size_t& preference, Found& wrong) {
  bool all = true;
  Found found;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const PlanCondition& condition = conditions[i];
    if (!find_item(condition.where, item, key, Need::scalar, found)) {
      all = false;
      if (!found.is_wrong()) continue;
      wrong = found;
      return false;
    }
    const std::string_view text = found.value.text();
    if (condition.is_from == kNoPath) {
      preference = condition.is.find(text);
      if (preference == WordList::kNowhere && found.node.kind() == JsonKind::boolean)
        preference = condition.is.find(text == "true" ? "yes" : "no");
      all = all && preference != WordList::kNowhere;
    } else {
      preference = 0;
      all = all && wanted[i] == text;
    }
  }
  return all;
}

/// What an item is ranked by; a blank is no rank. False: it is nothing that has an order.
bool Mapper::rank_of(const PlanPick& pick, const Node& item, const Node& key, Value& rank,
                     Found& wrong) {
  Found found;
  rank = Value();
  if (!find_item(pick.by, item, key, Need::scalar, found)) {
    if (found.is_wrong()) wrong = found;
    return !found.is_wrong();
  }
  rank = ranked_value(found.value.text());
  if (!rank.is_blank()) return true;
  wrong = found;
  wrong.reason = Reason::not_comparable;
  wrong.a = found.value;
  return false;
}

/// The hash of what an item has for the conditions that a field of the record decides. False: it has
/// not all of them, so that it never fits. `wrong`: as fits() says.
bool Mapper::hash_of_wanted(std::span<const PlanCondition> conditions, const Node& item,
                            const Node& key, std::uint64_t& hash, Found& wrong) {
  bool all = true;
  hash = 0;
  Found found;
  for (const PlanCondition& condition : conditions) {
    if (!find_item(condition.where, item, key, Need::scalar, found)) {
      all = false;
      if (!found.is_wrong()) continue;
      wrong = found;
      return false;
    }
    if (condition.is_from != kNoPath) hash = hash * kHashFactor + keyed_hash(found.value.text());
  }
  return all;
}

/// Whether the list is one that a pick has gone through before in this record: then its items are
/// put in order of what `is: {from}` looks for, so that a list that each row looks into is not gone
/// through for each row.
bool Mapper::is_ordered(std::size_t pick, const Node& list) {
  const std::vector<PlanCondition>& conditions = plan_.picks[pick].conditions;
  ordered_.resize(plan_.picks.size());
  Ordered& order = ordered_[pick];
  if (order.list != list.byte()) {
    order = {};
    order.list = list.byte();
    return false;
  }
  if (order.made) return true;
  order.made = true;
  Found wrong;
  std::uint32_t number = 0;
  for (NodeCursor cursor(list); cursor.next(); ++number) {
    std::uint64_t hash = 0;
    const bool may_fit = hash_of_wanted(conditions, cursor.value(), cursor.key(), hash, wrong);
    if (may_fit || wrong.is_wrong())
      order.items.push_back({hash, number, cursor.value(), cursor.key()});
    if (order.items.size() * sizeof(Ordered::Item) > rows_bytes_) {
      too_big_ = true;  // the record makes too much
      break;
    }
    if (!wrong.is_wrong()) continue;
    order.wrong = order.items.back();  // no item behind it is looked at
    order.items.pop_back();
    break;
  }
  std::sort(order.items.begin(), order.items.end(),
            [](const Ordered::Item& a, const Ordered::Item& b) {
              return std::pair(a.hash, a.number) < std::pair(b.hash, b.number);
            });
  return true;
}

/// What is taken of the item that fits best, or of all that fit; a blank where there is none.
void Mapper::find_picked(const PlanPath& path, Need need, std::vector<Found>& out) {
  const PlanPick& pick = plan_.picks[static_cast<std::size_t>(path.pick)];
  Found found;
  Node list = start_of(path, found);
  const bool there = list.exists() && follow(path.text, path.rest, list, found);
  if (there) list = found.node;
  if (!there || !settle(list, Need::container, {}, found) || list.is_empty_container()) {
    if (found.has_value()) found.value = Value::blank(Kind::empty);
    found.no_items = true;
    out.push_back(found);
    return;
  }
  Found wrong;
  if (!find_wanted(pick.conditions, wanted_, wrong)) {
    out.push_back(wrong);
    return;
  }
  const std::size_t before = out.size();
  Node best;
  Node best_key;
  std::size_t best_preference = SIZE_MAX;
  Value best_rank;
  // All items; or, of a list in order, those that can fit and the first that is wrong.
  const auto from_field = [](const PlanCondition& one) { return one.is_from != kNoPath; };
  const bool ordered = std::any_of(pick.conditions.begin(), pick.conditions.end(), from_field) &&
                       is_ordered(static_cast<std::size_t>(path.pick), list);
  std::span<const Ordered::Item> some;
  std::optional<Ordered::Item> last;
  if (ordered) {
    const Ordered& order = ordered_[static_cast<std::size_t>(path.pick)];
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < pick.conditions.size(); ++i)
      if (from_field(pick.conditions[i])) hash = hash * kHashFactor + keyed_hash(wanted_[i]);
    const auto of_hash = std::ranges::equal_range(order.items, hash, {}, &Ordered::Item::hash);
    some = std::span(of_hash.begin(), of_hash.end());
    last = order.wrong;
  }
  NodeCursor cursor(list);
  std::size_t at = 0;
  Node item;
  Node key;
  const auto next = [&] {
    if (!ordered) {
      if (!cursor.next()) return false;
      item = cursor.value();
      key = cursor.key();
      return true;
    }
    if (at > some.size() || (at == some.size() && !last)) return false;
    const Ordered::Item& one = at < some.size() ? some[at] : *last;
    ++at;
    item = one.item;
    key = one.key;
    return true;
  };
  while (next()) {
    std::size_t preference = 0;
    Value rank;
    const bool right = fits(pick.conditions, wanted_, item, key, preference, wrong);
    const bool ranked = right && pick.rank != PlanPick::Rank::none;
    if (ranked) rank_of(pick, item, key, rank, wrong);
    if (!wrong.is_wrong() && !rank.is_blank() && !best_rank.is_blank() &&
        !comparable(rank, best_rank)) {
      find_item(pick.by, item, key, Need::scalar, wrong);
      wrong.reason = Reason::item_ranks_differ;
      wrong.a = wrong.value;
      Found other;
      find_item(pick.by, best, best_key, Need::scalar, other);
      wrong.b = other.value;
    }
    if (wrong.is_wrong()) {
      out.resize(before);
      out.push_back(wrong);
      return;
    }
    if (!right || (ranked && rank.is_blank())) continue;
    if (pick.all && !ranked) {
      Found taken;
      find_item(pick.gives(), item, key, need, taken);
      out.push_back(taken);
      continue;
    }
    if (ranked) {
      int order = 1;  // where they have one: see above
      if (!best_rank.is_blank()) static_cast<void>(compare_values(rank, best_rank, order));
      const bool highest = pick.rank == PlanPick::Rank::highest;
      if (!best_rank.is_blank() && (highest ? order <= 0 : order >= 0)) continue;
      best_rank = rank;
    } else {
      if (!pick.preferred) preference = 0;
      const bool wishes = pick.preferred && pick.conditions.front().is.words().size() > 1;
      if (wishes && preference < best_preference) {
        Found taken;
        find_item(pick.take, item, key, need, taken);
        use_null_words(pick.null_words.get(), taken.value);
        if (!taken.is_wrong() && taken.value.is_blank()) preference += kNothingToTake;
      }
      if (preference >= best_preference) continue;
      best_preference = preference;
    }
    best = item;
    best_key = key;
  }
  if (best.exists()) {
    Found taken;
    find_item(pick.gives(), best, best_key, need, taken);
    out.push_back(taken);
  }
  if (out.size() != before) return;
  out.emplace_back().no_items = true;
}

}  // namespace trama
