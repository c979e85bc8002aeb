#include "base/check.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "base/terminal_text.h"

namespace trama {
void check_failed(const char* condition, const char* file, int line) noexcept {
  std::array<char, 1024> text{};
  std::snprintf(text.data(), text.size(),
                "trama: this is a bug in trama: %s does not hold (%s:%d)\n", condition, file, line);
  show_ascii(Screen::err, text.data());
  std::abort();
}

void no_memory() {
  throw std::bad_alloc();
}
}  // namespace trama
