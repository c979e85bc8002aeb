# cmake -DOUT=FILE.cpp -DMO="DIR/es.mo;…" -P embed.cmake: writes the MO files as text/translations.h declares them.
set(arrays "")
set(known "")
foreach(mo IN LISTS MO)
  get_filename_component(tag ${mo} NAME_WE)
  file(READ ${mo} hex HEX)
  string(REGEX REPLACE "(................................................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" hex "${hex}")
  string(REGEX REPLACE "([^\n]+)\n?" "    \"\\1\"\n" hex "${hex}")
  file(SIZE ${mo} size)
  string(APPEND arrays "constexpr std::string_view k_${tag}(\n${hex}    , ${size});\n")
  string(APPEND known "  if (tag == \"${tag}\") return k_${tag};\n")
endforeach()
file(WRITE ${OUT} "// Made by embed.cmake from the PO files beside it.
#include \"text/translations.h\"

namespace trama {
namespace {
${arrays}
constexpr std::string_view translation_of(std::string_view tag) {
${known}  return {};
}
}  // namespace

#define TRAMA_LANGUAGE(id, tag, name, pages) translation_of(tag),
constinit const decltype(kTranslations) kTranslations{
#include \"text/languages.inc\"
};
#undef TRAMA_LANGUAGE
}  // namespace trama
")
