#include "engine/profile_run.h"

#include <algorithm>
#include <memory>
#include <new>
#include <thread>
#include <utility>

#include "base/mutex.h"
#include "profile/record_profiler.h"
#include "run/workers.h"
#include "source/input_files.h"
#include "source/over_streams.h"

namespace trama {
namespace {

constexpr unsigned kMaxThreads = 64;
/// A piece with a record so large is profiled while nobody else reads: there is one at a time.
constexpr std::size_t kLargePiece = 2 * kPieceBytes;
constexpr std::size_t kKeptSplitBytes = 4 * kSplitBytes;

/// Frames of a split that are in one piece.
struct Part {
  std::shared_ptr<Split> split;
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Piece {
  std::vector<Part> parts;
  std::uint64_t ticket = 0;  // from 0, in input order
  std::size_t source = 0;
  std::size_t bytes = 0;
};

/// Cuts what a Source gives into pieces. For one thread at a time.
class Pieces {
 public:
  Pieces(Source& source, std::size_t piece_bytes) : source_(source), piece_bytes_(piece_bytes) {}

  /// Lets a piece go; the memory of its splits is for the next.
  void give_back(Piece& piece) {
    for (Part& part : piece.parts) {
      // only here splits are let go, so nobody else does while their users are counted
      if (part.split.use_count() == 1) free_.push_back(std::move(part.split));
    }
    piece.parts.clear();
    piece.bytes = 0;
  }

  /// False at the end. `piece` is an empty one.
  bool next(Piece& piece) {
    if (!has_frames()) return false;
    piece.ticket = tickets_++;
    piece.source = split_->source;
    const std::uint64_t number = number_of(split_->frames[at_]);
    while (split_->source == piece.source && number_of(split_->frames[at_]) == number) {
      Part part{split_, at_, at_};
      const std::vector<Frame>& frames = split_->frames;
      while (part.end < frames.size() && number_of(frames[part.end]) == number)
        piece.bytes += frames[part.end++].size;
      at_ = part.end;
      piece.parts.push_back(std::move(part));
      if (!has_frames()) break;
    }
    return true;
  }

 private:
  [[nodiscard]] std::uint64_t number_of(const Frame& frame) const noexcept {
    return frame.byte / piece_bytes_;
  }

  /// Whether a frame is left, of this split or of the next.
  bool has_frames() {
    if (split_ != nullptr && at_ < split_->frames.size()) return true;
    if (split_ != nullptr && split_.use_count() == 1) free_.push_back(std::move(split_));
    split_.reset();
    at_ = 0;
    if (free_.empty()) free_.push_back(std::make_shared<Split>());
    std::shared_ptr<Split> split = std::move(free_.back());
    free_.pop_back();
    if (split->buffer.size() > kKeptSplitBytes) split->buffer = {};
    if (!source_.next(*split)) return false;
    split_ = std::move(split);
    return true;
  }

  Source& source_;
  std::size_t piece_bytes_;
  std::shared_ptr<Split> split_;
  std::vector<std::shared_ptr<Split>> free_;
  std::size_t at_ = 0;  // the next frame
  std::uint64_t tickets_ = 0;
};

class ProfileRun {
 public:
  ProfileRun(Source& source, unsigned threads, const ProfileOptions& options)
      : source_(source),
        threads_(threads),
        options_(options),
        pieces_(source, options.piece_bytes) {}

  Result<Profile> run() {
    {
      const MutexLock lock(merge_mutex_);
      merged_.samples_wanted = options_.samples;
    }
    work_together(threads_, [this] { work(); });
    const MutexLock lock(merge_mutex_);  // of nobody else by now
    if (gave_up_) return Failure{FailureCode::no_memory, {}};
    if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
    if (source_.trouble()) return *source_.trouble();
    if (const std::optional<Failure> nothing = input_without_json()) return *nothing;
    RecordProfiler profiler(options_.source.max_record_bytes, options_.json_in_text);
    merged_.finish(profiler.forms());
    return std::move(merged_);
  }

 private:
  /// Records of one input: a document without records, and a record that is too big, may be JSON.
  struct Input {
    std::uint64_t may_be_json = 0;
    std::optional<UnreadRecord> first_unread;
  };

