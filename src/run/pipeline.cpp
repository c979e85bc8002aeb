#include "run/pipeline.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <new>
#include <utility>

#include "base/mutex.h"
#include "run/workers.h"

namespace trama {

Merger::Merger(const Plan& plan, Target* rows, std::function<Result<OutputFile*>()> open_rejects,
               OutputFile* rejects_table, Operations* operations)
    : plan_(plan),
      rows_(rows),
      open_rejects_(std::move(open_rejects)),
      rejects_table_(rejects_table),
      operations_(operations) {
  summary_.columns.resize(plan.columns.size());
}

bool Merger::over(std::uint64_t read, std::uint64_t rejected,
                  std::uint64_t warnings) const noexcept {
  return plan_.rejected_at_most.crossed(rejected, read) ||
         plan_.warnings_at_most.crossed(warnings, read);
}

/// The frame at which a limit is crossed, where `stop_early_after` has limits judged as the run
/// goes. Only records that were rejected or warned about can cross one, and the first record that
/// is judged at all.
std::optional<std::size_t> Merger::crossing(const SplitResult& result) const {
  const std::uint64_t first_judged = plan_.stop_early_after;
  if (first_judged == 0 || plan_.publish_always) return std::nullopt;
  const std::uint64_t before = summary_.read;
  if (before + result.summary.read < first_judged) return std::nullopt;
  std::uint64_t rejected = summary_.rejected;
  std::uint64_t warnings = summary_.warnings;
  std::size_t event = 0;
  const auto count_up_to = [&](std::size_t frame) {
    for (; event < result.events.size() && result.events[event].frame - result.first <= frame;
         ++event) {
      rejected += result.events[event].rejected ? 1U : 0U;
      warnings += result.events[event].warnings;
    }
  };
  if (before < first_judged) {
    const std::size_t frame = static_cast<std::size_t>(first_judged - before - 1);
    count_up_to(frame);
    if (over(first_judged, rejected, warnings)) return frame;
  }
  while (event < result.events.size()) {
    const std::size_t frame = result.events[event].frame - result.first;
    count_up_to(frame);
    if (over(before + frame + 1, rejected, warnings)) return frame;
  }
  return std::nullopt;
}

/// Where a limit is crossed inside the piece, it ends there.
void Merger::judge(SplitResult& result, SplitMapper& again) {
  const std::optional<std::size_t> at = crossing(result);
  if (!at) return;
  if (*at + 1 < result.summary.read) again.map(result, result.first + *at + 1);
  stopped_ = stopped_by_limit_ = true;
}

/// Hands on the rows. A record that the target does not take is rejected: the piece is mapped again
/// without it, for its rejects and its counts. That crosses no limit behind which rows were handed on
/// that should not have been: then nothing is published.
Result<void> Merger::hand_on(SplitResult& result, SplitMapper& again) {
  TRAMA_TRY_VOID(rows_->take(std::move(result.rows)));
  std::vector<Target::Refused> refused = rows_->refused();
  if (refused.empty()) return {};
  for (Target::Refused& one : refused) again.refuse(std::move(one));
  const auto frames = static_cast<std::size_t>(result.summary.read);
  again.map(result, result.first + frames);
  if (!stopped_) judge(result, again);
  again.refuse_none();
  return {};
}

Result<void> Merger::merge(SplitResult& result, SplitMapper& again) {
  if (stopped_) return {};
  judge(result, again);
  if (rows_ != nullptr) TRAMA_TRY_VOID(hand_on(result, again));
  if (result.failure) return *result.failure;
  if (result.stopped) stopped_ = true;
  const std::size_t source = result.split.source;
  if (read_.size() <= source) {
    read_.resize(source + 1);
    parsed_.resize(source + 1);
    error_answers_.resize(source + 1);
  }
  read_[source] += result.summary.read;
  parsed_[source] += result.summary.parsed;
  ErrorAnswers& answers = error_answers_[source];
  if (answers.count == 0) answers.first = std::move(result.first_error_answer);
  answers.count += result.error_answers;
  if (!result.rejects.empty()) {
    if (rejects_ == nullptr) {
      TRAMA_TRY(rejects_, open_rejects_());
    }
    if (rejects_ != nullptr) TRAMA_TRY_VOID(rejects_->write(result.rejects));
  }
  if (operations_ != nullptr) TRAMA_TRY_VOID(operations_->note(result.notes));
  if (rejects_table_ != nullptr) TRAMA_TRY_VOID(rejects_table_->write(result.rejects_table));
  summary_.merge(std::move(result.summary));
  summary_.limit_kept();
  return {};
}

namespace {

constexpr std::size_t kMostPieceBytes = std::size_t{4} << 20U;
constexpr std::size_t kKeptSplitBytes = std::size_t{2} << 20U;
constexpr std::size_t kLeastPieceBytes = std::size_t{64} << 10U;

/// What the workers share. Source and merger are each used by one thread at a time.
class Pipeline {
 public:
  Pipeline(const Plan& plan, const ReportNames& names, Source& source, Duplicates* duplicates,
           Merger& merger, const PipelineOptions& options)
      : plan_(plan),
        names_(names),
        source_(source),
        duplicates_(duplicates),
        merger_(merger),
        options_(options),
        window_(std::size_t{2} * options.threads),
        split_bytes_most_(options.in_flight / 2),
        held_most_(options.in_flight / 4),
        piece_bytes_(options.piece_bytes != 0
                         ? options.piece_bytes
                         : std::clamp(options.in_flight / (6 * std::size_t{options.threads}),
                                      kLeastPieceBytes, kMostPieceBytes)),
        waiting_(window_) {}

