#include "lsp/path_words.h"

#include <algorithm>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "report/shown_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kShownValues = 10;
constexpr std::size_t kShownCharactersOfValue = 40;

std::string shown(const std::string& value) {
  return shortened(visible(value), kShownCharactersOfValue);
}

}  // namespace

std::string counts_of(const RecordedPath& path, const RecordedProfile& profile, Language language) {
  return say(language, Phrase(PhraseCode::lsp_path_records,
                              {grouped(path.filled()), grouped(profile.records)}));
}

std::vector<std::string> words_of(const RecordedPath& path, const RecordedProfile& profile,
                                  bool personal, Language language) {
  std::vector<std::string> out{counts_of(path, profile, language)};
  if (path.hidden || personal) {
    out.push_back(say(language, PhraseCode::lsp_path_hidden));
    return out;
  }
  if (!path.formats.empty())
    out.push_back(say(language, Phrase(PhraseCode::lsp_path_dates, {joined(path.formats)})));
  std::vector<std::string> values;
  for (const RecordedValue& code : path.codes) {
    if (values.size() == kShownValues) {
      values.emplace_back("…");
      break;
    }
    values.push_back(shown(code.text) + " (" + grouped(code.count) + ')');
  }
  if (!values.empty()) {
    out.push_back(say(language, Phrase(PhraseCode::lsp_path_values, {joined(values)})));
  } else if (path.days || path.numbers) {
    const RecordedRange& range = path.days ? *path.days : *path.numbers;
    out.push_back(say(
        language, Phrase(PhraseCode::lsp_path_range, {shown(range.least), shown(range.greatest)})));
  }
  return out;
}

}  // namespace trama
