// Whole mappings on small dumps, in memory: a mapping's text and records in, rows, rejects,
// warnings and counts out as text.

#pragma once

#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "engine/load.h"
#include "engine/memory_run.h"
#include "report/diagnostics_text.h"
#include "report/words.h"
#include "run/dump_tables.h"
#include "run/never_found.h"
#include "run/run_facts.h"
#include "text/catalogue.h"

namespace trama::test {

class TextFiles final : public FileReader {
 public:
  std::map<std::string, std::string> files;

  bool read(const std::string& path, std::string& content, Phrase& why_not) override {
    const auto found = files.find(path);
    if (found == files.end()) {
      why_not = "there is no such file";
      return false;
    }
    content = found->second;
    return true;
  }
};

struct Mapped {
  std::string diagnostics;  // of the mapping; with an error nothing else is here
  std::string rows;         // as the output has them
  std::string
      rejected;  // a line an error: "2: CODE column: message", of the first five rejected records
  std::string warned;       // a line a kind: "CODE column: message × 1"
  std::string rejects;      // the rejects file
  std::string counts;       // "3 = 1 written (2 rows) + 1 rejected + 0 skipped + 1 duplicate"
  std::string trouble;      // "CODE: message" of what ended the reading
  std::string never_found;  // a line a field: "Name: message"
  std::string blanks;       // a line a column with blanks: "Name: 1 missing, 0 null, 0 empty"
  bool stopped = false;
};

inline std::string counts_of(const Summary& s) {
  return std::to_string(s.read) + " = " + std::to_string(s.written) + " written (" +
         std::to_string(s.rows) + " rows) + " + std::to_string(s.rejected) + " rejected + " +
         std::to_string(s.skipped) + " skipped + " + std::to_string(s.duplicates) + " duplicate";
}

inline std::string told(const Failure& failure) {
  return std::string(name(failure.code)) + ": " + say(Language::en, failure);
}

inline std::string blanks_of(const Plan& plan, const Summary& summary) {
  std::string out;
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    const ColumnCounts& c = summary.columns[i];
    if (c.missing + c.null + c.empty + c.defaults + c.wrong_not_rejected == 0) continue;
    out += plan.columns[i].name + ": " + std::to_string(c.missing) + " missing, " +
           std::to_string(c.null) + " null, " + std::to_string(c.empty) + " empty";
    if (c.defaults > 0) out += ", " + std::to_string(c.defaults) + " default";
    if (c.wrong_not_rejected > 0) out += ", " + std::to_string(c.wrong_not_rejected) + " wrong";
    out += '\n';
  }
  return out;
}

inline void tell(const Summary& summary, const SummaryNames& names, Mapped& out) {
  for (const ShownReject& reject : summary.shown) {
    for (const ShownReject::Error& error : reject.errors) {
      const ErrorWords words = words_of(error, names, Language::en, "dump");
      out.rejected += std::to_string(reject.at.record) + ": " + words.code + ' ' + words.where +
                      ": " + words.what;
      if (!words.more.empty()) out.rejected += "; " + words.more;
      out.rejected += '\n';
    }
  }
  for (const Summary::Warning& kind : summary.warning_kinds) {
    const WarningWords words = words_of(kind, names, Language::en);
    out.warned += words.code + ' ' + words.where + ": " + words.message + " × " +
                  std::to_string(kind.tally.count) + '\n';
  }
  out.counts = counts_of(summary);
}

/// As with `output: blank_rows: keep`: most tests of values look at one column, which may well be
/// blank. That such rows are refused is tested in run/absence_test.cpp.
inline void keep_blank_rows(Plan& plan) {
  plan.source_columns.clear();
}

/// `files`: those of the mapping's folder, "m.yaml" the mapping itself. The clock stands at
/// 2025-03-04T06:00:00Z. Rows with nothing in them are kept.
inline Mapped map_files(TextFiles files, const std::string& dump, bool without_personal = false) {
  constexpr std::int64_t kNow = 1741068000;
  Mapped out;
  const LoadedMapping loaded = load_mapping("m.yaml", "", files);
  out.diagnostics = render_text(loaded.diagnostics, loaded.files);
  if (!loaded.plan) return out;
  keep_blank_rows(*loaded.plan);
  RunOptions options;
  options.inputs = {"dump"};
  options.rejects_without_personal = without_personal;
  const OpenSource open = [&]() -> Result<std::unique_ptr<Source>> {
    return source_of_text(dump, "dump", DumpTables::options(*loaded.plan, loaded.run.source));
  };
  auto run =
      run_in_memory(*loaded.plan, names_of(*loaded.plan, loaded.run, options, "run"), open, kNow);
  if (!run.ok()) out.trouble = told(run.failure());
  if (!run.ok()) return out;
  if (run.value().trouble) out.trouble = told(*run.value().trouble);
  out.rows = run.value().rows;
  out.rejects = run.value().rejects;
  out.stopped = run.value().stopped;
  tell(run.value().summary, summary_names(*loaded.plan, loaded.run), out);
  out.blanks = blanks_of(*loaded.plan, run.value().summary);
  for (const Alert& alert : alerts_of_fields(*loaded.plan, run.value().summary.fields))
    out.never_found += alert.where + ": " + say(Language::en, alert.message()) + '\n';
  return out;
}

/// A mapping without its first two lines, and without a header line in its CSV unless it
/// states an `output`.
inline std::string whole_mapping(std::string_view body) {
  std::string text = "mapping: m\nversion: 1\n" + std::string(body);
  if (text.find("\noutput:") == std::string::npos) text += "\noutput: {format: csv, header: no}\n";
  return text;
}

inline Mapped map(std::string_view body, const std::string& dump,
                  std::map<std::string, std::string> tables = {}) {
  TextFiles files;
  files.files = std::move(tables);
  files.files["m.yaml"] = whole_mapping(body);
  return map_files(std::move(files), dump);
}

/// The lines of diagnostics that say what is wrong: "error[CODE]: message".
inline std::string messages(const std::string& diagnostics) {
  std::string out;
  std::istringstream lines(diagnostics);
  for (std::string line; std::getline(lines, line);) {
    for (const char* word : {"error[", "warning["}) {
      const std::size_t at = line.find(word);
      if (at != std::string::npos) out += line.substr(at) + '\n';
    }
  }
  return out;
}

}  // namespace trama::test
