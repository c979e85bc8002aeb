// Findings of `trama check` and `trama test` in the forms that continuous integration reads:
//
//   github  workflow commands, which GitHub Actions shows beside the lines of a pull request
//   gitlab  a Code Quality report, as GitLab reads it (Code Climate's format, as far as GitLab needs)
//   sarif   SARIF 2.1.0 (OASIS), with rules from the error pages
//   junit   JUnit XML, a test case for each mapping or test

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "text/language.h"

namespace trama {

/// Something wrong at a place of a file.
struct Finding {
  std::string code;
  bool is_error = true;  // else a warning
  std::string file;      // as it was given
  std::uint32_t line = 1;
  std::uint32_t column = 1;  // in Unicode code points, from 1
  std::uint32_t length = 0;  // of what is meant; 0: not known
  std::string message;
  std::string help;  // what to do; may be empty
  std::string text;  // of the line, by which it is known again where lines moved
};

/// What check says of mappings, sorted by file, line and column.
std::vector<Finding> findings_of(const Diagnostics& diagnostics, const Files& files,
                                 Language language);

/// A mapping without errors, or a test: what JUnit counts.
struct TestCase {
  std::string group;  // the mapping
  std::string name;
  std::string at;                     // file:line:column, of one that failed
  std::vector<std::string> problems;  // none: it passed
  std::vector<std::string> notes;     // that do not fail it
};

std::string github_report(const std::vector<Finding>& findings);
std::string gitlab_report(const std::vector<Finding>& findings);
std::string sarif_report(const std::vector<Finding>& findings, Language language);
/// `name`: of the suite.
std::string junit_report(std::string_view name, const std::vector<TestCase>& cases);

}  // namespace trama
