// `trama test`

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/exit.h"
#include "base/utf8.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/load.h"
#include "engine/mapping_test.h"
#include "json/json_text.h"
#include "report/diagnostics_text.h"
#include "report/shown_text.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr const char* kFooter =
    "Tests stand under `tests:` in the mapping and in NAME.test.yaml beside NAME.yaml.\n"
    "Exit codes: 0 all pass, 3 one fails or the mapping is wrong.\n"
    "\n"
    "Example: trama test mappings/reservas-basico.yaml";

enum class TestFormat : std::uint8_t { text, junit, json };

struct TestOptions {
  std::vector<std::string> mappings;
  TestFormat format = TestFormat::text;
  TestsOptions tests;
};

struct Ran {
  std::string mapping;
  std::string name;
  std::string at;  // file:line:column
  TestOutcome outcome;
};

constexpr std::size_t kShownNotExercised = 20;

std::string place_of(const Span& span, const Files& files) {
  return files.files[span.file].name + ":" + std::to_string(span.line) + ":" +
         std::to_string(span.column);
}

/// Notes of a mapping, by its path.
using Notes = std::map<std::string, std::vector<Alert>>;

void print_notes(const std::vector<Alert>& notes, std::ostream& out) {
  for (const Alert& note : notes)
    out << "  note    " << name(note.code) << "   " << visible(note.where) << "   "
        << visible(say(Language::en, note.message())) << '\n';
}

void print_text(const std::vector<Ran>& all, Notes& notes, std::ostream& out) {
  std::size_t failed = 0;
  const std::string* mapping = nullptr;
  for (const Ran& ran : all) {
    if (mapping != nullptr && *mapping != ran.mapping) print_notes(notes[*mapping], out);
    if (mapping == nullptr || *mapping != ran.mapping) out << ran.mapping << '\n';
    mapping = &ran.mapping;
    failed += ran.outcome.passed() ? 0U : 1U;
    out << (!ran.outcome.passed()  ? "  FAILED  "
            : ran.outcome.accepted ? "  accepted "
                                   : "  ok      ")
        << ran.name;
    if (ran.outcome.accepted && ran.outcome.passed())
      out << "  (" << ran.outcome.accepted->name << " written)";
    if (!ran.outcome.passed()) out << "  (" << ran.at << ')';
    out << '\n';
    for (const std::string& problem : ran.outcome.problems)
      out << "            " << visible(problem) << '\n';
  }
  if (mapping != nullptr) print_notes(notes[*mapping], out);
  out << all.size() << (all.size() == 1 ? " test" : " tests")
      << (failed == 0 ? "" : ", " + std::to_string(failed) + " failed") << '\n';
}

void print_coverage(const std::string& mapping, const std::vector<Coverage::Part>& coverage,
                    std::ostream& out) {
  out << "\ncoverage of " << mapping << '\n';
  for (const Coverage::Part& part : coverage) {
    const std::size_t missing = part.not_exercised.size();
    out << "  " << part.all - missing << " of " << part.all << ' ' << part.kind << '\n';
    for (std::size_t i = 0; i < std::min(missing, kShownNotExercised); ++i)
      out << "    never  " << part.not_exercised[i] << '\n';
    if (missing > kShownNotExercised)
      out << "    never  " << missing - kShownNotExercised << " more\n";
  }
}

/// Writes the rows that were accepted; where that fails the test did. `files`: what was written
/// before, by path.
void write_accepted(TestOutcome& outcome, std::map<std::string, std::string>& files) {
  if (!outcome.accepted) return;
  const auto [known, is_new] = files.try_emplace(outcome.accepted->path, outcome.accepted->text);
  if (!is_new && known->second != outcome.accepted->text)
    return outcome.problems.push_back("not accepted: another test expects other rows of " +
                                      outcome.accepted->name);
  const auto write = [&]() -> Result<void> {
    TRAMA_TRY(auto file, OutputFile::open(outcome.accepted->path));
    TRAMA_TRY_VOID(file->write(outcome.accepted->text));
    return file->publish();
  };
  if (Result<void> written = write(); !written.ok())
    outcome.problems.push_back(say(Language::en, written.failure()));
}

std::string json_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// A mapping that is wrong, or cannot be read, has no tests that can run: it is a failed test
/// itself.
Ran broken(const std::string& path, const LoadedMapping& loaded) {
  Ran ran{path, "the mapping itself", path, {}};
  for (const Diagnostic& d : loaded.diagnostics) {
    if (severity(d.code) != Severity::error) continue;
    if (ran.outcome.problems.empty() && d.span.line != 0) ran.at = place_of(d.span, loaded.files);
    ran.outcome.problems.push_back(std::string(name(d.code)) + ": " + say(Language::en, d));
  }
  return ran;
}

void print_json(const std::vector<Ran>& all, std::ostream& out) {
  out << '[';
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Ran& ran = all[i];
    out << (i == 0 ? "\n" : ",\n") << "{\"mapping\": " << json_text(ran.mapping)
        << ", \"name\": " << json_text(ran.name) << ", \"at\": " << json_text(ran.at)
        << ", \"passed\": " << (ran.outcome.passed() ? "true" : "false") << ", \"problems\": [";
    for (std::size_t p = 0; p < ran.outcome.problems.size(); ++p)
      out << (p == 0 ? "" : ", ") << json_text(ran.outcome.problems[p]);
    out << "]}";
  }
  out << (all.empty() ? "]\n" : "\n]\n");
}

