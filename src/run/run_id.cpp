#include <array>
#include <cstdio>

#include "run/run.h"
#include "value/civil.h"

namespace trama {

std::string run_id(const RunMapping& mapping, const RunOptions& options) {
  std::string all = mapping.sha256;
  for (const std::string& input : options.inputs) {
    all += '\n';
    all += input;
  }
  const std::int64_t days = options.now / 86400 - (options.now % 86400 < 0 ? 1 : 0);
  const std::int64_t seconds = options.now - days * 86400;
  const YearMonthDay ymd = civil_of({static_cast<std::int32_t>(days)});
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d-%02d-%02dZ-%.4s", ymd.year,
                ymd.month, ymd.day, static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                sha256(all).c_str());
  return text.data();
}

}  // namespace trama
