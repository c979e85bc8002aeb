// Reading a JSON Schema file (draft-07, and draft 2020-12 where the two agree) into a RowSchema. A
// keyword that trama does not hold rows against is an error at its place, never passed over. What
// the columns of a mapping make of the schema is check_schema.cpp's to judge.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/span.h"
#include "step/args.h"
#include "step/row_schema.h"

namespace trama {

/// Reads `text` (from without_mark_and_cr()), JSON or YAML as the file's `name` says, whose index
/// in Files is `file`. `place` keeps a Span and gives what SchemaRule::place shall hold. False:
/// `diagnostics` says what is wrong, every place of it.
bool read_row_schema(std::string_view text, std::string_view name, std::uint32_t file,
                     const std::function<std::uint32_t(const Span&)>& place, RowSchema& out,
                     Diagnostics& diagnostics, PatternPool* patterns = nullptr);

}  // namespace trama