/// XML has no way to write most control characters; they are left out. Others that are not shown
/// are written as references.
std::string xml_text(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t bad = first_invalid_utf8(text);
    const std::string_view good = text.substr(0, bad);
    for (std::size_t at = 0; at < good.size();) {
      const std::size_t from = at;
      const char32_t c = next_code_point(good, at);
      if (c >= 0x7F && is_unseen(c)) {
        std::array<char, 16> reference{};
        std::snprintf(reference.data(), reference.size(), "\x01#x%x;", static_cast<unsigned>(c));
        shown += c < 0xFFFE ? reference.data() : "\xEF\xBF\xBD";
      } else if (c != 1) {
        shown += good.substr(from, at - from);
      }
    }
    if (bad == kValidUtf8) break;
    shown += "\xEF\xBF\xBD";
    text.remove_prefix(bad + 1);
  }
  std::string out;
  for (const char c : shown) {
    switch (c) {
      case '\x01':  // the & of a reference
        out += '&';
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= ' ' || c == '\t') out += c;
    }
  }
  return out;
}

void print_junit(const std::vector<Ran>& all, std::ostream& out) {
  std::size_t failed = 0;
  for (const Ran& ran : all) failed += ran.outcome.passed() ? 0U : 1U;
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"trama\" tests=\""
      << all.size() << "\" failures=\"" << failed << "\">\n";
  for (const Ran& ran : all) {
    out << "  <testcase classname=\"" << xml_text(ran.mapping) << "\" name=\"" << xml_text(ran.name)
        << '"';
    if (ran.outcome.passed()) {
      out << "/>\n";
      continue;
    }
    out << ">\n    <failure message=\"" << xml_text(ran.outcome.problems.front()) << "\">"
        << xml_text(ran.at);
    for (const std::string& problem : ran.outcome.problems) out << "&#10;" << xml_text(problem);
    out << "</failure>\n  </testcase>\n";
  }
  out << "</testsuite>\n";
}

int test_mappings(const TestOptions& options) {
  std::vector<Ran> all;
  std::ostringstream covered;
  std::map<std::string, std::string> accepted;
  Notes notes;
  const std::unique_ptr<FileReader> reader = disk_reader();
  for (const std::string& path : without_test_files(options.mappings)) {
    LoadedMapping loaded = load_mapping_with_tests(path, options.tests.root);
    if (!loaded.diagnostics.empty()) show(std::cerr, render_text(loaded.diagnostics, loaded.files));
    if (!loaded.plan) {
      all.push_back(broken(path, loaded));
      continue;
    }
    const auto done = [&](const Test& test, TestOutcome outcome) {
      all.push_back({path, test.name.text, place_of(test.span, loaded.files), std::move(outcome)});
      write_accepted(all.back().outcome, accepted);
    };
    TestsEnd end = run_tests(loaded, options.tests, *reader, done);
    notes[path] = std::move(end.notes);
    if (options.tests.coverage) print_coverage(path, end.coverage, covered);
  }
  std::ostringstream told;
  switch (options.format) {
    case TestFormat::text:
      print_text(all, notes, told);
      show(std::cout, told.str() + covered.str());
      break;
    case TestFormat::json:
      print_json(all, told);
      std::cout << json_shown(told.str());
      break;
    case TestFormat::junit:
      print_junit(all, told);
      std::cout << told.str();
      break;
  }
  const bool passed =
      std::all_of(all.begin(), all.end(), [](const Ran& ran) { return ran.outcome.passed(); });
  return passed ? 0 : static_cast<int>(Exit::mapping);
}

class TestCommand final : public Subcommand {
 public:
  explicit TestCommand(CLI::App& app) {
    app.add_option("MAPPING", options_.mappings, "mapping files (YAML)")->required()->type_name("");
    app.add_option("--format", format_, "text, junit or json")
        ->check(one_of({"text", "junit", "json"}))
        ->type_name("");
    app.add_flag("--accept", options_.tests.accept,
                 "where nothing but rows differs, write what came into the file of expect_rows");
    app.add_flag("--coverage", options_.tests.coverage,
                 "tell which columns, lookup entries, choices and rules no test exercises");
    app.add_option("--at", at_, "the instant that `today` means in tests without an `at`")
        ->type_name("TIME");
    app.add_option("--root", options_.tests.root,
                   "how far tables and tests may be away from the mapping")
        ->type_name("DIR");
  }

  std::string check() override {
    options_.format = format_ == "junit"  ? TestFormat::junit
                      : format_ == "json" ? TestFormat::json
                                          : TestFormat::text;
    if (options_.tests.coverage && options_.format != TestFormat::text)
      return "--coverage goes with --format text";
    return read_at(at_, options_.tests.now);
  }

  int run(const std::string& /*command_line*/) override { return test_mappings(options_); }

 private:
  TestOptions options_;
  std::string format_ = "text";
  std::string at_;
};

}  // namespace

constinit const SubcommandSpec kTestCommand{
    .name = "test",
    .summary = "run the tests of mappings",
    .footer = kFooter,
    .make = [](CLI::App& app) -> std::unique_ptr<Subcommand> {
      return std::make_unique<TestCommand>(app);
    },
};

}  // namespace trama
