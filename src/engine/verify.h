// Checking stored webhook events (engine/stored_event): signature, time and id, in bounded memory
// for any number of them. An event is refused for one reason, the first of: it is no stored event; its
// signature; its time; its id, which another accepted event has that was received before it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory.h"
#include "base/result.h"
#include "base/stop_flag.h"
#include "report/verify_report.h"
#include "run/run.h"
#include "signature/scheme.h"
#include "text/language.h"

namespace trama {

struct VerifyOptions {
  std::vector<std::string> files;    // from spool_files(); "-" is standard input
  std::vector<std::string> secrets;  // the names of the keys' variables
  std::vector<HmacKey> keys;
  std::optional<std::int64_t> window;  // seconds; nothing where the scheme signs no time
  bool accepted = false;               // the accepted events are wanted: the files are read twice
  std::size_t memory = kMemoryBytes;
  Languages languages;
  const StopFlag* stop = &kNeverStopped;
  std::function<void(const RunProgress&)> progress;  // called now and then
};

/// The files of a spool: files as they are named, and those in folders, in the order of their names,
/// without what is hidden or not complete yet (.incomplete, .part, .tmp). file_unreadable.
Result<std::vector<std::string>> spool_files(const std::vector<std::string>& spool);

/// `refused` takes each refused event, `accepted` each other one as one line (without its line end),
/// both in the order of the files.
///
/// What Source and InputFiles give, output_unwritable (TMPDIR is full), what the two give.
Result<VerifyReport> verify_events(
    const Scheme& scheme, const VerifyOptions& options,
    const std::function<Result<void>(const RefusedEvent&)>& refused,
    const std::function<Result<void>(std::string_view event)>& accepted);

}  // namespace trama
