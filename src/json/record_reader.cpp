#include "json/record_reader.h"

#include <simdjson.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/utf8.h"
#include "json/json_text.h"

namespace trama {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;
constexpr std::uint32_t kWrong = 0;  // no value ends at the first entry of the index
constexpr std::int32_t kNoSlot = -1;

// What the trie of keys may grow to; records whose keys are ids (`{"12345": {…}}`) go past it and
// are checked without it.
constexpr std::size_t kMaxKeysOfShape = 512;
constexpr std::size_t kMaxKeys = 8192;
constexpr std::size_t kMaxNameBytes = std::size_t{256} * 1024;
constexpr std::size_t kKeysWithoutIndex = 8;
// Nor does it grow with every new nesting of lists and unlearned keys: past this many shapes all
// share one without keys.
constexpr std::size_t kMaxShapes = 16384;
constexpr std::uint32_t kFullShape = 1;

constexpr std::size_t kPatternBytes = 32;

constexpr std::size_t kUsualCapacity = std::size_t{64} * 1024;
constexpr std::size_t kBigCapacity = std::size_t{1024} * 1024;

constexpr std::string_view kBehindTheEnd = "something stands after the end of the record";
constexpr std::string_view kEndsEarly = "the record ends before its closing bracket";
constexpr std::string_view kNoComma = "a comma or the closing bracket is missing";

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

std::uint32_t hash_of(std::string_view name) noexcept {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  std::memcpy(&head, name.data(), std::min<std::size_t>(8, name.size()));
  if (name.size() > 8) std::memcpy(&tail, name.data() + name.size() - 8, 8);
  const std::uint64_t h = (head ^ (tail << 1U) ^ name.size()) * 0x9e3779b97f4a7c15U;
  return static_cast<std::uint32_t>(h >> 40U);
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

/// The first wrong escape in the inside of a string, or npos (RFC 8259 §7; lone surrogates are
/// wrong).
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

/// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? from `p` on; gives its end, or nullptr (RFC 8259
/// §6).
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

/// A bit for each of the 16 bytes at `a` and `b` (aligned) that are the same.
unsigned same_bytes(const char* a, const char* b) noexcept {
#if defined(__SSE2__)
  const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a));
  const __m128i y = _mm_load_si128(reinterpret_cast<const __m128i*>(b));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)));
#else
  unsigned same = 0;
  for (unsigned i = 0; i < 16; ++i) same |= (a[i] == b[i] ? 1U : 0U) << i;
  return same;
#endif
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
    TRAMA_CHECK(error == simdjson::SUCCESS);
    capacity = wanted;
  }
};

/// One cache line: what the walk needs of a key.
struct alignas(64) RecordReader::Key {
  /// The first bytes of `name"`, as they stand behind the opening quote. All zero, which no key
  /// begins with, where the name is too long for it or has a quote or backslash: then it is always
  /// looked up.
  char pattern[kPatternBytes] = {};
  std::uint16_t any_bytes = 0;  // a bit for each of the first 16 bytes that the pattern leaves open
  std::uint8_t size_behind = 0;  // of the pattern, behind its first 16 bytes
  bool watched = false;          // a slot, or used by nobody
  Use use = Use::used;
  std::int32_t slot = kNoSlot;
  std::uint32_t next = kNone;  // the key that followed it last
  std::uint32_t child = kNone;
  std::uint64_t seen_in = 0;  // the serial number of the object it was seen in last

  /// Whether the bytes behind an opening quote are this key and its closing quote.
  bool fits(const char* bytes) const noexcept {
    if ((same_bytes(bytes, pattern) | any_bytes) != 0xFFFFU) return false;
    return size_behind == 0 || std::memcmp(bytes + 16, pattern + 16, size_behind) == 0;
  }
};

struct RecordReader::Shape {
  std::uint32_t parent = kNone;
  std::uint32_t parent_key = kNone;  // kNone below a list, or below keys that there was no room for
  std::uint32_t first = kNone;       // the key that stood first in the last such object
  std::uint32_t items = kNone;       // the shape of the items, of a list
  std::uint32_t strangers = kNone;   // the shape below keys that there was no room for
  std::vector<std::uint32_t> keys;
  std::vector<std::uint32_t> index;  // open addressing, once there are more than kKeysWithoutIndex
};