  void work() {
    try {
      RecordProfiler profiler(options_.source.max_record_bytes, options_.json_in_text);
      Piece piece;
      for (;;) {
        auto profile = std::make_unique<Profile>();
        profile->samples_wanted = options_.samples;
        if (!take(piece, profiler, *profile)) return;
        const std::uint64_t ticket = piece.ticket;
        const std::size_t source = piece.source;
        let_go(piece);  // its bytes are not needed while it waits
        if (!give(ticket, source, *profile, profiler.forms())) return;
      }
    } catch (const std::bad_alloc&) {
      const MutexLock lock(merge_mutex_);
      gave_up_ = true;
      turn_.notify_all();
    }
  }

  /// The next piece, profiled. False at the end.
  bool take(Piece& piece, RecordProfiler& profiler, Profile& profile) {
    MutexLock lock(source_mutex_);
    if (options_.stop->asked() != 0 || !pieces_.next(piece)) return false;
    if (piece.bytes <= kLargePiece) lock.unlock();
    for (const Part& part : piece.parts)
      for (std::size_t i = part.begin; i < part.end && options_.stop->asked() == 0; ++i)
        profiler.add(*part.split, i, profile);
    return true;
  }

  void let_go(Piece& piece) {
    const MutexLock lock(source_mutex_);
    pieces_.give_back(piece);
  }

  /// Merges it once all before it are. False where there is nothing more to do.
  bool give(std::uint64_t ticket, std::size_t source, Profile& profile, ValueForms& forms) {
    MutexLock lock(merge_mutex_);
    while (ticket != next_ && !gave_up_) turn_.wait(lock);
    if (gave_up_) return false;
    note(source, profile);
    merged_.merge(profile, forms);
    ++next_;
    turn_.notify_all();
    if (options_.progress)
      options_.progress(
          {merged_.records + merged_.unread, source_.bytes_read(), source_.bytes_in_all()});
    return true;
  }

  void note(std::size_t source, const Profile& profile) TRAMA_REQUIRES(merge_mutex_) {
    if (inputs_.size() <= source) inputs_.resize(source + 1);
    Input& input = inputs_[source];
    input.may_be_json += profile.records + profile.unread - profile.not_json;
    if (!input.first_unread && !profile.first_unread.empty())
      input.first_unread = profile.first_unread.front();
  }

  /// An input in which nothing was JSON.
  [[nodiscard]] std::optional<Failure> input_without_json() const TRAMA_REQUIRES(merge_mutex_) {
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const Input& input = inputs_[i];
      if (input.may_be_json > 0 || !input.first_unread) continue;
      if (const Phrase& like = input.first_unread->looks_like; !like.empty())
        return Failure{FailureCode::input_not_json, {shown_input(source_.names()[i]), like}};
      return Failure{
          FailureCode::input_not_json,
          {shown_input(source_.names()[i]),
           Phrase(input.first_unread->reason, {input.first_unread->a, input.first_unread->b})}};
    }
    return std::nullopt;
  }

  Source& source_;
  const unsigned threads_;
  const ProfileOptions& options_;

  Mutex source_mutex_;
  Pieces pieces_ TRAMA_GUARDED_BY(source_mutex_);

  Mutex merge_mutex_;
  ConditionVariable turn_;
  std::uint64_t next_ TRAMA_GUARDED_BY(merge_mutex_) = 0;
  Profile merged_ TRAMA_GUARDED_BY(merge_mutex_);
  std::vector<Input> inputs_ TRAMA_GUARDED_BY(merge_mutex_);
  bool gave_up_ TRAMA_GUARDED_BY(merge_mutex_) = false;
};

}  // namespace

Result<Profile> profile_source(Source& source, unsigned threads, const ProfileOptions& options) {
  return ProfileRun(source, threads, options).run();
}

Result<Profile> profile_inputs(const ProfileOptions& options) {
  InputFilesOptions how;
  how.stop = options.stop;
  TRAMA_TRY(auto files, InputFiles::open_all(options.inputs, how));
  return profile_files(std::move(files), options);
}

Result<Profile> profile_files(std::shared_ptr<InputSet> files, const ProfileOptions& options) {
  SourceOptions source_options = options.source;
  source_options.stop = options.stop;
  const std::unique_ptr<Source> source = source_over(std::move(files), source_options);
  const unsigned wanted =
      options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
  return profile_source(*source, std::clamp(wanted, 1U, kMaxThreads), options);
}

}  // namespace trama
