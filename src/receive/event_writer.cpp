#include "receive/event_writer.h"

#include <span>
#include <utility>

#include "run/run.h"

namespace trama {
namespace {

constexpr std::int64_t kTryEvery = 1'000;  // milliseconds

}  // namespace

EventWriter::EventWriter(EventStore& store, std::function<void(PendingEvent&)> done)
    : store_(store),
      done_(std::move(done)),
      completer_([this] { complete_files(); }),
      thread_([this] { work(); }) {}

EventWriter::~EventWriter() {
  if (thread_.joinable()) (void)finish().ok();
}

Result<void> EventWriter::finish() {
  {
    const MutexLock lock(mutex_);
    finishing_ = true;
    changed_.notify_all();
  }
  thread_.join();
  {
    const MutexLock lock(mutex_);
    ended_ = true;
    has_file_.notify_all();
  }
  completer_.join();
  {
    const MutexLock lock(mutex_);
    if (completed_ && completed_->ok()) store_.drop_full_file();
  }
  Result<void> completed = store_.complete_all(milliseconds_now());
  files_ = store_.files();
  return completed;
}

void EventWriter::add(PendingEvent& event) {
  ++waiting_;
  MutexLock lock(mutex_);
  queue_.push_back(&event);
  changed_.notify_all();
}

void EventWriter::wake() {
  MutexLock lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

std::optional<Failure> EventWriter::trouble() {
  MutexLock lock(mutex_);
  return not_completed_ ? not_completed_ : not_stored_;
}

void EventWriter::note(std::optional<Failure>& trouble, Result<void> result) {
  MutexLock lock(mutex_);
  if (result.ok())
    trouble.reset();
  else
    trouble = std::move(result.failure());
}

void EventWriter::work() {
  std::vector<PendingEvent*> events;
  for (;;) {
    events.clear();
    bool last = false;
    {
      MutexLock lock(mutex_);
      while (queue_.empty() && !woken_ && !finishing_) changed_.wait(lock);
      events.swap(queue_);
      woken_ = false;
      last = finishing_ && events.empty();
    }
    if (last) return;
    store(events);
    keep_house();
  }
}

void EventWriter::store(std::vector<PendingEvent*>& events) {
  std::vector<NewEvent*> rest(events.begin(), events.end());
  std::size_t at = 0;
  while (at < events.size()) {
    Result<std::size_t> stored =
        store_.store(std::span<NewEvent* const>(rest).subspan(at), milliseconds_now());
    const std::size_t end = stored.ok() ? at + stored.value() : events.size();
    note(not_stored_, stored.ok() ? Result<void>() : Result<void>(stored.failure()));
    for (; at < end; ++at) {
      PendingEvent& event = *events[at];
      using enum PendingEvent::Outcome;
      event.outcome = !stored.ok() ? not_stored : event.repeated ? repeated : accepted;
      if (event.outcome == accepted) stored_bytes_ += event.line.size() + 1;
      done_(event);
      --waiting_;
    }
  }
}

void EventWriter::keep_house() {
  const std::int64_t now = milliseconds_now();
  Result<void> ended = store_.end_file(now);
  if (!ended.ok()) note(not_stored_, std::move(ended));
  hand_over(now);
  bool failed = false;
  {
    const MutexLock lock(mutex_);
    failed = not_stored_.has_value();
  }
  if (!failed || now - tried_disk_ < kTryEvery) return;
  tried_disk_ = now;
  note(not_stored_, store_.try_disk());
}

/// What became of the file that is being completed, and the next one.
void EventWriter::hand_over(std::int64_t now) {
  std::optional<Result<void>> completed;
  {
    const MutexLock lock(mutex_);
    completed.swap(completed_);
  }
  if (completed) {
    if (completed->ok())
      store_.drop_full_file();
    else
      tried_file_ = now;
    files_ = store_.files();
    note(not_completed_, std::move(*completed));
  }
  const FullFile* const file = store_.full_file();
  if (file == nullptr || now - tried_file_ < kTryEvery) return;
  const MutexLock lock(mutex_);
  if (completing_ != nullptr || completed_) return;
  completing_ = file;
  has_file_.notify_all();
}

void EventWriter::complete_files() {
  for (;;) {
    const FullFile* file = nullptr;
    {
      MutexLock lock(mutex_);
      while (completing_ == nullptr && !ended_) has_file_.wait(lock);
      if (completing_ == nullptr) return;
      file = completing_;
    }
    Result<void> completed = store_.complete(*file, milliseconds_now());
    const MutexLock lock(mutex_);
    completing_ = nullptr;
    completed_ = std::move(completed);
    woken_ = true;
    changed_.notify_all();
  }
}

}  // namespace trama
