// The outline of a document: its paths with what is there, as far as a beginning of it shows. Other
// than a profile it needs no records, and what is broken or cut off ends it without more ado.

#pragma once

#include <cstddef>
#include <string_view>

#include "profile/profile.h"

namespace trama {

/// So much of an input tells where its records are.
constexpr std::size_t kOutlineBytes = std::size_t{1} << 20U;

/// `text`: the first bytes of an input: one JSON text, or several one after the other.
Profile outline_of(std::string_view text);

}  // namespace trama