RecordReader::RecordReader(const WantedFields& wanted, int max_depth)
    : stage1_(std::make_unique<Stage1>()),
      strangers_(static_cast<std::size_t>(max_depth) + 1),
      slots_(wanted.slots.size()),
      used_patterns_(wanted.used),
      watch_(wanted.watch),
      max_depth_(max_depth) {
  stage1_->reserve(kUsualCapacity);
  new_shape(kNone, kNone);
  shapes_[new_shape(kNone, kNone)] = {
      .items = kFullShape, .strangers = kFullShape, .keys = {}, .index = {}};
  for (std::size_t i = 0; i < wanted.slots.size(); ++i) {
    std::uint32_t shape = 0;
    std::uint32_t key = kNone;
    for (const std::string& name : wanted.slots[i]) {
      if (key != kNone) shape = child_of(shape, key);
      key = find_key(shapes_[shape], name);
      if (key == kNone) key = add_key(shape, name);
    }
    TRAMA_CHECK(key != kNone && keys_[key].slot == kNoSlot);
    keys_[key].slot = static_cast<std::int32_t>(i);
    keys_[key].watched = true;
  }
}

RecordReader::~RecordReader() = default;

// ---- the trie of keys ----

std::uint32_t RecordReader::new_shape(std::uint32_t parent, std::uint32_t parent_key) {
  if (shapes_.size() >= kMaxShapes) return kFullShape;
  shapes_.push_back({.parent = parent, .parent_key = parent_key, .keys = {}, .index = {}});
  return static_cast<std::uint32_t>(shapes_.size() - 1);
}

std::uint32_t RecordReader::find_key(const Shape& shape, std::string_view name) const noexcept {
  if (shape.index.empty()) {
    for (const std::uint32_t key : shape.keys)
      if (names_[key] == name) return key;
    return kNone;
  }
  const auto mask = static_cast<std::uint32_t>(shape.index.size() - 1);
  for (std::uint32_t i = hash_of(name) & mask;; i = (i + 1) & mask) {
    const std::uint32_t key = shape.index[i];
    if (key == kNone || names_[key] == name) return key;
  }
}

/// Adds a key that the shape does not have; gives kNone where the trie is full.
std::uint32_t RecordReader::add_key(std::uint32_t shape, std::string_view name) {
  Shape& s = shapes_[shape];
  if (shape == kFullShape || s.keys.size() >= kMaxKeysOfShape || keys_.size() >= kMaxKeys)
    return kNone;
  if (name_bytes_ + name.size() > kMaxNameBytes) return kNone;
  name_bytes_ += name.size();
  const auto key = static_cast<std::uint32_t>(keys_.size());
  keys_.emplace_back();
  names_.emplace_back(name);
  Key& made = keys_.back();
  made.use = watch_ ? use_of(shape, name) : Use::used;
  made.watched = made.use == Use::unused;
  if (name.size() < kPatternBytes && name.find_first_of("\"\\") == std::string_view::npos) {
    std::memcpy(made.pattern, name.data(), name.size());
    made.pattern[name.size()] = '"';
    const std::size_t size = name.size() + 1;
    if (size < 16) made.any_bytes = static_cast<std::uint16_t>(0xFFFFU << size);
    if (size > 16) made.size_behind = static_cast<std::uint8_t>(size - 16);
  }
  s.keys.push_back(key);
  if (s.keys.size() <= kKeysWithoutIndex) return key;
  if (s.keys.size() * 2 > s.index.size()) {
    s.index.assign(s.keys.size() * 4 > 64 ? std::size_t{2048} : std::size_t{64}, kNone);
    for (const std::uint32_t k : s.keys) {
      const auto mask = static_cast<std::uint32_t>(s.index.size() - 1);
      std::uint32_t i = hash_of(names_[k]) & mask;
      while (s.index[i] != kNone) i = (i + 1) & mask;
      s.index[i] = k;
    }
    return key;
  }
  const auto mask = static_cast<std::uint32_t>(s.index.size() - 1);
  std::uint32_t i = hash_of(name) & mask;
  while (s.index[i] != kNone) i = (i + 1) & mask;
  s.index[i] = key;
  return key;
}

