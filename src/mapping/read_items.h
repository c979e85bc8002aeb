// Items of lists: `{list: …}`, the conditions of `where`, and what `one_per` makes rows of.

#pragma once

#include "mapping/fields.h"

namespace trama {

/// The paths of `word`: a path, `{list: …}`, or a list of these.
void read_sources(const Fields& fields, std::string_view word, std::vector<Path>& out);

/// `where` as pairs: {path: value, path: [values], path: {from: path}}.
void read_conditions(const YamlNode& node, const Word& word, std::vector<Condition>& out,
                     Diagnostics& diagnostics);

/// `one_per`.
void read_row_items(const Fields& fields, std::vector<RowItems>& out);

}  // namespace trama
