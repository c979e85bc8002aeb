#include "source/input_files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include "base/phrase_codes.h"
#include "base/retried.h"
#include "base/sha256.h"
#include "base/system_words.h"
#include "base/unnamed_file.h"
#include "base/write_all.h"

namespace trama {
namespace {

constexpr int kLooksUpEvery = 100;  // milliseconds
constexpr std::size_t kCopyBytes = std::size_t{256} * 1024;

Failure cannot_open(const Phrase& name, int error) {
  if (error == ENOENT || error == ENOTDIR) return {FailureCode::file_missing, {name}};
  return {FailureCode::file_unreadable, {name, system_words(error)}};
}

Phrase bytes_words(std::uint64_t count) {
  return {PhraseCode::bytes, {std::to_string(count)}};
}

/// Until there is something to read. False, and EINTR, where the run is asked to stop: a signal may
/// have come to another thread, or just before the wait began, so waiting looks up now and then.
bool wait_for(int fd, const StopFlag& stop) noexcept {
  while (stop.asked() == 0) {
    pollfd ready{.fd = fd, .events = POLLIN, .revents = 0};
    const int found = ::poll(&ready, 1, kLooksUpEvery);
    if (found > 0 || (found < 0 && errno != EINTR)) return true;
  }
  errno = EINTR;
  return false;
}

/// `may_wait`: reading may wait for someone (a pipe, a terminal): then a signal must end it.
std::ptrdiff_t read_some(int fd, char* out, std::size_t size, bool& may_wait,
                         const StopFlag& stop) noexcept {
  for (;;) {
    if (may_wait && !wait_for(fd, stop)) return -1;
    const ssize_t got = ::read(fd, out, size);
    if (got >= 0) return got;
    if (errno == EAGAIN) {  // a pipe that someone made non-blocking
      may_wait = true;
    } else if (errno != EINTR || stop.asked() != 0) {
      return -1;
    }
  }
}

/// A descriptor as raw bytes. Of a regular file no more are read than it had when it was opened.
class FileBytes final : public RawBytes {
 public:
  FileBytes(int fd, bool owned, const FileStamp& stamp, std::uint64_t size, std::string ahead,
            const StopFlag& stop)
      : fd_(fd),
        owned_(owned),
        stamp_(stamp),
        left_(size),
        may_wait_(!stamp.regular),
        ahead_(std::move(ahead)),
        stop_(stop) {}
  ~FileBytes() override {
    if (owned_) ::close(fd_);
  }

  std::ptrdiff_t read(char* out, std::size_t size) noexcept override {
    if (ahead_at_ < ahead_.size()) return read_ahead(out, size);
    if (stamp_.regular) size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
    if (size == 0) return 0;
    const std::ptrdiff_t got = read_some(fd_, out, size, may_wait_, stop_);
    if (got > 0 && stamp_.regular) left_ -= static_cast<std::uint64_t>(got);
    at_end_ = got == 0;
    return got;
  }

  [[nodiscard]] Phrase changed() const override {
    if (!stamp_.regular) return {};
    FileStamp now;
    if (!FileStamp::of(fd_, now)) return {PhraseCode::source_not_looked_at, {system_words(errno)}};
    Phrase how = now.changed_from(stamp_, true);
    if (how.empty() && at_end_ && left_ > 0)
      how = {PhraseCode::source_ended_early, {bytes_words(left_)}};
    return how;
  }

 private:
  std::ptrdiff_t read_ahead(char* out, std::size_t size) noexcept {
    const std::size_t got = std::min(size, ahead_.size() - ahead_at_);
    std::memcpy(out, ahead_.data() + ahead_at_, got);
    ahead_at_ += got;
    if (ahead_at_ == ahead_.size()) {
      std::string().swap(ahead_);
      ahead_at_ = 0;
    }
    return static_cast<std::ptrdiff_t>(got);
  }

  int fd_;
  bool owned_;
  FileStamp stamp_;
  std::uint64_t left_;
  bool may_wait_;
  bool at_end_ = false;
  std::string ahead_;
  std::size_t ahead_at_ = 0;
  const StopFlag& stop_;
};

/// To read, while signals that come do not end the program.
int open_file(const std::string& name) noexcept {
  return retried([&] { return ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY); });
}

}  // namespace

