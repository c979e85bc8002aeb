// Values as JSON text: what the row writers and lists of objects share.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "value/format.h"

namespace trama {

/// Appends one value: numbers with all their digits (or as text), dates and texts as text, null for a blank, a piece of JSON as
/// it stands.
void append_json_value(std::string& out, const Value& value, const OutputColumn& column, const OutputFormat& format);

/// Appends one object of `columns`; a dot in a name nests. `values` are indexed by OutputColumn::value.
void append_json_object(std::string& out, std::span<const Value> values, const std::vector<OutputColumn>& columns,
                        const OutputFormat& format);

}  // namespace trama
