// Writing beside the final name under a lock, and renaming at the end. See output_file.h.

#include "sink/output_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>

#include "base/phrase_codes.h"
#include "base/retried.h"
#include "base/system_words.h"
#include "sink/publish.h"

namespace trama {
namespace {

constexpr mode_t kNewFileMode = 0666;  // what the umask leaves of it
constexpr mode_t kPermissions = 0777;
constexpr int kLinksAtMost = 40;  // as many as Linux follows
/// One write() takes at most 0x7ffff000 bytes on Linux.
constexpr std::size_t kWriteAtMost = std::size_t{1} << 30;
constexpr std::size_t kWriteAtLeast = std::size_t{256} * 1024;
constexpr std::uint64_t kStartAtLeast = std::uint64_t{4} << 20U;
constexpr int kLooksUpEvery = 100;  // milliseconds

Failure unwritable(const Phrase& name, int error) {
  return {FailureCode::output_unwritable,
          {name, error == ENOENT ? PhraseCode::sink_no_folder : system_words(error)}};
}

/// Where a chain of links leads, so that the file is replaced and not the link; `path` itself where
/// it is no link. A link to a file that is not there yet leads to where that file will be. `error`:
/// an errno, where it cannot be known.
std::string target_of(std::string path, int& error) {
  error = 0;
  for (int i = 0; i < kLinksAtMost; ++i) {
    char buffer[PATH_MAX];
    const ssize_t size = ::readlink(path.c_str(), buffer, sizeof buffer);
    if (size < 0) {
      if (errno != EINVAL && errno != ENOENT && errno != ENOTDIR) error = errno;
      break;
    }
    const std::string link(buffer, static_cast<std::size_t>(size));
    const std::size_t slash = path.rfind('/');
    path = link.starts_with('/') || slash == std::string::npos
               ? link
               : path.substr(0, slash + 1).append(link);
  }
  return path;
}

enum class Names : std::uint8_t { this_file, another, unknown };

/// Whether `path` still is the file that `fd` is: between opening and locking it, the run that had
/// the lock may have renamed or removed it. `unknown`: and errno.
Names still_names(const std::string& path, int fd) {
  struct stat by_name{};
  struct stat by_fd{};
  if (::fstat(fd, &by_fd) != 0) return Names::unknown;
  if (::lstat(path.c_str(), &by_name) != 0)
    return errno == ENOENT ? Names::another : Names::unknown;
  const bool same = by_name.st_dev == by_fd.st_dev && by_name.st_ino == by_fd.st_ino;
  return same ? Names::this_file : Names::another;
}

/// Opens and locks `path`, whatever a killed run left in it. -1 and errno (EWOULDBLOCK: another run
/// has it). `made`: whether there was none; what was made and cannot be locked is removed again.
int open_locked(const std::string& path, bool& made) {
  constexpr int kFlags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  for (;;) {
    int fd = retried([&] { return ::open(path.c_str(), kFlags); });
    made = fd < 0 && errno == ENOENT;
    if (made) {
      fd = retried([&] { return ::open(path.c_str(), kFlags | O_CREAT | O_EXCL, kNewFileMode); });
      if (fd < 0 && errno == EEXIST) continue;
    }
    if (fd < 0) return -1;
    const bool locked = retried([&] { return ::flock(fd, LOCK_EX | LOCK_NB); }) == 0;
    const int lock_error = errno;
    const Names names = still_names(path, fd);
    if (locked && names == Names::this_file) return fd;
    const int error = locked ? errno : lock_error;
    if (made && names == Names::this_file && error != EWOULDBLOCK) ::unlink(path.c_str());
    ::close(fd);
    errno = error;
    if (!locked || names == Names::unknown) return -1;
  }
}

/// Gives the new file the permissions of the one that it will replace.
int prepare(int fd, const struct stat* existing) {
  struct stat about{};
  if (::fstat(fd, &about) != 0) return errno;
  if (!S_ISREG(about.st_mode)) return EEXIST;
  if (retried([&] { return ::ftruncate(fd, 0); }) != 0) return errno;
  const auto give = [&] { return ::fchmod(fd, existing->st_mode & kPermissions); };
  if (existing != nullptr && retried(give) != 0) return errno;
  return 0;
}

/// A pipe, a socket or a terminal: writing waits for who reads.
bool has_reader(int fd) {
  struct stat about{};
  if (::fstat(fd, &about) != 0) return false;
  return S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode) || ::isatty(fd) != 0;
}

/// Whether something can be written to it: standard output may have been closed.
bool is_writable(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

}  // namespace

std::unique_ptr<OutputFile> OutputFile::over(std::string& text) {
  std::unique_ptr<OutputFile> file(new OutputFile(kNeverStopped));
  file->text_ = &text;
  file->streams_ = true;
  return file;
}

Result<std::unique_ptr<OutputFile>> OutputFile::open(const std::string& path,
                                                     const StopFlag& stop) {
  std::unique_ptr<OutputFile> file(new OutputFile(stop));
  file->path_ = path;
  file->target_ = path;
  struct stat about{};
  const bool exists = path != "-" && ::stat(path.c_str(), &about) == 0;
  if (path.empty() || (path != "-" && !exists && errno != ENOENT)) {
    return unwritable(path, path.empty() ? ENOENT : errno);
  }
  if (path == "-") {
    file->streams_ = true;
    file->fd_ = STDOUT_FILENO;
    if (!is_writable(STDOUT_FILENO)) return file->failed(EBADF);
  } else if (exists && S_ISDIR(about.st_mode)) {
    return unwritable(path, EISDIR);
  } else if (exists && !S_ISREG(about.st_mode)) {
    file->streams_ = true;
    file->fd_ = retried([&] { return ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY); });
    if (file->fd_ < 0) return unwritable(path, errno);
  } else {
    TRAMA_TRY_VOID(file->open_beside(exists ? &about : nullptr));
  }
  file->may_wait_ = file->streams_ && has_reader(file->fd_);
  return file;
}

