// Mappings read from texts in the tests of mapping/.

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "mapping/mapping.h"
#include "report/diagnostics_text.h"

namespace trama::test {

class FakeReader : public FileReader {
 public:
  std::map<std::string, std::string> files;

  bool read(const std::string& path, std::string& content, Phrase& why_not) override {
    const auto found = files.find(path);
    if (found == files.end()) {
      why_not = "there is no such file";
      return false;
    }
    content = found->second;
    return true;
  }
};

struct Read {
  Mapping mapping;
  Diagnostics diagnostics;
  Files files;
  [[nodiscard]] std::string text() const { return render_text(diagnostics, files); }
};

inline Read read(FakeReader& reader, const std::string& path = "m.yaml") {
  Read out;
  out.mapping = read_mapping(path, reader, out.files, out.diagnostics);
  return out;
}

inline Read read(std::string_view text) {
  FakeReader reader;
  reader.files["m.yaml"] = text;
  return read(reader);
}

/// A mapping with its heading, for what comes behind.
inline Read read_body(std::string_view body) {
  return read("mapping: m\nversion: 1\n" + std::string(body));
}

}  // namespace trama::test