std::uint32_t RecordReader::child_of(std::uint32_t shape, std::uint32_t key) {
  if (key == kNone) {
    if (shapes_[shape].strangers == kNone) {
      const std::uint32_t made = new_shape(shape, kNone);
      shapes_[shape].strangers = made;
    }
    return shapes_[shape].strangers;
  }
  if (keys_[key].child == kNone) keys_[key].child = new_shape(shape, key);
  return keys_[key].child;
}

std::uint32_t RecordReader::item_shape(std::uint32_t shape) {
  if (shapes_[shape].items == kNone) {
    const std::uint32_t made = new_shape(shape, kNone);
    shapes_[shape].items = made;
  }
  return shapes_[shape].items;
}

KeyPath RecordReader::path_to(std::uint32_t shape) const {
  KeyPath path;
  for (std::uint32_t s = shape; shapes_[s].parent != kNone; s = shapes_[s].parent)
    path.push_back(shapes_[s].parent_key == kNone ? "*" : names_[shapes_[s].parent_key]);
  std::reverse(path.begin(), path.end());
  return path;
}

RecordReader::Use RecordReader::use_of(std::uint32_t shape, std::string_view name) const {
  KeyPath path = path_to(shape);
  for (std::uint32_t s = shape; shapes_[s].parent != kNone; s = shapes_[s].parent) {
    const std::uint32_t above = shapes_[s].parent_key;
    if (above != kNone && keys_[above].use >= Use::unused) return Use::below_unused;
    if (above != kNone && keys_[above].use == Use::used) return Use::used;
  }
  path.emplace_back(name);
  bool partly = false;
  for (const KeyPath& pattern : used_patterns_) {
    const std::size_t common = std::min(pattern.size(), path.size());
    bool fits = true;
    for (std::size_t i = 0; i < common && fits; ++i)
      fits = pattern[i] == "*" || pattern[i] == path[i];
    if (fits && pattern.size() <= path.size()) return Use::used;
    partly = partly || fits;
  }
  return partly ? Use::partly : Use::unused;
}

std::string RecordReader::unused_path(std::uint32_t id) const {
  for (std::uint32_t s = 0; s < shapes_.size(); ++s) {
    if (std::find(shapes_[s].keys.begin(), shapes_[s].keys.end(), id) == shapes_[s].keys.end())
      continue;
    std::string path;
    KeyPath steps = path_to(s);
    steps.push_back(names_[id]);
    for (const std::string& step : steps) {
      if (step == "*") {
        path += "[*]";
      } else {
        if (!path.empty()) path += '.';
        const bool plain = !step.empty() && step.find_first_of(".[{\"") == std::string::npos;
        if (plain)
          path += step;
        else
          append_json_string(path, step);
      }
    }
    return path;
  }
  return {};
}

// ---- one record ----

Reason RecordReader::fail(Reason reason, std::size_t byte, std::string_view text) noexcept {
  reason_ = reason;
  error_byte_ = byte;
  error_text_ = text;
  return reason;
}

Reason RecordReader::read(std::string_view frame) {
  text_ = frame.data();
  size_ = frame.size();
  index_size_ = 0;
  reason_ = Reason::none;
  repeated_ = false;
  unused_.clear();
  std::fill(slots_.begin(), slots_.end(), 0U);
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
  if (first != '{') {
    const JsonKind kind = kind_at(0);
    if (kind == JsonKind::missing)
      return refuse(Reason::json_syntax, index_[0],
                    "a record begins with {, and this with " + head());
    return refuse(Reason::json_not_object, index_[0], describe(kind));
  }
  if (text_[index_[index_size_ - 1]] != '}') return read_unended(frame);
  const std::uint32_t at = object(0, 0, 1);
  if (at == kWrong) {
    index_size_ = 0;
    return reason_;
  }
  if (at != index_size_) return refuse(Reason::json_syntax, index_[at], kBehindTheEnd);
  if (repeated_) return refuse(Reason::repeated_key, repeat_byte_, repeated_key_);
  return Reason::none;
}

/// The record does not end with a closing brace, so the walk could leave the index: it is walked
/// with one more behind it, to find what is wrong first.
Reason RecordReader::read_unended(std::string_view frame) {
  std::string longer(frame);
  longer += '}';
  longer.append(64, ' ');
  const Reason reason = read({longer.data(), frame.size() + 1});
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
              ? "a line end stands inside a text (or its closing quote is missing)"
          : c == '\t' ? "a tab stands inside a text (write \\t)"
                      : "a control character stands inside a text";
      return fail(Reason::json_syntax, i, what);
    }
  }
  if (in_string)
    return fail(Reason::json_syntax, opened, "the text that begins here has no closing quote");
  return fail(Reason::json_syntax, 0, "there is nothing where a record should be");
}

