// Making one column (language.md, rule 5.15): source; null_words; defaults; split, replace and text
// steps on each part; an empty result is blank again; join or total; lookup; type; conversion and
// rounding; checks; required.

#include <algorithm>

#include "base/utf8.h"
#include "exec/mapper.h"
#include "json/json_text.h"

namespace trama {
namespace {

/// A zone that a field names: an IANA name, an offset, or a number of hours.
bool find_zone_of_field(std::string_view name, Zone& out) {
  Decimal hours;
  if (read_decimal(name, hours) != Reason::none) return Zone::find(name, out);
  constexpr int kMostHours = 18;
  Decimal seconds;
  if (multiply_to(hours, {3600, 0}, 0, Rounding::exact, seconds) != Reason::none) return false;
  const Int128 limit = Int128{kMostHours} * 3600;
  if (seconds.coefficient > limit || seconds.coefficient < -limit) return false;
  out = Zone::fixed(static_cast<std::int32_t>(seconds.coefficient));
  return true;
}

}  // namespace

void Mapper::complain(std::vector<RecordError>& list, ColumnIndex index, Reason reason,
                      std::uint32_t place, const Origin& origin, const Value& found) {
  RecordError error;
  error.reason = reason;
  error.column = index;
  error.place = place;
  error.value = found;
  error.a = context_.a;
  error.b = context_.b;
  if (origin.node.exists()) error.byte = origin.node.byte();
  error.path = pointer_of(origin.path, origin.node);
  // What a step quotes may lie in memory of its own that the next column uses again.
  if (error.a.kind() == Kind::text)
    error.a = Value::text(arena_.copy(error.a.text()), error.a.origin());
  if (error.b.kind() == Kind::text)
    error.b = Value::text(arena_.copy(error.b.text()), error.b.origin());
  list.push_back(error);
}

/// Reading, conversion or a check failed: what `when_wrong` says. True where the column goes on
/// with another value.
bool Mapper::wrong(ColumnIndex index, Reason reason, std::uint32_t place, const Origin& origin,
                   const Value& found) {
  const PlanColumn& column = plan_.columns[index];
  Cell& cell = cells_[index];
  cell.wrong = true;
  switch (column.when_wrong.kind) {
    case PlanAction::Kind::write_blank:
      complain(warnings_, index, reason, place, origin, found);
      cell.value = Value::blank(Kind::null);
      cell.as_blank = true;
      return true;
    case PlanAction::Kind::write_original: {
      complain(warnings_, index, reason, place, origin, found);
      const bool as_text = found.kind() == Kind::text || found.kind() == Kind::json;
      cell.value = as_text ? Value::text(found.text()) : found;
      cell.as_blank = true;
      return true;
    }
    case PlanAction::Kind::write:
      complain(warnings_, index, reason, place, origin, found);
      cell.value = column.when_wrong.write;
      return true;
    case PlanAction::Kind::stop:
      stop_ = true;
      [[fallthrough]];
    case PlanAction::Kind::reject:
      break;
  }
  complain(errors_, index, reason, place, origin, found);
  cell.failed = true;
  error_at_level(column.level);
  return false;
}

/// Runs the steps one after another on `value`; false where one of them failed, and `when_wrong`
/// has had its say. `found`: what messages show as the source value; null: what lies at the origin.
bool Mapper::run_steps(const std::vector<PlanStep>& steps, ColumnIndex index, Value& value,
                       const Origin& origin, const Value* found) {
  for (const PlanStep& step : steps) {
    const Reason reason = step.fn(step.args.get(), value, context_);
    if (reason != Reason::none || context_.warning != Reason::none) {
      Found at;
      const Value source = found != nullptr ? *found : value_of(origin.node, false, at);
      if (!tell(reason, step.place, index, origin, source)) return false;
    }
    if (context_.finished || value.is_blank()) return true;
  }
  return true;
}

/// A step failed, or warns. False where it failed.
bool Mapper::tell(Reason reason, std::uint32_t place, ColumnIndex index, const Origin& origin,
                  const Value& source) {
  if (reason == Reason::none) {
    context_.a = context_.warning_a;
    context_.b = context_.warning_b;
    complain(warnings_, index, context_.warning, place, origin, source);
    context_.warning = Reason::none;
    return true;
  }
  // An unknown code is not `when_wrong`'s: `unknown` has said what to do (rule 5.18).
  if (code_of(reason) == RecordCode::lookup_unknown) {
    complain(errors_, index, reason, place, origin, source);
    cells_[index].failed = true;
    error_at_level(plan_.columns[index].level);
  } else {
    wrong(index, reason, place, origin, source);
  }
  return false;
}

bool Mapper::is_null_word(const PlanColumn& column, std::string_view text) const {
  if (column.null_words.empty()) return false;
  const std::string_view trimmed = trim(text);
  return std::find(column.null_words.begin(), column.null_words.end(), trimmed) !=
         column.null_words.end();
}

/// The default of a blank source, if the column has one: a finished value, checked with the plan.
/// Fills the cell.
bool Mapper::take_default(const PlanColumn& column, ColumnIndex index, Kind blank) {
  const std::optional<Value>& instead = blank == Kind::missing ? column.when_missing
                                        : blank == Kind::null  ? column.when_null
                                                               : column.when_empty;
  if (!instead) return false;
  cells_[index].value = *instead;
  cells_[index].defaulted = true;
  defaults_.push_back(index);
  return true;
}

Mapper::Found Mapper::first_of(const PlanColumn& column, Origin& origin) {
  Found last;
  for (const PathIndex path : column.paths) {
    Found found = find(path, column.takes_json);
    if (found.reason == Reason::none && found.value.kind() == Kind::text &&
        is_null_word(column, found.value.text()))
      found.value = Value::blank(Kind::null);
    if (found.reason == Reason::none && !found.value.is_blank()) {
      origin = {found.node, path};
      return found;
    }
    if (last.value.kind() == Kind::missing && found.reason == Reason::none) last = found;
  }
  origin = {last.node, column.paths.front()};
  return last;
}

/// `from: {list, where, is, take}`: of the list, the first item whose `where` is the first of `is`
/// that is there.
Mapper::Found Mapper::pick(const PlanColumn& column, Origin& origin) {
  const PlanColumn::Pick& pick = column.pick;
  origin.path = pick.list;
  Found found = find(pick.list, true);
  origin.node = found.node;
  if (found.reason != Reason::none || found.node.kind() == JsonKind::null || !found.node.exists()) {
    if (found.value.kind() == Kind::json && found.reason == Reason::none)
      found.value = Value::blank(Kind::null);
    return found;
  }
  const Node list = found.node;
  Found none;
  if (list.kind() != JsonKind::list && list.kind() != JsonKind::object) {
    none.node = list;
    none.reason = Reason::needs_list;
    none.a = Value::text(describe(list.kind()));
    none.value = Value::json(list.raw());
    return none;
  }
  std::vector<std::string> wanted = pick.is;
  if (pick.is_from != kNoPath) {
    const Found named = find(pick.is_from);
    if (named.value.kind() == Kind::text) wanted.emplace_back(named.value.text());
  }
  for (const std::string& word : wanted) {
    for (NodeCursor cursor(list); cursor.next();) {
      const bool entries = list.kind() == JsonKind::object;
      Found at;
      if (pick.where_is_key) {
        if (!entries) continue;
        at.node = cursor.key();
      } else if (pick.where_is_value) {
        at.node = cursor.value();
      } else if (!follow(pick.where_text, pick.where, cursor.value(), at)) {
        continue;
      }
      const Value compared = value_of(at.node, false, at);
      if (compared.kind() != Kind::text || compared.text() != word) continue;
      Found taken;
      if (pick.take_is_key) {
        taken.node = cursor.key();
      } else if (!follow(pick.take_text, pick.take, cursor.value(), taken)) {
        return taken;
      }
      origin.node = taken.node;
      taken.value = value_of(taken.node, column.takes_json, taken);
      return taken;
    }
  }
  return none;
}

/// Several paths, or a path with [*]: each part through its own steps, then glued.
bool Mapper::parts_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin) {
  std::vector<Found>& all = found_;
  all.clear();
  for (const PathIndex path : column.paths) find_all(path, column.takes_json, all);
  origin.path = column.paths.front();
  if (column.takes_json) {
    std::string list = "[";
    for (const Found& found : all) {
      if (found.value.is_blank()) continue;
      if (list.size() > 1) list += ',';
      list += found.value.text();
    }
    list += ']';
    value = Value::json(arena_.copy(list));
    return true;
  }
  Kind blank = Kind::missing;
  std::string& glued = glued_;
  glued.clear();
  bool any = false;
  bool any_source = false;
  for (Found& found : all) {
    if (found.reason != Reason::none) {
      context_.a = found.a;
      context_.b = found.b;
      wrong(index, found.reason, column.from_place, {found.node, origin.path}, found.value);
      return false;
    }
    if (found.value.kind() == Kind::text && is_null_word(column, found.value.text()))
      found.value = Value::blank(Kind::null);
    if (found.value.is_blank()) {
      blank = std::max(blank, found.value.kind());
      continue;
    }
    any_source = true;
    const Value source = found.value;
    if (!run(column.parts, index, found.value, {found.node, origin.path}, &source)) return false;
    if (found.value.kind() != Kind::text || found.value.text().empty()) continue;
    if (any) glued += column.join;
    glued += found.value.text();
    any = true;
    origin.node = found.node;
  }
  if (all.size() != 1) origin.node = Node();
  origin.emptied = any_source && trim(glued).empty();
  value = !any_source      ? Value::blank(blank)
          : origin.emptied ? Value::blank(Kind::empty)
                           : Value::text(arena_.copy(glued));
  return true;
}

