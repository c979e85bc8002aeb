// Targets over whole runs in memory: rejects files, and pairs of a mapping and a dump.

#include <algorithm>
#include <cctype>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "engine/load.h"
#include "engine/memory_run.h"
#include "fuzz/one_input.h"
#include "fuzz/promises.h"
#include "fuzz/targets.h"
#include "json/json_oracle.h"
#include "json/json_text.h"
#include "report/diagnostics_text.h"
#include "report/reject_line.h"
#include "report/words.h"
#include "run/dump_tables.h"
#include "run/rejects_source.h"
#include "run/run_facts.h"
#include "text/catalogue.h"

namespace trama::fuzz {
namespace {

constexpr std::string_view kMark = "private";

template <typename Each>
std::size_t each_line(const std::string& text, Each each) {
  std::size_t count = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line); ++count) each(line);
  return count;
}

bool has_mark(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text.find(kMark) != std::string::npos;
}

std::size_t marks(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::size_t count = 0;
  for (std::size_t at = lower.find(kMark); at != std::string::npos; at = lower.find(kMark, at + 1))
    ++count;
  return count;
}

struct Seen {
  bool failed = false;  // it could not run at all: `report` says why
  MemoryRun run;
  std::string report;
  std::string summary;
};

Seen run_over(const LoadedMapping& loaded, const OpenSource& open, bool masked) {
  RunOptions options;
  options.inputs = {"dump"};
  options.rejects_without_personal = masked;
  options.clock = [] { return kNow * 1000; };
  Seen seen;
  auto run =
      run_in_memory(*loaded.plan, names_of(*loaded.plan, loaded.run, options, "run"), open, kNow);
  if (!run.ok()) {
    seen.failed = true;
    for (const Language language : {Language::en, Language::es})
      seen.report += say(language, shown_failure(run.failure(), *loaded.plan)) + '\n';
    return seen;
  }
  seen.run = std::move(run.value());
  RunFacts facts = facts_of(loaded.run, options);
  facts.names = summary_names(*loaded.plan, loaded.run);
  for (const Language language : {Language::en, Language::es}) {
    seen.report += report_text(seen.run.summary, facts, language);
    if (seen.run.trouble)
      seen.report += say(language, shown_failure(*seen.run.trouble, *loaded.plan)) + '\n';
  }
  seen.summary = summary_json(seen.run.summary, facts);
  return seen;
}

OpenSource dump_of(const LoadedMapping& loaded, std::string_view dump, std::size_t split_bytes) {
  return [&loaded, dump, split_bytes]() -> Result<std::unique_ptr<Source>> {
    SourceOptions options = DumpTables::options(*loaded.plan, loaded.run.source);
    options.split_bytes = split_bytes;
    return source_of_text(std::string(dump), "dump", options);
  };
}

/// How many rows a CSV has, all with as many fields; it ends the program where it is none.
std::size_t csv_rows(std::string text, char separator) {
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // of for_excel
  std::size_t rows = 0;
  std::size_t width = 0;
  std::size_t fields = 1;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') continue;
      if (i + 1 < text.size() && text[i + 1] == '"')
        ++i;
      else
        quoted = false;
    } else if (c == '"') {
      require(i == 0 || text[i - 1] == separator || text[i - 1] == '\n', "a quote in a field",
              text.substr(i));
      quoted = true;
    } else if (c == separator) {
      ++fields;
    } else if (c == '\n') {
      require(width == 0 || width == fields, "a row of another width", text.substr(0, i));
      width = std::exchange(fields, 1);
      ++rows;
    }
  }
  require(!quoted && (text.empty() || text.back() == '\n'), "a CSV that does not end", text);
  return rows;
}

