// Personal values: the places of the record that columns with `personal: yes` read, and all that is
// made of them.

#include <algorithm>
#include <string>

#include "plan/compiler.h"

namespace trama {
namespace {

using StepKind = PlaceStep::Kind;

PlaceStep place_step(const PlanPath::Step& step) {
  switch (step.kind) {
    case PlanPath::Step::Kind::index:
      if (step.index < 0) return {StepKind::items};  // which one is known with the record
      return {StepKind::index, std::to_string(step.index)};
    case PlanPath::Step::Kind::key_or_index:
      return {StepKind::key_or_index, step.key};
    case PlanPath::Step::Kind::items:
      return {StepKind::items};
    case PlanPath::Step::Kind::entries:
      return {StepKind::entries};
    case PlanPath::Step::Kind::key:
      break;
  }
  return {StepKind::key, step.key};
}

/// `of_list`: the steps begin at a place of `as_list`.
void add_steps(std::span<const PlanPath::Step> steps, bool of_list, RecordPlace& place) {
  for (const PlanPath::Step& step : steps) {
    const bool item = of_list && step.kind != PlanPath::Step::Kind::key;
    place.steps.push_back(item ? PlaceStep{StepKind::listed} : place_step(step));
    of_list = step.as_list;
  }
}

}  // namespace

/// Where a path leads, from the top of the record.
RecordPlace Compiler::place_of(const PlanPath& path) const {
  RecordPlace place;
  if (path.level > 0) {
    const auto level = static_cast<std::size_t>(path.level);
    PlaceStep item{StepKind::items};
    PathIndex list = kNoPath;
    if (level <= plan_->levels.size()) {
      const PlanLevel& rows = plan_->levels[level - 1];
      const PlanLevel::List& of = rows.lists[std::min(path.side, rows.lists.size() - 1)];
      list = of.path;
      if (of.kind == PlanLevel::List::Kind::entries)
        item.kind = StepKind::entries;
      else if (rows.one_or_many)
        item.kind = StepKind::item_or_self;
    } else {
      for (const PlanColumn& column : plan_->columns) {
        if (column.each_level != path.level) continue;
        list = column.each_list;
        if (column.each_entries) item.kind = StepKind::entries;
      }
    }
    if (list == kNoPath) return place;
    place = place_of(plan_->paths[list]);
    const PlanPath& of = plan_->paths[list];
    if (of.rest.empty() ? of.as_list : of.rest.back().as_list) item.kind = StepKind::listed;
    place.steps.push_back(std::move(item));
  }
  place.is_key = path.take == PlanPath::Take::entry_key;
  if (path.slot >= 0)
    for (const std::string& key : plan_->wanted.slots[static_cast<std::size_t>(path.slot)])
      place.steps.push_back({StepKind::key, key});
  const bool key = !path.rest.empty() && path.rest.back().entry_key;
  place.is_key = place.is_key || key;
  add_steps(std::span(path.rest).first(path.rest.size() - (key ? 1 : 0)), path.as_list, place);
  return place;
}

/// `personal: yes` of the column, or of the `each` that it is in.
bool Compiler::says_personal(ColumnIndex index) const {
  const Column& column = written(index);
  if (column.personal.stated() || !plan_->columns[index].in_each) return column.personal.on;
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    const std::vector<ColumnIndex>& children = plan_->columns[i].children;
    if (std::find(children.begin(), children.end(), index) != children.end())
      return says_personal(static_cast<ColumnIndex>(i));
  }
  return false;
}

/// Of a path that chooses among the items of a list, what it reads of them.
void Compiler::add_places_of_pick(const PlanPath& path, std::vector<RecordPlace>& out) const {
  const auto inside = [&](const PlanItemPath& of) {
    RecordPlace place = place_of(path);
    const bool of_list = path.rest.empty() ? path.as_list : path.rest.back().as_list;
    place.steps.push_back({of_list ? StepKind::listed : StepKind::items});
    add_steps(of.steps, false, place);
    out.push_back(std::move(place));
  };
  const PlanPick& pick = plan_->picks[static_cast<std::size_t>(path.pick)];
  for (const PlanCondition& condition : pick.conditions) inside(condition.where);
  if (pick.rank != PlanPick::Rank::none) inside(pick.by);
  inside(pick.gives());
}

/// What each column reads. A list that it chooses from or goes through is not read as a whole.
void Compiler::places() {
  plan_->reads.resize(plan_->columns.size());
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    std::vector<RecordPlace>& reads = plan_->reads[i];
    for (const PathIndex index : reads_[i]) {
      const PlanPath& path = plan_->paths[index];
      if (path.pick >= 0)
        add_places_of_pick(path, reads);
      else if (index != plan_->columns[i].each_list)
        reads.push_back(place_of(path));
    }
  }
  const auto section = [this](std::string name, const std::vector<PathIndex>& paths) {
    std::vector<RecordPlace> reads;
    for (const PathIndex index : paths) {
      if (index == kNoPath) continue;
      const PlanPath& path = plan_->paths[index];
      if (path.pick >= 0)
        add_places_of_pick(path, reads);
      else
        reads.push_back(place_of(path));
    }
    if (!reads.empty()) plan_->section_reads.emplace_back(std::move(name), std::move(reads));
  };
  const auto paths_of = [this](int expression) {
    return expression < 0 ? std::vector<PathIndex>()
                          : plan_->expressions[static_cast<std::size_t>(expression)].paths;
  };
  section("id", {plan_->id});
  section("only", paths_of(plan_->only));
  if (plan_->duplicates) {
    std::vector<PathIndex> paths = plan_->duplicates->same;
    paths.push_back(plan_->duplicates->rank.by);
    section("duplicates", paths);
  }
  for (const PlanRule& rule : plan_->rules) section(rule.name, paths_of(rule.expression));
}

