// `trama test`

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/report_outputs.h"
#include "cli/subcommand.h"
#include "engine/accepting.h"
#include "engine/load.h"
#include "engine/mapping_files.h"
#include "engine/mapping_test.h"
#include "json/json_text.h"
#include "report/diagnostics_text.h"
#include "report/findings_report.h"
#include "report/shown_text.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

struct TestOptions {
  std::vector<std::string> mappings;
  ReportOutputs outputs;
  TestsOptions tests;
  bool require_tests = false;
  bool shows_coverage = false;
  std::optional<unsigned> coverage_at_least;  // percent, of each mapping
  std::size_t memory = kMemoryBytes;
  Languages languages;
};

struct Ran {
  std::string mapping;
  std::string name;
  Finding place;  // file, line and column
  TestOutcome outcome;
  bool is_test = true;  // else something that is asked of the tests of a mapping, together
  /// Of a mapping: which parts its tests exercise.
  std::optional<std::vector<Coverage::Part>> coverage{};

  [[nodiscard]] std::string at() const {
    if (place.line == 0) return place.file;
    return place.file + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
  }
};

constexpr std::size_t kShownNotExercised = 20;

Finding place_of(const Span& span, const Files& files) {
  Finding place;
  place.file = files.files[span.file].name;
  place.line = span.line;
  place.column = span.column;
  return place;
}

Finding whole_file(const std::string& path) {
  Finding place;
  place.file = path;
  place.line = 0;
  return place;
}

/// Notes of a mapping, by its path.
using Notes = std::map<std::string, std::vector<Alert>>;

/// `text` with blanks after it to `width`, one at least.
std::string padded(std::string text, std::size_t width) {
  const std::size_t size = characters_in(text);
  text.append(size < width ? width - size : 1, ' ');
  return text;
}

void print_notes(const std::vector<Alert>& notes, Language language, std::ostream& out) {
  for (const Alert& note : notes)
    out << "  " << padded(say(language, PhraseCode::report_note), 8) << name(note.code) << "   "
        << visible(note.where) << "   " << visible(say(language, note.message())) << '\n';
}

void print_text(const std::vector<Ran>& all, Notes& notes, Language language, std::ostream& out) {
  const auto words = [language](PhraseCode code, std::vector<Phrase> values = {}) {
    return say(language, Phrase(code, std::move(values)));
  };
  std::size_t failed = 0;
  const std::string* mapping = nullptr;
  std::size_t tests = 0;
  for (const Ran& ran : all) {
    if (!ran.is_test && ran.outcome.passed()) continue;
    tests += ran.is_test ? 1U : 0U;
    if (mapping != nullptr && *mapping != ran.mapping) print_notes(notes[*mapping], language, out);
    if (mapping == nullptr || *mapping != ran.mapping) out << visible(ran.mapping) << '\n';
    mapping = &ran.mapping;
    failed += ran.outcome.passed() ? 0U : 1U;
    const PhraseCode ended = !ran.outcome.passed()  ? PhraseCode::cli_test_failed
                             : ran.outcome.accepted ? PhraseCode::cli_test_accepted
                                                    : PhraseCode::cli_test_ok;
    out << "  " << padded(words(ended), 8) << visible(ran.name);
    if (ran.outcome.accepted && ran.outcome.passed())
      out << "  " << words(PhraseCode::cli_test_written, {ran.outcome.accepted->name});
    if (!ran.outcome.passed()) out << "  (" << visible(ran.at()) << ')';
    out << '\n';
    for (const std::string& problem : ran.outcome.problems)
      out << "            " << visible(problem) << '\n';
  }
  if (mapping != nullptr) print_notes(notes[*mapping], language, out);
  out << words(PhraseCode::cli_tests, {std::to_string(tests)});
  if (failed > 0) out << ", " << words(PhraseCode::cli_tests_failed, {std::to_string(failed)});
  out << '\n';
}

