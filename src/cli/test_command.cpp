// `trama test`

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "base/utf8.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/accepting.h"
#include "engine/load.h"
#include "engine/mapping_test.h"
#include "json/json_text.h"
#include "report/diagnostics_text.h"
#include "report/shown_text.h"
#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

enum class TestFormat : std::uint8_t { text, junit, json };

struct TestOptions {
  std::vector<std::string> mappings;
  TestFormat format = TestFormat::text;
  TestsOptions tests;
  std::size_t memory = kMemoryBytes;
  Languages languages;
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
  for (const Ran& ran : all) {
    if (mapping != nullptr && *mapping != ran.mapping) print_notes(notes[*mapping], language, out);
    if (mapping == nullptr || *mapping != ran.mapping) out << ran.mapping << '\n';
    mapping = &ran.mapping;
    failed += ran.outcome.passed() ? 0U : 1U;
    const PhraseCode ended = !ran.outcome.passed()  ? PhraseCode::cli_test_failed
                             : ran.outcome.accepted ? PhraseCode::cli_test_accepted
                                                    : PhraseCode::cli_test_ok;
    out << "  " << padded(words(ended), 8) << ran.name;
    if (ran.outcome.accepted && ran.outcome.passed())
      out << "  " << words(PhraseCode::cli_test_written, {ran.outcome.accepted->name});
    if (!ran.outcome.passed()) out << "  (" << ran.at << ')';
    out << '\n';
    for (const std::string& problem : ran.outcome.problems)
      out << "            " << visible(problem) << '\n';
  }
  if (mapping != nullptr) print_notes(notes[*mapping], language, out);
  out << words(PhraseCode::cli_tests, {std::to_string(all.size())});
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

/// A mapping that is wrong, or cannot be read, has no tests that can run: it is a failed test
/// itself.
Ran broken(const std::string& path, const LoadedMapping& loaded, Language language) {
  Ran ran{path, say(language, PhraseCode::cli_mapping_itself), path, {}};
  for (const Diagnostic& d : loaded.diagnostics) {
    if (severity(d.code) != Severity::error) continue;
    if (ran.outcome.problems.empty() && d.span.line != 0) ran.at = place_of(d.span, loaded.files);
    ran.outcome.problems.push_back(std::string(name(d.code)) + ": " + say(language, d));
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
        shown += c != 0xFFFE && c != 0xFFFF ? reference.data() : "\xEF\xBF\xBD";
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
      case '\t':
        out += "&#9;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= ' ') out += c;
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
  const Language language = options.tests.language;
  std::vector<Ran> all;
  std::ostringstream covered;
  std::map<std::string, std::string> accepted;
  Notes notes;
  const std::unique_ptr<FileReader> reader = disk_reader();
  if (options.tests.accept) {
    for (const std::string& path : without_test_files(options.mappings)) {
      Result<void> may =
          refuse_accepting(load_mapping_with_tests(path, options.tests.root, options.memory), path,
                           options.tests.root, options.mappings);
      if (may.ok()) continue;
      show(Screen::err, "trama: " + std::string(name(may.failure().code)) + ": " +
                            say(options.languages.screen, may.failure()) + "\n");
      return static_cast<int>(may.failure().exit());
    }
  }
  for (const std::string& path : without_test_files(options.mappings)) {
    LoadedMapping loaded = load_mapping_with_tests(path, options.tests.root, options.memory);
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
    if (options.tests.coverage) print_coverage(path, end.coverage, language, covered);
  }
  std::ostringstream told;
  switch (options.format) {
    case TestFormat::text:
      print_text(all, notes, language, told);
      show(Screen::out, told.str() + covered.str());
      break;
    case TestFormat::json:
      print_json(all, told);
      show(Screen::out, json_shown(told.str()));
      break;
    case TestFormat::junit:
      print_junit(all, told);
      show(Screen::out, told.str());
      break;
  }
  const bool passed =
      std::all_of(all.begin(), all.end(), [](const Ran& ran) { return ran.outcome.passed(); });
  return passed ? 0 : static_cast<int>(Exit::mapping);
}

class TestCommand final : public Subcommand {
 public:
  TestCommand(CLI::App& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    options_.languages = languages;
    add_mappings(app, options_.mappings, help);
    app.add_option("--format", format_, help(PhraseCode::cli_format_text_junit_json))
        ->check(one_of({"text", "junit", "json"}, help))
        ->type_name("");
    app.add_flag("--accept", options_.tests.accept, help(PhraseCode::cli_accept));
    app.add_flag("--coverage", options_.tests.coverage, help(PhraseCode::cli_coverage));
    app.add_option("--at", at_, help(PhraseCode::cli_test_at))->type_name("TIME");
    app.add_option("--root", options_.tests.root, help(PhraseCode::cli_test_root))
        ->type_name("DIR");
    add_memory(app, memory_, help);
  }

  Phrase check() override {
    if (Phrase problem = read_memory(memory_, options_.memory); !problem.empty()) return problem;
    options_.format = format_ == "junit"  ? TestFormat::junit
                      : format_ == "json" ? TestFormat::json
                                          : TestFormat::text;
    options_.tests.language =
        options_.format == TestFormat::text ? options_.languages.screen : options_.languages.files;
    if (options_.tests.coverage && options_.format != TestFormat::text)
      return PhraseCode::cli_coverage_text;
    return read_at(at_, options_.tests.now);
  }

  int run(const std::string& /*command_line*/) override { return test_mappings(options_); }

 private:
  TestOptions options_;
  std::string format_ = "text";
  std::string at_;
  std::string memory_;
};

}  // namespace

constinit const SubcommandSpec kTestCommand{
    .name = "test",
    .summary = PhraseCode::cli_test_summary,
    .footer = PhraseCode::cli_test_footer,
    .make = [](CLI::App& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<TestCommand>(app, languages);
    },
};

}  // namespace trama
