// Following a path through the record (language.md, end of section 4): what meets null or nothing
// is blank, what meets text where it needs an object, or a list where it names a key, is
// WRONG_TYPE.

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

Kind blank_kind(JsonKind kind) noexcept {
  return kind == JsonKind::null ? Kind::null : Kind::missing;
}

/// `path`: as the mapping writes it; lives as long as the plan.
void wrong_kind(std::string_view path, JsonKind kind, Reason reason, Value& a, Value& b,
                Reason& out) noexcept {
  const bool into_list = reason == Reason::path_through_scalar && kind == JsonKind::list;
  out = reason;
  a = Value::text(path);
  b = Value::text(into_list ? "a list ([0] is its first item, [*] goes through all)"
                            : describe(kind));
}

}  // namespace

/// What a column or expression gets to see of a node: a text with its origin, a blank, or (as_json)
/// its JSON text.
Value Mapper::value_of(const Node& node, bool as_json, Found& found) {
  if (as_json) return node.exists() ? Value::json(node.raw()) : Value::blank(Kind::missing);
  switch (node.kind()) {
    case JsonKind::missing:
      return Value::blank(Kind::missing);
    case JsonKind::null:
      return Value::blank(Kind::null);
    case JsonKind::boolean:
      return Value::text(node.raw(), trama::Origin::boolean);
    case JsonKind::number:
      return Value::text(node.raw(), trama::Origin::number);
    case JsonKind::text: {
      const std::string_view text = node.text(arena_);
      return is_blank_text(text) ? Value::blank(Kind::empty) : Value::text(text);
    }
    case JsonKind::list:
    case JsonKind::object:
      break;
  }
  if (node.is_empty_container()) return Value::blank(Kind::empty);
  found.reason = Reason::needs_scalar;
  found.a = Value::text(describe(node.kind()));
  return Value::json(node.raw());
}

/// The node at the path's slot or at its level's item; where nothing is there, `found` tells which
/// blank or what was in the way.
Node Mapper::start_of(const PlanPath& path, Found& found) {
  if (path.level > 0) {
    const Level& level = levels_[static_cast<std::size_t>(path.level)];
    return level.present ? level.items[path.side] : Node();
  }
  if (path.slot < 0) return reader_.root();
  const Node node = reader_.slot(static_cast<std::size_t>(path.slot));
  if (node.exists()) return node;
  for (const int above : path.above) {
    const Node parent = reader_.slot(static_cast<std::size_t>(above));
    if (parent.kind() == JsonKind::object) continue;
    if (!parent.exists() || parent.kind() == JsonKind::null) {
      found.value = Value::blank(blank_kind(parent.kind()));
    } else {
      found.node = parent;
      wrong_kind(path.text, parent.kind(), Reason::path_through_scalar, found.a, found.b,
                 found.reason);
      found.value = value_of(parent, true, found);
    }
    break;
  }
  return node;
}

/// Takes steps of a path that are neither [*] nor {*}. False where it ends on its way: blank, or
/// something else is there.
bool Mapper::follow(std::string_view path, std::span<const PlanPath::Step> steps, const Node& from,
                    Found& found) {
  Node node = from;
  for (const PlanPath::Step& s : steps) {
    if (!node.exists() || node.kind() == JsonKind::null) {
      found.value = Value::blank(blank_kind(node.kind()));
      return false;
    }
    const bool indexed =
        s.kind == PlanPath::Step::Kind::index ||
        (s.kind == PlanPath::Step::Kind::key_or_index && node.kind() == JsonKind::list);
    if (node.kind() != (indexed ? JsonKind::list : JsonKind::object)) {
      found.node = node;
      found.value = Value::json(node.raw());
      wrong_kind(path, node.kind(), indexed ? Reason::path_needs_list : Reason::path_through_scalar,
                 found.a, found.b, found.reason);
      return false;
    }
    node = indexed ? node.item(s.index) : node.member(s.key, arena_);
  }
  found.node = node;
  return true;
}

