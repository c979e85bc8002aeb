// Target: where the rows of a run go, in input order. FormatSpec::target opens one. It alone knows
// what makes rows count: for text the name of a file (TextTarget), for a database it would be the
// end of a transaction.
//
//   begin()  take(block) …  end()          one thread at a time
//   prepare()                              all is where it only needs to be made to count
//   commit(others)   or   abandon()        or neither: a failure; nothing is left of it

#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "base/stop_flag.h"
#include "sink/row_encoder.h"

namespace trama {

class OutputFile;

/// Where a target is opened.
struct TargetPlace {
  std::string path = "-";                 // as the user names it
  std::string* text = nullptr;            // instead of it: rows are put behind what is there
  const StopFlag* stop = &kNeverStopped;  // ends a wait for a reader
};

class Target {
 public:
  Target() = default;
  /// Without commit() or abandon() nothing is left of it.
  virtual ~Target() = default;
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  /// Before the first block: what a failure would cost all the work is tried here.
  virtual Result<void> begin() = 0;
  /// The next block in input order, which may be none of its rows; it may keep the memory.
  virtual Result<void> take(RowBlock&& block) = 0;
  /// No block follows.
  virtual Result<void> end() = 0;

  /// All rows are safe, and what is left to commit() can hardly fail. Called before the other files
  /// of the run are finished.
  virtual Result<void> prepare() = 0;
  /// What tells later whether commit() took place (was_published()). After prepare().
  virtual Result<std::string> ticket() const = 0;
  /// Rows and `others` (rejects, summary: flushed) appear as one step. `run`: its id. A Failure but
  /// output_not_safe: nothing of it is published, and all is as it was before.
  virtual Result<void> commit(std::span<OutputFile* const> others, const std::string& run) = 0;
  /// The run is not good: what was there stays. What can be looked at is left aside, and left()
  /// says where.
  virtual Result<void> abandon() = 0;

  /// Whether rows are out as soon as they are taken, and cannot be taken back.
  [[nodiscard]] virtual bool streams() const noexcept = 0;
  /// Where abandon() leaves the rows; empty: nowhere.
  [[nodiscard]] virtual std::string left() const = 0;
  /// What was done with what a run left that was killed while it published here; or nothing.
  [[nodiscard]] virtual std::optional<NoticeCode> settled() const noexcept = 0;
};

}  // namespace trama
