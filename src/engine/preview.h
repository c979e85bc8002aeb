// Preview: the first rows of an input as data, with what became of the records among them: what
// `trama preview` shows. Records go the way of a run (SplitMapper), one after the other on this
// thread, and reading ends with the last one that is shown.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/cells.h"
#include "engine/load.h"
#include "engine/memory_run.h"
#include "report/summary.h"

namespace trama {

/// Records that are read at most: a mapping may skip nearly all (`only`).
constexpr std::uint64_t kMaxPreviewRecords = 100000;

/// A record; or several side by side of which there is nothing to show.
struct PreviewRecord {
  enum class State : std::uint8_t { written, rejected, skipped, duplicate };
  State state = State::written;
  std::uint64_t first = 0;              // its number, from 1
  std::uint64_t last = 0;               // the same, but of several
  std::string id;                       // hidden where it is personal; may be empty
  std::vector<std::vector<Cell>> rows;  // by the output's columns
  std::uint64_t more_rows = 0;          // beside them
  std::optional<ShownReject> reject;
  std::vector<Summary::Warning> warnings;
};

struct Preview {
  enum class End : std::uint8_t {
    part,       // there is more
    whole,      // of the input
    stopped,    // by a `stop` of the mapping
    unreadable  // `trouble` says why
  };
  End end = End::part;
  std::vector<PreviewRecord> records;
  Summary summary;                 // of what was read
  std::optional<Failure> trouble;  // where reading could not go on
  std::vector<Alert> never_found;  // fields that no record has; of a whole input alone
};

/// The first `most` rows; a rejected record counts as one. `input`: its name, for messages. `open`
/// opens it, with the plan's DumpTables::options. `now`: what `today` means, in seconds since
/// 1970-01-01T00:00:00Z. Duplicates are decided where the input before them decides (`keep: first`);
/// others are rows.
Result<Preview> preview(LoadedMapping& loaded, const std::string& input, const OpenSource& open,
                        std::size_t most, std::int64_t now);

}  // namespace trama
