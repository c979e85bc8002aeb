// RejectsSource: rejects files as a source of the records that they keep, each with the identity
// that it had in its dump; for `trama replay`.

#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"
#include "report/reject.h"
#include "base/memory.h"
#include "source/input_files.h"
#include "source/source.h"

namespace trama {

/// What the lines say of themselves, known before the first is mapped.
struct RejectsFacts {
  std::uint64_t duplicates = 0;    // of stage `duplicate`: left out
  std::uint64_t cut = 0;           // only their first bytes were kept
  std::set<std::string> mappings;  // that rejected them
  std::uint64_t corrected = 0;     // lines that are not as trama wrote them
  Phrase first_corrected;          // "record 3 of dump.json"
};

struct RejectsOptions {
  std::shared_ptr<InputSet> files;  // to read, each twice
  ReplayTerms terms;                // of the mapping that they are to run through
  std::string mapping;              // its name
  bool any_mapping = false;         // rejects of a mapping of another name are taken too
  bool corrected = false;           // lines that a person changed are taken too
  std::size_t max_record_bytes = kMaxRecordBytes;
  std::size_t split_bytes = kSplitBytes;
  std::size_t memory = kMemoryBytes;  // for what must be kept to find a record that is there twice
  bool digests = false;  // InputRead::sha256 is wanted
  const StopFlag* stop = &kNeverStopped;
};

/// Reads all lines once, to refuse before anything is written: rejects_invalid (a damaged or masked
/// line, a record that is there twice), rejects_rewritten (a line that is not as trama wrote it),
/// replay_refused (another mapping, other terms). Then gives a Source whose
/// names() are the dumps that the records are from. A file of no bytes holds no records. To find
/// those that are there twice 8 to 16 bytes are kept of each, 64 where it is not in the order of the
/// dump; rejects_memory where that is too much.
Result<std::unique_ptr<Source>> open_rejects(RejectsOptions options, RejectsFacts& facts);

/// Makes a plan fit for rejects: duplicates are decided, and limits and expectations are of a dump.
/// replay_refused where it needs tables that stand in the dump, beside the records.
Result<void> for_replay(Plan& plan);

}  // namespace trama
