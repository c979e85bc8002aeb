// What the fuzz targets share: ending the program where a promise is broken, and files in memory.

#pragma once

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "mapping/mapping.h"

namespace trama::fuzz {

inline void require(bool kept, std::string_view promise, std::string_view detail = {}) {
  if (kept) return;
  std::fprintf(stderr, "%s: %s\n", std::string(promise).c_str(), std::string(detail).c_str());
  std::abort();
}

/// Files by their names; no others.
class MemoryFiles final : public FileReader {
 public:
  MemoryFiles(std::initializer_list<std::pair<const std::string, std::string_view>> files)
      : files_(files) {}
  bool read(const std::string& path, std::string& content, Phrase& why_not) override {
    why_not = "there is no such file";
    const auto found = files_.find(path);
    if (found == files_.end()) return false;
    content = found->second;
    return true;
  }
  /// `text` must outlive its use.
  void set(const std::string& name, std::string_view text) { files_[name] = text; }

 private:
  std::map<std::string, std::string_view> files_;
};

}  // namespace trama::fuzz