void Compiler::personal_places() {
  const auto index_of = [](std::size_t i) { return static_cast<ColumnIndex>(i); };
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    if (!says_personal(index_of(i))) continue;
    for (const PathIndex path : reads_[i]) plan_->personal.add(place_of(plan_->paths[path]));
  }
  if (plan_->personal.empty()) return;
  keys_side_by_side();
  std::vector<RecordPlace> read;
  for (const PlanPath& path : plan_->paths) {
    read.push_back(place_of(path));
    if (path.pick >= 0) add_places_of_pick(path, read);
  }
  for (RecordPlace& place : read) plan_->personal.add_read(std::move(place));
}

/// Objects side by side have the same keys: where those of one are personal, those of all are.
void Compiler::keys_side_by_side() {
  for (std::size_t level = 1; level <= plan_->levels.size(); ++level) {
    std::vector<RecordPlace> keys;
    const std::vector<PlanLevel::List>& lists = plan_->levels[level - 1].lists;
    for (std::size_t side = 0; side < lists.size(); ++side) {
      if (lists[side].kind != PlanLevel::List::Kind::entries) continue;
      PlanPath key;
      key.level = static_cast<int>(level);
      key.side = side;
      key.take = PlanPath::Take::entry_key;
      keys.push_back(place_of(key));
    }
    const auto personal = [this](const RecordPlace& key) {
      const std::vector<RecordPlace>& all = plan_->personal.all();
      return std::any_of(all.begin(), all.end(), [&key](const RecordPlace& place) {
        PersonalPlaces one;
        one.add(place);
        return place.is_key && place.steps.size() == key.steps.size() && one.overlaps(key);
      });
    };
    if (std::none_of(keys.begin(), keys.end(), personal)) continue;
    for (const RecordPlace& key : keys) plan_->personal.add(key);
  }
}

bool Compiler::reads_personal(PathIndex path) const {
  return path != kNoPath && !plan_->personal.empty() &&
         plan_->personal.overlaps(place_of(plan_->paths[path]));
}

bool Compiler::reads_personal(const PlanExpression& expression) const {
  const auto operands = std::span(expression.program.operands);
  return std::any_of(operands.begin(), operands.end(), [&](const auto& operand) {
    using From = ExpressionProgram::Operand::From;
    if (operand.from == From::source) return reads_personal(expression.paths[operand.index]);
    return operand.from == From::column && plan_->columns[operand.index].personal;
  });
}

/// Whether a column holds something personal: its values are hidden wherever reports quote them.
/// `personal: no` says that what the column makes of it tells nothing about the person; not of an
/// `each`, which holds its columns as they are.
bool Compiler::made_of_personal(ColumnIndex index) {
  const PlanColumn& column = plan_->columns[index];
  if (std::any_of(column.children.begin(), column.children.end(),
                  [this](ColumnIndex child) { return plan_->columns[child].personal; }))
    return true;
  if (written(index).personal.stated()) return written(index).personal.on;
  if (says_personal(index)) return true;
  if (std::any_of(reads_[index].begin(), reads_[index].end(),
                  [this](PathIndex path) { return reads_personal(path); }))
    return true;
  const auto needed = needs(index);
  return std::any_of(needed.begin(), needed.end(),
                     [this](const auto& need) { return plan_->columns[need.first].personal; });
}

void Compiler::mark_personal(ColumnIndex index) {
  for (const ColumnIndex child : plan_->columns[index].children) mark_personal(child);
  plan_->columns[index].personal = made_of_personal(index);
}

/// The one set of personal places, validated against all that is read.
void Compiler::personal() {
  personal_places();
  for (const ColumnIndex index : plan_->order)
    mark_personal(index);  // those that others need first
  for (PlanRule& rule : plan_->rules)
    rule.personal = reads_personal(plan_->expressions[static_cast<std::size_t>(rule.expression)]);
  plan_->id_personal = reads_personal(plan_->id);
  RecordPlace error_answer;
  for (const PlanPath::Step& step : steps_of(mapping_.input.error_body, 0))
    error_answer.steps.push_back(place_step(step));
  plan_->error_body_personal =
      mapping_.input.error_body.stated() && plan_->personal.overlaps(error_answer);
  if (plan_->only >= 0 && reads_personal(plan_->expressions[static_cast<std::size_t>(plan_->only)]))
    plan_->personal_words.push_back(plan_->only_place);
  if (plan_->identity && std::any_of(plan_->identity->key.begin(), plan_->identity->key.end(),
                                     [this](PathIndex path) { return reads_personal(path); }))
    plan_->personal_words.push_back(plan_->identity->place);
  if (plan_->identity && reads_personal(plan_->identity->newer.by))
    plan_->personal_words.push_back(plan_->identity->newer.place);
  if (!plan_->duplicates) return;
  const PlanDuplicates& duplicates = *plan_->duplicates;
  if (reads_personal(duplicates.rank.by) ||
      std::any_of(duplicates.same.begin(), duplicates.same.end(),
                  [this](PathIndex path) { return reads_personal(path); }))
    plan_->personal_words.push_back(duplicates.place);
}

}  // namespace trama
