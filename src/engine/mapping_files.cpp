#include "engine/mapping_files.h"

#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "base/folder.h"
#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "engine/load.h"

namespace trama {
namespace {

namespace fs = std::filesystem;

/// What a YAML file is: a mapping, and not a workflow or the tests of one, has the key `mapping` or
/// `extends` at the beginning of a line, in quotes or not, or is written in braces as a whole; the
/// file of a service has its key and none of these.
FileKind kind_of(const fs::path& path) {
  constexpr std::size_t kMostBytes = std::size_t{4} << 20U;  // no mapping is larger
  std::ifstream file(path);
  std::string content(kMostBytes, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  std::string_view rest =
      std::string_view(content).substr(0, static_cast<std::size_t>(file.gcount()));
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  FileKind kind = FileKind::other;
  while (!rest.empty()) {
    std::string_view text = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(text.size() + 1, rest.size()));
    if (text.starts_with('{')) return FileKind::mapping;
    if (text.starts_with('"') || text.starts_with('\'')) text.remove_prefix(1);
    constexpr std::pair<std::string_view, FileKind> kKeys[] = {{"mapping", FileKind::mapping},
                                                               {"extends", FileKind::mapping},
                                                               {"source", FileKind::source},
                                                               {"target", FileKind::target},
                                                               {"receiver", FileKind::receiver}};
    for (const auto& [key, means] : kKeys) {
      if (!text.starts_with(key)) continue;
      const std::size_t behind = text.find_first_not_of("\"' \t", key.size());
      if (behind == std::string_view::npos || text[behind] != ':') continue;
      if (means == FileKind::mapping) return means;
      if (kind == FileKind::other) kind = means;
    }
  }
  return kind;
}

/// The mappings in a folder and in those below it, without what is hidden, and the files of `services`;
/// links to folders are not followed.
Result<void> add_folder(const std::string& folder, bool services, std::vector<std::string>& out) {
  std::vector<std::string> found;
  for (std::vector<fs::path> folders{folder}; !folders.empty();) {
    const fs::path at = std::move(folders.back());
    folders.pop_back();
    std::vector<std::string> names;
    if (!names_in(at.string(), names))
      return Failure{FailureCode::file_unreadable, {at.string(), system_words(errno)}};
    for (const std::string& name : names) {
      if (name.starts_with('.')) continue;
      const fs::path path = at / name;
      std::error_code unknown;
      if (fs::symlink_status(path, unknown).type() == fs::file_type::directory) {
        folders.push_back(path);
        continue;
      }
      const std::string ending = path.extension().string();
      if ((ending != ".yaml" && ending != ".yml") || !fs::is_regular_file(path, unknown)) continue;
      const FileKind kind = kind_of(path);
      if (kind == FileKind::mapping || (services && kind != FileKind::other))
        found.push_back(path.string());
    }
  }
  std::sort(found.begin(), found.end());
  out.insert(out.end(), found.begin(), found.end());
  return {};
}

Result<void> add_pattern(const std::string& pattern, bool services, std::vector<std::string>& out) {
  glob_t found{};
  std::vector<std::string> paths;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  for (std::string& path : paths) {
    std::error_code unknown;
    if (fs::is_directory(path, unknown)) {
      TRAMA_TRY_VOID(add_folder(path, services, out));
    } else {
      out.push_back(std::move(path));
    }
  }
  return {};
}

/// What `paths` name, as they come.
Result<std::vector<std::string>> named_files(const std::vector<std::string>& paths,
                                             bool services = false) {
  std::vector<std::string> all;
  for (const std::string& path : paths) {
    const std::size_t before = all.size();
    std::error_code unknown;
    if (fs::is_directory(path, unknown)) {
      TRAMA_TRY_VOID(add_folder(path, services, all));
      if (all.size() == before)
        return Failure{FailureCode::usage, {Phrase(PhraseCode::no_mapping_in_folder, {path})}};
    } else if (path.find("**") != std::string::npos && !fs::exists(path, unknown)) {
      return Failure{FailureCode::usage, {Phrase(PhraseCode::no_two_stars, {path})}};
    } else if (path.find_first_of("*?[") != std::string::npos && !fs::exists(path, unknown)) {
      TRAMA_TRY_VOID(add_pattern(path, services, all));
      if (all.size() == before)
        return Failure{FailureCode::usage, {Phrase(PhraseCode::no_file_fits, {path})}};
    } else {
      all.push_back(path);
    }
  }
  return all;
}

}  // namespace

Result<std::vector<std::string>> mapping_files(const std::vector<std::string>& paths) {
  TRAMA_TRY(const std::vector<std::string> all, named_files(paths));
  return without_test_files(all);
}

Result<std::vector<std::string>> mapping_and_service_files(const std::vector<std::string>& paths) {
  TRAMA_TRY(const std::vector<std::string> all, named_files(paths, true));
  return without_test_files(all);
}

FileKind kind_of_file(const std::string& path) {
  std::error_code unknown;
  return fs::is_regular_file(path, unknown) ? kind_of(path) : FileKind::other;
}

Result<std::vector<std::string>> mapping_and_test_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  const auto add = [&files](const std::string& path) {
    if (std::find(files.begin(), files.end(), path) == files.end()) files.push_back(path);
  };
  for (const std::string& path : paths) {
    std::error_code unknown;
    TRAMA_TRY(const std::vector<std::string> named, named_files({path}));
    for (const std::string& file : named) {
      add(file);
      if (!fs::is_directory(path, unknown)) continue;
      for (const std::string& tests : test_files_of(file)) add(tests);
    }
  }
  return files;
}

}  // namespace trama
