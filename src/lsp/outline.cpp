#include "lsp/outline.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/utf8.h"

namespace trama {
namespace {

using Kind = OutlineNode::Kind;

constexpr std::uint32_t kNone = Outline::kNone;
constexpr auto kNowhere = std::string_view::npos;

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}
bool is_end(char c) noexcept {
  return c == '\n' || c == '\r';
}
bool is_bracket(char c) noexcept {
  return c == '{' || c == '}' || c == '[' || c == ']';
}

class Scanner {
 public:
  Scanner(std::string_view text, std::vector<OutlineNode>& nodes) : text_(text), nodes_(nodes) {}

  void scan() {
    nodes_.emplace_back();
    pending_ = 0;
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (at_ < text_.size() && nodes_.size() < kMaxOutlineNodes) line();
    for (std::size_t i = nodes_.size(); i-- > 1;) {
      OutlineNode& parent = nodes_[nodes_[i].parent];
      parent.end = std::max({parent.end, nodes_[i].end, nodes_[i].key_end});
    }
  }

 private:
  struct Level {
    std::uint32_t node;
    std::size_t column;
  };

  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\n'; }
  [[nodiscard]] bool space_at(std::size_t i) const { return is_blank(at(i)) || is_end(at(i)); }
  [[nodiscard]] std::size_t skip_blanks(std::size_t i) const {
    while (is_blank(at(i)) && i < text_.size()) ++i;
    return i;
  }
  /// Where the line ends, and where the next one begins.
  [[nodiscard]] std::size_t line_end(std::size_t i) const {
    return std::min(text_.find_first_of("\r\n", i), text_.size());
  }
  [[nodiscard]] std::size_t next_line(std::size_t i) const {
    const std::size_t end = line_end(i);
    return std::min(text_.size(), end + (text_.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  /// Nothing behind `i` in the line but a comment; `i` is behind blanks.
  [[nodiscard]] bool ends(std::size_t i) const {
    return is_end(at(i)) || (at(i) == '#' && (i == line_start_ || is_blank(at(i - 1))));
  }
  [[nodiscard]] bool is_dash(std::size_t i) const { return at(i) == '-' && space_at(i + 1); }
  /// Of a plain text that ends at `end`, without the blanks before it.
  [[nodiscard]] std::size_t without_blanks(std::size_t begin, std::size_t end) const {
    while (end > begin && space_at(end - 1)) --end;
    return end;
  }

  std::uint32_t add(std::uint32_t parent, bool flow) {
    OutlineNode node;
    node.parent = parent;
    node.flow = flow;
    node.begin = node.end = static_cast<std::uint32_t>(at_);
    nodes_.push_back(node);
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  std::uint32_t add_entry(std::uint32_t map, std::size_t begin, std::size_t end, bool flow) {
    const std::uint32_t entry = add(map, flow);
    nodes_[entry].has_key = true;
    nodes_[entry].key_begin = static_cast<std::uint32_t>(begin);
    nodes_[entry].key_end = static_cast<std::uint32_t>(end);
    return entry;
  }

  void set_value(std::uint32_t node, std::size_t begin, std::size_t end) {
    nodes_[node].begin = static_cast<std::uint32_t>(begin);
    nodes_[node].end = static_cast<std::uint32_t>(end);
  }

  void line() {
    line_start_ = at_;
    const std::size_t first = skip_blanks(at_);
    const bool mark = first == at_ && space_at(first + 3) &&
                      (text_.substr(first, 3) == "---" || text_.substr(first, 3) == "...");
    if (!ends(first) && !mark && !(first == line_start_ && at(first) == '%')) {
      at_ = first;
      content(first - line_start_);
    }
    at_ = next_line(at_);
  }

  /// What begins in this line at `column`; leaves at_ in the line where it ends.
  void content(std::size_t column) {
    const bool dash = is_dash(at_);
    const auto is_left = [&](const Level& level) {
      return level.column > column ||
             (level.column == column && nodes_[level.node].kind == Kind::list && !dash);
    };
    while (!levels_.empty() && is_left(levels_.back())) {
      levels_.pop_back();
      pending_ = kNone;
    }
    if (levels_.empty() && nodes_[0].kind != Kind::scalar) levels_.push_back({0, column});
    while (is_dash(at_)) {
      if (!open(column, Kind::list)) return;
      ++at_;
      pending_ = add(levels_.back().node, false);
      last_ = pending_;
      at_ = skip_blanks(at_);
      set_value(pending_, at_, at_);
      column = at_ - line_start_;
      if (ends(at_)) return;
    }
    skip_anchors();
    if (ends(at_)) return;
    std::size_t end = 0;
    if (const std::size_t colon = key_end(end); colon != kNowhere) {
      const std::size_t begin = at_;
      if (!open(column, Kind::map)) return;
      last_ = pending_ = add_entry(levels_.back().node, begin, end, false);
      at_ = colon + 1;
      set_value(pending_, at_, at_);
      at_ = skip_blanks(at_);
      skip_anchors();
      if (!ends(at_)) value();
      return;
    }
    const bool beside = !levels_.empty() && levels_.back().column == column &&
                        nodes_[levels_.back().node].kind == Kind::map;
    if (beside) {  // a key that is being typed
      const std::size_t stop = plain_end(at_);
      last_ = add_entry(levels_.back().node, at_, stop, false);
      nodes_[last_].colon = false;
      pending_ = kNone;
      set_value(last_, stop, stop);
    } else if (pending_ != kNone) {
      nodes_[pending_].own_line = nodes_[pending_].has_key || pending_ == 0;
      value();
    }
  }

  /// The map or list at `column`, which may begin here. False: there is no place for it.
  bool open(std::size_t column, Kind kind) {
    if (!levels_.empty() && levels_.back().column == column &&
        nodes_[levels_.back().node].kind == kind)
      return true;
    const bool below = levels_.empty() || levels_.back().column < column ||
                       (kind == Kind::list && levels_.back().column == column);
    if (pending_ == kNone && below && !levels_.empty() && last_ != kNone &&
        nodes_[last_].parent == levels_.back().node)
      pending_ = last_;  // its value becomes a map: it was another while this is typed
    if (pending_ == kNone || !below) return false;
    OutlineNode& node = nodes_[pending_];
    node.kind = kind;
    node.column = static_cast<std::uint32_t>(column);
    set_value(pending_, at_, at_);
    levels_.push_back({pending_, column});
    pending_ = kNone;
    return true;
  }

  void skip_anchors() {
    while ((at(at_) == '&' || at(at_) == '!') && !space_at(at_ + 1)) {
      while (!space_at(at_)) ++at_;
      at_ = skip_blanks(at_);
    }
  }

  /// The colon of the key at at_, and where the key ends; or kNowhere.
  [[nodiscard]] std::size_t key_end(std::size_t& end) const {
    const char first = at(at_);
    if (first == '"' || first == '\'') {
      const std::size_t stop = line_end(at_);
      end = quote_end(at_, stop);
      if (end == kNowhere) return kNowhere;
      const std::size_t colon = skip_blanks(end);
      return at(colon) == ':' && space_at(colon + 1) ? colon : kNowhere;
    }
    if (is_bracket(first) || first == '|' || first == '>' || first == '#') return kNowhere;
    const std::size_t stop = line_end(at_);
    for (std::size_t i = at_; i < stop; ++i) {
      if (at(i) == '#' && is_blank(at(i - 1))) break;
      if (at(i) != ':' || !space_at(i + 1) || i == at_) continue;
      end = without_blanks(at_, i);
      return i;
    }
    return kNowhere;
  }

  /// Behind the quote that closes the one at `begin`, before `stop`; or kNowhere.
  [[nodiscard]] std::size_t quote_end(std::size_t begin, std::size_t stop) const {
    const char quote = at(begin);
    for (std::size_t i = begin + 1; i < stop; ++i) {
      if (at(i) == '\\' && quote == '"') {
        ++i;
      } else if (at(i) == quote) {
        if (quote == '"' || at(i + 1) != quote) return i + 1;
        ++i;
      }
    }
    return kNowhere;
  }

  [[nodiscard]] std::size_t plain_end(std::size_t begin) const {
    const std::size_t stop = line_end(begin);
    std::size_t end = begin;
    while (end < stop && !(at(end) == '#' && is_blank(at(end - 1)))) ++end;
    return without_blanks(begin, end);
  }

  /// Where the lines end that belong to what began before them: those that are empty or deeper than `limit`, the
  /// column of the map or list around it. `closing`: a line of a closing bracket may be as deep.
  [[nodiscard]] std::size_t block_end(std::size_t from, bool closing) const {
    std::size_t end = line_end(from);
    for (std::size_t next = next_line(from); next < text_.size(); next = next_line(next)) {
      const std::size_t first = skip_blanks(next);
      if (is_end(at(first))) continue;
      const bool closes = closing && (at(first) == '}' || at(first) == ']');
      const bool deeper = levels_.empty() || first - next > levels_.back().column;
      if (!deeper && !(closes && first - next == levels_.back().column)) break;
      end = line_end(first);
    }
    return end;
  }

  /// The value of pending_, which begins at at_.
  void value() {
    const std::uint32_t node = std::exchange(pending_, kNone);
    const std::size_t begin = at_;
    switch (at(at_)) {
      case '|':
      case '>':
        nodes_[node].block = true;
        at_ = block_end(at_, false);
        break;
      case '"':
      case '\'':
        at_ = quoted(block_end(at_, false));
        break;
      case '{':
      case '[':
        flow(node);
        return;
      default:
        at_ = plain_end(at_);
    }
    set_value(node, begin, at_);
  }

  /// Behind a text in quotes that begins at at_; where it is not closed, the end of its line.
  [[nodiscard]] std::size_t quoted(std::size_t stop) const {
    const std::size_t end = quote_end(at_, stop);
    return end != kNowhere ? end : without_blanks(at_, std::min(line_end(at_), stop));
  }

  void flow(std::uint32_t node) {
    const std::size_t stop = block_end(at_, true);
    std::vector<std::uint32_t> open;
    std::uint32_t waits = node;  // for its value
    const auto begin_bracket = [&](std::uint32_t of) {
      nodes_[of].kind = at(at_) == '{' ? Kind::map : Kind::list;
      nodes_[of].flow = true;
      set_value(of, at_, at_ + 1);
      open.push_back(of);
      waits = kNone;
      ++at_;
    };
    begin_bracket(node);
    while (!open.empty() && at_ < stop && nodes_.size() < kMaxOutlineNodes) {
      const char c = at(at_);
      const bool in_map = nodes_[open.back()].kind == Kind::map;
      if (is_blank(c) || is_end(c)) {
        ++at_;
      } else if (c == '#' && space_at(at_ - 1)) {
        at_ = std::min(line_end(at_), stop);
      } else if (c == '}' || c == ']') {
        nodes_[open.back()].end = static_cast<std::uint32_t>(++at_);
        open.pop_back();
        waits = kNone;
      } else if (c == ',') {
        waits = kNone;
        ++at_;
      } else if (waits == kNone && in_map && !is_bracket(c)) {
        waits = flow_key(open.back(), stop);
      } else {
        if (waits == kNone) waits = add(open.back(), true);
        if (is_bracket(c)) {
          begin_bracket(waits);
        } else {
          const std::size_t begin = at_;
          at_ = flow_scalar(stop);
          if (nodes_[waits].begin == nodes_[waits].end || !nodes_[waits].has_key)
            set_value(waits, begin, at_);
          if (!in_map) waits = kNone;
        }
      }
    }
    for (const std::uint32_t unclosed : open)
      nodes_[unclosed].end = static_cast<std::uint32_t>(std::min(at_, stop));
  }

  /// A key and its colon; gives the entry where it then waits for its value.
  std::uint32_t flow_key(std::uint32_t map, std::size_t stop) {
    const std::size_t begin = at_;
    const bool quoted_key = at(at_) == '"' || at(at_) == '\'';
    at_ = flow_scalar(stop);
    const std::uint32_t entry = add_entry(map, begin, at_, true);
    const std::size_t colon = skip_blanks(at_);
    nodes_[entry].colon =
        colon < stop && at(colon) == ':' &&
        (quoted_key || space_at(colon + 1) || is_bracket(at(colon + 1)) || at(colon + 1) == ',');
    if (!nodes_[entry].colon) return kNone;
    at_ = colon + 1;
    set_value(entry, at_, at_);
    return entry;
  }

  /// Behind a text between brackets that begins at at_: never at it.
  [[nodiscard]] std::size_t flow_scalar(std::size_t stop) const {
    if (at(at_) == '"' || at(at_) == '\'') return quoted(stop);
    std::size_t end = at_;
    for (; end < stop && !is_end(at(end)); ++end) {
      const char c = at(end);
      if (is_bracket(c) || c == ',' || (c == '#' && is_blank(at(end - 1)))) break;
      if (c == ':' && end > at_ &&
          (space_at(end + 1) || is_bracket(at(end + 1)) || at(end + 1) == ','))
        break;
    }
    return std::max(without_blanks(at_, end), at_ + 1);
  }

  std::string_view text_;
  std::vector<OutlineNode>& nodes_;
  std::vector<Level> levels_;
  std::uint32_t pending_ = kNone;  // waits for its value
  std::uint32_t last_ = kNone;     // began last, in a block
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
};

/// The character of `\x41`, `é`, `\U0001F600`; `at`: of the letter, and then of its last digit.
void append_code(std::string_view text, std::size_t& at, std::string& out) {
  const std::size_t digits = text[at] == 'x' ? 2 : text[at] == 'u' ? 4 : 8;
  std::uint32_t code = 0;
  const std::string_view number = text.substr(at + 1, digits);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), code, 16);
  const bool character = code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
  if (error != std::errc() || end != number.data() + digits || !character) return;
  append_utf8(out, code);
  at += digits;
}

/// YAML 1.2.2 §7.3.1 and §7.3.2.
std::string unquoted(std::string_view text) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return std::string(text);
  const char quote = text.front();
  text.remove_prefix(1);
  if (text.ends_with(quote)) text.remove_suffix(1);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = i + 1 < text.size() && (quote == '"' ? text[i] == '\\' : text[i] == quote);
    if (!escaped) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (quote == '"' && (c == 'x' || c == 'u' || c == 'U'))
      append_code(text, i, out);
    else
      out += quote != '"' ? c : c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }
  return out;
}

}  // namespace

