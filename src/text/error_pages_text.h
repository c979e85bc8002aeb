// The documents of error pages, as the build has put them into the program. Only for text/.

#pragma once

#include <array>
#include <string_view>

namespace trama {

#define TRAMA_LANGUAGE(id, tag, name, pages) +1
/// By Language; empty where a language has no error pages.
extern const std::array<std::string_view, 0
#include "text/languages.inc"
                        >
    kErrorPages;
#undef TRAMA_LANGUAGE

}  // namespace trama
