// ReplayableInputs: inputs that can be read twice. What cannot (standard input, a pipe) is copied
// to a temporary file first.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace trama {

class ReplayableInputs {
 public:
  /// `twice`: whether the run reads its inputs twice; else they stay as they are.
  static Result<ReplayableInputs> open(const std::vector<std::string>& inputs, bool twice);
  ReplayableInputs(ReplayableInputs&& other) noexcept;
  ReplayableInputs& operator=(ReplayableInputs&& other) noexcept = delete;
  ReplayableInputs(const ReplayableInputs&) = delete;
  ReplayableInputs& operator=(const ReplayableInputs&) = delete;
  ~ReplayableInputs();

  /// The paths to read, in the inputs' order.
  [[nodiscard]] const std::vector<std::string>& paths() const noexcept { return paths_; }
  /// Puts the name of the input in a failure where a temporary file is named.
  void rename(Failure& failure) const;

 private:
  ReplayableInputs() = default;
  Result<std::string> copy(const std::string& input);

  std::vector<std::string> inputs_;
  std::vector<std::string> paths_;
  std::vector<std::string> temporary_;
};

}  // namespace trama
