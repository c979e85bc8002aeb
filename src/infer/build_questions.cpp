#include <algorithm>

#include "infer/builder.h"
#include "infer/yaml_text.h"
#include "value/zone.h"

namespace trama {
namespace {

/// The ends of a way.
enum class End : std::uint8_t { none, first, last };

/// Which one a name is of, where it says one alone.
End end_of(std::string_view name) {
  static constexpr std::string_view kFirst[] = {"departure", "departing", "departs", "depart",
                                                "departed",  "origin",    "salida",  "origen"};
  static constexpr std::string_view kLast[] = {"arrival", "arriving",    "arrives", "arrive",
                                               "arrived", "destination", "llegada", "destino"};
  const std::vector<std::string> words = name_words(name);
  const auto says = [&words](const auto& list) {
    return std::find_first_of(words.begin(), words.end(), std::begin(list), std::end(list)) !=
           words.end();
  };
  const bool first = says(kFirst);
  if (first == says(kLast)) return End::none;
  return first ? End::first : End::last;
}

}  // namespace

/// The leaves in the order of their columns, so that nothing depends on addresses.
std::vector<std::pair<const PathNode*, const LeafColumn*>> DraftBuilder::known_in_order() const {
  std::vector<std::pair<const PathNode*, const LeafColumn*>> all;
  known_in_order(draft_.columns, all);
  return all;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
void DraftBuilder::known_in_order(
    const std::vector<DraftColumn>& columns,
    std::vector<std::pair<const PathNode*, const LeafColumn*>>& all) const {
  for (const DraftColumn& column : columns) {
    const auto known = column.node == nullptr ? known_.end() : known_.find(column.node);
    if (known != known_.end()) all.emplace_back(known->first, &known->second);
    known_in_order(column.columns, all);
  }
}

void DraftBuilder::ask_for_all(const std::string& type, DraftWord ask, const Concerns& concerns) {
  DraftWord defaults{type, {}};
  defaults.entries.push_back(std::move(ask));
  draft_.defaults.push_back(std::move(defaults));
  mark_open(draft_.columns, concerns);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
void DraftBuilder::mark_open(std::vector<DraftColumn>& columns, const Concerns& concerns) {
  for (DraftColumn& column : columns) {
    mark_open(column.columns, concerns);
    column.open = column.open || concerns(column);
  }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
void DraftBuilder::put(std::vector<DraftColumn>& columns, const DraftWord& ask,
                       std::string_view behind, const Concerns& concerns) {
  for (DraftColumn& column : columns) {
    put(column.columns, ask, behind, concerns);
    if (!concerns(column)) continue;
    column.open = true;
    const auto at = std::find_if(column.words.begin(), column.words.end(),
                                 [behind](const DraftWord& one) { return one.key == behind; });
    column.words.insert(at == column.words.end() ? at : at + 1, ask);
  }
}

/// A local time stays what it is, as long as nothing is made of it; beside other times with an
/// offset it has to become one of them. A zone that stands beside it is its own.
void DraftBuilder::settle_times() {
  std::set<const PathNode*> asked;
  take_zones(draft_.columns, asked);
  if (asked.empty()) return;
  DraftWord ask{"no_zone_means",
                {{}, say_(Code::infer_ask_zone), {"UTC", "America/Bogota", "Europe/Madrid"}}};
  const auto concerns = [&asked](const DraftColumn& column) { return asked.contains(column.node); };
  if (asked.size() > 1)
    ask_for_all("datetime", std::move(ask), concerns);
  else
    put(draft_.columns, ask, "read", concerns);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
void DraftBuilder::take_zones(std::vector<DraftColumn>& columns, std::set<const PathNode*>& asked) {
  for (DraftColumn& column : columns) {
    take_zones(column.columns, asked);
    const auto known = column.node == nullptr ? known_.end() : known_.find(column.node);
    if (known == known_.end() || !known->second.no_zone) continue;
    const PathNode* const zone = zone_of(*column.node);
    if (zone != nullptr && are_once(*column.node, *zone))
      column.words.push_back(
          draft_word("no_zone_means", "{from: " + yaml_scalar(paths_.at(zone)) + "}"));
    else if (known->second.some_zones)
      asked.insert(column.node);
  }
}

/// The zone beside a time: in the same object, or in the one at the same end of a way
/// (`departing_at` and `origin.time_zone`).
const PathNode* DraftBuilder::zone_of(const PathNode& time) const {
  if (time.step != PathNode::Step::member) return nullptr;
  const End end = end_of(time.name);
  const PathNode* beside = nullptr;
  const PathNode* at_end = nullptr;
  std::size_t count = 0;
  std::size_t at_ends = 0;
  const std::uint64_t objects = time.parent->seen.of(JsonKind::object);
  for (const auto& member : time.parent->members) {
    const End other = end_of(member->name);
    if (holds_zone(*member) && (other == End::none || other == end)) {
      beside = member.get();
      ++count;
    }
    if (end == End::none || other != end || member->seen.of(JsonKind::object) != objects) continue;
    for (const auto& inner : member->members) {
      if (!holds_zone(*inner)) continue;
      at_end = inner.get();
      ++at_ends;
    }
  }
  if (count > 0) return count == 1 ? beside : nullptr;
  return at_ends == 1 ? at_end : nullptr;
}

/// Whether every time is there once in every zone: one that the clocks jumped over, or showed twice,
/// would be rejected. Of more values than are kept that is not known.
bool DraftBuilder::are_once(const PathNode& times, const PathNode& zones) const {
  const ValueCounts& of_times = times.seen.values;
  const ValueCounts& of_zones = zones.seen.values;
  if (!of_times.exact() || !of_zones.exact()) return false;
  std::set<std::int64_t> local;
  for (const ValueCounts::Entry& entry : of_times.entries())
    for (const std::size_t date : dates_of(times.seen.forms.all()[entry.group].forms)) {
      constexpr std::int64_t kDay = 86400;
      Moment moment;
      if (entry.cut || !forms_.read(date, of_times.text(entry), moment)) return false;
      if (moment.offset == kNoOffset) local.insert(moment.date.days * kDay + moment.time.seconds);
    }
  return std::all_of(of_zones.entries().begin(), of_zones.entries().end(),
                     [&](const ValueCounts::Entry& entry) {
                       Zone zone;
                       return Zone::find(of_zones.text(entry), zone) &&
                              std::all_of(local.begin(), local.end(), [&zone](std::int64_t time) {
                                return zone.offsets_of_local(time).how == Zone::Local::once;
                              });
                     });
}

/// Whether there is a zone in each of the objects.
bool DraftBuilder::holds_zone(const PathNode& node) const {
  if (!known_.contains(&node) || !paths_.contains(&node)) return false;
  const Findings found = find(node, forms_);
  return found.vocabulary == Vocabulary::zone && found.filled == found.parents;
}

}  // namespace trama