/// `total` beside a path with [*]: of all its items, blanks passed over.
bool Mapper::total_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin) {
  using Total = PlanColumn::Total;
  std::vector<Found>& all = found_;
  all.clear();
  for (const PathIndex path : column.paths) find_all(path, false, all);
  origin.path = column.paths.front();
  std::int64_t count = 0;
  value = Value::blank(Kind::missing);
  for (Found& found : all) {
    const Value original = found.value;
    const bool an_item = column.total == Total::count && found.reason == Reason::needs_scalar;
    if (found.reason != Reason::none && !an_item) {
      context_.a = found.a;
      context_.b = found.b;
      wrong(index, found.reason, column.from_place, {found.node, origin.path}, original);
      return false;
    }
    if (found.value.kind() == Kind::text && is_null_word(column, found.value.text()))
      found.value = Value::blank(Kind::null);
    if (found.value.is_blank()) continue;
    if (column.total != Total::count &&
        !run(column.parts, index, found.value, {found.node, origin.path}, &original))
      return false;
    if (found.value.kind() == Kind::text && found.value.text().empty()) continue;
    ++count;
    if (column.total == Total::count) continue;
    const bool typed =
        column.total == Total::sum || column.total == Total::min || column.total == Total::max;
    if (typed && !run(column.steps, index, found.value, {found.node, origin.path}, &original))
      return false;
    if (found.value.is_blank()) continue;
    if (value.is_blank()) {
      value = found.value;
      origin.node = found.node;
      continue;
    }
    Reason reason = Reason::none;
    switch (column.total) {
      case Total::sum: {
        Decimal sum;
        reason = add(value.decimal(), found.value.decimal(), sum);
        value = Value::decimal(sum);
        break;
      }
      case Total::min:
        if (compare_values(found.value, value) < 0) value = found.value;
        break;
      case Total::max:
        if (compare_values(found.value, value) > 0) value = found.value;
        break;
      case Total::last:
        value = found.value;
        origin.node = found.node;
        break;
      case Total::only:
        break;
      default:
        break;
    }
    if (reason != Reason::none) {
      wrong(index, reason, column.total_place, {found.node, origin.path}, original);
      return false;
    }
  }
  if (column.total == Total::count) {
    value = Value::integer(count);
    cells_[index].defaulted = count == 0;
  }
  if (column.total == Total::only && count > 1) {
    context_.fail(Reason::more_than_one, Value::integer(count));
    wrong(index, Reason::more_than_one, column.total_place, origin, Value::blank(Kind::missing));
    return false;
  }
  return true;
}

