// Deletes: rows for what a state knows and a whole dump does not hold any more (`full_dump: yes`,
// rule 9.38 of mappings/rules.md).

#pragma once

#include <optional>

#include "base/stop_flag.h"
#include "plan/plan.h"
#include "report/summary.h"
#include "run/operations.h"
#include "run/split_mapper.h"
#include "sink/target.h"

namespace trama {

/// What a run says of the things that none of its records has.
struct Deletes {
  bool told = false;  // a row for each
  /// Why they are not: DELETES_HELD_BACK. `alert`: that should be looked at.
  std::optional<Alert> held_back{};
  bool alert = false;
  /// "66.7 % of what is known": they are more than `deleted_at_most`.
  std::optional<Phrase> over_limit{};
};
/// All records are noted. `whole`: all that the dump holds was read.
Deletes judge_deletes(const Plan& plan, const Operations& operations, bool whole);

/// The rows behind those of the records, as far as the run is not asked to stop.
Result<void> write_deletes(Operations& operations, SplitMapper& writer, Target& rows,
                           const StopFlag& stop);

}  // namespace trama
