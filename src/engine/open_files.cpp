#include "engine/open_files.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace trama {

namespace fs = std::filesystem;

std::string whole_path(const std::string& path) {
  std::error_code ignored;  // without a working directory it stays as it is
  return fs::absolute(path, ignored).lexically_normal().string();
}

OpenFiles::OpenFiles(Find find) : find_(std::move(find)), disk_(disk_reader()) {}

bool OpenFiles::read(const std::string& path, std::string& content, Phrase& why_not) {
  const std::string* const open = find_(whole_path(path));
  if (open == nullptr) return disk_->read(path, content, why_not);
  content = *open;
  return true;
}

bool OpenFiles::is_there(const std::string& path) const {
  std::error_code failed;
  return find_(whole_path(path)) != nullptr || fs::is_regular_file(path, failed);
}

LoadedMapping load_mapping_with_tests(const std::string& path, const std::string& root,
                                      OpenFiles& files) {
  return load_mapping(path, root, files, test_files_of(path));
}

std::string mapping_of(const std::string& path, const OpenFiles& files) {
  return mapping_of(path, [&files](const std::string& other) { return files.is_there(other); });
}

}  // namespace trama
