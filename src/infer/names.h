// Names that a draft makes: of columns, of the items of lists, of the mapping itself.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trama {

/// A key as a part of a name: letters, digits, `_` and `-`; never empty.
std::string name_part(std::string_view key);

/// A name for each column, of the keys on its way: the last ones, as many as tell it from the
/// others, with a key before one that says little alone (`guest_name`).
std::vector<std::string> column_names(const std::vector<std::vector<std::string>>& ways);

/// What one item of a list is called: rooms, room; habitaciones, habitacion; no name in `taken`.
std::string item_name(std::string_view list, const std::vector<std::string>& taken);

/// A key as a path writes it (rule 4.1).
std::string path_key(std::string_view key);
/// `above.key`, or the key alone.
std::string path_below(std::string_view above, std::string_view key);

}  // namespace trama
