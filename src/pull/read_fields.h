// What a mapping reads of a record: what has to be asked for, and no more.

#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"

namespace trama {

/// The paths of the fields, as a mapping writes them (`pax[*].mail`), each once, in the order of the columns.
std::vector<std::string> fields_read(const Plan& plan);

/// The same as a selection set (GraphQL, October 2021, §2.4): braces, a field a line.
std::string selection_read(const Plan& plan);

}  // namespace trama
