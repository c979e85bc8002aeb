#include "readiness/readiness.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/phrase_codes.h"
#include "engine/load.h"
#include "mapping/yaml_tree.h"
#include "pull/source_file.h"
#include "push/target_file.h"
#include "receive/receiver_file.h"

namespace trama {
namespace {

constexpr ReadinessPoint kPoints[] = {
#define TRAMA_POINT(kind, name, words, title, help) \
  {FileKind::kind, #name, words, PhraseCode::title, help},
#include "readiness/points.inc"
#undef TRAMA_POINT
};

/// The line of "limits.bytes_at_most" in a tree; 0: it is not there.
std::uint32_t line_of(const YamlNode& tree, std::string_view path) {
  const YamlNode* at = &tree;
  std::uint32_t line = 0;
  while (!path.empty()) {
    const std::string_view word = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(word.size() + 1, path.size()));
    if (at->is_list()) {
      std::size_t index = 0;
      std::from_chars(word.data(), word.data() + word.size(), index);
      if (index >= at->items.size()) return 0;
      at = &at->items[index];
      line = at->span.line;
      continue;
    }
    const auto found = std::find_if(at->entries.begin(), at->entries.end(),
                                    [word](const YamlEntry& one) { return one.key.text == word; });
    if (found == at->entries.end()) return 0;
    at = &found->value;
    line = found->key.span.line;
  }
  return line;
}

/// A file with those that it goes on with (`extends`).
struct ReadFile {
  std::string path;
  std::vector<std::pair<std::string, YamlNode>> trees{};  // the first is its own

  /// Where the first of `words` ("auth", "pages graphql.cursor") stands.
  [[nodiscard]] PointAt find(std::string_view words) const {
    for (const auto& [name, tree] : trees)
      for (std::string_view rest = words; !rest.empty();) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        if (const std::uint32_t line = line_of(tree, word); line != 0) return {name, line};
      }
    return {path, 0};
  }
  /// It follows from what the file says as a whole, or from `words` where they stand.
  [[nodiscard]] PointAt done(bool is_done, std::string_view words) const {
    if (!is_done) return {path, 0};
    const PointAt at = find(words);
    return at.done() ? at : PointAt{path, 1};
  }
};

bool is_mapping_text(const std::string& name) {
  return (name.ends_with(".yaml") || name.ends_with(".yml")) && !name.ends_with(".test.yaml") &&
         !name.ends_with(".test.yml");
}

class Reading {
 public:
  explicit Reading(std::string root) : root_(std::move(root)) {
    for (const ReadinessPoint& point : kPoints) read_.report.points.push_back({&point});
  }

  ReadinessRead all(const std::string& folder, const std::vector<std::string>& files) {
    read_.report.folder = folder;
    for (const std::string& path : files) add(path);
    for (const ReadFile& receiver : receivers_)
      point("receiver_mapping")
          .at.push_back(
              {json_in_text_.empty() ? receiver.path : json_in_text_, json_in_text_line_});
    return std::move(read_);
  }

 private:
  void add(const std::string& path) {
    switch (kind_of_file(path)) {
      case FileKind::source:
        return source(path);
      case FileKind::target:
        return target(path);
      case FileKind::receiver:
        return receiver(path);
      default:
        return mapping(path);
    }
  }

  PointFound& point(std::string_view name) {
    return *std::find_if(read_.report.points.begin(), read_.report.points.end(),
                         [name](const PointFound& one) { return one.point->name == name; });
  }