bool FileStamp::of(int fd, FileStamp& out) noexcept {
  struct stat about{};
  if (::fstat(fd, &about) != 0) return false;
  const auto nanoseconds = [](const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  out.regular = S_ISREG(about.st_mode);
  out.device = about.st_dev;
  out.inode = about.st_ino;
  out.size = out.regular ? static_cast<std::uint64_t>(about.st_size) : 0;
  out.written = nanoseconds(about.st_mtim);
  out.touched = nanoseconds(about.st_ctim);
  return true;
}

Phrase FileStamp::changed_from(const FileStamp& was, bool content) const {
  if (device != was.device || inode != was.inode || regular != was.regular)
    return PhraseCode::source_other_file;
  if (size != was.size)
    return {PhraseCode::source_other_size, {bytes_words(was.size), std::to_string(size)}};
  if (written != was.written) return PhraseCode::source_written_to;
  if (!content && touched != was.touched) return PhraseCode::source_file_changed;
  return {};
}

InputFiles::~InputFiles() {
  for (const File& file : files_)
    if (file.fd > STDIN_FILENO) ::close(file.fd);
}

Result<std::shared_ptr<InputFiles>> InputFiles::open_all(std::vector<std::string> names,
                                                         const InputFilesOptions& options) {
  auto made = std::shared_ptr<InputFiles>(new InputFiles());
  made->names_ = std::move(names);
  made->files_.resize(made->names_.size());
  made->keep_bad_ = options.keep_bad;
  made->stop_ = options.stop;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> known;  // by device and inode
  for (std::size_t i = 0; i < made->files_.size(); ++i) {
    TRAMA_TRY_VOID(made->keep_or_give(i, made->open_first(i, options)));
    const File& file = made->files_[i];
    if (file.failure || !file.stamp.regular || file.copied) continue;
    const auto [at, is_new] = known.emplace(std::pair(file.stamp.device, file.stamp.inode), i);
    if (!is_new) return Failure{FailureCode::usage, {made->same_words(at->second, i)}};
  }
  return made;
}

Phrase InputFiles::same_words(std::size_t a, std::size_t b) const {
  return names_[a] == names_[b] ? Phrase(PhraseCode::source_named_twice, {shown(a)})
                                : Phrase(PhraseCode::source_one_file, {shown(a), shown(b)});
}

/// What is wrong with an input: a Failure of it alone, or of all.
Result<void> InputFiles::keep_or_give(std::size_t i, Result<void> outcome) {
  if (outcome.ok()) return {};
  File& file = files_[i];
  if (file.fd > STDIN_FILENO) ::close(file.fd);
  file.fd = -1;
  // What keeps a copy from being written is not the input's fault.
  if (!keep_bad_ || outcome.failure().exit() != Exit::input) return std::move(outcome.failure());
  file.failure = std::move(outcome.failure());
  return {};
}

Result<void> InputFiles::read_pipe_edges() {
  for (std::size_t i = 0; i < files_.size(); ++i)
    if (files_[i].fd >= 0 && !files_[i].stamp.regular)
      TRAMA_TRY_VOID(keep_or_give(i, read_edges(i)));
  return {};
}

Result<void> InputFiles::open_first(std::size_t i, const InputFilesOptions& options) {
  File& file = files_[i];
  const bool standard = names_[i] == "-";
  file.fd = standard ? STDIN_FILENO : open_file(names_[i]);
  if (file.fd < 0) return cannot_open(shown(i), errno);
  struct stat about{};
  if (::fstat(file.fd, &about) != 0 || !FileStamp::of(file.fd, file.stamp))
    return cannot_open(shown(i), errno);
  if (S_ISDIR(about.st_mode)) return Failure{FailureCode::file_is_directory, {shown(i)}};
  if (standard && file.stamp.regular) {
    const off_t at = ::lseek(file.fd, 0, SEEK_CUR);
    file.start = at > 0 ? static_cast<std::uint64_t>(at) : 0;
  }
  if (options.twice && !file.stamp.regular) TRAMA_TRY_VOID(copy(i));
  if (options.edges && file.stamp.regular) TRAMA_TRY_VOID(read_edges(i));
  const bool many = names_.size() > kMaxHeldInputs;
  if (many && !standard && S_ISREG(about.st_mode)) {
    ::close(file.fd);
    file.fd = -1;
  }
  return {};
}

/// Replaces a pipe by a copy of what comes through it.
Result<void> InputFiles::copy(std::size_t i) {
  File& file = files_[i];
  const std::string folder = temporary_folder();
  const int out = open_unnamed_file(folder);
  if (out < 0) return Failure{FailureCode::output_unwritable, {folder, system_words(errno)}};
  const int in = std::exchange(file.fd, out);
  file.copied = true;
  std::vector<char> block(kCopyBytes);
  bool may_wait = true;
  std::optional<Failure> failure;
  for (;;) {
    const std::ptrdiff_t got = read_some(in, block.data(), block.size(), may_wait, *stop_);
    if (got < 0) failure = Failure{FailureCode::file_unreadable, {shown(i), system_words(errno)}};
    if (got <= 0) break;
    if (write_all(out, {block.data(), static_cast<std::size_t>(got)})) continue;
    failure = Failure{FailureCode::output_unwritable,
                      {Phrase(PhraseCode::source_copy, {shown(i)}), system_words(errno)}};
    break;
  }
  if (in > STDIN_FILENO) ::close(in);
  if (failure) return std::move(*failure);
  if (!FileStamp::of(out, file.stamp)) return cannot_open(shown(i), errno);
  return {};
}

/// A copy of a pipe gives what the pipe itself would have given.
Result<void> InputFiles::read_edges(std::size_t i) {
  File& file = files_[i];
  const auto cannot_read = [&] {
    return Failure{FailureCode::file_unreadable, {shown(i), system_words(errno)}};
  };
  Sha256 digest;
  if (!file.stamp.regular) {
    bool may_wait = true;
    file.ahead.resize(kEdgeBytes);
    std::size_t size = 0;
    while (size < kEdgeBytes) {
      const std::ptrdiff_t got =
          read_some(file.fd, file.ahead.data() + size, kEdgeBytes - size, may_wait, *stop_);
      if (got < 0) return cannot_read();
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
    }
    file.ahead.resize(size);
    digest.add(file.ahead);
  } else {
    const std::uint64_t end = file.stamp.size;
    const std::uint64_t first_end = std::min(end, file.start + kEdgeBytes);
    const std::uint64_t last = std::max(first_end, end - std::min<std::uint64_t>(end, kEdgeBytes));
    std::vector<char> block(kCopyBytes);
    const auto add = [&](std::uint64_t from, std::uint64_t to) {
      while (from < to) {
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(to - from, block.size()));
        const ssize_t got =
            retried([&] { return ::pread(file.fd, block.data(), size, static_cast<off_t>(from)); });
        if (got <= 0) return got == 0;  // that it shrank is reported when it is read
        digest.add({block.data(), static_cast<std::size_t>(got)});
        from += static_cast<std::uint64_t>(got);
      }
      return true;
    };
    if (!add(file.start, first_end) || (!file.copied && !add(last, end))) return cannot_read();
  }
  append_hex(file.edges, digest.take());
  return {};
}

