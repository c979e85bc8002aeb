// The path of a field in the source record, as a mapping writes it (mappings/rules.md, rule 4.1).

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/phrase.h"
#include "mapping/mapping.h"

namespace trama {

/// Reads `stay.check_in`, `rooms[0].code`, `rooms[*]."a.b"`, `rates{*}.$key` or the JSON Pointer
/// `/a~1b/0` into `out.steps` and `out.from_top`, and `text` into `out.text`; the Span is the
/// caller's. False: `problem` says what is wrong, `at` is the byte of `text` where.
bool parse_path(std::string_view text, Path& out, Phrase& problem, std::size_t& at);

}  // namespace trama