  /// False, and kept: the file is wrong.
  bool take(ReadFile& file, Files& files, Diagnostics& diagnostics, bool is_right) {
    if (!is_right) {
      read_.wrong.push_back({std::move(files), std::move(diagnostics)});
      return false;
    }
    Diagnostics ignored;
    for (const auto& one : files.files) {
      if (!file.trees.empty() && !is_mapping_text(one.name)) continue;
      YamlNode tree;
      if (!read_yaml(one.text, 0, tree, ignored)) continue;
      // Of a mapping the others are its bases, and tables, which say nothing of it.
      if (file.trees.empty() || tree.find("mapping") != nullptr)
        file.trees.emplace_back(one.name, std::move(tree));
    }
    return true;
  }
  void words_of(FileKind kind, const ReadFile& file) {
    for (PointFound& one : read_.report.points)
      if (one.point->kind == kind && !one.point->words.empty())
        one.at.push_back(file.find(one.point->words));
  }

  void source(const std::string& path) {
    SourceFile read = read_source_file(path, root_);
    ReadFile file{path};
    if (take(file, read.files, read.diagnostics, read.source.has_value()))
      words_of(FileKind::source, file);
  }

  void target(const std::string& path) {
    TargetFile read = read_target_file(path, root_);
    ReadFile file{path};
    if (!take(file, read.files, read.diagnostics, read.target.has_value())) return;
    words_of(FileKind::target, file);
    const auto posts = [](const std::optional<PushOperation>& one) {
      return one && !one->is_idempotent();
    };
    const auto& operations = read.target->operations;
    if (read.target->batch > 1) return;  // no lookup asks for a list
    const bool known =
        !read.target->lookup.empty() || std::none_of(operations.begin(), operations.end(), posts);
    point("target_unknown").at.push_back(file.done(known, "on_unknown operations"));
  }

  void receiver(const std::string& path) {
    ReceiverFile read = read_receiver_file(path);
    ReadFile file{path};
    if (!take(file, read.files, read.diagnostics, read.receiver.has_value())) return;
    words_of(FileKind::receiver, file);
    const Receiver& receiver = *read.receiver;
    point("receiver_window").at.push_back(file.done(receiver.window.has_value(), "window scheme"));
    point("receiver_repeats").at.push_back(file.done(receiver.id.is_stated(), "event_id scheme"));
    receivers_.push_back(std::move(file));
  }

  void mapping(const std::string& path) {
    LoadedMapping loaded = load_mapping_with_tests(path, root_);
    ReadFile file{path};
    if (!take(file, loaded.files, loaded.diagnostics, loaded.plan != nullptr)) return;
    words_of(FileKind::mapping, file);
    PointAt tests = file.find("tests");
    if (const std::vector<std::string> beside = test_files_of(path);
        !tests.done() && !beside.empty())
      tests = {beside.front(), 1};
    point("mapping_tests").at.push_back(std::move(tests));
    if (const PointAt at = file.find("input.json_in_text"); at.done() && json_in_text_.empty()) {
      json_in_text_ = at.file;
      json_in_text_line_ = at.line;
    }
  }

  std::string root_;
  ReadinessRead read_;
  std::vector<ReadFile> receivers_;
  std::string json_in_text_;  // the first mapping that reads what receivers store
  std::uint32_t json_in_text_line_ = 0;
};

}  // namespace

std::span<const ReadinessPoint> readiness_points() noexcept {
  return kPoints;
}

std::string_view word_of(PointState state) noexcept {
  constexpr std::string_view kWords[] = {"done", "missing", "not-applicable"};
  return kWords[static_cast<std::size_t>(state)];
}

PointState PointFound::state() const noexcept {
  if (at.empty()) return PointState::not_applicable;
  const bool all = std::all_of(at.begin(), at.end(), [](const PointAt& one) { return one.done(); });
  return all ? PointState::done : PointState::missing;
}

std::size_t ReadinessReport::count(PointState state) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(points.begin(), points.end(),
                    [state](const PointFound& one) { return one.state() == state; }));
}

Result<ReadinessRead> read_readiness(const std::string& folder, const std::string& root) {
  TRAMA_TRY(const std::vector<std::string> files, mapping_and_service_files({folder}));
  return Reading(root).all(folder, files);
}

}  // namespace trama
