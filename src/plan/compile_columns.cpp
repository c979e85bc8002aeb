// Columns: where their values come from, the order in which they are made, the rows level that each
// belongs to.

#include <algorithm>

#include "base/nearest.h"
#include "plan/compiler.h"

namespace trama {

/// Gives the column its place among the plan's columns; the columns of an `each` come right after
/// it.
ColumnIndex Compiler::declare(const Column& column, const std::string& prefix) {
  const auto index = static_cast<ColumnIndex>(plan_->columns.size());
  plan_->columns.emplace_back();
  written_.push_back(&column);
  typed_.push_back(false);
  PlanColumn& made = plan_->columns.back();
  made.name = prefix + column.name.text;
  made.internal = column.internal.on;
  made.personal = column.personal.on;
  made.required = column.required.on;
  made.in_each = !prefix.empty();
  made.place = place(column.name.span);
  for (const Column& child : column.columns) {
    const ColumnIndex at =
        declare(child, plan_->columns[index].name + "[*].");  // `made` may have moved
    plan_->columns[index].children.push_back(at);
  }
  return index;
}

void Compiler::columns() {
  constexpr std::size_t kMostColumns = 10000;
  if (mapping_.columns.size() > kMostColumns) {
    error(DiagnosticCode::too_many_columns, mapping_.columns_span, {std::to_string(kMostColumns)});
    return;
  }
  for (const Column& column : mapping_.columns) declare(column, "");
  for (const Column* column : written_) names_.push_back(column->name.text);
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    if (!plan_->columns[i].in_each) source(static_cast<ColumnIndex>(i));
  }
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) kind_of(static_cast<ColumnIndex>(i));
  order_columns();
  expressions_of_columns();
  levels_of_columns();
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) column(static_cast<ColumnIndex>(i));
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    if (written(static_cast<ColumnIndex>(i)).each.stated())
      object_of_each(static_cast<ColumnIndex>(i));
  }
}

bool Compiler::find_name(const Text& name, ColumnIndex& index) {
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    if (plan_->columns[i].in_each || plan_->columns[i].name != name.text) continue;
    index = static_cast<ColumnIndex>(i);
    return true;
  }
  if (plan_->columns.empty()) return false;  // told already
  const std::string_view near = nearest(name.text, names_);
  error(DiagnosticCode::column_unknown, name.span,
        {name.text, near.empty() ? "" : "did you mean '" + std::string(near) + "'?"});
  return false;
}

void Compiler::source_paths(ColumnIndex index) {
  const Column& column = written(index);
  PlanColumn& made = this->made(index);
  bool many = column.from.size() > 1;
  for (const Path& from : column.from) {
    made.paths.push_back(path(from));
    many = many || from.many();
  }
  made.takes_json = column.type.view() == "json";
  if (column.total.stated()) {
    using Total = PlanColumn::Total;
    static constexpr std::pair<std::string_view, Total> kTotals[] = {
        {"sum", Total::sum},     {"count", Total::count}, {"min", Total::min},  {"max", Total::max},
        {"first", Total::first}, {"last", Total::last},   {"only", Total::only}};
    for (const auto& [word, total] : kTotals)
      if (column.total.view() == word) made.total = total;
    made.total_place = place(column.key_span("total"));
    many = true;
  }
  made.from = many ? PlanColumn::From::paths : PlanColumn::From::path;
  made.joined = column.join.stated();
  made.join = column.join.text;
  if (many && !made.joined && made.total == PlanColumn::Total::none && !made.takes_json)
    error(DiagnosticCode::many_values, column.from_span, {});
}

void Compiler::pick(ColumnIndex index) {
  const Pick& pick = written(index).pick;
  PlanColumn& made = this->made(index);
  made.from = PlanColumn::From::pick;
  made.takes_json = written(index).type.view() == "json";
  for (const Path* path : {&pick.where, &pick.take}) one_value(*path);
  made.pick.list = path_to_one(pick.list);
  made.pick.where_is_key = pick.where.text == "$key";
  made.pick.where_is_value = pick.where.text == "$value";
  const auto steps = [this](const Path& path) {  // $value.name says the same as name
    return steps_of(path, path.steps.size() > 1 && path.text.starts_with("$value.") ? 1 : 0);
  };
  if (!made.pick.where_is_key && !made.pick.where_is_value) made.pick.where = steps(pick.where);
  made.pick.where_text = pick.where.text;
  made.pick.take_text = pick.take.text;
  made.pick.take_is_key = pick.take.text == "$key";
  if (pick.take.stated() && !made.pick.take_is_key && pick.take.text != "$value")
    made.pick.take = steps(pick.take);
  for (const Text& word : pick.is) made.pick.is.push_back(word.text);
  if (pick.is_from.stated()) made.pick.is_from = path_to_one(pick.is_from);
}

