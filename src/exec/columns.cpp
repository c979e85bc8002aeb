// Making one column (mappings/rules.md, rule 5.15): source; null_words; defaults; split, replace,
// text steps and lookup on each part; an empty result is blank again; join or total; type;
// conversion and rounding; checks; required.

#include <algorithm>
#include <functional>

#include "base/utf8.h"
#include "exec/mapper.h"
#include "exec/parts.h"
#include "json/json_text.h"
#include "step/args.h"
#include "value/order.h"

namespace trama {

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
  const Pointer pointer = pointer_of(origin.path, origin.node);
  error.path = pointer.below;
  error.above = pointer.above;
  locate(error, plan_.columns[index].item_level, plan_.columns[index].level);
  error.a = kept(error.a);
  error.b = kept(error.b);
  list.push_back(error);
}

/// What a step quotes may lie in memory of its own that the next column uses again.
Value Mapper::kept(const Value& told) {
  if (told.kind() != Kind::text) return told;
  const std::string_view text = told.text();
  const bool of_record = std::less_equal<>()(frame_.data(), text.data()) &&
                         std::less<>()(text.data(), frame_.data() + frame_.size());
  return of_record ? told : Value::text(arena_.copy(text), told.origin());
}

/// A value that a lookup did not find, and that is no error and no warning: it is counted alone, so
/// its place is only looked for where it may be a personal one.
void Mapper::note_unknown(ColumnIndex index, std::uint32_t place, const Origin& origin) {
  note(index, context_.warning == Reason::unknown_kept      ? NoticeCode::unknown_kept
              : context_.warning == Reason::unknown_written ? NoticeCode::unknown_written
                                                            : NoticeCode::unknown_blank);
  RecordError one;
  one.reason = context_.warning;
  one.column = index;
  one.place = place;
  one.a = kept(context_.warning_a);
  if (!plan_.personal.empty()) {
    const Pointer pointer = pointer_of(origin.path, origin.node);
    one.path = pointer.below;
    one.above = pointer.above;
  }
  unknown_.push_back(one);
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
      const bool as_json = column.takes_json && found.kind() == Kind::json;
      cell.value = as_text && !as_json ? Value::text(found.text()) : found;
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
    if (observer_ != nullptr) saw_step(step, reason, value, origin.node);
    if (reason != Reason::none || context_.warning != Reason::none) {
      const Value source = found != nullptr ? *found : source_value(origin.node);
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
    if (context_.only_count) {
      note_unknown(index, place, origin);
      context_.only_count = false;
    } else {
      context_.a = context_.warning_a;
      context_.b = context_.warning_b;
      complain(warnings_, index, context_.warning, place, origin, source);
    }
    context_.warning = Reason::none;
    return true;
  }
  if (context_.failed_zone >= 0) {  // of a field of its own
    const HelperField& zone = zone_fields_[static_cast<std::size_t>(context_.failed_zone)];
    context_.failed_zone = -1;
    return refuse_helper(index, zone);
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
  return column.null_words != nullptr && column.null_words->has(trim(text));
}

/// A text that is one of the null words counts as null.
void Mapper::use_null_words(const WordList* words, Value& value) const {
  if (words == nullptr || value.kind() != Kind::text || !words->has(trim(value.text()))) return;
  value = Value::blank(Kind::null);
  if (observer_ != nullptr) saw_null_word();
}

/// A path of the column that met a wrong shape: what `when_wrong` says. True where the column goes
/// on with another value.
bool Mapper::report_wrong(ColumnIndex index, const Found& found, PathIndex path) {
  context_.fail(found.reason, found.a, found.b);
  return wrong(index, found.reason, plan_.columns[index].from_place, {found.node, path},
               found.value);
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

/// The first path that gives a value; where none does, the first wrong shape, else the first blank
/// that is more than missing.
Mapper::Found Mapper::first_of(const PlanColumn& column, Origin& origin) {
  Found none;
  PathIndex from = column.paths.front();
  for (const PathIndex path : column.paths) {
    Found found = find(path, need_of(column));
    if (!found.is_wrong()) use_null_words(column, found.value);
    if (found.has_value()) {
      origin = {found.node, path};
      return found;
    }
    const bool better = found.is_wrong() || none.value.kind() == Kind::missing;
    if (none.is_wrong() || !better) continue;
    none = found;
    from = path;
  }
  origin = {none.node, from};
  return none;
}

/// Of several values a wrong shape is told before any step of another is run (rule 5.15).
bool Mapper::report_first_wrong(ColumnIndex index, std::span<const Found> all, PathIndex path) {
  const auto wrong =
      std::find_if(all.begin(), all.end(), [](const Found& found) { return found.is_wrong(); });
  if (wrong == all.end()) return false;
  report_wrong(index, *wrong, path);
  return true;
}

/// What the paths of a column must lead to: with `split` also a JSON list is made of a text.
Mapper::Need Mapper::need_of(const PlanColumn& column) noexcept {
  return column.takes_json && column.split_by.empty() ? Need::json : Need::scalar;
}

/// The source of several values, into `found_`: what all paths lead to, or of `first_of` the first
/// that gives a value. True: a list was gone through.
bool Mapper::find_parts(const PlanColumn& column, Need need, Origin& origin) {
  found_.clear();
  if (column.from == PlanColumn::From::first_of) {
    found_.push_back(first_of(column, origin));
    return false;
  }
  bool any_list = false;
  for (const PathIndex path : column.paths) any_list = find_all(path, need, found_) || any_list;
  origin.path = column.paths.front();
  return any_list;
}

/// One value of several, through its steps, to those before it. False where a step failed, or the
/// record is over.
bool Mapper::add_part(const PlanColumn& column, ColumnIndex index, Value part, const Origin& origin,
                      bool& any) {
  const Value source = part;
  context_.finished = false;  // what an unknown code of the part before wrote
  if (!run(column.parts, index, part, origin, &source)) return false;
  if (part.kind() != Kind::text || part.text().empty()) return true;
  if (!arena_.has_room(glued_.size())) return false;
  if (any) glued_ += column.takes_json ? "," : column.join;
  if (column.takes_json)
    append_json_string(glued_, part.text());
  else
    glued_ += part.text();
  any = true;
  return true;
}

/// Several paths, a path with [*], or the parts of a text: each through its own steps, then glued;
/// of `type: json` a list of the parts that are there.
bool Mapper::parts_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin) {
  const Need need = need_of(column);
  const bool any_list = find_parts(column, need, origin);
  std::vector<Found>& all = found_;
  Kind blank = Kind::missing;
  std::string& glued = glued_;
  glued.clear();
  bool any = false;
  bool any_source = false;
  if (report_first_wrong(index, all, origin.path)) return false;
  for (Found& found : all) {
    use_null_words(column, found.value);
    if (found.value.is_blank()) {
      blank = std::max(blank, found.value.kind());
      continue;
    }
    any_source = true;
    if (need == Need::json) {
      if (!arena_.has_room(glued.size())) return false;  // the record is over
      glued += any ? "," : "";
      glued += found.value.text();
      any = true;
      continue;
    }
    origin.node = found.node;
    if (column.split_by.empty()) {
      if (!add_part(column, index, found.value, {found.node, origin.path}, any)) return false;
      continue;
    }
    std::string_view part;
    for (std::string_view left = found.value.text(); next_part(left, column.split_by, part);)
      if (!add_part(column, index, Value::text(part), {found.node, origin.path}, any)) return false;
  }
  if (all.size() != 1) origin.node = Node();
  const auto list = [&] { return Value::json(arena_.copy('[' + glued + ']')); };
  if (need == Need::json) {
    value = any_source || any_list ? list() : Value::blank(blank);
    if (observer_ != nullptr) saw_one(value);
    return true;
  }
  origin.emptied = any_source && (column.takes_json ? !any : trim(glued).empty());
  value = !any_source         ? Value::blank(blank)
          : origin.emptied    ? Value::blank(Kind::empty)
          : column.takes_json ? list()
                              : Value::text(arena_.copy(glued));
  if (observer_ != nullptr) saw_one(value);
  return true;
}

/// `lookup` with `by`: the parts of the key, each through the text steps.
bool Mapper::composite(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin) {
  std::string key;
  origin.path = column.paths.front();
  Kind blank = Kind::text;
  for (std::size_t i = 0; i < column.paths.size(); ++i) {
    Found found = find(column.paths[i]);
    if (found.is_wrong()) {
      report_wrong(index, found, column.paths[i]);
      return false;
    }
    use_null_words(column, found.value);
    const Value source = found.value;
    if (!found.value.is_blank() &&
        !run(column.parts, index, found.value, {found.node, column.paths[i]}, &source))
      return false;
    if (!arena_.has_room(key.size())) return false;  // the record is over
    const bool text = found.value.kind() == Kind::text;
    // Of several blank parts the kind is empty if one is, else null if one is (rule 16.1).
    if (!text)
      blank = blank == Kind::text ? found.value.kind() : std::max(blank, found.value.kind());
    append_key_part(key, i == 0, text ? found.value.text() : std::string_view());
  }
  // A key of which a part is blank is not looked up (rule 5.16).
  value = blank == Kind::text ? Value::text(arena_.copy(key)) : Value::blank(blank);
  if (observer_ != nullptr) saw_one(value);
  return true;
}

bool Mapper::choose(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin) {
  value = Value::blank(Kind::missing);
  for (const PlanChoice& choice : column.choices) {
    if (choice.condition >= 0) {
      bool tried = true;
      const ExpressionOutcome outcome =
          judge(plan_.expressions[static_cast<std::size_t>(choice.condition)], tried);
      if (tried && outcome.error != Reason::none) {  // not decided, and no blank either
        context_.fail(outcome.error, outcome.a, outcome.b);
        wrong(index, outcome.error, column.from_place, origin, value);
        return false;
      }
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
        if (column.money) money_[index] = money_[choice.column];
        return true;
      case PlanChoice::Give::path: {
        const Found found = find(choice.path);
        origin = {found.node, choice.path};
        value = found.value;
        if (found.reason == Reason::none) {
          use_null_words(column, value);
          return true;
        }
        context_.fail(found.reason, found.a, found.b);
        wrong(index, found.reason, column.from_place, origin, found.value);
        return false;
      }
    }
  }
  return true;
}

/// The zones that fields of this record name, for the date steps of the column. Where one names
/// none, that is reported when a time needs it.
void Mapper::resolve_zones(std::span<const int> zones) {
  for (const int zone : zones) {
    const auto z = static_cast<std::size_t>(zone);
    HelperField& field = zone_fields_[z];
    ZoneSlot& slot = context_.zones[z];
    slot.used = false;
    read_helper(plan_.zones[z].field, field);
    if (field.reason == Reason::none && field.value.is_blank()) {
      field.reason = Reason::zone_blank;
      field.a = Value::text(plan_.paths[field.origin.path].text);
      field.b = Value::text(blank_word(field.value.kind()));
    } else if (field.reason == Reason::none) {
      const std::string_view name = trim(field.value.text());
      auto known = named_zones_.find(name);
      if (known == named_zones_.end()) {
        constexpr std::size_t kMostNames = 1000;  // untrusted data names them
        if (named_zones_.size() >= kMostNames) named_zones_.clear();
        Zone found;
        std::optional<Zone> answer;
        if (find_zone(name, found)) answer = found;
        known = named_zones_.emplace(std::string(name), answer).first;
      }
      if (known->second) {
        slot.zone = *known->second;
      } else {
        field.reason = Reason::zone_unknown;
        field.a = Value::text(name);
      }
    }
    slot.reason = field.reason;
    slot.a = field.a;
    slot.b = field.b;
  }
}

/// Counts a time of the column that needed a zone which was a default.
void Mapper::note_zones(const PlanColumn& column, ColumnIndex index) {
  for (const int zone : column.dynamic_zones) {
    const auto z = static_cast<std::size_t>(zone);
    if (!context_.zones[z].used || !zone_fields_[z].defaulted) continue;
    note(index, plan_.zones[z].field.when_blank_notice);
    return;  // one value, be there two zones
  }
}

/// A field that decides which items an `each` has is of a wrong shape. Always false.
bool Mapper::tell_odd(ColumnIndex index, const PlanColumn& column, const Found& odd) {
  context_.fail(odd.reason, odd.a, odd.b);
  return wrong(index, odd.reason, column.from_place, {odd.node, column.each_list}, odd.value) &&
         false;
}

/// `where` of `each`: whether the item makes an object. One of a wrong shape has its error.
bool Mapper::wanted_object(const PlanColumn& column, ColumnIndex index, const Level& level) {
  std::size_t preference = 0;
  Found odd;
  if (fits(column.each_where, level.wanted, level.items.front(), level.keys.front(), preference,
           odd))
    return true;
  if (odd.is_wrong())
    tell_odd(index, column, odd);
  else
    ++result_.items_left_out;
  return false;
}

/// `each`: a list of objects made of the item's columns.
bool Mapper::list_of_objects(const PlanColumn& column, ColumnIndex index, Value& value,
                             Origin& origin) {
  for (std::size_t kept = 0; kept < kept_.size(); ++kept)
    if (plan_.kept_by_each[kept] == index) kept_[kept].clear();
  origin.path = column.each_list;
  const Found found = find(column.each_list, column.each_entries ? Need::object : Need::list);
  origin.node = found.node;
  value = found.value;
  if (value.is_blank()) return true;
  if (found.is_wrong()) {
    report_wrong(index, found, column.each_list);
    return false;
  }
  Level& level = levels_[static_cast<std::size_t>(column.each_level)];
  level.number = 0;
  std::string list = "[";
  std::vector<Value> values(cells_.size());
  std::size_t item = 0;
  Found odd;
  if (!find_wanted(column.each_where, level.wanted, odd)) return tell_odd(index, column, odd);
  for (NodeCursor cursor(found.node); cursor.next();) {
    level.items.assign(1, cursor.value());
    level.keys.assign(1, cursor.key());
    level.index = item++;
    level.present = true;
    if (!column.each_where.empty() && !wanted_object(column, index, level)) continue;
    ++level.number;
    if (holds_too_much() || !arena_.has_room(list.size())) {
      too_big_ = true;
      break;
    }
    enter_item(column.each_level);
    bool right = true;
    for (const ColumnIndex child : column.child_order) {
      make_column(child);
      right = right && !cells_[child].failed;
      values[child] = cells_[child].value;
    }
    if (!right) {
      cells_[index].failed = true;
      continue;  // the other items are tried too: all errors of a record are found
    }
    for (const ColumnIndex child : column.children) {
      note_blank(child);
      for (const std::uint32_t kept : plan_.columns[child].keeps)
        kept_[kept].push_back({cells_[child].value, money_[child].currency, cursor.value()});
    }
    if (list.size() > 1) list += ',';
    object_writers_[index]->write(values, {}, list);
  }
  level.present = false;
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
  if (column.has_parts()) {
    if (column.total == PlanColumn::Total::none) return parts_of(column, index, value, origin);
    finished = column.total == PlanColumn::Total::count;
    return total_of(column, index, value, origin);
  }
  switch (column.from) {
    case From::path:
      found = find(column.paths.front(), column.takes_json ? Need::json : Need::scalar);
      origin = {found.node, column.paths.front()};
      break;
    case From::first_of:
      found = first_of(column, origin);
      break;
    case From::paths:  // which has parts
      break;
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
    case From::total_of:
      finished = true;
      return total_of_kept(column, index, value, origin);
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
      wide_ = outcome.wide;
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
      if (column.from == From::rate_of && money.has_rate)
        return rate_used(column, index, money, value);
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
    if (observer_ != nullptr) return make_observed(index);
    make_whole(index);
  }
  if (cell.value.is_blank() && !cell.failed && plan_.columns[index].required)
    required_is_blank(index);
}

void Mapper::make_whole(ColumnIndex index) {
  if (plan_.columns[index].money) money_[index] = {};
  produce(plan_.columns[index], index);
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

/// `for_only`: `only` needs it, so that it is there before the row is made.
void Mapper::add_way(const PlanColumn& column, bool for_only) {
  Way way;
  way.level = for_only ? Way::kMade : column.level;
  const auto add = [this](const std::vector<PlanStep>& steps) {
    for (const PlanStep& step : steps) way_steps_.push_back({step.fn, step.args.get(), step.place});
    return static_cast<std::uint32_t>(way_steps_.size());
  };
  if (column.plain) {
    way.plain = true;
    way.parts = !column.parts.empty();
    way.null_words = column.null_words != nullptr;
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
  const bool only_count = reason == Reason::none && context_.only_count;
  if (only_count && plan_.personal.empty()) return tell(reason, place, index, {}, {});
  const Origin origin = origin_of(way, index);
  return tell(reason, place, index, origin, source_value(origin.node));
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
  wide_ = nullptr;
  if (!column.dynamic_zones.empty()) resolve_zones(column.dynamic_zones);
  if (column.lookup_on != kNoColumn && !take_day(column.lookup_on)) {
    cell.failed = true;  // one cause, one error
    return;
  }
  if (!source_of(column, index, value, origin, finished)) return;
  Value found = value;
  // Several parts have had their null words, and their defaults where all were blank: what the
  // steps left blank stays so.
  const bool one = !finished && !column.has_parts() && column.from != PlanColumn::From::composite;
  if (one) use_null_words(column, value);
  if (value.is_blank() && !origin.emptied && take_default(column, index, value.kind())) return;
  if (value.is_blank() && column.blank_column != kNoColumn)
    return value_of_column(column, index, value, origin);
  const bool instead = value.is_blank() && column.blank_path != kNoPath;
  if (instead) {
    if (!value_of_field(column, index, value, origin)) return;
    found = value;
  }
  if (!value.is_blank() && !finished && !refine(column, index, value, origin, found)) return;
  if (finished && value.kind() == Kind::decimal) {
    const bool amount = column.money && !column.money->of_choice;
    const bool done = amount ? convert(column, index, value, origin, found, total_currency_)
                             : finish_number(column, index, value, origin, &found);
    if (!done) return;
  }
  context_.finished = false;
  if (!value.is_blank() && !run(column.checks, index, value, origin, &found)) return;
  cell.value = value;
  if (instead && !value.is_blank()) defaults_.push_back(index);
}

/// The day of another column, for a table with lines by day. False where that column failed.
bool Mapper::take_day(ColumnIndex column) {
  const Cell& cell = cells_[column];
  context_.day = cell.as_blank ? Value() : cell.value;
  if (context_.day.kind() == Kind::datetime)
    context_.day = Value::date(moment_of(context_.day).date);
  return !cell.failed;
}

/// `when_blank: {column: …}`: what that column holds.
void Mapper::value_of_column(const PlanColumn& column, ColumnIndex index, const Value& blank,
                             const Origin& origin) {
  Cell& cell = cells_[index];
  const Cell& other = cells_[column.blank_column];
  if (other.failed) {  // one cause, one error
    cell.failed = true;
    return;
  }
  cell.value = blank;
  Value value = other.as_blank ? Value() : other.value;
  if (value.is_blank() || !run(column.checks, index, value, origin, nullptr)) return;
  cell.value = value;
  if (column.money) money_[index] = money_[column.blank_column];
  cell.defaulted = true;
  defaults_.push_back(index);
}

/// `when_blank: {from: …}`: the field is read in the place of the one that is blank. False where it
/// has a wrong shape, which is told.
bool Mapper::value_of_field(const PlanColumn& column, ColumnIndex index, Value& value,
                            Origin& origin) {
  Found found = find(column.blank_path, column.takes_json ? Need::json : Need::scalar);
  if (found.reason != Reason::none) {
    context_.fail(found.reason, found.a, found.b);
    return wrong(index, found.reason, column.from_place, {found.node, column.blank_path},
                 found.value);
  }
  use_null_words(column, found.value);
  if (!found.has_value()) return true;
  value = found.value;
  origin = {found.node, column.blank_path};
  return true;
}

/// `times` and rounding of the one value.
bool Mapper::finish_number(const PlanColumn& column, ColumnIndex index, Value& value,
                           const Origin& origin, const Value* found) {
  return wide_ == nullptr ? run(column.finish, index, value, origin, found)
                          : finish_wide(column, index, value, origin);
}

/// The same of a number that no Decimal holds before it is rounded.
bool Mapper::finish_wide(const PlanColumn& column, ColumnIndex index, Value& value,
                         const Origin& origin) {
  Exact exact = *wide_;
  wide_ = nullptr;
  int decimals = -1;
  Rounding mode = Rounding::exact;
  std::uint32_t place = column.from_place;
  for (const PlanStep& step : column.finish) {  // one at most
    place = step.place;
    if (step.spec == &kTimes) {
      const auto& args = static_cast<const TimesArgs&>(*step.args);
      exact.multiply(Exact(args.factor));
      decimals = args.decimals;
      mode = args.rounding;
    } else if (step.spec == &kRound) {
      const auto& args = static_cast<const RoundArgs&>(*step.args);
      decimals = args.decimals;
      mode = args.rounding;
    }
  }
  Decimal number;
  const Reason reason =
      decimals < 0 ? exact.to_decimal(number) : exact.round(decimals, mode, number);
  if (observer_ != nullptr && !column.finish.empty())
    saw_step(column.finish.back(), reason, Value::decimal(number), origin.node);
  if (reason == Reason::none) {
    value = Value::decimal(number);
    return true;
  }
  // Only a length of time has no end where nothing rounds it: a division states its rounding.
  const bool endless = decimals < 0 && reason == Reason::number_rounds;
  const Reason told = endless ? Reason::quotient_endless : reason;
  context_.fail(told, Value::text("the result"), Value::integer(decimals));
  wrong(index, told, place, origin, Value());  // no source value alone is to blame
  return false;
}

/// From the source value to the value of the column's type: text steps, lookup, type,
/// conversion and rounding.
bool Mapper::refine(const PlanColumn& column, ColumnIndex index, Value& value, const Origin& origin,
                    const Value& found) {
  const bool parts_done = column.has_parts() || column.from == PlanColumn::From::composite;
  const bool typed = column.has_typed_total();
  context_.finished = false;
  if (!parts_done && !run(column.parts, index, value, origin, &found)) return false;
  if (origin.finished && !typed) return true;
  const bool changed = parts_done || !column.parts.empty();
  if (changed && value.kind() == Kind::text && trim(value.text()).empty())
    value = Value::blank(Kind::empty);
  if (value.is_blank()) return true;
  const bool of_items = column.money && column.money->of_items;
  std::string_view in_amount = typed || of_items ? total_currency_ : std::string_view();
  if (!typed && column.money && column.money->in_amount &&
      !split_currency(column, index, value, in_amount, origin))
    return false;
  if (!typed && !run(column.steps, index, value, origin, &found)) return false;
  if (!column.dynamic_zones.empty()) note_zones(column, index);
  if (value.is_blank() || context_.finished)
    return true;  // what `unknown` wrote is a finished value
  if (column.money) return convert(column, index, value, origin, found, in_amount);
  return finish_number(column, index, value, origin, &found);
}

}  // namespace trama
