#include "exec/mapper.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/utf8.h"
#include "sink/format.h"
#include "value/order.h"

namespace trama {
namespace {

constexpr std::size_t kRuleValuesBytes = 8192;
constexpr std::size_t kErrorBytesShown = 804;  // surely hold the characters that are shown

/// What left an expression undecided: the name of the operand that is blank.
Value undecided_by(const PlanExpression& expression, const ExpressionOutcome& outcome) noexcept {
  const bool named =
      outcome.undecided == Reason::undecided && outcome.operand < expression.names.size();
  return named ? Value::text(expression.names[outcome.operand]) : outcome.a;
}

}  // namespace

Mapper::Mapper(const Plan& plan, std::int64_t now, int max_depth, std::size_t rows_bytes)
    : plan_(plan),
      reader_(plan.wanted, max_depth),
      arena_(rows_bytes),
      context_{.arena = arena_, .zones = {}, .a = {}, .b = {}, .warning_a = {}, .warning_b = {}},
      levels_(static_cast<std::size_t>(plan.level_count) + 1),
      cells_(plan.columns.size()),
      money_(plan.columns.size()),
      item_serial_(plan.levels.size() + 1),
      field_names_(levels_.size()),
      bad_level_(plan.levels.size() + 1),
      rest_writer_(plan.rest_of_record),
      rows_bytes_(rows_bytes) {
  zone_fields_.resize(plan.zones.size());
  kept_.resize(plan.kept_by_each.size());
  for (const PlanZone& zone : plan.zones) context_.zones.push_back({.zone = zone.zone});
  for (Zone zone : plan.today_zones) {
    const std::int64_t local = now + zone.offset_at(now);
    const std::int64_t days = local / 86400 - (local % 86400 < 0 ? 1 : 0);
    todays_.push_back({static_cast<std::int32_t>(days)});
  }
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    const PlanColumn& column = plan.columns[i];
    const std::vector<ColumnIndex>& first = plan.only_columns;
    add_way(column, std::find(first.begin(), first.end(), i) != first.end());
    if (column.from != PlanColumn::From::each) continue;
    auto writer = std::make_unique<JsonObjectWriter>(column.object, plan.output);
    writer->limit(rows_bytes_);  // the arena takes no more, so that its record is over
    object_writers_.emplace(static_cast<ColumnIndex>(i), std::move(writer));
  }
  for (const PlanExpression& expression : plan.expressions) scratch_.fit(expression.program);
  watched_.resize(plan.watches.size());
  unseen_.resize(levels_.size());
  watch_anew();
}

void Mapper::reset() {
  arena_.reset();
  rows_.clear();
  errors_.clear();
  warnings_.clear();
  blanks_.clear();
  defaults_.clear();
  notices_.clear();
  unknown_.clear();
  blank_rows_.clear();
  rest_.clear();
  rows_made_ = 0;
  dropped_ = 0;
  too_big_ = false;
  stop_ = false;
  context_.failed_zone = -1;  // one of `keep` is told by the duplicates
  bad_level_[0] = false;
  if (levels_.size() > 1) reset_levels();
  if (!ordered_.empty()) ordered_.clear();
  result_ = {};
}

/// Of `rows` and `each`.
void Mapper::reset_levels() {
  row_items_.clear();
  row_currencies_.clear();
  for (std::vector<KeptValue>& kept : kept_) kept.clear();
  changed_ = 0;
  unwanted_ = 0;
  std::fill(bad_level_.begin(), bad_level_.end(), false);
  std::fill(item_serial_.begin(), item_serial_.end(), 0U);
  for (Level& level : levels_) level.present = false;
}

/// The record is not one JSON object, or a text of it does not hold JSON.
void Mapper::read_failed(Reason reason) {
  RecordError error;
  error.reason = reason;
  error.byte = static_cast<std::uint32_t>(reader_.error_node_byte());
  const auto text = [this] { return Value::text(arena_.copy(reader_.error_text())); };
  switch (reason) {
    case Reason::not_utf8:
      error.a = Value::integer(static_cast<std::int64_t>(reader_.error_byte()));
      break;
    case Reason::too_deep:
      error.a = Value::integer(kMaxDepth);
      break;
    case Reason::repeated_key:
      error.a = text();
      // Where in a text the key is, is not known.
      if (!plan_.personal.empty() &&
          (reader_.error_in_text() || plan_.personal.hides_key(pointer_to_key(error))))
        error.a = Value::json(kHidden);
      break;
    default:
      error.a = text();
      if (!reader_.error_excerpt().empty())
        error.b = Value::text(arena_.copy(reader_.error_excerpt()));
  }
  if (reader_.error_in_text()) error.path = pointer_of(error.byte);
  error.byte = static_cast<std::uint32_t>(reader_.error_byte());
  errors_.push_back(error);
}

