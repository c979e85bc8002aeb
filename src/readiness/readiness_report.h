// A ReadinessReport for the screen (at most 100 columns), as JSON (schemas/readiness.schema.json) and as a page.

#pragma once

#include <string>

#include "readiness/readiness.h"
#include "text/language.h"

namespace trama {

std::string readiness_text(const ReadinessReport& report, Language language);
std::string readiness_json(const ReadinessReport& report, Language language);
std::string readiness_html(const ReadinessReport& report, Language language);

}  // namespace trama