  Result<void> run() {
    work_together(options_.threads, [this] { work(); });
    if (failure_) return std::move(*failure_);
    if (gave_up_.load()) return Failure{FailureCode::no_memory, {}};
    return {};
  }

 private:
  void work() {
    try {
      work_on_splits();
    } catch (const std::bad_alloc&) {
      give_up();
    }
  }

  /// Nobody may wait for the turn of a split that is never merged.
  void give_up() noexcept {
    if (duplicates_ != nullptr) duplicates_->give_up();
    const MutexLock lock(merge_mutex_);
    over_.store(true);
    gave_up_.store(true);
    room_.notify_all();
  }

  void work_on_splits() {
    SplitMapper mapper(plan_, names_, options_.now, options_.max_record_bytes, options_.rows_bytes);
    std::uint64_t ticket = 0;
    mapper.ask_at(piece_bytes_, [&] { await_turn(ticket); });
    if (options_.operations != nullptr) mapper.tell(*options_.operations);
    const TakePiece take = [&](SplitResult& result) { return hand_on(result, mapper); };
    std::optional<SplitProfiles::Maker> profiles;
    if (options_.profiles != nullptr) profiles.emplace(*options_.profiles);
    for (;;) {
      auto result = take_result();
      if (!take_split(*result)) return;
      ticket = result->split.ticket;
      if (duplicates_ != nullptr) {
        Result<void> decided = duplicates_->decide(result->split, mapper, result->duplicates);
        if (!decided.ok()) result->failure = std::move(decided.failure());
      }
      if (!result->failure && !over_.load(std::memory_order_relaxed)) mapper.map(*result, take);
      if (profiles && !is_over()) profile(result->split, *profiles);
      give(std::move(result), mapper);
    }
  }

  /// Of all workers each holds one profile at most: it waits for its turn with it. Nobody else merges
  /// then, as the split whose turn it is is this one.
  void profile(const Split& split, SplitProfiles::Maker& maker) {
    Profile made = maker.make(split);
    await_turn(split.ticket);
    if (!is_over()) options_.profiles->merge(made);
  }

  /// Waits until those that are being mapped, or wait for their turn, leave room for one like the
  /// last; where there are none there is room for any.
  bool take_split(SplitResult& result) {
    const MutexLock lock(source_mutex_);
    {
      MutexLock merging(merge_mutex_);
      while (!is_over() && !has_room()) room_.wait(merging);
    }
    if (is_over() || !source_.next(result.split)) return false;
    result.taken = bytes_of(result.split);
    const MutexLock merging(merge_mutex_);
    split_bytes_ += result.taken;
    last_split_bytes_ = result.taken;
    for (const Split::Beside& beside : result.split.beside)
      if (beside_[beside.records.get()]++ == 0) beside_bytes_ += beside.records->bytes();
    return true;
  }

  [[nodiscard]] bool has_room() const TRAMA_REQUIRES(merge_mutex_) {
    if (split_bytes_ == 0) return true;
    return split_bytes_ + last_split_bytes_ <= split_bytes_most_ &&
           (beside_.size() < 2 || beside_bytes_ <= options_.beside / 2);
  }

  /// What it takes, with what is decided of its frames.
  [[nodiscard]] std::size_t bytes_of(const Split& split) const noexcept {
    const std::size_t frame =
        sizeof(Frame) + (duplicates_ != nullptr ? sizeof(DuplicateDecision) : 0);
    return split.buffer.size() + split.frames.size() * frame;
  }

  /// Until all splits before are merged: a record that takes much is then the only one.
  void await_turn(std::uint64_t ticket) {
    MutexLock lock(merge_mutex_);
    while ((ticket != next_ || merging_) && !gave_up_.load()) room_.wait(lock);
  }

  std::unique_ptr<SplitResult> take_result() {
    const MutexLock lock(merge_mutex_);
    std::unique_ptr<SplitResult> result;
    if (free_.empty()) {
      result = std::make_unique<SplitResult>();
    } else {
      result = std::move(free_.back());
      free_.pop_back();
      result->clear();
    }
    result->full_at = piece_bytes_;
    result->keeps = 2 * piece_bytes_;
    return result;
  }

