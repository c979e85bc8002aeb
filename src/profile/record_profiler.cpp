#include "profile/record_profiler.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "json/json_text.h"
#include "json/personal_places.h"
#include "profile/findings.h"

namespace trama {
namespace {

/// An object is looked at for keys of data when it has so many, and each time that they double.
constexpr std::size_t kFirstLook = 32;

constexpr char kSeparators[] = {',', ';', '\t', '|'};  // of CSV

std::string_view bytes_of(const Frame& frame) noexcept {
  return {frame.data, frame.size};
}

/// As ==, for keys: short, and nearly always the same.
bool is_same(std::string_view a, std::string_view b) noexcept {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size < 8 || size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  const auto differ = [&](std::size_t at) {
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    std::memcpy(&x, a.data() + at, sizeof(x));
    std::memcpy(&y, b.data() + at, sizeof(y));
    return x ^ y;
  };
  return (differ(0) | differ(size - 8)) == 0;  // two words that overlap
}

/// Values of a path that are looked at where the path is not wanted.
constexpr std::uint64_t kFew = 64;

/// Numbers side by side become numbers far apart.
constexpr std::uint64_t mixed(std::uint64_t number) noexcept {
  number = (number ^ (number >> 31U)) * 0x7FB5D329728EA185U;
  number = (number ^ (number >> 27U)) * 0x81DADEF4BC2DD44DU;
  return number ^ (number >> 33U);
}

/// A character that is no part of anybody's name or number.
bool is_sign(char c) noexcept {
  const bool letter = small_letter(c) >= 'a' && small_letter(c) <= 'z';
  return c > ' ' && c < 0x7F && !letter && !is_digit(c);
}

/// Whether a first line has the separators of several columns (RFC 4180),
/// and no sign of another format.
bool looks_like_csv(std::string_view text) noexcept {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.find_first_of("{}[]<>=") != std::string_view::npos) return false;
  const std::ptrdiff_t fewest = line.find(' ') == std::string_view::npos ? 1 : 2;  // no prose
  return std::any_of(std::begin(kSeparators), std::end(kSeparators),
                     [&](char one) { return std::count(line.begin(), line.end(), one) >= fewest; });
}

/// No fields, but all records that a mapping can read: lists too ([0]).
WantedFields any_record(const std::vector<KeyPath>& json_in_text) {
  WantedFields wanted;
  wanted.lists = true;
  wanted.json_in_text = json_in_text;
  return wanted;
}

}  // namespace

RecordProfiler::RecordProfiler(std::size_t max_record_bytes,
                               const std::vector<KeyPath>& json_in_text)
    : max_record_bytes_(max_record_bytes), reader_(any_record(json_in_text)) {}

void RecordProfiler::add(const Split& split, std::size_t at, Profile& out) {
  const Frame& frame = split.frames[at];
  out.bytes += frame.whole_size;
  out_ = &out;
  frame_ = &frame;
  places_.emplace(bytes_of(frame), DataPlace{frame.line, frame.column});
  source_ = split.source;
  if (frame.kind != FrameKind::record) {
    refuse(split, at, out);
    return;
  }
  const Reason reason = reader_.read(bytes_of(frame));
  if (reason != Reason::none) {
    refuse(frame, split.source, reason, out);
    return;
  }
  ++out.records;
  record_ = mixed(mixed(source_ + 1) + frame.number);
  objects_ = 0;
  if (out.samples.size() < out.samples_wanted && frame.size <= kMaxSampleBytes)
    out.samples.push_back({split.source,
                           frame.number,
                           frame.byte,
                           {frame.line, frame.column},
                           std::string(frame.key),
                           std::string(bytes_of(frame))});
  if (!frame.key.empty()) record_key(frame.key, out.record_key());
  value(reader_.root(), *out.root);
  arena_.reset();
}

// ---- records that are none ----

void RecordProfiler::refuse(const Frame& frame, std::size_t source, Reason reason, Profile& out) {
  UnreadRecord unread{source, frame.number, {}, reason, {}, {}, {}, {}};
  DataPlaces places(bytes_of(frame), {frame.line, frame.column});
  unread.place = places.of(reader_.error_byte());
  switch (reason) {
    case Reason::not_utf8:
      unread.a = std::to_string(reader_.error_byte());
      break;
    case Reason::too_deep:
      unread.a = std::to_string(kMaxDepth);
      break;
    default:
      unread.a = is_personal_key(reader_.error_text()) ? kHidden : reader_.error_text();
      // Of what is no JSON nobody knows what is personal; a sign by itself is not.
      if (const std::string_view begin = reader_.error_excerpt(); !begin.empty()) {
        if (is_sign(begin.front()))
          unread.b = std::string(1, begin.front()) + "…";
        else
          unread.a = "a record begins with {, and this does not";
      }
      if (looks_like_csv(bytes_of(frame))) unread.looks_like = PhraseCode::source_like_csv;
  }
  out.add_unread(std::move(unread));
}

/// A frame that is not to be read as a record.
void RecordProfiler::refuse(const Split& split, std::size_t at, Profile& out) {
  const Frame& frame = split.frames[at];
  UnreadRecord unread{split.source, frame.number, {frame.line, frame.column}, {}, {}, {}, {}, {}};
  switch (frame.kind) {
    case FrameKind::too_big:
      unread.reason = Reason::too_big;
      unread.a = std::to_string(frame.whole_size);
      unread.b = std::to_string(max_record_bytes_);
      break;
    case FrameKind::no_records: {
      unread.reason = Reason::no_records;
      const auto found = split.found_instead.find(at);
      if (found != split.found_instead.end()) unread.instead = found->second;
      break;
    }
    default:
      unread.reason = Reason::json_syntax;
      unread.a =
          "its end cannot be found, so all from here to the end of the input is kept as this one "
          "record";
  }
  out.add_unread(std::move(unread));
}

