// Target: where the rows of a run go, in input order. FormatSpec::target opens one. It alone knows
// what makes rows count: for text the name of a file (TextTarget), for a database it would be the
// end of a transaction.
//
//   begin()  take(block) …  end()          one thread at a time
//   report()                               what is said of the run
//   prepare()                              all is where it only needs to be made to count
//   commit(others)   or   abandon()        or neither: a failure; nothing is left of it

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

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
  std::string name{};                     // of the mapping
  std::int64_t now = 0;                   // the instant of the run (--at), in seconds since 1970
};

/// What the report says of a run, for who has only the rows: words in a language, nothing personal.
struct RunSheet {
  std::string name;  // "Report"
  struct Row {
    std::vector<std::string> cells;
    bool heading = false;
  };
  std::vector<Row> rows;
};

/// What a database is told to write down of a run, in the transaction of its rows.
struct LoadFacts {
  std::string run;
  std::string mapping;
  std::string mapping_sha256;
  std::string started;  // ISO 8601, UTC
  std::string finished;
  struct Input {
    std::string name;
    std::uint64_t bytes = 0;
    std::string sha256;
  };
  std::vector<Input> inputs{};  // those that were read to their end
  std::uint64_t read = 0;       // records, and what became of them
  std::uint64_t written = 0;
  std::uint64_t rejected = 0;
  std::uint64_t skipped = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rows = 0;
  bool again = false;  // what was loaded before is loaded again
};

/// An input that was loaded before: its index, and by which run.
struct LoadedBefore {
  std::size_t input = 0;
  std::string run;
  std::string finished;
};

/// What a load did to its table, in rows.
struct LoadCounts {
  std::string table{};
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t deleted = 0;  // or marked as gone
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
  /// A record that the target does not take, and why.
  struct Refused {
    std::uint64_t record = 0;
    Reason reason = Reason::row_refused;
    std::string words{};  // of row_refused: the target's own
    bool quotes = false;  // they may hold a value of the row
  };
  /// Of the block that take() was given last: no row of these is in. Told once.
  virtual std::vector<Refused> refused() { return {}; }
  /// No block follows.
  virtual Result<void> end() = 0;

  /// Before prepare() or abandon(), where the run has come to its end:
  /// for a target that has a place for it.
  virtual void report(RunSheet /*sheet*/) {}
  /// All rows are safe, and what is left to commit() can hardly fail. Called before the other files
  /// of the run are finished.
  virtual Result<void> prepare() = 0;
  /// What tells later whether commit() took place (was_published()). After prepare().
  virtual Result<std::string> ticket() const = 0;
  /// Of a database, behind prepare(): what it keeps with the rows; unless facts.again, gives an input
  /// that was loaded before, and then nothing may be committed.
  virtual Result<std::optional<LoadedBefore>> write_down(const LoadFacts& /*facts*/) {
    return std::optional<LoadedBefore>();
  }
  /// Of a database: what was done to its table.
  [[nodiscard]] virtual std::optional<LoadCounts> loaded() const { return std::nullopt; }
  /// Rows and `others` (rejects, summary: flushed) appear as one step. `run`: its id. A Failure but
  /// output_not_safe: nothing of it is published, and all is as it was before.
  virtual Result<void> commit(std::span<OutputFile* const> others, const std::string& run) = 0;
  /// The run is not good: what was there stays. What can be looked at is left aside,
  /// and left() says where.
  virtual Result<void> abandon() = 0;

  /// Whether rows are out as soon as they are taken, and cannot be taken back.
  [[nodiscard]] virtual bool streams() const noexcept = 0;
  /// Where abandon() leaves the rows; empty: nowhere.
  [[nodiscard]] virtual std::string left() const = 0;
  /// What was done with what a run left that was killed while it published here; or nothing.
  [[nodiscard]] virtual std::optional<NoticeCode> settled() const noexcept = 0;
};

}  // namespace trama
