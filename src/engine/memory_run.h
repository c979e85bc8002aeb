// A run in memory: small inputs mapped on one thread into texts, without files, limits or
// publishing. For `trama test` and for our own tests; what it writes is what `trama run` writes.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/result.h"
#include "plan/plan.h"
#include "report/reject.h"
#include "report/summary.h"
#include "source/source.h"

namespace trama {

struct MemoryRun {
  std::string rows;     // with what stands before the first and after the last
  std::string rejects;  // JSON lines
  Summary summary;
  bool stopped = false;            // by a `stop` of the mapping
  std::optional<Failure> trouble;  // where reading could not go on
};

/// Opens the inputs, with the plan's DumpTables::options; called again where duplicates need a pass
/// of their own.
using OpenSource = std::function<Result<std::unique_ptr<Source>>()>;

/// `now`: what `today` means, in seconds since 1970-01-01T00:00:00Z. `taken`: where it is noted
/// which parts of the plan records took (StepContext::taken), or null.
Result<MemoryRun> run_in_memory(const Plan& plan, const ReportNames& names, const OpenSource& open,
                                std::int64_t now, std::unordered_set<const void*>* taken = nullptr);

/// A Source over a text, called `name` in messages.
std::unique_ptr<Source> source_of_text(std::string text, std::string name,
                                       const SourceOptions& options);

}  // namespace trama
