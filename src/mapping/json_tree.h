// JSON texts (RFC 8259) as the same tree that YAML texts make: a table or a schema in a `.json` file
// is read by the rules of JSON, not by those of YAML, which knows no surrogate pairs, wants keys of
// at most 1,024 characters and their colons in the same line.

#pragma once

#include <cstdint>
#include <string_view>

#include "base/span.h"
#include "mapping/yaml_tree.h"

namespace trama {

/// Reads `text` (from without_mark_and_cr()) as one JSON text, within the limits of read_yaml().
/// Strings are quoted scalars; numbers, true, false and null are as written. A key that is repeated
/// is reported and left out.
bool read_json_tree(std::string_view text, std::uint32_t file, YamlNode& out,
                    Diagnostics& diagnostics);

/// Whether a file of that name holds JSON: `name.json`.
bool is_json_file(std::string_view name) noexcept;

/// read_json_tree() or read_yaml(), as the name of the file says.
bool read_tree_file(std::string_view text, std::string_view name, std::uint32_t file, YamlNode& out,
                    Diagnostics& diagnostics);

}  // namespace trama
