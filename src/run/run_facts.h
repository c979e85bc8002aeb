// What a run is called and what is known of it, beside what it counts: for reports, rejects, summaries and
// for what a database keeps of a load.

#pragma once

#include <string>

#include "report/reject.h"
#include "report/summary.h"
#include "run/run.h"
#include "sink/target.h"

namespace trama {

/// What is known of a run before it begins.
RunFacts facts_of(const RunMapping& mapping, const RunOptions& options);
/// What a database writes down of a run that has come to its end.
LoadFacts load_facts(const Summary& summary, const RunFacts& facts, const RunOptions& options);

/// What a summary counts by number.
SummaryNames summary_names(const Plan& plan, const RunMapping& mapping);
/// The names that errors carry as indexes.
ReportNames names_of(const Plan& plan, const RunMapping& mapping, const RunOptions& options,
                     const std::string& run);
/// The failure as it may be shown: without what an error answer says where that is personal.
Failure shown_failure(Failure failure, const Plan& plan);

}  // namespace trama
