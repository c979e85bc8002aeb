#include "exec/mapper.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <tuple>

#include "base/utf8.h"

namespace trama {
namespace {

/// What `highest X` and `lowest X` compare: a number, or an ISO 8601 date or time (without an
/// offset, UTC) as its instant; a blank where it is neither.
Value read_rank(const Value& value) noexcept {
  if (value.kind() != Kind::text) return {};
  Decimal number;
  if (read_decimal(value.text(), number) == Reason::none) return Value::decimal(number);
  Moment moment;
  DateTrouble trouble;
  if (read_iso(value.text(), moment, trouble) != Reason::none || !moment.has_date) return {};
  DateTime time;
  time.offset = moment.offset == kNoOffset ? 0 : moment.offset;
  time.seconds = std::int64_t{moment.date.days} * 86400 + moment.time.seconds;
  time.nanos = moment.time.nanos;
  return Value::datetime(time, moment.digits);
}

/// What left an expression undecided: the name of the operand that is blank.
Value undecided_by(const PlanExpression& expression, const ExpressionOutcome& outcome) noexcept {
  const bool named =
      outcome.undecided == Reason::undecided && outcome.operand < expression.names.size();
  return named ? Value::text(expression.names[outcome.operand]) : outcome.a;
}

}  // namespace

Mapper::Mapper(const Plan& plan, std::int64_t now, int max_depth)
    : plan_(plan),
      reader_(plan.wanted, max_depth),
      context_{.arena = arena_, .zones = {}, .a = {}, .b = {}, .warning_a = {}, .warning_b = {}},
      levels_(static_cast<std::size_t>(plan.level_count) + 1),
      cells_(plan.columns.size()),
      money_(plan.columns.size()),
      item_serial_(plan.levels.size() + 1),
      field_names_(levels_.size()),
      bad_level_(plan.levels.size() + 1),
      rest_writer_(plan.rest_of_record) {
  for (const PlanZone& zone : plan.zones)
    context_.zones.push_back({zone.zone, ZoneSlot::State::ready, {}});
  for (Zone zone : plan.today_zones) {
    const std::int64_t local = now + zone.offset_at(now);
    const std::int64_t days = local / 86400 - (local % 86400 < 0 ? 1 : 0);
    todays_.push_back({static_cast<std::int32_t>(days)});
  }
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    const PlanColumn& column = plan.columns[i];
    add_way(column);
    if (column.from != PlanColumn::From::each) continue;
    object_writers_.emplace(static_cast<ColumnIndex>(i),
                            std::make_unique<JsonObjectWriter>(column.object, plan.output));
  }
  for (const PlanExpression& expression : plan.expressions) scratch_.fit(expression.program);
  watched_.resize(plan.watches.size());
  unseen_.resize(levels_.size());
  watch_anew();
}

void Mapper::reset() {
  arena_.reset();
  rows_.clear();
  row_items_.clear();
  errors_.clear();
  warnings_.clear();
  blanks_.clear();
  defaults_.clear();
  blank_rows_.clear();
  rest_.clear();
  stop_ = false;
  std::fill(bad_level_.begin(), bad_level_.end(), false);
  std::fill(item_serial_.begin(), item_serial_.end(), 0U);
  for (Level& level : levels_) level.present = false;
  result_ = {};
}

/// The record is not one JSON object.
void Mapper::read_failed(Reason reason) {
  RecordError error;
  error.reason = reason;
  error.byte = static_cast<std::uint32_t>(reader_.error_byte());
  const auto text = [this] { return Value::text(arena_.copy(reader_.error_text())); };
  switch (reason) {
    case Reason::not_utf8:
      error.a = Value::integer(static_cast<std::int64_t>(reader_.error_byte()));
      break;
    case Reason::too_deep:
      error.a = Value::integer(kMaxDepth);
      break;
    default:
      error.a = text();
  }
  errors_.push_back(error);
}

