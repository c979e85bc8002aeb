// Expressions and what they serve: compute, choose, only, rules; duplicates.

#include <algorithm>
#include <utility>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "plan/compiler.h"
#include "value/code_sets.h"

namespace trama {
namespace {

/// Whether the times of a datetime column have an offset from UTC.
ColumnType::Offset offset_of(const Column& column) {
  if (column.zone.stated() || column.no_zone_means.stated()) return ColumnType::Offset::always;
  const auto has_none = [](const Text& read) {
    return read.text.find('Z') == std::string::npos && read.text != "ISO-8601" &&
           !read.text.starts_with("unix-");
  };
  const bool never =
      !column.read.empty() && std::all_of(column.read.begin(), column.read.end(), has_none);
  return never ? ColumnType::Offset::never : ColumnType::Offset::unknown;
}

}  // namespace

ExpressionScope::Found Compiler::find_column(std::string_view name, ColumnType& type,
                                             std::uint32_t& index) {
  const ColumnIndex found = in_reach(name);
  if (found == kNoColumn) return Found::no;
  index = found;
  if (!typed_[found]) return Found::untyped;
  type.kind = plan_->columns[found].format.kind;
  type.currency_key = currency_key(found);
  if (type.kind == Kind::datetime) type.offset = offset_of(written(found));
  return Found::yes;
}

/// The names in reach, for "did you mean".
std::span<const std::string_view> Compiler::column_names() {
  names_.clear();
  ColumnIndex each = column_ == kNoColumn ? kNoColumn : parent_[column_];
  for (; each != kNoColumn; each = parent_[each])
    for (const ColumnIndex sister : plan_->columns[each].children)
      names_.push_back(written(sister).name.text);
  for (const Column& column : mapping_.columns) names_.push_back(column.name.text);
  return names_;
}

std::string_view Compiler::column_from(std::string_view path) {
  for (const Column& column : mapping_.columns)
    if (column.from.size() == 1 && column.from[0].text == path && !column.from[0].pick)
      return column.name.text;
  return {};
}

std::uint32_t Compiler::source_operand(const Path& path) {
  for (std::size_t i = 0; i < operand_paths_->size(); ++i)
    if (plan_->paths[(*operand_paths_)[i]].text == path.text) return static_cast<std::uint32_t>(i);
  operand_paths_->push_back(this->path(path));
  return static_cast<std::uint32_t>(operand_paths_->size() - 1);
}

/// What proves that the amounts of a column have one currency (mappings/rules.md, rule 6.7). What
/// is computed or chosen of amounts has that of those, whatever its own type.
std::string Compiler::currency_key(ColumnIndex index) {
  const Column& column = written(index);
  if (column.type.view() != "money") return currency_keys_[index];
  if (column.convert_to.stated())
    return currency_key(column.convert_to, helper_paths_[index].convert_to);
  const PlanColumn::From from = made(index).from;
  return from == PlanColumn::From::total_of || from == PlanColumn::From::choose
             ? currency_keys_[index]
             : currency_key(column.currency, helper_paths_[index].currency);
}

/// The same of what `currency` or `convert_to` says; `path`: of its field.
std::string Compiler::currency_key(const FromOr& currency, PathIndex path) const {
  if (!currency.from.stated())
    return currency.constant.view() == "in-amount" || currency.in_amount.on
               ? "*"
               : currency.constant.text;
  if (path != kNoPath && (plan_->paths[path].many || plan_->paths[path].pick >= 0))
    return "*";  // of those items that have an amount, or of the item that is taken
  // The same field with other keys beside it may come to another currency.
  std::string key = "path:" + currency.from.text;
  const auto add = [&key](std::string_view word, std::string_view text) {
    key += kCurrencyKeyEnd;
    key += word;
    key += text;
  };
  if (path != kNoPath && plan_->paths[path].level > 0)
    add("level", std::to_string(plan_->paths[path].level));
  for (const Text& word : currency.text) add("text", word.text);
  if (currency.lookup_table.stated()) add("table", currency.lookup_table.text);
  for (const Pair& pair : currency.lookup) add("pair", pair.key.text + '=' + pair.value.text);
  if (currency.when_blank.stated()) add("when_blank", currency.when_blank.text);
  return key;
}

/// The currency of an amount that is one of several: theirs where it is the same of all.
void Compiler::add_currency_key(const std::string& key, std::string& all) {
  if (all.empty() || all == key) {
    all = key;
  } else if (!key.empty()) {
    all = "*";
  }
}

/// Compiles an expression; its index, or -1. `type`: what it gives.
int Compiler::expression(const Text& text, const ExpressionUse& use, ColumnType* type,
                         std::vector<ColumnIndex>* reads) {
  Expression parsed;
  if (!parse_expression(text, parsed, diagnostics_)) return -1;
  if (plan_->columns.empty()) return -1;  // that there are none is told already
  PlanExpression made;
  operand_paths_ = &made.paths;
  CheckedExpression checked;
  const bool right = check_expression(parsed, use, *this, checked, diagnostics_);
  operand_paths_ = nullptr;
  if (!right || !checked.typed) return -1;
  if (type != nullptr) *type = checked.type;
  made.program = std::move(checked.program);
  for (const ExpressionProgram::Operand& operand : made.program.operands) {
    using From = ExpressionProgram::Operand::From;
    switch (operand.from) {
      case From::column: {
        const auto column = static_cast<ColumnIndex>(operand.index);
        made.names.push_back(plan_->columns[column].name);
        made.level = std::max(made.level, plan_->columns[column].level);
        made.own_level = std::max(made.own_level, plan_->columns[column].own_level);
        if (reads != nullptr && std::find(reads->begin(), reads->end(), column) == reads->end())
          reads->push_back(column);
        break;
      }
      case From::source: {
        const PathIndex path = made.paths[operand.index];
        made.names.push_back("source." + plan_->paths[path].text);
        made.level = std::max(made.level, rows_level(path));
        made.own_level = std::max(made.own_level, rows_level(path));
        break;
      }
      case From::today:
        made.names.emplace_back("today");
        break;
    }
  }
  made.first_today = plan_->today_zones.size();
  for (const std::string& name : made.program.zones) {
    Zone zone;
    if (Zone::find(name, zone)) plan_->today_zones.push_back(zone);
  }
  plan_->expressions.push_back(std::move(made));
  return static_cast<int>(plan_->expressions.size() - 1);
}

/// In the order in which columns are made, so that the types and levels of those that are
/// read are known.
void Compiler::expressions_of_columns() {
  for (const ColumnIndex index : plan_->order) expressions_of(index);
}

void Compiler::expressions_of(ColumnIndex index) {
  for (const ColumnIndex child : std::vector<ColumnIndex>(made(index).child_order))
    expressions_of(child);
  {
    const Scope scope(*this, index);
    if (written(index).compute.stated()) compute(index);
    if (!written(index).choose.empty()) choose(index);
    if (made(index).from == PlanColumn::From::total_of) type_of_total(index);
  }
  made(index).level = level_of(index);
  made(index).own_level = own_level_of(index);
  made(index).item_level = made(index).level;
  if (parent_[index] == kNoColumn) spread_level(index, made(index).level);
}

/// The columns of an `each` are made with it.
void Compiler::spread_level(ColumnIndex each, int level) {
  for (const ColumnIndex child : made(each).children) {
    made(child).level = level;
    made(child).item_level = made(each).each_level;
    spread_level(child, level);
  }
}

/// `total` with `column`: its type is that of the values, unless they are counted or added up.
void Compiler::type_of_total(ColumnIndex index) {
  const ColumnIndex of = made(index).of;
  if (of == kNoColumn || !typed_[of]) {
    if (!written(index).type.stated()) typed_[index] = false;
    return;
  }
  const Kind kind = made(of).format.kind;
  const PlanColumn::Total total = made(index).total;
  const Text& name = written(index).total_column;
  // Amounts of items have the currencies of their items, of which the run makes sure that they are
  // one; but for a currency that is the same for all of them.
  currency_keys_[index] = currency_key(of);
  const PathIndex field =
      written(of).convert_to.stated() ? helper_paths_[of].convert_to : helper_paths_[of].currency;
  const bool of_all = written(of).type.view() == "money" && field != kNoPath &&
                      plan_->paths[field].level <= static_cast<int>(plan_->levels.size()) &&
                      !plan_->paths[field].many;
  if (!currency_keys_[index].empty() && !is_currency(currency_keys_[index]) && !of_all)
    currency_keys_[index] = std::string(kCurrencyOfItems) + name.text;
  const bool of_one = total == PlanColumn::Total::first || total == PlanColumn::Total::last ||
                      total == PlanColumn::Total::only;
  if (of_one && !currency_keys_[index].empty() && !is_currency(currency_keys_[index]) && !of_all)
    currency_keys_[index] = "*";  // the first and the last item may have two
  if (total == PlanColumn::Total::count) currency_keys_[index].clear();
  const bool unchecked = written(of).type.view() != "money" && !currency_key(of).empty() &&
                         !is_currency(currency_key(of));
  if (unchecked && total != PlanColumn::Total::count)
    error(DiagnosticCode::expr_currency_open, name.span, {name.text});
  if (total == PlanColumn::Total::sum && kind != Kind::decimal) {
    error(DiagnosticCode::word_not_for_type, written(index).key_span("total"),
          {"total: sum", Phrase(PhraseCode::a_column_of_a_type, {name.text, words_of(kind)}), ""});
    return;
  }
  const Kind gives = total == PlanColumn::Total::count ? Kind::decimal : kind;
  if (!written(index).type.stated()) {
    made(index).format.kind = gives;
    typed_[index] = true;
  } else if (typed_[index] && made(index).format.kind != gives) {
    error(DiagnosticCode::choice_type, written(index).type.span,
          {name.text, words_of(gives), words_of(made(index).format.kind)});
  }
}

void Compiler::compute(ColumnIndex index) {
  const Reading reading(*this, index);
  const Column& column = written(index);
  ExpressionUse use;
  use.purpose = ExpressionUse::Purpose::compute;
  const bool money = column.type.view() == "money";
  bool by_currency = false;
  if (column.decimals.stated() && column.rounding.stated()) {
    use.states_rounding =
        rounding(column, use.decimals, by_currency, use.rounding) && (!by_currency || money);
  } else if (column.has("decimals") && column.has("rounding")) {
    use.states_rounding = true;  // one of them is wrong, which is told already
  }
  use.keep_quotient = money || column.times.stated();
  ColumnType type;
  made(index).expression = expression(column.compute, use, &type, nullptr);
  if (made(index).expression < 0) return;
  currency_keys_[index] = type.currency_key;
  const std::string own = money ? currency_key(column.currency, helper_paths_[index].currency) : "";
  if (!own.empty() && !type.currency_key.empty() && own != type.currency_key)
    error(DiagnosticCode::compute_currency, column.key_span("currency"),
          {currency_words(type.currency_key), currency_words(own)});
  if (column.type.stated()) {
    if (typed_[index] && made(index).format.kind != type.kind)
      error(DiagnosticCode::compute_type, column.type.span,
            {column.type.text, words_of(type.kind)});
    return;
  }
  made(index).format.kind = type.kind;
  typed_[index] = true;
}

/// Of a `choose` that gives amounts: each is an amount of its own, with its currency.
void Compiler::check_amount(const Choice& choice) {
  if (!choice.column.stated()) {
    const Span at = choice.from.stated() ? choice.from.span : choice.constant.span;
    error(DiagnosticCode::value_wrong, at.line != 0 ? at : choice.span,
          {choice.from.stated() ? choice.from.text : choice.constant.text, "write",
           PhraseCode::amounts_are_columns});
    return;
  }
  const ColumnIndex chosen = in_reach(choice.column.text);
  if (chosen != kNoColumn && written(chosen).type.view() != "money" && !type_wrong(chosen))
    error(DiagnosticCode::not_money, choice.column.span, {choice.column.text});
}

void Compiler::choose(ColumnIndex index) {
  const Reading reading(*this, index);
  const Column& column = written(index);
  for (const Choice& choice : column.choose) {
    PlanChoice one;
    if (choice.when.stated()) one.condition = expression(choice.when, {}, nullptr, nullptr);
    if (column.type.view() == "money") check_amount(choice);
    if (choice.column.stated()) {
      one.give = PlanChoice::Give::column;
      if (find_name(choice.column, one.column) && typed_[one.column] && typed_[index] &&
          plan_->columns[one.column].format.kind != made(index).format.kind)
        error(DiagnosticCode::choice_type, choice.column.span,
              {choice.column.text, words_of(plan_->columns[one.column].format.kind),
               words_of(made(index).format.kind)});
      if (one.column != kNoColumn)
        add_currency_key(currency_key(one.column), currency_keys_[index]);
    } else if (choice.from.stated()) {
      one.give = PlanChoice::Give::path;
      one.path = path_to_one(choice.from);
      if (typed_[index] && made(index).format.kind != Kind::text)
        error(DiagnosticCode::choice_path_type, choice.from.span, {});
    }
    made(index).choices.push_back(std::move(one));
  }
}

void Compiler::rules() {
  for (const Rule& rule : mapping_.rules) {
    PlanRule made;
    made.name = rule.name.text;
    made.message = rule.message.stated() ? rule.message.text : rule.check.text;
    made.level = rule.level.view() == "warn"   ? RuleLevel::warn
                 : rule.level.view() == "stop" ? RuleLevel::stop
                                               : RuleLevel::reject;
    made.place = place(rule.span);
    made.expression = expression(rule.check, {}, nullptr, &made.columns);
    if (made.expression < 0) continue;
    never_blank(rule, made);
    std::sort(made.columns.begin(), made.columns.end());
    made.rows_level = plan_->expressions.back().level;
    plan_->rules.push_back(std::move(made));
  }
}

/// A required column is rejected before a rule could ask whether it is blank.
void Compiler::never_blank(const Rule& rule, const PlanRule& made) {
  const auto& steps = plan_->expressions.back().program.steps;
  if (steps.size() != 2 || steps.back().op != Operator::not_blank || made.columns.size() != 1)
    return;
  const Column& column = written(made.columns.front());
  const bool original = column.when_wrong.kind == Action::Kind::write_original;
  if (column.required.on && !original)
    error(DiagnosticCode::expr_always, rule.check.span,
          {rule.check.text, PhraseCode::outcome_true,
           PhraseCode::the_column_is_required_a_blank_rejects_the});
}

const Value* Compiler::constant_of(std::uint32_t index) {
  const PlanColumn& column = plan_->columns[index];
  const bool known = column.from == PlanColumn::From::constant && !column.constant.is_blank();
  return known ? &column.constant : nullptr;
}

/// Marks the column and all that it needs.
void Compiler::need(ColumnIndex index, std::vector<bool>& needed) {
  std::vector<ColumnIndex> left{index};
  while (!left.empty()) {
    const ColumnIndex one = left.back();
    left.pop_back();
    if (needed[one]) continue;
    needed[one] = true;
    for (const auto& [other, span] : needs(one)) left.push_back(other);
  }
}

void Compiler::only() {
  const Mapping::Only& only = mapping_.only;
  if (!only.when.stated()) return;
  const std::vector<Called> rows_names = std::move(called_);
  called_.clear();  // records are chosen before there are rows
  std::vector<ColumnIndex> reads;
  plan_->only = expression(only.when, {}, nullptr, &reads);
  called_ = rows_names;
  std::vector<bool> needed(plan_->columns.size(), false);
  for (const ColumnIndex column : reads) {
    if (plan_->columns[column].level > 0)
      error(DiagnosticCode::only_reads_column, only.when.span, {plan_->columns[column].name});
    need(column, needed);
  }
  for (const ColumnIndex column : plan_->order)
    if (needed[column]) plan_->only_columns.push_back(column);
  plan_->only_text = only.when.text;
  plan_->only_rejects = only.otherwise.view() == "reject";
  plan_->only_place = place(only.when.span);
}

/// A path of the record itself that is the name of a column,
/// and of no field that the mapping reads.
void Compiler::check_field(const Path& path, const char* word) {
  if (!path.stated()) return;
  const Column* named = nullptr;
  for (const Column& column : mapping_.columns) {
    for (const std::vector<Path>* paths : {&column.from, &column.first_of, &column.by})
      for (const Path& read : *paths)
        if (read.text == path.text) return;
    if (column.name.text == path.text && column.from.size() == 1) named = &column;
  }
  if (named != nullptr)
    error(DiagnosticCode::field_is_column, path.span, {path.text, word, named->from[0].text});
}

/// How X of `keep: highest X` is read: as a number or ISO-8601, or as `read` says.
void Compiler::rank(const Column& written, PlanRank& made) {
  made.by_number = !written.has("read");
  std::vector<Text> formats = written.read;
  if (made.by_number) formats.push_back({.text = "ISO-8601", .span = {}});
  auto args = std::make_shared<DateArgs>();
  args->target = Kind::missing;
  const auto [wrong, any_time, lacks_offset] = day_formats(written, formats, *args);
  if (any_time && !lacks_offset && !wrong && written.has("no_zone_means"))
    error(DiagnosticCode::words_together, written.key_span("no_zone_means"),
          {"no_zone_means", read_words(written, *args), PhraseCode::every_time_has_its_offset});
  if (written.no_zone_means.stated()) {
    const PathIndex field =
        written.no_zone_means.from.stated() ? path_to_one(written.no_zone_means.from) : kNoPath;
    args->no_zone_means = zone(written.no_zone_means, field, "no_zone_means",
                               place(written.key_span("no_zone_means")), made.dynamic_zones);
    if (!any_time && !wrong)
      error(DiagnosticCode::zone_without_time, written.key_span("no_zone_means"), {});
  } else if (written.clock_change.stated() && !written.has("no_zone_means")) {
    error(DiagnosticCode::key_missing, written.key_span("clock_change"),
          {"'clock_change'", "no_zone_means", PhraseCode::only_times_in_a_zone});
  }
  args->clock_change = written.clock_change.view() == "earlier" ? ClockChange::earlier
                       : written.clock_change.view() == "later" ? ClockChange::later
                                                                : ClockChange::reject;
  made.by_date = std::move(args);
  const FromOr& zone = written.no_zone_means;
  const std::pair<const char*, std::string> words[] = {
      {"read", made.by_number ? std::string() : listed(formats)},
      {"months", written.months.text},
      {"two_digit_years", written.two_digit_years.text},
      {"no_zone_means", zone.from.stated() ? "from " + zone.from.text : zone.constant.text},
      {"clock_change", written.clock_change.text}};
  for (const auto& [word, text] : words)
    if (!text.empty())
      made.by_words += (made.by_words.empty() ? "" : "; ") + std::string(word) + ": " + text;
}

/// Columns that hold each field of the key as it came: a database tells things by them.
void Compiler::key_columns(PlanIdentity& made) {
  constexpr std::string_view kPlain[] = {"from",  "type",     "required",
                                         "about", "personal", "message"};
  const auto holds = [&](const Column& column, const Path& key) {
    const bool typed =
        !column.type.stated() || column.type.view() == "text" || column.type.view() == "integer";
    return !column.internal.on && typed && column.from.size() == 1 &&
           column.from.front().text == key.text &&
           std::all_of(column.words.begin(), column.words.end(), [&](const Text& word) {
             return std::find(std::begin(kPlain), std::end(kPlain), word.text) != std::end(kPlain);
           });
  };
  for (const Path& key : mapping_.identity.key) {
    made.key_text += (made.key_text.empty() ? "" : ", ") + key.text;
    for (std::size_t i = 0; i < written_.size(); ++i) {
      if (parent_[i] != kNoColumn || plan_->columns[i].level > 0 || !holds(*written_[i], key))
        continue;
      made.key_columns.push_back(static_cast<ColumnIndex>(i));
      break;
    }
  }
  if (made.key_columns.size() != mapping_.identity.key.size()) made.key_columns.clear();
}

/// `identity`: the key of a record, and what a state makes of it.
void Compiler::identity() {
  const Mapping::Identity& written = mapping_.identity;
  const Mapping::Output& output = mapping_.output;
  const auto has_audit = [&output](std::string_view name) {
    return std::any_of(output.audit_columns.begin(), output.audit_columns.end(),
                       [name](const Text& column) { return column.text == name; });
  };
  if (written.span.line == 0) {
    for (const Text& column : output.audit_columns)
      if (column.text == "key" || column.text == "idempotency_key" || column.text == "operation")
        error(DiagnosticCode::needs_word, column.span, {column.text, "identity"});
    if (output.unchanged.stated())
      error(DiagnosticCode::needs_word, output.unchanged.span, {"unchanged", "identity"});
  }
  if (mapping_.limits.deleted_at_most.stated() && !written.full_dump.on)
    error(DiagnosticCode::needs_word, mapping_.limits.deleted_at_most.text.span,
          {"deleted_at_most", "full_dump: yes"});
  if (written.key.empty()) return;
  if (written.full_dump.on)  // else nobody could tell a row of what is gone from any other
    for (const char* const column : {"operation", "key"})
      if (!has_audit(column))
        error(DiagnosticCode::needs_word, written.full_dump.span,
              {"full_dump", "audit_columns: [" + std::string(column) + "]"});
  const std::vector<Called> rows_names = std::move(called_);
  called_.clear();
  PlanIdentity made;
  for (const Path& key : written.key) {
    check_field(key, "key");
    made.key.push_back(path_to_one(key));
  }
  const auto needs_state = [&made](std::string_view word) {
    made.needs_state += (made.needs_state.empty() ? "'" : ", '") + std::string(word) + "'";
  };
  if (written.newer_by.stated()) {
    check_field(written.newer_by, "newer_by");
    made.newer.by = path_to_one(written.newer_by);
    made.newer.place = place(written.newer_by.span);
    rank(written.newer_as, made.newer);
    needs_state("newer_by");
  }
  key_columns(made);
  made.full_dump = written.full_dump.on;
  if (made.full_dump) needs_state("full_dump: yes");
  made.leave_out_unchanged = output.unchanged.view() == "leave-out";
  if (made.leave_out_unchanged) needs_state("unchanged: leave-out");
  made.tells_operation = has_audit("operation");
  made.place = place(written.key.front().span);
  made.with_number = !plan_->levels.empty();
  plan_->identity = std::move(made);
  called_ = rows_names;
}

void Compiler::duplicates() {
  const Mapping::Duplicates& written = mapping_.duplicates;
  if (written.same.empty()) return;
  const std::vector<Called> rows_names = std::move(called_);
  called_.clear();
  PlanDuplicates made;
  for (const Path& same : written.same) {
    check_field(same, "same");
    made.same.push_back(path_to_one(same));
  }
  check_field(written.keep_path, "keep");
  using Keep = PlanDuplicates::Keep;
  const std::string_view keep = written.keep.view();
  made.keep = keep == "last"      ? Keep::last
              : keep == "highest" ? Keep::highest
              : keep == "lowest"  ? Keep::lowest
              : keep == "none"    ? Keep::none
                                  : Keep::first;
  if (written.keep_path.stated()) made.rank.by = path_to_one(written.keep_path);
  if ((made.keep == Keep::highest || made.keep == Keep::lowest) && made.rank.by == kNoPath)
    error(DiagnosticCode::value_wrong, written.keep.span,
          {written.keep.text, "keep", PhraseCode::write_what_to_compare});
  if (made.rank.by != kNoPath) rank(written.keep_as, made.rank);
  std::vector<std::string> nulls;
  for (const Text& word : mapping_.input.null_words) nulls.emplace_back(trim(word.text));
  if (!nulls.empty()) made.null_words = std::make_shared<WordList>(std::move(nulls));
  made.reject_others = written.others.view() == "reject";
  made.place = made.rank.place = place(written.span);
  if (made.keep != Keep::first) plan_->notes.emplace_back(PhraseCode::run_read_twice_duplicates);
  plan_->duplicates = std::move(made);
  called_ = rows_names;
}

}  // namespace trama
