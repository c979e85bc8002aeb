// The engine as another host calls it: a mapping and its tests from memory, results as data.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/mapping_test.h"
#include "support/mapped.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

constexpr const char* kMapping =
    "mapping: m\n"
    "version: 1\n"
    "columns:\n"
    "  A: a\n"
    "  N: {from: n, type: integer}\n"
    "  Never: b\n"
    "output: {format: json}\n"
    "tests:\n"
    "- name: right\n"
    "  given: [{a: x, n: 1}, {a: y, n: 2}]\n"
    "  expect_rows: [{A: x, N: 1}, {A: y, N: 2}]\n"
    "- name: wrong\n"
    "  given: [{a: x, n: 1}]\n"
    "  expect_rows: [{A: z}]\n";

}  // namespace

TEST_CASE("engine: the tests of a mapping from memory") {
  TextFiles files;
  files.files["m.yaml"] = kMapping;
  LoadedMapping loaded = load_mapping("m.yaml", "", files);
  REQUIRE(loaded.plan);
  TestsOptions options;
  options.coverage = true;
  std::vector<std::string> outcomes;
  const TestsEnd end =
      run_tests(loaded, options, files, [&](const Test& test, const TestOutcome& outcome) {
        outcomes.push_back(test.name.text + ": " +
                           (outcome.passed() ? "passed" : outcome.problems.front()));
      });
  CHECK(outcomes ==
        std::vector<std::string>{"right: passed", "wrong: row 1, A: expected \"z\", got \"x\""});
  REQUIRE(end.notes.size() == 1);
  CHECK(end.notes.front().where == "Never");
  REQUIRE(end.coverage.size() == 1);
  CHECK(end.coverage.front().all == 3);
  CHECK(end.coverage.front().not_exercised == std::vector<Phrase>{"Never"});
}

TEST_CASE("engine: a mapping that is wrong has its diagnostics and no plan") {
  TextFiles files;
  files.files["m.yaml"] = "mapping: m\nversion: 1\ncolumns: {A: {from: a, typ: date}}\n";
  const LoadedMapping loaded = load_mapping("m.yaml", "", files);
  CHECK(!loaded.plan);
  REQUIRE(loaded.diagnostics.size() == 1);
  CHECK(loaded.diagnostics.front().code == DiagnosticCode::key_unknown);
}
