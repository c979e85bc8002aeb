#include "engine/load.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "base/folder.h"
#include "base/phrase_codes.h"
#include "base/retried.h"
#include "base/system_words.h"
#include "engine/records_path.h"
#include "mapping/paths.h"
#include "sink/format.h"

namespace trama {
namespace {

/// Files of the disk, up to a size that no mapping or table needs.
class DiskReader final : public FileReader {
 public:
  /// `mapping`: the file that the command line names, which may be a pipe. What a mapping names is a
  /// regular file: another would be waited for, or never end.
  explicit DiskReader(std::string mapping = {}) : mapping_(std::move(mapping)) {}

  bool read(const std::string& path, std::string& content, Phrase& why_not) override {
    const bool standard = path == "-" && mapping_ == "-";
    const int fd = retried([&] {
      return standard ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                      : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    });
    if (fd < 0) {
      why_not = errno == ENOENT ? Phrase(PhraseCode::there_is_no_such_file) : system_words(errno);
      return false;
    }
    why_not = read_open(fd, path == mapping_, content);
    ::close(fd);
    return why_not.empty();
  }

 private:
  static Phrase read_open(int fd, bool may_be_pipe, std::string& content) {
    struct stat status{};
    if (::fstat(fd, &status) != 0) return system_words(errno);
    if (S_ISDIR(status.st_mode)) return PhraseCode::it_is_a_directory;
    if (!S_ISREG(status.st_mode)) {
      if (!may_be_pipe) return PhraseCode::it_is_no_regular_file;
      const int flags = ::fcntl(fd, F_GETFL);
      if (flags < 0 || ::fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) != 0) return system_words(errno);
    }
    content.clear();
    std::string block(std::size_t{64} * 1024, '\0');
    for (;;) {
      const ssize_t got = retried([&] { return ::read(fd, block.data(), block.size()); });
      if (got < 0) return system_words(errno);
      if (got == 0) return {};
      content.append(block, 0, static_cast<std::size_t>(got));
      if (content.size() > kMostBytes) return PhraseCode::it_has_more_than_256_mib;
    }
  }

