// Where the value of a column comes from, before any step of its own: a path, the first of several,
// an item picked from a list, parts that are glued or totalled, a composite key, choices, a list of
// objects, an expression, what a money column knows.

#include <algorithm>

#include "base/utf8.h"
#include "exec/mapper.h"

namespace trama {

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
  if (column.total == Total::count) value = Value::integer(count);
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

}  // namespace trama
