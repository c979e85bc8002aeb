// Masking personal values in the source of a rejected record: a walk over JSON text that looks at
// nothing but the members on the way to a personal place, and copies the rest as it stands. Depth
// is bounded by the places; what no place enters is skipped by counting brackets.
//
// Where the record has another shape than the places say (a text where they enter an object), the
// whole value is hidden: it may hold what was expected further down.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "json/json_text.h"
#include "report/reject.h"

namespace trama {
namespace {

using StepKind = PlaceStep::Kind;

/// A place whose first `depth` steps lead here.
struct Way {
  const RecordPlace* place;
  std::size_t depth;
  bool numbered = false;  // the next step is an item, and this an object whose keys are numbers

  [[nodiscard]] bool at_end() const noexcept { return depth == place->steps.size(); }
  [[nodiscard]] const PlaceStep& next() const noexcept { return place->steps[depth]; }
  [[nodiscard]] Way below() const noexcept { return {place, depth + 1}; }
};

class Masker {
 public:
  /// `most`: bytes that `out` may come to have.
  Masker(std::string_view text, std::string& out, std::size_t most)
      : text_(text), out_(out), most_(most) {}

  bool run(const std::vector<RecordPlace>& places) {
    Ways ways;
    for (const RecordPlace& place : places)
      if (!place.is_key || !place.steps.empty()) ways.push_back({&place, 0});
    skip_blanks();
    if (!value(ways)) return false;
    skip_blanks();
    copy();
    return at_ == text_.size();
  }

 private:
  using Ways = std::vector<Way>;

  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() noexcept {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }
  bool take(char c) noexcept {
    skip_blanks();
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  /// Copies what was passed since the last copy.
  void copy() {
    add(text_.substr(copied_, at_ - copied_));
    copied_ = at_;
  }

  void add(std::string_view piece) {
    out_.append(piece.substr(0, most_ - std::min(most_, out_.size())));
  }

  // NOLINTBEGIN(misc-no-recursion): bounded by the longest place
  bool value(Ways ways) {
    if (ways.empty()) return skip_value();
    // Of an item or the one value itself, this is the value; or an object with numbers for keys.
    if (peek() != '[') {
      for (std::size_t i = 0; i < ways.size(); ++i) {
        while (!ways[i].numbered && !ways[i].at_end() && is_item_or_self(ways[i].next())) {
          if (ways[i].next().kind == StepKind::listed && peek() == '{')
            ways.push_back({ways[i].place, ways[i].depth, true});
          ++ways[i].depth;
        }
      }
    }
    const auto is_wrong = [this](const Way& way) { return !way.numbered && !fits(way.next()); };
    const auto is_it = [](const Way& way) { return way.at_end() && !way.place->is_key; };
    if (std::any_of(ways.begin(), ways.end(), is_it)) return hide_value();
    std::erase_if(ways, [](const Way& way) { return way.at_end(); });
    if (ways.empty() || is_blank()) return skip_value();
    if (std::any_of(ways.begin(), ways.end(), is_wrong)) return hide_value();
    return peek() == '{' ? object(ways) : list(ways);
  }

  static bool is_item_or_self(const PlaceStep& step) noexcept {
    return step.kind == StepKind::item_or_self || step.kind == StepKind::listed;
  }

  /// Whether what is here can have such a step.
  [[nodiscard]] bool fits(const PlaceStep& step) const noexcept {
    switch (step.kind) {
      case StepKind::key:
      case StepKind::entries:
        return peek() == '{';
      case StepKind::index:
      case StepKind::items:
      case StepKind::item_or_self:
      case StepKind::listed:
        return peek() == '[';
      case StepKind::key_or_index:
        break;
    }
    return peek() == '{' || peek() == '[';
  }

  /// null, a text of blanks, or nothing in brackets.
  [[nodiscard]] bool is_blank() noexcept {
    if (peek() == 'n') return true;
    const std::size_t from = at_;
    bool blank = false;
    if (peek() == '"') {
      blank = skip_string() && trim(text_.substr(from + 1, at_ - from - 2)).empty();
    } else if (peek() == '{' || peek() == '[') {
      const char close = peek() == '{' ? '}' : ']';
      ++at_;
      blank = take(close);
    }
    at_ = from;
    return blank;
  }

  void hide(std::string_view shown) {
    copied_ = at_;
    std::string hidden;
    append_json_string(hidden, shown);
    add(hidden);
  }

  bool hide_value() {
    copy();
    if (!skip_value()) return false;
    hide(kHidden);
    return true;
  }

  bool object(const Ways& ways) {
    ++at_;
    if (take('}')) return true;
    std::size_t hidden_keys = 0;
    do {
      skip_blanks();
      const std::size_t key = at_;
      if (!skip_string()) return false;
      key_.clear();
      append_json_unescaped(key_, text_.substr(key + 1, at_ - key - 2));
      Ways below;
      bool hides_key = false;
      for (const Way& way : ways) {
        const PlaceStep& step = way.next();
        hides_key = hides_key || step.kind == StepKind::entries;
        const bool item = step.kind == StepKind::listed && is_number(key_);
        if (item || step.kind == StepKind::entries || step.text == key_)
          below.push_back(way.below());
      }
      if (hides_key) {
        const std::size_t end = std::exchange(at_, key);
        copy();
        at_ = end;
        // An object must not get one key twice, so that no program drops its members.
        std::string shown(kHidden);
        if (++hidden_keys > 1) shown.insert(shown.size() - 1, " " + std::to_string(hidden_keys));
        hide(shown);
      }
      if (!take(':')) return false;
      skip_blanks();
      if (!value(std::move(below))) return false;
    } while (take(','));
    return take('}');
  }

  bool list(const Ways& ways) {
    ++at_;
    if (take(']')) return true;
    std::size_t index = 0;
    do {
      skip_blanks();
      const std::string number = std::to_string(index++);
      Ways below;
      for (const Way& way : ways)
        if (way.next().is_any() || way.next().text == number) below.push_back(way.below());
      if (!value(std::move(below))) return false;
    } while (take(','));
    return take(']');
  }
  // NOLINTEND(misc-no-recursion)

  bool skip_string() noexcept {
    if (peek() != '"') return false;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool skip_value() noexcept {
    std::size_t depth = 0;
    do {
      skip_blanks();
      const char c = peek();
      if (c == '"') {
        if (!skip_string()) return false;
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (depth > 0 && (c == '}' || c == ']' || c == ',' || c == ':')) {
        if (c == '}' || c == ']') --depth;
        ++at_;
      } else if (!skip_word()) {
        return false;
      }
    } while (depth > 0);
    return true;
  }

  /// A number, true, false or null.
  bool skip_word() noexcept {
    const std::size_t from = at_;
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n,:{}[]\"").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    return at_ > from;
  }

  std::string_view text_;
  std::string& out_;
  std::size_t most_;
  std::size_t at_ = 0;
  std::size_t copied_ = 0;
  std::string key_;
};

}  // namespace

bool append_masked(std::string& out, std::string_view source, const PersonalPlaces& places,
                   std::size_t most) {
  const std::size_t from = out.size();
  if (!Masker(source, out, most < SIZE_MAX - from ? from + most : SIZE_MAX).run(places.all())) {
    out.resize(from);
    return false;
  }
  for (std::size_t i = from; i < out.size(); ++i)
    if (out[i] == '\n' || out[i] == '\r') out[i] = ' ';
  return true;
}

}  // namespace trama
