// Following a path through the record. Whatever reads the record asks find() or find_all(), and
// what they give is decided in one place, settle(): a value, a blank with its kind, or WRONG_TYPE
// (mappings/rules.md, rules 4.3 and 9.1). A wrong shape is never a blank.

#include <charconv>

#include "base/utf8.h"
#include "exec/mapper.h"
#include "json/json_text.h"

namespace trama {
namespace {

bool is_blank_text(std::string_view text) noexcept {
  if (text.empty()) return true;
  const auto c = static_cast<unsigned char>(text[0]);
  if (c > ' ' && c < 0x80) return false;  // nearly every text
  return trim(text).empty();
}

/// How a message names what is in the way.
std::string_view met(JsonKind kind, bool needs_object) noexcept {
  return kind == JsonKind::list && needs_object
             ? "a list ([0] is its first item, [*] goes through all)"
             : describe(kind);
}

}  // namespace

/// The one place that decides what `node` is to a reader that needs `need` (mappings/rules.md, rule
/// 9.1). True: it is that, and `found` has it as a value. False: `found` has a blank (nothing,
/// null, or an empty thing: "", white space, [], {}) or the reason why it is a wrong shape. `way`:
/// the path, as written, that goes on from here; empty at its end. Lives as long as the plan.
bool Mapper::settle(const Node& node, Need need, std::string_view way, Found& found) {
  found.node = node;
  const JsonKind kind = node.kind();
  if (kind == JsonKind::missing) {
    found.value = Value::blank(Kind::missing);
    return false;
  }
  if (need == Need::json) {
    found.value = Value::json(node.raw());
    return true;
  }
  switch (kind) {
    case JsonKind::missing:
    case JsonKind::null:
      found.value = Value::blank(Kind::null);
      return false;
    case JsonKind::boolean:
    case JsonKind::number:
      if (need != Need::scalar) break;
      found.value = Value::text(
          node.raw(), kind == JsonKind::number ? trama::Origin::number : trama::Origin::boolean);
      return true;
    case JsonKind::text: {
      const std::string_view text = node.text(arena_);
      const bool blank = is_blank_text(text);
      if (need != Need::scalar && !blank) break;
      found.value = blank ? Value::blank(Kind::empty) : Value::text(text);
      return !blank;
    }
    case JsonKind::list:
    case JsonKind::object: {
      const Need own = kind == JsonKind::list ? Need::list : Need::object;
      const bool right = need == own || need == Need::container;
      if (!right && !node.is_empty_container()) break;
      found.value = right ? Value::json(node.raw()) : Value::blank(Kind::empty);
      return right;
    }
  }
  found.value = Value::json(node.raw());
  const bool object = need == Need::object;
  if (way.empty()) {
    found.reason = need == Need::scalar ? Reason::needs_scalar
                   : object             ? Reason::needs_object
                                        : Reason::needs_list;
    found.a = Value::text(describe(kind));
  } else {
    found.reason = object ? Reason::path_through_scalar : Reason::path_needs_list;
    found.a = Value::text(way);
    found.b = Value::text(met(kind, object));
  }
  return false;
}

Node Mapper::item_of(const PlanPath& path) const {
  const Level& level = levels_[static_cast<std::size_t>(path.level)];
  return level.present ? level.items[path.side] : Node();
}

/// What is at a place of `as_list`; a blank stays one.
Node Mapper::as_list(const Node& node) {
  const bool blank = node.kind() == JsonKind::text && is_blank_text(node.text(arena_));
  return blank ? node : node.as_list();
}

/// The node at the path's slot or at its level's item; where nothing is there, `found` tells which
/// blank, or what was in the way.
Node Mapper::start_of(const PlanPath& path, Found& found) {
  const Node node = path.level > 0  ? item_of(path)
                    : path.slot < 0 ? reader_.root()
                                    : reader_.slot(static_cast<std::size_t>(path.slot));
  if (path.as_list && node.exists()) return as_list(node);
  if (node.exists() || path.level > 0) return node;
  if (reader_.root().kind() == JsonKind::list) {
    settle(reader_.root(), Need::object, path.text, found);
    return node;
  }
  for (const int above : path.above) {
    const Node parent = reader_.slot(static_cast<std::size_t>(above));
    if (parent.kind() == JsonKind::object) continue;
    settle(parent, Need::object, path.text, found);
    break;
  }
  return node;
}

/// Takes steps of a path that are neither [*] nor {*}. False where it ends on its way: `found` is
/// blank, or wrong.
bool Mapper::follow(std::string_view path, std::span<const PlanPath::Step> steps, const Node& from,
                    Found& found) {
  Node node = from;
  for (const PlanPath::Step& s : steps) {
    const bool indexed =
        s.kind == PlanPath::Step::Kind::index ||
        (s.kind == PlanPath::Step::Kind::key_or_index && node.kind() == JsonKind::list);
    if (node.kind() != (indexed ? JsonKind::list : JsonKind::object)) {
      settle(node, indexed ? Need::list : Need::object, path, found);
      return false;
    }
    node = indexed ? node.item(s.index) : node.member(s.key, arena_);
    if (s.as_list) node = as_list(node);
  }
  found.node = node;
  return true;
}

/// What a path that leads to one place gives.
Mapper::Found Mapper::find_one(PathIndex index, Need need) {
  const PlanPath& path = plan_.paths[index];
  if (path.take != PlanPath::Take::value) return find_beside(path, need);
  Found found;
  if (path.pick >= 0) {
    picked_.clear();
    find_picked(path, need, picked_);
    return picked_.front();
  }
  Node node = start_of(path, found);
  if (!node.exists()) return found;
  if (!path.rest.empty()) {
    if (!follow(path.text, path.rest, node, found)) return found;
    node = found.node;
  }
  settle(node, need, {}, found);
  return found;
}

/// What is no JSON of the record: the key or the number of an item, a part of a text, a day.
Mapper::Found Mapper::find_beside(const PlanPath& path, Need need) {
  using Take = PlanPath::Take;
  Found found;
  const Level& level = levels_[static_cast<std::size_t>(path.level)];
  std::string text;
  auto origin = trama::Origin::text;
  if (path.level == 0) {  // the key of a record that is an entry
    if (entry_key_.size() >= 2)
      append_json_unescaped(text, entry_key_.substr(1, entry_key_.size() - 2));
    if (entry_key_.empty()) return found;
  } else if (!level.present) {
    return found;
  } else if (path.take == Take::entry_key) {
    settle(level.keys[path.side], need, {}, found);
    return found;
  } else if (path.take == Take::item_number) {
    text = std::to_string(level.number);
    origin = trama::Origin::number;
  } else {
    found.node = level.items[path.side];
    text = level.texts[path.side];
  }
  if (need == Need::json && origin == trama::Origin::text) {
    std::string json;
    append_json_string(json, text);
    text = std::move(json);
  }
  if (need == Need::json) {
    found.value = Value::json(arena_.copy(text));
  } else {
    found.value =
        is_blank_text(text) ? Value::blank(Kind::empty) : Value::text(arena_.copy(text), origin);
  }
  return found;
}

/// What messages show of a node.
Value Mapper::source_value(const Node& node) {
  Found found;
  settle(node, Need::scalar, {}, found);
  return found.value;
}

/// The item of `level` is a new one: the fields that plain columns read are looked for at once.
void Mapper::enter_item(int level) {
  Level& at = levels_[static_cast<std::size_t>(level)];
  if (!at.fields.empty() && at.items.front().kind() == JsonKind::object)
    at.items.front().members(field_names_[static_cast<std::size_t>(level)], at.fields, arena_);
  if (!unseen_[static_cast<std::size_t>(level)].empty()) look_for_fields(level);
}

/// The usual case of find(): a field of the record or of an item that holds one value, not "".
/// False: ask find().
bool Mapper::find_direct(const Way& way, Value& value) {
  std::string_view text;
  Node node;
  if (way.item_level > 0) {
    const Level& level = levels_[static_cast<std::size_t>(way.item_level)];
    if (!level.present || level.items.front().kind() != JsonKind::object) return false;
    node = level.fields[way.slot];
  } else if (reader_.plain_text(way.slot, text)) {
    if (is_blank_text(text)) return false;
    value = Value::text(text);
    return true;
  } else {
    node = reader_.slot(way.slot);
  }
  switch (node.kind()) {
    case JsonKind::text:
      text = node.text(arena_);
      if (is_blank_text(text)) return false;
      value = Value::text(text);
      return true;
    case JsonKind::number:
      value = Value::text(node.token(), trama::Origin::number);
      return true;
    case JsonKind::boolean:
      value = Value::text(node.token(), trama::Origin::boolean);
      return true;
    case JsonKind::null:
      value = Value::blank(Kind::null);
      return true;
    default:
      return false;
  }
}

/// What the places give that a path with [*] or {*} leads to, in their order; each may be a blank
/// or wrong. A list on the way without items, or that is not there, is one blank, so that its kind
/// is known. True: the (outermost) list is there, be it empty.
bool Mapper::collect_all(PathIndex index, Need need, std::vector<Found>& out) {
  const PlanPath& path = plan_.paths[index];
  if (path.pick >= 0) {
    find_picked(path, need, out);
    return false;
  }
  if (!path.many) {
    out.push_back(find_one(index, need));
    return false;
  }
  Found found;
  const Node start = start_of(path, found);
  if (!start.exists()) {
    found.no_items = true;
    out.push_back(found);
    return false;
  }
  return collect(path, start, 0, need, out);
}

bool Mapper::collect(const PlanPath& path, const Node& from, std::size_t step, Need need,
                     std::vector<Found>& out) {
  using StepKind = PlanPath::Step::Kind;
  std::size_t wild = step;
  while (wild < path.rest.size() && path.rest[wild].kind != StepKind::items &&
         path.rest[wild].kind != StepKind::entries)
    ++wild;
  Found found;
  if (!follow(path.text, std::span(path.rest).subspan(step, wild - step), from, found)) {
    found.no_items = wild < path.rest.size();
    out.push_back(found);
    return false;
  }
  const Node node = found.node;
  if (wild == path.rest.size()) {
    settle(node, need, {}, found);
    out.push_back(found);
    return false;
  }
  const bool entries = path.rest[wild].kind == StepKind::entries;
  if (!settle(node, entries ? Need::object : Need::list, path.text, found)) {
    found.no_items = true;
    out.push_back(found);
    return false;
  }
  const bool keys = entries && wild + 1 < path.rest.size() && path.rest[wild + 1].entry_key;
  if (node.is_empty_container()) {
    found.no_items = true;
    found.value = Value::blank(Kind::empty);
    out.push_back(found);
    return true;
  }
  for (NodeCursor cursor(node); cursor.next();) {
    if (keys) {
      Found key;
      settle(cursor.key(), need, {}, key);
      out.push_back(key);
    } else {
      const Node item = path.rest[wild].as_list ? as_list(cursor.value()) : cursor.value();
      collect(path, item, wild + 1, need, out);
    }
  }
  return true;
}

}  // namespace trama
