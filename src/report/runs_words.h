// What reports of runs say of their counts, on the screen and on a page.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/report_line.h"
#include "report/runs_report.h"

namespace trama {

/// 0.4 s, 12.3 s, 3 min 20 s, 1 h 02 min.
std::string duration_words(std::int64_t millis);
/// How much of what was read was rejected, in percent: told apart from the target.
std::string rejected_share(const Balance& records);
/// Of the runs that ended.
std::string success_share(const RunsReport::Counts& counts);
/// "31 runs: 29 published, 2 failed; 93 % succeeded".
std::string outcome_words(const RunsReport::Counts& counts, const ReportWords& words);
/// "1,204 records read: 1,190 written, 14 rejected, …".
std::string records_words(const Balance& records, const ReportWords& words);

/// Codes with their mapping, the most frequent first.
std::vector<const RunsReport::Codes::value_type*> frequent_first(const RunsReport::Codes& codes);

/// How much of its requests was made again; how much of the rows that were sent was acknowledged, "-" of a source.
std::string retried_share(const RunsReport::ServiceCounts& counts);
std::string acknowledged_share(const RunsReport::ServiceCounts& counts);
/// "source", "target".
std::string kind_words(RunsReport::ServiceKind kind, const ReportWords& words);

/// The day of a time: YYYY-MM-DD, UTC.
std::string day_of(std::int64_t millis);

}  // namespace trama
