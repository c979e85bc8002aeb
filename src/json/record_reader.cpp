#include "json/record_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "base/utf8.h"
#include "json/json_text.h"

namespace trama {
namespace {

constexpr std::size_t kUsualCapacity = std::size_t{64} * 1024;
constexpr std::size_t kBigCapacity = std::size_t{1024} * 1024;

constexpr int kMostRight = 64;

constexpr std::string_view kBehindTheEnd = "something follows the end of the record";
constexpr std::string_view kEndsEarly = "the record ends before its closing bracket";
constexpr std::string_view kNoComma = "a comma or the closing bracket is missing";

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}
/// Hexadecimal digits at `p` as a number, or -1.
int hex4(const char* p) noexcept {
  int n = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = p[i];
    const int digit = is_digit(c)            ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    n = n * 16 + digit;
  }
  return n;
}

/// The first wrong escape in the inside of a string, or npos (RFC 8259 §7;
/// lone surrogates are wrong).
std::size_t wrong_escape(std::string_view s) noexcept {
  for (std::size_t i = s.find('\\'); i != std::string_view::npos; i = s.find('\\', i)) {
    const char c = i + 1 < s.size() ? s[i + 1] : '\0';
    if (c != 'u') {
      if (c == '\0' || std::strchr("\"\\/bfnrt", c) == nullptr) return i;
      i += 2;
      continue;
    }
    const int unit = i + 6 <= s.size() ? hex4(s.data() + i + 2) : -1;
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return i;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      const bool pair = i + 12 <= s.size() && s[i + 6] == '\\' && s[i + 7] == 'u';
      const int low = pair ? hex4(s.data() + i + 8) : -1;
      if (low < 0xDC00 || low > 0xDFFF) return i;
      i += 6;
    }
    i += 6;
  }
  return std::string_view::npos;
}

/// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? from `p` on;
/// gives its end, or nullptr (RFC 8259 §6).
const char* number_end(const char* p) noexcept {
  if (*p == '-') ++p;
  if (!is_digit(*p)) return nullptr;
  if (*p == '0') {
    ++p;
  } else {
    while (is_digit(*p)) ++p;
  }
  if (*p == '.') {
    if (!is_digit(*++p)) return nullptr;
    while (is_digit(*p)) ++p;
  }
  if (*p == 'e' || *p == 'E') {
    ++p;
    if (*p == '+' || *p == '-') ++p;
    if (!is_digit(*p)) return nullptr;
    while (is_digit(*p)) ++p;
  }
  return p;
}

/// The end of the number, true, false or null at `p`, or nullptr.
const char* scalar_end(const char* p) noexcept {
  switch (*p) {
    case 't':
      return std::memcmp(p, "true", 4) == 0 ? p + 4 : nullptr;
    case 'n':
      return std::memcmp(p, "null", 4) == 0 ? p + 4 : nullptr;
    case 'f':
      return std::memcmp(p, "false", 5) == 0 ? p + 5 : nullptr;
    default:
      return number_end(p);
  }
}

}  // namespace

struct RecordReader::Stage1 {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
  std::size_t capacity = 0;

  void reserve(std::size_t bytes) {
    const bool shrink = capacity > kBigCapacity && bytes <= kUsualCapacity;
    if (bytes <= capacity && !shrink) return;
    std::size_t wanted = kUsualCapacity;
    while (wanted < bytes) wanted *= 2;
    const auto error =
        parser ? parser->set_capacity(wanted)
               : simdjson::get_active_implementation()->create_dom_parser_implementation(
                     wanted, static_cast<std::size_t>(kMaxDepth), parser);
    if (error == simdjson::MEMALLOC) no_memory();
    TRAMA_CHECK(error == simdjson::SUCCESS);
    capacity = wanted;
  }
};

RecordReader::RecordReader(const WantedFields& wanted, int max_depth)
    : stage1_(std::make_unique<Stage1>()),
      in_text_(in_text_of(wanted.json_in_text)),
      trie_(wanted),
      slots_(wanted.slots.size()),
      max_depth_(max_depth),
      lists_(wanted.lists) {
  stage1_->reserve(kUsualCapacity);
}

RecordReader::~RecordReader() = default;

// ---- one record ----

