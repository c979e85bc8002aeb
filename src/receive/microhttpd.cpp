#include "receive/microhttpd.h"

#include "base/check.h"
#include "base/late_library.h"

namespace trama {
namespace {

struct Loaded {
  LateLibrary library{"libmicrohttpd.so.12"};  // its interface since 2014
  Microhttpd functions;

  Loaded() {
#define TRAMA_FUNCTION(name) library.find(#name, functions.name);
#include "receive/microhttpd.inc"
#undef TRAMA_FUNCTION
  }
};

const Loaded& loaded() {
  static const Loaded once;
  return once;
}

}  // namespace

Result<void> load_microhttpd() {
  const std::string& why_not = loaded().library.why_not();
  if (why_not.empty()) return {};
  return Failure{FailureCode::microhttpd_unavailable, {why_not}};
}

const Microhttpd& microhttpd() noexcept {
  TRAMA_CHECK(loaded().library.why_not().empty());
  return loaded().functions;
}

}  // namespace trama
