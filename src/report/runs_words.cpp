#include "report/runs_words.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/phrase_codes.h"
#include "report/shown_text.h"

namespace trama {

std::string duration_words(std::int64_t millis) {
  std::array<char, 64> text{};
  const std::int64_t tenths = (std::max<std::int64_t>(millis, 0) + 50) / 100;
  const long long seconds = tenths / 10;
  if (seconds < 60)
    std::snprintf(text.data(), text.size(), "%lld.%lld s", seconds,
                  static_cast<long long>(tenths % 10));
  else if (seconds < 3600)
    std::snprintf(text.data(), text.size(), "%lld min %02lld s", seconds / 60, seconds % 60);
  else
    std::snprintf(text.data(), text.size(), "%lld h %02lld min", seconds / 3600, seconds / 60 % 60);
  return text.data();
}

std::string rejected_share(const Balance& records) {
  if (records.read == 0) return "-";
  return shown_percent(records.rejected, records.read, kRejectedTarget) + " %";
}

std::string success_share(const RunsReport::Counts& counts) {
  return rough_percent(counts.succeeded(), counts.runs - counts.publishing);
}

std::string outcome_words(const RunsReport::Counts& counts, const ReportWords& words) {
  std::vector<std::string> parts;
  const auto part = [&](PhraseCode code, std::uint64_t n) {
    if (n > 0) parts.push_back(words.counted(code, n));
  };
  part(PhraseCode::runs_published, counts.published);
  part(PhraseCode::runs_failed, counts.failed);
  part(PhraseCode::runs_nothing_new, counts.nothing_new);
  part(PhraseCode::runs_publishing, counts.publishing);
  return words(PhraseCode::runs_outcomes, {Phrase(PhraseCode::runs_runs, {grouped(counts.runs)}),
                                           joined(parts), success_share(counts)});
}

std::string records_words(const Balance& records, const ReportWords& words) {
  return words(PhraseCode::runs_records,
               {Phrase(PhraseCode::records, {grouped(records.read)}), grouped(records.written),
                grouped(records.rejected), grouped(records.skipped), grouped(records.duplicates)});
}

std::vector<const RunsReport::Codes::value_type*> frequent_first(const RunsReport::Codes& codes) {
  using Entry = RunsReport::Codes::value_type;
  std::vector<const Entry*> sorted;
  for (const Entry& entry : codes) sorted.push_back(&entry);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) {
    return a->second.records > b->second.records;
  });
  return sorted;
}

std::string retried_share(const RunsReport::ServiceCounts& counts) {
  if (counts.requests == 0) return "-";
  return shown_percent(counts.retries, counts.requests, kRetriedTarget) + " %";
}

std::string acknowledged_share(const RunsReport::ServiceCounts& counts) {
  if (counts.sent == 0) return "-";
  return shown_percent(counts.acknowledged, counts.sent, kAcknowledgedTarget) + " %";
}

std::string kind_words(RunsReport::ServiceKind kind, const ReportWords& words) {
  return words(kind == RunsReport::ServiceKind::source ? PhraseCode::runs_source
                                                       : PhraseCode::runs_target);
}

std::string day_of(std::int64_t millis) {
  constexpr std::size_t kDayCharacters = 10;
  return utc(millis).substr(0, kDayCharacters);
}

}  // namespace trama
