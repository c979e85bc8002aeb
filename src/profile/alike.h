// Which of the fields that are new in a dump is a field that is gone, under another name: the one
// whose values are like its values, where no other is as much so.

#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "profile/recorded_profile.h"

namespace trama {

/// The last name of a path, in what it is in: `mail` of `guest.mail`.
std::string_view name_in(const RecordedPath& parent, const RecordedPath& path) noexcept;

/// Pairs of a path of `gone` (of the profile `before`) and one of `fresh` (of `after`). Each path is in
/// one pair at most.
std::vector<std::pair<const RecordedPath*, const RecordedPath*>> renamed(
    const RecordedProfile& before, const std::vector<const RecordedPath*>& gone,
    const RecordedProfile& after, const std::vector<const RecordedPath*>& fresh);

}  // namespace trama