const MappedRecord& Mapper::map(std::string_view frame, std::string_view entry_key) {
  reset();
  frame_ = frame;
  entry_key_ = entry_key;
  const Reason reason = reader_.read(frame);
  result_.is_json = reason == Reason::none || reason == Reason::repeated_key;
  if (reason != Reason::none) {
    read_failed(reason);
    result_.state = RecordState::rejected;
    result_.stage = RecordStage::read;
    result_.errors = errors_;
    return result_;
  }
  if (!unseen_[0].empty()) look_for_fields(0);
  if (!wanted()) {
    result_.state = errors_.empty() ? RecordState::skipped : RecordState::rejected;
  } else {
    if (plan_.levels.empty()) {
      make_row(0);
    } else {
      rows_below(1, 0);
      tell_once(errors_);
      tell_once(warnings_);
    }
    if (!reader_.unused().empty()) note_unused();
    if (errors_.empty()) spread_extra_rows();
    const std::size_t width = plan_.columns.size();
    result_.row_count = width == 0 ? 0 : rows_.size() / width;
    result_.state = !errors_.empty()         ? RecordState::rejected
                    : result_.row_count == 0 ? RecordState::skipped
                                             : RecordState::written;
    if (plan_.rest_of_record.on && result_.state == RecordState::written) copy_rest();
    if (!blank_rows_.empty() && errors_.empty() && rest_.empty()) {
      errors_ = blank_rows_;
      tell_once(errors_);
      result_.state = RecordState::rejected;
    }
  }
  const bool rules_only = std::all_of(errors_.begin(), errors_.end(),
                                      [](const RecordError& e) { return e.rule != kNoColumn; });
  if (result_.state == RecordState::rejected && rules_only) result_.stage = RecordStage::rule;
  result_.rows = rows_;
  result_.errors = errors_;
  result_.warnings = warnings_;
  result_.blanks = blanks_;
  result_.defaults = defaults_;
  result_.stop = stop_;
  const bool shown = !errors_.empty() || !warnings_.empty() || plan_.duplicates || plan_.row_schema;
  if (shown) result_.id = id();  // only messages need it
  return result_;
}

/// What several rows of a record have in common is told once (rule 5.20).
void Mapper::tell_once(std::vector<RecordError>& list) {
  if (list.size() < 2) return;
  std::set<
      std::tuple<Reason, std::uint16_t, std::uint16_t, std::uint32_t, std::string, std::string>>
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
  bool tried = true;
  const PlanExpression& expression = plan_.expressions[static_cast<std::size_t>(plan_.only)];
  const ExpressionOutcome outcome = judge(expression, tried);
  if (outcome.yes()) return true;
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

/// Gathers the operands of an expression and runs it. `tried` is false where one of its columns
/// failed.
ExpressionOutcome Mapper::judge(const PlanExpression& expression, bool& tried) {
  using From = ExpressionProgram::Operand::From;
  operands_.clear();
  for (const ExpressionProgram::Operand& operand : expression.program.operands) {
    switch (operand.from) {
      case From::column: {
        const Cell& cell = cells_[operand.index];
        tried = tried && !cell.failed;
        operands_.push_back(cell.as_blank ? Value::blank(Kind::null) : cell.value);
        break;
      }
      case From::source: {
        const Found found = find(expression.paths[operand.index]);
        operands_.push_back(found.reason == Reason::none || found.value.kind() == Kind::json
                                ? found.value
                                : Value());
        break;
      }
      case From::today:
        operands_.push_back(Value::date(todays_[expression.first_today + operand.index]));
        break;
    }
  }
  if (!tried) return {};
  return evaluate(expression.program, operands_, scratch_);
}

/// Goes through the items of rows level `level` (from 1) and below. `changed`: the shallowest level
/// whose item is new.
void Mapper::rows_below(std::size_t level, int changed) {
  if (level > plan_.levels.size()) {
    make_row(changed);
    return;
  }
  const PlanLevel& plan = plan_.levels[level - 1];
  Level& at = levels_[level];
  at.present = false;
  at.items.assign(plan.lists.size(), Node());
  std::vector<Node> lists;
  std::vector<std::size_t> counts;
  std::vector<bool> single;  // one-or-many: the value itself is the one item
  for (const PathIndex path : plan.lists) {
    const Found found = find(path, true);
    const JsonKind kind = found.node.kind();
    const bool nothing =
        found.reason == Reason::none && (kind == JsonKind::missing || kind == JsonKind::null);
    const bool entries = plan.entries;
    const bool fits = kind == (entries ? JsonKind::object : JsonKind::list);
    if (!nothing && !fits && !(plan.one_or_many && found.reason == Reason::none && !entries)) {
      RecordError error;
      error.reason = found.reason != Reason::none ? found.reason
                     : entries                    ? Reason::needs_object
                                                  : Reason::needs_list;
      error.place = plan.place;
      error.a = found.reason != Reason::none ? found.a : Value::text(describe(kind));
      error.b = found.b;
      error.value = found.value;
      error.path = pointer_of(path, found.node);
      if (found.node.exists()) error.byte = found.node.byte();
      errors_.push_back(error);
      error_at_level(static_cast<int>(level) - 1);
      return;
    }
    lists.push_back(nothing ? Node() : found.node);
    single.push_back(!nothing && !fits);
    counts.push_back(nothing ? 0 : fits ? found.node.count() : 1);
  }
  for (std::size_t i = 1; i < counts.size(); ++i) {
    if (counts[i] == counts[0]) continue;
    RecordError error;
    error.reason = Reason::lists_differ;
    error.place = plan.place;
    error.a = Value::integer(static_cast<std::int64_t>(counts[0]));
    error.b = Value::integer(static_cast<std::int64_t>(counts[i]));
    errors_.push_back(error);
    error_at_level(static_cast<int>(level) - 1);
    return;
  }
  if (counts[0] == 0) {
    no_items(level, changed);
    return;
  }
  std::vector<NodeCursor> cursors;
  for (const Node& list :
       lists) {  // of one-or-many, an object is the item itself, and its members are none
    const bool item = !plan.entries && list.kind() != JsonKind::list;
    cursors.emplace_back(item ? Node() : list);
  }
  std::size_t kept = 0;
  std::vector<RecordError> dropped;
  for (std::size_t n = 0; n < counts[0]; ++n) {
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (single[i]) {
        at.items[i] = lists[i];
      } else if (cursors[i].next()) {
        at.items[i] = cursors[i].value();
        at.key = cursors[i].key();
      }
    }
    at.present = true;
    enter_item(static_cast<int>(level));
    ++item_serial_[level];
    const std::size_t errors_before = errors_.size();
    const std::size_t warnings_before = warnings_.size();
    const std::size_t rows_before = rows_.size();
    const std::size_t blanks_before = blanks_.size();
    const std::size_t defaults_before = defaults_.size();
    rows_below(level + 1, n == 0 ? changed : static_cast<int>(level));
    const bool bad = plan.skip_bad_items && errors_.size() > errors_before && bad_level_[level] &&
                     !above_is_bad(level);
    if (!bad) {
      ++kept;
      continue;
    }
    dropped.insert(dropped.end(), errors_.begin() + static_cast<std::ptrdiff_t>(errors_before),
                   errors_.end());
    errors_.resize(errors_before);
    warnings_.resize(warnings_before);
    rows_.resize(rows_before);
    blanks_.resize(blanks_before);
    defaults_.resize(defaults_before);
    row_items_.resize(rows_before / plan_.columns.size() * item_serial_.size());
    bad_level_[level] = false;
    ++result_.items_left_out;
  }
  at.present = false;
  if (kept > 0) {
    warnings_.insert(warnings_.end(), dropped.begin(),
                     dropped.end());  // told, though the record is written
  } else {
    errors_.insert(errors_.end(), dropped.begin(), dropped.end());
    error_at_level(static_cast<int>(level) - 1);
  }
}

