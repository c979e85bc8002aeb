#include "run/never_found.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/phrase_codes.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// Whether `rows` goes through what is there.
bool is_list(const Plan& plan, const PlanWatch& watch) {
  using List = PlanLevel::List;
  for (const PlanLevel& level : plan.levels)
    for (const List& list : level.lists)
      if (watch.column == kNoColumn && list.path == watch.paths.front())
        return list.kind == List::Kind::items || list.kind == List::Kind::entries;
  return false;
}

/// What was looked for: "the field guest.mail", "any of the fields a, b".
Phrase looked_for(const Plan& plan, const PlanWatch& watch) {
  if (watch.item)
    return {PhraseCode::run_field_in_item,
            {watch.item->text, plan.paths[watch.paths.front()].text}};
  std::string fields;
  for (const PathIndex path : watch.paths)
    fields += (fields.empty() ? "" : ", ") + plan.paths[path].text;
  if (is_list(plan, watch)) return {PhraseCode::run_the_list, {fields}};
  return {watch.paths.size() > 1 ? PhraseCode::run_any_field : PhraseCode::run_the_field, {fields}};
}

/// Why it may not be there.
Phrase advice(const Plan& plan, const PlanWatch& watch) {
  constexpr std::string_view kSource = "source.";
  for (const PathIndex path : watch.paths) {
    const std::string& text = plan.paths[path].text;
    if (text.starts_with(kSource))
      return {PhraseCode::run_advice_source, {text.substr(kSource.size())}};
    const bool column = std::any_of(plan.columns.begin(), plan.columns.end(),
                                    [&text](const PlanColumn& c) { return c.name == text; });
    if (column && !watch.item) return {PhraseCode::run_advice_column, {text}};
  }
  return PhraseCode::run_advice_renamed;
}

}  // namespace

std::vector<Alert> alerts_of_fields(const Plan& plan, std::span<const FieldSeen> seen) {
  std::vector<Alert> alerts;
  for (std::size_t i = 0; i < std::min(seen.size(), plan.watches.size()); ++i) {
    if (seen[i] != FieldSeen::not_there) continue;
    const PlanWatch& watch = plan.watches[i];
    Alert alert{NoticeCode::field_never_found,
                watch.column == kNoColumn ? "rows" : plan.columns[watch.column].name,
                {looked_for(plan, watch), advice(plan, watch)}};
    const bool told = std::any_of(alerts.begin(), alerts.end(), [&alert](const Alert& other) {
      return other.where == alert.where && other.values == alert.values;
    });
    if (!told) alerts.push_back(std::move(alert));
  }
  return alerts;
}

}  // namespace trama
