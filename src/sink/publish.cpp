// The steps, with the journal OUT.publishing from the first to the last:
//
//   1  the journal, on the disk
//   2  of each other file: NAME is also called NAME.previous (a hard link; where the file system
//      has none, it is renamed), then NAME.incomplete becomes NAME
//   3  their folders on the disk
//   4  OUT.incomplete becomes OUT: the commit; its folder on the disk
//   5  NAME.previous and the journal are removed
//
// The journal says which file is which by inode, size and time of change, which a rename keeps. So
// who finds it knows whether step 4 was taken, and which of the others have been replaced.

#include "sink/publish.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <new>
#include <optional>
#include <vector>

#include "base/phrase_codes.h"
#include "base/retried.h"
#include "base/system_words.h"
#include "sink/output_file.h"

namespace trama {
namespace {

constexpr mode_t kJournalMode = 0600;
constexpr std::string_view kHead = "trama publishing 1";
constexpr std::string_view kTicketHead = "file";
constexpr std::size_t kMostJournalBytes = std::size_t{64} * 1024;

/// A file as it is known by any name.
struct Identity {
  bool there = false;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  friend bool operator==(const Identity&, const Identity&) = default;
};

Identity identity_of(const struct stat& about) {
  return {true, about.st_ino, static_cast<std::uint64_t>(about.st_size), about.st_mtim.tv_sec,
          about.st_mtim.tv_nsec};
}

/// What stands under a name, perhaps nothing. 0, or the errno that keeps it from being known: then
/// nothing may be done that depends on it.
int identify(const std::string& path, Identity& out) {
  struct stat about{};
  out = {};
  if (::lstat(path.c_str(), &about) != 0) return errno == ENOENT ? 0 : errno;
  out = identity_of(about);
  return 0;
}

int identify(int fd, Identity& out) {
  struct stat about{};
  out = {};
  if (::fstat(fd, &about) != 0) return errno;
  out = identity_of(about);
  return 0;
}

/// One of the files that get their names.
struct Entry {
  std::string path;
  Identity fresh;   // what is to be there
  Identity before;  // what was there
  [[nodiscard]] std::string incomplete() const { return path + std::string(kIncompleteEnding); }
  [[nodiscard]] std::string previous() const { return path + std::string(kPreviousEnding); }
};

struct Journal {
  std::string path;
  Entry out;
  std::vector<Entry> others;
};

void append_identity(std::string& out, const Identity& of) {
  out += of.there ? " yes" : " no";
  for (const std::int64_t n : {static_cast<std::int64_t>(of.inode),
                               static_cast<std::int64_t>(of.size), of.seconds, of.nanos})
    out += ' ' + std::to_string(n);
}

/// A path on one line without blanks.
void append_escaped(std::string& out, std::string_view path) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7F && c != '%') {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const bool coded =
        text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ec == std::errc();
    out += coded ? static_cast<char>(byte) : text[i];
    if (coded) i += 2;
  }
  return out;
}

std::string real_folder(const std::string& path) {
  std::array<char, PATH_MAX> real{};
  const std::string folder = folder_of(path);
  return ::realpath(folder.c_str(), real.data()) == nullptr ? folder : std::string(real.data());
}

/// A file in OUT's own folder by its name alone, so that the folder may be moved.
std::string told_path(const std::string& path, const std::string& out) {
  const std::string folder = real_folder(path);
  const std::string name = path.substr(path.rfind('/') + 1);
  return folder == real_folder(out) ? name : folder + '/' + name;
}

std::string text_of(const Journal& journal, const std::string& run) {
  std::string text(kHead);
  text += "\nrun ";
  append_escaped(text, run);
  text += "\nout";
  append_identity(text, journal.out.fresh);
  append_identity(text, journal.out.before);
  for (const Entry& other : journal.others) {
    text += "\nwith";
    append_identity(text, other.fresh);
    append_identity(text, other.before);
    text += ' ';
    append_escaped(text, told_path(other.path, journal.out.path));
  }
  return text + "\nend\n";
}

/// Words of one line, one after the other.
class Words {
 public:
  explicit Words(std::string_view line) : left_(line) {}
  std::string_view next() {
    const std::size_t end = std::min(left_.find(' '), left_.size());
    const std::string_view word = left_.substr(0, end);
    left_.remove_prefix(std::min(end + 1, left_.size()));
    return word;
  }
  bool identity(Identity& out) {
    const std::string_view there = next();
    out.there = there == "yes";
    return (out.there || there == "no") && number(out.inode) && number(out.size) &&
           number(out.seconds) && number(out.nanos);
  }