/// Whether the record has something at `error_body`: then with the error. Nothing, false and a path
/// that leads through another kind of value say that there was no error.
bool Mapper::is_error_answer() {
  const Found found = find(plan_.error_body);
  const bool there = found.reason == Reason::none || found.reason == Reason::needs_scalar;
  if (!there || found.value.is_blank() || !found.node.exists()) return false;
  if (found.node.kind() == JsonKind::boolean && found.node.raw() == "false") return false;
  RecordError error;
  error.reason = Reason::error_record;
  error.a = Value::text(arena_.copy(on_one_line(found.node.raw(), kErrorBytesShown)));
  error.path = made(pointer_of(plan_.error_body, found.node));
  error.byte = found.node.byte();
  errors_.push_back(error);
  return true;
}

/// Of a repeated key, the JSON Pointer of its member.
std::string Mapper::pointer_to_key(const RecordError& error) {
  std::string pointer(pointer_of(error.byte));
  append_pointer_step(pointer, error.a.text());
  return pointer;
}

const MappedRecord& Mapper::map(std::string_view frame, std::string_view entry_key) {
  reset();
  frame_ = frame;
  entry_key_ = entry_key;
  const Reason reason = reader_.read(frame);
  result_.is_json =
      reason == Reason::none || reason == Reason::repeated_key || reader_.error_in_text();
  if (reason != Reason::none) {
    read_failed(reason);
    result_.state = RecordState::rejected;
    result_.stage = RecordStage::read;
    result_.errors = errors_;
    if (reader_.error_in_text()) result_.id = id();
    return result_;
  }
  if (plan_.error_body != kNoPath && is_error_answer()) {
    find_bytes(errors_);
    result_.state = RecordState::rejected;
    result_.stage = RecordStage::read;
    result_.errors = errors_;
    result_.id = id();
    return result_;
  }
  if (!unseen_[0].empty()) look_for_fields(0);
  if (!wanted()) {
    result_.state = errors_.empty() ? RecordState::skipped : RecordState::rejected;
  } else {
    if (plan_.levels.empty()) {
      make_row(0);
      result_.row_count = 1;
      if (too_big_ || arena_.over()) too_many_rows();
    } else {
      make_rows();
    }
    if (!reader_.unused().empty() && !is_over()) note_unused();
    if (!plan_.levels.empty()) finish_rows();
    const bool kept = result_.row_count > 0 || !errors_.empty();
    if (plan_.identity && kept && !is_over()) read_identity();
    if (errors_.empty()) {
      result_.state = result_.row_count == 0 ? RecordState::skipped : RecordState::written;
      if (plan_.rest_of_record.on && result_.state == RecordState::written) copy_rest();
      if (!blank_rows_.empty() && rest_.empty()) {
        errors_ = blank_rows_;
        tell_once(errors_);
      }
    }
  }
  if (!errors_.empty()) {
    result_.state = RecordState::rejected;
    const bool rules_only = std::all_of(errors_.begin(), errors_.end(),
                                        [](const RecordError& e) { return e.rule != kNoRule; });
    if (rules_only) result_.stage = RecordStage::rule;
  }
  const bool hides = !unknown_.empty() && !plan_.personal.empty();
  if (!errors_.empty() || !warnings_.empty() || hides) find_places();
  find_bytes(errors_);
  find_bytes(warnings_);
  result_.rows = rows_;
  result_.errors = errors_;
  result_.warnings = warnings_;
  result_.blanks = blanks_;
  result_.defaults = defaults_;
  result_.notices = notices_;
  result_.unknown = unknown_;
  result_.stop = stop_;
  const bool shown = !errors_.empty() || !warnings_.empty() || !notices_.empty() ||
                     plan_.duplicates || plan_.row_schema || plan_.output.for_excel ||
                     plan_.format->notes_values;
  if (shown) result_.id = id();  // only messages need it
  return result_;
}

