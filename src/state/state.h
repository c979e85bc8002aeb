// State: what is known from run to run: which runs there were, and which files were imported. One
// SQLite file that runs of many mappings may share, also at the same time.
//
// A run that writes rows does so in two steps (src/README.md):
//
//   begin_publishing()   rows, rejects and summary are on the disk; the run, its files and what
//                        tells whether its rows got their name (a ticket) are in the state
//   (the files get their names)
//   end_publishing()     the run is published, or take_back(): it is not
//
// Between the two nobody else is there (StateLock), so a run that is found in between was killed:
// unsettled() gives it, with its ticket.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/stop_flag.h"
#include "database/sqlite.h"
#include "state/known_things.h"
#include "state/pulls.h"
#include "state/pushes.h"

namespace trama {

/// What became of a run.
enum class RunOutcome : std::uint8_t {
  publishing,  // it was killed, or is at it
  published,
  failed,  // it ended, and published nothing
  known,   // all its inputs were imported before: there was nothing to do
};
std::string_view word_of(RunOutcome outcome) noexcept;

/// With what a run ended that was killed: 128 and SIGKILL, as a shell says it.
constexpr int kKilledExit = 137;

/// A run as the state keeps it. Times are milliseconds since 1970 UTC.
struct StateRun {
  std::int64_t number = 0;  // in the state, in the order in which they ended
  std::string run;          // its id; empty where it ended before its inputs were read
  std::string mapping;
  RunOutcome outcome = RunOutcome::failed;
  std::int64_t started = 0;
  std::int64_t finished = 0;
  int exit = 0;
  std::string output;
  std::string summary;  // as --summary writes it
};

/// An input that was read to its end.
struct StateFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::string sha256;  // 64 hexadecimal digits
};

/// The import of a file.
struct Import {
  std::string run;
  std::int64_t finished = 0;
};

/// A run that was killed while it published.
struct UnsettledRun {
  std::int64_t number = 0;
  std::string run;
  std::string output;
  std::string ticket;
};

class State {
 public:
  /// Opens it, and brings it to the schema of this program. state_newer where that is older, and
  /// what Database::open() gives.
  static Result<std::unique_ptr<State>> open(const std::string& path, Database::Use use);

  /// Whether the mapping imported a file of so many bytes: if not, nothing need be digested.
  Result<bool> has_size(const std::string& mapping, std::uint64_t bytes);
  /// The last run of the mapping that published a file of this content.
  Result<std::optional<Import>> imported(const std::string& mapping, const std::string& sha256);

  /// When runs of a mapping last finished; 0: never.
  struct Last {
    std::int64_t success = 0;  // that published, or had nothing to do
    std::int64_t import = 0;   // that published
  };
  Result<Last> last(const std::string& mapping);

  /// What is known of the things of a mapping; see KnownThings.
  Result<std::uint64_t> count_things(const std::string& mapping) {
    return KnownThings::count(*database_, mapping);
  }
  Result<std::unique_ptr<KnownThings>> known_things(const std::string& mapping) {
    return KnownThings::load(*database_, mapping);
  }

  /// What is known of sources that are pulled.
  [[nodiscard]] Pulls pulls() { return Pulls(*database_); }
  /// What is known of a target that rows are sent to.
  Result<TargetLedger> target(const std::string& name) {
    return TargetLedger::open(*database_, name);
  }
  Result<std::optional<TargetLedger>> find_target(const std::string& name) {
    return TargetLedger::find_target(*database_, name);
  }
  /// Pulls and pushes that finished at `since` or later, as they ended; none where the state is older than they are.
  Result<void> each_service(std::int64_t since, const std::function<void(const StatePull&)>& pull,
                            const std::function<void(const StatePush&)>& push);

  // For who holds the StateLock.
  /// What a run makes new of the things of its mapping: each key once, in the order of the digests.
  struct KeyChanges {
    std::int64_t generation = 0;  // of the KnownThings that it was compared with
    using Take = std::function<Result<void>(const KeyChange&)>;
    std::function<Result<void>(const Take&)> each;
  };
  /// `keys`: or null. state_moved where they were compared with what is no longer known.
  Result<std::int64_t> begin_publishing(const StateRun& run, const std::vector<StateFile>& files,
                                        const std::string& ticket, const KeyChanges* keys);
  Result<void> end_publishing(std::int64_t number);
  /// It published nothing: its files are not imported. `exit`: with which it ended; kKilledExit
  /// of one that was killed.
  Result<void> take_back(std::int64_t number, int exit);
  Result<std::vector<UnsettledRun>> unsettled();

  /// A run that ended without publishing.
  Result<void> add(const StateRun& run);

  /// Runs that finished at `since` or later, as they ended.
  /// `take` gives false where it wants no more.
  Result<void> each_run(std::int64_t since, const std::function<bool(const StateRun&)>& take);
  /// The files of a run, in the order of its inputs.
  Result<std::vector<StateFile>> files_of(std::int64_t number);

  struct Counts {
    std::uint64_t runs = 0;
    std::uint64_t files = 0;
    std::uint64_t publishing = 0;
    std::uint64_t keys = 0;  // of all mappings
  };
  Result<Counts> counts();
  /// Forgets runs that finished before, and their files; but for those being published.
  Result<Counts> prune(std::int64_t before);
  /// Reads all of it: state_damaged where something is not as it was written.
  Result<void> check();

 private:
  explicit State(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  Result<void> upgrade(Database::Use use);
  Result<std::int64_t> insert(const StateRun& run, const std::string& ticket);
  Result<void> add_changes(std::int64_t number, const std::string& mapping, const KeyChanges& keys);
  Result<void> apply_changes(std::int64_t number);

  std::unique_ptr<Database> database_;
};

/// One run at a time is between begin_publishing() and end_publishing(), or settles those that were
/// killed there: an exclusive flock on PATH-lock, which stays where it is.
class StateLock {
 public:
  /// Waits for others: state_busy after a minute, interrupted where `stop` says so.
  static Result<StateLock> take(const std::string& state, const StopFlag& stop);
  StateLock(StateLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  StateLock& operator=(StateLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~StateLock();

 private:
  explicit StateLock(int fd) : fd_(fd) {}
  int fd_;
};

/// The files that a state has, itself the first: no input or output may be called so.
std::vector<std::string> files_of_state(const std::string& path);

}  // namespace trama
