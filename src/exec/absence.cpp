// What is not there: fields that no record of a run has, and rows that hold nothing
// of their record.
//
// A field is looked for in every record until one has it. So a dump whose fields are all there pays
// for the first record of a split, and one without a field for a look at each record.

#include <algorithm>

#include "base/utf8.h"
#include "exec/mapper.h"

namespace trama {

void Mapper::watch_anew() {
  std::fill(watched_.begin(), watched_.end(), Watched::not_looked_for);
  for (std::vector<std::uint32_t>& level : unseen_) level.clear();
  for (std::size_t i = 0; i < plan_.watches.size(); ++i)
    unseen_[static_cast<std::size_t>(plan_.watches[i].level)].push_back(
        static_cast<std::uint32_t>(i));
}

/// In the record, or in the item of that level which is at hand.
void Mapper::look_for_fields(int level) {
  std::vector<std::uint32_t>& unseen = unseen_[static_cast<std::size_t>(level)];
  std::size_t kept = 0;
  for (const std::uint32_t index : unseen) {
    watched_[index] = std::max(watched_[index], look_for(plan_.watches[index]));
    if (watched_[index] != Watched::there) unseen[kept++] = index;
  }
  unseen.resize(kept);
}

/// Where `steps` lead from `node`. A null, something empty or of another kind on their way says
/// nothing about the names below it.
Watched Mapper::look_below(const Node& node, std::span<const PlanPath::Step> steps) {
  using StepKind = PlanPath::Step::Kind;
  if (!node.exists()) return Watched::not_there;
  if (steps.empty()) return Watched::there;
  const PlanPath::Step& step = steps.front();
  if (step.entry_key) return Watched::there;  // an entry has one
  const bool list = node.kind() == JsonKind::list;
  if (!list && node.kind() != JsonKind::object) return Watched::not_looked_for;
  if (step.kind == StepKind::items || step.kind == StepKind::entries)
    return list == (step.kind == StepKind::items)
               ? look_in_items(node, steps.subspan(1), step.as_list)
               : Watched::not_looked_for;
  const bool indexed =
      step.kind == StepKind::index || (step.kind == StepKind::key_or_index && list);
  if (list != indexed || node.is_empty_container()) return Watched::not_looked_for;
  const Node next = indexed ? node.item(step.index) : node.member(step.key, arena_);
  return look_below(step.as_list ? as_list(next) : next, steps.subspan(1));
}

/// `listed`: the items are places of `as_list`.
Watched Mapper::look_in_items(const Node& items, std::span<const PlanPath::Step> steps,
                              bool listed) {
  // A list of nothing has the name that the path ends with.
  Watched most =
      steps.empty() && items.is_empty_container() ? Watched::there : Watched::not_looked_for;
  for (NodeCursor cursor(items); cursor.next() && most != Watched::there;)
    most = std::max(most, look_below(listed ? as_list(cursor.value()) : cursor.value(), steps));
  return most;
}

/// Nothing is at the beginning of a path: whether something could have been there.
Watched Mapper::look_above(const PlanPath& path) {
  if (reader_.root().is_empty_container()) return Watched::not_looked_for;
  for (const int slot : path.above) {
    const Node above = reader_.slot(static_cast<std::size_t>(slot));
    if (!above.exists()) break;
    if (above.kind() != JsonKind::object || above.is_empty_container())
      return Watched::not_looked_for;
  }
  return Watched::not_there;
}

/// Where `steps` lead in the items of the list at a path; without them, whether the path is there.
Watched Mapper::look_for(PathIndex index, const PlanItemPath* item) {
  const PlanPath& path = plan_.paths[index];
  Found found;
  const Node start = start_of(path, found);
  if (item == nullptr) return start.exists() ? look_below(start, path.rest) : look_above(path);
  if (!start.exists()) return Watched::not_looked_for;
  const Node list = follow(path.text, path.rest, start, found) ? found.node : Node();
  const bool items = list.kind() == JsonKind::list || list.kind() == JsonKind::object;
  return items ? look_in_items(list, item->steps, false) : Watched::not_looked_for;
}

/// Of several paths one will do.
Watched Mapper::look_for(const PlanWatch& watch) {
  Watched group = Watched::not_there;
  for (const PathIndex path : watch.paths) {
    const Watched one = look_for(path, watch.item ? &*watch.item : nullptr);
    if (one == Watched::there) return one;
    if (one == Watched::not_looked_for) group = one;
  }
  return group;
}

/// What `type: json` copies and is no more than a blank; of several parts, a list of such.
bool Mapper::is_empty_json(std::string_view text, bool parts) noexcept {
  if (parts &&
      text.starts_with('[')) {  // no blank has a comma, and a piece of something else is none
    for (std::string_view left = text.substr(1, text.size() - 2); !left.empty();) {
      const std::size_t comma = std::min(left.find(','), left.size());
      if (!is_empty_json(trim(left.substr(0, comma)), false)) return false;
      left.remove_prefix(std::min(comma + 1, left.size()));
    }
    return true;
  }
  if (text == "null") return true;
  const bool pair = text.size() > 1 && (text[0] == '"' || text[0] == '[' || text[0] == '{');
  return pair && trim(text.substr(1, text.size() - 2)).empty();
}

/// The first of the columns that read the record holds nothing: so do all of them, or this does
/// nothing. Whether the record is refused for it is seen when all its rows are made: not beside
/// another error, nor where `output: rest` has more of it to write.
void Mapper::note_blank_row() {
  const bool blank = std::all_of(plan_.source_columns.begin(), plan_.source_columns.end(),
                                 [this](ColumnIndex index) { return holds_nothing(index); });
  if (!blank) return;
  RecordError error;
  error.reason = Reason::row_blank;
  std::size_t level = plan_.levels.size();
  while (level > 0 && !levels_[level].present) --level;
  if (level > 0 && levels_[level].items.front().exists())
    error.byte = levels_[level].items.front().byte();
  blank_rows_.push_back(error);  // of the whole record, also with `bad_item: skip-item`
}

}  // namespace trama
