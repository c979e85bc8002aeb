// Reconciliation: which records two sides have that the other has not, or has otherwise, by a key;
// in bounded memory for any number of records (run/sorted_entries). A side is a file of records
// (NDJSON, JSON, CSV; packed or not).

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/memory.h"
#include "base/result.h"
#include "base/stop_flag.h"
#include "report/reconcile_report.h"
#include "value/decimal.h"

namespace trama {

struct ReconcileOptions {
  std::string left;
  std::string right;
  std::string records;                        // of JSON: the path of its list; empty: found
  std::vector<std::string> key;               // fields; several are a composite key
  std::vector<std::string> fields;            // that are compared; none: all of both sides
  std::map<std::string, Decimal> tolerances;  // by field: numbers that differ by no more are equal
  std::string by;                             // the field with the time of a record; "": none
  std::int64_t grace = 0;  // seconds: of a record that is younger nothing is said
  std::int64_t now = 0;    // seconds since 1970 UTC
  bool heal = false;       // records of the left side are kept to be written
  std::size_t memory = kMemoryBytes;
  const StopFlag* stop = &kNeverStopped;
};

/// `line`: takes each difference as JSON line, by key. `heal`: takes each record of the left side,
/// as it was written, that is missing on the right or differs there; a CSV's header first. Values of
/// a field are the same where their texts are, or where both are numbers that are equal; nothing,
/// null and "" are the same.
///
/// What Source and InputFiles give, usage (no such field), output_unwritable.
Result<ReconcileReport> reconcile(const ReconcileOptions& options,
                                  const std::function<Result<void>(const Difference&)>& line,
                                  const std::function<Result<void>(std::string_view record)>& heal);

}  // namespace trama
