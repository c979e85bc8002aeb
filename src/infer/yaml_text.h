// Texts as parts of a YAML file that trama reads back as the same: scalars in quotes where they need
// them, and notes that stay notes whatever a dump holds.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trama {

/// One scalar: plain where it then means the same, in a list or map between brackets too; else in
/// double quotes with its escapes (YAML 1.2.2 §7.3.1). No character that YAML takes for a line end
/// or that nobody sees is written as it is.
std::string yaml_scalar(std::string_view text);
/// The same, always in quotes.
std::string yaml_quoted(std::string_view text);
/// A list of scalars between brackets.
std::string yaml_list(const std::vector<std::string>& items);
/// One scalar, or a list of several.
std::string one_or_list(const std::vector<std::string>& items);
/// As part of a note behind `#`: what would end its line, or is not seen, as an escape.
std::string yaml_note(std::string_view text);

}  // namespace trama
