// Paths of the record as a mapping writes them at a place: from the top, from the items of `rows` and `each` by the
// names that `called` gives them, and inside the items that a condition compares; with what the profile of a dump
// knows of them.

#pragma once

#include <string>
#include <vector>

#include "lsp/meaning.h"
#include "profile/recorded_profile.h"

namespace trama {

struct WrittenPath {
  std::string text;  // as it would be written
  const RecordedPath* path = nullptr;
};

/// All paths of the profile as they are written at the value (or key) of a node.
std::vector<WrittenPath> written_paths(const MappingOutline& mapping, std::uint32_t node,
                                       const RecordedProfile& profile);
/// What the profile has of the path `text`, written there; or nullptr.
const RecordedPath* recorded_path(const MappingOutline& mapping, std::uint32_t node,
                                  const RecordedProfile& profile, const std::string& text);

}  // namespace trama
