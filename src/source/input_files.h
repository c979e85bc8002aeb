// InputFiles: the inputs of a run, all opened before the first record. Each pass over them takes
// its streams here, and an input is the same thing in every pass, else it is INPUT_CHANGED:
//
//   few regular files   one descriptor each, which stays open: a later pass goes back to its start
//   many regular files  opened, looked at and closed; opened again when their turn comes
//   pipes, terminals    stay open; where the run reads twice, copied to a temporary file first
//
// Between opening and each pass device, inode, size and times must be the same. While a file is
// read its size and its time of writing must not change; bytes that are added behind are not read.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "source/byte_stream.h"
#include "source/source.h"

namespace trama {

/// Number of inputs up to which regular files stay open.
constexpr std::size_t kMaxHeldInputs = 16;
/// Bytes at either end of an input that InputFiles::edges() is made of.
constexpr std::size_t kEdgeBytes = std::size_t{1024} * 1024;

/// The inputs of a Source: each can be opened at its first byte, one after the other.
class InputSet {
 public:
  InputSet() = default;
  virtual ~InputSet() = default;
  InputSet(const InputSet&) = delete;
  InputSet& operator=(const InputSet&) = delete;

  /// As on the command line; "-" is standard input.
  [[nodiscard]] virtual const std::vector<std::string>& names() const noexcept = 0;
  /// Raw bytes of input `i`; 0 where that is not known.
  [[nodiscard]] virtual std::uint64_t size(std::size_t i) const noexcept = 0;
  /// The input from its first byte, with what was wrong when it was opened first; input_changed.
  /// The stream before it must be gone.
  virtual Result<std::unique_ptr<ByteStream>> open(std::size_t i) = 0;
};

struct InputFilesOptions {
  bool twice = false;     // the run reads its inputs more than once
  bool keep_bad = false;  // what cannot be opened is not a Failure of open_all() but of open(i)
  bool edges = false;     // edges() are wanted; those of pipes only after read_pipe_edges()
};

/// What makes a file the same one: as fstat gives it.
struct FileStamp {
  bool regular = false;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t written = 0;  // nanoseconds since 1970: its content
  std::int64_t touched = 0;  // the same: its name, owner and rights too

  /// False, and errno set, where the descriptor cannot be looked at.
  static bool of(int fd, FileStamp& out) noexcept;
  /// How it differs from what it was; empty: not at all. `content`: only what was read
  /// matters, not the name.
  [[nodiscard]] Phrase changed_from(const FileStamp& was, bool content) const;
};

class InputFiles final : public InputSet {
 public:
  /// Opens every input ("-" is standard input). file_missing, file_is_directory, file_unreadable;
  /// usage where two are one file; output_unwritable where a pipe cannot be copied.
  static Result<std::shared_ptr<InputFiles>> open_all(std::vector<std::string> names,
                                                      const InputFilesOptions& options);
  ~InputFiles() override;

  [[nodiscard]] const std::vector<std::string>& names() const noexcept override { return names_; }
  [[nodiscard]] std::uint64_t size(std::size_t i) const noexcept override;
  Result<std::unique_ptr<ByteStream>> open(std::size_t i) override;

  /// Waits for the first bytes of pipes, as many as edges() needs; read() gives them again.
  /// file_unreadable, unless `keep_bad` keeps it for open(i).
  Result<void> read_pipe_edges();
  /// The SHA-256, as 64 hexadecimal digits, of the first and last kEdgeBytes of a regular file; of
  /// a pipe of its first. Empty where they were not asked for or could not be read.
  [[nodiscard]] const std::string& edges(std::size_t i) const noexcept { return files_[i].edges; }
  /// What kept input `i` from being opened.
  [[nodiscard]] const std::optional<Failure>& failure(std::size_t i) const noexcept {
    return files_[i].failure;
  }

 private:
  struct File {
    int fd = -1;              // while it stays open
    FileStamp stamp;          // as it was opened
    std::uint64_t start = 0;  // of standard input: where it stood
    bool copied = false;      // a pipe whose bytes are in a temporary file now
    std::string ahead;        // bytes of a pipe that were read for its edges
    std::string edges;
    std::optional<Failure> failure;
  };

  InputFiles() = default;
  Result<void> open_first(std::size_t i, const InputFilesOptions& options);
  Result<void> read_edges(std::size_t i);
  Result<void> keep_or_give(std::size_t i, Result<void> outcome);
  Result<void> copy(std::size_t i);
  [[nodiscard]] Phrase shown(std::size_t i) const { return shown_input(names_[i]); }
  [[nodiscard]] Phrase same_words(std::size_t a, std::size_t b) const;

  std::vector<std::string> names_;
  std::vector<File> files_;
  bool keep_bad_ = false;
};

}  // namespace trama
