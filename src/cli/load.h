// A mapping file -> everything that a command needs of it: diagnostics, the plan, what a run is told.

#pragma once

#include <memory>
#include <string>

#include "mapping/mapping.h"
#include "plan/compile.h"
#include "run/run.h"

namespace trama {

struct LoadedMapping {
  Files files;
  Mapping mapping;
  Diagnostics diagnostics;
  std::unique_ptr<Plan> plan;  // null where there are errors
  RunMapping run;
};

/// The same over any reader of files.
LoadedMapping load_mapping(const std::string& path, const std::string& root, FileReader& reader);
/// Reads and compiles; nothing is printed.
LoadedMapping load_mapping(const std::string& path, const std::string& root);

}  // namespace trama
