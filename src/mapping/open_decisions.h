// Values that are still to be decided: what `trama infer` could not tell from the data stands in its
// draft as "DECIDE: question? one of: A, B", the better guess first. `check` refuses each
// (DECIDE_OPEN), and checks the rest as if the first choice had been taken.

#pragma once

#include <string>
#include <string_view>

#include "base/span.h"
#include "mapping/yaml_tree.h"

namespace trama {

/// What such a value begins with.
constexpr std::string_view kDecide = "DECIDE:";
/// What stands between the question and the choices.
constexpr std::string_view kChoicesAre = "one of: ";

/// The first choice of a value that is to be decided, or "" where it names none. Choices end at a
/// comma with a space behind it; one in double quotes ends with them, a quote inside is doubled.
std::string first_choice(std::string_view value);

/// Reports the values of a mapping that are to be decided, and puts their first choices in their
/// places. `tests` are passed over: records are data.
void report_open_decisions(YamlNode& mapping, Diagnostics& diagnostics);

}  // namespace trama
