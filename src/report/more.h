// The last word of a report: the command that explains its most frequent code.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/language.h"

namespace trama {

/// Counts codes as they are reported.
class CodeCounts {
 public:
  void add(std::string_view code, std::uint64_t count = 1);
  /// "more: trama error LOOKUP_UNKNOWN" with a line end: of the code with the highest count, among
  /// equals of the one that was added first. Empty where there is none.
  [[nodiscard]] std::string more(Language language = Language::en) const;

 private:
  struct Counted {
    std::string_view code;  // of the tables of base/*.inc
    std::uint64_t count;
  };
  std::vector<Counted> counted_;
};

}  // namespace trama
