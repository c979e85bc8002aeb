// Files as an editor has them: those that are open as they are there, the others as they are on the disk. What
// loads a mapping over it finds its bases, tables and tests by their names, whether they were saved or not.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/load.h"

namespace trama {

class OpenFiles final : public FileReader {
 public:
  /// The text of an open file, or nullptr. `path`: absolute and normal.
  using Find = std::function<const std::string*(const std::string& path)>;

  explicit OpenFiles(Find find);
  bool read(const std::string& path, std::string& content, Phrase& why_not) override;
  /// Whether it is open, or a file on the disk.
  [[nodiscard]] bool is_there(const std::string& path) const;

 private:
  Find find_;
  std::unique_ptr<FileReader> disk_;
};

/// `path` as OpenFiles::Find is asked for it.
std::string whole_path(const std::string& path);

/// The mapping with its tests, as load_mapping_with_tests() does.
LoadedMapping load_mapping_with_tests(const std::string& path, const std::string& root,
                                      OpenFiles& files);

/// The mapping that `path` is of: of `STEM.test.yaml` that beside it, else itself.
std::string mapping_of(const std::string& path, const OpenFiles& files);

}  // namespace trama
