// Diagnostics of a mapping as text for a terminal (mappings/rules.md, section 14)
// and as JSON for programs.

#pragma once

#include <string>

#include "base/span.h"
#include "text/language.h"

namespace trama {

/// All of them, sorted by file, line and column: place, code and message, then the line with a
/// caret under what is meant and the help behind it. Control characters are made visible, long
/// lines cut around the caret.
std::string render_text(const Diagnostics& diagnostics, const Files& files,
                        Language language = Language::en);

/// One JSON array, sorted likewise, of objects with code, severity, file, line, column, length,
/// message, help. Line 0 is the whole file.
std::string render_json(const Diagnostics& diagnostics, const Files& files,
                        Language language = Language::en);

}  // namespace trama
