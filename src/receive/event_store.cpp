#include "receive/event_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/folder.h"
#include "base/retried.h"
#include "base/system_words.h"
#include "engine/spool.h"
#include "engine/stored_event.h"
#include "json/record_reader.h"
#include "source/source.h"

namespace trama {
namespace {

constexpr mode_t kFileMode = 0666;  // less the umask
constexpr std::string_view kEnding = ".ndjson";
constexpr std::size_t kReadAtOnce = std::size_t{1} << 20U;
constexpr std::int64_t kForgetAtOnce = 500;
/// So that the log of the database does not grow without end while a file is written to.
constexpr const char* kSetUp =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16384;"
    "CREATE TABLE IF NOT EXISTS ids (id BLOB PRIMARY KEY, received INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS ids_received ON ids (received);"
    "CREATE TABLE IF NOT EXISTS files (last INTEGER NOT NULL);"
    "INSERT INTO files SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM files)";

Failure unwritable(const std::string& path, int error) {
  return {FailureCode::output_unwritable, {path, system_words(error)}};
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = retried([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (wrote < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

bool sync_data(int fd) {
  return retried([&] { return ::fdatasync(fd); }) == 0;
}

Result<void> sync_folder(const std::string& path) {
  const int fd = retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (fd < 0) return unwritable(path, errno);
  const bool done = retried([&] { return ::fsync(fd); }) == 0 || errno == EINVAL;
  const int error = errno;
  ::close(fd);
  if (!done) return unwritable(path, error);
  return {};
}

}  // namespace

// ---- the start ----

Result<std::unique_ptr<EventStore>> EventStore::open(EventStoreOptions options, std::int64_t now) {
  std::unique_ptr<EventStore> store(new EventStore(std::move(options)));
  TRAMA_TRY_VOID(store->set_up(now));
  return store;
}

EventStore::~EventStore() {
  if (fd_ >= 0) ::close(fd_);
  if (fd_ >= 0 && end_ == 0) ::unlink((folder() + '/' + name_).c_str());
  if (lock_ >= 0) ::close(lock_);
}

Result<void> EventStore::set_up(std::int64_t now) {
  for (const char* const name : {"", "/new", "/receiving"})
    TRAMA_TRY_VOID(make_folder(options_.spool + name));
  TRAMA_TRY_VOID(take_lock());
  TRAMA_TRY_VOID(open_ids());
  std::vector<std::string> names;
  if (!names_in(folder(), names))
    return Failure{FailureCode::file_unreadable, {folder(), system_words(errno)}};
  for (const std::string& name : names)
    if (name.ends_with(kEnding)) TRAMA_TRY_VOID(complete_left(name));
  return forget(now);
}

Result<void> EventStore::take_lock() {
  const std::string path = folder() + "/lock";
  lock_ = retried([&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, kFileMode);
  });
  if (lock_ < 0) return unwritable(path, errno);
  if (retried([&] { return ::flock(lock_, LOCK_EX | LOCK_NB); }) == 0) return {};
  if (errno != EWOULDBLOCK) return unwritable(path, errno);
  return Failure{FailureCode::receiver_busy, {options_.spool}};
}

Result<void> EventStore::open_ids() {
  constexpr Database::Codes kCodes{FailureCode::receiver_ids_busy, FailureCode::receiver_damaged,
                                   FailureCode::receiver_damaged, FailureCode::output_unwritable};
  TRAMA_TRY(ids_, Database::open(folder() + "/ids.sqlite", Database::Use::write, kCodes));
  TRAMA_TRY_VOID(ids_->run(kSetUp));
  TRAMA_TRY(note_, ids_->prepare("INSERT OR IGNORE INTO ids VALUES (?, ?)"));
  TRAMA_TRY(forget_, ids_->prepare("DELETE FROM ids WHERE id IN "
                                   "(SELECT id FROM ids WHERE received < ? LIMIT ?)"));
  return {};
}

/// Whether the id was not there yet; it is then.
Result<bool> EventStore::is_new(const std::string& id, std::int64_t seconds) {
  note_.reset();
  note_.bind_bytes(options_.receiver + '\n' + id).bind(seconds);
  TRAMA_TRY_VOID(note_.run());
  return ids_->changed() > 0;
}

Result<void> EventStore::complete_left(const std::string& name) {
  const std::string path = folder() + '/' + name;
  const int fd = retried([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW); });
  if (fd < 0) return Failure{FailureCode::file_unreadable, {path, system_words(errno)}};
  std::uint64_t whole = 0;
  Result<std::uint64_t> events = note_ids(fd, path, whole);
  const bool cut = events.ok() && ::ftruncate(fd, static_cast<off_t>(whole)) == 0 && sync_data(fd);
  const int error = errno;
  ::close(fd);
  if (!events.ok()) return std::move(events.failure());
  if (!cut) return unwritable(path, error);
  if (whole == 0) {
    if (::unlink(path.c_str()) != 0) return unwritable(path, errno);
    return sync_folder(folder());
  }
  left_.events += events.value();
  ++left_.files;
  TRAMA_TRY_VOID(move_to_new(name));
  return sync_folders();
}

/// `whole`: where the last whole event ends. Gives how many there are.
Result<std::uint64_t> EventStore::note_ids(int fd, const std::string& path, std::uint64_t& whole) {
  TRAMA_TRY(Transaction transaction, Transaction::begin(*ids_));
  RecordReader reader{WantedFields()};
  Arena arena;
  StoredEvent event;
  std::string line;
  std::string block(kReadAtOnce, '\0');
  std::uint64_t events = 0;
  std::uint64_t at = 0;  // behind the last line end
  for (;;) {
    const ssize_t got = retried([&] { return ::read(fd, block.data(), block.size()); });
    if (got < 0) return Failure{FailureCode::file_unreadable, {path, system_words(errno)}};
    if (got == 0) break;
    std::string_view rest(block.data(), static_cast<std::size_t>(got));
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      line += rest.substr(0, end);
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
      const std::size_t size = line.size();
      at += size + 1;
      line.append(kReadBehind, '\0');
      arena.reset();
      if (size <= kMaxRecordBytes && reader.read({line.data(), size}) == Reason::none &&
          read_stored_event(reader.root(), arena, event).empty()) {
        whole = at;
        ++events;
        const std::string id(reader.root().member("id", arena).text(arena));
        if (!id.empty()) TRAMA_TRY_VOID(is_new(id, event.received.seconds));
      }
      line.clear();
    }
  }
  TRAMA_TRY_VOID(transaction.commit());
  return events;
}

// ---- files ----

/// Renames a file that is on the disk into new/, once its ids are on the disk too.
Result<void> EventStore::move_to_new(const std::string& name) {
  TRAMA_TRY(const std::int64_t busy, ids_->number("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (busy != 0) return Failure{FailureCode::receiver_ids_busy, {ids_->path()}};
  const std::string to = options_.spool + "/new/" + name;
  if (const int error = rename_new(folder() + '/' + name, to); error != 0)
    return unwritable(to, error);
  return {};
}

Result<void> EventStore::sync_folders() {
  TRAMA_TRY_VOID(sync_folder(options_.spool + "/new"));
  return sync_folder(folder());
}

Result<void> EventStore::begin_file(std::int64_t now) {
  TRAMA_TRY_VOID(ids_->run("UPDATE files SET last = last + 1"));
  TRAMA_TRY(const std::int64_t number, ids_->number("SELECT last FROM files"));
  std::string digits = std::to_string(number);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  std::string name = spool_stamp(now) + '-' + options_.receiver + '-' + digits;
  name += kEnding;
  const std::string path = folder() + '/' + name;
  const int fd = retried([&] {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, kFileMode);
  });
  if (fd < 0) return unwritable(path, errno);
  fd_ = fd;
  name_ = std::move(name);
  begun_ = now;
  events_ = 0;
  end_ = 0;
  torn_ = true;  // until its name is on the disk
  return {};
}

/// Cuts off what a write that failed may have left, so that the file ends with the last event.
Result<void> EventStore::mend() {
  if (!torn_) return {};
  if (::ftruncate(fd_, static_cast<off_t>(end_)) != 0 || !sync_data(fd_))
    return unwritable(folder() + '/' + name_, errno);
  if (end_ == 0) TRAMA_TRY_VOID(sync_folder(folder()));
  torn_ = false;
  return {};
}

Result<std::size_t> EventStore::store(std::span<NewEvent* const> events, std::int64_t now) {
  if (fd_ >= 0 && is_full(events_, end_)) TRAMA_TRY_VOID(complete_file());
  if (fd_ < 0) TRAMA_TRY_VOID(begin_file(now));
  TRAMA_TRY_VOID(mend());
  TRAMA_TRY(Transaction transaction, Transaction::begin(*ids_));
  text_.clear();
  std::size_t taken = 0;
  std::uint64_t stored = 0;
  for (NewEvent* const event : events) {
    if (taken > 0 && is_full(events_ + stored, end_ + text_.size() + event->line.size())) break;
    event->repeated = false;
    if (!event->id.empty()) {
      TRAMA_TRY(const bool is_first, is_new(event->id, now / 1000));
      event->repeated = !is_first;
    }
    ++taken;
    if (event->repeated) continue;
    ++stored;
    text_ += event->line;
    text_ += '\n';
  }
  if (stored > 0) {
    torn_ = true;
    if (!write_all(fd_, text_) || !sync_data(fd_)) {
      const int error = errno;
      (void)mend().ok();
      return unwritable(folder() + '/' + name_, error);
    }
  }
  if (Result<void> noted = transaction.commit(); !noted.ok()) {
    (void)mend().ok();
    return std::move(noted.failure());
  }
  torn_ = false;
  if (events_ == 0) begun_ = now;
  events_ += stored;
  end_ += text_.size();
  return taken;
}

Result<void> EventStore::complete_file() {
  if (fd_ < 0 || events_ == 0) return {};
  TRAMA_TRY_VOID(mend());
  TRAMA_TRY_VOID(move_to_new(name_));
  ::close(std::exchange(fd_, -1));
  ++files_;
  return sync_folders();
}

Result<void> EventStore::complete_if_due(std::int64_t now) {
  const bool due = is_full(events_, end_) || now - begun_ >= options_.files.every || now < begun_;
  return fd_ >= 0 && due ? complete_file() : Result<void>();
}

Result<void> EventStore::forget(std::int64_t now) {
  forget_.reset();
  forget_.bind((now - options_.remember) / 1000).bind(kForgetAtOnce);
  return forget_.run();
}

Result<void> EventStore::try_disk() {
  const std::string path = folder() + "/trial";
  const int fd = retried([&] {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  });
  if (fd < 0) return unwritable(path, errno);
  const bool done = write_all(fd, std::string(std::size_t{64} << 10U, '\n')) && sync_data(fd);
  const int error = errno;
  ::close(fd);
  ::unlink(path.c_str());
  if (!done) return unwritable(path, error);
  return {};
}

}  // namespace trama
