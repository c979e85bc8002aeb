#include "engine/spool.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <string_view>
#include <vector>

#include "base/folder.h"
#include "base/retried.h"
#include "base/system_words.h"
#include "report/shown_text.h"
#include "sink/output_file.h"

namespace trama {
namespace {

constexpr mode_t kFolderMode = 0777;  // less the umask
constexpr const char* kFolders[] = {"new", "work", "done", "failed"};
constexpr std::string_view kUnready[] = {".incomplete", ".part", ".tmp"};
constexpr int kMostNames = 1000;         // of files that came in one second under one name
constexpr std::size_t kKeptBytes = 180;  // of a name: what is made of it gets longer endings
constexpr int kLooksUpEvery = 200;       // milliseconds

bool is_ready(std::string_view name) noexcept {
  return !name.starts_with('.') &&
         std::none_of(std::begin(kUnready), std::end(kUnready),
                      [name](std::string_view ending) { return name.ends_with(ending); });
}

Failure unwritable(const std::string& path, int error) {
  return {FailureCode::output_unwritable, {path, system_words(error)}};
}

/// Opens and locks a regular file; -1 where it is gone, is none or another worker has it.
int open_locked(const std::string& path) {
  const int fd =
      retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); });
  if (fd < 0) return -1;
  struct stat by_fd{};
  struct stat by_name{};
  const bool ours = ::fstat(fd, &by_fd) == 0 && S_ISREG(by_fd.st_mode) &&
                    retried([&] { return ::flock(fd, LOCK_EX | LOCK_NB); }) == 0 &&
                    ::lstat(path.c_str(), &by_name) == 0 && by_name.st_ino == by_fd.st_ino &&
                    by_name.st_dev == by_fd.st_dev;
  if (ours) return fd;
  ::close(fd);
  return -1;
}

bool is_there(const std::string& path) {
  struct stat about{};
  return ::lstat(path.c_str(), &about) == 0;
}

/// The end of a name, which says what kind of file it is.
std::string_view end_of(std::string_view name) noexcept {
  if (name.size() <= kKeptBytes) return name;
  name.remove_prefix(name.size() - kKeptBytes);
  while (!name.empty() && (static_cast<unsigned char>(name.front()) & 0xC0U) == 0x80U)
    name.remove_prefix(1);
  return name;
}

}  // namespace

SpoolFile::~SpoolFile() {
  if (fd_ >= 0) ::close(fd_);
}

Spool::~Spool() {
  if (watched_ >= 0) ::close(watched_);
}

int rename_new(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // A file system without it: two names for a moment.
  if (::link(from.c_str(), to.c_str()) != 0) return errno;
  return ::unlink(from.c_str()) == 0 ? 0 : errno;
}

std::string spool_stamp(std::int64_t milliseconds) {
  std::string text = utc(milliseconds).substr(0, 19) + 'Z';
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0) return {};
  const int error = errno;
  struct stat about{};
  const bool there = ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
  if (!there) return unwritable(path, error == EEXIST ? ENOTDIR : error);
  return {};
}

Result<Spool> Spool::open(const std::string& folder) {
  Spool spool(folder);
  TRAMA_TRY_VOID(make_folder(folder));
  for (const char* const name : kFolders) TRAMA_TRY_VOID(make_folder(folder + '/' + name));
  spool.watched_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (spool.watched_ >= 0)
    ::inotify_add_watch(spool.watched_, (folder + "/new").c_str(), IN_MOVED_TO | IN_CLOSE_WRITE);
  return spool;
}

/// What is there now.
Result<void> Spool::look() {
  for (const bool left : {true, false}) {
    const std::string folder = folder_ + (left ? "/work" : "/new");
    std::vector<std::string> names;
    if (!names_in(folder, names))
      return Failure{FailureCode::file_unreadable, {folder, system_words(errno)}};
    for (std::string& name : names)
      if (is_ready(name)) waiting_.push_back({left, std::move(name)});
  }
  return {};
}

Result<std::optional<SpoolFile>> Spool::next(std::int64_t now) {
  for (bool looked = false;;) {
    while (!waiting_.empty()) {
      const Waiting one = std::move(waiting_.front());
      waiting_.pop_front();
      if (one.left) {
        if (auto file = adopt(one.name)) return file;
        continue;
      }
      TRAMA_TRY(std::optional<SpoolFile> file, claim(one.name, now));
      if (file) return file;
    }
    if (looked) return std::optional<SpoolFile>();
    TRAMA_TRY_VOID(look());
    looked = true;
  }
}

/// Nothing where another worker was faster.
Result<std::optional<SpoolFile>> Spool::claim(const std::string& name, std::int64_t now) {
  const std::string path = folder_ + "/new/" + name;
  const int fd = open_locked(path);
  if (fd < 0) return std::optional<SpoolFile>();
  SpoolFile locked(fd, name);
  for (int n = 1; n <= kMostNames; ++n) {
    std::string given = spool_stamp(now) + (n == 1 ? "-" : "-" + std::to_string(n) + "-");
    given += end_of(name);
    // A name is never given twice, as what is made of the file is called like it.
    if (is_there(folder_ + "/done/" + given) || is_there(folder_ + "/failed/" + given)) continue;
    const int error = rename_new(path, folder_ + "/work/" + given);
    if (error == EEXIST) continue;
    if (error == ENOENT) return std::optional<SpoolFile>();
    if (error != 0) return unwritable(folder_ + "/work/" + given, error);
    locked.rename(std::move(given));
    return std::optional<SpoolFile>(std::move(locked));
  }
  return unwritable(path, EEXIST);
}

std::optional<SpoolFile> Spool::adopt(const std::string& name) const {
  const int fd = open_locked(folder_ + "/work/" + name);
  if (fd < 0) return std::nullopt;
  return SpoolFile(fd, name);
}

Result<void> Spool::move(const SpoolFile& file, const char* to) const {
  const std::string goal = folder_ + '/' + to + '/' + file.name();
  int error = rename_new(path(file), goal);
  for (int n = 2; error == EEXIST && n <= kMostNames; ++n)  // somebody put one there
    error = rename_new(path(file), goal + '.' + std::to_string(n));
  if (error != 0) return unwritable(goal, error);
  return {};
}

Result<void> Spool::failed(const SpoolFile& file, const std::string& reasons) {
  TRAMA_TRY(const auto text, OutputFile::open(folder_ + "/failed/" + file.name() + ".reasons.txt"));
  TRAMA_TRY_VOID(text->write(reasons));
  TRAMA_TRY_VOID(text->publish());
  return move(file, "failed");
}

void Spool::wait(std::chrono::milliseconds most, const StopFlag& stop) {
  std::array<char, 4096> ignored{};
  for (auto left = most.count(); left > 0 && stop.asked() == 0; left -= kLooksUpEvery) {
    pollfd ready{.fd = watched_, .events = POLLIN, .revents = 0};
    const int step = static_cast<int>(std::min<long long>(left, kLooksUpEvery));
    if (::poll(&ready, watched_ >= 0 ? 1 : 0, step) <= 0) continue;
    while (::read(watched_, ignored.data(), ignored.size()) > 0) continue;
    return;
  }
}

}  // namespace trama
