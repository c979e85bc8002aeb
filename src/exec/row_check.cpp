#include "exec/row_check.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "exec/mapper.h"
#include "sink/format.h"

namespace trama {
namespace {

using Keyword = SchemaKeyword;

/// Alternatives inside alternatives can be too many to try; no honest schema comes near.
constexpr std::uint64_t kMostTries = 1'000'000;
constexpr int kMostLevels = 1024;
constexpr std::size_t kPadding = 64;

bool ok_frame(RecordReader& reader, std::string& frame, std::string_view before,
              std::string_view json, std::string_view after) {
  frame.assign(before);
  frame += json;
  frame += after;
  const std::size_t size = frame.size();
  frame.append(kPadding, ' ');
  return reader.read({frame.data(), size}) == Reason::none;
}

std::uint8_t type_of(JsonKind kind) noexcept {
  switch (kind) {
    case JsonKind::boolean:
      return json_type::kBoolean;
    case JsonKind::text:
      return json_type::kText;
    case JsonKind::list:
      return json_type::kList;
    case JsonKind::object:
      return json_type::kObject;
    default:
      return json_type::kNull;
  }
}

}  // namespace

RowCheck::RowCheck(const Plan& plan)
    : plan_(plan),
      schema_(*plan.row_schema),
      context_{.arena = arena_, .zones = {}, .a = {}, .b = {}, .warning_a = {}, .warning_b = {}},
      json_reader_({}, kMaxDepth * 2),
      rest_reader_({}, kMaxDepth * 2),
      writer_(plan.output) {}

std::span<const RecordError> RowCheck::check(std::span<const Value> rows, std::string_view rest,
                                             std::span<const Value> audit) {
  errors_.clear();
  arena_.reset();
  audit_ = audit;
  rest_ = {};
  if (!rest.empty() && ok_frame(rest_reader_, rest_frame_, "{", rest, "}"))
    rest_ = rest_reader_.root();
  const std::size_t width = plan_.columns.size();
  Item row;
  row.scalar.type = json_type::kObject;
  row.members = &schema_.objects.front();
  row.row = true;
  for (std::size_t at = 0; at + width <= rows.size(); at += width) {
    row_ = rows.subspan(at, width);
    const std::size_t columns = plan_.output.audit_columns.size();
    if (audit.size() > columns) audit_ = audit.subspan(at / width * columns, columns);
    path_.clear();
    tries_ = 0;
    depth_ = 0;
    holds(0, row, true);
    if (tries_ > kMostTries)
      fail("fewer alternatives: they cannot all be tried on this row", schema_.place, row);
    if (errors_.size() * sizeof(RecordError) + arena_.bytes() > kMaxRowsBytes) {
      errors_.assign(1, RecordError());
      errors_.front().reason = Reason::rows_too_big;
      errors_.front().a = Value::integer(static_cast<std::int64_t>(kMaxRowsBytes));
      break;
    }
  }
  if (errors_.size() > 1) {
    std::stable_sort(
        errors_.begin(), errors_.end(),
        [](const RecordError& a, const RecordError& b) { return a.column < b.column; });
    std::set<std::tuple<std::uint16_t, std::uint32_t, std::string, std::string>> told;
    const auto again = [&told](const RecordError& e) {
      return !told.emplace(e.column, e.place, plain(e.a), plain(e.value)).second;
    };
    errors_.erase(std::remove_if(errors_.begin(), errors_.end(), again), errors_.end());
  }
  return errors_;
}

void RowCheck::fail(std::string_view words, std::uint32_t place, const Item& item) {
  RecordError error;
  error.reason = Reason::schema;
  error.column = item.column;
  error.place = place;
  if (item.column != kNoColumn) error.value = item.value;
  const std::string_view at = path_;
  error.a =
      Value::text(at.empty() ? words : arena_.copy(std::string(words) + " at " + std::string(at)));
  errors_.push_back(error);
}

// NOLINTNEXTLINE(misc-no-recursion): kMostLevels
bool RowCheck::holds(std::uint32_t schema, const Item& item, bool tell) {
  if (depth_ >= kMostLevels) tries_ = kMostTries;
  bool all = true;
  ++depth_;
  for (const SchemaRule& rule : schema_.rules.schemas[schema]) {
    all = ++tries_ <= kMostTries && rule_holds(rule, item, tell) && all;
    if (!all && (!tell || tries_ > kMostTries)) break;
  }
  --depth_;
  return all;
}

// NOLINTNEXTLINE(misc-no-recursion): kMostLevels
bool RowCheck::rule_holds(const SchemaRule& rule, const Item& item, bool tell) {
  bool right = true;
  switch (rule.keyword) {
    case Keyword::required:
      return required(rule, item, tell);
    case Keyword::properties:
      return properties(rule, item, tell);
    case Keyword::additional:
      return additional(rule, item, tell);
    case Keyword::items:
      return items(rule, item, tell);
    case Keyword::all_of:
      for (const std::uint32_t schema : rule.schemas) right = holds(schema, item, tell) && right;
      return right;
    case Keyword::any_of:
    case Keyword::one_of:
    case Keyword::none_of:
      right = alternatives(rule, item);
      break;
    case Keyword::min_items:
    case Keyword::max_items:
      right = count_holds(rule, item);
      break;
    default:
      right = scalar_holds(rule, item.scalar, context_);
  }
  if (!right && tell && tries_ <= kMostTries) fail(rule.words, rule.place, item);
  return right;
}

bool RowCheck::count_holds(const SchemaRule& rule, const Item& item) const {
  if (item.scalar.type != json_type::kList) return true;
  const std::size_t count = item.json.count();
  return rule.keyword == Keyword::min_items ? count >= rule.count : count <= rule.count;
}

// NOLINTNEXTLINE(misc-no-recursion): kMostLevels
bool RowCheck::alternatives(const SchemaRule& rule, const Item& item) {
  std::size_t count = 0;
  for (const std::uint32_t schema : rule.schemas) {
    if (holds(schema, item, false)) ++count;
    if (count > 0 && rule.keyword == Keyword::any_of) return true;
  }
  return rule.keyword == Keyword::none_of ? count == 0
                                          : rule.keyword == Keyword::one_of && count == 1;
}

bool RowCheck::required(const SchemaRule& rule, const Item& item, bool tell) {
  if (item.scalar.type != json_type::kObject) return true;
  bool all = true;
  for (const SchemaRule::Name& name : rule.names) {
    bool there = item.json.member(name.name, arena_).exists() ||
                 (item.row && rest_.member(name.name, arena_).exists());
    Item about = item;
    if (item.members != nullptr) {
      const auto at = std::find_if(item.members->begin(), item.members->end(),
                                   [&name](const Member& m) { return m.name == name.name; });
      const bool known = at != item.members->end();
      there = there || (known && !is_absent(*at));
      if (known) about.column = first_column(*at);
    }
    all = all && there;
    if (!there && tell) fail(name.words, name.place, about);
  }
  return all;
}

// NOLINTNEXTLINE(misc-no-recursion): kMostLevels
bool RowCheck::below(std::uint32_t schema, const Item& item, std::string_view step, bool tell) {
  const std::size_t size = path_.size();
  if (item.json.exists()) path_.append("/").append(step);
  const bool right = holds(schema, item, tell);
  path_.resize(size);
  return right;
}

// NOLINTNEXTLINE(misc-no-recursion): kMostLevels
bool RowCheck::properties(const SchemaRule& rule, const Item& item, bool tell) {
  if (item.scalar.type != json_type::kObject) return true;
  bool all = true;
  for (const SchemaRule::Name& name : rule.names) {
    Item member;
    if (!find(item, name.name, member)) continue;
    const bool inside = item.members == nullptr ||
                        member.column == kNoColumn;  // a column's own name says where it is
    all =
        (inside ? below(name.schema, member, name.name, tell) : holds(name.schema, member, tell)) &&
        all;
    if (!all && !tell) return false;
  }
  return all;
}

/// The name of such a member comes from the data, so no message tells it.
// NOLINTNEXTLINE(misc-no-recursion): kMostLevels
bool RowCheck::other_holds(const SchemaRule& rule, const Item& item, std::string_view name,
                           bool tell) {
  if (rule.knows(name)) return true;
  if (schema_.rules.is_never(rule.schemas.front())) {
    if (tell) fail(rule.words, rule.place, item);
    return false;
  }
  return below(rule.schemas.front(), item, "*", tell);
}

// NOLINTNEXTLINE(misc-no-recursion): kMostLevels
bool RowCheck::additional(const SchemaRule& rule, const Item& item, bool tell) {
  if (item.scalar.type != json_type::kObject || schema_.rules.schemas[rule.schemas.front()].empty())
    return true;
  bool all = true;
  if (item.members != nullptr) {
    for (const Member& member : *item.members) {
      Item one;
      if (!rule.knows(member.name) && item_of(member, one))
        all = other_holds(rule, one, member.name, tell) && all;
    }
  }
  for (const Node& object : {item.json, item.row ? rest_ : Node()}) {
    if (object.kind() != JsonKind::object) continue;
    for (NodeCursor cursor(object); cursor.next();) {
      const std::string_view name = cursor.key().text(arena_);
      if (!rule.knows(name))
        all = other_holds(rule, item_of(cursor.value(), item), name, tell) && all;
    }
  }
  return all;
}

// NOLINTNEXTLINE(misc-no-recursion): kMostLevels
bool RowCheck::items(const SchemaRule& rule, const Item& item, bool tell) {
  if (item.scalar.type != json_type::kList) return true;
  bool all = true;
  std::size_t at = 0;
  for (NodeCursor cursor(item.json); cursor.next(); ++at) {
    all = below(rule.schemas.front(), item_of(cursor.value(), item),
                tell ? std::to_string(at) : std::string(), tell) &&
          all;
    if (!all && !tell) return false;
  }
  return all;
}

/// A blank that is not written, or an object with nothing in it: JSON leaves it out.
// NOLINTNEXTLINE(misc-no-recursion): the dots in a column's name
bool RowCheck::is_absent(const Member& member) const {
  if (member.kind == Member::Kind::audit) return false;
  if (member.kind == Member::Kind::object) {
    const auto& members = schema_.objects[member.index];
    return std::all_of(members.begin(), members.end(),
                       [this](const Member& m) { return is_absent(m); });
  }
  const OutputColumn& column = plan_.output.columns[member.index];
  const bool left_out = !plan_.format->leaves_blanks_out || column.blank_left_out;
  return left_out && row_[column.value].is_blank();
}

// NOLINTNEXTLINE(misc-no-recursion): the dots in a column's name
std::uint16_t RowCheck::first_column(const Member& member) const {
  if (member.kind == Member::Kind::object)
    return first_column(schema_.objects[member.index].front());
  return member.kind == Member::Kind::column
             ? static_cast<std::uint16_t>(plan_.output.columns[member.index].value)
             : kNoColumn;
}

bool RowCheck::find(const Item& object, std::string_view name, Item& out) {
  if (object.members != nullptr) {
    const auto at =
        std::lower_bound(object.members->begin(), object.members->end(), name,
                         [](const Member& m, std::string_view n) { return m.name < n; });
    if (at != object.members->end() && at->name == name) return item_of(*at, out);
    if (!object.row) return false;
  }
  const Node node = (object.row ? rest_ : object.json).member(name, arena_);
  if (!node.exists()) return false;
  out = item_of(node, object);
  return true;
}

/// The member of the row's object; false where it is absent.
bool RowCheck::item_of(const Member& member, Item& out) {
  if (is_absent(member)) return false;
  if (member.kind == Member::Kind::object) {
    out.scalar.type = json_type::kObject;
    out.members = &schema_.objects[member.index];
    out.column = first_column(member);
    return true;
  }
  if (member.kind == Member::Kind::audit) {
    out = item_of(audit_[member.index], ColumnFormat());
    return true;
  }
  const OutputColumn& column = plan_.output.columns[member.index];
  out = item_of(row_[column.value], column.format);
  out.column = static_cast<std::uint16_t>(column.value);
  out.value = row_[column.value];
  return true;
}

RowCheck::Item RowCheck::text_item(std::string_view text) const {
  Item item;
  item.scalar.type = json_type::kText;
  item.scalar.text = text;
  return item;
}

RowCheck::Item RowCheck::number_item(const Decimal& number) {
  if (plan_.output.numbers_as_text) {
    number_.clear();
    writer_.write(Value::decimal(number), ColumnFormat(), plain_booleans_, number_);
    const std::string_view quoted = number_.view();
    return text_item(quoted.substr(1, quoted.size() - 2));  // digits and marks, nothing to escape
  }
  Item item;
  item.scalar = SchemaItem::of(number);
  return item;
}

/// A value as JSON output writes it.
RowCheck::Item RowCheck::item_of(const Value& value, const ColumnFormat& format) {
  Item item;
  switch (value.kind()) {
    case Kind::missing:
    case Kind::null:
    case Kind::empty:
      return item;
    case Kind::text:
      return text_item(value.text());
    case Kind::decimal:
      return number_item(value.decimal());
    case Kind::boolean:
      if (format.boolean_words) return text_item(value.boolean() ? format.yes : format.no);
      item.scalar.type = json_type::kBoolean;
      item.scalar.boolean = value.boolean();
      return item;
    case Kind::date:
    case Kind::time:
    case Kind::datetime:
      break;
    case Kind::duration:
      if (format.duration != ColumnFormat::DurationUnit::iso)
        return number_item(duration_in(format, value.duration()));
      break;
    case Kind::json:
      if (ok_frame(json_reader_, json_frame_, "{\"v\":", value.text(), "}"))
        return item_of(json_reader_.root().member("v", arena_), item);
      tries_ =
          kMostTries +
          1;  // it was read before, so this cannot be; a row that nobody looked at is not written
      return item;
  }
  scratch_.clear();
  append_plain(scratch_, value, format);
  return text_item(scratch_);
}

RowCheck::Item RowCheck::item_of(const Node& node, const Item& above) {
  Item item;
  item.json = node;
  item.column = above.column;
  item.value = above.value;
  item.scalar.type = type_of(node.kind());
  if (node.kind() == JsonKind::number) item.scalar = read_schema_number(node.raw());
  if (node.kind() == JsonKind::text) item.scalar.text = node.text(arena_);
  if (node.kind() == JsonKind::boolean) item.scalar.boolean = node.raw() == "true";
  return item;
}

}  // namespace trama
