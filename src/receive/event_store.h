// EventStore: events on the disk, each once, as files of NDJSON (engine/stored_event) for `trama watch`.
//
//   SPOOL/receiving/TIME-NAME-NUMBER.ndjson   the file that is written to
//   SPOOL/receiving/ids.sqlite                the ids that were seen, and when
//   SPOOL/receiving/lock                      one receiver at a time: an exclusive flock
//   SPOOL/new/                                files that are complete
//
// What store() gave is on the disk, whatever happens to the program or the machine then. An id is in
// the database, or its event in a file in receiving/, from which it is read at the next start: the
// database is on the disk before a file is complete. A line that is not whole at the end of a file
// belongs to no event that was stored; it is cut off.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "database/sqlite.h"
#include "receive/receiver_file.h"

namespace trama {

struct EventStoreOptions {
  std::string spool;
  std::string receiver;  // its ids are not those of another
  EventFileLimits files{};
  std::int64_t remember = Receiver::kUsualRemember;  // milliseconds
};

struct NewEvent {
  std::string line{};     // without its line end
  std::string id{};       // UTF-8; "": it has none
  bool repeated = false;  // what store() found out: its id was seen before, and it is not stored
};

/// What receivers that were killed had left.
struct LeftEvents {
  std::uint64_t events = 0;
  std::uint64_t files = 0;
};

/// Used by one thread at a time. Times are milliseconds since 1970.
class EventStore {
 public:
  /// Makes its folders, and completes the files that were left. receiver_busy, receiver_damaged,
  /// output_unwritable, file_unreadable.
  static Result<std::unique_ptr<EventStore>> open(EventStoreOptions options, std::int64_t now);
  ~EventStore();
  EventStore(const EventStore&) = delete;
  EventStore& operator=(const EventStore&) = delete;

  /// Stores the first of `events`, as many as the file takes, one at least; gives how many. Where it
  /// fails nothing of them is stored.
  Result<std::size_t> store(std::span<NewEvent* const> events, std::int64_t now);
  /// The file is complete: it is put into new/. Nothing to be done where it has no events.
  Result<void> complete_file();
  /// The same where it is time.
  Result<void> complete_if_due(std::int64_t now);
  /// Forgets some of the ids that are older than they need be.
  Result<void> forget(std::int64_t now);
  /// Whether something can be written, without events.
  Result<void> try_disk();

  [[nodiscard]] const LeftEvents& left() const noexcept { return left_; }
  /// Files that were completed, those that were left aside.
  [[nodiscard]] std::uint64_t files() const noexcept { return files_; }

 private:
  explicit EventStore(EventStoreOptions options) : options_(std::move(options)) {}
  Result<void> set_up(std::int64_t now);
  Result<void> take_lock();
  Result<void> open_ids();
  Result<void> complete_left(const std::string& name);
  Result<std::uint64_t> note_ids(int fd, const std::string& path, std::uint64_t& whole);
  Result<void> move_to_new(const std::string& name);
  Result<void> sync_folders();
  Result<void> begin_file(std::int64_t now);
  Result<void> mend();
  Result<bool> is_new(const std::string& id, std::int64_t seconds);
  [[nodiscard]] std::string folder() const { return options_.spool + "/receiving"; }
  [[nodiscard]] bool is_full(std::uint64_t events, std::uint64_t bytes) const noexcept {
    return events >= options_.files.events || bytes >= options_.files.bytes;
  }

  EventStoreOptions options_;
  int lock_ = -1;
  std::unique_ptr<Database> ids_;
  Statement note_;
  Statement forget_;
  LeftEvents left_;
  std::uint64_t files_ = 0;

  // The file that is written to.
  int fd_ = -1;
  std::string name_;
  std::int64_t begun_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t end_ = 0;  // of what is stored
  bool torn_ = false;      // something may be behind it
  std::string text_;
};

}  // namespace trama
