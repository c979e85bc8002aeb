// Columns: where their values come from, the order in which they are made,
// the rows level that each belongs to.

#include <algorithm>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "mapping/word_effects.h"
#include "plan/compiler.h"
#include "plan/output_type.h"

namespace trama {

Compiler::Scope::Scope(Compiler& compiler, ColumnIndex index)
    : compiler_(compiler), called_(compiler.called_), column_(compiler.column_) {
  compiler_.column_ = index;
  const ColumnIndex each = compiler_.parent_[index];
  if (each != kNoColumn) compiler_.called_ = compiler_.scopes_[each];
}

Compiler::Scope::~Scope() {
  compiler_.called_ = std::move(called_);
  compiler_.column_ = column_;
}

/// Gives the column its place among the plan's columns;
/// the columns of an `each` come right after it.
ColumnIndex Compiler::declare(const Column& column, ColumnIndex parent) {
  const auto index = static_cast<ColumnIndex>(plan_->columns.size());
  const std::string prefix = parent == kNoColumn ? "" : plan_->columns[parent].name + "[*].";
  plan_->columns.emplace_back();
  written_.push_back(&column);
  typed_.push_back(false);
  parent_.push_back(parent);
  reads_.emplace_back();
  PlanColumn& made = plan_->columns.back();
  made.name = prefix + column.name.text;
  made.internal = column.internal.on;
  made.required = column.required.on;
  made.in_each = parent != kNoColumn;
  made.place = place(column.name.span);
  for (const Column& child : column.columns) {
    const ColumnIndex at = declare(child, index);
    plan_->columns[index].children.push_back(at);  // `made` may have moved
  }
  return index;
}

void Compiler::columns() {
  constexpr std::size_t kMostColumns = 10000;
  if (mapping_.columns.size() > kMostColumns) {
    error(DiagnosticCode::too_many_columns, mapping_.columns_span, {std::to_string(kMostColumns)});
    return;
  }
  for (const Column& column : mapping_.columns) declare(column, kNoColumn);
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    const PlanColumn& column = plan_->columns[i];
    named_.try_emplace(std::pair(parent_[i], column.in_each ? written_[i]->name.text : column.name),
                       static_cast<ColumnIndex>(i));
  }
  scopes_.resize(plan_->columns.size());
  helper_paths_.resize(plan_->columns.size());
  currency_keys_.resize(plan_->columns.size());
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    if (!plan_->columns[i].in_each) source(static_cast<ColumnIndex>(i));
  }
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) kind_of(static_cast<ColumnIndex>(i));
  order_columns();
  expressions_of_columns();
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) column(static_cast<ColumnIndex>(i));
  for (std::size_t i = plan_->columns.size(); i-- > 0;)  // what is inside an `each` comes first
    if (written(static_cast<ColumnIndex>(i)).each.stated())
      object_of_each(static_cast<ColumnIndex>(i));
  for (const ColumnIndex index : plan_->order) {  // what a column chooses comes before it
    const PlanColumn& made = plan_->columns[index];
    if (made.level > made.own_level && (made.money || made.extra_rows != ExtraRows::repeat))
      plan_->agreeing.push_back(index);
  }
}

/// The column that a name means here: a sister in the same `each`, one of an outer `each`, or one
/// of the row.
ColumnIndex Compiler::in_reach(std::string_view name) const {
  ColumnIndex each = column_ == kNoColumn ? kNoColumn : parent_[column_];
  for (;; each = parent_[each]) {
    const auto found = named_.find(std::pair(each, std::string(name)));
    if (found != named_.end()) return found->second;
    if (each == kNoColumn) return kNoColumn;
  }
}