/// From the position of an opening brace to the one behind its closing brace, or kWrong. The hot
/// loop of the whole program.
///
/// Why the index is not left: its last entry is a closing brace, which is no key, no colon and no
/// value, so the walk can be past it only when it has closed an object; that is where its end is
/// looked for.
std::uint32_t RecordReader::object(std::uint32_t open, std::uint32_t shape, int depth) {
  if (depth > max_depth_) return wrong(Reason::too_deep, open, "");
  const char* const text = text_;
  const std::uint32_t* const index = index_;
  std::uint32_t at = open + 1;
  if (text[index[at]] == '}') return close_[open] = at, at + 1;
  const std::uint64_t serial = ++serial_;
  std::uint32_t key = shapes_[shape].first;
  std::uint32_t last = kNone;
  strangers_[static_cast<std::size_t>(depth)].clear();
  for (;;) {
    if (text[index[at]] != '"')
      return wrong(Reason::json_syntax, at, "a key in double quotes is missing");
    // The key: as guessed from the last such object, or looked up. A pattern ends with the closing
    // quote, so where it fits it is the whole key, and lies inside the frame.
    Key* k = key == kNone ? nullptr : &keys_[key];
    if (k == nullptr || !k->fits(text + index[at] + 1)) {
      if (!look_up_key(at, shape, depth, last, key)) return kWrong;
      k = key == kNone ? nullptr : &keys_[key];
    }
    if (text[index[at + 1]] != ':')
      return wrong(Reason::json_syntax, at + 1, "a colon is missing after the key");
    at += 2;
    std::uint32_t next = kNone;
    if (k != nullptr) {
      if (k->seen_in == serial) note_repeat(index[at - 2], names_[key]);
      k->seen_in = serial;
      next = k->next;
      if (k->watched) note(*k, key, at);
    }
    const char c = text[index[at]];
    if (c == '"') {
      if (escape_ < index[at + 1] && !string_is_right(at)) return kWrong;
      ++at;
    } else if (c == '{' || c == '[') {
      const std::uint32_t child = child_of(shape, key);
      at = c == '{' ? object(at, child, depth + 1) : list(at, child, depth + 1);
      if (at == kWrong) return kWrong;
      if (at >= index_size_) return wrong(Reason::json_syntax, at, "");
    } else if (scalar(at, c)) {
      ++at;
    } else {
      return kWrong;
    }
    const char separator = text[index[at]];
    if (separator == ',') {
      ++at;
      last = key;
      key = next;
      continue;
    }
    if (separator != '}') return wrong(Reason::json_syntax, at, kNoComma);
    close_[open] = at;
    if (!strangers_[static_cast<std::size_t>(depth)].empty()) find_repeats(depth, open);
    return at + 1;
  }
}

/// A wanted value, or one that nobody uses.
void RecordReader::note(const Key& k, std::uint32_t key, std::uint32_t at) {
  if (k.slot != kNoSlot) slots_[static_cast<std::size_t>(k.slot)] = at;
  if (k.use == Use::unused) unused_.push_back(key);
}

/// The error at position `at` of the index, or the end of the record behind it.
std::uint32_t RecordReader::wrong(Reason reason, std::uint32_t at, std::string_view text) noexcept {
  const bool ended = at >= index_size_ && reason == Reason::json_syntax;
  fail(reason, ended ? size_ : index_[at], ended ? kEndsEarly : text);
  return kWrong;
}

std::uint32_t RecordReader::list(std::uint32_t open, std::uint32_t shape, int depth) {
  if (depth > max_depth_) return wrong(Reason::too_deep, open, "");
  std::uint32_t at = open + 1;
  if (text_[index_[at]] == ']') return close_[open] = at, at + 1;
  std::uint32_t items = kNone;
  for (;;) {
    const char c = text_[index_[at]];
    if (c == '"') {
      if (escape_ < index_[at + 1] && !string_is_right(at)) return kWrong;
      ++at;
    } else if (c == '{' || c == '[') {
      if (items == kNone) items = item_shape(shape);
      at = c == '{' ? object(at, items, depth + 1) : list(at, items, depth + 1);
      if (at == kWrong) return kWrong;
      if (at >= index_size_) return wrong(Reason::json_syntax, at, "");
    } else if (scalar(at, c)) {
      ++at;
    } else {
      return kWrong;
    }
    const char separator = text_[index_[at]];
    if (separator == ',') {
      ++at;
      continue;
    }
    if (separator != ']') return wrong(Reason::json_syntax, at, kNoComma);
    close_[open] = at;
    return at + 1;
  }
}

