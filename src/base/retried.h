// System calls that a signal cut off.

#pragma once

#include <cerrno>

namespace trama {

/// What `call` gives, made again as long as it fails with EINTR.
template <typename Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace trama