/// What a name that no column in reach has may have been meant as.
Phrase Compiler::advice_for_name(std::string_view name) {
  const std::string_view near = nearest(name, column_names());
  if (!near.empty()) return {PhraseCode::did_you_mean, {near}};
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    const ColumnIndex each = parent_[i];
    if (each == kNoColumn || (written_[i]->name.text != name && plan_->columns[i].name != name))
      continue;
    return {PhraseCode::each_item_has_one, {plan_->columns[each].name, plan_->columns[i].name}};
  }
  return {};
}

bool Compiler::find_name(const Text& name, ColumnIndex& index) {
  const ColumnIndex found = in_reach(name.text);
  if (found != kNoColumn) {
    index = found;
    return true;
  }
  if (plan_->columns.empty()) return false;  // told already
  error(DiagnosticCode::column_unknown, name.span, {name.text, advice_for_name(name.text)});
  return false;
}

void Compiler::total_word(ColumnIndex index) {
  using Total = PlanColumn::Total;
  static constexpr std::pair<std::string_view, Total> kTotals[] = {
      {"sum", Total::sum},   {"count", Total::count}, {"min", Total::min},
      {"max", Total::max},   {"first", Total::first}, {"last", Total::last},
      {"only", Total::only}, {"same", Total::same}};
  const Column& column = written(index);
  for (const auto& [word, total] : kTotals)
    if (column.total.view() == word) made(index).total = total;
  made(index).total_place = place(column.key_span("total"));
}

/// Whether `text` has `word` with blanks (or an end of the text) on both sides.
static bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || text[at - 1] == ' ') && (end == text.size() || text[end] == ' ')) return true;
  }
  return false;
}

/// `Noches: days between Entrada and Salida` is a path, which hardly anybody means.
void Compiler::check_computing(const Column& column) {
  if (column.from.size() != 1 || column.from[0].pick) return;
  const Path& path = column.from[0];
  const std::string& text = path.text;
  bool computes = has_word(text, "between") && has_word(text, "and");
  for (const std::string_view sign : {"+", "-", "*", "/"})
    computes = computes || (has_word(text, sign) && text.find(' ') != std::string::npos);
  if (!computes) return;
  const auto named = [&](const Column& other) {
    return !other.name.text.empty() && has_word(text, other.name.text);
  };
  if (std::any_of(mapping_.columns.begin(), mapping_.columns.end(), named))
    error(DiagnosticCode::path_computes, path.span, {text, column.name.text});
}

void Compiler::source_paths(ColumnIndex index) {
  const Column& column = written(index);
  check_computing(column);
  PlanColumn& made = this->made(index);
  bool many = column.from.size() > 1 || splits_to_all(column);
  const bool all = column.total.stated() || column.join.stated();
  for (const Path& from : column.from) {
    made.paths.push_back(path(from));
    many = many || (from.pick ? all : from.many());
    if (!from.pick) continue;
    PlanPick& pick = plan_->picks.back();
    pick.all = all;
    if (all && pick.rank != PlanPick::Rank::none && column.from.size() == 1)
      error(DiagnosticCode::words_together,
            from.pick->highest.stated() ? from.pick->highest.span : from.pick->lowest.span,
            {pick.rank == PlanPick::Rank::highest ? "highest" : "lowest",
             column.total.stated() ? "total" : "join", PhraseCode::it_takes_one_item});
  }
  many = many || column.total.stated();
  made.from = many ? PlanColumn::From::paths : PlanColumn::From::path;
  if (many) several_values(index);
}

/// What makes one value of several.
void Compiler::several_values(ColumnIndex index) {
  const Column& column = written(index);
  PlanColumn& made = this->made(index);
  if (column.total.stated()) total_word(index);
  made.joined = column.join.stated();
  made.join = column.join.text;
  if (made.joined || made.total != PlanColumn::Total::none || made.takes_json) return;
  if (splits_to_all(column))
    error(DiagnosticCode::key_missing, column.key_span("split"),
          {"'split'", "take", PhraseCode::say_which_part});
  else
    error(DiagnosticCode::many_values, column.from_span, {});
}

