# cmake -DOUT=FILE.cpp -DROWS=init_files.inc -DROOT=DIR -P embed_init.cmake: writes what init_files.h declares. No file holds `)init"`,
# which the tests prove by comparing what `trama init` writes with the tree.
file(STRINGS ${ROWS} rows REGEX "^TRAMA_INIT_FILE" ENCODING UTF-8)
set(files "")
foreach(row IN LISTS rows)
  if(NOT row MATCHES "\"([^\"]+)\", \"([^\"]+)\", \"([^\"]+)\", \"([^\"]+)\"")
    message(FATAL_ERROR "not a row: ${row}")
  endif()
  set(language ${CMAKE_MATCH_1})
  set(ci ${CMAKE_MATCH_2})
  set(name ${CMAKE_MATCH_4})
  file(READ ${ROOT}/${CMAKE_MATCH_3} text)
  string(APPEND files "    {\"${language}\", \"${ci}\", \"${name}\", R\"init(${text})init\"},\n")
endforeach()
file(WRITE ${OUT} "// Made by embed_init.cmake.
#include \"cli/init_files.h\"

namespace trama {
namespace {
constexpr InitFile kInitFiles[] = {
${files}};
}  // namespace

std::span<const InitFile> init_files() noexcept {
  return kInitFiles;
}
}  // namespace trama
")
