// Runs of whole mappings over small dumps in a folder of their own, for the tests of run/.

#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "engine/load.h"
#include "report/diagnostics_text.h"
#include "text/catalogue.h"

namespace trama::test {

/// Removed with all that is in it.
class RunFolder {
 public:
  RunFolder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("trama-run-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~RunFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream(at(name), std::ios::binary) << content;
    return at(name);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(at(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return std::filesystem::exists(at(name));
  }

 private:
  std::filesystem::path path_;
};

struct RunHow {
  unsigned threads = 1;
  std::size_t split_bytes = kSplitBytes;
  std::size_t max_record_bytes = kMaxRecordBytes;
  std::size_t piece_bytes = 0;
  std::size_t rows_bytes = 0;
  bool replay = false;  // inputs are rejects; the mapping is for_replay()
  std::size_t duplicates_bytes = kDuplicatesBytes;
  bool corrected = false;
  bool any_mapping = false;
  bool rejects_ok = false;
};

struct RunSeen {
  Exit exit = Exit::ok;
  std::string rows;
  std::string rejects;
  std::string summary;  // the JSON of it
  Summary counts;
  bool published = false;
  std::vector<std::string> endings;
  std::vector<std::string> notes;
  std::vector<Alert> alerts;
};

/// Loads the mapping at `path` for several runs.
inline LoadedMapping loaded(const std::string& path) {
  LoadedMapping mapping = load_mapping(path, "/");
  INFO(path, "\n", render_text(mapping.diagnostics, mapping.files));
  REQUIRE(mapping.plan != nullptr);
  return mapping;
}

/// A summary file read and written again.
inline std::string rewritten(const std::string& summary) {
  Result<SummaryRead> read = read_summary(summary, "out.summary");
  return read.ok() ? summary_json(read.value().summary, read.value().facts)
                   : say(Language::en, read.failure());
}

inline RunSeen run_over(const RunFolder& folder, const LoadedMapping& mapping,
                        const std::vector<std::string>& inputs, const RunHow& how = {}) {
  for (const char* name : {"out", "out.rejects", "out.summary"})
    for (const char* ending : {"", ".incomplete"})
      std::filesystem::remove(folder.at(name) + ending);
  RunOptions options;
  options.inputs = inputs;
  options.replay = how.replay;
  options.corrected = how.corrected;
  options.any_mapping = how.any_mapping;
  options.rejects_ok = how.rejects_ok;
  options.clock = [] { return std::int64_t{1741068000123}; };
  options.output = folder.at("out");
  options.rejects = folder.at("out.rejects");
  options.summary = folder.at("out.summary");
  options.threads = how.threads;
  options.split_bytes = how.split_bytes;
  options.max_record_bytes = how.max_record_bytes;
  options.piece_bytes = how.piece_bytes;
  options.rows_bytes = how.rows_bytes;
  options.duplicates_bytes = how.duplicates_bytes;
  options.now = 1741068000;
  RunEnd end = run(*mapping.plan, mapping.run, options);
  RunSeen seen;
  seen.exit = end.exit;
  seen.published = folder.has("out");
  // what is not published is kept beside it, and so is what goes with it
  const std::string ending = seen.published ? "" : ".incomplete";
  seen.rows = folder.read("out" + ending);
  seen.rejects = folder.read("out.rejects" + ending);
  seen.summary = folder.read("out.summary" + ending);
  seen.counts = std::move(end.summary);
  if (!seen.summary.empty()) CHECK(rewritten(seen.summary) == seen.summary);
  for (const Phrase& phrase : end.facts.endings) seen.endings.push_back(say(Language::en, phrase));
  for (const Phrase& phrase : end.facts.notes) seen.notes.push_back(say(Language::en, phrase));
  seen.alerts = std::move(end.facts.alerts);
  return seen;
}

/// What must not differ between two cuts of one input.
inline void check_same(const RunSeen& a, const RunSeen& b) {
  CHECK(a.exit == b.exit);
  CHECK(a.published == b.published);
  CHECK(a.rows == b.rows);
  CHECK(a.rejects == b.rejects);
  CHECK(a.summary == b.summary);
}

/// Rejects of two runs, or of a run and its replay, as they must be the same.
inline std::string without_runs(const std::string& rejects) {
  static const std::regex kRun(R"re(^\{"run": "[^"]*", )re");
  static const std::regex kDigest(R"re(, "digest": "sha256:[0-9a-f]*"\}$)re");  // the run is in it
  std::string out;
  std::istringstream lines(rejects);
  for (std::string line; std::getline(lines, line);)
    out += std::regex_replace(std::regex_replace(line, kRun, "{"), kDigest, "}") + '\n';
  return out;
}

/// A rejects line without the record's place, which differs between lines and a list.
inline std::string without_places(const std::string& rejects) {
  static const std::regex kPlaces(
      R"re("(run|file)": "[^"]*", |"(record|line|byte)": \d+, |"replay": \{[^}]*\}, |, "data_at": "[^"]*")re");
  std::string out;
  std::istringstream lines(rejects);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t source = line.find(", \"source");
    const std::size_t digest = line.find(", \"digest\": ");
    out += std::regex_replace(line.substr(0, source), kPlaces, "") +
           (source == std::string::npos ? "" : line.substr(source, digest - source)) + '\n';
  }
  return out;
}

}  // namespace trama::test
