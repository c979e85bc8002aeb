#include "report/json_in.h"

#include "base/phrase_codes.h"

namespace trama {

Phrase read_report(std::string_view text, std::size_t most, RecordReader& reader,
                   std::string& kept) {
  if (text.size() > most) return PhraseCode::report_too_big;
  kept = text;
  while (kept.ends_with('\n')) kept.pop_back();
  const std::size_t size = kept.size();
  kept.append(kReadBehind, ' ');
  if (reader.read({kept.data(), size}) != Reason::none) return PhraseCode::report_no_object;
  return {};
}

}  // namespace trama
