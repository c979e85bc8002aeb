#include "base/version.h"

namespace trama {
std::string_view version() noexcept {
  return TRAMA_VERSION;
}
}  // namespace trama