void Compiler::each(ColumnIndex index) {
  const Column& column = written(index);
  made(index).from = PlanColumn::From::each;
  made(index).each_list =
      list_of(column.each, made(index).each_entries, PhraseCode::put_an_each_inside);
  const int level = ++plan_->level_count;
  each_patterns_[level] = pattern_of(plan_->paths[made(index).each_list]);
  made(index).each_level = level;
  plan_->each_of_level.push_back(index);
  KeyPath item = each_patterns_[level];
  item.emplace_back(kAnything);
  made(index).each_where = conditions(column.where, item);
  for (const PlanCondition& condition : made(index).each_where) {
    PlanPath read;
    read.level = level;
    read.rest = condition.where.steps;
    if (condition.where.of != PlanItemPath::Of::entry_key) watch(read);
  }
  scopes_[index] = called_;
  scopes_[index].push_back({column.called.stated() ? column.called.text : "item", level, 0});
  for (const ColumnIndex child : std::vector<ColumnIndex>(made(index).children)) source(child);
}

/// `total` and `column`: the column of an `each` whose values are totalled, and the outermost
/// `each` on the way to it.
void Compiler::total_column(ColumnIndex index) {
  const Text& name = written(index).total_column;
  made(index).from = PlanColumn::From::total_of;
  total_word(index);
  ColumnIndex scope = parent_[index];
  while (true) {
    const std::string full =
        scope == kNoColumn ? name.text : plan_->columns[scope].name + "[*]." + name.text;
    for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
      ColumnIndex each = parent_[i];
      if (plan_->columns[i].name != full || each == scope || each == kNoColumn) continue;
      while (parent_[each] != scope) each = parent_[each];
      made(index).of = static_cast<ColumnIndex>(i);
      made(index).kept = static_cast<std::uint32_t>(plan_->kept_by_each.size());
      made(static_cast<ColumnIndex>(i)).keeps.push_back(made(index).kept);
      plan_->kept_by_each.push_back(each);
      return;
    }
    if (scope == kNoColumn) break;
    scope = parent_[scope];
  }
  const ColumnIndex one = in_reach(name.text);
  error(DiagnosticCode::column_unknown, name.span,
        {name.text, one != kNoColumn ? Phrase(PhraseCode::that_column_has_one_value)
                                     : advice_for_name(name.text)});
}

/// How the objects of an `each` are written.
void Compiler::object_of_each(ColumnIndex index) {
  for (const ColumnIndex child : made(index).children) {
    if (plan_->columns[child].internal) continue;
    OutputColumn one;
    one.name = written(child).name.text;
    one.value = child;
    one.type = output_type(plan_->columns[child]);
    one.columns = plan_->columns[child].object;
    one.format = plan_->columns[child].format;
    one.blank_left_out = plan_->columns[child].blank_left_out;
    made(index).object.push_back(std::move(one));
  }
}

