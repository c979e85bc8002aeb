#include "database/libpq.h"

#include <dlfcn.h>

#include <optional>

#include "base/check.h"
#include "base/phrase_codes.h"

namespace trama {
namespace {

/// The version of its interface that Debian 12 and all that came after it have.
constexpr const char* kLibrary = "libpq.so.5";

struct Loaded {
  std::optional<Libpq> functions;
  std::string why_not;
};

template <class Function>
bool take(void* library, const char* name, Function& function) noexcept {
  function = reinterpret_cast<Function>(::dlsym(library, name));  // NOLINT: POSIX's way
  return function != nullptr;
}

Loaded load() {
  Loaded loaded;
  Libpq all;
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  bool whole = library != nullptr;
#define TRAMA_LIBPQ(name) whole = whole && take(library, #name, all.name);
#include "database/libpq.inc"
#undef TRAMA_LIBPQ
  if (whole) {
    loaded.functions = all;
  } else {
    const char* const why = ::dlerror();
    loaded.why_not = why == nullptr ? "" : why;
  }
  return loaded;
}

const Loaded& library() {
  static const Loaded loaded = load();  // stays until the program ends
  return loaded;
}

}  // namespace

Result<void> load_libpq(const std::string& shown) {
  if (library().functions) return {};
  return Failure{FailureCode::database_unusable,
                 {shown, Phrase(PhraseCode::load_no_libpq, {library().why_not})}};
}

const Libpq& libpq() noexcept {
  TRAMA_CHECK(library().functions.has_value());
  return *library().functions;
}

}  // namespace trama
