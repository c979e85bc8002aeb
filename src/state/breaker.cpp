#include "state/breaker.h"

#include <charconv>
#include <system_error>

namespace trama {

std::string BreakerState::written() const {
  std::string out;
  for (const std::int64_t n : failures) (out += out.empty() ? "" : " ") += std::to_string(n);
  return out;
}

std::vector<std::int64_t> BreakerState::read(std::string_view text) {
  std::vector<std::int64_t> out;
  while (!text.empty()) {
    std::int64_t n = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc()) break;
    out.push_back(n);
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (!text.empty()) text.remove_prefix(1);
  }
  return out;
}

}  // namespace trama
