#include "report/metrics.h"

#include <map>
#include <string_view>

#include "base/terminal_text.h"
#include "report/words.h"

namespace trama {
namespace {

class MetricsText {
 public:
  explicit MetricsText(std::string_view mapping) : mapping_(escaped(mapping)) {}

  void family(std::string_view name, std::string_view help) {
    name_ = name;
    out_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    out_.append(name).append(" gauge\n");
  }
  /// `label`: one beside the mapping; may be empty.
  void sample(const std::string& value, std::string_view label = {}, std::string_view is = {}) {
    out_.append(name_).append("{mapping=\"").append(mapping_).append("\"");
    if (!label.empty())
      out_.append(",").append(label).append("=\"").append(escaped(is)).append("\"");
    out_.append("} ").append(value).append("\n");
  }
  void only(std::string_view name, std::string_view help, const std::string& value) {
    family(name, help);
    sample(value);
  }
  std::string take() { return std::move(out_); }

 private:
  /// The value of a label, which holds UTF-8.
  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : visible(text)) {
      if (c == '\\' || c == '"') out += '\\';
      out += c;
    }
    return out;
  }

  std::string mapping_;
  std::string_view name_;
  std::string out_;
};

/// Milliseconds as seconds, exactly.
std::string seconds(std::int64_t millis) {
  std::string text = std::to_string(millis / 1000) + '.';
  const std::string part = std::to_string(millis % 1000);
  return text + std::string(3 - part.size(), '0') + part;
}

/// By code.
using Counts = std::map<std::string, std::uint64_t>;

void add_codes(MetricsText& out, std::string_view name, std::string_view help,
               const Counts& counts) {
  if (counts.empty()) return;
  out.family(name, help);
  for (const auto& [code, count] : counts) out.sample(std::to_string(count), "code", code);
}

}  // namespace

std::string metrics_text(const Summary& s, const RunFacts& facts, LastRuns last) {
  const bool success = facts.exit == 0 || facts.exit == 1;
  if (success) last.success = facts.finished;
  if (facts.output_state == "published") last.import = facts.finished;
  MetricsText out(facts.mapping.empty() ? facts.mapping_file : facts.mapping);
  out.only("trama_run_exit_code", "Exit code of the last run.", std::to_string(facts.exit));
  out.only("trama_run_success", "Whether the last run ended with 0 or 1.", success ? "1" : "0");
  out.only("trama_run_start_timestamp_seconds", "When the last run began, since 1970.",
           seconds(facts.started));
  out.only("trama_run_end_timestamp_seconds", "When the last run ended, since 1970.",
           seconds(facts.finished));
  if (last.success != 0)
    out.only("trama_run_last_success_timestamp_seconds",
             "When a run last ended with 0 or 1, since 1970.", seconds(last.success));
  if (last.import != 0)
    out.only("trama_run_last_import_timestamp_seconds",
             "When a run last published rows, since 1970.", seconds(last.import));
  out.only("trama_run_read_records", "Records that the last run read.", std::to_string(s.read));
  out.family("trama_run_records", "What became of them; together they are those that were read.");
  out.sample(std::to_string(s.written), "outcome", "written");
  out.sample(std::to_string(s.rejected), "outcome", "rejected");
  out.sample(std::to_string(s.skipped), "outcome", "skipped");
  out.sample(std::to_string(s.duplicates), "outcome", "duplicate");
  if (s.operations) {
    out.family("trama_run_operations", "What was new beside the runs before, by operation.");
    for (std::size_t i = 0; i < kOperations; ++i)
      out.sample(std::to_string((*s.operations)[i]), "operation",
                 word_of(static_cast<Operation>(i)));
  }
  out.only("trama_run_rows", "Rows that the last run made.", std::to_string(s.rows));
  out.only("trama_run_read_bytes", "Size of the records that it read, unpacked.",
           std::to_string(s.bytes));
  Counts errors;
  for (const ListedError& error : listed_errors(s, facts.names))
    errors[error.code] += error.tally.count;
  add_codes(out, "trama_run_errors", "Errors of rejected records, by code.", errors);
  Counts warnings;
  for (const ListedError& warning : listed_warnings(s, facts.names))
    warnings[warning.code] += warning.tally.count;
  add_codes(out, "trama_run_warnings", "Warnings, by code.", warnings);
  Counts alerts;
  for (const Alert& alert : facts.alerts) ++alerts[std::string(name(alert.code))];
  add_codes(out, "trama_run_alerts", "What somebody should look at, by code.", alerts);
  return out.take();
}

}  // namespace trama