void print_coverage(const std::string& mapping, const std::vector<Coverage::Part>& coverage,
                    Language language, std::ostream& out) {
  const auto words = [language](PhraseCode code, std::vector<Phrase> values = {}) {
    return say(language, Phrase(code, std::move(values)));
  };
  const std::string never = "    " + words(PhraseCode::cli_never) + "  ";
  out << '\n' << words(PhraseCode::cli_coverage_of, {mapping}) << '\n';
  for (const Coverage::Part& part : coverage) {
    const std::size_t missing = part.not_exercised.size();
    out << "  " << words(part.kind, {std::to_string(part.all - missing), std::to_string(part.all)})
        << '\n';
    for (std::size_t i = 0; i < std::min(missing, kShownNotExercised); ++i)
      out << never << say(language, part.not_exercised[i]) << '\n';
    if (missing > kShownNotExercised)
      out << never
          << words(PhraseCode::cli_never_more, {std::to_string(missing - kShownNotExercised)})
          << '\n';
  }
}

/// Writes the rows that were accepted; where that fails the test did. `files`: what was written
/// before, by path.
void write_accepted(TestOutcome& outcome, Language language,
                    std::map<std::string, std::string>& files) {
  if (!outcome.accepted) return;
  const auto [known, is_new] = files.try_emplace(outcome.accepted->path, outcome.accepted->text);
  if (!is_new && known->second != outcome.accepted->text)
    return outcome.problems.push_back(
        say(language, Phrase(PhraseCode::test_accept_other, {outcome.accepted->name})));
  const auto write = [&]() -> Result<void> {
    TRAMA_TRY(auto file, OutputFile::open(outcome.accepted->path));
    TRAMA_TRY_VOID(file->write(outcome.accepted->text));
    return file->publish();
  };
  if (Result<void> written = write(); !written.ok())
    outcome.problems.push_back(say(language, written.failure()));
}

std::string json_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// A mapping that is wrong, or cannot be read, has no tests that can run:
/// it is a failed test itself.
Ran broken(const std::string& path, const LoadedMapping& loaded, Language language) {
  Ran ran{path, say(language, PhraseCode::cli_mapping_itself), whole_file(path), {}};
  for (const Diagnostic& d : loaded.diagnostics) {
    if (severity(d.code) != Severity::error) continue;
    if (ran.outcome.problems.empty() && d.span.line != 0)
      ran.place = place_of(d.span, loaded.files);
    ran.outcome.problems.push_back(std::string(name(d.code)) + ": " + say(language, d));
  }
  return ran;
}

/// How many parts the tests exercise, of how many.
std::pair<std::size_t, std::size_t> exercised(const std::vector<Coverage::Part>& parts) {
  std::pair<std::size_t, std::size_t> sum;
  for (const Coverage::Part& part : parts) {
    sum.first += part.all - part.not_exercised.size();
    sum.second += part.all;
  }
  return sum;
}

std::string coverage_json(const std::vector<Coverage::Part>& parts) {
  const auto [some, all] = exercised(parts);
  std::string out = "{\"exercised\": " + std::to_string(some) + ", \"of\": " + std::to_string(all) +
                    ", \"never\": [";
  bool first = true;
  for (const Coverage::Part& part : parts)
    for (const Phrase& never : part.not_exercised) {
      out += (first ? "" : ", ") + json_text(say(Language::en, never));
      first = false;
    }
  return out + "]}";
}

/// What --coverage, --coverage-at-least and --require-tests ask of a mapping.
void add_demands(const TestOptions& options, const std::string& path, bool has_tests,
                 std::vector<Coverage::Part> coverage, std::vector<Ran>& all) {
  const Language language = options.tests.language;
  if (options.require_tests && !has_tests) {
    Ran ran{path, say(language, PhraseCode::cli_demand_tests), whole_file(path), {}, false};
    ran.outcome.problems.push_back(say(language, PhraseCode::cli_no_tests));
    all.push_back(std::move(ran));
  }
  if (!options.tests.coverage) return;
  Ran ran{path, say(language, PhraseCode::cli_demand_coverage), whole_file(path), {}, false};
  const auto [some, of] = exercised(coverage);
  if (options.coverage_at_least && some * 100 < of * std::size_t{*options.coverage_at_least})
    ran.outcome.problems.push_back(say(
        language, Phrase(PhraseCode::cli_coverage_too_low,
                         {rough_percent(some, of), std::to_string(*options.coverage_at_least)})));
  ran.coverage = std::move(coverage);
  all.push_back(std::move(ran));
}

