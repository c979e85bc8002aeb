#include "base/version.h"

#include "cli/command_line.h"
#include "value/zone.h"

namespace trama {

std::string version_text() {
  std::string text = "trama ";
  text += version();
  text += "\nzone data ";
  text += zone_data_version();
  text +=
      "\nlibraries: simdjson, yaml-cpp, CLI11, date, Boost.Multiprecision, RE2, ICU, zlib, zstd, "
      "OpenSSL\n";
  return text;
}

}  // namespace trama
