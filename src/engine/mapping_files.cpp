#include "engine/mapping_files.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "base/phrase_codes.h"
#include "engine/load.h"

namespace trama {
namespace {

namespace fs = std::filesystem;

/// Whether a YAML file is a mapping, and not a workflow or the tests of one: it has the key `mapping`
/// or `extends` at the beginning of a line, in quotes or not; or is written in braces as a whole.
bool is_mapping(const fs::path& path) {
  std::ifstream file(path);
  bool first = true;
  for (std::string line; std::getline(file, line);) {
    std::string_view text = line;
    if (first && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    first = false;
    if (text.starts_with('{')) return true;
    if (text.starts_with('"') || text.starts_with('\'')) text.remove_prefix(1);
    for (const std::string_view key : {"mapping", "extends"}) {
      if (!text.starts_with(key)) continue;
      const std::size_t behind = text.find_first_not_of("\"' \t", key.size());
      if (behind != std::string_view::npos && text[behind] == ':') return true;
    }
  }
  return false;
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

void add_folder(const std::string& folder, std::vector<std::string>& out) {
  std::vector<std::string> found;
  std::error_code failed;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied,
                                      failed);
  for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    std::error_code unknown;
    if (is_hidden(at->path())) {
      if (at->is_directory(unknown)) at.disable_recursion_pending();
      continue;
    }
    const std::string ending = at->path().extension().string();
    if ((ending != ".yaml" && ending != ".yml") || !at->is_regular_file(unknown)) continue;
    if (is_mapping(at->path())) found.push_back(at->path().string());
  }
  std::sort(found.begin(), found.end());
  out.insert(out.end(), found.begin(), found.end());
}

void add_pattern(const std::string& pattern, std::vector<std::string>& out) {
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      std::error_code unknown;
      if (fs::is_directory(found.gl_pathv[i], unknown))
        add_folder(found.gl_pathv[i], out);
      else
        out.emplace_back(found.gl_pathv[i]);
    }
  ::globfree(&found);
}

}  // namespace

Result<std::vector<std::string>> mapping_files(const std::vector<std::string>& paths) {
  std::vector<std::string> all;
  for (const std::string& path : paths) {
    const std::size_t before = all.size();
    std::error_code unknown;
    if (fs::is_directory(path, unknown)) {
      add_folder(path, all);
      if (all.size() == before)
        return Failure{FailureCode::usage, {Phrase(PhraseCode::no_mapping_in_folder, {path})}};
    } else if (path.find("**") != std::string::npos && !fs::exists(path, unknown)) {
      return Failure{FailureCode::usage, {Phrase(PhraseCode::no_two_stars, {path})}};
    } else if (path.find_first_of("*?[") != std::string::npos && !fs::exists(path, unknown)) {
      add_pattern(path, all);
      if (all.size() == before)
        return Failure{FailureCode::usage, {Phrase(PhraseCode::no_file_fits, {path})}};
    } else {
      all.push_back(path);
    }
  }
  return without_test_files(all);
}

}  // namespace trama