void rows_are_whole(const LoadedMapping& loaded, const Seen& seen) {
  const std::string& rows = seen.run.rows;
  require(first_invalid_utf8(rows) == kValidUtf8, "rows that are no UTF-8", rows);
  const OutputFormat& output = loaded.plan->output;
  const Text& format = loaded.mapping.output.format;
  std::size_t count = 0;
  if (!format.stated() || format.text == "csv") {
    count = csv_rows(rows, output.separator[0]) - (output.header ? 1 : 0);
  } else if (format.text == "ndjson") {
    count = each_line(rows, [](const std::string& line) {
      const test::JsonFacts facts = test::PlainJson::judge(line);
      require(facts.valid && facts.object && !facts.repeated, "a row that is no JSON", line);
    });
  } else {
    require(test::PlainJson::judge(rows).valid, "rows that are no JSON", rows);
    return;
  }
  require(count == seen.run.summary.rows, "not as many rows as are counted", rows);
}

/// What is written of a run, and what it counts.
void whole(const LoadedMapping& loaded, const Seen& seen) {
  const Summary& counts = seen.run.summary;
  require(counts.balances(), "the balance does not add up", seen.report);
  RejectReader reader;
  const std::size_t lines = each_line(seen.run.rejects, [&](const std::string& line) {
    require(test::PlainJson::judge(line).valid, "a line of rejects that is no JSON", line);
    const std::string padded = line + std::string(kPadding, ' ');
    KeptRecord kept;
    const Phrase wrong = reader.read(std::string_view(padded).substr(0, line.size()), kept);
    require(wrong.empty() && !kept.rewritten, "a line of rejects that replay does not take",
            line + '\n' + say(Language::en, wrong));
  });
  require(lines == counts.rejected, "not as many rejects as are counted", seen.run.rejects);
  require(first_invalid_utf8(seen.report) == kValidUtf8, "a report that is no UTF-8", seen.report);
  require(test::PlainJson::judge(seen.summary).valid, "a summary that is no JSON", seen.summary);
  Result<SummaryRead> read = read_summary(seen.summary, "summary");
  require(read.ok(), "a summary that is not read back", seen.summary);
  require(summary_json(read.value().summary, read.value().facts) == seen.summary,
          "a summary that is another when it is read back", seen.summary);
  rows_are_whole(loaded, seen);
}

void any_cut(const LoadedMapping& loaded, std::string_view dump, const Seen& seen) {
  for (const std::size_t bytes : {std::size_t{1}, dump.size() / 3 + 1}) {
    const Seen cut = run_over(loaded, dump_of(loaded, dump, bytes), false);
    require(cut.failed == seen.failed, "the cut changes how it ends", cut.report + seen.report);
    require(cut.run.rows == seen.run.rows, "the cut changes the rows",
            cut.run.rows + "\n---\n" + seen.run.rows);
    require(cut.run.rejects == seen.run.rejects, "the cut changes the rejects",
            cut.run.rejects + "\n---\n" + seen.run.rejects);
    require(cut.summary == seen.summary, "the cut changes the summary",
            cut.summary + "\n---\n" + seen.summary);
  }
}

/// Run again through the same mapping, rejects are the same rejects.
void replayed(const LoadedMapping& loaded, const MemoryFiles& files, const Seen& seen) {
  MemoryFiles again = files;
  LoadedMapping mapping = load_mapping("m.yaml", "", again);
  if (!for_replay(*mapping.plan).ok()) return;
  std::uint64_t duplicates = 0;
  const OpenSource open = [&]() -> Result<std::unique_ptr<Source>> {
    RejectsOptions options;
    options.files = std::make_shared<OneInput>("rejects", seen.run.rejects);
    options.terms = loaded.run.terms;
    options.mapping = mapping.plan->name;
    RejectsFacts facts;
    auto source = open_rejects(std::move(options), facts);
    duplicates = facts.duplicates;
    return source;
  };
  RunOptions options;
  options.inputs = {"dump"};
  auto run = run_in_memory(*mapping.plan, names_of(*mapping.plan, mapping.run, options, "run"),
                           open, kNow);
  require(run.ok(), "replay refuses its own rejects",
          run.ok() ? "" : say(Language::en, run.failure()) + '\n' + seen.run.rejects);
  std::string wanted;
  each_line(seen.run.rejects, [&](const std::string& line) {
    if (line.find(", \"stage\": \"duplicate\", ") == std::string::npos) wanted += line + '\n';
  });
  require(run.value().stopped || run.value().rejects == wanted, "replay gives other rejects",
          run.value().rejects + "---\n" + wanted);
}

