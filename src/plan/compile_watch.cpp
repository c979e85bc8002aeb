// What a run notices by its absence: fields of columns that no record has (FIELD_NEVER_FOUND), and
// rows that hold nothing of their record (ROW_BLANK).

#include <algorithm>

#include "plan/compiler.h"

namespace trama {

void Compiler::watch_for(PlanWatch::What what, std::vector<PathIndex> paths, ColumnIndex column) {
  PlanWatch watch;
  watch.what = what;
  watch.column = column;
  for (const PathIndex path : paths) {
    if (path == kNoPath) return;
    const PlanPath& made = plan_->paths[path];
    if (made.take == PlanPath::Take::entry_key) return;  // a key is always there
    watch.level = std::max(watch.level, made.level);
  }
  watch.paths = std::move(paths);
  plan_->watches.push_back(std::move(watch));
}

void Compiler::watch_expression(int expression, ColumnIndex column) {
  if (!names_fields(expression)) return;
  for (const PathIndex path : plan_->expressions[static_cast<std::size_t>(expression)].paths)
    watch_for(PlanWatch::What::path, {path}, column);
}

/// Every field that the column reads, those of its helpers too: a currency, a zone.
void Compiler::watch_column(ColumnIndex index) {
  using What = PlanWatch::What;
  using From = PlanColumn::From;
  const PlanColumn& column = made(index);
  if (column.optional) return;
  if (column.from == From::first_of) {
    watch_for(What::path, column.paths, index);
  } else {
    for (const PathIndex path : column.paths) watch_for(What::path, {path}, index);
  }
  const PlanColumn::Pick& pick = column.pick;
  if (column.from == From::pick) {
    watch_for(What::path, {pick.list}, index);
    if (!pick.where.empty()) watch_for(What::pick_where, {pick.list}, index);
    if (!pick.take.empty()) watch_for(What::pick_take, {pick.list}, index);
    if (pick.is_from != kNoPath) watch_for(What::path, {pick.is_from}, index);
  }
  if (column.from == From::each) watch_for(What::path, {column.each_list}, index);
  for (const PlanChoice& choice : column.choices) {
    if (choice.give == PlanChoice::Give::path) watch_for(What::path, {choice.path}, index);
    watch_expression(choice.condition, index);
  }
  watch_expression(column.expression, index);
  if (column.money) {
    if (column.money->currency_path != kNoPath)
      watch_for(What::path, {column.money->currency_path}, index);
    if (column.money->minor_units_path != kNoPath)
      watch_for(What::path, {column.money->minor_units_path}, index);
  }
  for (const int zone : column.dynamic_zones)
    watch_for(What::path, {plan_->zones[static_cast<std::size_t>(zone)].path}, index);
}

void Compiler::watches() {
  if (plan_->never_found == NeverFound::ignore) return;
  for (const PlanLevel& level : plan_->levels)
    for (const PathIndex list : level.lists) watch_for(PlanWatch::What::path, {list}, kNoColumn);
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) watch_column(static_cast<ColumnIndex>(i));
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
    case From::pick:
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
