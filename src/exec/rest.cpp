// The walk goes down only where a column reads something; what lies beside that is copied without
// being looked into. Its depth is bounded by the paths of the mapping.

#include "exec/rest.h"

namespace trama {

// Of keys that are guessed: how many, and how long.
constexpr std::size_t kMostGuesses = 1000;
constexpr std::size_t kLongestGuess = 200;

void RestWriter::write(const Node& record, Arena& arena, std::string& out) {
  taken_.clear();
  ways_.assign(1, 0);
  top_members(record, arena, out);
}

/// Whether the member has nothing between its key and its value but the colon.
static bool is_close(std::string_view key, std::string_view value) noexcept {
  return key.data() + key.size() + 1 == value.data();
}

/// The members of the record: as guessed from those of the last one, else looked up and noted. A key is
/// compared as it is written; a record that has other keys at other places is only slower.
bool RestWriter::top_members(const Node& record, Arena& arena, std::string& out) {
  bool any = false;
  Run run;
  std::size_t place = 0;
  for (NodeCursor cursor(record); cursor.next(); ++place) {
    const std::string_view key = cursor.key().raw();
    const bool known = place < guesses_.size() && guesses_[place].key == key;
    if (known && guesses_[place].what == Guess::Do::leave_out) continue;
    if (known && guesses_[place].what == Guess::Do::copy) {
      const std::string_view value = cursor.value().raw();
      const bool close = is_close(key, value);
      if (!close || run.end == nullptr || run.end + 1 != key.data()) put(run, any, out);
      if (close) {
        if (run.begin == nullptr) run.begin = key.data();
        run.end = value.data() + value.size();
        continue;
      }
    }
    put(run, any, out);
    Guess guess;
    any = top_member(cursor, arena, any, guess, out) || any;
    if (known || place >= kMostGuesses || key.size() > kLongestGuess) continue;
    guess.key = key;
    if (place >= guesses_.size()) guesses_.resize(place + 1);
    guesses_[place] = std::move(guess);
  }
  put(run, any, out);
  return any;
}

void RestWriter::put(Run& run, bool& any, std::string& out) {
  if (run.begin == nullptr) return;
  if (any) out += ',';
  out.append(run.begin, run.end);
  any = true;
  run = {};
}

/// Appends a member of the record, or what is unread of it; false where that is nothing.
bool RestWriter::top_member(const NodeCursor& at, Arena& arena, bool any, Guess& guess,
                            std::string& out) {
  const std::size_t mark = out.size();
  Use use = Use::unread;
  bool kept = member(at, {0, 1}, arena, any, use, out);
  const std::string_view key = at.key().text(arena);
  const bool taken = plan_.taken.find(key) != plan_.taken.end();
  if (kept && taken) {
    taken_.push_back(key);
    out.resize(mark);
    kept = false;
  }
  guess.what = use == Use::read               ? Guess::Do::leave_out
               : use == Use::unread && !taken ? Guess::Do::copy
                                              : Guess::Do::look;
  return kept;
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

/// Appends what is unread of a member; false where that is nothing.
bool RestWriter::member(const NodeCursor& at, const Ways& ways, Arena& arena, bool any, Use& use,
                        std::string& out) {
  const Ways below = into_key(ways, at.key().text(arena));
  use = use_of(below);
  bool kept = false;
  if (use != Use::read) {
    const std::size_t mark = out.size();
    if (any) out += ',';
    out += at.key().raw();
    out += ':';
    kept = value(at.value(), below, arena, out);
    if (!kept) out.resize(mark);
  }
  ways_.resize(below.begin);
  return kept;
}

/// Appends the unread members of an object below the record; false where there are none.
bool RestWriter::members(const Node& object, const Ways& ways, Arena& arena, std::string& out) {
  bool any = false;
  Use use = Use::unread;
  for (NodeCursor cursor(object); cursor.next();)
    any = member(cursor, ways, arena, any, use, out) || any;
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
