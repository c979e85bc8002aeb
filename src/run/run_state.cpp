#include "run/run_state.h"

#include <map>

#include "base/phrase_codes.h"
#include "base/sha256.h"
#include "load/load.h"
#include "report/shown_text.h"
#include "run/run.h"
#include "sink/output_file.h"
#include "sink/publish.h"
#include "source/input_files.h"
#include "text/catalogue.h"

namespace trama {
namespace {

StateRun run_of(const Summary& summary, const RunFacts& facts, RunOutcome outcome) {
  StateRun run;
  run.run = facts.run;
  run.mapping = facts.mapping.empty() ? facts.mapping_file : facts.mapping;
  run.outcome = outcome;
  run.started = facts.started;
  run.finished = facts.finished;
  run.exit = facts.exit;
  run.output = facts.output;
  run.summary = summary_json(summary, facts, Language::en);
  return run;
}

/// The inputs that were read to their end.
std::vector<StateFile> files_of(const RunFacts& facts) {
  std::vector<StateFile> files;
  for (std::size_t i = 0; i < facts.input_facts.size(); ++i) {
    const InputFacts& input = facts.input_facts[i];
    if (input.state == InputFacts::State::read && !input.sha256.empty())
      files.push_back({facts.inputs[i], input.bytes, input.sha256});
  }
  return files;
}

/// The digest of a file as it lies on the disk; "" where it cannot be read.
std::string digest_of(InputFiles& files, std::size_t i) {
  Result<std::unique_ptr<ByteStream>> opened = files.open(i);
  if (!opened.ok()) return {};
  ByteStream& bytes = *opened.value();
  bytes.digest();
  bytes.digest_rest();
  bytes.end();
  return bytes.trouble() ? std::string() : bytes.sha256();
}

}  // namespace

Phrase ImportedInput::words() const {
  const NoticeCode code = same_as.empty() ? NoticeCode::already_imported : NoticeCode::same_content;
  std::vector<Phrase> values = {shown_input(file.name)};
  if (same_as.empty()) {
    values.emplace_back(import.run);
    values.emplace_back(utc_minute(import.finished));
  } else {
    values.push_back(shown_input(same_as));
  }
  return Phrase::several({name(code), ": ", Phrase(code, std::move(values))});
}

Result<RunState> RunState::open(const std::string& path, Database::Use use, const StopFlag& stop,
                                std::vector<Phrase>& notes) {
  TRAMA_TRY(auto opened, State::open(path, use));
  RunState state(path, std::move(opened));
  if (use == Database::Use::write) TRAMA_TRY_VOID(state.settle(stop, notes));
  return state;
}

/// Runs that were killed between begin() and end(): their files have their names, or not.
Result<void> RunState::settle(const StopFlag& stop, std::vector<Phrase>& notes) {
  TRAMA_TRY(std::vector<UnsettledRun> found, state_->unsettled());
  if (found.empty()) return {};
  TRAMA_TRY(const StateLock alone, StateLock::take(path_, stop));
  TRAMA_TRY(found, state_->unsettled());  // who was at it may have ended
  for (const UnsettledRun& run : found) {
    TRAMA_TRY(const Published published,
              is_load_ticket(run.ticket) ? was_loaded(run.ticket) : was_published(run.ticket));
    if (published == Published::unknown)
      return Failure{FailureCode::state_unsettled, {path_, run.run, run.output}};
    const bool yes = published == Published::yes;
    TRAMA_TRY_VOID(yes ? state_->end_publishing(run.number)
                       : state_->take_back(run.number, kKilledExit));
    const NoticeCode code = yes ? NoticeCode::state_published : NoticeCode::state_taken_back;
    notes.push_back(Phrase::several({name(code), ": ", Phrase(code, {run.run, run.output})}));
  }
  return {};
}

Result<std::vector<ImportedInput>> RunState::imported(const std::string& mapping,
                                                      const std::vector<std::string>& inputs,
                                                      const StopFlag& stop) {
  InputFilesOptions how;
  how.keep_bad = true;
  how.stop = &stop;
  std::vector<std::string> files;   // no pipe may be touched
  std::vector<std::size_t> places;  // of `files`, in `inputs`
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == "-" || is_stream(inputs[i])) continue;
    files.push_back(inputs[i]);
    places.push_back(i);
  }
  std::vector<ImportedInput> found;
  if (files.empty()) return found;
  TRAMA_TRY(const auto opened, InputFiles::open_all(files, how));
  std::map<std::uint64_t, int> sizes;
  for (std::size_t i = 0; i < files.size(); ++i) ++sizes[opened->size(i)];
  std::map<std::string, std::size_t> first;  // by content
  for (std::size_t i = 0; i < files.size() && stop.asked() == 0; ++i) {
    const std::uint64_t size = opened->size(i);
    if (opened->failure(i) || size == 0) continue;
    TRAMA_TRY(const bool known, state_->has_size(mapping, size));
    if (!known && sizes[size] == 1) continue;  // no other file can be the same
    const std::string sha256 = digest_of(*opened, i);
    if (sha256.empty()) continue;  // the run itself says why
    TRAMA_TRY(std::optional<Import> import, state_->imported(mapping, sha256));
    const auto [same, is_first] = first.emplace(sha256, i);
    if (import)
      found.push_back({places[i], {files[i], size, sha256}, *import});
    else if (!is_first)
      found.push_back({places[i], {files[i], size, sha256}, {}, files[same->second]});
  }
  return found;
}

/// A file that the state or another of `files` has; or nothing.
Result<std::optional<ImportedInput>> RunState::known(const std::string& mapping,
                                                     const std::vector<StateFile>& files) {
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < files.size(); ++i) {
    TRAMA_TRY(std::optional<Import> import, state_->imported(mapping, files[i].sha256));
    const auto [same, is_first] = first.emplace(files[i].sha256, i);
    if (import) return std::optional(ImportedInput{i, files[i], *import});
    if (!is_first) return std::optional(ImportedInput{i, files[i], {}, files[same->second].name});
  }
  return std::optional<ImportedInput>();
}

Result<std::optional<ImportedInput>> RunState::begin(const Summary& summary, const RunFacts& facts,
                                                     const Target& rows, bool again,
                                                     const StopFlag& stop,
                                                     const State::KeyChanges* keys) {
  const std::vector<StateFile> files = files_of(facts);
  TRAMA_TRY(lock_, StateLock::take(path_, stop));
  if (!again) {
    TRAMA_TRY(std::optional<ImportedInput> imported, known(facts.mapping, files));
    if (imported) {
      lock_.reset();
      return imported;
    }
  }
  TRAMA_TRY(const std::string ticket, rows.ticket());
  TRAMA_TRY(number_, state_->begin_publishing(run_of(summary, facts, RunOutcome::publishing), files,
                                              ticket, keys));
  return std::optional<ImportedInput>();
}

Result<void> RunState::end(const std::string& output) {
  Result<void> ended = state_->end_publishing(number_);
  number_ = 0;
  lock_.reset();
  if (ended.ok()) return {};
  const Failure& why = ended.failure();
  return Failure{FailureCode::state_behind, {output, path_, Phrase(why.code, why.values)}};
}

Result<void> RunState::add(const Summary& summary, const RunFacts& facts, RunOutcome outcome) {
  if (number_ != 0) {  // it was at it
    Result<void> back = state_->take_back(number_, facts.exit);
    number_ = 0;
    lock_.reset();
    return back;
  }
  return state_->add(run_of(summary, facts, outcome));
}

}  // namespace trama
