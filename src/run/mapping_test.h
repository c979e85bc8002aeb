// The tests of a mapping: given records, the rows, rejects and warnings that must come of them, and
// what differs.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mapping/mapping.h"
#include "plan/plan.h"
#include "run/run.h"

namespace trama {

/// What a test found. Each problem is a sentence; those about rows name the row and the column.
struct TestOutcome {
  std::vector<std::string> problems;
  [[nodiscard]] bool passed() const noexcept { return problems.empty(); }
};

struct TestInput {
  const Plan& plan;
  const RunMapping& mapping;
  const std::string& root;  // of `--root`
  FileReader& reader;       // of expected rows
  std::int64_t now = 0;     // where the test states no `at`
};

/// Runs one test. Limits are not judged; `given` as a file is read as `run` would read it.
TestOutcome run_test(const Test& test, const TestInput& input);

}  // namespace trama