// ---- values ----

/// `written`: JSON text with its quotes. It is not in the frame, so no example says its place.
void RecordProfiler::record_key(std::string_view written, PathNode& at) {
  key_text_.clear();
  append_json_unescaped(key_text_, written.substr(1, written.size() - 2));
  count(at);
  ++at.seen.kinds[static_cast<std::size_t>(JsonKind::text)];
  if (key_text_.empty())
    ++at.seen.empty;
  else
    out_->add_value(at, forms_, JsonKind::text, key_text_);
}

/// One more value at a path.
void RecordProfiler::count(PathNode& at) noexcept {
  ++at.seen.count;
  if (at.last_record == out_->records) return;
  at.last_record = out_->records;
  ++at.seen.records;
}

bool RecordProfiler::is_looked_at(PathNode& at) {
  using Look = PathNode::Look;
  if (at.look == Look::unasked) {
    std::string path = at.path();
    if (asked_.size() >= kMaxPaths) asked_.clear();
    auto [known, fresh] = asked_.try_emplace(std::move(path), false);
    if (fresh) known->second = known->first.empty() || wanted_(known->first);
    at.look = known->second ? Look::all : Look::few;
  }
  return at.look == Look::all || at.seen.count <= kFew;
}

void RecordProfiler::value(const Node& node, PathNode& at) {
  count(at);
  const JsonKind kind = node.kind();
  ++at.seen.kinds[static_cast<std::size_t>(kind)];
  if (wanted_ && !is_looked_at(at)) return;
  switch (kind) {
    case JsonKind::missing:
    case JsonKind::null:
      break;
    case JsonKind::text:
    case JsonKind::number:
    case JsonKind::boolean:
      scalar(node, node.text(arena_), at);
      break;
    case JsonKind::list:
      items(node, at);
      break;
    case JsonKind::object:
      if (node.is_empty_container())
        ++at.seen.empty;
      else if (at.is_folded())
        entries(node, at);
      else
        members(node, at);
  }
}

void RecordProfiler::scalar(const Node& node, std::string_view text, PathNode& at) {
  if (text.empty()) {
    ++at.seen.empty;
    return;
  }
  at.seen.filled_in += object_;
  if (out_->add_value(at, forms_, node.kind(), text) && at.seen.examples.size() < out_->examples())
    keep_example(node, text, at);
}

void RecordProfiler::keep_example(const Node& node, std::string_view text, PathNode& at) {
  const std::string_view kept = kept_part(text);
  at.seen.examples.push_back({{node.kind(), kept.size() < text.size(), std::string(kept)},
                              source_,
                              frame_->number,
                              places_->of(reader_.written_at(node.byte()))});
}

void RecordProfiler::items(const Node& list, PathNode& at) {
  PathNode* const item = list.is_empty_container() ? nullptr : out_->items(at);
  std::uint64_t size = 0;
  for (NodeCursor cursor(list); cursor.next(); ++size) {
    if (item != nullptr)
      value(cursor.value(), *item);
    else
      ++out_->values_beyond;
  }
  PathProfile& seen = at.seen;
  if (size == 0) ++seen.empty;
  seen.items += size;
  seen.fewest_items = std::min(seen.fewest_items, size);
  seen.most_items = std::max(seen.most_items, size);
}

/// Suppliers write the same keys in the same order in nearly every record,
/// so the next key is guessed.
void RecordProfiler::members(const Node& object, PathNode& at) {
  const std::size_t before = at.members.size();
  PathNode* last = nullptr;
  PathNode* guess = at.first;
  const std::uint64_t which = mixed(record_ + ++objects_);
  for (NodeCursor cursor(object); cursor.next();) {
    const std::string_view written = cursor.key().token();
    PathNode* here = guess;
    if (here == nullptr || !is_same(here->written, written)) {
      here = member(written, at);
      if (here == nullptr) {
        ++out_->values_beyond;
        continue;
      }
      (last == nullptr ? at.first : last->next) = here;
    }
    object_ = which;
    value(cursor.value(), *here);
    last = here;
    guess = here->next;
  }
  const std::size_t now = at.members.size();
  if (now > before && now >= kFirstLook && std::bit_width(now) != std::bit_width(before))
    out_->fold_if_data(at, forms_);
}

PathNode* RecordProfiler::member(std::string_view written, PathNode& object) {
  key_text_.clear();
  append_json_unescaped(key_text_, written.substr(1, written.size() - 2));
  PathNode* const member = out_->member(object, key_text_);
  if (member != nullptr && written.size() <= kMaxKeyBytes) member->written = written;
  return member;
}

void RecordProfiler::entries(const Node& object, PathNode& at) {
  for (NodeCursor cursor(object); cursor.next();) {
    count(*at.key);
    ++at.key->seen.kinds[static_cast<std::size_t>(JsonKind::text)];
    scalar(cursor.key(), cursor.key().text(arena_), *at.key);
    value(cursor.value(), *at.entries);
  }
}

}  // namespace trama