 private:
  template <typename Number>
  bool number(Number& out) {
    const std::string_view word = next();
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
    return error == std::errc() && end == word.data() + word.size() && !word.empty();
  }
  std::string_view left_;
};

/// False where the text is not whole: its writer was killed before it did anything else.
bool read_text(std::string_view text, Journal& journal) {
  bool head = false;
  bool ended = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || ended) return false;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (!head) {
      if (line != kHead) return false;
      head = true;
      continue;
    }
    Words words(line);
    const std::string_view word = words.next();
    if (word == "out") {
      if (!words.identity(journal.out.fresh) || !words.identity(journal.out.before)) return false;
    } else if (word == "with") {
      Entry other;
      if (!words.identity(other.fresh) || !words.identity(other.before)) return false;
      other.path = unescaped(words.next());
      if (other.path.find('/') == std::string::npos)
        other.path = folder_of(journal.out.path) + '/' + other.path;
      journal.others.push_back(std::move(other));
    }
    ended = word == "end";
  }
  return ended;
}

enum class Found : std::uint8_t { nothing, unfinished, whole };

Result<Found> read_journal(const std::string& name, Journal& journal) {
  const auto unsettled = [&](Phrase why) {
    return Failure{FailureCode::output_unsettled, {name, journal.path, std::move(why)}};
  };
  const int fd = retried(
      [&] { return ::open(journal.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); });
  if (fd < 0 && errno == ENOENT) return Found::nothing;
  if (fd < 0) return unsettled(system_words(errno));
  struct stat about{};
  std::string text(kMostJournalBytes, '\0');
  const bool known = ::fstat(fd, &about) == 0;
  // It names files that will be renamed: what somebody else wrote is not obeyed.
  const bool ours = known && S_ISREG(about.st_mode) && about.st_uid == ::geteuid();
  const ssize_t got = ours ? retried([&] { return ::read(fd, text.data(), text.size()); }) : 0;
  const int error = got < 0 ? errno : 0;
  ::close(fd);
  if (!ours) return unsettled(PhraseCode::sink_not_ours);
  if (error != 0) return unsettled(system_words(error));
  text.resize(static_cast<std::size_t>(got));
  return read_text(text, journal) ? Found::whole : Found::unfinished;
}

/// Whether the rows are in place. Where that cannot be seen (somebody took OUT away) it is taken to
/// be so: then nothing is put back.
int find_committed(const Journal& journal, bool& committed) {
  const Entry& out = journal.out;
  Identity incomplete;
  Identity now;
  if (const int error = identify(out.incomplete(), incomplete); error != 0) return error;
  if (const int error = identify(out.path, now); error != 0) return error;
  committed = !(incomplete == out.fresh) && (now == out.fresh || !(now.there && now == out.before));
  return 0;
}

/// Brings the names in a folder to the disk, where that can be.
void sync_folder_of(const std::string& path, DiskSteps& disk) {
  const int fd = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)disk.sync_folder(fd);
  ::close(fd);
}

/// What was replaced comes back. What somebody else has put there since stays.
int take_back(const Journal& journal, DiskSteps& disk, std::string& failed_at) {
  for (auto other = journal.others.rbegin(); other != journal.others.rend(); ++other) {
    Identity now;
    Identity previous;
    int error = identify(other->path, now);
    if (error == 0) error = identify(other->previous(), previous);
    const bool kept = error == 0 && previous == other->before && other->before.there;
    if (error != 0) {
      // told below
    } else if (kept && (now == other->fresh || !now.there)) {
      error = disk.rename(other->previous(), other->path);
    } else if (kept && now == other->before) {
      error = disk.remove(other->previous());  // not yet replaced
    } else if (now == other->fresh && !other->before.there) {
      error = disk.remove(other->path);
    }
    if (error != 0) {
      failed_at = other->path;
      return error;
    }
    sync_folder_of(other->path, disk);
  }
  return 0;
}

int clean_up(const Journal& journal, DiskSteps& disk, std::string& failed_at) {
  for (const Entry& other : journal.others) {
    if (!other.before.there) continue;
    Identity previous;
    int error = identify(other.previous(), previous);
    if (error == 0 && previous == other.before) error = disk.remove(other.previous());
    if (error != 0) {
      failed_at = other.previous();
      return error;
    }
  }
  return 0;
}

