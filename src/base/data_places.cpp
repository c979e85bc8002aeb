#include "base/data_places.h"

#include <algorithm>

#include "base/utf8.h"

namespace trama {

DataPlace DataPlaces::of(std::size_t offset) noexcept {
  const std::size_t to = std::min(offset, record_.size());
  if (to < at_) {
    at_ = 0;
    place_ = begin_;
  }
  const std::string_view between = record_.substr(at_, to - at_);
  at_ = to;
  const std::size_t line_end = between.rfind('\n');
  if (line_end == std::string_view::npos) {
    place_.column += count_code_points(between);
  } else {
    place_.line += static_cast<std::uint64_t>(std::count(between.begin(), between.end(), '\n'));
    place_.column = 1 + count_code_points(between.substr(line_end + 1));
  }
  return place_;
}

}  // namespace trama
