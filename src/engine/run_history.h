// The runs that a state has, told: what `trama report` and `trama state` show.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "base/stop_flag.h"
#include "report/runs_report.h"

namespace trama {

/// Adds up the runs of the state that finished at `since` or later (milliseconds since 1970 UTC). What
/// State::open() gives, and state_damaged where a summary in it cannot be read.
Result<RunsReport> report_runs(const std::string& state, RunsReport::By by, std::int64_t since,
                               std::int64_t until);

/// Every run as one JSON line (schemas/state-run.schema.json), as they ended.
Result<void> export_runs(const std::string& state,
                         const std::function<Result<void>(const std::string&)>& line);

/// Says of a run that was killed while it published whether its rows were in place. state_unknown_run
/// where there is no such run.
Result<void> settle_run(const std::string& state, const std::string& run, bool published,
                        const StopFlag& stop);

}  // namespace trama
