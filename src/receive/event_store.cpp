#include "receive/event_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/folder.h"
#include "base/retried.h"
#include "base/system_words.h"
#include "base/write_all.h"
#include "engine/spool.h"
#include "engine/stored_event.h"
#include "json/record_reader.h"
#include "source/source.h"

namespace trama {
namespace {

constexpr mode_t kFileMode = 0666;  // less the umask
constexpr std::string_view kEnding = ".ndjson";
constexpr std::size_t kReadAtOnce = std::size_t{1} << 20U;
constexpr std::size_t kNumberDigits = 6;
/// Files that may wait for their way into new/: they are there at once, unless it cannot be written.
constexpr std::size_t kMaxFull = 8;
/// Ids that are forgotten for each one that is noted, and some more.
constexpr std::int64_t kForgetTimes = 2;
constexpr std::int64_t kForgetMore = 1'000;
/// Every commit is on the disk (synchronous = FULL, as databases are opened).
constexpr const char* kSetUp =
    "PRAGMA journal_mode = WAL;"
    "CREATE TABLE IF NOT EXISTS ids (id BLOB PRIMARY KEY, received INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS ids_received ON ids (received);"
    "CREATE TABLE IF NOT EXISTS files (last INTEGER NOT NULL);"
    "INSERT INTO files SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM files)";

Failure unwritable(const std::string& path, int error) {
  return {FailureCode::output_unwritable, {path, system_words(error)}};
}

bool sync_data(int fd) {
  return retried([&] { return ::fdatasync(fd); }) == 0;
}

/// TIME-NAME-NUMBER.ndjson; 0: it is not called so.
std::uint64_t number_in(std::string_view name) {
  name.remove_suffix(kEnding.size());
  name.remove_prefix(name.rfind('-') == std::string_view::npos ? name.size() : name.rfind('-') + 1);
  std::uint64_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

/// Of another receiver the same id is another event.
std::string key_of(std::string_view receiver, std::string_view id) {
  std::string key(receiver);
  key += '\n';
  key += id;
  return key;
}

Result<void> sync_names(const std::string& folder) {
  if (sync_folder(folder)) return {};
  return unwritable(folder, errno);
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
  if (fd_ >= 0 && end_ == 0) ::unlink((folder() + '/' + file_.name).c_str());
}

Result<void> EventStore::set_up(std::int64_t now) {
  for (const char* const name : {"", "/new", "/receiving"})
    TRAMA_TRY_VOID(make_folder(options_.spool + name));
  TRAMA_TRY(ServiceLock lock,
            ServiceLock::take(folder() + "/lock", {FailureCode::receiver_busy, {options_.spool}}));
  lock_.emplace(std::move(lock));
  TRAMA_TRY_VOID(open_ids());
  std::vector<std::string> names;
  if (!names_in(folder(), names))
    return Failure{FailureCode::file_unreadable, {folder(), system_words(errno)}};
  for (const std::string& name : names)
    if (name.ends_with(kEnding)) TRAMA_TRY_VOID(complete_left(name, now));
  TRAMA_TRY(const std::int64_t last, ids_->number("SELECT last FROM files"));
  file_.number = static_cast<std::uint64_t>(last);
  return {};
}

Result<void> EventStore::open_ids() {
  constexpr Database::Codes kCodes{FailureCode::receiver_ids_busy, FailureCode::receiver_damaged,
                                   FailureCode::receiver_damaged, FailureCode::output_unwritable};
  const std::string path = folder() + "/ids.sqlite";
  TRAMA_TRY(ids_, Database::open(path, Database::Use::write, kCodes));
  TRAMA_TRY_VOID(ids_->run(kSetUp));
  TRAMA_TRY(note_, ids_->prepare("INSERT OR IGNORE INTO ids VALUES (?, ?)"));
  TRAMA_TRY(number_, ids_->prepare("UPDATE files SET last = max(last, ?)"));
  TRAMA_TRY(forget_, ids_->prepare("DELETE FROM ids WHERE id IN "
                                   "(SELECT id FROM ids WHERE received < ? LIMIT ?)"));
  TRAMA_TRY(known_ids_, Database::open(path, Database::Use::write, kCodes));
  TRAMA_TRY(find_, known_ids_->prepare("SELECT 1 FROM ids WHERE id = ?"));
  return {};
}

Result<void> EventStore::complete_left(const std::string& name, std::int64_t now) {
  const std::string path = folder() + '/' + name;
  const int fd = retried([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW); });
  if (fd < 0) return Failure{FailureCode::file_unreadable, {path, system_words(errno)}};
  FullFile file{name, number_in(name)};
  std::uint64_t whole = 0;
  Result<std::uint64_t> events = read_left(fd, path, whole, file);
  const bool cut = events.ok() && ::ftruncate(fd, static_cast<off_t>(whole)) == 0 && sync_data(fd);
  const int error = errno;
  ::close(fd);
  if (!events.ok()) return std::move(events.failure());
  if (!cut) return unwritable(path, error);
  if (whole == 0) {
    if (::unlink(path.c_str()) != 0) return unwritable(path, errno);
    return sync_names(folder());
  }
  left_.events += events.value();
  ++left_.files;
  return complete(file, now);
}

/// `whole`: where the last whole event ends. Gives how many there are.
Result<std::uint64_t> EventStore::read_left(int fd, const std::string& path, std::uint64_t& whole,
                                            FullFile& file) {
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
        const Node receiver = reader.root().member("receiver", arena);
        const Node id = reader.root().member("id", arena);
        if (id.kind() == JsonKind::text)
          file.ids.emplace(key_of(receiver.text(arena), id.text(arena)), event.received.seconds);
      }
      line.clear();
    }
  }
  return events;
}

