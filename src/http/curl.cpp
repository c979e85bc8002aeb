#include "http/curl.h"

#include "base/check.h"
#include "base/late_library.h"

namespace trama {
namespace {

struct Loaded {
  LateLibrary library{"libcurl.so.4"};  // its interface since 2006
  Curl functions;

  Loaded() {
#define TRAMA_FUNCTION(name) library.find(#name, functions.name);
#include "http/curl.inc"
#undef TRAMA_FUNCTION
  }
};

const Loaded& loaded() {
  static const Loaded once;
  return once;
}

}  // namespace

Result<void> load_curl() {
  const std::string& why_not = loaded().library.why_not();
  if (why_not.empty()) return {};
  return Failure{FailureCode::http_unavailable, {why_not}};
}

const Curl& curl() noexcept {
  TRAMA_CHECK(loaded().library.why_not().empty());
  return loaded().functions;
}

}  // namespace trama