/// The rows of a record that makes several.
void Mapper::make_rows() {
  rows_below(1);
  if (is_over()) too_many_rows();
  tell_once(errors_);
  tell_once(warnings_);
}

/// What is between the rows of a record: amounts that must agree, and their shares.
void Mapper::finish_rows() {
  if (!plan_.agreeing.empty() && !is_over()) check_agreement();
  if (errors_.empty()) spread_extra_rows();
  result_.row_count = rows_.size() / plan_.columns.size();
}

/// What several rows of a record have in common is told once (rule 5.20).
void Mapper::tell_once(std::vector<RecordError>& list) {
  if (list.size() < 2) return;
  std::set<
      std::tuple<Reason, std::uint16_t, std::uint32_t, std::uint32_t, std::string, std::string>>
      told;
  const auto again = [&told](const RecordError& e) {
    return !told.emplace(e.reason, e.column, e.rule, e.byte, plain(e.a), plain(e.b)).second;
  };
  list.erase(std::remove_if(list.begin(), list.end(), again), list.end());
}

void Mapper::error_at_level(int level) {
  bad_level_[static_cast<std::size_t>(level)] = true;
}

/// `only`: false for a record that is not wanted, or (with an error) could not be decided.
bool Mapper::wanted() {
  if (plan_.only < 0) return true;
  for (const ColumnIndex index : plan_.only_columns) make_column(index);
  bool tried = true;
  const PlanExpression& expression = plan_.expressions[static_cast<std::size_t>(plan_.only)];
  const ExpressionOutcome outcome = judge(expression, tried);
  if (outcome.yes()) return true;
  if (!tried) return false;  // with the errors of its columns
  forget_columns();
  RecordError error;
  error.place = plan_.only_place;
  error.reason = outcome.error;
  error.a = outcome.a;
  error.b = outcome.b;
  if (outcome.error == Reason::none) {
    if (outcome.no() && !plan_.only_rejects) return false;
    error.reason = outcome.no() ? Reason::not_wanted : outcome.undecided;
    error.a = outcome.no() ? Value::text(plan_.only_text) : undecided_by(expression, outcome);
  }
  errors_.push_back(error);
  return false;
}

/// What was told of columns that `only` needed: the record is not wanted, whatever they hold.
void Mapper::forget_columns() {
  if (plan_.only_columns.empty()) return;
  errors_.clear();
  warnings_.clear();
  notices_.clear();
  unknown_.clear();
  defaults_.clear();
  stop_ = false;
}

/// Gathers the operands of an expression and runs it.
/// `tried` is false where one of its columns failed.
ExpressionOutcome Mapper::judge(const PlanExpression& expression, bool& tried) {
  using From = ExpressionProgram::Operand::From;
  operands_.clear();
  faults_.clear();
  for (const ExpressionProgram::Operand& operand : expression.program.operands) {
    switch (operand.from) {
      case From::column: {
        const Cell& cell = cells_[operand.index];
        tried = tried && !cell.failed;
        operands_.push_back(cell.as_blank ? Value::blank(Kind::null) : cell.value);
        break;
      }
      case From::source: {
        Found found = find(expression.paths[operand.index]);
        use_null_words(plan_.null_words.get(), found.value);
        // A list or an object at the end of its path is there: `is blank` says so, and the rest
        // finds that it is no single value.
        if (found.is_wrong() && found.reason != Reason::needs_scalar) {
          faults_.resize(expression.program.operands.size());
          faults_[operands_.size()] = {found.reason, found.a, found.b};
        }
        operands_.push_back(found.value);
        break;
      }
      case From::today:
        operands_.push_back(Value::date(todays_[expression.first_today + operand.index]));
        break;
    }
  }
  ExpressionOutcome outcome;
  scratch_.faults = faults_;
  if (tried) outcome = evaluate(expression.program, operands_, scratch_);
  if (observer_ != nullptr) saw_judged(expression, tried, outcome);
  return outcome;
}

