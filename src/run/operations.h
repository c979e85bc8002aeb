// Operations: what is new about the rows of a record beside what a state knows of the runs before,
// for mappings with `identity` (src/README.md, "What is kept from one run to the next").
//
// Workers decide side by side, each beside what was known before the run, never beside each other;
// what they found is noted in input order by one thread at a time. So the operations of a run do
// not depend on its threads, and a key that two of its records have is told (repeated()).
//
//   night 1   a b c      insert a, insert b, insert c
//   night 2   a b' d     unchanged a, update b', insert d; with `full_dump: yes` delete c

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "json/json_object.h"
#include "plan/plan.h"
#include "report/operation.h"
#include "run/key_state.h"
#include "run/sorted_entries.h"
#include "run/temporary_file.h"
#include "state/state.h"

namespace trama {

class Operations {
 public:
  /// Bytes in memory where so many things are known.
  static std::size_t bytes_for(std::uint64_t keys) noexcept;
  /// Compares with what is `known`, which may be null (a dry run without a state: nothing is).
  Operations(const PlanIdentity& plan, std::unique_ptr<KnownThings> known);

  /// What workers find of one record, as bytes, one behind the other, to be noted in input order.
  using Notes = std::string;

  /// Notes what a piece of the input brought. output_unwritable: a temporary file.
  Result<void> note(std::string_view notes);
  /// All is noted.
  Result<void> finish();

  /// Records beyond the first that have the key of another of the run.
  [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
  /// Rejected records that nobody could say the key of.
  [[nodiscard]] std::uint64_t without_key() const noexcept { return without_key_; }
  [[nodiscard]] std::uint64_t known() const noexcept { return known_ ? known_->size() : 0; }
  /// Things that are known and that no record of the run has.
  [[nodiscard]] std::uint64_t gone() const noexcept;
  Result<void> each_gone(const std::function<Result<bool>(const KnownThings::Entry&)>& take);
  /// For State::begin_publishing(), once. `with_gone`: they were told as deleted.
  State::KeyChanges changes(bool with_gone);

 private:
  friend class RecordOperation;
  void mark(std::uint64_t place);
  Result<void> next_change(KeyChange& out, bool& more);

  const PlanIdentity& plan_;
  std::unique_ptr<KnownThings> known_;
  std::vector<bool> met_;   // by place: a record has this key, whatever became of it
  std::vector<bool> made_;  // by place: and its rows were made
  SortedEntries changes_;
  std::uint64_t noted_ = 0;
  std::uint64_t repeated_ = 0;
  std::uint64_t without_key_ = 0;
  std::optional<TemporaryFile> written_;  // the changes, each key once
  std::uint64_t read_ = 0;                // of written_
};

/// Decides of one record after the other. One a thread.
class RecordOperation {
 public:
  RecordOperation(const Plan& plan, Operations& operations);

  /// How long a row as JSON may be.
  void limit(std::size_t most) noexcept;
  /// Reads the rows of a record. False where one is longer than limit().
  bool read(std::span<const Value> rows, std::size_t count, std::string_view rest);

  struct Decision {
    Operation operation = Operation::insert;
    bool left_out = false;  // its rows are not to be written
    /// What the known version has, where the two cannot be compared: then nothing is decided.
    std::optional<RankKind> not_comparable;
  };
  /// Of the record that was read: by its key, and by what says how new it is, or a blank.
  Result<Decision> decide(std::string_view key, const Value& newer);
  /// Notes what was decided.
  void note(Operations::Notes& notes) const;
  /// Of a record that is rejected: its key, or nothing where nobody can say it.
  Result<void> note_rejected(std::optional<std::string_view> key, Operations::Notes& notes);

 private:
  const Plan& plan_;
  Operations& operations_;
  JsonObjectWriter writer_;
  Sha256 digest_;
  std::size_t most_ = SIZE_MAX;
  std::string json_;
  // Of the record at hand.
  ShortDigest key_digest_;
  std::string key_;
  KeyVersion version_;
  std::optional<std::uint64_t> place_;
  bool changes_ = false;
};

}  // namespace trama