/// The two names of a file while it is replaced; where the file system knows no second name, it has
/// none of its own for a moment.
int keep_previous(const Entry& entry, DiskSteps& disk) {
  if (!entry.before.there) return 0;
  const int error = disk.link(entry.path, entry.previous());
  const bool no_links = error == EPERM || error == ENOTSUP || error == EOPNOTSUPP ||
                        error == ENOSYS || error == EMLINK;
  return no_links ? disk.rename(entry.path, entry.previous()) : error;
}

Failure unwritable(const std::string& path, int error) {
  return {FailureCode::output_unwritable, {path, system_words(error)}};
}

/// One publishing, from the journal to the commit.
class Together {
 public:
  Together(OutputFile& out, std::span<OutputFile* const> others, DiskSteps& disk)
      : out_(out), disk_(disk) {
    for (OutputFile* other : others)
      if (!other->streams()) others_.push_back(other);
  }

  Result<void> go(const std::string& run) {
    journal_.path = out_.target() + std::string(kJournalEnding);
    TRAMA_TRY(journal_.out, entry_of(out_));
    for (const OutputFile* other : others_) {
      TRAMA_TRY(Entry entry, entry_of(*other));
      journal_.others.push_back(std::move(entry));
    }
    std::optional<Failure> failed;
    try {
      failed = name_all(run);
    } catch (const std::bad_alloc&) {
      failed = Failure{FailureCode::no_memory, {}};
    }
    if (failed) {
      bool committed = false;
      const int unknown = journal_written_ ? find_committed(journal_, committed) : 0;
      if (unknown != 0) return unsettled(std::move(*failed), out_.path(), unknown);
      if (!committed) return back(std::move(*failed));
      // else the rename was told to have failed, and was done
    }
    out_.leave();
    for (OutputFile* other : others_) other->leave();
    const int error = disk_.sync_folder(out_.folder());
    try {
      std::string ignored;
      if (clean_up(journal_, disk_, ignored) == 0) (void)disk_.remove(journal_.path);
    } catch (const std::bad_alloc&) {  // what cannot be removed now, the next run removes
    }
    if (error != 0)
      return Failure{FailureCode::output_not_safe, {out_.path(), system_words(error)}};
    return {};
  }

 private:
  static Result<Entry> entry_of(const OutputFile& file) {
    Entry entry{file.target(), {}, {}};
    int error = identify(file.descriptor(), entry.fresh);
    if (error == 0) error = identify(file.target(), entry.before);
    if (error != 0) return unwritable(file.path(), error);
    return entry;
  }

  std::optional<Failure> name_all(const std::string& run) {
    if (const int error = disk_.write_new(journal_.path, text_of(journal_, run)); error != 0)
      return unwritable(journal_.path, error);
    journal_written_ = true;
    if (const int error = disk_.sync_folder(out_.folder()); error != 0)
      return unwritable(out_.path(), error);
    for (std::size_t i = 0; i < others_.size(); ++i) {
      const Entry& entry = journal_.others[i];
      int error = keep_previous(entry, disk_);
      if (error == 0) error = disk_.rename(entry.incomplete(), entry.path);
      if (error != 0) return unwritable(others_[i]->path(), error);
    }
    for (const OutputFile* other : others_)
      if (const int error = disk_.sync_folder(other->folder()); error != 0)
        return unwritable(other->path(), error);
    if (const int error = disk_.rename(journal_.out.incomplete(), journal_.out.path); error != 0)
      return unwritable(out_.path(), error);
    return std::nullopt;
  }

  /// All names as they were before. Where even that fails, the journal stays,
  /// and the next run tries again.
  Result<void> back(Failure why) {
    std::string failed_at;
    int error = 0;
    try {
      if (journal_written_) error = take_back(journal_, disk_, failed_at);
    } catch (const std::bad_alloc&) {
      error = ENOMEM;
    }
    if (error != 0) return unsettled(std::move(why), failed_at, error);
    (void)disk_.remove(journal_.path);
    return why;
  }

  /// What is to be done is left to the next run, which finds the journal.
  Failure unsettled(Failure why, const std::string& failed_at, int error) {
    out_.leave();
    if (why.values.empty()) return why;  // no memory
    why.values.back() = {PhraseCode::sink_not_put_back,
                         {std::move(why.values.back()), failed_at, system_words(error)}};
    return why;
  }

  OutputFile& out_;
  DiskSteps& disk_;
  std::vector<OutputFile*> others_;
  Journal journal_;
  bool journal_written_ = false;
};

}  // namespace