Reason RecordReader::fail(Reason reason, std::size_t byte, std::string_view text) noexcept {
  reason_ = reason;
  error_byte_ = byte;
  error_text_ = text;
  return reason;
}

Reason RecordReader::read_frame(std::string_view frame) {
  text_ = frame.data();
  size_ = frame.size();
  index_size_ = 0;
  reason_ = Reason::none;
  repeated_ = false;
  unused_.clear();
  if (!numbered_.empty()) numbered_.clear();
  if (!unlearned_.empty()) unlearned_.clear();
  std::fill(slots_.begin(), slots_.end(), 0U);
  error_excerpt_.clear();
  if (size_ == 0) return fail(Reason::json_syntax, 0, "there is nothing where a record should be");
  stage1_->reserve(size_);
  const auto error = stage1_->parser->stage1(reinterpret_cast<const std::uint8_t*>(text_), size_,
                                             simdjson::stage1_mode::regular);
  if (error != simdjson::SUCCESS) return explain_stage1_error(error);
  index_ = stage1_->parser->structural_indexes.get();
  index_size_ = stage1_->parser->n_structural_indexes;
  if (close_.size() < index_size_ || close_.size() > kBigCapacity) {
    close_.clear();
    close_.shrink_to_fit();
    close_.resize(std::max<std::size_t>(index_size_, 4096));
  }
  first_escape_ = escape_ = find_escape(0);
  const char first = text_[index_[0]];
  const bool list_record = first == '[' && lists_;
  if (first != '{' && !list_record) {
    const JsonKind kind = kind_at(0);
    if (kind == JsonKind::missing) {
      const Reason reason =
          refuse(Reason::json_syntax, index_[0], "a record begins with {, and this with ");
      error_excerpt_ = head();
      return reason;
    }
    return refuse(Reason::json_not_object, index_[0], describe(kind));
  }
  root_kind_ = list_record ? JsonKind::list : JsonKind::object;
  const char last = list_record ? ']' : '}';
  if (text_[index_[index_size_ - 1]] != last) return read_unended(frame, last);
  strangers_.clear();
  const At end = list_record ? list(index_, trie_.root(), 1) : object(index_, trie_.root(), 1);
  if (end == nullptr) {
    index_size_ = 0;
    return reason_;
  }
  if (end != index_ + index_size_) return refuse(Reason::json_syntax, *end, kBehindTheEnd);
  if (repeated_) return fail(Reason::repeated_key, repeat_byte_, repeated_key_);
  return Reason::none;
}

/// The record does not end with its closing bracket, so the walk could leave the index: it is
/// walked with one more behind it, to find what is wrong first.
Reason RecordReader::read_unended(std::string_view frame, char end) {
  std::string longer(frame);
  longer += end;
  longer.append(64, ' ');
  const Reason reason = read_frame({longer.data(), frame.size() + 1});
  text_ = frame.data();
  size_ = frame.size();
  const bool ends_early =
      reason == Reason::none || reason == Reason::repeated_key || error_byte_ >= size_;
  if (ends_early) return refuse(Reason::json_syntax, size_, kEndsEarly);
  return reason;
}

/// An error found outside the walk; there is nothing to look into then.
Reason RecordReader::refuse(Reason reason, std::size_t byte, std::string_view text) noexcept {
  index_size_ = 0;
  return fail(reason, byte, text);
}

/// The first characters of what should be a record.
std::string RecordReader::head() const {
  constexpr int kCharacters = 20;
  std::size_t end = index_[0];
  for (int i = 0; i < kCharacters && end < size_; ++i) next_code_point({text_, size_}, end);
  return std::string(text_ + index_[0], end - index_[0]) + (end < size_ ? "…" : "");
}

/// Stage 1 says what is wrong, but not where.
Reason RecordReader::explain_stage1_error(int error) {
  const std::string_view text{text_, size_};
  if (error == simdjson::UTF8_ERROR) {
    const std::size_t at = first_invalid_utf8(text);
    return fail(Reason::not_utf8, at == kValidUtf8 ? 0 : at, "");
  }
  bool in_string = false;
  std::size_t opened = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
      opened = i;
    } else if (in_string && c < 0x20) {
      const std::string_view what =
          c == '\n' || c == '\r'
              ? "there is a line end inside a text (or its closing quote is missing)"
          : c == '\t' ? "there is a tab inside a text (write \\t)"
                      : "there is a control character inside a text";
      return fail(Reason::json_syntax, i, what);
    }
  }
  if (in_string)
    return fail(Reason::json_syntax, opened, "the text that begins here has no closing quote");
  return fail(Reason::json_syntax, 0, "there is nothing where a record should be");
}