void Compiler::each(ColumnIndex index) {
  const Column& column = written(index);
  made(index).from = PlanColumn::From::each;
  made(index).each_list = list_of(column.each, made(index).each_entries,
                                  "put an 'each' for the inner list into the columns of this one");
  const int level = ++plan_->level_count;
  each_patterns_[level] = pattern_of(plan_->paths[made(index).each_list]);
  made(index).each_level = level;
  called_.push_back({column.called.stated() ? column.called.text : "item", level, 0});
  for (const ColumnIndex child : std::vector<ColumnIndex>(made(index).children)) source(child);
  called_.pop_back();
}

/// How the objects of an `each` are written.
void Compiler::object_of_each(ColumnIndex index) {
  for (const ColumnIndex child : made(index).children) {
    if (plan_->columns[child].internal) continue;
    OutputColumn one;
    one.name = written(child).name.text;
    one.value = child;
    one.format = plan_->columns[child].format;
    one.blank_left_out = plan_->columns[child].blank_left_out;
    made(index).object.push_back(std::move(one));
  }
}

void Compiler::source(ColumnIndex index) {
  const Column& column = written(index);
  PlanColumn& made = this->made(index);
  made.from_place = place(column.from_span.line != 0 ? column.from_span : column.name.span);
  const Span from_key = column.key_span("from");
  if (from_key.line != 0) made.from_place = place(from_key);
  if (!column.by.empty()) {
    made.from = PlanColumn::From::composite;
    for (const Path& part : column.by) made.paths.push_back(path_to_one(part));
  } else if (!column.from.empty()) {
    source_paths(index);
  } else if (column.pick.stated()) {
    pick(index);
  } else if (!column.first_of.empty()) {
    made.from = PlanColumn::From::first_of;
    made.takes_json = column.type.view() == "json";
    for (const Path& one : column.first_of) made.paths.push_back(path_to_one(one));
  } else if (column.value.stated()) {
    made.from = PlanColumn::From::constant;
  } else if (column.compute.stated()) {
    made.from = PlanColumn::From::compute;
  } else if (!column.choose.empty()) {
    made.from = PlanColumn::From::choose;
  } else if (column.each.stated()) {
    each(index);
  } else {
    const std::pair<const Text*, PlanColumn::From> of[] = {
        {&column.rate_of, PlanColumn::From::rate_of},
        {&column.rate_day_of, PlanColumn::From::rate_day_of},
        {&column.currency_of, PlanColumn::From::currency_of}};
    for (const auto& [name, from] : of) {
      if (!name->stated()) continue;
      this->made(index).from = from;
      ColumnIndex money = kNoColumn;
      if (!find_name(*name, money)) continue;
      this->made(index).of = money;
      if (written(money).type.view() != "money" && !type_wrong(money))
        error(DiagnosticCode::not_money, name->span, {name->text});
    }
  }
}

void Compiler::column(ColumnIndex index) {
  steps(index);
  format(index);
  defaults(index);
  checks(index);
  PlanColumn& made = this->made(index);
  const Column& column = written(index);
  made.optional = column.optional.on;
  made.required_place = place(column.key_span("required"));
  const std::string_view extra = column.on_extra_rows.view();
  made.extra_rows = extra == "leave-blank" ? ExtraRows::leave_blank
                    : extra == "share"     ? ExtraRows::share
                                           : ExtraRows::repeat;
  made.blank_as = column.blank_as.stated() ? column.blank_as.text : mapping_.output.blank_as.text;
  made.blank_left_out = made.blank_as == "left-out";
  if (plan_->output.form == OutputFormat::Form::csv && made.blank_as == "none")
    made.blank_as.clear();
  for (const Text& word : mapping_.input.null_words) made.null_words.push_back(word.text);
  for (const Text& word : column.null_words) made.null_words.push_back(word.text);
  made.plain = made.from == PlanColumn::From::path && !made.paths.empty() &&
               plan_->paths[made.paths.front()].direct && !made.takes_json && !made.money &&
               made.dynamic_zones.empty();
}

