// `extends`: the tree of a mapping, put together with that of its base file.

#pragma once

#include <string>
#include <string_view>

#include "base/span.h"
#include "mapping/mapping.h"
#include "mapping/yaml_tree.h"

namespace trama {

/// Reads the mapping at `path` and the files that it extends into one tree, whose Spans tell the
/// files apart. False: there is no tree. `complete`: no file is missing, so that what is not in the
/// tree is in none of them.
bool read_with_bases(const std::string& path, FileReader& reader, std::string_view root,
                     Files& files, Diagnostics& diagnostics, YamlNode& tree, bool& complete);

}  // namespace trama