/// From an opening brace to the place behind its closing brace, or nullptr.
/// The hot loop of the whole program.
///
/// Why the index is not left: its last entry is a closing bracket, which is no key, no colon and no
/// value, so the walk can be past it only when it has closed an object or a list; that is where its
/// end is looked for.
[[gnu::aligned(64)]] RecordReader::At RecordReader::object(At open, Shape& shape, int depth) {
  if (depth > max_depth_) return wrong(Reason::too_deep, open, "");
  const char* const text = text_;
  At at = open + 1;
  if (text[*at] == '}') return close(open) = static_cast<std::uint32_t>(at - index_), at + 1;
  const std::uint64_t serial = ++serial_;
  const std::size_t strangers = strangers_.size();
  Key* last = nullptr;
  Key* key = shape.first;
  for (;;) {
    // The key and its colon: as guessed from the last such object, or looked up.
    if (!key->fits(text + *at)) [[unlikely]] {
      key = look_up_key(at, shape, last);
      if (key == nullptr) return nullptr;
    }
    if (key->seen_in == serial) [[unlikely]]
      note_repeat(*at, key->field->name);
    key->seen_in = serial;
    at += 2;
    if (key->noted != 0) note(*key, at);
    const char c = text[*at];
    if (c == '"') [[likely]] {
      if (escape_ < at[1] && !string_is_right(at)) [[unlikely]]
        return nullptr;
      ++at;
    } else if (c == '{' || c == '[') {
      at = inside(at, c, trie_.child(shape, *key), depth);
      if (at == nullptr) return nullptr;
    } else {
      if (scalar_end(text + *at) != text + at[1] && !scalar_is_right(at)) [[unlikely]]
        return nullptr;
      ++at;
    }
    const char separator = text[*at];
    if (separator == ',') [[likely]] {
      ++at;
      last = key;
      key = key->next;
      continue;
    }
    if (separator != '}') [[unlikely]]
      return wrong(Reason::json_syntax, at, kNoComma);
    close(open) = static_cast<std::uint32_t>(at - index_);
    if (strangers_.size() > strangers) [[unlikely]]
      find_repeats(strangers, open);
    return at + 1;
  }
}

RecordReader::At RecordReader::list(At open, Shape& shape, int depth) {
  if (depth > max_depth_) return wrong(Reason::too_deep, open, "");
  const char* const text = text_;
  At at = open + 1;
  if (text[*at] == ']') return close(open) = static_cast<std::uint32_t>(at - index_), at + 1;
  for (;;) {
    const char c = text[*at];
    if (c == '"') {
      if (escape_ < at[1] && !string_is_right(at)) return nullptr;
      ++at;
    } else if (c == '{' || c == '[') {
      at = inside(at, c, trie_.items(shape), depth);
      if (at == nullptr) return nullptr;
    } else {
      if (scalar_end(text + *at) != text + at[1] && !scalar_is_right(at)) return nullptr;
      ++at;
    }
    const char separator = text[*at];
    if (separator == ',') {
      ++at;
      continue;
    }
    if (separator != ']') return wrong(Reason::json_syntax, at, kNoComma);
    close(open) = static_cast<std::uint32_t>(at - index_);
    return at + 1;
  }
}

/// An object or list inside another: the place behind it, or nullptr.
RecordReader::At RecordReader::inside(At open, char bracket, Shape& shape, int depth) {
  const At behind = bracket == '{' ? object(open, shape, depth + 1) : list(open, shape, depth + 1);
  if (behind == index_ + index_size_) return wrong(Reason::json_syntax, behind, "");
  return behind;
}