Outline::Outline(std::string_view text) : text_(text.substr(0, UINT32_MAX)) {
  Scanner(text_, nodes_).scan();
  children_.resize(nodes_.size());
  for (std::uint32_t i = 1; i < nodes_.size(); ++i) children_[nodes_[i].parent].push_back(i);
}

std::string Outline::key_of(std::uint32_t node) const {
  const OutlineNode& n = nodes_[node];
  return unquoted(text_.substr(n.key_begin, n.key_end - n.key_begin));
}

std::string Outline::text_of(std::uint32_t node) const {
  const OutlineNode& n = nodes_[node];
  if (n.kind != Kind::scalar) return {};
  return unquoted(text_.substr(n.begin, n.end - n.begin));
}

std::uint32_t Outline::find(std::uint32_t map, std::string_view key) const {
  for (const std::uint32_t child : children_[map])
    if (nodes_[child].has_key && key_of(child) == key) return child;
  return kNone;
}

std::vector<std::uint32_t> Outline::children(std::uint32_t node) const {
  return children_[node];
}

std::vector<std::uint32_t> Outline::scalars(std::uint32_t node) const {
  std::vector<std::uint32_t> found;
  if (nodes_[node].kind == Kind::scalar) found.push_back(node);
  if (nodes_[node].kind == Kind::list)
    for (const std::uint32_t child : children_[node])
      if (nodes_[child].kind == Kind::scalar) found.push_back(child);
  return found;
}