void Mapper::make_row(int changed) {
  if (++rows_made_ > plan_.rows_at_most) return;  // the record is over: see rows_below()
  for (const ColumnIndex index : plan_.order) {
    if (ways_[index].level >= changed) make_column(index);
    if (arena_.over()) return;  // so is the record
  }
  judge_rules(changed);
  const std::size_t begin = rows_.size();
  rows_.resize(begin + cells_.size());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const Cell& cell = cells_[i];
    rows_[begin + i] = cell.value;
    const bool told = cell.wrong || cell.value.is_blank();
    if (told && !plan_.columns[i].in_each) note_blank(static_cast<ColumnIndex>(i));
  }
  const std::vector<ColumnIndex>& sources = plan_.source_columns;
  if (!sources.empty() && holds_nothing(sources.front())) note_blank_row();
  if (plan_.levels.empty()) return;
  too_big_ = too_big_ || holds_too_much();
  row_items_.insert(row_items_.end(), item_serial_.begin(), item_serial_.end());
  for (const ColumnIndex index : plan_.agreeing) {
    const bool told = !cells_[index].value.is_blank() && !cells_[index].wrong;
    row_currencies_.push_back(told ? Currencies{money_[index].source, money_[index].currency}
                                   : Currencies());
  }
}

void Mapper::note_blank(ColumnIndex index) {
  const Cell& cell = cells_[index];
  if (cell.wrong || cell.value.is_blank())
    blanks_.push_back({index, cell.value.kind(), cell.wrong});
}

void Mapper::judge_rules(int changed) {
  for (std::size_t i = 0; i < plan_.rules.size(); ++i) {
    const PlanRule& rule = plan_.rules[i];
    if (rule.rows_level < changed) continue;
    bool tried = true;
    const PlanExpression& expression = plan_.expressions[static_cast<std::size_t>(rule.expression)];
    const ExpressionOutcome outcome = judge(expression, tried);
    if (!tried || outcome.yes()) continue;
    RecordError error;
    error.rule = static_cast<std::uint32_t>(i);
    error.place = rule.place;
    locate(error, rule.rows_level, rule.rows_level);
    if (outcome.error != Reason::none) {
      error.reason = outcome.error;
      error.a = outcome.a;
      error.b = outcome.b;
    } else if (outcome.no()) {
      error.reason = Reason::rule;
      error.a = Value::text(rule.message);
    } else {
      error.reason = outcome.undecided;
      error.a = undecided_by(expression, outcome);
      error.b = outcome.b;
    }
    const bool undecided = outcome.error == Reason::none && !outcome.no();
    if (undecided || rule.level == RuleLevel::warn) {
      warnings_.push_back(error);
      continue;
    }
    if (rule.level == RuleLevel::stop) stop_ = true;
    keep_values(rule, error);
    errors_.push_back(error);
    error_at_level(rule.rows_level);
  }
}

/// What the columns of a broken rule held, for its message:
/// "FechaEntrada 12/05/2025, FechaSalida 10/05/2025".
void Mapper::keep_values(const PlanRule& rule, RecordError& error) {
  std::string text;
  for (const ColumnIndex column : rule.columns) {
    if (text.size() > kRuleValuesBytes) break;  // more is not told
    if (!text.empty()) text += ", ";
    text += plan_.columns[column].name;
    text += ' ';
    if (cells_[column].value.is_blank()) {
      text += "(blank)";
    } else if (plan_.columns[column].personal) {
      text += kHidden;
    } else {
      append_plain(text, cells_[column].value, plan_.columns[column].format);
    }
  }
  error.b = Value::text(arena_.copy(text));
}

/// The item and the row that an error is about. `item_level`: of the item, `rows_level`:
/// of the row.
void Mapper::locate(RecordError& error, int item_level, int rows_level) {
  if (item_level > 0 && levels_[static_cast<std::size_t>(item_level)].present)
    error.item = arena_.copy(item_text(item_level));
  if (rows_level > 0)
    error.row = static_cast<std::uint32_t>(rows_.size() / plan_.columns.size() + 1);
}

