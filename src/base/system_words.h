// What the system says of a call that failed, as a phrase.

#pragma once

#include "base/phrase.h"

namespace trama {

/// `error`: an errno. Those that files give are in the catalogue;
/// any other is what the system says.
Phrase system_words(int error);

}  // namespace trama
