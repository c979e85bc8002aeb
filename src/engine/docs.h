// What is documented of a mapping: its sentences (engine/explain), an example of each column from the records
// that its tests give, its tables, and what is known of its versions.

#pragma once

#include <string>

#include "base/result.h"
#include "base/stop_flag.h"
#include "engine/load.h"
#include "report/explanation.h"
#include "text/language.h"

namespace trama {

/// Records of a test that are looked at for examples.
constexpr std::size_t kExampleRecords = 1000;
/// Entries of a table that are listed.
constexpr std::size_t kListedEntries = 50;

/// `loaded` has a plan, and its tests. `root`: how far files of tests may be away from the mapping, or empty. The
/// same mapping gives the same: a test that depends on the day and states none has no examples. INTERRUPTED.
Result<Explanation> document(LoadedMapping& loaded, const std::string& root, Language language,
                             const StopFlag& stop);

}  // namespace trama