std::vector<TestCase> cases_of(const std::vector<Ran>& all, Language language) {
  std::vector<TestCase> cases;
  for (const Ran& ran : all) {
    TestCase& one = cases.emplace_back();
    one = {ran.mapping, ran.name, ran.at(), ran.outcome.problems, {}};
    if (!ran.coverage) continue;
    const auto [some, of] = exercised(*ran.coverage);
    one.notes.push_back(say(language, Phrase(PhraseCode::cli_coverage_share,
                                             {std::to_string(some), std::to_string(of)})));
    for (const Coverage::Part& part : *ran.coverage)
      for (const Phrase& never : part.not_exercised)
        one.notes.push_back(say(language, PhraseCode::cli_never) + ' ' + say(language, never));
  }
  return cases;
}

/// Tests that failed, where they stand.
std::vector<Finding> findings_of(const std::vector<Ran>& all) {
  std::vector<Finding> findings;
  for (const Ran& ran : all) {
    if (ran.outcome.passed()) continue;
    Finding& finding = findings.emplace_back(ran.place);
    finding.code = "TEST_FAILED";
    finding.line = std::max(finding.line, 1U);
    finding.text = ran.name;
    finding.message = ran.name;
    for (const std::string& problem : ran.outcome.problems) finding.message += '\n' + problem;
  }
  return findings;
}

void print_json(const std::vector<Ran>& all, std::ostream& out) {
  out << '[';
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Ran& ran = all[i];
    out << (i == 0 ? "\n" : ",\n") << "{\"mapping\": " << json_text(ran.mapping)
        << ", \"name\": " << json_text(ran.name) << ", \"at\": " << json_text(ran.at())
        << ", \"passed\": " << (ran.outcome.passed() ? "true" : "false") << ", \"problems\": [";
    for (std::size_t p = 0; p < ran.outcome.problems.size(); ++p)
      out << (p == 0 ? "" : ", ") << json_text(ran.outcome.problems[p]);
    out << ']';
    if (ran.coverage) out << ", \"coverage\": " << coverage_json(*ran.coverage);
    out << '}';
  }
  out << (all.empty() ? "]\n" : "\n]\n");
}

std::string report_of(std::string_view format, const std::vector<Ran>& all, Notes& notes,
                      const std::ostringstream& covered, Language language) {
  std::ostringstream told;
  if (format == "text") {
    print_text(all, notes, language, told);
    return told.str() + covered.str();
  }
  if (format == "json") {
    print_json(all, told);
    return json_shown(told.str());
  }
  if (format == "junit") return junit_report("trama", cases_of(all, language));
  const std::vector<Finding> findings = findings_of(all);
  if (format == "github") return github_report(findings);
  return json_shown(format == "gitlab" ? gitlab_report(findings)
                                       : sarif_report(findings, language));
}

