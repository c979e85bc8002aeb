// RunState: what a run does with --state: settles what killed runs left, leaves out files that were
// imported before, and writes down itself, so that its rows and its state are there both or not at
// all. src/README.md tells the steps.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/stop_flag.h"
#include "report/summary.h"
#include "sink/target.h"
#include "state/state.h"

namespace trama {

/// An input that its mapping imported before.
struct ImportedInput {
  std::size_t input = 0;  // index
  StateFile file;
  Import import;          // the last one; or
  std::string same_as{};  // an input of this run, which has the same content

  /// What there is to say of it.
  [[nodiscard]] Phrase words() const;
};

class RunState {
 public:
  /// Opens the state and, to be written, settles it; `notes` says what was settled. What
  /// State::open() gives, and state_unsettled.
  static Result<RunState> open(const std::string& path, Database::Use use, const StopFlag& stop,
                               std::vector<Phrase>& notes);

  /// Those of `inputs` that `mapping` imported, as far as that can be known before they are read:
  /// regular files. Of files with the same content the later ones are among them. One that cannot be
  /// read is not. `stop` ends it early.
  Result<std::vector<ImportedInput>> imported(const std::string& mapping,
                                              const std::vector<std::string>& inputs,
                                              const StopFlag& stop);

  /// The rows are on the disk, and are to be committed. Unless `again`, gives an input of which only
  /// now is known that it was imported (a pipe, or another run was faster): then nothing may be
  /// published. `keys`: what the run makes new of its things, or null. From here on no other run publishes with this state, until end() or add().
  Result<std::optional<ImportedInput>> begin(const Summary& summary, const RunFacts& facts,
                                             const Target& rows, bool again, const StopFlag& stop,
                                             const State::KeyChanges* keys);
  /// They were committed, as `output`. state_behind: the state does not know,
  /// and the next run settles it.
  Result<void> end(const std::string& output);

  /// See State.
  Result<std::uint64_t> count_things(const std::string& mapping) {
    return state_->count_things(mapping);
  }
  Result<std::unique_ptr<KnownThings>> known_things(const std::string& mapping) {
    return state_->known_things(mapping);
  }
  Result<State::Last> last(const std::string& mapping) { return state_->last(mapping); }

  /// The run ended without publishing; `known`: it had nothing to do.
  Result<void> add(const Summary& summary, const RunFacts& facts, RunOutcome outcome);

 private:
  RunState(std::string path, std::unique_ptr<State> state)
      : path_(std::move(path)), state_(std::move(state)) {}
  Result<void> settle(const StopFlag& stop, std::vector<Phrase>& notes);
  Result<std::optional<ImportedInput>> known(const std::string& mapping,
                                             const std::vector<StateFile>& files);

  std::string path_;
  std::unique_ptr<State> state_;
  std::optional<StateLock> lock_;  // between begin() and the end
  std::int64_t number_ = 0;        // of the run, between the two
};

}  // namespace trama
