// Characters in keys, constants and tables that are taken for others, and make a mapping do
// something else than it shows: `check` warns of them.

#pragma once

#include <string_view>

#include "base/span.h"
#include "mapping/yaml_tree.h"

namespace trama {

/// What is odd about a text of a mapping or a table: message and help; both empty where nothing is.
struct OddCharacter {
  Phrase message;
  Phrase help;
};
OddCharacter odd_in_mapping(std::string_view text);

/// Warns of the keys and values of a mapping. What is in quotes is as it is meant; tests and words
/// for people are passed over.
void warn_of_odd_characters(const YamlNode& mapping, Diagnostics& diagnostics);

}  // namespace trama
