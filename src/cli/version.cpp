#include "base/version.h"

#include "base/phrase_codes.h"
#include "cli/command_line.h"
#include "text/catalogue.h"
#include "value/zone.h"

namespace trama {

std::string version_text(Language language) {
  return say(language, Phrase(PhraseCode::cli_versions, {version(), zone_data_version()}));
}

}  // namespace trama