/// `lookup` with `by`: the parts of the key, each through the text steps.
bool Mapper::composite(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin) {
  std::string key;
  origin.path = column.paths.front();
  Kind blank = Kind::text;
  for (std::size_t i = 0; i < column.paths.size(); ++i) {
    Found found = find(column.paths[i]);
    if (found.reason != Reason::none) {
      context_.a = found.a;
      context_.b = found.b;
      wrong(index, found.reason, column.from_place, {found.node, column.paths[i]}, found.value);
      return false;
    }
    if (found.value.kind() == Kind::text && is_null_word(column, found.value.text()))
      found.value = Value::blank(Kind::null);
    const Value source = found.value;
    if (!found.value.is_blank() &&
        !run(column.parts, index, found.value, {found.node, column.paths[i]}, &source))
      return false;
    const bool text = found.value.kind() == Kind::text;
    if (!text) blank = found.value.kind();
    append_key_part(key, i == 0, text ? found.value.text() : std::string_view());
  }
  // A key of which a part is blank is not looked up (rule 5.16).
  value = blank == Kind::text ? Value::text(arena_.copy(key)) : Value::blank(blank);
  return true;
}

bool Mapper::choose(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin) {
  value = Value::blank(Kind::missing);
  for (const PlanChoice& choice : column.choices) {
    if (choice.condition >= 0) {
      bool tried = true;
      const ExpressionOutcome outcome =
          judge(plan_.expressions[static_cast<std::size_t>(choice.condition)], tried);
      if (!tried || !outcome.yes()) continue;
    }
    if (context_.taken != nullptr) context_.taken->insert(&choice);
    switch (choice.give) {
      case PlanChoice::Give::constant:
        value = choice.constant;
        return true;
      case PlanChoice::Give::column:
        if (cells_[choice.column].failed) {
          cells_[index].failed = true;
          return false;
        }
        value = cells_[choice.column].value;
        return true;
      case PlanChoice::Give::path: {
        const Found found = find(choice.path);
        origin = {found.node, choice.path};
        value = found.value;
        if (found.reason == Reason::none) return true;
        context_.fail(found.reason, found.a, found.b);
        wrong(index, found.reason, column.from_place, origin, found.value);
        return false;
      }
    }
  }
  return true;
}

