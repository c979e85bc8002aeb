// `{list, where, is, take}`: the items of a list, or the entries of an object, that fit, and what
// is taken of them (mappings/rules.md, rule 9.24). All items are looked at, so that a wrong shape
// is found wherever it is.

#include <algorithm>

#include "exec/mapper.h"
#include "value/order.h"

namespace trama {
namespace {

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
      const auto at = std::find(condition.is.begin(), condition.is.end(), text);
      preference = static_cast<std::size_t>(at - condition.is.begin());
      all = all && at != condition.is.end();
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

/// What is taken of the item that fits best, or of all that fit; a blank where there is none.
void Mapper::find_picked(const PlanPath& path, Need need, std::vector<Found>& out) {
  const PlanPick& pick = plan_.picks[static_cast<std::size_t>(path.pick)];
  Found found;
  Node list = start_of(path, found);
  const bool there = list.exists() && follow(path.text, path.rest, list, found);
  if (there) list = found.node;
  if (!there || !settle(list, Need::container, {}, found) || list.is_empty_container()) {
    if (found.has_value()) found.value = Value::blank(Kind::empty);
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
  for (NodeCursor cursor(list); cursor.next();) {
    const Node item = cursor.value();
    const Node key = cursor.key();
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
      find_item(pick.take, item, key, need, taken);
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
      if (preference >= best_preference) continue;
      best_preference = preference;
    }
    best = item;
    best_key = key;
  }
  if (best.exists()) {
    Found taken;
    find_item(pick.take, best, best_key, need, taken);
    out.push_back(taken);
  }
  if (out.size() == before) out.emplace_back();
}

}  // namespace trama
