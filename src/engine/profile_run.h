// profile_inputs: the inputs of a run -> Profile, in bounded memory, by any number of threads.
//
// The unit is a piece: the records of one input that begin in the same kPieceBytes of it. A piece is
// profiled by itself, and pieces are merged in their order. Where a piece begins is a place of the
// input; so the result is the same bytes for any number of threads and any cut of the input into
// splits, also where a profile keeps no more than the most frequent values.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/key_trie.h"
#include "profile/profile.h"
#include "run/run.h"
#include "source/input_files.h"
#include "source/source.h"

namespace trama {

/// Each thread holds one piece and its profile at a time.
constexpr std::size_t kPieceBytes = std::size_t{4} * 1024 * 1024;

struct ProfileOptions {
  std::vector<std::string> inputs;        // "-" is standard input
  SourceOptions source;                   // how to find the records
  unsigned threads = 0;                   // 0: as many as there are processors
  std::size_t piece_bytes = kPieceBytes;  // tests have small ones
  std::vector<KeyPath> json_in_text;      // places of texts that hold JSON
  std::size_t samples = 0;                // records that are kept as they are read
  const StopFlag* stop = &kNeverStopped;
  std::function<void(const RunProgress&)> progress;  // called now and then by one thread at a time
};

/// Reads all inputs to their end. What keeps a run from reading an input is a Failure here too; so
/// is an input without one record that is JSON, and INTERRUPTED.
Result<Profile> profile_inputs(const ProfileOptions& options);
/// The same of inputs that are open.
Result<Profile> profile_files(std::shared_ptr<InputSet> files, const ProfileOptions& options);
/// The same of a source; `threads` from 1.
Result<Profile> profile_source(Source& source, unsigned threads, const ProfileOptions& options);

}  // namespace trama