int DiskSteps::write_new(const std::string& path, std::string_view text) noexcept {
  const int fd = retried([&] {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kJournalMode);
  });
  if (fd < 0) return errno;
  int error = 0;
  while (error == 0 && !text.empty()) {
    const ssize_t done = retried([&] { return ::write(fd, text.data(), text.size()); });
    if (done < 0) error = errno;
    if (done > 0) text.remove_prefix(static_cast<std::size_t>(done));
  }
  if (error == 0 && retried([&] { return ::fsync(fd); }) != 0) error = errno;
  ::close(fd);
  if (error != 0) ::unlink(path.c_str());
  return error;
}

int DiskSteps::link(const std::string& from, const std::string& to) noexcept {
  return ::link(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

int DiskSteps::rename(const std::string& from, const std::string& to) noexcept {
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

int DiskSteps::remove(const std::string& path) noexcept {
  return ::unlink(path.c_str()) == 0 || errno == ENOENT ? 0 : errno;
}

/// A file system that cannot do it says EINVAL.
int DiskSteps::sync_folder(int fd) noexcept {
  if (fd < 0) return 0;
  return retried([&] { return ::fsync(fd); }) == 0 || errno == EINVAL ? 0 : errno;
}

Result<std::string> publishing_ticket(const OutputFile& out) {
  Entry entry{out.target(), {}, {}};
  int error = identify(out.descriptor(), entry.fresh);
  if (error == 0) error = identify(entry.path, entry.before);
  if (error != 0) return unwritable(out.path(), error);
  std::string ticket(kTicketHead);
  append_identity(ticket, entry.fresh);
  append_identity(ticket, entry.before);
  ticket += ' ';
  const std::string name = entry.path.substr(entry.path.rfind('/') + 1);
  append_escaped(ticket, real_folder(entry.path) + '/' + name);
  return ticket;
}

Result<Published> was_published(std::string_view ticket) {
  Words words(ticket);
  Entry entry;
  const bool ours =
      words.next() == kTicketHead && words.identity(entry.fresh) && words.identity(entry.before);
  entry.path = unescaped(words.next());
  if (!ours || entry.path.empty()) return Published::unknown;
  Identity now;
  Identity incomplete;
  int error = identify(entry.path, now);
  if (error == 0) error = identify(entry.incomplete(), incomplete);
  if (error != 0) return unwritable(entry.path, error);
  if (now == entry.fresh) return Published::yes;
  const bool as_before = now.there && now == entry.before;
  return incomplete == entry.fresh || as_before ? Published::no : Published::unknown;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> publish_together(OutputFile& out, std::span<OutputFile* const> others,
                              const std::string& run) {
  DiskSteps disk;
  return publish_together(out, others, run, disk);
}

Result<void> publish_together(OutputFile& out, std::span<OutputFile* const> others,
                              const std::string& run, DiskSteps& disk) {
  for (OutputFile* other : others) TRAMA_TRY_VOID(other->flush());
  TRAMA_TRY_VOID(out.flush());
  return Together(out, others, disk).go(run);
}

Result<void> publish_each(std::span<OutputFile* const> others) {
  for (OutputFile* other : others) TRAMA_TRY_VOID(other->publish());
  return {};
}

Result<std::optional<NoticeCode>> settle(const std::string& target, const std::string& name) {
  DiskSteps disk;
  return settle(target, name, disk);
}

Result<std::optional<NoticeCode>> settle(const std::string& target, const std::string& name,
                                         DiskSteps& disk) {
  Journal journal;
  journal.path = target + std::string(kJournalEnding);
  journal.out.path = target;
  TRAMA_TRY(const Found found, read_journal(name, journal));
  if (found == Found::nothing) return std::optional<NoticeCode>();
  bool committed = true;
  if (found == Found::whole) {
    std::string failed_at = target;
    int error = find_committed(journal, committed);
    if (error == 0)
      error = committed ? clean_up(journal, disk, failed_at) : take_back(journal, disk, failed_at);
    if (error != 0)
      return Failure{FailureCode::output_unsettled, {name, failed_at, system_words(error)}};
  }
  if (const int error = disk.remove(journal.path); error != 0)
    return Failure{FailureCode::output_unsettled, {name, journal.path, system_words(error)}};
  if (found == Found::unfinished) return std::optional<NoticeCode>();
  return std::optional(committed ? NoticeCode::run_completed : NoticeCode::run_taken_back);
}

}  // namespace trama
