#include "report/more.h"

#include <algorithm>

#include "base/phrase_codes.h"
#include "text/catalogue.h"

namespace trama {

void CodeCounts::add(std::string_view code, std::uint64_t count) {
  const auto known = std::find_if(counted_.begin(), counted_.end(),
                                  [code](const Counted& one) { return one.code == code; });
  if (known == counted_.end()) {
    counted_.push_back({code, count});
  } else {
    known->count += count;
  }
}

std::string CodeCounts::more(Language language) const {
  const auto most =
      std::max_element(counted_.begin(), counted_.end(),
                       [](const Counted& a, const Counted& b) { return a.count < b.count; });
  if (most == counted_.end()) return {};
  return say(language, Phrase(PhraseCode::report_more, {most->code})) + '\n';
}

}  // namespace trama