/// A wanted value, or one that nobody uses.
void RecordReader::note(const Key& key, At at) {
  const std::uint32_t slot = key.noted & ~Key::kUnused;
  if (slot != 0) slots_[slot - 1] = static_cast<std::uint32_t>(at - index_);
  if ((key.noted & Key::kUnused) != 0 && unused_.size() < kMostUnused) unused_.push_back(&key);
}

/// The error at a place, or the end of the record behind it.
[[gnu::cold]] RecordReader::At RecordReader::wrong(Reason reason, At at,
                                                   std::string_view text) noexcept {
  const bool ended = at >= index_ + index_size_ && reason == Reason::json_syntax;
  fail(reason, ended ? size_ : *at, ended ? kEndsEarly : text);
  return nullptr;
}

/// Whether a number, true, false or null is at `at`, with nothing but spaces up to the next
/// structural byte; if not, notes what is wrong.
[[gnu::cold]] bool RecordReader::scalar_is_right(At at) noexcept {
  const char* const next = text_ + at[1];
  const char* end = scalar_end(text_ + *at);
  if (end != nullptr) {
    while (end < next && is_blank(*end)) ++end;
    if (end == next) return true;
  }
  const char c = text_[*at];
  const bool number_like = is_digit(c) || c == '-' || c == '+' || c == '.';
  wrong(Reason::json_syntax, at,
        number_like                        ? "this is not a number as JSON writes it"
        : c == ',' || c == '}' || c == ']' ? "a value is missing"
        : c == '\''                        ? "a text needs double quotes"
                                           : "this is no JSON value");
  return false;
}

/// The first backslash from `from` on, or the end of the frame.
std::size_t RecordReader::find_escape(std::size_t from) const noexcept {
  const void* found = std::memchr(text_ + from, '\\', size_ - from);
  return found == nullptr ? size_
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text_);
}

/// The escapes of the string at `at`, in which the next backslash of the walk lies.
[[gnu::noinline]] bool RecordReader::string_is_right(At at) noexcept {
  const std::size_t begin = *at + 1;
  const std::size_t end = end_of_token(at) - 1;
  const std::size_t bad = wrong_escape({text_ + begin, end - begin});
  if (bad == std::string_view::npos) {
    escape_ = find_escape(end);
    return true;
  }
  fail(Reason::json_syntax, begin + bad, "the text has an escape that JSON does not know");
  return false;
}

/// Another key than the guess: one that was seen there before; else finds it, or learns it. Corrects
/// the guess. `last`: the key before it, or nullptr. Gives nullptr where it is no key.
[[gnu::noinline]] RecordReader::Key* RecordReader::look_up_key(At at, Shape& shape, Key* last) {
  if (text_[*at] != '"') {
    wrong(Reason::json_syntax, at, "a key in double quotes is missing");
    return nullptr;
  }
  const bool known = last != &trie_.stranger();
  Key*& guessed = last == nullptr ? shape.first : last->next;
  KeyTrie::Others& others = last == nullptr ? shape.others : last->field->others;
  if (known && others_are_worth_it()) {
    Key* const other = KeyTrie::one_of(others, guessed, text_ + *at);
    others_right_ = other != nullptr ? std::min(others_right_ + 4, kMostRight)
                                     : std::max(others_right_ - 1, -kMostRight);
    if (other != nullptr) return guessed = other;
  }
  const bool escaped = escape_ < at[1];
  if (escaped && !string_is_right(at)) return nullptr;
  const std::size_t begin = *at + 1;
  const std::size_t end = end_of_token(at);
  if (end <= begin || text_[end - 1] != '"' || text_[at[1]] != ':') {
    wrong(Reason::json_syntax, at + 1, "a colon is missing after the key");
    return nullptr;
  }
  std::string_view name{text_ + begin, end - 1 - begin};
  if (escaped) {
    scratch_.clear();
    append_json_unescaped(scratch_, name);
    name = scratch_;
  }
  Key& key = trie_.learn(shape, name, {text_ + *at, std::size_t{at[1]} + 1 - *at});
  if (&key == &trie_.stranger()) {
    strangers_.emplace_back(name);
    if (key.field->use == KeyTrie::Use::unused && unused_.size() < kMostUnused)
      unused_.push_back(&strange(shape, name));
  }
  if (known) {
    if (&key != guessed) trie_.add_guess(others, guessed);
    guessed = &key;
  }
  return &key;
}