/// The zones that fields of this record name, for the date steps of the column.
void Mapper::resolve_zones(const PlanColumn& column) {
  for (const int zone : column.dynamic_zones) {
    const auto z = static_cast<std::size_t>(zone);
    const Found found = find(plan_.zones[z].path);
    if (found.value.kind() != Kind::text) {
      context_.zones[z].state = ZoneSlot::State::blank;
      continue;
    }
    const std::string_view name = trim(found.value.text());
    auto known = named_zones_.find(name);
    if (known == named_zones_.end()) {
      constexpr std::size_t kMostNames = 1000;  // untrusted data names them
      if (named_zones_.size() >= kMostNames) named_zones_.clear();
      ZoneSlot slot;
      slot.state =
          find_zone_of_field(name, slot.zone) ? ZoneSlot::State::ready : ZoneSlot::State::unknown;
      known = named_zones_.emplace(std::string(name), slot).first;
    }
    context_.zones[z] = known->second;
    context_.zones[z].name = known->first;
  }
}

/// `each`: a list of objects made of the item's columns.
bool Mapper::list_of_objects(const PlanColumn& column, ColumnIndex index, Value& value,
                             Origin& origin) {
  origin.path = column.each_list;
  Found found = find(column.each_list, true);
  origin.node = found.node;
  const JsonKind wanted = column.each_entries ? JsonKind::object : JsonKind::list;
  if (found.reason != Reason::none ||
      (found.node.exists() && found.node.kind() != JsonKind::null && found.node.kind() != wanted)) {
    if (found.reason == Reason::none) {
      const Reason needed = column.each_entries ? Reason::needs_object : Reason::needs_list;
      context_.fail(needed, Value::text(describe(found.node.kind())));
      wrong(index, needed, column.from_place, origin, found.value);
    } else {
      context_.fail(found.reason, found.a, found.b);
      wrong(index, found.reason, column.from_place, origin, found.value);
    }
    return false;
  }
  if (found.node.kind() != wanted) {
    value = found.node.exists() ? Value::blank(Kind::null) : Value::blank(Kind::missing);
    return true;
  }
  Level& level = levels_[static_cast<std::size_t>(column.each_level)];
  const Level outer = level;
  std::string list = "[";
  std::vector<Value> values(cells_.size());
  for (NodeCursor cursor(found.node); cursor.next();) {
    level.items.assign(1, cursor.value());
    level.key = cursor.key();
    level.present = true;
    enter_item(column.each_level);
    bool right = true;
    for (const ColumnIndex child : column.children) {
      make_column(child);
      right = right && !cells_[child].failed;
      values[child] = cells_[child].value;
    }
    if (!right) {
      cells_[index].failed = true;
      continue;  // the other items are tried too: all errors of a record are found
    }
    for (const ColumnIndex child : column.children) note_blank(child);
    if (list.size() > 1) list += ',';
    object_writers_[index]->write(values, {}, list);
  }
  level = outer;
  cells_[index].defaulted = list == "[";
  list += ']';
  value = Value::json(arena_.copy(list));
  return !cells_[index].failed;
}

