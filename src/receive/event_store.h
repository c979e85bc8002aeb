// EventStore: events on the disk, each once, as files of NDJSON (engine/stored_event) for `trama watch`.
//
//   SPOOL/receiving/TIME-NAME-NUMBER.ndjson   the file that is written to
//   SPOOL/receiving/ids.sqlite                the ids that were seen, and when
//   SPOOL/receiving/lock                      one receiver at a time: an exclusive flock
//   SPOOL/new/                                files that are complete
//
// What store() gave is on the disk, whatever happens to the program or the machine then. The ids of
// files that are not in new/ yet are in memory, and are read from these files at the next start; a
// file gets there once its ids are in the database, on the disk. So storing writes to one file alone.
// A line that is not whole at the end of a file belongs to no event that was stored; it is cut off.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/result.h"
#include "database/sqlite.h"
#include "receive/receiver_file.h"
#include "service/service_lock.h"

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

/// A file that takes no more events, on its way into new/.
struct FullFile {
  std::string name;
  std::uint64_t number = 0;
  std::unordered_map<std::string, std::int64_t> ids{};  // and when they were received, in seconds
};

/// Used by one thread, but for complete(), which another may call meanwhile. Times are milliseconds
/// since 1970.
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

  /// The file takes no more events where it is time, or `at_once`; nothing where it has none.
  Result<void> end_file(std::int64_t now, bool at_once = false);
  /// The oldest of those that take no more; nullptr: there is none. It stays where it is.
  [[nodiscard]] const FullFile* full_file() const noexcept {
    return full_.empty() ? nullptr : &full_.front();
  }
  /// Puts it into new/, and forgets ids that are older than they need be.
  Result<void> complete(const FullFile& file, std::int64_t now);
  /// It is there.
  void drop_full_file();
  /// All of this at once, of the file that is written to too.
  Result<void> complete_all(std::int64_t now);

  /// Whether something can be written, without events.
  Result<void> try_disk();

  [[nodiscard]] const LeftEvents& left() const noexcept { return left_; }
  /// Files that were completed, those that were left aside.
  [[nodiscard]] std::uint64_t files() const noexcept { return files_; }

 private:
  explicit EventStore(EventStoreOptions options) : options_(std::move(options)) {}
  Result<void> set_up(std::int64_t now);
  Result<void> open_ids();
  Result<void> complete_left(const std::string& name, std::int64_t now);
  Result<std::uint64_t> read_left(int fd, const std::string& path, std::uint64_t& whole,
                                  FullFile& file);
  Result<void> begin_file(std::int64_t now);
  Result<void> mend();
  Result<bool> is_known(const std::string& key);
  [[nodiscard]] std::string folder() const { return options_.spool + "/receiving"; }
  [[nodiscard]] bool is_full(std::uint64_t events, std::uint64_t bytes) const noexcept {
    return events >= options_.files.events || bytes >= options_.files.bytes;
  }

  EventStoreOptions options_;
  std::optional<ServiceLock> lock_;
  LeftEvents left_;
  std::uint64_t files_ = 0;

  // Of complete().
  std::unique_ptr<Database> ids_;
  Statement note_;
  Statement number_;
  Statement forget_;

  std::unique_ptr<Database> known_ids_;
  Statement find_;
  std::deque<FullFile> full_;

  // The file that is written to.
  int fd_ = -1;
  FullFile file_;
  std::int64_t begun_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t end_ = 0;  // of what is stored
  bool torn_ = false;      // something may be behind it
  std::string text_;
};

}  // namespace trama
