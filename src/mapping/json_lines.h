// A record that a test writes in YAML, as JSON text.

#pragma once

#include <string>

#include "mapping/yaml_tree.h"

namespace trama {

/// `node` as JSON on one line. Plain scalars are what JSON makes of them (a number as written,
/// true, false, null;
/// `~` and nothing are null too, as in YAML 1.2 §10.3), all others are strings.
void append_json(const YamlNode& node, std::string& out);

}  // namespace trama