/// "rooms[2].guests[0]": the item of a level, as paths count. An entry of an object is told by its
/// place, as its key may be personal.
std::string Mapper::item_text(int level) {
  const auto rows = static_cast<int>(plan_.levels.size());
  const bool of_rows = level <= rows;
  const PlanLevel* const at =
      of_rows ? &plan_.levels[static_cast<std::size_t>(level) - 1] : nullptr;
  const PlanColumn* const each =
      of_rows ? nullptr
              : &plan_.columns[plan_.each_of_level[static_cast<std::size_t>(level - rows) - 1]];
  const PlanPath& list = plan_.paths[of_rows ? at->lists.front().path : each->each_list];
  std::string text = list.level == 0 ? list.text : item_text(list.level);
  if (list.level == 0 && (text.ends_with("[*]") || text.ends_with("{*}")))
    text.resize(text.size() - 3);
  for (const PlanPath::Step& step : list.rest) {
    if (list.level == 0) break;  // the text has them
    text += step.kind == PlanPath::Step::Kind::index ? '[' + std::to_string(step.index) + ']'
                                                     : '.' + step.key;
  }
  const std::string index = std::to_string(levels_[static_cast<std::size_t>(level)].index);
  const bool entry =
      of_rows ? at->lists.front().kind == PlanLevel::List::Kind::entries : each->each_entries;
  return text + (entry ? '{' + index + '}' : '[' + index + ']');
}

bool Mapper::same_item(std::size_t a, std::size_t b, int level) const noexcept {
  const std::size_t levels = item_serial_.size();
  for (std::size_t l = 1; l <= static_cast<std::size_t>(level); ++l)
    if (row_items_[a * levels + l] != row_items_[b * levels + l]) return false;
  return true;
}

/// Calls group(first, end) for the rows of each item of a level; they follow one another.
template <typename Group>
void Mapper::for_each_item(int level, const Group& group) const {
  const std::size_t rows = row_items_.size() / item_serial_.size();
  for (std::size_t first = 0; first < rows;) {
    std::size_t end = first + 1;
    while (end < rows && same_item(first, end, level)) ++end;
    group(first, end);
    first = end;
  }
}

/// The rows of one item disagree on a value that counts once for it. Told once a column.
void Mapper::disagree(ColumnIndex index, Reason reason, std::uint32_t place, const Value& a,
                      const Value& b) {
  const PlanColumn& column = plan_.columns[index];
  const auto told = [&](const RecordError& e) { return e.column == index && e.reason == reason; };
  if (std::any_of(errors_.begin(), errors_.end(), told)) return;
  // An amount that is chosen disagrees as the chosen one does: one cause, one error (rule 5.18).
  const auto is_of_choice = [&](const RecordError& e) {
    return std::any_of(column.choices.begin(), column.choices.end(), [&e](const PlanChoice& c) {
      return c.give == PlanChoice::Give::column && c.column == e.column;
    });
  };
  if (std::any_of(errors_.begin(), errors_.end(), is_of_choice)) return;
  context_.fail(reason, a, b);
  const PathIndex path = column.paths.empty() ? kNoPath : column.paths.front();
  complain(errors_, index, reason, place, {Node(), path}, Value());
  errors_.back().item = {};
  errors_.back().row = 0;
}

/// Of columns whose value counts once for an item of a level above the one that is read for it, the
/// rows of the item must have one currency, and (where only one of them is written) one value.
void Mapper::check_agreement() {
  const std::size_t width = plan_.columns.size();
  const std::size_t count = plan_.agreeing.size();
  for (std::size_t k = 0; k < count; ++k) {
    const ColumnIndex index = plan_.agreeing[k];
    const PlanColumn& column = plan_.columns[index];
    for_each_item(column.own_level, [&](std::size_t first, std::size_t end) {
      Currencies all;
      for (std::size_t r = first; r < end; ++r) {
        const Currencies& other = row_currencies_[r * count + k];
        if (all.from.empty()) all = other;
        if (other.from.empty()) continue;
        const bool from = other.from != all.from;
        if (!from && other.to == all.to) continue;
        disagree(index, Reason::currencies_differ,
                 from ? column.money->currency_place : column.money->convert_place,
                 Value::text(from ? all.from : all.to), Value::text(from ? other.from : other.to));
        return;  // which is why they differ
      }
      Value value;
      for (std::size_t r = first; r < end; ++r) {
        const Value& cell = rows_[r * width + index];
        if (column.extra_rows == ExtraRows::repeat || cell.is_blank()) continue;
        if (value.is_blank()) value = cell;
        int order = 0;
        const bool same = cell.kind() == value.kind() &&
                          compare_values(cell, value, order) == Reason::none && order == 0;
        if (!same) disagree(index, Reason::amounts_differ, column.place, value, cell);
      }
    });
  }
}