int test_mappings(const TestOptions& options) {
  const Language language = options.tests.language;
  Result<std::vector<std::string>> mappings = mapping_files(options.mappings);
  if (!mappings.ok()) return exit_of(mappings.failure(), options.languages.screen);
  std::vector<Ran> all;
  std::ostringstream covered;
  std::vector<std::string> read;
  std::map<std::string, std::string> accepted;
  Notes notes;
  const std::unique_ptr<FileReader> reader = disk_reader();
  if (options.tests.accept) {
    for (const std::string& path : mappings.value()) {
      Result<void> may =
          refuse_accepting(load_mapping_with_tests(path, options.tests.root, options.memory), path,
                           options.tests.root, mappings.value());
      if (!may.ok()) return exit_of(may.failure(), options.languages.screen);
    }
  }
  for (const std::string& path : mappings.value()) {
    LoadedMapping loaded = load_mapping_with_tests(path, options.tests.root, options.memory);
    const std::vector<std::string> files = files_of(loaded, path, options.tests.root);
    read.push_back(path);
    read.insert(read.end(), files.begin(), files.end());
    if (!loaded.diagnostics.empty())
      show(Screen::err, render_text(loaded.diagnostics, loaded.files, options.languages.screen));
    if (!loaded.plan) {
      all.push_back(broken(path, loaded, language));
      continue;
    }
    const auto done = [&](const Test& test, TestOutcome outcome) {
      all.push_back({path, test.name.text, place_of(test.span, loaded.files), std::move(outcome)});
      write_accepted(all.back().outcome, language, accepted);
    };
    TestsEnd end = run_tests(loaded, options.tests, *reader, done);
    notes[path] = std::move(end.notes);
    if (options.shows_coverage) print_coverage(path, end.coverage, language, covered);
    add_demands(options, path, !loaded.mapping.tests.empty(), std::move(end.coverage), all);
  }
  if (Result<void> may = refuse_clash(options.outputs, read); !may.ok())
    return exit_of(may.failure(), options.languages.screen);
  for (const ReportOutput& output : options.outputs.all()) {
    Result<void> written =
        write_report(output, report_of(output.format, all, notes, covered, language));
    if (!written.ok()) return exit_of(written.failure(), options.languages.screen);
  }
  const bool passed =
      std::all_of(all.begin(), all.end(), [](const Ran& ran) { return ran.outcome.passed(); });
  return passed ? 0 : static_cast<int>(Exit::mapping);
}

class TestCommand final : public Subcommand {
 public:
  TestCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    options_.languages = languages;
    add_mappings(app, options_.mappings, help);
    options_.outputs.declare(app, {"text", "json", "junit", "github", "gitlab", "sarif"},
                             PhraseCode::cli_report_formats, help);
    app.add_flag("--accept", options_.tests.accept, help(PhraseCode::cli_accept));
    app.add_flag("--coverage", options_.shows_coverage, help(PhraseCode::cli_coverage));
    app.add_option("--coverage-at-least", at_least_, help(PhraseCode::cli_coverage_at_least))
        ->type_name("90%");
    app.add_flag("--require-tests", options_.require_tests, help(PhraseCode::cli_require_tests));
    app.add_option("--at", at_, help(PhraseCode::cli_test_at))->type_name("TIME");
    app.add_option("--root", options_.tests.root, help(PhraseCode::cli_test_root))
        ->type_name("DIR");
    add_memory(app, memory_, help);
  }

  Phrase check() override {
    if (Phrase problem = read_memory(memory_, options_.memory); !problem.empty()) return problem;
    if (Phrase problem = options_.outputs.check(); !problem.empty()) return problem;
    options_.tests.language = options_.outputs.all().front().language(options_.languages);
    if (!at_least_.empty()) {
      const std::string_view digits = std::string_view(at_least_).substr(0, at_least_.find('%'));
      unsigned percent = 0;
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), percent);
      const bool whole = error == std::errc() && end == digits.data() + digits.size() &&
                         digits.size() + 1 >= at_least_.size() && percent <= 100;
      if (!whole) return {PhraseCode::cli_bad_percent, {at_least_}};
      options_.coverage_at_least = percent;
    }
    options_.tests.coverage = options_.shows_coverage || options_.coverage_at_least.has_value();
    return read_at(at_, options_.tests.now);
  }

  int run(const std::string& /*command_line*/) override { return test_mappings(options_); }

 private:
  TestOptions options_;
  std::string at_least_;
  std::string at_;
  std::string memory_;
};

}  // namespace

constinit const SubcommandSpec kTestCommand{
    .name = "test",
    .summary = PhraseCode::cli_test_summary,
    .footer = PhraseCode::cli_test_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<TestCommand>(app, languages);
    },
};

}  // namespace trama
