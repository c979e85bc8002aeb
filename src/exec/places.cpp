// Where in the record an error is, as a JSON Pointer (RFC 6901). While a record is mapped only the
// byte is noted; the pointers of all its errors are found at its end, in one walk.

#include <algorithm>

#include "exec/mapper.h"
#include "json/json_text.h"

namespace trama {
namespace {

/// The JSON Pointers of many places of a record, asked for in the order of their bytes: in one walk.
class PointerWalk {
 public:
  explicit PointerWalk(const Node& root) { enter(root); }

  /// Of the value that begins at `byte`; of another byte, of the innermost value around it.
  std::string_view to(std::uint32_t byte, Arena& arena) {
    while (inside_.size() > 1 && byte >= inside_.back().end) inside_.pop_back();
    for (;;) {
      Container& in = inside_.back();
      pointer_.resize(in.pointer);
      if (byte <= in.begin) return pointer_;
      while (in.child.exists() && byte >= in.child_end) next(in);
      if (!in.child.exists() || byte < in.child.byte()) return pointer_;
      append_pointer_step(pointer_, in.list ? std::string_view(std::to_string(in.index))
                                            : in.cursor.key().text(arena));
      const bool scalar = in.child.kind() != JsonKind::list && in.child.kind() != JsonKind::object;
      if (scalar || byte == in.child.byte()) return pointer_;
      enter(Node(in.child));
    }
  }

 private:
  struct Container {
    NodeCursor cursor;
    bool list;
    std::size_t begin, end;
    std::size_t pointer;    // as many bytes of pointer_ lead here
    std::size_t index = 0;  // of the child
    Node child{};           // where the walk is
    std::size_t child_end = 0;
  };

  void enter(const Node& node) {
    inside_.push_back({NodeCursor(node), node.kind() == JsonKind::list, node.byte(),
                       node.byte() + node.raw().size(), pointer_.size()});
    Container& in = inside_.back();
    take(in, in.cursor.next());
  }
  static void next(Container& in) {
    ++in.index;
    take(in, in.cursor.next());
  }
  static void take(Container& in, bool any) {
    in.child = any ? in.cursor.value() : Node();
    in.child_end = any ? in.child.byte() + in.child.raw().size() : 0;
  }

  std::vector<Container> inside_;
  std::string pointer_;
};

}  // namespace

/// The JSON Pointer of where a value was found, or would be, for rejects.
Mapper::Pointer Mapper::pointer_of(PathIndex index, const Node& node) {
  if (index == kNoPath) return {};
  const PlanPath& path = plan_.paths[index];
  if (path.level == 0 && !path.many && path.pick < 0 && !(path.listed && node.exists()))
    return {kNoByte, path.pointer};
  if (node.exists()) return {node.byte()};
  if (path.pick >= 0 && path.level == 0) return {kNoByte, path.pointer};
  if (path.many || path.take != PlanPath::Take::value) return {};
  const Level& level = levels_[static_cast<std::size_t>(path.level)];
  return level.present ? Pointer{level.items[path.side].byte(), path.pointer} : Pointer();
}

/// The same of the value that begins at a byte; of another byte, of the innermost value around it.
std::string_view Mapper::pointer_of(std::uint32_t byte) {
  const Node root = reader_.root();
  return root.exists() ? arena_.copy(PointerWalk(root).to(byte, arena_)) : std::string_view();
}

/// The pointer at once, of one error alone.
std::string_view Mapper::made(const Pointer& pointer) {
  if (pointer.above == kNoByte) return pointer.below;
  const std::string_view above = pointer_of(pointer.above);
  return pointer.below.empty() ? above
                               : arena_.copy(std::string(above) + std::string(pointer.below));
}

/// Where in the record the values are that its errors and warnings are about: the places of those
/// that are told, and whether they are personal. A path that something else is in the way of stops
/// above its end: whether that is personal is a matter of where it stands.
void Mapper::find_places() {
  struct Place {
    std::uint32_t byte;
    RecordError* error;
    bool is_path;
  };
  std::vector<Place> places;
  const auto look_at = [&](RecordError& error) {
    if (error.above != kNoByte) places.push_back({error.above, &error, true});
    const bool stopped =
        error.reason == Reason::path_through_scalar || error.reason == Reason::path_needs_list;
    if (stopped && error.byte != kNoByte && !plan_.personal.empty())
      places.push_back({error.byte, &error, false});
  };
  for (RecordError& error : std::span(errors_).first(std::min(errors_.size(), kToldErrors)))
    look_at(error);
  if (!plan_.personal.empty())  // the places of warnings are not told
    for (std::vector<RecordError>* const told : {&warnings_, &unknown_})
      for (RecordError& one : *told) look_at(one);
  if (places.empty()) return;
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.byte < b.byte; });
  PointerWalk walk(reader_.root());
  for (const Place& place : places) {
    const std::string_view pointer = walk.to(place.byte, arena_);
    if (!place.is_path) {
      place.error->personal = plan_.personal.hides(pointer);
      continue;
    }
    place.error->path = arena_.copy(std::string(pointer) + std::string(place.error->path));
    place.error->above = kNoByte;
  }
}

/// Of errors that are told, the bytes of the record as it was sent:
/// until now of what was made of it by `json_in_text`.
void Mapper::find_bytes(std::span<RecordError> errors) const noexcept {
  if (plan_.wanted.json_in_text.empty()) return;
  for (RecordError& error : errors)
    if (error.byte != kNoByte)
      error.byte = static_cast<std::uint32_t>(reader_.written_at(error.byte));
}

}  // namespace trama