/// The columns that a column needs, and where it says so.
std::vector<std::pair<ColumnIndex, Span>> Compiler::needs(ColumnIndex index) {
  std::vector<std::pair<ColumnIndex, Span>> all;
  const Column& column = written(index);
  const auto by_name = [&](const Text& name) {
    for (std::size_t i = 0; i < plan_->columns.size(); ++i)
      if (!plan_->columns[i].in_each && plan_->columns[i].name == name.text)
        all.emplace_back(static_cast<ColumnIndex>(i), name.span);
  };
  const auto by_expression = [&](const Text& text) {
    Expression parsed;
    Diagnostics ignored;  // told when the expression is compiled
    if (!parse_expression(text, parsed, ignored)) return;
    for (const std::string_view name : columns_of(parsed))
      by_name({.text = std::string(name), .span = text.span});
  };
  if (column.compute.stated()) by_expression(column.compute);
  for (const Choice& choice : column.choose) {
    if (choice.when.stated()) by_expression(choice.when);
    if (choice.column.stated()) by_name(choice.column);
  }
  if (column.rate_date.stated()) by_name(column.rate_date);
  for (const Text* of : {&column.rate_of, &column.rate_day_of, &column.currency_of})
    if (of->stated()) by_name(*of);
  for (const ColumnIndex child : made(index).children)
    for (auto& need : needs(child)) all.push_back(need);
  return all;
}

/// Depth first; 1 is being visited, 2 is in order.
bool Compiler::visit(ColumnIndex index, std::vector<int>& state) {
  state[index] = 1;
  for (const auto& [need, span] : needs(index)) {
    if (state[need] == 2) continue;
    if (state[need] == 1) {
      error(DiagnosticCode::column_circle, span, {made(index).name, made(need).name});
      state[index] = 2;
      return false;
    }
    visit(need, state);
  }
  state[index] = 2;
  if (!made(index).in_each) plan_->order.push_back(index);
  return true;
}

void Compiler::order_columns() {
  std::vector<int> state(plan_->columns.size(), 0);
  for (std::size_t i = 0; i < plan_->columns.size(); ++i)
    if (state[i] == 0 && !plan_->columns[i].in_each) visit(static_cast<ColumnIndex>(i), state);
}

int Compiler::level_of(ColumnIndex index) {
  const PlanColumn& column = made(index);
  int level = 0;
  const auto see = [&](PathIndex path) {
    if (path == kNoPath) return;
    const int of_path = plan_->paths[path].level;
    if (of_path <= static_cast<int>(plan_->levels.size())) level = std::max(level, of_path);
  };
  for (const PathIndex path : column.paths) see(path);
  see(column.pick.list);
  see(column.pick.is_from);
  see(column.each_list);
  for (const PlanChoice& choice : column.choices) {
    see(choice.path);
    if (choice.condition >= 0)
      level = std::max(level, plan_->expressions[static_cast<std::size_t>(choice.condition)].level);
  }
  if (column.expression >= 0)
    level = std::max(level, plan_->expressions[static_cast<std::size_t>(column.expression)].level);
  const Column& words = written(index);
  for (const FromOr* from : {&words.currency, &words.zone, &words.no_zone_means}) {
    if (!from->from.stated()) continue;
    see(path(from->from));
    plan_->paths.pop_back();
    plan_->wanted.used.pop_back();
  }
  if (words.minor_units_from.stated()) {
    see(path(words.minor_units_from));
    plan_->paths.pop_back();
    plan_->wanted.used.pop_back();
  }
  for (const ColumnIndex child : column.children) level = std::max(level, level_of(child));
  for (const auto& [need, span] : needs(index)) level = std::max(level, made(need).level);
  return level;
}

void Compiler::levels_of_columns() {
  for (const ColumnIndex index : plan_->order) {
    made(index).level = level_of(index);
    for (const ColumnIndex child : made(index).children) made(child).level = made(index).level;
  }
}

}  // namespace trama
