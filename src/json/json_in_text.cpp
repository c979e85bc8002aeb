// JSON inside texts of a record (`json_in_text`, mappings/rules.md, rule 9.3). What such a text
// holds is proved on its own, put into the record in place of the text, and the record is read
// again: whatever looks into it then goes on inside, without knowing.

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "base/utf8.h"
#include "json/record_reader.h"

namespace trama {
namespace {

constexpr std::size_t kPadding = 64;  // of simdjson
constexpr std::size_t kKeptCapacity = std::size_t{1024} * 1024;

/// Whether a step may lead where another one leads.
bool may_meet(std::string_view a, std::string_view b) {
  const auto is_name = [](std::string_view step) {
    return step.empty() || static_cast<unsigned char>(step.front()) < 0xFA;  // no UTF-8 begins so
  };
  return !is_name(a) || !is_name(b) || a == b;
}

/// Whether what `inner` names may lie in what `outer` names.
bool is_above(const KeyPath& outer, const KeyPath& inner) {
  return outer.size() < inner.size() &&
         std::equal(outer.begin(), outer.end(), inner.begin(), may_meet);
}

}  // namespace

struct RecordReader::InText {
  /// A text of a frame, and what stands in its place in the frame that was made of it.
  struct Part {
    std::size_t text, text_end;
    std::size_t made, made_end;
  };
  /// Texts that can be taken together: of a text inside another, the outer one is in a turn before.
  struct Turn {
    std::vector<KeyPath> places;
    std::vector<Part> parts{};  // of the record at hand
  };

  explicit InText(const std::vector<KeyPath>& places) {
    for (const KeyPath& place : places) {
      const auto above = static_cast<std::size_t>(
          std::count_if(places.begin(), places.end(),
                        [&](const KeyPath& other) { return is_above(other, place); }));
      if (turns.size() <= above) turns.resize(above + 1);
      turns[above].places.push_back(place);
    }
  }

  static std::unique_ptr<RecordReader> new_reader() {
    return std::make_unique<RecordReader>(WantedFields{.slots = {}, .used = {}, .lists = true});
  }