// ---- files ----

Result<void> EventStore::begin_file(std::int64_t now) {
  ++file_.number;
  std::string digits = std::to_string(file_.number);
  if (digits.size() < kNumberDigits) digits.insert(0, kNumberDigits - digits.size(), '0');
  file_.name = spool_stamp(now) + '-' + options_.receiver + '-' + digits;
  file_.name += kEnding;
  const std::string path = folder() + '/' + file_.name;
  const int fd = retried([&] {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, kFileMode);
  });
  if (fd < 0) return unwritable(path, errno);
  fd_ = fd;
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
    return unwritable(folder() + '/' + file_.name, errno);
  if (end_ == 0) TRAMA_TRY_VOID(sync_names(folder()));
  torn_ = false;
  return {};
}

Result<bool> EventStore::is_known(const std::string& key) {
  if (file_.ids.contains(key)) return true;
  for (const FullFile& file : full_)
    if (file.ids.contains(key)) return true;
  find_.reset();
  find_.bind_bytes(key);
  Result<bool> found = find_.step();
  find_.reset();  // so that it reads no longer
  return found;
}

Result<std::size_t> EventStore::store(std::span<NewEvent* const> events, std::int64_t now) {
  TRAMA_TRY_VOID(end_file(now));
  if (full_.size() > kMaxFull)
    return unwritable(options_.spool + "/new/" + full_.front().name, EBUSY);
  if (fd_ < 0) TRAMA_TRY_VOID(begin_file(now));
  TRAMA_TRY_VOID(mend());
  text_.clear();
  std::vector<std::string> fresh;
  std::size_t taken = 0;
  std::uint64_t stored = 0;
  Result<void> written;
  for (NewEvent* const event : events) {
    if (taken > 0 && is_full(events_ + stored, end_ + text_.size() + event->line.size())) break;
    event->repeated = false;
    if (!event->id.empty()) {
      std::string key = key_of(options_.receiver, event->id);
      Result<bool> known = is_known(key);
      if (!known.ok()) {
        written = std::move(known.failure());
        break;
      }
      event->repeated = known.value();
      if (!event->repeated) {
        file_.ids.emplace(key, now / 1000);
        fresh.push_back(std::move(key));
      }
    }
    ++taken;
    if (event->repeated) continue;
    ++stored;
    text_ += event->line;
    text_ += '\n';
  }
  if (written.ok() && stored > 0) {
    torn_ = true;
    if (!write_all(fd_, text_) || !sync_data(fd_))
      written = unwritable(folder() + '/' + file_.name, errno);
  }
  if (!written.ok()) {
    for (const std::string& key : fresh) file_.ids.erase(key);
    (void)mend().ok();
    return std::move(written.failure());
  }
  torn_ = false;
  if (events_ == 0) begun_ = now;
  events_ += stored;
  end_ += text_.size();
  return taken;
}

Result<void> EventStore::end_file(std::int64_t now, bool at_once) {
  if (fd_ < 0 || events_ == 0) return {};
  const bool due = is_full(events_, end_) || now - begun_ >= options_.files.every || now < begun_;
  if (!due && !at_once) return {};
  TRAMA_TRY_VOID(mend());
  ::close(std::exchange(fd_, -1));
  const std::uint64_t number = file_.number;
  full_.push_back(std::exchange(file_, {}));
  file_.number = number;
  return {};
}

Result<void> EventStore::complete(const FullFile& file, std::int64_t now) {
  const auto count = static_cast<std::int64_t>(file.ids.size());
  TRAMA_TRY(Transaction transaction, Transaction::begin(*ids_));
  for (const auto& [key, received] : file.ids) {
    note_.reset();
    note_.bind_bytes(key).bind(received);
    TRAMA_TRY_VOID(note_.run());
  }
  number_.reset();
  number_.bind(static_cast<std::int64_t>(file.number));
  TRAMA_TRY_VOID(number_.run());
  forget_.reset();
  forget_.bind((now - options_.remember) / 1000).bind(count * kForgetTimes + kForgetMore);
  TRAMA_TRY_VOID(forget_.run());
  TRAMA_TRY_VOID(transaction.commit());
  const std::string to = options_.spool + "/new/" + file.name;
  const std::string from = folder() + '/' + file.name;
  const int error = rename_new(from, to);
  // Gone: it was renamed before, and the disk did not say that this is safe.
  if (error != 0 && ::access(from.c_str(), F_OK) == 0) return unwritable(to, error);
  TRAMA_TRY_VOID(sync_names(options_.spool + "/new"));
  return sync_names(folder());
}

void EventStore::drop_full_file() {
  full_.pop_front();
  ++files_;
}

Result<void> EventStore::complete_all(std::int64_t now) {
  TRAMA_TRY_VOID(end_file(now, true));
  while (const FullFile* const file = full_file()) {
    TRAMA_TRY_VOID(complete(*file, now));
    drop_full_file();
  }
  return {};
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
