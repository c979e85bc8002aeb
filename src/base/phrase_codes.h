// The phrases that are parts of messages, in tables of their own: base/phrases/*.inc.

#pragma once

#include "base/phrase.h"

namespace trama {

enum class PhraseCode : std::uint16_t {
  none = 0,
#define TRAMA_PHRASE(id, params, text) id,
#define TRAMA_PLURAL(id, params, one, many) id,
#include "base/phrases/all.inc"
#undef TRAMA_PHRASE
#undef TRAMA_PLURAL
};

}  // namespace trama
