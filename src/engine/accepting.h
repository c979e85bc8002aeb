// What `trama test --accept` may write over.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/load.h"

namespace trama {

/// Refuses, as usage, to write over a file of a mapping or of a test, or over one out of the mapping's
/// folder that no `root` allows. `mappings`: all that are tested.
Result<void> refuse_accepting(const LoadedMapping& loaded, const std::string& path,
                              const std::string& root, const std::vector<std::string>& mappings);

}  // namespace trama