  static constexpr std::size_t kMostBytes = std::size_t{256} * 1024 * 1024;
  std::string mapping_;
};

constexpr std::string_view kTestEnding = ".test.yaml";

SourceOptions source_options(const Mapping& mapping) {
  SourceOptions options;
  const Mapping::Input& input = mapping.input;
  options.format = input.format.view() == "ndjson" ? InputFormat::ndjson
                   : input.format.view() == "json" ? InputFormat::json
                                                   : InputFormat::automatic;
  options.records_stated = input.records.stated();
  set_records(input.records, options);
  for (const Path::Step& step : input.error_body.steps)
    options.error_body.push_back(step.kind == Path::StepKind::key ? step.key
                                                                  : std::to_string(step.index));
  for (const Path::Step& step : input.expect_count_from.steps)
    options.count_at.push_back(step.kind == Path::StepKind::key ? step.key
                                                                : std::to_string(step.index));
  options.count_path = input.expect_count_from.text;
  return options;
}

/// What several columns have from one place (a word of `defaults`, a table) is told once.
void tell_once(Diagnostics& diagnostics) {
  std::map<std::tuple<DiagnosticCode, std::uint32_t, std::uint32_t, std::uint32_t>,
           std::vector<std::vector<Phrase>>>
      told;
  std::erase_if(diagnostics, [&told](const Diagnostic& d) {
    auto& values = told[{d.code, d.span.file, d.span.line, d.span.column}];
    if (std::find(values.begin(), values.end(), d.values) != values.end()) return true;
    constexpr std::size_t kCompared = 100;  // beside one another, at one place
    if (values.size() < kCompared) values.push_back(d.values);
    return false;
  });
}

/// Of very many the errors before the warnings, by their place, and how many more there are.
void keep_first(Diagnostics& diagnostics) {
  if (diagnostics.size() <= kToldDiagnostics) return;
  const auto place = [](const Diagnostic& d) {
    return std::tuple(severity(d.code), d.span.file, d.span.line, d.span.column);
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  const std::size_t more = diagnostics.size() - kToldDiagnostics;
  const Span last = diagnostics[kToldDiagnostics - 1].span;
  diagnostics.erase(diagnostics.begin() + static_cast<std::ptrdiff_t>(kToldDiagnostics),
                    diagnostics.end());
  diagnostics.push_back({DiagnosticCode::more_problems, last, {std::to_string(more)}});
}

}  // namespace

std::vector<std::string> test_files_of(const std::string& mapping) {
  namespace fs = std::filesystem;
  const fs::path path(mapping);
  const std::string stem = path.stem().string() + ".";
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::vector<std::string> files;
  std::vector<std::string> names;
  if (!names_in(folder.string(), names)) return files;
  for (const std::string& name : names) {
    if (!name.starts_with(stem) || !name.ends_with(kTestEnding) ||
        name.size() + 1 < stem.size() + kTestEnding.size())
      continue;
    files.push_back(path.has_parent_path() ? (folder / name).string() : name);
  }
  return files;
}

std::string mapping_of(const std::string& path,
                       const std::function<bool(const std::string&)>& is_file) {
  std::string name = std::filesystem::path(path).filename().string();
  const std::string folder = path.substr(0, path.size() - name.size());
  if (!name.ends_with(kTestEnding) || name.size() == kTestEnding.size()) return path;
  name.resize(name.size() - kTestEnding.size());
  for (;;) {  // STEM.test.yaml and STEM.more.test.yaml are of STEM.yaml
    std::string mapping = folder + name + ".yaml";
    if (is_file(mapping)) return mapping;
    const std::size_t dot = name.find_last_of('.');
    if (dot == std::string::npos) return path;
    name.resize(dot);
  }
}

std::vector<std::string> without_test_files(const std::vector<std::string>& paths) {
  const auto is_file = [](const std::string& path) {
    std::error_code failed;
    return std::filesystem::is_regular_file(path, failed);
  };
  std::vector<std::string> mappings;
  for (const std::string& path : paths) {
    const std::string mapping = mapping_of(path, is_file);
    if (std::find(mappings.begin(), mappings.end(), mapping) == mappings.end())
      mappings.push_back(mapping);
  }
  return mappings;
}

std::unique_ptr<FileReader> disk_reader(const std::string& named) {
  return std::make_unique<DiskReader>(named);
}

LoadedMapping load_mapping(const std::string& path, const std::string& root, std::size_t memory,
                           TableLines* lines) {
  DiskReader reader(path);
  return load_mapping(path, root, reader, {}, memory, lines);
}

LoadedMapping load_mapping_for(const std::string& output, const std::string& path,
                               const std::string& root, std::size_t memory) {
  DiskReader reader(path);
  return load_mapping(path, root, reader, {}, memory, nullptr, format_of_output(output));
}

LoadedMapping load_mapping_with_tests(const std::string& path, const std::string& root,
                                      std::size_t memory) {
  DiskReader reader(path);
  return load_mapping(path, root, reader, test_files_of(path), memory);
}

std::vector<std::string> files_of(const LoadedMapping& loaded, const std::string& path,
                                  const std::string& root) {
  std::vector<std::string> names;
  for (const Files::File& file : loaded.files.files) names.push_back(file.name);
  std::vector<Test> tests = loaded.mapping.tests;
  Files files;
  Diagnostics diagnostics;  // `trama test` tells them
  DiskReader reader;
  for (const std::string& beside : test_files_of(path)) {
    names.push_back(beside);
    read_test_file(beside, reader, files, tests, diagnostics);
  }
  for (const Test& test : tests) {
    for (const Text* named : {&test.given, &test.expect_rows}) {
      std::string resolved;
      Phrase problem;
      if (named->stated() && resolve(path, named->text, root, resolved, problem))
        names.push_back(resolved);
    }
  }
  return names;
}

LoadedMapping load_mapping(const std::string& path, const std::string& root, FileReader& reader,
                           const std::vector<std::string>& test_files, std::size_t memory,
                           TableLines* lines, const FormatSpec* format) {
  const std::size_t before = heap_in_use();
  LoadedMapping loaded;
  loaded.mapping = read_mapping(path, reader, loaded.files, loaded.diagnostics, root);
  const std::size_t files_of_run = loaded.files.files.size();
  for (const std::string& file : test_files)
    read_test_file(file, reader, loaded.files, loaded.mapping.tests, loaded.diagnostics);
  loaded.plan = compile({loaded.mapping, path, root, reader, loaded.files, memory, lines, format},
                        loaded.diagnostics);
  tell_once(loaded.diagnostics);
  keep_first(loaded.diagnostics);
  loaded.run.path = path;
  loaded.run.source = source_options(loaded.mapping);
  Sha256 digest;
  const std::size_t test_files_end = files_of_run + test_files.size();
  for (std::size_t i = 0; i < loaded.files.files.size(); ++i) {
    if (i >= files_of_run && i < test_files_end) continue;  // tests change no row
    const Files::File& file = loaded.files.files[i];
    digest.add(std::to_string(file.text.size()) + '\n');
    digest.add(file.text);
    if (i > 0) loaded.run.reads.push_back(file.name);
  }
  append_hex(loaded.run.sha256, digest.take());
  if (!loaded.plan) return loaded;
  loaded.run.terms = replay_terms(*loaded.plan, loaded.run.source);
  for (const Span& place : loaded.plan->places) {
    const std::string& file = loaded.files.files[place.file].name;
    loaded.run.places.push_back(file.substr(file.find_last_of('/') + 1) + ":" +
                                std::to_string(place.line) + ":" + std::to_string(place.column));
  }
  const std::size_t after = heap_in_use();
  loaded.run.bytes = (after > before ? after - before : 0) + loaded.plan->pattern_bytes;
  return loaded;
}

}  // namespace trama
