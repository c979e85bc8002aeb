#include "base/version.h"

namespace trama {
namespace {

constexpr Library kLibraries[] = {
#define TRAMA_LIBRARY(name, version) {name, version},
#include "base/libraries.inc"
#undef TRAMA_LIBRARY
};

}  // namespace

std::string_view version() noexcept {
  return TRAMA_VERSION;
}

std::string_view released() noexcept {
  return TRAMA_RELEASED;
}

std::string_view commit() noexcept {
  return TRAMA_COMMIT;
}

std::string_view compiler() noexcept {
  return TRAMA_COMPILER;
}

std::span<const Library> libraries() noexcept {
  return kLibraries;
}

}  // namespace trama
