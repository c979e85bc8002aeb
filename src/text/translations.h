// The compiled PO files, as the build has put them into the program.

#pragma once

#include <array>
#include <string_view>

namespace trama {

#define TRAMA_LANGUAGE(id, tag, name, pages) +1
/// By Language: the bytes of its MO file; none of English, which the tables of messages hold.
extern const std::array<std::string_view, 0
#include "text/languages.inc"
                        >
    kTranslations;
#undef TRAMA_LANGUAGE

}  // namespace trama