/// The source of a column: its value before any step, and whether it is finished (a constant, what
/// an expression gave).
bool Mapper::source_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin,
                       bool& finished) {
  using From = PlanColumn::From;
  Found found;
  switch (column.from) {
    case From::path:
      found = find(column.paths.front(), column.takes_json);
      origin = {found.node, column.paths.front()};
      break;
    case From::first_of:
      found = first_of(column, origin);
      break;
    case From::pick:
      found = pick(column, origin);
      break;
    case From::paths:
      if (column.total != PlanColumn::Total::none) {
        finished = column.total == PlanColumn::Total::count;
        return total_of(column, index, value, origin);
      }
      return parts_of(column, index, value, origin);
    case From::composite:
      return composite(column, index, value, origin);
    case From::constant:
      value = column.constant;
      finished = true;
      return true;
    case From::choose:
      finished = true;
      return choose(column, index, value, origin);
    case From::each:
      finished = true;
      return list_of_objects(column, index, value, origin);
    case From::compute: {
      finished = true;
      bool tried = true;
      const ExpressionOutcome outcome =
          judge(plan_.expressions[static_cast<std::size_t>(column.expression)], tried);
      if (!tried) {
        cells_[index].failed = true;
        return false;
      }
      value = outcome.value;
      if (outcome.error == Reason::none) return true;
      context_.fail(outcome.error, outcome.a, outcome.b);
      wrong(index, outcome.error, column.from_place, origin, value);
      return false;
    }
    case From::rate_of:
    case From::rate_day_of:
    case From::currency_of: {
      finished = true;
      if (cells_[column.of].failed) {
        cells_[index].failed = true;
        return false;
      }
      const Money& money = money_[column.of];
      if (column.from == From::currency_of && !money.currency.empty())
        value = Value::text(money.currency);
      if (column.from == From::rate_of && money.has_rate) value = rate_used(money);
      if (column.from == From::rate_day_of && money.has_rate) value = Value::date(money.rate.day);
      return true;
    }
  }
  value = found.value;
  if (found.reason == Reason::none) return true;
  context_.fail(found.reason, found.a, found.b);
  wrong(index, found.reason, column.from_place, origin, found.value);
  return false;
}

void Mapper::make_column(ColumnIndex index) {
  const Way& way = ways_[index];
  Cell& cell = cells_[index];
  cell = {};
  if (!way.plain || !make_plain(way, index)) {
    if (plan_.columns[index].money) money_[index] = {};
    produce(plan_.columns[index], index);
  }
  if (cell.value.is_blank() && !cell.failed && plan_.columns[index].required)
    required_is_blank(index);
}

void Mapper::required_is_blank(ColumnIndex index) {
  const PlanColumn& column = plan_.columns[index];
  Cell& cell = cells_[index];
  context_.fail(Reason::blank, Value::text(blank_word(cell.value.kind())));
  const PathIndex path = column.paths.empty() ? kNoPath : column.paths.front();
  complain(errors_, index, Reason::blank, column.required_place, {Node(), path}, cell.value);
  cell.failed = true;
  error_at_level(column.level);
}

void Mapper::add_way(const PlanColumn& column) {
  Way way;
  way.level = column.level;
  const auto add = [this](const std::vector<PlanStep>& steps) {
    for (const PlanStep& step : steps) way_steps_.push_back({step.fn, step.args.get(), step.place});
    return static_cast<std::uint32_t>(way_steps_.size());
  };
  if (column.plain) {
    way.plain = true;
    way.parts = !column.parts.empty();
    way.null_words = !column.null_words.empty();
    const PlanPath& path = plan_.paths[column.paths.front()];
    way.item_level = path.level;
    if (path.level == 0) {
      way.slot = static_cast<std::uint32_t>(path.slot);
    } else {
      const auto level = static_cast<std::size_t>(path.level);
      std::vector<std::string>& names = field_names_[level];
      const auto known = std::find(names.begin(), names.end(), path.rest.front().key);
      way.slot = static_cast<std::uint32_t>(known - names.begin());
      if (known == names.end()) names.push_back(path.rest.front().key);
      levels_[level].fields.resize(names.size());
    }
    way.begin = static_cast<std::uint32_t>(way_steps_.size());
    add(column.steps);
    way.checks = add(column.finish);
    way.end = add(column.checks);
  }
  ways_.push_back(way);
}

/// tell() of a plain column, out of the way of those that have nothing to tell.
[[gnu::noinline]] bool Mapper::tell_of(const Way& way, ColumnIndex index, Reason reason,
                                       std::uint32_t place) {
  const Origin origin = origin_of(way, index);
  Found found;
  const Value source = value_of(origin.node, false, found);
  return tell(reason, place, index, origin, source);
}

