// Publishing: the files of one run (its rows, and the rejects and the summary that go with them)
// get their names as one step, and what a kill left in between is settled by the next run.
// src/README.md tells the steps and why they are in this order.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trama {

class OutputFile;

/// What a file is called while it is being replaced, beside itself.
constexpr std::string_view kPreviousEnding = ".previous";
/// Beside OUT while files that belong together get their names: what is to be done, for who has to
/// finish it or take it back.
constexpr std::string_view kJournalEnding = ".publishing";

/// What publishing does to the disk, a call a step; each gives 0 or an errno. A test puts its own
/// here, of which the nth step fails, or is the last that is taken.
class DiskSteps {
 public:
  DiskSteps() = default;
  virtual ~DiskSteps() = default;
  DiskSteps(const DiskSteps&) = delete;
  DiskSteps& operator=(const DiskSteps&) = delete;

  /// A new file with that text, on the disk; EEXIST where there is one.
  virtual int write_new(const std::string& path, std::string_view text) noexcept;
  virtual int link(const std::string& from, const std::string& to) noexcept;
  virtual int rename(const std::string& from, const std::string& to) noexcept;
  /// 0 where it is not there.
  virtual int remove(const std::string& path) noexcept;
  /// Brings the names in a folder to the disk; `fd` -1: it cannot be opened, which is no error.
  virtual int sync_folder(int fd) noexcept;
};

/// `out` and `others` get their names: `others` first, `out` last, which is the commit. Standard
/// output and the like among `others` are only flushed. `run`: the id of the run, for people who
/// find the journal.
///
/// A Failure but output_not_safe: nothing is published, all names are as they were before.
/// output_not_safe: all is published, but may not outlive a power cut.
Result<void> publish_together(OutputFile& out, std::span<OutputFile* const> others,
                              const std::string& run);
Result<void> publish_together(OutputFile& out, std::span<OutputFile* const> others,
                              const std::string& run, DiskSteps& disk);

/// The same where the rows are no file of their own (standard output, nothing at all): `others` get
/// their names one by one.
Result<void> publish_each(std::span<OutputFile* const> others);

/// Settles what a run left that was killed while it published `target`, either way: its rows are in
/// place, then the rest is cleaned up; or they are not, then the files that go with them are those
/// of the run before it again. The caller has the lock of `target`. Gives which of the two it was,
/// run_completed or run_taken_back, or nothing; a failure calls the file `name`. output_unsettled.
Result<std::optional<NoticeCode>> settle(const std::string& target, const std::string& name);
Result<std::optional<NoticeCode>> settle(const std::string& target, const std::string& name,
                                         DiskSteps& disk);

/// What tells later whether `out` got its name, in a process of its own too: kept elsewhere before it
/// gets it. `out` is flushed. output_unwritable.
Result<std::string> publishing_ticket(const OutputFile& out);
enum class Published : std::uint8_t {
  no,
  yes,
  unknown  // neither OUT nor OUT.incomplete is what it was: somebody else was there
};
/// output_unwritable where the disk does not say.
Result<Published> was_published(std::string_view ticket);

/// The folder of a file: "." where the path has none.
std::string folder_of(const std::string& path);

}  // namespace trama