std::uint64_t InputFiles::size(std::size_t i) const noexcept {
  const File& file = files_[i];
  return file.stamp.regular && file.stamp.size > file.start ? file.stamp.size - file.start : 0;
}

Result<std::unique_ptr<ByteStream>> InputFiles::open(std::size_t i) {
  File& file = files_[i];
  if (file.failure) return *file.failure;
  const bool held = file.fd >= 0;
  const int fd = held ? file.fd : open_file(names_[i]);
  if (fd < 0) {
    if (errno != ENOENT && errno != ENOTDIR) return cannot_open(shown(i), errno);
    return Failure{FailureCode::input_changed, {shown(i), PhraseCode::source_file_gone}};
  }
  auto raw =
      std::make_unique<FileBytes>(fd, !held, file.stamp, size(i), std::move(file.ahead), *stop_);
  if (file.stamp.regular) {
    FileStamp now;
    if (!FileStamp::of(fd, now)) return cannot_open(shown(i), errno);
    if (Phrase how = now.changed_from(file.stamp, false); !how.empty())
      return Failure{FailureCode::input_changed, {shown(i), std::move(how)}};
    if (held && ::lseek(fd, static_cast<off_t>(file.start), SEEK_SET) < 0)
      return cannot_open(shown(i), errno);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return std::make_unique<ByteStream>(shown(i), std::move(raw));
}

}  // namespace trama
