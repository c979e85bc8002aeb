// What a recorded profile knows of a path, in words: how many values, which codes or from where to where.

#pragma once

#include <string>
#include <vector>

#include "profile/recorded_profile.h"
#include "text/language.h"

namespace trama {

/// "1,204 values in 1,210 records".
std::string counts_of(const RecordedPath& path, const RecordedProfile& profile, Language language);
/// The same, and the values that are kept of it: none where they are hidden, or `personal`.
std::vector<std::string> words_of(const RecordedPath& path, const RecordedProfile& profile,
                                  bool personal, Language language);

}  // namespace trama
