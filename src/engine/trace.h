// One record through a mapping, told step by step, for `trama trace`. The record goes the way of a run
// (SplitMapper); what is told is what the engine itself reports of it (MapObserver).

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "engine/load.h"
#include "engine/memory_run.h"
#include "report/trace_report.h"
#include "run/run.h"
#include "text/language.h"

namespace trama {

struct TraceOptions {
  std::string input;
  std::string id;                    // of the record; or
  std::uint64_t number = 0;          // its number, from 1
  std::string column;                // only this one is kept; empty: all
  std::int64_t now = 0;              // what `today` means, in seconds since 1970-01-01T00:00:00Z
  Language language = Language::en;  // of reasons
  const StopFlag* stop = &kNeverStopped;
  std::function<void(const RunProgress&)> progress{};
};

/// `loaded` has a plan, and `lines` are those of its tables. Reads up to the record; where duplicates
/// are decided by what follows, all of the input once before. A record that is not there, or a column,
/// is a Failure (usage), as are an input that cannot be read that far, and INTERRUPTED.
Result<Trace> trace(LoadedMapping& loaded, const TableLines& lines, const TraceOptions& options);

/// The records of `open`, called `options.input`, in their order, each as trace() tells it, until `tell` says
/// false; duplicates of others among them.
Result<void> trace_each(LoadedMapping& loaded, const TableLines& lines, const TraceOptions& options,
                        const OpenSource& open, const std::function<bool(const Trace&)>& tell);

}  // namespace trama
