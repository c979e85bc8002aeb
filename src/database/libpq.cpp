#include "database/libpq.h"

#include "base/check.h"
#include "base/late_library.h"
#include "base/phrase_codes.h"

namespace trama {
namespace {

struct Loaded {
  /// The version of its interface that Debian 12 and all that came after it have.
  LateLibrary library{"libpq.so.5"};
  Libpq functions;

  Loaded() {
#define TRAMA_FUNCTION(name) library.find(#name, functions.name);
#include "database/libpq.inc"
#undef TRAMA_FUNCTION
  }
};

const Loaded& loaded() {
  static const Loaded once;
  return once;
}

}  // namespace

Result<void> load_libpq(const std::string& shown) {
  const std::string& why_not = loaded().library.why_not();
  if (why_not.empty()) return {};
  return Failure{FailureCode::database_unusable,
                 {shown, Phrase(PhraseCode::load_no_libpq, {why_not})}};
}

const Libpq& libpq() noexcept {
  TRAMA_CHECK(loaded().library.why_not().empty());
  return loaded().functions;
}

}  // namespace trama