/// `on_extra_rows` of columns that belong to a level above the rows: the value once, or in shares.
void Mapper::spread_extra_rows() {
  const std::size_t width = plan_.columns.size();
  if (row_items_.size() / item_serial_.size() < 2) return;
  for (std::size_t c = 0; c < width; ++c) {
    const PlanColumn& column = plan_.columns[c];
    if (column.extra_rows == ExtraRows::repeat) continue;
    for_each_item(column.own_level, [&](std::size_t first, std::size_t end) {
      std::size_t at = first;  // rows that are blank by `when_wrong` are passed over
      while (at + 1 < end && rows_[at * width + c].is_blank()) ++at;
      const Value whole = rows_[at * width + c];
      if (column.extra_rows == ExtraRows::share) {
        share(first, end, c, whole);
        return;
      }
      for (std::size_t r = first; r < end; ++r)
        rows_[r * width + c] = r == first ? whole : Value::blank(Kind::missing);
    });
  }
}

/// Every row gets the part rounded towards zero, and the units left over go one each to the first
/// rows: a negative amount mirrors the positive one.
void Mapper::share(std::size_t first, std::size_t end, std::size_t column, const Value& whole) {
  const std::size_t width = plan_.columns.size();
  if (whole.kind() != Kind::decimal) return;
  const Decimal amount = whole.decimal();
  const auto n = static_cast<Int128>(end - first);
  const Int128 part = amount.coefficient / n;
  Int128 left = amount.coefficient % n;
  const Int128 unit = left < 0 ? -1 : 1;
  for (std::size_t r = first; r < end; ++r) {
    rows_[r * width + column] = Value::decimal({part + (left != 0 ? unit : 0), amount.scale});
    if (left != 0) left -= unit;
  }
}

void Mapper::note_unused() {
  if (plan_.unused_fields == UnusedFields::ignore) return;
  if (plan_.unused_fields == UnusedFields::reject) {
    for (const KeyTrie::Key* const key : reader_.unused())
      errors_.push_back(unused_error(*key, Reason::field_not_used));
    return;
  }
  for (const KeyTrie::Key* const key : reader_.unused()) {
    KeyTrie::Field& field = *key->field;
    if (tally_ != 0 && field.told_in == tally_) {
      ++field.again;
      ++result_.fields_again;
      continue;
    }
    warnings_.push_back(unused_error(*key, Reason::field_new));
    if (tally_ == 0 || field.passing) continue;
    field.told_in = tally_;
    told_fields_.push_back(key);
  }
}

RecordError Mapper::unused_error(const KeyTrie::Key& key, Reason reason) {
  RecordError error;
  error.reason = reason;
  error.place = plan_.unused_place;
  error.a = Value::text(arena_.copy(reader_.path(key)));
  return error;
}

void Mapper::tally_fields() {
  ++tally_;
  told_fields_.clear();
}

std::vector<Mapper::FieldAgain> Mapper::take_fields_again() {
  std::vector<FieldAgain> all;
  for (const KeyTrie::Key* const key : told_fields_) {
    const std::uint32_t again = std::exchange(key->field->again, 0U);
    if (again > 0) all.push_back({unused_error(*key, Reason::field_new), again});
  }
  return all;
}

/// `output: rest`. A row has no key twice: a column wins over a field of its name.
void Mapper::copy_rest() {
  rest_writer_.write(reader_.root(), arena_, rest_);
  for (const std::string_view name : rest_writer_.taken()) {
    RecordError warning;
    warning.reason = Reason::rest_name_taken;
    warning.a = Value::text(name);
    warnings_.push_back(warning);
  }
}

/// The id of the record that was read, or "".
std::string_view Mapper::id() {
  if (plan_.id == kNoPath) return {};
  const Found found = find(plan_.id);  // a wrong shape names nothing; no row depends on it
  return found.value.kind() == Kind::text ? found.value.text() : std::string_view();
}

std::string_view Mapper::id_of(std::string_view frame, std::string_view entry_key) {
  reset();
  entry_key_ = entry_key;
  return reader_.read(frame) == Reason::none ? id() : std::string_view();
}

}  // namespace trama
