// RunOutputs: what a run writes: rows, to the target of their format, and the files of its rejects,
// its summary and its page. Opened before the first record, and in the end published as one step, or left
// aside (files as NAME.incomplete).

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "run/run.h"
#include "sink/output_file.h"
#include "sink/target.h"

namespace trama {

/// What a run says of itself in files; of one that is not wanted nothing.
struct RunTexts {
  std::string summary;
  std::string report;
};

class RunOutputs {
 public:
  /// `load`: the format of rows that go to a database, or null.
  RunOutputs(const RunMapping& mapping, const RunOptions& options, const FormatSpec* load)
      : mapping_(mapping), options_(options), load_(load) {}

  /// An output that is also an input or a file of the mapping, or two outputs in one file: usage.
  [[nodiscard]] Result<void> refuse_clashes() const;
  /// Opens what is stated, and the rejects beside OUT. Nothing in a dry run.
  Result<void> open(const Plan& plan);
  /// What a run left beside OUT that was killed while it published, where this one opens nothing.
  [[nodiscard]] Result<void> settle_left() const;
  /// What runs left that were killed while they published, in words.
  [[nodiscard]] std::vector<std::pair<NoticeCode, std::string>> settled() const;

  /// Null in a dry run.
  [[nodiscard]] Target* rows() const noexcept { return rows_.get(); }
  /// Without a name of their own they are opened at the first reject. Null in a dry run.
  Result<OutputFile*> rejects();
  /// Null where it is not wanted, and in a dry run.
  [[nodiscard]] OutputFile* rejects_table() const noexcept { return rejects_table_.get(); }

  /// Ends the run: all of it is on the disk, and has its names (`good`), or is left as
  /// NAME.incomplete. Where the rows are no file, the rest has its names either way. Fills in what
  /// the facts say of the files; `texts` makes summary and page of them.
  /// `before_commit`: what is to be done when all is on the disk and nothing has its name yet; its
  /// Failure keeps them from getting it.
  Result<void> finish(bool good, RunFacts& facts, const std::function<RunTexts()>& texts,
                      const std::function<Result<void>(Target&)>& before_commit);
  /// Those of a run that did not come to finish(), or failed there. `published`:
  /// OUT is what this run wrote.
  Result<void> late_texts(bool published, const RunTexts& texts);
  /// Whatever became of the run.
  Result<void> write_metrics(const std::string& text);

 private:
  Result<void> name_all(const std::string& run, const std::function<RunTexts()>& texts,
                        const std::function<Result<void>(Target&)>& before_commit);
  Result<void> leave_all(const std::function<RunTexts()>& texts);
  Result<void> write_texts(const std::function<RunTexts()>& texts);
  Result<void> late_text(bool published, const std::string& path, std::unique_ptr<OutputFile>& file,
                         const std::string& text);
  [[nodiscard]] std::vector<OutputFile*> beside_rows() const;
  [[nodiscard]] std::vector<std::string> written_files() const;
  [[nodiscard]] Result<void> refuse_clash(const std::string& file) const;
  /// The file of the rows; "": none, they go to a server.
  [[nodiscard]] std::string rows_file() const;
  [[nodiscard]] std::string default_rejects() const;
  [[nodiscard]] bool clashes(const std::string& file) const;

  const RunMapping& mapping_;
  const RunOptions& options_;
  const FormatSpec* load_;
  std::unique_ptr<Target> rows_;
  std::unique_ptr<OutputFile> rejects_;
  std::unique_ptr<OutputFile> rejects_table_;
  std::unique_ptr<OutputFile> summary_;
  std::unique_ptr<OutputFile> report_;
};

}  // namespace trama