Mapper::Origin Mapper::origin_of(const Way& way, ColumnIndex index) const {
  const Node node = way.item_level == 0
                        ? reader_.slot(way.slot)
                        : levels_[static_cast<std::size_t>(way.item_level)].fields[way.slot];
  return {node, plan_.columns[index].paths.front()};
}

/// The usual column: a field that holds one value, through its steps. What produce() does, without
/// what such a column cannot have; a third of the time. False: nothing was done.
bool Mapper::make_plain(const Way& way, ColumnIndex index) {
  Value& value = cells_[index].value;
  if (!find_direct(way, value)) return false;
  if (way.null_words && value.kind() == Kind::text &&
      is_null_word(plan_.columns[index], value.text()))
    value = Value::blank(Kind::null);
  if (value.is_blank()) {
    take_default(plan_.columns[index], index, value.kind());
    return true;
  }
  context_.finished = false;
  if (way.parts) {
    if (!run(plan_.columns[index].parts, index, value, origin_of(way, index), nullptr)) return true;
    if (trim(value.text()).empty()) value = Value::blank(Kind::empty);
    if (value.is_blank()) return true;
  }
  for (std::uint32_t at = way.begin; at < way.end; ++at) {
    const Step& step = way_steps_[at];
    const Reason reason = step.fn(step.args, value, context_);
    const bool silent = reason == Reason::none && context_.warning == Reason::none;
    if (!silent && !tell_of(way, index, reason, step.place)) return true;
    if (value.is_blank()) return true;
    if (!context_.finished) continue;
    context_.finished = false;  // what an unknown code writes: only checks follow
    if (at + 1 < way.checks) at = way.checks - 1;
  }
  return true;
}

/// Fills the cell of the column, or reports why not.
void Mapper::produce(const PlanColumn& column, ColumnIndex index) {
  Cell& cell = cells_[index];
  Value value;
  Origin origin;
  bool finished = false;
  context_.finished = false;  // what an unknown code of the column before wrote
  if (!source_of(column, index, value, origin, finished)) return;
  const Value found = value;
  // Several parts have had their null words, and their defaults where all were blank: what the
  // steps left blank stays so.
  const bool one = !finished && column.from != PlanColumn::From::paths &&
                   column.from != PlanColumn::From::composite;
  if (one && value.kind() == Kind::text && is_null_word(column, value.text()))
    value = Value::blank(Kind::null);
  if (value.is_blank() && !origin.emptied && take_default(column, index, value.kind())) return;
  if (!value.is_blank() && !finished && !refine(column, index, value, origin, found)) return;
  if (finished && value.kind() == Kind::decimal &&
      !run(column.finish, index, value, origin, &found))
    return;
  context_.finished = false;
  if (!value.is_blank() && !run(column.checks, index, value, origin, &found)) return;
  cell.value = value;
}

/// From the source value to the value of the column's type: text steps, lookup, type, conversion
/// and rounding.
bool Mapper::refine(const PlanColumn& column, ColumnIndex index, Value& value, const Origin& origin,
                    const Value& found) {
  const bool parts_done =
      column.from == PlanColumn::From::paths || column.from == PlanColumn::From::composite;
  const bool typed = column.total == PlanColumn::Total::sum ||
                     column.total == PlanColumn::Total::min ||
                     column.total == PlanColumn::Total::max;
  context_.finished = false;
  if (!column.dynamic_zones.empty()) resolve_zones(column);
  if (!parts_done && !run(column.parts, index, value, origin, &found)) return false;
  const bool changed = parts_done || !column.parts.empty();
  if (changed && value.kind() == Kind::text && trim(value.text()).empty())
    value = Value::blank(Kind::empty);
  if (value.is_blank()) return true;
  std::string_view in_amount;
  if (column.money && column.money->in_amount && !split_currency(value, in_amount)) {
    context_.fail(Reason::currency_blank);
    wrong(index, Reason::currency_blank, column.money->currency_place, origin, found);
    return false;
  }
  if (!typed && !run(column.steps, index, value, origin, &found)) return false;
  if (value.is_blank() || context_.finished)
    return true;  // what `unknown` wrote is a finished value
  if (column.money) return convert(column, index, value, origin, found, in_amount);
  return run(column.finish, index, value, origin, &found);
}

}  // namespace trama
