// Places of a record for tests, written like JSON Pointers: `[]` any item,
// `[]?` any item or the one value, `{}` any entry, `[2]` an item, digits a key or an item;
// ` (key)` at the end: the key there.

#pragma once

#include <string>
#include <string_view>

#include "json/personal_places.h"

namespace trama {

inline RecordPlace place_at(std::string_view pointer) {
  using StepKind = PlaceStep::Kind;
  RecordPlace place;
  constexpr std::string_view kKey = " (key)";
  place.is_key = pointer.ends_with(kKey);
  if (place.is_key) pointer.remove_suffix(kKey.size());
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view word = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(word.size());
    PlaceStep step{StepKind::key};
    for (std::size_t i = 0; i < word.size(); ++i)
      step.text += word[i] != '~' ? word[i] : word[++i] == '1' ? '/' : '~';
    const bool digits =
        !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
    if (digits) step.kind = StepKind::key_or_index;
    if (word == "[]") step = {StepKind::items};
    if (word == "[]?") step = {StepKind::item_or_self};
    if (word == "{}") step = {StepKind::entries};
    if (word.size() > 2 && word.front() == '[' && word.back() == ']')
      step = {StepKind::index, std::string(word.substr(1, word.size() - 2))};
    place.steps.push_back(std::move(step));
  }
  return place;
}

}  // namespace trama
