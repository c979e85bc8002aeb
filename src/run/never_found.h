// FIELD_NEVER_FOUND: fields that columns read and no record of a run has.

#pragma once

#include <span>
#include <vector>

#include "plan/plan.h"
#include "report/summary.h"

namespace trama {

/// One for each field that no record has, though there were some that could. `seen`: by
/// Plan::watches, of all records.
std::vector<Alert> alerts_of_fields(const Plan& plan, std::span<const FieldSeen> seen);

}  // namespace trama