std::uint32_t Outline::last_before(std::size_t offset) const {
  const auto after =
      std::partition_point(nodes_.begin() + 1, nodes_.end(),
                           [offset](const OutlineNode& node) { return node.start() <= offset; });
  return static_cast<std::uint32_t>(after - nodes_.begin() - 1);
}

std::uint32_t Outline::named_at(std::size_t offset, bool& on_key) const {
  for (std::uint32_t node = last_before(offset);; node = nodes_[node].parent) {
    const OutlineNode& n = nodes_[node];
    on_key = n.has_key && n.key().holds(offset);
    if (on_key || (n.kind == Kind::scalar && n.begin < n.end && n.value().holds(offset)))
      return node;
    if (node == 0) return kNone;
  }
}

/// Whether a plain value and spaces are before a place.
bool Outline::is_behind(std::uint32_t node, std::size_t offset) const {
  const OutlineNode& n = nodes_[node];
  if (n.kind != Kind::scalar || n.begin == n.end || n.block || offset <= n.end) return false;
  const char first = text_[n.begin];
  return first != '"' && first != '\'' &&
         text_.substr(n.end, offset - n.end).find_first_not_of(" \t") == kNowhere;
}

Outline::Place Outline::at(std::size_t offset) const {
  if (offset > text_.size()) return {};
  bool on_key = false;
  if (const std::uint32_t node = named_at(offset, on_key); node != kNone) {
    const OutlineNode& n = nodes_[node];
    if (on_key) return {.map = n.parent, .value = kNone, .word = n.key(), .flow = n.flow};
    return {.map = n.own_line ? node : kNone, .value = node, .word = n.value(), .flow = n.flow};
  }
  if (const std::uint32_t node = last_before(offset); is_behind(node, offset))
    return {.map = kNone,
            .value = node,
            .word = {offset, offset},
            .behind = true,
            .flow = nodes_[node].flow};
  // between brackets?
  for (std::uint32_t node = last_before(offset); node != 0; node = nodes_[node].parent) {
    const OutlineNode& n = nodes_[node];
    const bool container = n.kind != Kind::scalar && n.flow;
    if (!container || offset <= n.begin || offset > n.end) continue;
    const bool closed = n.end > n.begin + 1 && is_bracket(text_[n.end - 1]) &&
                        (text_[n.end - 1] == '}' || text_[n.end - 1] == ']');
    if (offset == n.end && closed) continue;
    return in_brackets(node, offset);
  }
  return in_block(offset);
}