bool Mapper::above_is_bad(std::size_t level) const noexcept {
  for (std::size_t i = 0; i < level; ++i)
    if (bad_level_[i]) return true;
  return false;
}

/// The list of rows level `level` is empty, or not there.
void Mapper::no_items(std::size_t level, int changed) {
  const PlanLevel& plan = plan_.levels[level - 1];
  switch (plan.when_empty) {
    case PlanLevel::WhenEmpty::one_row:
      ++item_serial_[level];
      rows_below(level + 1, changed);
      return;
    case PlanLevel::WhenEmpty::skip:
      return;
    case PlanLevel::WhenEmpty::reject: {
      RecordError error;
      error.reason = Reason::no_items;
      error.place = plan.place;
      error.a = Value::text(plan_.paths[plan.lists.front()].text);
      error.path = plan_.paths[plan.lists.front()].pointer;
      errors_.push_back(error);
      error_at_level(static_cast<int>(level) - 1);
    }
  }
}

void Mapper::make_row(int changed) {
  const std::size_t errors_before = errors_.size();
  for (const ColumnIndex index : plan_.order) {
    if (ways_[index].level >= changed) make_column(index);
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
  if (!sources.empty() && holds_nothing(sources.front())) refuse_blank_row(errors_before);
  if (!plan_.levels.empty())
    row_items_.insert(row_items_.end(), item_serial_.begin(), item_serial_.end());
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
    error.rule = static_cast<std::uint16_t>(i);
    error.place = rule.place;
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

/// What the columns of a broken rule held, for its message: "FechaEntrada 12/05/2025, FechaSalida
/// 10/05/2025".
void Mapper::keep_values(const PlanRule& rule, RecordError& error) {
  std::string text;
  for (const ColumnIndex column : rule.columns) {
    if (!text.empty()) text += ", ";
    text += plan_.columns[column].name;
    text += ' ';
    if (cells_[column].value.is_blank()) {
      text += "(blank)";
    } else if (plan_.columns[column].personal) {
      text += "(hidden: personal)";
    } else {
      append_plain(text, cells_[column].value, plan_.columns[column].format);
    }
  }
  error.b = Value::text(arena_.copy(text));
}

/// `on_extra_rows` of columns that belong to a level above the rows: the value once, or in shares.
void Mapper::spread_extra_rows() {
  const std::size_t width = plan_.columns.size();
  const std::size_t levels = item_serial_.size();
  const std::size_t rows = row_items_.size() / levels;
  if (rows < 2) return;
  for (std::size_t c = 0; c < width; ++c) {
    const PlanColumn& column = plan_.columns[c];
    if (column.extra_rows == ExtraRows::repeat) continue;
    const auto same_item = [&](std::size_t a, std::size_t b) {
      for (std::size_t l = 1; l <= static_cast<std::size_t>(column.level); ++l)
        if (row_items_[a * levels + l] != row_items_[b * levels + l]) return false;
      return true;
    };
    for (std::size_t first = 0; first < rows;) {
      std::size_t end = first + 1;
      while (end < rows && same_item(first, end)) ++end;
      if (column.extra_rows == ExtraRows::leave_blank) {
        for (std::size_t r = first + 1; r < end; ++r)
          rows_[r * width + c] = Value::blank(Kind::missing);
      } else {
        share(first, end, c);
      }
      first = end;
    }
  }
}

/// Every row gets the part rounded down, and the units left over go one each to the first rows.
void Mapper::share(std::size_t first, std::size_t end, std::size_t column) {
  const std::size_t width = plan_.columns.size();
  const Value whole = rows_[first * width + column];
  if (whole.kind() != Kind::decimal) return;
  const Decimal amount = whole.decimal();
  const auto n = static_cast<Int128>(end - first);
  Int128 part = amount.coefficient / n;
  Int128 left = amount.coefficient % n;
  if (left < 0) {  // down is towards smaller values, so that what is left over is never negative
    --part;
    left += n;
  }
  for (std::size_t r = first; r < end; ++r) {
    rows_[r * width + column] = Value::decimal({part + (left > 0 ? 1 : 0), amount.scale});
    if (left > 0) --left;
  }
}

void Mapper::note_unused() {
  if (plan_.unused_fields == UnusedFields::ignore) return;
  for (const KeyTrie::Key* const key : reader_.unused()) {
    RecordError error;
    const bool rejects = plan_.unused_fields == UnusedFields::reject;
    error.reason = rejects ? Reason::field_not_used : Reason::field_new;
    error.place = plan_.unused_place;
    error.a = Value::text(arena_.copy(reader_.path(*key)));
    (rejects ? errors_ : warnings_).push_back(error);
  }
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
  const Found found = find(plan_.id);
  return found.value.kind() == Kind::text ? found.value.text() : std::string_view();
}

std::string_view Mapper::id_of(std::string_view frame, std::string_view entry_key) {
  reset();
  entry_key_ = entry_key;
  return reader_.read(frame) == Reason::none ? id() : std::string_view();
}

/// The key of a record for `duplicates`: decided on the source alone, keys compared as they are
/// written.
const RecordKey& Mapper::key(std::string_view frame, std::string_view entry_key) {
  reset();
  key_ = {};
  frame_ = frame;
  entry_key_ = entry_key;
  if (reader_.read(frame) != Reason::none || !plan_.duplicates) return key_;
  key_.readable = true;
  for (std::size_t i = 0; i < plan_.duplicates->same.size(); ++i) {
    const Found found = find(plan_.duplicates->same[i]);
    if (found.value.kind() != Kind::text) key_.blank = true;
    append_key_part(key_.key, i == 0,
                    found.value.kind() == Kind::text ? found.value.text() : std::string_view());
  }
  if (key_.blank) return key_;  // nobody's duplicate, whatever it would be compared by
  const auto keep = plan_.duplicates->keep;
  const bool ranked = keep == PlanDuplicates::Keep::highest || keep == PlanDuplicates::Keep::lowest;
  if (!ranked || key_.blank) return key_;  // nobody's duplicate is compared with none
  const Found by = find(plan_.duplicates->by);
  key_.by = read_rank(by.value);
  if (!key_.by.is_blank()) return key_;
  RecordError error;
  error.reason = Reason::kind_not_comparable;
  error.place = plan_.duplicates->place;
  error.a = Value::text(describe(by.node.kind()));
  if (by.value.is_blank()) {
    error.reason = Reason::rank_blank;
    error.a = Value::text(blank_word(by.value.kind()));
  } else if (by.value.kind() == Kind::text) {
    error.reason = Reason::not_comparable;
    error.a = by.value;
  }
  error.value = by.value;
  error.path = pointer_of(plan_.duplicates->by, by.node);
  if (by.node.exists()) error.byte = by.node.byte();
  key_.error = error;
  return key_;
}

}  // namespace trama