Result<void> OutputFile::open_beside(const struct stat* existing) {
  int error = 0;
  target_ = target_of(path_, error);
  if (error != 0) return unwritable(path_, error);
  if (existing != nullptr && ::access(path_.c_str(), W_OK) != 0) return unwritable(path_, errno);
  bool made = false;
  fd_ = open_locked(incomplete_path(), made);
  if (fd_ < 0 && errno == EWOULDBLOCK) return Failure{FailureCode::output_busy, {path_}};
  if (fd_ < 0) return unwritable(errno == ENOENT ? path_ : incomplete_path(), errno);
  left_ = !made;  // not ours to remove before it is known to be
  TRAMA_TRY(settled_, settle(target_, path_));
  if (!made) TRAMA_TRY_VOID(leave_linked());
  error = prepare(fd_, existing);
  if (error != 0) return unwritable(incomplete_path(), error);
  left_ = false;
  return open_folder();
}

/// What is there under another name too is somebody's copy, and keeps its content: a new file takes
/// the place of NAME.incomplete.
Result<void> OutputFile::leave_linked() {
  struct stat about{};
  if (::fstat(fd_, &about) != 0) return unwritable(incomplete_path(), errno);
  if (!S_ISREG(about.st_mode) || about.st_nlink < 2) return {};
  if (::unlink(incomplete_path().c_str()) != 0) return unwritable(incomplete_path(), errno);
  ::close(fd_);
  bool made = false;
  fd_ = open_locked(incomplete_path(), made);
  if (fd_ < 0 && errno == EWOULDBLOCK) return Failure{FailureCode::output_busy, {path_}};
  if (fd_ < 0) return unwritable(incomplete_path(), errno);
  left_ = !made;
  return {};
}

