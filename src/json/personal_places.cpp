#include "json/personal_places.h"

#include <algorithm>
#include <utility>

#include "json/json_text.h"

namespace trama {
namespace {

using StepKind = PlaceStep::Kind;
using Steps = std::vector<PlaceStep>;

bool may_be_same(const PlaceStep& a, const PlaceStep& b) noexcept {
  if (a.is_any() && b.is_any()) return true;
  // Where the value itself may be in the place of the list, a name is no item.
  const auto takes = [](const PlaceStep& any, const PlaceStep& one) {
    const bool item = any.kind == StepKind::item_or_self || any.kind == StepKind::listed;
    return any.is_any() && (!item || is_number(one.text));
  };
  return takes(a, b) || takes(b, a) || a.text == b.text;
}

/// Whether the first `count` steps of both may lead to one place; each has as many.
bool same_way(const Steps& a, const Steps& b, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i)
    if (!may_be_same(a[i], b[i])) return false;
  return true;
}

/// `place` with each item_or_self and listed as an item, and as nothing.
void add_forms(const RecordPlace& place, std::vector<RecordPlace>& out) {
  std::vector<Steps> forms(1);
  for (const PlaceStep& step : place.steps) {
    const std::size_t count = forms.size();
    const bool or_self = step.kind == StepKind::item_or_self || step.kind == StepKind::listed;
    for (std::size_t i = 0; i < count; ++i) {
      if (or_self) forms.push_back(Steps(forms[i]));
      forms[i].push_back(step);
    }
  }
  for (Steps& steps : forms) out.push_back({std::move(steps), place.is_key});
}

/// The steps of a JSON Pointer: `~1` is a slash, `~0` a tilde. What is neither a key nor an index
/// for sure is both; -1 is any item.
Steps steps_of_pointer(std::string_view pointer) {
  Steps steps;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char c = pointer[i];
    if (c == '/' || steps.empty()) {
      steps.push_back({StepKind::key_or_index});
      if (c == '/') continue;
    }
    std::string& text = steps.back().text;
    if (c == '~' && i + 1 < pointer.size())
      text += pointer[++i] == '1' ? '/' : '~';
    else
      text += c;
  }
  for (PlaceStep& step : steps)
    if (step.text.starts_with('-') && is_number(std::string_view(step.text).substr(1)))
      step.kind = StepKind::items;
  return steps;
}

/// The steps of a dotted path as KeyTrie::path() writes it: keys, JSON strings and [*].
Steps steps_of_field(std::string_view dotted) {
  Steps steps;
  while (!dotted.empty()) {
    if (dotted.front() == '.') dotted.remove_prefix(1);
    if (dotted.starts_with("[*]")) {
      steps.push_back({StepKind::items, "[*]"});
      dotted.remove_prefix(3);
    } else if (dotted.starts_with('"')) {
      std::size_t end = 1;
      while (end < dotted.size() && dotted[end] != '"') end += dotted[end] == '\\' ? 2 : 1;
      end = std::min(end, dotted.size());
      steps.push_back({StepKind::key});
      append_json_unescaped(steps.back().text, dotted.substr(1, end - 1));
      dotted.remove_prefix(std::min(end + 1, dotted.size()));
    } else {
      const std::size_t end = std::min(dotted.find_first_of(".["), dotted.size());
      steps.push_back({StepKind::key, std::string(dotted.substr(0, end))});
      if (end == 0) break;  // not of that form: the rest is not shown
      dotted.remove_prefix(end);
    }
  }
  return steps;
}

}  // namespace

void append_pointer_step(std::string& out, std::string_view step) {
  out += '/';
  for (const char c : step) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
}

std::string RecordPlace::pointer() const {
  std::string out;
  for (const PlaceStep& step : steps) append_pointer_step(out, step.is_any() ? "*" : step.text);
  return is_key ? out + " (key)" : out;
}

void PersonalPlaces::add(RecordPlace place) {
  add_forms(place, forms_);
  all_.push_back(std::move(place));
}

void PersonalPlaces::add_read(RecordPlace place) {
  add_forms(place, reads_);
}

bool PersonalPlaces::overlaps(const RecordPlace& read) const {
  std::vector<RecordPlace> forms;
  add_forms(read, forms);
  const auto meets = [](const RecordPlace& one, const RecordPlace& place) {
    const std::size_t length = one.steps.size();
    if (!same_way(one.steps, place.steps, std::min(length, place.steps.size()))) return false;
    if (!one.is_key) return !place.is_key || length < place.steps.size();
    if (length == 0) return place.is_key && place.steps.empty();
    if (place.steps.size() < length) return !place.is_key;
    return place.steps[length - 1].kind == StepKind::entries;
  };
  return std::any_of(forms.begin(), forms.end(), [&](const RecordPlace& one) {
    return std::any_of(forms_.begin(), forms_.end(),
                       [&](const RecordPlace& place) { return meets(one, place); });
  });
}

bool PersonalPlaces::hides(std::string_view pointer) const {
  return !empty() && overlaps({steps_of_pointer(pointer), false});
}

/// Whether the step at `at` is a name that the mapping has for this way, or the place of an item.
bool PersonalPlaces::is_named(const Steps& way, std::size_t at) const {
  return std::any_of(reads_.begin(), reads_.end(), [&](const RecordPlace& read) {
    if (read.steps.size() <= at || !same_way(way, read.steps, at)) return false;
    const PlaceStep& step = read.steps[at];
    if (!step.is_any()) return way[at].is_any() || step.text == way[at].text;
    return step.kind != StepKind::entries && (way[at].is_any() || is_number(way[at].text));
  });
}

/// Whether the step at `at` of a way through a record is a key that tells something personal: one
/// that {*} went through on the way to a personal place, one of an object where a list was
/// expected, or one inside of a personal value that the mapping does not name.
bool PersonalPlaces::hides_step(const Steps& way, std::size_t at) const {
  if (way[at].is_any()) return false;
  return std::any_of(forms_.begin(), forms_.end(), [&](const RecordPlace& place) {
    const std::size_t length = place.steps.size();
    if (!same_way(way, place.steps, std::min(at, length))) return false;
    if (length <= at) return !place.is_key && !is_named(way, at);
    const StepKind kind = place.steps[at].kind;
    return kind == StepKind::entries || (kind == StepKind::items && !is_number(way[at].text));
  });
}

bool PersonalPlaces::hides_key(std::string_view pointer) const {
  const Steps way = steps_of_pointer(pointer);
  return !way.empty() && hides_step(way, way.size() - 1);
}

std::string PersonalPlaces::shown_pointer(std::string_view pointer) const {
  if (empty()) return std::string(pointer);
  const Steps way = steps_of_pointer(pointer);
  std::string out;
  for (std::size_t i = 0; i < way.size(); ++i)
    append_pointer_step(out, hides_step(way, i) ? kHidden : std::string_view(way[i].text));
  return out;
}

std::string PersonalPlaces::shown_field(std::string_view dotted) const {
  if (empty()) return std::string(dotted);
  const Steps way = steps_of_field(dotted);
  bool hidden = false;
  std::string out;
  for (std::size_t i = 0; i < way.size(); ++i) {
    const bool hide = hides_step(way, i);
    hidden = hidden || hide;
    if (!out.empty() && !way[i].is_any()) out += '.';
    out += hide ? kHidden : std::string_view(way[i].text);
  }
  return hidden ? out : std::string(dotted);
}

}  // namespace trama
