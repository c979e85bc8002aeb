// SplitMapper: a worker's part: one split -> rows, rejects and a summary,
// as if it were the whole input.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "exec/mapper.h"
#include "exec/row_check.h"
#include "report/reject.h"
#include "report/summary.h"
#include "run/dump_tables.h"
#include "run/idempotency.h"
#include "run/key_state.h"
#include "run/operations.h"
#include "run/rejects_table.h"
#include "sink/row_encoder.h"
#include "sink/target.h"
#include "source/source.h"

namespace trama {

/// What `duplicates` decided of one frame.
struct DuplicateDecision {
  enum class Kind : std::uint8_t {
    keep,
    leave_out,
    reject,
    not_comparable,  // with another record of its key: none of them is kept
    wrong            // it has no key, or no X, that can be used: RecordKey::error
  };
  Kind kind = Kind::keep;
  bool blank_key = false;                // kept, with a warning
  RankKind rank = RankKind::unreadable;  // of its own X
  // Of a rejected one: the record that was kept, 0 where none was. Of one that is not comparable:
  // the first record of its key with an X of another kind.
  std::size_t other_source = 0;
  std::uint64_t other_record = 0;
  RankKind other_rank = RankKind::unreadable;
};

/// What was made of a split, or of the next piece of it: of a few frames that make much.
///
/// A split of 2,000 short records whose rows have 10 KB each is handed on in pieces:
/// frames 0 to 400, 401 to 800, … The pieces of a split are one behind the other what the split
/// would have been.
struct SplitResult {
  Split split;  // kept until it is merged: a limit may be crossed inside it, then it is mapped
                // again up to there
  std::size_t first = 0;           // of the frames of this piece
  std::size_t full_at = SIZE_MAX;  // bytes: so much is to be handed on
  std::size_t held = 0;            // bytes that it was allowed beside, for the pipeline
  std::size_t taken = 0;           // bytes of its split, as the pipeline counts them
  std::size_t keeps = SIZE_MAX;    // bytes of memory that each of its texts keeps for more
  std::vector<DuplicateDecision> duplicates;  // by frame; empty where the mapping has none
  RowBlock rows;
  std::string rejects;
  std::string rejects_table;
  Operations::Notes notes;  // where the run has operations
  Summary summary;
  /// Frames that were rejected or warned about, in their order: where limits can be crossed.
  struct Event {
    std::uint32_t frame = 0;  // of the split
    std::uint32_t warnings = 0;
    bool rejected = false;
  };
  std::vector<Event> events;
  bool stopped = false;             // a `stop` of the mapping at the last frame that was mapped
  std::uint64_t error_answers = 0;  // records and documents with `error_body`
  std::string first_error_answer;   // what the first of them says
  std::optional<Failure> failure;   // why duplicates or operations could not be decided: it counts
                                    // for nothing

  /// Bytes that it takes, about.
  [[nodiscard]] std::size_t made() const noexcept {
    return rows.bytes.size() + rejects.size() + rejects_table.size() + notes.size() +
           events.size() * sizeof(Event) + summary.kept_bytes;
  }
  void clear();
  void empty_texts();
};

/// Takes a piece that is full_at: lets it grow (full_at), or has it finished and merges it, so that
/// the next begins. False: nothing of the split is wanted any more.
using TakePiece = std::function<bool(SplitResult&)>;

class SplitMapper {
 public:
  /// `rows_bytes`: a record that makes more is rejected; 0: as rules.md says.
  SplitMapper(const Plan& plan, const ReportNames& names, std::int64_t now,
              std::size_t max_record_bytes, std::size_t rows_bytes = 0);

  /// Maps the frames of result.split from result.first up to `end` as one piece.
  void map(SplitResult& result, std::size_t end);
  /// Maps all of them, handing on what is made before the last piece.
  void map(SplitResult& result, const TakePiece& take);
  /// A record of more than `size` bytes, or that makes more, is alone in memory: `wait` is called
  /// before, and waits until all records before it are merged. Not where a piece is mapped again.
  void ask_at(std::size_t size, std::function<void()> wait);
  /// For TakePiece: the piece is not added to any more.
  void finish(SplitResult& result);
  /// A record that the target did not take, of the split at hand: mapped again it is rejected.
  void refuse(Target::Refused&& refused) {
    const std::uint64_t record = refused.record;
    refused_.insert_or_assign(record, std::move(refused));
  }
  void refuse_none() noexcept { refused_.clear(); }
  /// What is new about each record is told, and noted, beside what they know.
  void tell(Operations& operations);
  /// A row of what is known and gone, behind those of the records.
  Result<void> gone(const KnownThings::Entry& entry, RowBlock& block);
  void finish(RowBlock& block) { encoder_->finish(block); }
  /// See Mapper.
  void note_taken(std::unordered_set<const void*>* taken) noexcept { mapper_.note_taken(taken); }
  void observe(MapObserver& observer) { mapper_.observe(observer); }
  void give_back() { mapper_.give_back(); }
  /// What duplicates need of a frame; valid until the next one.
  const RecordKey& key(const Frame& frame);
  /// The id of a record of `result` as reports show it: hidden where it is personal; or "".
  std::string shown_id(const SplitResult& result, const Frame& frame);
  /// The same as the record has it, valid until the next frame.
  std::string_view id_of(const Frame& frame);

