// What two mappings make otherwise of one input, record by record: rows, columns, what is rejected and
// why. For `trama diff`.
//
//   old mapping -> SplitMapper -> record n: written, rejected, …, its rows as cells -|
//                                                                                    +-> compared
//   new mapping -> SplitMapper -> record n: written, rejected, …, its rows as cells -|
//
// Each side reads the input by itself, and maps it as a run does; both are at the same record at any
// time. Memory does not grow with the input: of what changes, counts are kept and a few examples.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/load.h"
#include "report/diff_report.h"
#include "run/run.h"
#include "source/source.h"
#include "text/language.h"

namespace trama {

struct DiffOptions {
  std::vector<std::string> inputs;
  std::int64_t now = 0;              // what `today` means, in seconds since 1970-01-01T00:00:00Z
  Language language = Language::en;  // of reasons
  const StopFlag* stop = &kNeverStopped;
  std::function<void(const RunProgress&)> progress{};
};

/// Both have a plan. What keeps an input from being read is a Failure, as are mappings that read
/// their records from different places, and INTERRUPTED.
Result<Diff> diff(LoadedMapping& before, LoadedMapping& after, const DiffOptions& options);

/// Opens the inputs from their beginning, each time that it is called.
using OpenInputs = std::function<Result<std::unique_ptr<Source>>(const SourceOptions&)>;
/// The same of inputs that `open` has; those of the options are their names.
Result<Diff> diff_of(LoadedMapping& before, LoadedMapping& after, const OpenInputs& open,
                     const DiffOptions& options);

}  // namespace trama