/// Opened before anything is written: at the end of a run it would be too late to find that
/// it cannot be.
Result<void> OutputFile::open_folder() {
  const std::string previous = target_ + std::string(kPreviousEnding);
  struct stat about{};
  if (::lstat(previous.c_str(), &about) == 0)
    return Failure{FailureCode::output_unwritable,
                   {path_, Phrase(PhraseCode::sink_in_the_way, {previous})}};
  const std::string folder = folder_of(target_);
  folder_ = retried([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (folder_ < 0 && errno != EACCES) return unwritable(path_, errno);
  return {};
}

OutputFile::~OutputFile() {
  if (folder_ >= 0) ::close(folder_);
  if (fd_ < 0 || fd_ == STDOUT_FILENO) return;
  // Removed while it is still locked, and only where the name is still ours:
  // after that it may be another run's.
  if (!streams_ && !left_ && still_names(incomplete_path(), fd_) == Names::this_file)
    ::unlink(incomplete_path().c_str());
  ::close(fd_);
}

Result<void> OutputFile::write(std::string_view bytes) {
  if (text_ != nullptr) {
    *text_ += bytes;
    return {};
  }
  if (streams_) return write_now(bytes);
  on_disk_ = false;
  const bool large = bytes.size() >= kWriteAtLeast;
  if (!large) waiting_ += bytes;
  if (!large && waiting_.size() < kWriteAtLeast) return {};
  TRAMA_TRY_VOID(write_now(waiting_));
  waiting_.clear();
  if (large) TRAMA_TRY_VOID(write_now(bytes));
#if defined(__linux__)
  // The disk begins while the run goes on, so that there is little to wait for at its end. Only a
  // hint: it promises nothing, and an error would be told by fsync.
  if (written_ - started_ >= kStartAtLeast) {
    ::sync_file_range(fd_, static_cast<off_t>(started_), static_cast<off_t>(written_ - started_),
                      SYNC_FILE_RANGE_WRITE);
    started_ = written_;
  }
#endif
  return {};
}

Result<void> OutputFile::write_now(std::string_view bytes) {
  while (!bytes.empty()) {
    if (may_wait_ && !wait_for_room()) return Failure{FailureCode::interrupted, {}};
    const std::size_t at_once = may_wait_ ? PIPE_BUF : kWriteAtMost;
    const ssize_t done =
        retried([&] { return ::write(fd_, bytes.data(), std::min(bytes.size(), at_once)); });
    if (done < 0 && errno == EAGAIN) {
      may_wait_ = true;
    } else if (done < 0) {
      return failed(errno);
    } else {
      bytes.remove_prefix(static_cast<std::size_t>(done));
      written_ += static_cast<std::uint64_t>(done);
    }
  }
  return {};
}

/// For a reader that takes its time: until PIPE_BUF bytes go without waiting. False where the run is
/// asked to stop; a signal may have come to another thread, or just before the wait began, so waiting
/// looks up now and then.
bool OutputFile::wait_for_room() const {
  while (stop_.asked() == 0) {
    pollfd ready{.fd = fd_, .events = POLLOUT, .revents = 0};
    const int found = ::poll(&ready, 1, kLooksUpEvery);
    if (found > 0 || (found < 0 && errno != EINTR)) return true;
  }
  return false;
}

Failure OutputFile::failed(int error) const {
  const Phrase name = path_ == "-" ? PhraseCode::standard_output : Phrase(path_);
  if (error == EPIPE) return {FailureCode::output_pipe_closed, {name}};
  return unwritable(name, error);
}

/// On the disk, and no write failed late.
Result<void> OutputFile::flush() {
  if (streams_ || on_disk_) return {};
  TRAMA_TRY_VOID(write_now(waiting_));
  waiting_.clear();
  if (retried([&] { return ::fsync(fd_); }) != 0) return failed(errno);
  on_disk_ = true;
  return {};
}

Result<void> OutputFile::publish() {
  TRAMA_TRY_VOID(flush());
  if (streams_) return {};
  DiskSteps disk;
  if (const int error = disk.rename(incomplete_path(), target_); error != 0) return failed(error);
  left_ = true;
  if (const int error = disk.sync_folder(folder_); error != 0) return failed(error);
  return {};
}

Result<void> OutputFile::keep_incomplete() {
  TRAMA_TRY_VOID(flush());
  left_ = true;
  return {};
}

bool is_stream(const std::string& path) {
  struct stat about{};
  return path == "-" ||
         (::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode));
}

bool same_file(const std::string& a, const std::string& b) {
  struct stat about_a{};
  struct stat about_b{};
  if (::stat(a.c_str(), &about_a) == 0 && ::stat(b.c_str(), &about_b) == 0) {
    return about_a.st_dev == about_b.st_dev && about_a.st_ino == about_b.st_ino;
  }
  // A file that is not there yet is known by its folder and its name.
  int ignored = 0;
  const std::string to_a = target_of(a, ignored);
  const std::string to_b = target_of(b, ignored);
  const std::string folder_a = folder_of(to_a);
  const std::string folder_b = folder_of(to_b);
  if (::stat(folder_a.c_str(), &about_a) != 0 || ::stat(folder_b.c_str(), &about_b) != 0)
    return to_a == to_b;
  return about_a.st_dev == about_b.st_dev && about_a.st_ino == about_b.st_ino &&
         to_a.substr(to_a.rfind('/') + 1) == to_b.substr(to_b.rfind('/') + 1);
}

std::array<std::string, 3> passing_names(const std::string& file) {
  return {file + std::string(kIncompleteEnding), file + std::string(kPreviousEnding),
          file + std::string(kJournalEnding)};
}

}  // namespace trama
