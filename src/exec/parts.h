// The parts of a text: rows of `one_per: {split: …}`, values of `split` without `take`.

#pragma once

#include <string_view>

#include "base/utf8.h"

namespace trama {

/// Takes the next part off `left`; false where there is none. `by`: what is between the parts, not
/// empty. What ends with `by` has a blank part behind it.
inline bool any_part(std::string_view& left, std::string_view by, std::string_view& part) {
  if (left.data() == nullptr) return false;
  const std::size_t mark = left.find(by);
  part = left.substr(0, mark);
  left = mark == std::string_view::npos ? std::string_view() : left.substr(mark + by.size());
  return true;
}

/// The same of the next part that is not blank.
inline bool next_part(std::string_view& left, std::string_view by, std::string_view& part) {
  while (any_part(left, by, part))
    if (!trim(part).empty()) return true;
  return false;
}

}  // namespace trama
