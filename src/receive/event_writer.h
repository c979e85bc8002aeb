// EventWriter: group commit. One thread takes all events that wait, stores them at once (one write to
// the disk for all of them) and says what became of each; meanwhile others wait for the next turn.
// Another one puts files that are full into new/, which takes longer.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "receive/event_store.h"

namespace trama {

/// An event that waits.
struct PendingEvent : NewEvent {
  enum class Outcome : std::uint8_t { waiting, accepted, repeated, not_stored };
  Outcome outcome = Outcome::waiting;
};

class EventWriter {
 public:
  /// `done` is called by the writer's thread with each event, which is not touched any more then.
  EventWriter(EventStore& store, std::function<void(PendingEvent&)> done);
  /// Stores what waits, and completes the file.
  ~EventWriter();
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;

  /// `event` lives until it is done.
  void add(PendingEvent& event);
  /// To be called several times a second: files are complete, and ids forgotten, when it is time.
  void wake();
  /// The same as the destructor. Gives why the last file could not be completed.
  Result<void> finish();

  [[nodiscard]] std::uint64_t waiting() const noexcept { return waiting_.load(); }
  [[nodiscard]] std::uint64_t stored_bytes() const noexcept { return stored_bytes_.load(); }
  [[nodiscard]] std::uint64_t files() const noexcept { return files_.load(); }
  /// Why events are not stored, or their files not completed, at present.
  [[nodiscard]] std::optional<Failure> trouble();

 private:
  void work();
  void store(std::vector<PendingEvent*>& events);
  void keep_house();
  void complete_files();
  void hand_over(std::int64_t now);
  void note(std::optional<Failure>& trouble, Result<void> result);

  EventStore& store_;
  std::function<void(PendingEvent&)> done_;
  std::atomic<std::uint64_t> waiting_ = 0;
  std::atomic<std::uint64_t> stored_bytes_ = 0;
  std::atomic<std::uint64_t> files_ = 0;

  Mutex mutex_;
  ConditionVariable changed_;
  std::vector<PendingEvent*> queue_ TRAMA_GUARDED_BY(mutex_);
  bool woken_ TRAMA_GUARDED_BY(mutex_) = false;
  bool finishing_ TRAMA_GUARDED_BY(mutex_) = false;
  std::optional<Failure> not_stored_;  // guarded by mutex_; so is the next
  std::optional<Failure> not_completed_;

  ConditionVariable has_file_;
  const FullFile* completing_ TRAMA_GUARDED_BY(mutex_) = nullptr;
  std::optional<Result<void>> completed_ TRAMA_GUARDED_BY(mutex_);
  bool ended_ TRAMA_GUARDED_BY(mutex_) = false;

  // When it was tried last, where it had failed; of the writer's thread.
  std::int64_t tried_disk_ = 0;
  std::int64_t tried_file_ = 0;

  std::thread completer_;
  std::thread thread_;
};

}  // namespace trama