  /// A piece that is full while its split is being mapped. That of the split whose turn it is is
  /// merged. Another may grow, as long as all that wait hold no more than held_most_; then it waits
  /// for its turn. The one whose turn it is never waits, so there is always one that goes on.
  bool hand_on(SplitResult& result, SplitMapper& mapper) {
    MutexLock lock(merge_mutex_);
    const std::uint64_t ticket = result.split.ticket;
    if (ticket != next_ && held_ + piece_bytes_ <= held_most_) {
      held_ += piece_bytes_;
      result.held += piece_bytes_;
      result.full_at = result.made() + piece_bytes_;
      return !is_over();
    }
    lock.unlock();
    mapper.finish(result);
    lock.lock();
    while (ticket != next_ && !gave_up_.load()) room_.wait(lock);
    if (is_over()) return false;
    merging_ = true;  // nobody else does: they wait for this one
    lock.unlock();
    const auto frames = static_cast<std::size_t>(result.summary.read);
    merge(result, mapper);
    result.first += frames;
    lock.lock();
    merging_ = false;
    let_go(result);
    return !is_over();
  }

  [[nodiscard]] bool is_over() const { return over_.load() || options_.stop->asked() != 0; }

  /// Its memory is for the next; that of a large record, and its tables, are not kept.
  void free_split(SplitResult& result) TRAMA_REQUIRES(merge_mutex_) {
    split_bytes_ -= result.taken;
    for (const Split::Beside& beside : result.split.beside) {
      const auto user = beside_.find(beside.records.get());
      if (--user->second > 0) continue;
      beside_.erase(user);
      beside_bytes_ -= beside.records->bytes();
    }
    Split& split = result.split;
    split.beside.clear();
    if (split.buffer.size() > kKeptSplitBytes) split.buffer = {};
    if (split.frames.capacity() * sizeof(Frame) > kKeptSplitBytes) split.frames = {};
  }

  /// Its bytes are no longer held.
  void let_go(SplitResult& result) TRAMA_REQUIRES(merge_mutex_) {
    held_ -= result.held;
    result.held = 0;
    result.full_at = piece_bytes_;
  }

  /// Leaves a result to be merged when its turn comes; who brings the one whose turn it is merges
  /// all that are ready.
  void give(std::unique_ptr<SplitResult> result, SplitMapper& mapper) {
    MutexLock lock(merge_mutex_);
    const std::uint64_t ticket = result->split.ticket;
    while (ticket >= next_ + window_ && !gave_up_.load()) room_.wait(lock);
    if (gave_up_.load()) return;
    waiting_[ticket % window_] = std::move(result);
    if (merging_) return;
    merging_ = true;
    while (auto next = std::move(waiting_[next_ % window_])) {
      lock.unlock();
      merge(*next, mapper);
      lock.lock();
      let_go(*next);
      free_split(*next);
      ++next_;
      free_.push_back(std::move(next));
      room_.notify_all();
    }
    merging_ = false;
  }

  void merge(SplitResult& result, SplitMapper& mapper) {
    if (is_over()) return;
    Result<void> merged =
        result.failure ? Result<void>(*result.failure) : merger_.merge(result, mapper);
    if (!merged.ok()) failure_ = std::move(merged.failure());
    if (failure_ || merger_.stopped()) over_.store(true);
    if (options_.progress) options_.progress();
  }

  const Plan& plan_;
  const ReportNames& names_;
  Source& source_ TRAMA_GUARDED_BY(source_mutex_);
  Duplicates* duplicates_;
  Merger& merger_;
  const PipelineOptions& options_;

  Mutex source_mutex_;

  Mutex merge_mutex_;
  ConditionVariable room_;
  // What bounds memory: results that may wait for earlier ones, what a worker hands on at once, and
  // what those hold together that are not next.
  const std::size_t window_;
  const std::size_t split_bytes_most_;
  const std::size_t held_most_;
  const std::size_t piece_bytes_;
  std::size_t held_ TRAMA_GUARDED_BY(merge_mutex_) = 0;
  // Of splits that are not merged, and how many have each of what lies beside their records.
  std::size_t split_bytes_ TRAMA_GUARDED_BY(merge_mutex_) = 0;
  std::size_t last_split_bytes_ TRAMA_GUARDED_BY(merge_mutex_) = 0;
  std::map<const BesideRecords*, std::size_t> beside_ TRAMA_GUARDED_BY(merge_mutex_);
  std::size_t beside_bytes_ TRAMA_GUARDED_BY(merge_mutex_) = 0;
  std::vector<std::unique_ptr<SplitResult>> waiting_ TRAMA_GUARDED_BY(merge_mutex_);
  std::vector<std::unique_ptr<SplitResult>> free_ TRAMA_GUARDED_BY(merge_mutex_);
  std::uint64_t next_ TRAMA_GUARDED_BY(merge_mutex_) = 0;
  bool merging_ TRAMA_GUARDED_BY(merge_mutex_) = false;

  std::atomic<bool> over_{false};
  std::atomic<bool> gave_up_{false};  // a worker found no memory
  std::optional<Failure> failure_;
};

}  // namespace

Result<void> run_pipeline(const Plan& plan, const ReportNames& names, Source& source,
                          Duplicates* duplicates, Merger& merger, const PipelineOptions& options) {
  return Pipeline(plan, names, source, duplicates, merger, options).run();
}

}  // namespace trama
