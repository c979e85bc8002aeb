// What a run notices by its absence: fields of columns that no record has (FIELD_NEVER_FOUND), and
// rows that hold nothing of their record (ROW_BLANK).

#include <algorithm>

#include "base/phrase_codes.h"
#include "plan/compiler.h"

namespace trama {

void Compiler::watch_for(std::vector<PathIndex> paths, ColumnIndex column,
                         const PlanItemPath* item) {
  if (item != nullptr && (item->steps.empty() || item->of == PlanItemPath::Of::entry_key)) return;
  PlanWatch watch;
  watch.column = column;
  for (const PathIndex path : paths) {
    if (path == kNoPath) return;
    const PlanPath& made = plan_->paths[path];
    if (made.take != PlanPath::Take::value) return;  // a key and a number are always there
    watch.level = std::max(watch.level, made.level);
  }
  if (item != nullptr) {
    watch.item = *item;
  } else {
    for (const PathIndex path : paths) watch_pick(path, column);
  }
  watch.paths = std::move(paths);
  plan_->watches.push_back(std::move(watch));
}

/// Of a path that chooses among the items of a list, what it reads of them.
void Compiler::watch_pick(PathIndex path, ColumnIndex column) {
  const int pick = plan_->paths[path].pick;
  if (pick < 0) return;
  const PlanPick chosen = plan_->picks[static_cast<std::size_t>(pick)];
  watch_conditions(chosen.conditions, path, column);
  if (chosen.rank != PlanPick::Rank::none) watch_item(path, chosen.by, column);
  watch_item(path, chosen.gives(), column);
}

void Compiler::watch_conditions(std::span<const PlanCondition> conditions, PathIndex list,
                                ColumnIndex column) {
  for (const PlanCondition& condition : conditions) {
    watch_item(list, condition.where, column);
    watch_for({condition.is_from}, column);
  }
}

void Compiler::watch_expression(int expression, ColumnIndex column) {
  if (!names_fields(expression)) return;
  for (const PathIndex path : plan_->expressions[static_cast<std::size_t>(expression)].paths)
    watch_for({path}, column);
}

/// Every field that the column reads, those of its helpers too: a currency, a zone.
void Compiler::watch_column(ColumnIndex index) {
  using From = PlanColumn::From;
  const PlanColumn& column = made(index);
  if (column.from == From::first_of) {
    watch_for(column.paths, index);
  } else {
    for (const PathIndex path : column.paths) watch_for({path}, index);
  }
  if (column.from == From::each) {
    watch_for({column.each_list}, index);
    watch_conditions(column.each_where, column.each_list, index);
  }
  for (const PlanChoice& choice : column.choices) {
    if (choice.give == PlanChoice::Give::path) watch_for({choice.path}, index);
    watch_expression(choice.condition, index);
  }
  watch_expression(column.expression, index);
  watch_for({column.blank_path}, index);
  if (column.money) {
    watch_for({column.money->currency_field.path}, index);
    watch_for({column.money->minor_units_field.path}, index);
    watch_for({column.money->convert_field.path}, index);
  }
  for (const int zone : column.dynamic_zones)
    watch_for({plan_->zones[static_cast<std::size_t>(zone)].field.path}, index);
}

/// What a level of `rows` goes through, and by what it chooses.
void Compiler::watch_level(const PlanLevel& level) {
  for (const PlanLevel::List& list : level.lists) {
    watch_for({list.path}, kNoColumn);
    watch_for({list.until}, kNoColumn);
  }
  using List = PlanLevel::List;
  const List& list = level.lists.front();
  if (list.kind == List::Kind::items || list.kind == List::Kind::entries)
    watch_conditions(level.where, list.path, kNoColumn);
}

void Compiler::watches() {
  for (const PlanLevel& level : plan_->levels) watch_level(level);
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    const auto index = static_cast<ColumnIndex>(i);
    const auto before = static_cast<std::ptrdiff_t>(plan_->watches.size());
    watch_column(index);
    if (!made(index).optional) continue;
    if (plan_->watches.begin() + before == plan_->watches.end())
      error(DiagnosticCode::word_no_effect, written(index).key_span("optional"),
            {"optional", PhraseCode::optional_reads_no_field, PhraseCode::made_of_other_columns});
    plan_->watches.erase(plan_->watches.begin() + before, plan_->watches.end());
  }
  if (plan_->never_found == NeverFound::ignore) plan_->watches.clear();
}

/// Whether an expression of the plan (-1: none) reads fields of the record.
bool Compiler::names_fields(int expression) const {
  return expression >= 0 && !plan_->expressions[static_cast<std::size_t>(expression)].paths.empty();
}

/// Whether the value of a column comes from the record, and not from other columns or a constant.
bool Compiler::reads_record(const PlanColumn& column) const {
  using From = PlanColumn::From;
  switch (column.from) {
    case From::path:
    case From::paths:
    case From::first_of:
    case From::composite:
    case From::each:
      return true;
    case From::choose:
      return std::any_of(
          column.choices.begin(), column.choices.end(), [this](const PlanChoice& choice) {
            return choice.give == PlanChoice::Give::path || names_fields(choice.condition);
          });
    case From::compute:
      return names_fields(column.expression);
    case From::constant:
    case From::rate_of:
    case From::rate_day_of:
    case From::currency_of:
    case From::total_of:  // what a column holds that does
      return false;
  }
  return false;
}

void Compiler::source_columns() {
  if (mapping_.output.blank_rows.view() == "keep") return;
  for (std::size_t i = 0; i < plan_->columns.size(); ++i)
    if (!plan_->columns[i].in_each && reads_record(plan_->columns[i]))
      plan_->source_columns.push_back(static_cast<ColumnIndex>(i));
}

}  // namespace trama
