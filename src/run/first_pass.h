// FirstPass: the pass over the inputs before duplicates can be decided, and whether the second pass
// met the same inputs.

#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "run/duplicates.h"
#include "run/split_mapper.h"
#include "source/source.h"

namespace trama {

class FirstPass {
 public:
  /// Notes the keys of all records of `source`. What keeps an input from being read (an error of the
  /// disk, a change) ends the run: it may not happen again, and the records behind it would lose
  /// nothing or win nothing. What is wrong with its bytes is so in the second pass too, which keeps
  /// the records before it. `pass_bad_inputs`: as SourceOptions has it.
  static Result<FirstPass> read(Source& source, Duplicates& duplicates, unsigned threads,
                                const Duplicates::MakeMapper& make_mapper, bool pass_bad_inputs);

  /// Of the second pass, `inputs` as Source::inputs() gives them: the first input that went wrong
  /// in another way than in this one, so that records which won there were not met. One that was
  /// read only in part (--limit, a stop) is not looked at.
  [[nodiscard]] std::optional<Failure> differs(const std::vector<InputRead>& inputs,
                                               const std::vector<std::string>& names) const;

 private:
  std::vector<std::optional<Failure>> failures_;  // by input
};

}  // namespace trama