/// Whether keys that were seen at a place before are likely to be right there again: where each record
/// has an order of its own they never are, and are tried now and then only.
bool RecordReader::others_are_worth_it() const noexcept {
  constexpr std::uint64_t kSeldom = 32;
  return others_right_ > 0 || serial_ % kSeldom == 0;
}

/// A key that nobody uses and the trie has no room for, until the next record.
const RecordReader::Key& RecordReader::strange(Shape& shape, std::string_view name) {
  auto& [key, field] = unlearned_.emplace_back();
  field.name = name;
  field.shape = &shape;
  field.passing = true;
  key.field = &field;
  return key;
}

/// The keys without a place in the trie of the object at `open`: those from `from` on.
[[gnu::cold]] void RecordReader::find_repeats(std::size_t from, At open) {
  const auto begin = strangers_.begin() + static_cast<std::ptrdiff_t>(from);
  std::sort(begin, strangers_.end());
  const auto twice = std::adjacent_find(begin, strangers_.end());
  if (twice != strangers_.end()) note_repeat(*open, *twice);
  strangers_.erase(begin, strangers_.end());
}

/// The first is told once the record is proved to be JSON: it is kept as such.
[[gnu::cold]] void RecordReader::note_repeat(std::size_t byte, std::string_view name) {
  if (repeated_) return;
  repeated_ = true;
  repeat_byte_ = byte;
  repeated_key_ = name;
}

// ---- looking into a record that was read ----

/// The position behind the value at `at`.
std::uint32_t RecordReader::after(std::uint32_t at) const noexcept {
  const char c = text_[index_[at]];
  return (c == '{' || c == '[' ? close_[at] : at) + 1;
}

Node RecordReader::root() const noexcept {
  return index_size_ == 0 ? Node() : Node(this, 0, root_kind_);
}

std::string_view describe(JsonKind kind) noexcept {
  switch (kind) {
    case JsonKind::missing:
      return "nothing";
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return "true or false";
    case JsonKind::number:
      return "a number";
    case JsonKind::text:
      return "text";
    case JsonKind::list:
      return "a list";
    case JsonKind::object:
      return "an object";
  }
  return "nothing";
}

std::string_view Node::unescaped(std::string_view escaped, Arena& arena) {
  std::string text;
  append_json_unescaped(text, escaped);
  return arena.copy(text);
}

bool Node::is_empty_container() const noexcept {
  const bool container = kind_ == JsonKind::list || kind_ == JsonKind::object;
  return container && listed_ != Listed::one && reader_->close_[at_] == at_ + 1;
}

Node Node::as_list() const {
  if (!exists() || kind_ == JsonKind::list || kind_ == JsonKind::null) return *this;
  if (is_empty_container()) return *this;
  Node listed = *this;
  listed.kind_ = JsonKind::list;
  const bool numbered = kind_ == JsonKind::object && reader_->is_numbered(*this);
  listed.listed_ = numbered ? Listed::numbered : Listed::one;
  return listed;
}