/// Between the parts of a map or list between brackets.
Outline::Place Outline::in_brackets(std::uint32_t node, std::size_t offset) const {
  Place place{.map = kNone, .value = kNone, .word = {offset, offset}, .flow = true};
  std::size_t before = offset;
  while (before > 0 && (is_blank(text_[before - 1]) || is_end(text_[before - 1]))) --before;
  const char c = before > 0 ? text_[before - 1] : ',';
  const bool map = nodes_[node].kind == Kind::map;
  if (c == ':' && map) {
    for (const std::uint32_t child : children_[node])
      if (nodes_[child].has_key && nodes_[child].begin <= offset &&
          nodes_[child].begin == nodes_[child].end && nodes_[child].colon)
        place.value = child;
  } else if (c == ',' || c == '{' || c == '[') {
    (map ? place.map : place.value) = node;
  }
  return place;
}

Outline::Place Outline::in_block(std::size_t offset) const {
  Place place{.map = kNone, .value = kNone, .word = {offset, offset}, .flow = false};
  std::size_t line = offset;
  while (line > 0 && !is_end(text_[line - 1])) --line;
  const std::string_view before = text_.substr(line, offset - line);
  const std::size_t first = before.find_first_not_of(' ');
  const std::uint32_t last = last_before(offset);
  const bool begun =
      last != 0 && nodes_[last].start() >= line;  // something of this line is before it
  if (begun) {
    const OutlineNode& n = nodes_[last];
    const std::size_t from = n.has_key ? n.key_end : n.begin;
    if (n.kind != Kind::scalar || n.begin != n.end || !n.colon) return place;
    if (text_.substr(from, offset - from).find('#') != kNowhere) return place;
    place.value = last;
    if (!n.has_key) place.map = last;  // behind a dash
    return place;
  }
  if (first != kNowhere) {
    // the dash of an item that is only begun
    if (before.find_first_not_of("- ") != kNowhere || last == 0) return place;
  }
  const std::size_t column = offset - line;
  for (std::uint32_t node = last;; node = nodes_[node].parent) {
    const OutlineNode& n = nodes_[node];
    if (n.kind == Kind::map && !n.flow && n.column <= column) {
      place.map = node;
      return place;
    }
    const bool empty = n.kind == Kind::scalar && n.begin == n.end && n.colon;
    if (empty && (n.has_key || node == 0) && (node == 0 || nodes_[n.parent].column < column)) {
      place.map = place.value = node;
      return place;
    }
    if (node == 0) return place;
  }
}

}  // namespace trama
