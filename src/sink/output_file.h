// OutputFile: a file that appears only when it is complete. Written beside its final name as
// NAME.incomplete, fsynced, renamed; several that belong together by publish_together(). Standard
// output and what is no regular file (a pipe, /dev/null) is written as the run goes.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/stop_flag.h"

struct stat;

namespace trama {

/// What is behind the name of a file until it is published.
constexpr std::string_view kIncompleteEnding = ".incomplete";

class OutputFile {
 public:
  /// `path` "-" is standard output. Two runs never write one path: the second gets output_busy (an
  /// exclusive flock on NAME.incomplete). `NAME.incomplete` left by a killed run is overwritten,
  /// once what else it left is settled (publish.h): settled(). `stop` ends a wait for the reader of a
  /// pipe, and must outlive the file.
  static Result<std::unique_ptr<OutputFile>> open(const std::string& path,
                                                  const StopFlag& stop = kNeverStopped);
  /// No file: what is written stands behind what `text` has, which must outlive this.
  static std::unique_ptr<OutputFile> over(std::string& text);
  /// Closes and, unless published or kept, removes NAME.incomplete.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Writes all bytes, those of a regular file in few, large writes: some may wait for the next
  /// call. A closed pipe is output_pipe_closed, a full disk output_unwritable.
  Result<void> write(std::string_view bytes);
  /// All that was written is on the disk.
  Result<void> flush();
  /// flush(), rename to the final name, fsync of the folder. No write after it.
  Result<void> publish();
  /// Leaves NAME.incomplete where it is (flushed): a run over its limits.
  Result<void> keep_incomplete();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Beside the file itself, where `path` is a link to it.
  [[nodiscard]] std::string incomplete_path() const {
    return target_ + std::string(kIncompleteEnding);
  }
  /// Whether it is written as the run goes and cannot be taken back.
  [[nodiscard]] bool streams() const noexcept { return streams_; }
  /// What was done with what a run left that was killed while it published here; or nothing.
  [[nodiscard]] std::optional<NoticeCode> settled() const noexcept { return settled_; }

  // For publish_together().
  /// The file itself, where `path` is a link to it.
  [[nodiscard]] const std::string& target() const noexcept { return target_; }
  /// Of NAME.incomplete.
  [[nodiscard]] int descriptor() const noexcept { return fd_; }
  /// Of the folder of target(), to bring names to the disk;
  /// -1 where it may be written but not read.
  [[nodiscard]] int folder() const noexcept { return folder_; }
  /// It has its name, or is to be left where it is.
  void leave() noexcept { left_ = true; }

 private:
  explicit OutputFile(const StopFlag& stop) : stop_(stop) {}
  Result<void> open_beside(const struct stat* existing);
  Result<void> leave_linked();
  Result<void> open_folder();
  [[nodiscard]] bool wait_for_room() const;
  Result<void> write_now(std::string_view bytes);
  [[nodiscard]] Failure failed(int error) const;

  const StopFlag& stop_;
  std::string path_;
  std::string* text_ = nullptr;  // instead of a file
  std::string target_;           // the file that `path_` leads to
  int fd_ = -1;
  int folder_ = -1;
  std::string waiting_;        // for a larger write
  std::uint64_t written_ = 0;  // bytes of a regular file
  std::uint64_t started_ = 0;  // of them, those that are on their way to the disk
  bool streams_ = false;
  bool may_wait_ = false;  // for its reader
  bool on_disk_ = false;   // flushed
  bool left_ = false;      // published or kept
  std::optional<NoticeCode> settled_;
};

/// Whether `path` is written as the run goes: standard output ("-"), a pipe, a device.
bool is_stream(const std::string& path);

/// Whether two paths are the same file (an OUT that is also an INPUT is refused).
bool same_file(const std::string& a, const std::string& b);

/// The names beside its own that a file has until it is published: no input may be called so.
std::array<std::string, 3> passing_names(const std::string& file);

}  // namespace trama
