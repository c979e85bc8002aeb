#include "report/more.h"

#include <algorithm>

namespace trama {

void CodeCounts::add(std::string_view code, std::uint64_t count) {
  const auto known = std::find_if(counted_.begin(), counted_.end(),
                                  [code](const Counted& one) { return one.code == code; });
  if (known == counted_.end()) {
    counted_.push_back({code, count});
  } else {
    known->count += count;
  }
}

std::string CodeCounts::more() const {
  const auto most =
      std::max_element(counted_.begin(), counted_.end(),
                       [](const Counted& a, const Counted& b) { return a.count < b.count; });
  return most == counted_.end() ? "" : "more: trama error " + std::string(most->code) + '\n';
}

}  // namespace trama
