// A mapping put together with its bases, as YAML text again: `trama check --expanded`.

#pragma once

#include <string>
#include <string_view>

#include "base/span.h"
#include "mapping/mapping.h"
#include "mapping/yaml_tree.h"

namespace trama {

/// The tree as YAML, one line a key, in the order of the tree. Behind each key of the top, and
/// behind each column, table, rule or key of a section, a comment says where it stands: `#
/// base.yaml:12`. read_yaml() makes the same tree of it, places aside, but that a plain text of
/// several paragraphs comes back as a quoted one.
std::string expanded_text(const YamlNode& tree, const Files& files);

/// The mapping at `path` without its `extends` and `defaults`, as it is after its bases are put
/// under it and its defaults into the columns. Table files that a base in another folder names are
/// named from the mapping's own folder. Empty where read_mapping() finds no mapping.
std::string expand_mapping(const std::string& path, FileReader& reader, std::string_view root);

}  // namespace trama