void Compiler::source(ColumnIndex index) {
  const Scope scope(*this, index);
  const Reading reading(*this, index);
  helper_paths(index);
  const Column& column = written(index);
  PlanColumn& made = this->made(index);
  made.from_place = place(column.from_span.line != 0 ? column.from_span : column.name.span);
  if (column.when_blank_from.stated()) {
    const SourceKind kind = source_kind(column);
    if (kind == SourceKind::one || kind == SourceKind::first_of)
      made.blank_path = path_to_one(column.when_blank_from);
    else
      error(DiagnosticCode::word_no_effect, column.key_span("when_blank"),
            {"when_blank: {from: …}", Phrase(PhraseCode::beside, {title(kind)}),
             PhraseCode::a_column_of_its_own_reads_it});
  }
  const Span from_key = column.key_span("from");
  if (from_key.line != 0) made.from_place = place(from_key);
  made.takes_json =
      column.type.view() == "json" && (!column.from.empty() || !column.first_of.empty());
  if (!column.by.empty()) {
    made.from = PlanColumn::From::composite;
    if (splits_to_all(column))
      error(DiagnosticCode::key_missing, column.key_span("split"),
            {"'split'", "take", PhraseCode::say_which_part});
    for (const Path& part : column.by) made.paths.push_back(path_to_one(part));
  } else if (!column.from.empty()) {
    source_paths(index);
  } else if (!column.first_of.empty()) {
    made.from = PlanColumn::From::first_of;
    if (splits_to_all(column)) several_values(index);
    for (const Path& one : column.first_of) made.paths.push_back(path_to_one(one));
  } else if (column.value.stated()) {
    made.from = PlanColumn::From::constant;
  } else if (column.compute.stated()) {
    made.from = PlanColumn::From::compute;
  } else if (!column.choose.empty()) {
    made.from = PlanColumn::From::choose;
  } else if (column.each.stated()) {
    each(index);
  } else if (column.total_column.stated()) {
    total_column(index);
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
  const Scope scope(*this, index);
  const Reading reading(*this, index);
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
  made.message = column.message.text;
  made.blank_as = column.blank_as.stated() ? column.blank_as.text : mapping_.output.blank_as.text;
  made.blank_left_out = made.blank_as == "left-out";
  if (made.blank_as == "none") made.blank_as.clear();  // a cell; JSON has null
  // most columns have those of the input alone, and share them
  made.null_words = column.null_words.empty()
                        ? plan_->null_words
                        : word_list(mapping_.input.null_words, column.null_words);
  // a helper field of the item taken: what is blank decides which item that is
  const HelperPaths& beside = helper_paths_[index];
  std::vector<PathIndex> paths = {beside.currency, beside.minor_units, beside.zone,
                                  beside.no_zone_means, beside.convert_to};
  paths.insert(paths.end(), made.paths.begin(), made.paths.end());
  for (const PathIndex path : paths)
    if (path != kNoPath && plan_->paths[path].pick >= 0)
      plan_->picks[static_cast<std::size_t>(plan_->paths[path].pick)].null_words = made.null_words;
  made.plain = made.from == PlanColumn::From::path && !made.paths.empty() &&
               plan_->paths[made.paths.front()].direct && !made.takes_json && !made.money &&
               made.dynamic_zones.empty() && made.blank_column == kNoColumn &&
               made.blank_path == kNoPath && made.lookup_on == kNoColumn;
}

/// The columns that a column needs, and where it says so.
std::vector<std::pair<ColumnIndex, Span>> Compiler::needs(ColumnIndex index) {
  const Scope scope(*this, index);
  std::vector<std::pair<ColumnIndex, Span>> all;
  const Column& column = written(index);
  const auto by_name = [&](const Text& name) {
    const ColumnIndex found = in_reach(name.text);
    if (found != kNoColumn) all.emplace_back(found, name.span);
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
  if (column.when_blank_column.stated()) by_name(column.when_blank_column);
  if (column.on.stated()) by_name(column.on);
  if (column.rate_date.stated()) by_name(column.rate_date);
  for (const Text* of : {&column.rate_of, &column.rate_day_of, &column.currency_of})
    if (of->stated()) by_name(*of);
  if (made(index).from == PlanColumn::From::total_of && made(index).of != kNoColumn)
    all.emplace_back(plan_->kept_by_each[made(index).kept], column.total_column.span);
  for (const ColumnIndex child : made(index).children)
    all.emplace_back(child, written(child).name.span);
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
  const ColumnIndex each = parent_[index];
  (each == kNoColumn ? plan_->order : made(each).child_order).push_back(index);
  return true;
}

void Compiler::order_columns() {
  std::vector<int> state(plan_->columns.size(), 0);
  for (std::size_t i = 0; i < plan_->columns.size(); ++i)
    if (state[i] == 0 && !plan_->columns[i].in_each) visit(static_cast<ColumnIndex>(i), state);
}

/// The level of `rows` at which a path begins; of the item of an `each`, that of its list.
int Compiler::rows_level(PathIndex path) const {
  const int level = plan_->paths[path].level;
  const auto rows = static_cast<int>(plan_->levels.size());
  if (level <= rows) return level;
  const ColumnIndex each = plan_->each_of_level[static_cast<std::size_t>(level - rows) - 1];
  return rows_level(plan_->columns[each].each_list);
}

/// The deepest level that anything of the column reads: at each new item of it the column is made
/// again. The columns that it needs have theirs.
int Compiler::level_of(ColumnIndex index) {
  const PlanColumn& column = made(index);
  int level = 0;
  const auto see_one = [&](PathIndex path) {
    if (path != kNoPath) level = std::max(level, rows_level(path));
  };
  const auto see_expression = [&](int expression) {
    if (expression < 0) return;
    level = std::max(level, plan_->expressions[static_cast<std::size_t>(expression)].level);
  };
  const auto see = [&](PathIndex path) {
    see_one(path);
    if (path == kNoPath || plan_->paths[path].pick < 0) return;
    for (const PlanCondition& c :
         plan_->picks[static_cast<std::size_t>(plan_->paths[path].pick)].conditions)
      see_one(c.is_from);
  };
  for (const PathIndex path : column.paths) see(path);
  see(column.each_list);
  for (const PlanCondition& condition : column.each_where) see(condition.is_from);
  for (const PlanChoice& choice : column.choices) {
    see(choice.path);
    see_expression(choice.condition);
  }
  see_expression(column.expression);
  const HelperPaths& helpers = helper_paths_[index];
  for (const PathIndex path : {helpers.currency, helpers.minor_units, helpers.zone,
                               helpers.no_zone_means, helpers.convert_to})
    see(path);
  see(column.blank_path);
  for (const auto& [need, span] : needs(index)) level = std::max(level, made(need).level);
  return level;
}

/// The level that the value of the column belongs to: that of its own paths. What chooses among
/// values counts, what only serves them (a currency, a date of rates) does not.
int Compiler::own_level_of(ColumnIndex index) {
  using From = PlanColumn::From;
  const PlanColumn& column = made(index);
  int level = 0;
  const auto see = [&](PathIndex path) {
    if (path != kNoPath) level = std::max(level, rows_level(path));
  };
  switch (column.from) {
    case From::first_of:  // the outermost: an item's own value stands in for that of the whole
      for (std::size_t i = 0; i < column.paths.size(); ++i)
        level = i == 0 ? rows_level(column.paths[i]) : std::min(level, rows_level(column.paths[i]));
      return level;
    case From::compute:
      if (column.expression < 0) return 0;
      return plan_->expressions[static_cast<std::size_t>(column.expression)].own_level;
    case From::choose:
      for (const PlanChoice& choice : column.choices) {
        see(choice.path);
        if (choice.give == PlanChoice::Give::column && choice.column != kNoColumn)
          level = std::max(level, made(choice.column).own_level);
        if (choice.condition >= 0)
          level = std::max(
              level, plan_->expressions[static_cast<std::size_t>(choice.condition)].own_level);
      }
      return level;
    case From::rate_of:
    case From::rate_day_of:
    case From::currency_of:
      return column.of == kNoColumn ? 0 : made(column.of).level;
    case From::total_of:
      return column.of == kNoColumn ? 0 : made(plan_->kept_by_each[column.kept]).own_level;
    default:
      for (const PathIndex path : column.paths) {
        see(path);
        if (path == kNoPath || plan_->paths[path].pick < 0) continue;
        for (const PlanCondition& c :
             plan_->picks[static_cast<std::size_t>(plan_->paths[path].pick)].conditions)
          see(c.is_from);  // what chooses an amount is part of it
      }
      see(column.each_list);
      return level;
  }
}

}  // namespace trama
