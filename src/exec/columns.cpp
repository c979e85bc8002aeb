// Making one column (language.md, rule 5.15): its source (column_sources.cpp); null_words;
// defaults; split, replace and text steps on each part; an empty result is blank again; join or
// total; lookup; type; conversion and rounding; checks; required.

#include <algorithm>

#include "base/utf8.h"
#include "exec/mapper.h"

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
