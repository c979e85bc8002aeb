// Spool: a folder that files are put into to be imported one by one, by any number of workers on
// one file system, each file once in effect:
//
//   new/     where files are put, complete: written elsewhere in the spool's file system, or under a
//            name that begins with a dot, and renamed
//   work/    those that a worker has; a worker that is killed leaves its file there
//   done/    those that were imported
//   failed/  those that were not, each with its reasons beside it
//
// A worker has a file as long as it holds an exclusive flock on it, which a kill ends. Claiming is
// locking and renaming it to work/TIME-NAME; that name stays to the end, so that what is made of the
// file has the same name when it is made again.

#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/stop_flag.h"

namespace trama {

/// A file that this worker has, until it is gone or moved on.
class SpoolFile {
 public:
  SpoolFile(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  SpoolFile(SpoolFile&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)) {}
  SpoolFile& operator=(SpoolFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(name_, other.name_);
    return *this;
  }
  ~SpoolFile();

  /// In every folder from work/ on.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  void rename(std::string name) { name_ = std::move(name); }

 private:
  int fd_;
  std::string name_;
};

/// 20250304T060000Z, in UTC.
std::string spool_stamp(std::int64_t milliseconds);
/// Renames unless something is called so already. 0 or an errno.
int rename_new(const std::string& from, const std::string& to);

/// Makes it where it is missing; not those above it. output_unwritable.
Result<void> make_folder(const std::string& path);

class Spool {
 public:
  /// Makes its four folders where they are missing. output_unwritable.
  static Result<Spool> open(const std::string& folder);
  Spool(Spool&& other) noexcept
      : folder_(std::move(other.folder_)),
        waiting_(std::move(other.waiting_)),
        watched_(std::exchange(other.watched_, -1)) {}
  Spool& operator=(Spool&&) = delete;
  ~Spool();

  /// The next file: first those that killed workers left, then those of new/ in the order of their
  /// names (as bytes). Passed over are names that begin with a dot or end with .incomplete, .part or
  /// .tmp. `now`: milliseconds since 1970 UTC. Nothing: there is none. output_unwritable where it
  /// cannot be renamed.
  Result<std::optional<SpoolFile>> next(std::int64_t now);
  /// Where a file is while a worker has it.
  [[nodiscard]] std::string path(const SpoolFile& file) const {
    return folder_ + "/work/" + file.name();
  }
  Result<void> done(const SpoolFile& file) { return move(file, "done"); }
  /// `reasons`: a text for people, beside it as NAME.reasons.txt.
  Result<void> failed(const SpoolFile& file, const std::string& reasons);

  /// Until something comes into new/, or for so long, or until `stop`.
  void wait(std::chrono::milliseconds most, const StopFlag& stop);

 private:
  explicit Spool(std::string folder) : folder_(std::move(folder)) {}
  Result<void> look();
  Result<std::optional<SpoolFile>> claim(const std::string& name, std::int64_t now);
  std::optional<SpoolFile> adopt(const std::string& name) const;
  Result<void> move(const SpoolFile& file, const char* to) const;

  struct Waiting {
    bool left;  // by a killed worker, in work/
    std::string name;
  };
  std::string folder_;
  std::deque<Waiting> waiting_;
  int watched_ = -1;  // inotify, where there is one
};

}  // namespace trama
