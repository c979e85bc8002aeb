#include "sink/xlsxwriter.h"

#include "base/check.h"
#include "base/late_library.h"
#include "base/phrase_codes.h"

namespace trama {
namespace {

struct Loaded {
  LateLibrary library{"libxlsxwriter.so." LXW_SOVERSION};  // the one it is compiled for
  Xlsxwriter functions;

  Loaded() {
#define TRAMA_FUNCTION(name) library.find(#name, functions.name);
#include "sink/xlsxwriter.inc"
#undef TRAMA_FUNCTION
  }
};

const Loaded& loaded() {
  static const Loaded once;
  return once;
}

}  // namespace

Result<void> load_xlsxwriter(const Phrase& shown) {
  const std::string& why_not = loaded().library.why_not();
  if (why_not.empty()) return {};
  return Failure{FailureCode::output_unwritable,
                 {shown, Phrase(PhraseCode::sink_no_xlsxwriter, {why_not})}};
}

const Xlsxwriter& xlsxwriter() noexcept {
  TRAMA_CHECK(loaded().library.why_not().empty());
  return loaded().functions;
}

}  // namespace trama
