#include "receive/event_writer.h"

#include <span>
#include <utility>

#include "run/run.h"

namespace trama {
namespace {

constexpr std::int64_t kTryEvery = 1'000;  // milliseconds

}  // namespace

EventWriter::EventWriter(EventStore& store, std::function<void(PendingEvent&)> done)
    : store_(store), done_(std::move(done)), thread_([this] { work(); }) {}

EventWriter::~EventWriter() {
  if (thread_.joinable()) (void)finish().ok();
}

Result<void> EventWriter::finish() {
  {
    MutexLock lock(mutex_);
    finishing_ = true;
    changed_.notify_all();
  }
  thread_.join();
  Result<void> completed = store_.complete_file();
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
  return not_stored_ ? not_stored_ : not_completed_;
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
  const bool failed = trouble().has_value();
  if (failed && now - tried_ < kTryEvery) return;
  tried_ = now;
  if (failed) note(not_stored_, store_.try_disk());
  Result<void> done = store_.complete_if_due(now);
  if (done.ok()) done = store_.forget(now);
  files_ = store_.files();
  note(not_completed_, std::move(done));
}

}  // namespace trama
