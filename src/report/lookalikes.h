// Characters that are taken for others: why a value that looks right is refused.

#pragma once

#include <string_view>

#include "base/phrase.h"

namespace trama {

/// What is odd about a value that is not what it was compared with: a blank that is not the ordinary
/// one, a character that is not seen, a blank at an edge, a letter of another alphabet in a text
/// that looks like ASCII, an accent apart from its letter. Empty where there is nothing of the kind.
Phrase odd_character(std::string_view text);

}  // namespace trama
