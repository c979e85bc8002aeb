// The walk goes down only where a column reads something; what lies beside that is copied without
// being looked into. Its depth is bounded by the paths of the mapping.

#include "exec/rest.h"

namespace trama {

void RestWriter::write(const Node& record, Arena& arena, std::string& out) {
  taken_.clear();
  ways_.assign(1, 0);
  members(record, {0, 1}, arena, out);
}

void RestWriter::step(std::uint32_t node) {
  if (node != 0) ways_.push_back(node);
}

RestWriter::Ways RestWriter::into_key(const Ways& from, std::string_view key) {
  const std::size_t begin = ways_.size();
  for (std::size_t i = from.begin; i < from.end; ++i) {
    const PlanRest::Node& node = plan_.nodes[ways_[i]];
    for (const auto* branches : {&node.keys, &node.pointers}) {
      const auto found = branches->find(key);
      if (found != branches->end()) step(found->second);
    }
    step(node.any);
  }
  return {begin, ways_.size()};
}

/// `count`: of the list, for indexes from its end.
RestWriter::Ways RestWriter::into_item(const Ways& from, std::int64_t index, std::int64_t count) {
  const std::size_t begin = ways_.size();
  for (std::size_t i = from.begin; i < from.end; ++i) {
    const PlanRest::Node& node = plan_.nodes[ways_[i]];
    for (const std::int64_t at : {index, index - count}) {
      const auto found = node.indexes.find(at);
      if (found != node.indexes.end()) step(found->second);
    }
    if (!node.pointers.empty()) {
      const auto found = node.pointers.find(std::to_string(index));
      if (found != node.pointers.end()) step(found->second);
    }
    step(node.any);
  }
  return {begin, ways_.size()};
}

RestWriter::Use RestWriter::use_of(const Ways& ways) const noexcept {
  for (std::size_t i = ways.begin; i < ways.end; ++i)
    if (plan_.nodes[ways_[i]].read) return Use::read;
  return ways.begin == ways.end ? Use::unread : Use::partly;
}

/// Appends the unread members of an object; false where there are none.
bool RestWriter::members(const Node& object, const Ways& ways, Arena& arena, std::string& out) {
  const bool top = ways.begin == 0;
  bool any = false;
  for (NodeCursor cursor(object); cursor.next();) {
    const std::string_view key = cursor.key().text(arena);
    const Ways below = into_key(ways, key);
    const Use use = use_of(below);
    if (use != Use::read) {
      const std::size_t mark = out.size();
      if (any) out += ',';
      out += cursor.key().raw();
      out += ':';
      bool kept = value(cursor.value(), below, arena, out);
      if (kept && top && plan_.taken.find(key) != plan_.taken.end()) {
        taken_.push_back(key);
        kept = false;
      }
      if (!kept) out.resize(mark);
      any = any || kept;
    }
    ways_.resize(below.begin);
  }
  return any;
}

/// Appends the items of a list, each in its place; false where all that is in them is read.
bool RestWriter::items(const Node& list, const Ways& ways, Arena& arena, std::string& out) {
  const auto count = static_cast<std::int64_t>(list.count());
  std::int64_t index = 0;
  bool any = false;
  for (NodeCursor cursor(list); cursor.next(); ++index) {
    if (index > 0) out += ',';
    const Ways below = into_item(ways, index, count);
    if (use_of(below) == Use::read) {
      out += "null";
    } else {
      any = value(cursor.value(), below, arena, out) || any;
    }
    ways_.resize(below.begin);
  }
  return any;
}

/// Appends what is unread of a value; false where that is nothing: what stands there then says no
/// more than that.
bool RestWriter::value(const Node& node, const Ways& ways, Arena& arena, std::string& out) {
  const JsonKind kind = node.kind();
  if (use_of(ways) == Use::unread || (kind != JsonKind::object && kind != JsonKind::list)) {
    out += node.raw();
    // A null on the way of a path has told its column that there is nothing.
    return use_of(ways) == Use::unread || kind != JsonKind::null;
  }
  out += kind == JsonKind::object ? '{' : '[';
  const bool any =
      kind == JsonKind::object ? members(node, ways, arena, out) : items(node, ways, arena, out);
  out += kind == JsonKind::object ? '}' : ']';
  return any;
}

}  // namespace trama
