// What the values of a column can be, proved from the plan before any data: for formats that want
// types, for `output: schema` and for `check --plan`.

#pragma once

#include <string_view>

#include "plan/plan.h"

namespace trama {

/// The word of a kind: "text", "decimal", "datetime".
std::string_view kind_name(Kind kind) noexcept;

OutputType output_type(const PlanColumn& column);

/// Whether a row may come out with a blank in this column.
bool may_be_blank(const PlanColumn& column);

}  // namespace trama
