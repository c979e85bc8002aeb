// run: a checked mapping over its inputs, with everything that `trama run` promises (the README's
// contract): nothing lost, nothing doubled, outputs only when complete, the same bytes for any
// number of threads.
//
// Source -> Split -> SplitMapper (a worker) -> SplitResult -> Merger (in input order) -> files. A
// split is mapped without knowing the others; only the merger knows totals, so limits and "first
// seen" are judged there.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/exit.h"
#include "base/memory.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/stop_flag.h"
#include "plan/plan.h"
#include "report/reject.h"
#include "report/summary.h"
#include "run/drift_watch.h"
#include "source/source.h"
#include "text/language.h"

namespace trama {

/// Of the keys of `duplicates` in memory, their buffers and what helps to find them; more keys go
/// to TMPDIR. A run gives them a share of its memory instead.
constexpr std::size_t kDuplicatesBytes = std::size_t{96} * 1024 * 1024;
/// Milliseconds since 1970-01-01T00:00:00Z.
std::int64_t milliseconds_now();

/// How far a run is.
struct RunProgress {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;         // read of the inputs as they lie on the disk
  std::uint64_t bytes_in_all = 0;  // 0: not known
};

struct RunOptions {
  std::vector<std::string> inputs;  // "-" is standard input
  std::string inputs_from;          // the file that named some of them: no output may replace it
  bool pass_bad_inputs = false;     // --bad-inputs reject: the good ones are published
  bool replay = false;              // inputs are rejects files; the plan is for_replay()
  bool corrected = false;           // of a replay: lines that a person changed are taken too
  bool any_mapping = false;         // of a replay: rejects of a mapping of another name too
  std::string output = "-";
  std::string rejects;      // empty: beside the output, or MAPPING.rejects.jsonl
  std::string rejects_csv;  // empty: none
  std::string summary;      // the same
  std::string report;       // the same: a page for people
  std::string metrics;      // the same
  std::string state;        // the same; else the output is a file, and `limit` is not stated
  bool again = false;       // files that the state knows are imported again
  bool rejects_without_personal = false;
  bool rejects_ok = false;
  bool dry_run = false;
  unsigned threads = 0;  // 0: as many as there are processors
  std::uint64_t limit = UINT64_MAX;
  std::size_t memory_bytes = kMemoryBytes;  // for all that the run holds (run/memory_shares.h)
  std::size_t max_record_bytes = kMaxRecordBytes;
  std::size_t split_bytes = kSplitBytes;  // tests cut the input anywhere
  std::size_t rows_bytes = 0;             // of one record, and …
  std::size_t piece_bytes = 0;  // … of a piece: see PipelineOptions; tests cut the output anywhere
  std::size_t duplicates_bytes = SIZE_MAX;  // of the keys of `duplicates`; SIZE_MAX: their share
  std::int64_t now = 0;                     // what `today` means, in seconds since 1970 UTC
  Languages languages;
  std::string command;                         // the command line, for a report that advises it
  std::int64_t (*clock)() = milliseconds_now;  // when the run started and finished
  const StopFlag* stop = &kNeverStopped;       // asked to stop, the run publishes nothing
  std::function<void(const RunProgress&)> progress;  // called now and then by one thread at a time
  const DriftWatch* drift = nullptr;                 // beside the run, where there is one
  std::function<void()> between_passes;              // over the inputs: tests change them there
};

/// What the run is told about its mapping, beside the plan.
struct RunMapping {
  std::string path;                 // as on the command line
  std::vector<std::string> files;   // that it names, and its tests: no output may replace them
  std::vector<std::string> reads;   // of them, those that decide rows: bases, tables, schema
  std::size_t bytes = 0;            // of memory that it takes, with its tables
  std::string sha256;               // of the mapping, its bases and its tables
  std::vector<std::string> places;  // "file:line:column" of the plan's places
  SourceOptions source;             // how to find the records
  ReplayTerms terms;                // of the plan as it was compiled
};

struct RunEnd {
  Exit exit = Exit::ok;
  bool begun = false;          // reading has begun: there is something to report
  bool output_closed = false;  // the reader of standard output went away
  Summary summary;
  RunFacts facts;
};

/// Runs to the end. What there is to say goes into RunEnd::facts.endings; nothing is printed.
RunEnd run(const Plan& plan, const RunMapping& mapping, const RunOptions& options);

/// The summary, and the page, of a run that ends before it can begin, as its mapping is wrong. `facts` say why.
/// Gives what kept it from being written.
Result<void> summarize_early(const RunMapping& mapping, const RunOptions& options, RunFacts facts,
                             Exit exit);

/// Which records a dump has and which are duplicates, as rejects carry it.
ReplayTerms replay_terms(const Plan& plan, const SourceOptions& source);

/// The run's id: its time, and 128 bits of a digest of the mapping with its tables, of what
/// `options` say that changes rows, and of what tells its inputs from others (`inputs`), in
/// Crockford's base32. How it is written: 2025-03-04T06-00-00Z-7F3A9K2M0QZ4C6X8BT1VWJH5RE.
std::string run_id(const RunMapping& mapping, const RunOptions& options, std::string_view inputs);

}  // namespace trama
