// Pipeline: worker threads that take splits in turn, map them,
// and hand the results to a Merger in input order.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/memory.h"
#include "base/result.h"
#include "run/duplicates.h"
#include "run/run.h"
#include "run/split_mapper.h"
#include "run/split_profiles.h"
#include "sink/output_file.h"
#include "sink/target.h"

namespace trama {

/// Puts results together in input order: hands on their rows and rejects, merges their summaries,
/// judges the limits at every record. Used by one thread at a time.
class Merger {
 public:
  /// `rows`: where rows go; null: nowhere (a dry run). `open_rejects`: gives the file of rejects at
  /// the first of them; null as well. `rejects_table`: where a line for each error goes; or
  /// null. `operations`: what notes those of the records; or null.
  Merger(const Plan& plan, Target* rows, std::function<Result<OutputFile*>()> open_rejects,
         OutputFile* rejects_table, Operations* operations);

  /// The next piece in input order. `again`: maps it up to a frame,
  /// where a limit is crossed inside it.
  Result<void> merge(SplitResult& result, SplitMapper& again);

  /// Whether the run is over before its input is: a limit was crossed, or a `stop`.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  [[nodiscard]] bool stopped_by_limit() const noexcept { return stopped_by_limit_; }
  [[nodiscard]] Summary& summary() noexcept { return summary_; }
  /// By input: records read, and those that were JSON.
  [[nodiscard]] const std::vector<std::uint64_t>& read_by_source() const noexcept { return read_; }
  [[nodiscard]] const std::vector<std::uint64_t>& parsed_by_source() const noexcept {
    return parsed_;
  }
  /// By input: those that were error answers, and what the first of them said.
  struct ErrorAnswers {
    std::uint64_t count = 0;
    std::string first;
  };
  [[nodiscard]] const std::vector<ErrorAnswers>& error_answers_by_source() const noexcept {
    return error_answers_;
  }

 private:
  void judge(SplitResult& result, SplitMapper& again);
  Result<void> hand_on(SplitResult& result, SplitMapper& again);
  std::optional<std::size_t> crossing(const SplitResult& result) const;
  [[nodiscard]] bool over(std::uint64_t read, std::uint64_t rejected,
                          std::uint64_t warnings) const noexcept;

  const Plan& plan_;
  Target* rows_;
  std::function<Result<OutputFile*>()> open_rejects_;
  OutputFile* rejects_ = nullptr;
  OutputFile* rejects_table_;
  Operations* operations_;
  bool stopped_ = false;
  bool stopped_by_limit_ = false;
  Summary summary_;
  std::vector<std::uint64_t> read_;
  std::vector<std::uint64_t> parsed_;
  std::vector<ErrorAnswers> error_answers_;
};

struct PipelineOptions {
  unsigned threads = 1;
  const StopFlag* stop = &kNeverStopped;
  std::int64_t now = 0;
  std::size_t max_record_bytes = kMaxRecordBytes;
  std::size_t rows_bytes = 0;   // of one record; 0: as rules.md says
  std::size_t piece_bytes = 0;  // of what a worker hands on at once; 0: so that all are bounded
  std::size_t in_flight = kMemoryBytes / 4;  // bytes of splits and what is made of them
  std::size_t beside = kMemoryBytes / 4;     // of tables that they carry
  SplitProfiles* profiles = nullptr;         // of the splits, where they are wanted
  Operations* operations = nullptr;          // of the records, where they are told
  std::function<void()> progress;            // after each merge; may be empty
};

/// Runs `source` to its end, to the merger's, to a failure or until it is asked to stop.
Result<void> run_pipeline(const Plan& plan, const ReportNames& names, Source& source,
                          Duplicates* duplicates, Merger& merger, const PipelineOptions& options);

}  // namespace trama
