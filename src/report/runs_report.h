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
constexpr std::uint64_t kRejectedTargetPerMillion = 1000;  // the same
constexpr std::size_t kListedFailures = 10;

/// What services should come to: of requests made again, of rows acknowledged; in percent.
constexpr std::string_view kRetriedTarget = "5";
constexpr std::string_view kAcknowledgedTarget = "99.5";

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

  /// Runs; records and rows are of those that published.
  struct Counts : Balance {
    std::uint64_t runs = 0;
    std::uint64_t published = 0;
    std::uint64_t failed = 0;
    std::uint64_t nothing_new = 0;
    std::uint64_t publishing = 0;
    std::int64_t last_success = 0;  // when it finished; 0: never
    std::int64_t slowest = 0;       // milliseconds, of those that published
    std::string slowest_run;

    void add(const RunTold& run, const Balance& records);
    void add(const Counts& later);
    [[nodiscard]] std::uint64_t succeeded() const noexcept { return published + nothing_new; }
  };
  /// Of one code and mapping.
  struct Code {
    void add(std::uint64_t more, std::int64_t finished);

    std::uint64_t records = 0;
    std::uint64_t runs = 0;
    std::int64_t first = 0;  // run with it, when it finished
    std::int64_t last = 0;
  };
  struct Failed {
    RunTold run;
    std::string why;  // its first ending
  };

  /// A source that was pulled, or a target that rows were pushed to.
  struct ServiceCounts {
    std::uint64_t runs = 0;
    std::uint64_t failed = 0;
    std::uint64_t requests = 0;
    std::uint64_t retries = 0;
    std::uint64_t openings = 0;     // of its breaker
    std::int64_t last_success = 0;  // when it finished; 0: never
    std::uint64_t sent = 0;         // rows, of a target: those that were acknowledged or refused
    std::uint64_t acknowledged = 0;
  };
  enum class ServiceKind : std::uint8_t { source, target };
  using Services = std::map<std::pair<ServiceKind, std::string>, ServiceCounts>;

  /// In the order in which they ended.
  void add(const RunTold& run, const SummaryRead& read);

  By by = By::mapping;
  std::int64_t since = 0;
  std::int64_t until = 0;
  Counts all;
  std::map<std::string, Counts> mappings;
  std::map<std::string, Counts> days;  // YYYY-MM-DD, UTC
  using Codes = std::map<std::pair<std::string, std::string>, Code>;
  Codes codes;   // by code and mapping
  Codes alerts;  // the same of alerts (FIELD_NEVER_FOUND, DRIFT, …): `records` counts them
  Services services;
  std::vector<Failed> failed;  // the last kListedFailures, the last first

  /// By what it is told: of By::code nothing.
  [[nodiscard]] const std::map<std::string, Counts>& groups() const noexcept {
    return by == By::day ? days : mappings;
  }
};

/// For the screen, at most 100 columns.
std::string runs_report_text(const RunsReport& report, Language language);
std::string runs_report_json(const RunsReport& report);
/// A page: what the other two say by mapping, by day and by code, with charts. `by` changes nothing.
std::string runs_report_html(const RunsReport& report, Language language);

}  // namespace trama