  std::vector<Turn> turns;
  /// The record as the last turn that found texts made it, and where the next one makes it.
  std::string made[2];
  std::size_t next = 0;
  std::vector<std::uint32_t> found;  // positions in the structural index
  std::string text;
  std::unique_ptr<RecordReader> reader = new_reader();
  Arena arena;
};

std::unique_ptr<RecordReader::InText, RecordReader::DeleteInText> RecordReader::in_text_of(
    const std::vector<KeyPath>& places) {
  return std::unique_ptr<InText, DeleteInText>(places.empty() ? nullptr : new InText(places));
}

void RecordReader::DeleteInText::operator()(InText* in_text) const noexcept {
  delete in_text;
}

void RecordReader::find_texts(const Node& node, const KeyPath& place, std::size_t step) {
  if (step == place.size()) {
    if (node.kind() == JsonKind::text) in_text_->found.push_back(node.at_);
    return;
  }
  std::string_view name = place[step];
  const bool list = node.kind() == JsonKind::list;
  const bool object = node.kind() == JsonKind::object;
  const auto go_on = [&](const Node& next) { find_texts(next, place, step + 1); };
  const std::string_view kind = name.substr(0, 1);
  if (name == kItems || name == kEntries || name == kItemOrNumber) {
    if (name == kItems ? !list : name == kEntries ? !object : !list && !object) return;
    if (name == kItemOrNumber && object && !is_numbered(node)) return;  // a list of one
    for (NodeCursor cursor(node); cursor.next();) go_on(cursor.value());
  } else if (kind == kItemAt || kind == kKeyOrIndex) {
    name.remove_prefix(1);
    std::int64_t index = 0;
    const bool number =
        std::from_chars(name.data(), name.data() + name.size(), index).ec == std::errc();
    if (list ? number : kind == kKeyOrIndex)
      go_on(list ? node.item(index) : node.member(name, in_text_->arena));
  } else {
    go_on(node.member(name, in_text_->arena));
  }
}

/// Whether in_text_->text is one JSON value, of any kind; notes what is wrong with it. `at`: where
/// the text begins.
Reason RecordReader::prove_text(std::size_t at) {
  std::string& text = in_text_->text;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool bare = first == std::string::npos || (text[first] != '{' && text[first] != '[');
  if (bare) text = '[' + text + ']';  // a reader takes objects and lists
  const std::size_t size = text.size();
  text.append(kPadding, ' ');
  RecordReader& reader = *in_text_->reader;
  Reason reason = reader.read({text.data(), size});
  error_excerpt_.clear();
  if (reason == Reason::none && bare && reader.root().count() != 1)
    reason = reader.fail(Reason::json_syntax, 0, "something follows the end of the record");
  if (reason == Reason::none) {
    text.resize(size - (bare ? 1 : 0));
    if (bare) text.erase(0, 1);
    return reason;
  }
  if (reason == Reason::json_syntax) reason = Reason::text_not_json;
  error_in_text_ = true;
  return fail(reason, at, reader.error_text());
}

/// Puts what the texts at the places of one turn hold into the record, and reads it again.
Reason RecordReader::unfold(std::size_t turn) {
  auto& [places, parts] = in_text_->turns[turn];
  std::string& made = in_text_->made[in_text_->next];
  made.clear();
  std::vector<std::uint32_t>& found = in_text_->found;
  found.clear();
  for (const KeyPath& place : places) find_texts(root(), place, 0);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::size_t copied = 0;
  for (const std::uint32_t at : found) {
    const Node node(this, at, JsonKind::text);
    const std::string_view text = node.text(in_text_->arena);
    if (trim(text).empty()) continue;  // a blank
    in_text_->text = text;
    const std::size_t begin = node.byte();
    if (const Reason reason = prove_text(begin); reason != Reason::none) {
      parts.clear();  // the record is as it was
      return reason;
    }
    made.append(text_ + copied, begin - copied);
    const std::size_t made_at = made.size();
    made += in_text_->text;
    copied = begin + node.raw().size();
    parts.push_back({begin, copied, made_at, made.size()});
  }
  if (parts.empty()) return Reason::none;
  in_text_->next = 1 - in_text_->next;
  made.append(text_ + copied, size_ - copied);
  const std::size_t size = made.size();
  made.append(kPadding, ' ');
  const Reason reason = read_frame({made.data(), size});
  error_in_text_ = reason != Reason::none;
  return reason;
}

Reason RecordReader::read(std::string_view frame) {
  if (in_text_ == nullptr) return read_frame(frame);
  for (InText::Turn& turn : in_text_->turns) turn.parts.clear();
  error_in_text_ = false;
  in_text_->arena.reset();
  Reason reason = read_frame(frame);
  for (std::size_t turn = 0; turn < in_text_->turns.size() && reason == Reason::none; ++turn)
    reason = unfold(turn);
  return reason;
}

bool RecordReader::holds_much() const noexcept {
  return in_text_ != nullptr &&
         in_text_->made[0].capacity() + in_text_->made[1].capacity() + in_text_->text.capacity() >
             kKeptCapacity;
}

void RecordReader::give_back() noexcept {
  if (!holds_much()) return;
  index_size_ = 0;
  for (std::string* buffer : {&in_text_->made[0], &in_text_->made[1], &in_text_->text})
    *buffer = std::string();
  in_text_->arena.reset();
  in_text_->reader = InText::new_reader();  // with its index of the largest text
}

std::size_t RecordReader::written_at(std::size_t byte) const noexcept {
  if (in_text_ == nullptr) return byte;
  for (auto turn = in_text_->turns.rbegin(); turn != in_text_->turns.rend(); ++turn) {
    const auto& parts = turn->parts;
    const auto behind =
        std::upper_bound(parts.begin(), parts.end(), byte,
                         [](std::size_t at, const InText::Part& part) { return at < part.made; });
    if (behind == parts.begin()) continue;
    const InText::Part& part = *std::prev(behind);
    byte = byte < part.made_end ? part.text : part.text_end + (byte - part.made_end);
  }
  return byte;
}

}  // namespace trama
