// The two documents of error pages as the build puts them into the program. Only for text/.

#pragma once

#include <string_view>

namespace trama {

extern const std::string_view kErrorPagesEnglish;
extern const std::string_view kErrorPagesSpanish;

}  // namespace trama
