# cmake -DOUT=FILE.cpp -DPAGES="DIR/errors.md;…" -P embed_pages.cmake: writes the documents as text/error_pages_text.h declares
# them. None of them holds `)pages"`, which the tests prove by reading all pages.
set(documents "")
foreach(page IN LISTS PAGES)
  get_filename_component(name ${page} NAME)
  file(READ ${page} text)
  string(APPEND documents "  if (name == \"${name}\") return R\"pages(${text})pages\";\n")
endforeach()
file(WRITE ${OUT} "// Made by embed_pages.cmake from the error pages in mappings/.
#include \"text/error_pages_text.h\"

namespace trama {
namespace {
constexpr std::string_view document(std::string_view name) {
${documents}  return {};
}
}  // namespace

#define TRAMA_LANGUAGE(id, tag, name, pages) document(pages),
constinit const decltype(kErrorPages) kErrorPages{
#include \"text/languages.inc\"
};
#undef TRAMA_LANGUAGE
}  // namespace trama
")
