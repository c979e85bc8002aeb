// SplitMapper: a worker's part: one split -> rows, rejects and a summary, as if it were the whole
// input.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/sha256.h"
#include "exec/mapper.h"
#include "exec/row_check.h"
#include "report/reject.h"
#include "report/summary.h"
#include "run/dump_tables.h"
#include "sink/row_writer.h"
#include "source/source.h"

namespace trama {

/// What `duplicates` decided of one frame.
struct DuplicateDecision {
  enum class Kind : std::uint8_t { keep, leave_out, reject, not_comparable };
  Kind kind = Kind::keep;
  bool blank_key = false;  // kept, with a warning
  // Of a rejected one: its key, and the record that was kept, 0 where none was.
  std::string key;
  std::uint64_t kept_record = 0;
};

struct SplitResult {
  Split split;  // kept until it is merged: a limit may be crossed inside it, then it is mapped
                // again up to there
  std::vector<DuplicateDecision> duplicates;  // by frame; empty where the mapping has none
  std::string rows;
  std::string rejects;
  Summary summary;
  /// Frames that were rejected or warned about, in their order: where limits can be crossed.
  struct Event {
    std::uint32_t frame = 0;
    std::uint32_t warnings = 0;
    bool rejected = false;
  };
  std::vector<Event> events;
  bool stopped = false;  // a `stop` of the mapping at the last frame that was mapped

  void clear();
};

class SplitMapper {
 public:
  /// `tables`: those that travel in the inputs, where the plan has some; without them records may
  /// be looked at but not mapped.
  SplitMapper(const Plan& plan, const ReportNames& names, std::int64_t now,
              std::size_t max_record_bytes, const DumpTables* tables = nullptr);

  /// Maps the first `frames` of result.split and fills the rest of it.
  void map(SplitResult& result, std::size_t frames);
  /// See Mapper.
  void note_taken(std::unordered_set<const void*>* taken) noexcept { mapper_.note_taken(taken); }
  /// What duplicates need of a frame.
  const RecordKey& key(const Frame& frame);

 private:
  void record(SplitResult& result, std::size_t at);
  void written(SplitResult& result, const Frame& frame, const MappedRecord& mapped);
  /// What `output: schema` says against the rows of a record.
  std::span<const RecordError> schema_errors(const SplitResult& result, const Frame& frame,
                                             const MappedRecord& mapped);
  void rejected(SplitResult& result, std::size_t at, RejectedRecord& record);
  void unread(SplitResult& result, std::size_t at);
  void warn(SplitResult& result, std::size_t frame, const MappedRecord& mapped, bool blank_key);
  [[nodiscard]] RejectedRecord refused(const SplitResult& result, std::size_t at) const;
  void reject_duplicate(SplitResult& result, std::size_t at, const DuplicateDecision& decision);
  void finish(SplitResult& result);
  RecordRef ref(const SplitResult& result, const Frame& frame, std::string_view id) const;

  const Plan& plan_;
  const ReportNames& names_;
  std::size_t max_record_bytes_;
  const DumpTables* tables_;
  Mapper mapper_;
  std::unique_ptr<RowWriter> writer_;
  std::unique_ptr<RowCheck> row_check_;  // where the mapping states a schema
  std::vector<Value> audit_values_;      // for row_check_
  Sha256 digest_;                        // of rejects
  // Errors by code and column are counted in a flat table while a split is mapped.
  std::vector<Tally> tallies_;
  std::vector<std::size_t> tallied_;  // those that have counted
};

}  // namespace trama