Mapper::Found Mapper::find(PathIndex index, bool as_json) {
  const PlanPath& path = plan_.paths[index];
  Found found;
  if (path.take == PlanPath::Take::entry_key) {
    if (path.level == 0) {
      std::string key;
      if (entry_key_.size() >= 2)
        append_json_unescaped(key, entry_key_.substr(1, entry_key_.size() - 2));
      found.value = key.empty() ? Value::blank(entry_key_.empty() ? Kind::missing : Kind::empty)
                                : Value::text(arena_.copy(key));
      return found;
    }
    const Level& level = levels_[static_cast<std::size_t>(path.level)];
    if (level.present) found.node = level.key;
    found.value = value_of(found.node, as_json, found);
    return found;
  }
  const Node start = start_of(path, found);
  if (found.reason != Reason::none) return found;
  if (!start.exists()) return found;
  if (path.rest.empty()) {
    found.node = start;
    found.value = value_of(start, as_json, found);
    return found;
  }
  if (!follow(path.text, path.rest, start, found)) return found;
  const Node end = found.node;
  found.value = value_of(end, as_json, found);
  return found;
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

/// The values of a path with [*] or {*}, in their order; one that is in the way is a Found with its
/// reason.
void Mapper::find_all(PathIndex index, bool as_json, std::vector<Found>& out) {
  const PlanPath& path = plan_.paths[index];
  if (!path.many) {
    out.push_back(find(index, as_json));
    return;
  }
  Found found;
  const Node start = start_of(path, found);
  if (found.reason != Reason::none) {
    out.push_back(found);
    return;
  }
  collect(path, start, 0, as_json, out);
}

void Mapper::collect(const PlanPath& path, const Node& from, std::size_t step, bool as_json,
                     std::vector<Found>& out) {
  using StepKind = PlanPath::Step::Kind;
  std::size_t wild = step;
  while (wild < path.rest.size() && path.rest[wild].kind != StepKind::items &&
         path.rest[wild].kind != StepKind::entries)
    ++wild;
  Node node = from;
  if (wild > step) {
    Found found;
    if (!follow(path.text, std::span(path.rest).subspan(step, wild - step), from, found)) {
      out.push_back(found);
      return;
    }
    node = found.node;
  }
  if (wild == path.rest.size()) {
    Found found;
    found.node = node;
    found.value = value_of(node, as_json, found);
    out.push_back(found);
    return;
  }
  if (!node.exists() || node.kind() == JsonKind::null) return;  // no items
  const bool entries = path.rest[wild].kind == StepKind::entries;
  if (node.kind() != (entries ? JsonKind::object : JsonKind::list)) {
    Found found;
    found.node = node;
    found.value = Value::json(node.raw());
    wrong_kind(path.text, node.kind(),
               entries ? Reason::path_through_scalar : Reason::path_needs_list, found.a, found.b,
               found.reason);
    out.push_back(found);
    return;
  }
  const bool keys = entries && wild + 1 < path.rest.size() &&
                    path.rest[wild + 1].kind == StepKind::key && path.rest[wild + 1].key == "$key";
  for (NodeCursor cursor(node); cursor.next();) {
    if (keys) {
      Found found;
      found.node = cursor.key();
      found.value = value_of(found.node, as_json, found);
      out.push_back(found);
    } else {
      collect(path, cursor.value(), wild + 1, as_json, out);
    }
  }
}

/// The JSON Pointer of where a value was found, for rejects. The keys of list items are counted, so
/// this is for errors only.
std::string_view Mapper::pointer_of(PathIndex index, const Node& node) {
  if (index == kNoPath) return {};
  const PlanPath& path = plan_.paths[index];
  if (path.level == 0 && !path.many) return path.pointer;
  if (!node.exists()) return {};
  std::string pointer;
  std::string key;
  Node at = reader_.root();
  while (at.exists() && at.byte() != node.byte()) {  // down to the child whose bytes hold the node
    std::size_t i = 0;
    Node inside;
    for (NodeCursor cursor(at); cursor.next(); ++i) {
      const Node child = cursor.value();
      if (node.byte() < child.byte() || node.byte() >= child.byte() + child.raw().size()) continue;
      inside = child;
      pointer += '/';
      if (at.kind() == JsonKind::list) {
        pointer += std::to_string(i);
      } else {
        for (const char c : cursor.key().text(arena_)) {
          if (c == '~')
            pointer += "~0";
          else if (c == '/')
            pointer += "~1";
          else
            pointer += c;
        }
      }
      break;
    }
    at = inside;
  }
  return arena_.copy(pointer);
}

}  // namespace trama
