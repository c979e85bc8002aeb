// `defaults:` by type: words that columns of a type have where they do not state them
// (mappings/rules.md, rule 9.22).

#pragma once

#include <vector>

#include "base/span.h"
#include "mapping/yaml_tree.h"

namespace trama {

/// Puts the words of `defaults` into the columns of `tree` that have the type and state no such
/// word, and takes the section out of the tree. A word that would do nothing beside the source or
/// the other words of a column is left out there (mapping/word_effects.inc); what only the plan can
/// find out is no error for `keys`, the places of the words that were put into columns. What is
/// wrong with the section itself is told, and that type's words are put nowhere.
///
/// Errors: KEY_UNKNOWN, VALUE_KIND, … as of a column; YAML_TOO_BIG where the columns together would
/// get more than kMaxYamlNodes values.
void apply_defaults(YamlNode& tree, std::vector<Span>& keys, Diagnostics& diagnostics);

}  // namespace trama
