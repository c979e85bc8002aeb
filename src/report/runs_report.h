// The runs of a state over a while (`trama report`): how many, how many succeeded, how much of what
// they read was rejected and why; as data, for people and as JSON (schemas/runs.schema.json).

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report/summary.h"
#include "text/language.h"

namespace trama {

/// Of rejected records, at most so many should be: in percent.
constexpr std::string_view kRejectedTarget = "0.1";
constexpr std::size_t kListedFailures = 10;

/// A run as it is added up. Times are milliseconds since 1970 UTC.
struct RunTold {
  enum class Outcome : std::uint8_t { published, failed, nothing_new, publishing };
  std::string run;
  std::string mapping;
  Outcome outcome = Outcome::failed;
  std::int64_t started = 0;
  std::int64_t finished = 0;
  int exit = 0;
};

class RunsReport {
 public:
  enum class By : std::uint8_t { mapping, day, code };

  struct Counts {
    std::uint64_t runs = 0;
    std::uint64_t published = 0;
    std::uint64_t failed = 0;
    std::uint64_t nothing_new = 0;
    std::uint64_t publishing = 0;
    // records and rows of those that published
    std::uint64_t read = 0;
    std::uint64_t written = 0;
    std::uint64_t rejected = 0;
    std::uint64_t skipped = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t rows = 0;
    std::int64_t last_success = 0;  // when it finished; 0: never
    std::int64_t slowest = 0;       // milliseconds, of those that published
    std::string slowest_run;

    void add(const RunTold& run, const Summary& summary);
    [[nodiscard]] std::uint64_t succeeded() const noexcept { return published + nothing_new; }
  };
  /// Of one code and mapping.
  struct Code {
    std::uint64_t records = 0;
    std::uint64_t runs = 0;
    std::int64_t first = 0;  // run with it, when it finished
    std::int64_t last = 0;
  };
  struct Failed {
    RunTold run;
    std::string why;  // its first ending
  };

  /// In the order in which they ended.
  void add(const RunTold& run, const SummaryRead& read);

  By by = By::mapping;
  std::int64_t since = 0;
  std::int64_t until = 0;
  Counts all;
  std::map<std::string, Counts> groups;  // by mapping, or by day (YYYY-MM-DD, UTC)
  std::map<std::pair<std::string, std::string>, Code> codes;  // by code and mapping
  std::vector<Failed> failed;  // the last kListedFailures, the last first
};

/// For the screen, at most 100 columns.
std::string runs_report_text(const RunsReport& report, Language language);
std::string runs_report_json(const RunsReport& report);

}  // namespace trama
