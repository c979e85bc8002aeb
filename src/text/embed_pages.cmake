# cmake -DOUT=FILE.cpp -DENGLISH=errors.md -DSPANISH=errores.md -P embed_pages.cmake: writes both documents as
# text/error_pages_text.h declares them. Neither of them holds `)pages"`, which the tests prove by reading all pages.
file(READ ${ENGLISH} english)
file(READ ${SPANISH} spanish)
file(WRITE ${OUT} "// Made by embed_pages.cmake from mappings/errors.md and mappings/errores.md.
#include \"text/error_pages_text.h\"

namespace trama {

const std::string_view kErrorPagesEnglish = R\"pages(${english})pages\";
const std::string_view kErrorPagesSpanish = R\"pages(${spanish})pages\";

}  // namespace trama
")
