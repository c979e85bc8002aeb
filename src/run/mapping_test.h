// The tests of a mapping: given records, the rows, rejects and warnings that must come of them, and
// what differs.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mapping/mapping.h"
#include "plan/plan.h"
#include "run/coverage.h"
#include "run/run.h"

namespace trama {

/// What a test found. Each problem is a sentence; those about rows name the row and the column.
struct TestOutcome {
  std::vector<std::string> problems;
  /// With TestInput::accept, where nothing but the rows of a file differs: that file, as the
  /// mapping calls it and as it is opened, and what is to be written into it.
  struct Accepted {
    std::string name;
    std::string path;
    std::string text;
  };
  std::optional<Accepted> accepted;
  [[nodiscard]] bool passed() const noexcept { return problems.empty(); }
};

struct TestInput {
  const Plan& plan;
  const RunMapping& mapping;
  const std::string& root;  // of `--root`
  FileReader& reader;       // of expected rows
  std::int64_t now = 0;     // where the test states no `at`
  bool accept = false;
  Coverage* coverage = nullptr;  // where what is exercised is noted, or null
  std::vector<FieldSeen>* fields = nullptr;  // where fields that were there are noted, or null
};

/// Runs one test. Limits are not judged; `given` as a file is read as `run` would read it.
TestOutcome run_test(const Test& test, const TestInput& input);

}  // namespace trama
