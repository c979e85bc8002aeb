#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace trama {
void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "trama: this is a bug in trama: %s does not hold (%s:%d)\n", condition, file,
               line);
  std::abort();
}
}  // namespace trama
