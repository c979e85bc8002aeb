// No personal value is shown: over folders that run_personal generates, each with
// mappings (personal0.yaml, …, with fewer and fewer words: the first that `check` takes is run), the
// tests of them, and records with marks where personal columns read (`marked`).
//
//   trama_personal FOLDER…
//
// A mark may stand in the rows, and in `source` and the key of a rejected record unless these are
// masked. It is searched in the rest of rejects, the summary, the page, the report, what a replay says, and
// what `trama test` finds, in both languages.

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/load.h"
#include "engine/mapping_test.h"
#include "report/diagnostics_text.h"
#include "run/rejects_source.h"
#include "text/catalogue.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1741068000;

/// What personal.py plants, as it stands after the steps of a column too.
constexpr std::string_view kMarks[] = {
    "qxjkvw", "7391739173", "7,391,739,173", "7.391.739.173", "7 391 739 173", "2973-09", "09/2973",
    "9/2973", "29730917",   "sept 2973",     "sep 2973",      "sept. 2973",    "17/09/29"};

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The line of the text that shows a mark, or nothing.
std::string shows_mark(const std::string& text) {
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view mark : kMarks) {
    const std::size_t at = lower.find(mark);
    if (at == std::string::npos) continue;
    const std::size_t begin = text.rfind('\n', at) + 1;
    return text.substr(begin, text.find('\n', at) - begin);
  }
  return {};
}

/// A line of rejects without the record itself, and without the key of an entry.
std::string without_source(std::string line) {
  line.resize(std::min(line.size(), line.find(", \"source")));
  const std::size_t key = line.find(", \"key\": \"");
  if (key == std::string::npos) return line;
  std::size_t end = key + 10;
  while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
  return line.erase(key, end - key);
}

class Personal {
 public:
  explicit Personal(fs::path folder) : folder_(std::move(folder)) {}

  bool hold() {
    LoadedMapping loaded = load();
    if (!loaded.plan) {
      ++refused;
      return true;
    }
    for (const bool masked : {false, true}) {
      ++runs;
      const std::string rejects = run_over(loaded, "marked", masked, false);
      if (!shown_.empty()) return told(masked ? "masked" : "whole");
      if (masked || rejects.empty()) continue;
      std::ofstream(folder_ / "rejects", std::ios::binary) << rejects;
      LoadedMapping again = load();
      if (!for_replay(*again.plan).ok()) continue;
      run_over(again, "rejects", true, true);
      if (!shown_.empty()) return told("replay");
    }
    run_tests_of(loaded);
    return shown_.empty() || told("test");
  }

  std::uint64_t records = 0;
  std::uint64_t rejected = 0;
  std::uint64_t warnings = 0;
  std::uint64_t runs = 0;
  std::uint64_t refused = 0;

 private:
  bool told(const std::string& how) const {
    std::cout << (folder_ / used_).string() << " (" << how << ") shows a personal value: " << shown_
              << '\n';
    return false;
  }

  LoadedMapping load() {
    LoadedMapping loaded;
    for (int i = 0;; ++i) {
      const std::string name = "personal" + std::to_string(i) + ".yaml";
      if (!fs::exists(folder_ / name)) return loaded;
      loaded = load_mapping((folder_ / name).string(), "/");
      used_ = name;
      if (loaded.plan) return loaded;
    }
  }

  void look_at(const std::string& text) {
    if (shown_.empty()) shown_ = shows_mark(text);
  }

  /// Gives the rejects; notes a mark that is shown.
  std::string run_over(const LoadedMapping& mapping, const char* input, bool masked, bool replay) {
    const auto at = [this](const std::string& name) { return (folder_ / name).string(); };
    for (const char* name : {"out", "out.rejects", "out.summary", "out.html"})
      for (const char* ending : {"", ".incomplete"}) fs::remove(at(name) + ending);
    RunOptions options;
    options.inputs = {at(input)};
    options.output = at("out");
    options.rejects = at("out.rejects");
    options.summary = at("out.summary");
    options.report = at("out.html");
    options.threads = 1;
    options.replay = replay;
    options.rejects_without_personal = masked;
    options.now = kNow;
    options.clock = [] { return kNow * 1000; };
    const RunEnd end = run(*mapping.plan, mapping.run, options);
    records += end.summary.read;
    rejected += end.summary.rejected;
    warnings += end.summary.warnings;
    for (const Language language : {Language::en, Language::es}) {
      look_at(report_text(end.summary, end.facts, language));
      look_at(summary_json(end.summary, end.facts, language));
      look_at(run_html(end.summary, end.facts, language));
      for (const Phrase& sentence : end.facts.endings) look_at(say(language, sentence));
      for (const Phrase& sentence : end.facts.notes) look_at(say(language, sentence));
    }
    const std::string ending = fs::exists(at("out")) ? "" : ".incomplete";
    for (const char* const name : {"out.summary", "out.html"}) look_at(text_of(at(name) + ending));
    const std::string rejects = text_of(at("out.rejects") + ending);
    std::istringstream lines(rejects);
    for (std::string line; std::getline(lines, line);)
      look_at(masked ? line : without_source(line));
    return rejects;
  }

  void run_tests_of(LoadedMapping& loaded) {
    const std::string tests = (folder_ / "tests.yaml").string();
    if (!fs::exists(tests)) return;
    const auto reader = disk_reader();
    Diagnostics diagnostics;
    read_test_file(tests, *reader, loaded.files, loaded.mapping.tests, diagnostics);
    if (!diagnostics.empty()) {
      std::cerr << render_text(diagnostics, loaded.files);
      shown_ = "its tests are wrong";
      return;
    }
    for (const Language language : {Language::en, Language::es}) {
      TestsOptions options;
      options.root = "/";
      options.now = kNow;
      options.coverage = true;
      options.language = language;
      const TestsEnd end =
          run_tests(loaded, options, *reader, [&](const Test&, const TestOutcome& outcome) {
            for (const std::string& problem : outcome.problems) look_at(problem);
          });
      for (const Alert& note : end.notes) {
        look_at(note.where);
        look_at(say(language, note.message()));
      }
      for (const Coverage::Part& part : end.coverage)
        for (const Phrase& phrase : part.not_exercised) look_at(say(language, phrase));
    }
  }

  fs::path folder_;
  std::string used_;
  std::string shown_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "trama_personal FOLDER…\n";
    return 64;
  }
  Personal all("");
  int wrong = 0;
  for (int i = 1; i < argc; ++i) {
    Personal one(argv[i]);
    wrong += one.hold() ? 0 : 1;
    all.records += one.records;
    all.rejected += one.rejected;
    all.warnings += one.warnings;
    all.runs += one.runs;
    all.refused += one.refused;
  }
  std::cout << argc - 1 << " mappings (" << all.refused << " refused by check), " << all.runs
            << " runs, " << all.records << " records read, " << all.rejected << " rejected, "
            << all.warnings << " warnings; " << wrong << " mappings wrong\n";
  return wrong > 0 ? 1 : 0;
}