/// Whether the mapping says of a column that what it makes of personal values is not personal.
bool allows(const std::vector<Column>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const Column& column) {
    return (column.personal.stated() && !column.personal.on) || allows(column.columns);
  });
}

/// Where all marks of the dump stand at personal places, none is in what is told.
void nothing_personal(const LoadedMapping& loaded, std::string_view dump,
                      std::string_view elsewhere) {
  const Plan& plan = *loaded.plan;
  if (plan.personal.empty() || allows(loaded.mapping.columns)) return;
  const std::size_t all = marks(dump);
  if (all == 0 || marks(elsewhere) > 0) return;
  std::size_t met = 0;
  bool elsewhere_too = false;
  auto source = dump_of(loaded, dump, kSplitBytes)();
  if (!source.ok()) return;
  Split split;
  test::JsonFacts facts;
  while (source.value()->next(split)) {
    for (const Frame& frame : split.frames) {
      const std::string_view bytes(frame.data, frame.size);
      met += marks(bytes);
      if (!frame.key.empty() && has_mark(std::string(frame.key))) return;
      facts = test::PlainJson::judge(bytes);
      std::string masked;
      if (!facts.valid || !append_masked(masked, bytes, plan.personal)) continue;
      std::string plain;
      append_json_unescaped(plain, masked);
      elsewhere_too = elsewhere_too || has_mark(plain);
    }
  }
  if (elsewhere_too || met != all) return;
  for (const bool masked : {false, true}) {
    const Seen seen = run_over(loaded, dump_of(loaded, dump, kSplitBytes), masked);
    std::string told = seen.report + seen.summary;
    each_line(seen.run.rejects, [&](const std::string& line) {
      told += (masked ? line : line.substr(0, line.find(", \"source"))) + '\n';
    });
    require(!has_mark(told), "a personal value is shown", told);
  }
}

}  // namespace

void rejects(std::string_view input) {
  std::string whole_told;
  for (const bool corrected : {false, true}) {
    for (const std::size_t split_bytes : {kSplitBytes, std::size_t{1}}) {
      RejectsOptions options;
      options.files = std::make_shared<OneInput>("rejects", std::string(input));
      options.terms = {.records = "", .duplicates = ""};
      options.mapping = "m";
      options.any_mapping = true;
      options.corrected = corrected;
      options.split_bytes = split_bytes;
      RejectsFacts facts;
      auto source = open_rejects(std::move(options), facts);
      std::string seen;
      if (!source.ok()) {
        seen = say(Language::en, source.failure()) + say(Language::es, source.failure());
        require(!seen.empty(), "rejects are refused, and nothing is told");
      } else {
        seen = told(*source.value());
      }
      if (split_bytes != kSplitBytes)
        require(seen == whole_told, "the cut changes the records", seen + "\n---\n" + whole_told);
      whole_told = std::move(seen);
    }
  }
}

void pair(std::string_view input) {
  std::string_view rest = input;
  const std::string_view mapping = part(rest);
  const std::string_view dump = part(rest);
  const std::string_view table = part(rest);
  MemoryFiles files{{"m.yaml", mapping}, {"t.csv", table}, {"s.json", rest}};
  const LoadedMapping loaded = load_mapping("m.yaml", "", files);
  for (const Language language : {Language::en, Language::es}) {
    const std::string shown = render_text(loaded.diagnostics, loaded.files, language);
    require(first_invalid_utf8(shown) == kValidUtf8, "diagnostics that are no UTF-8", shown);
  }
  require(loaded.plan != nullptr || !loaded.diagnostics.empty(), "no plan, and nothing is told");
  if (loaded.plan == nullptr) return;
  const Seen seen = run_over(loaded, dump_of(loaded, dump, kSplitBytes), false);
  any_cut(loaded, dump, seen);
  nothing_personal(loaded, dump, std::string(mapping) + std::string(table) + std::string(rest));
  if (seen.failed) return;
  whole(loaded, seen);
  if (!seen.run.trouble && !seen.run.stopped) replayed(loaded, files, seen);
}

}  // namespace trama::fuzz
