// The tests of a mapping: given records, the rows, rejects and warnings that must come of them, and
// what differs. Nothing is printed and no file is written: what is found is given back.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/coverage.h"
#include "engine/load.h"
#include "mapping/mapping.h"
#include "plan/plan.h"
#include "report/summary.h"
#include "run/run.h"
#include "text/language.h"

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
  Coverage* coverage = nullptr;              // where what is exercised is noted, or null
  std::vector<FieldSeen>* fields = nullptr;  // where fields that were there are noted, or null
  Language language = Language::en;          // of what is found
};

/// Runs one test. Limits are not judged; `given` as a file is read as `run` would read it. The plan
/// must write a row a line: run_tests() sees to that.
TestOutcome run_test(const Test& test, const TestInput& input);

struct TestsOptions {
  std::string root;      // how far the files of tests may be away from the mapping
  std::int64_t now = 0;  // of tests that state no `at`: seconds since 1970-01-01T00:00:00Z
  bool accept = false;   // see TestOutcome::accepted
  bool coverage = false;
  Language language = Language::en;  // of TestOutcome::problems
};

/// What all tests of a mapping found together.
struct TestsEnd {
  std::vector<Alert> notes;              // fields that columns read and no given record has
  std::vector<Coverage::Part> coverage;  // where it is asked for
};

/// Runs all tests of a mapping that has a plan, in their order. `done` gets each outcome before the
/// next test begins, so that what it writes of TestOutcome::accepted is there for the next one. The
/// plan then writes rows as tests compare them: one a line, a CSV with its header.
TestsEnd run_tests(LoadedMapping& loaded, const TestsOptions& options, FileReader& reader,
                   const std::function<void(const Test&, TestOutcome)>& done);

}  // namespace trama
