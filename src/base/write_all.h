// Writing all bytes to a descriptor.

#pragma once

#include <unistd.h>

#include <string_view>

#include "base/retried.h"

namespace trama {

/// False, and errno: not all of them are written.
inline bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = retried([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (wrote < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace trama
