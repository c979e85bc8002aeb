// --metrics: what a run counted, in the text format of Prometheus (exposition format 0.0.4), for the
// textfile collector of node_exporter. All are gauges of the last run of a mapping.

#pragma once

#include <cstdint>
#include <string>

#include "report/summary.h"

namespace trama {

/// When runs of the mapping last finished, in milliseconds since 1970 UTC; 0:
/// not known, and no such metric.
struct LastRuns {
  std::int64_t success = 0;  // with 0 or 1
  std::int64_t import = 0;   // that published
};
std::string metrics_text(const Summary& summary, const RunFacts& facts, LastRuns last);

}  // namespace trama