/// A number, true, false or null that begins with `c`: its bytes up to the next structural one,
/// blanks aside.
bool RecordReader::scalar(std::uint32_t at, char c) noexcept {
  const char* const begin = text_ + index_[at];
  const char* const next = text_ + index_[at + 1];
  const char* end = nullptr;
  if (c == '-' || is_digit(c)) {
    end = number_end(begin);
  } else if (c == 't' || c == 'n') {
    end = std::memcmp(begin, c == 't' ? "true" : "null", 4) == 0 ? begin + 4 : nullptr;
  } else if (c == 'f') {
    end = std::memcmp(begin, "false", 5) == 0 ? begin + 5 : nullptr;
  }
  if (end != nullptr) {
    while (end < next && is_blank(*end)) ++end;
    if (end == next) return true;
  }
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
bool RecordReader::string_is_right(std::uint32_t at) noexcept {
  const std::size_t begin = index_[at] + 1;
  const std::size_t end = end_of_token(at) - 1;
  const std::size_t bad = wrong_escape({text_ + begin, end - begin});
  if (bad == std::string_view::npos) {
    escape_ = find_escape(end);
    return true;
  }
  fail(Reason::json_syntax, begin + bad, "the text has an escape that JSON does not know");
  return false;
}

/// Another key than the guess: finds it, or learns it, and corrects the guess.
bool RecordReader::look_up_key(std::uint32_t at, std::uint32_t shape, int depth, std::uint32_t last,
                               std::uint32_t& key) {
  const bool escaped = escape_ < index_[at + 1];
  if (escaped && !string_is_right(at)) return false;
  const std::size_t begin = index_[at] + 1;
  const std::size_t end = end_of_token(at);
  if (end <= begin || text_[end - 1] != '"') {
    wrong(Reason::json_syntax, at + 1, "a colon is missing after the key");
    return false;
  }
  std::string_view name{text_ + begin, end - 1 - begin};
  if (escaped) {
    scratch_.clear();
    append_json_unescaped(scratch_, name);
    name = scratch_;
  }
  key = find_key(shapes_[shape], name);
  if (key == kNone) key = add_key(shape, name);
  if (key == kNone) strangers_[static_cast<std::size_t>(depth)].emplace_back(name);
  if (last == kNone) {
    shapes_[shape].first = key;
  } else {
    keys_[last].next = key;
  }
  return true;
}

void RecordReader::find_repeats(int depth, std::uint32_t at) {
  auto& names = strangers_[static_cast<std::size_t>(depth)];
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) note_repeat(index_[at], *twice);
}

/// The first is told once the record is proved to be JSON: it is kept as such.
void RecordReader::note_repeat(std::size_t byte, std::string_view name) {
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
  return index_size_ == 0 ? Node() : Node(this, 0, JsonKind::object);
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
  return container && reader_->close_[at_] == at_ + 1;
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

Node Node::item(std::int64_t index) const noexcept {
  if (kind_ != JsonKind::list) return {};
  if (index < 0) index += static_cast<std::int64_t>(count());
  if (index < 0) return {};
  for (NodeCursor cursor(*this); cursor.next();)
    if (index-- == 0) return cursor.value();
  return {};
}

NodeCursor::NodeCursor(const Node& container) noexcept : reader_(container.reader_) {
  object_ = container.kind_ == JsonKind::object;
  if (!object_ && container.kind_ != JsonKind::list) return;
  at_ = container.at_ + 1;
  end_ = reader_->close_[container.at_];
}

bool NodeCursor::next() noexcept {
  if (at_ >= end_) return false;
  if (object_) {
    key_ = Node(reader_, at_, JsonKind::text);
    at_ += 2;
  }
  value_ = Node(reader_, at_, reader_->kind_at(at_));
  at_ = reader_->after(at_) + 1;  // past the comma or the closing bracket
  return true;
}

}  // namespace trama