 private:
  [[gnu::noinline]] void use_tables(const Split& split, std::size_t at);
  void begin(SplitResult& result);
  void record(SplitResult& result, std::size_t at);
  void make(SplitResult& result, std::size_t at, const MappedRecord& mapped);
  bool decide(SplitResult& result, std::size_t at, const MappedRecord& mapped);
  void count_operation(SplitResult& result);
  void note_rejected(SplitResult& result, std::size_t at);
  enum class Written : std::uint8_t { yes, too_big, refused };
  Written written(SplitResult& result, const Frame& frame, const MappedRecord& mapped);
  [[gnu::cold]] void note_refusal(const RowRefusal& refusal, std::span<const Value> row,
                                  std::size_t number);
  [[gnu::cold]] void reject_written(SplitResult& result, std::size_t at, const MappedRecord& mapped,
                                    std::span<const RecordError> errors);
  /// What `output: schema` says against the rows of a record.
  std::span<const RecordError> schema_errors(const SplitResult& result, const Frame& frame,
                                             const MappedRecord& mapped);
  void add_audit_values(const SplitResult& result, const Frame& frame, const MappedRecord& mapped,
                        std::size_t row);
  void limit_rows(std::size_t most);
  [[gnu::cold]] void too_big(SplitResult& result, std::size_t at);
  [[gnu::cold]] void no_record(SplitResult& result, std::size_t at);
  [[gnu::noinline]] void reject(SplitResult& result, std::size_t at, const MappedRecord& mapped);
  [[gnu::noinline]] void rejected(SplitResult& result, std::size_t at, RejectedRecord& record);
  [[gnu::cold]] void unread(SplitResult& result, std::size_t at);
  [[gnu::cold]] void document(SplitResult& result, std::size_t at);
  [[gnu::noinline]] void count_unknown(SplitResult& result, const Frame& frame,
                                       std::span<const RecordError> errors,
                                       std::string_view id) const;
  [[gnu::cold]] static void note_error_answer(SplitResult& result, std::string_view words);
  bool is_json(std::string_view document);
  static void note_warnings(SplitResult& result, std::size_t frame, std::uint64_t count);
  [[nodiscard]] Summary::Warning warning_of(const RecordError& warning) const;
  [[gnu::cold]] void warn(SplitResult& result, std::size_t frame, const MappedRecord& mapped,
                          bool blank_key);
  [[nodiscard]] RejectedRecord refused(const SplitResult& result, std::size_t at) const;
  [[gnu::cold]] void reject_duplicate(SplitResult& result, std::size_t at,
                                      const DuplicateDecision& decision);
  [[nodiscard]] std::string other_record(const SplitResult& result,
                                         const DuplicateDecision& decision) const;
  RecordRef ref(const SplitResult& result, const Frame& frame, std::string_view id) const;

  const Plan& plan_;
  const ReportNames& names_;
  void wait_for_turn() {
    if (may_wait_ && wait_) wait_();
  }

  std::size_t max_record_bytes_;
  std::size_t rows_bytes_;
  std::size_t few_bytes_;  // ask_at()
  std::function<void()> wait_;
  bool may_wait_ = false;
  const DumpTables* tables_ = nullptr;  // that travel with the record at hand
  Mapper mapper_;
  std::unique_ptr<RowEncoder> encoder_;
  std::unique_ptr<RecordReader> document_reader_;  // made for the first document that is rejected
  std::unique_ptr<RowCheck> row_check_;            // where the mapping states a schema
  std::vector<Value> audit_values_;                // for row_check_
  std::unique_ptr<IdempotencyKeys> idempotency_;   // where an audit column holds them
  std::optional<RecordOperation> operation_;       // where the run has operations
  RecordOperation::Decision decision_;             // of the record at hand
  std::deque<std::string> idempotency_texts_;      // that audit_values_ point into
  Sha256 digest_;                                  // of rejects
  std::map<std::uint64_t, Target::Refused> refused_;  // by record
  RecordError refusal_;                               // of a value that the format cannot hold
  std::optional<RejectsTable> rejects_table_;         // where it is wanted
};

}  // namespace trama