std::string_view Node::number_of(const Node& key) noexcept {
  std::string_view digits = key.token();
  digits = digits.substr(1, digits.size() - 2);
  if (!is_number(digits)) return {};
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

std::size_t Node::count() const noexcept {
  std::size_t n = 0;
  for (NodeCursor cursor(*this); cursor.next();) ++n;
  return n;
}

Node Node::member(std::string_view key, Arena& arena) const {
  if (kind_ != JsonKind::object) return {};
  for (NodeCursor cursor(*this); cursor.next();)
    if (cursor.key().text(arena) == key) return cursor.value();
  return {};
}

/// A key is compared as it stands between its quotes where there is no backslash so far
/// and nothing between it and its colon; else as a text.
void Node::members(std::span<const std::string> keys, std::span<Node> out, Arena& arena) const {
  std::fill(out.begin(), out.end(), Node());
  const RecordReader& reader = *reader_;
  const char* const text = reader.text_;
  const std::uint32_t end = reader.close_[at_];
  const std::size_t count = keys.size();
  std::size_t guess = 0;  // which key comes next
  for (std::uint32_t at = at_ + 1; at < end; at = reader.after(at + 2) + 1) {
    const std::uint32_t begin = reader.index_[at] + 1;
    const std::uint32_t colon = reader.index_[at + 1];
    const bool plain = text[colon - 1] == '"' && !reader.may_have_escapes(at);
    const std::string_view name = plain ? std::string_view(text + begin, colon - 1 - begin)
                                        : Node(&reader, at, JsonKind::text).text(arena);
    for (std::size_t tried = 0; tried < count; ++tried, ++guess) {
      if (guess == count) guess = 0;
      if (keys[guess] != name) continue;
      out[guess++] = Node(&reader, at + 2, reader.kind_at(at + 2));
      break;
    }
  }
}

Node Node::item(std::int64_t index) const noexcept {
  if (kind_ != JsonKind::list) return {};
  if (index < 0) index += static_cast<std::int64_t>(count());
  if (index < 0) return {};
  for (NodeCursor cursor(*this); cursor.next();)
    if (index-- == 0) return cursor.value();
  return {};
}

/// Whether a number, as its digits without zeros in front, is below another.
static bool is_below(std::string_view a, std::string_view b) noexcept {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

/// Whether all keys of an object are numbers. Of a large one, and of one whose keys are not in their
/// order, it is found out once for the record, however many rows and columns look into it.
bool RecordReader::is_numbered(const Node& object) const {
  const auto known = numbered_.find(object.at_);
  if (known != numbered_.end()) return known->second.numbers;
  Numbered found;
  bool in_order = true;
  std::string_view before;
  for (NodeCursor cursor(object); cursor.next() && found.numbers;) {
    const std::string_view number = Node::number_of(cursor.key());
    in_order = in_order && !is_below(number, before);
    before = number;
    found.numbers = !number.empty();
  }
  if (found.numbers && !in_order) found.order = in_order_of(object);
  constexpr std::uint32_t kLarge = 256;  // of the structural index
  const bool numbers = found.numbers;
  if (!found.order.empty() || close_[object.at_] - object.at_ > kLarge)
    numbered_.emplace(object.at_, std::move(found));
  return numbers;
}

/// The places of the values of such an object in the order of its keys.
std::vector<std::uint32_t> RecordReader::in_order_of(const Node& object) {
  std::vector<std::pair<std::string_view, std::uint32_t>> items;
  for (NodeCursor cursor(object); cursor.next();)
    items.emplace_back(Node::number_of(cursor.key()), cursor.value().at_);
  std::stable_sort(items.begin(), items.end(),
                   [](const auto& a, const auto& b) { return is_below(a.first, b.first); });
  std::vector<std::uint32_t> order;
  order.reserve(items.size());
  for (const auto& [number, at] : items) order.push_back(at);
  return order;
}

NodeCursor::NodeCursor(const Node& container) noexcept : reader_(container.reader_) {
  if (container.listed_ == Node::Listed::one) {
    at_ = container.at_;
    end_ = at_ + 1;
    one_ = true;
    return;
  }
  object_ = container.kind_ == JsonKind::object;
  if (container.listed_ == Node::Listed::numbered) {
    object_ = keys_hidden_ = true;
    const auto known = reader_->numbered_.find(container.at_);
    if (known != reader_->numbered_.end() && !known->second.order.empty()) {
      ordered_ = known->second.order.data();
      ordered_end_ = ordered_ + known->second.order.size();
      return;
    }
  }
  if (!object_ && container.kind_ != JsonKind::list) return;
  at_ = container.at_ + 1;
  end_ = reader_->close_[container.at_];
}

bool NodeCursor::next() noexcept {
  if (ordered_ != nullptr) {
    if (ordered_ == ordered_end_) return false;
    value_ = Node(reader_, *ordered_, reader_->kind_at(*ordered_));
    ++ordered_;
    return true;
  }
  if (at_ >= end_) return false;
  if (one_) {
    value_ = Node(reader_, at_, reader_->kind_at(at_));
    at_ = end_;
    return true;
  }
  if (object_) {
    if (!keys_hidden_) key_ = Node(reader_, at_, JsonKind::text);
    at_ += 2;
  }
  value_ = Node(reader_, at_, reader_->kind_at(at_));
  at_ = reader_->after(at_) + 1;  // past the comma or the closing bracket
  return true;
}

}  // namespace trama
