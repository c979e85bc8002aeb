// What tests of the files of services have in common: a folder of their own, and words that are wrong, each told at its place.

#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/span.h"

namespace trama {

/// Gone with what is in it at its end.
class ServiceFolder {
 public:
  ServiceFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "trama-service-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~ServiceFolder() { std::filesystem::remove_all(path_); }
  ServiceFolder(const ServiceFolder&) = delete;
  ServiceFolder& operator=(const ServiceFolder&) = delete;

  /// The path of a file that holds `text`.
  std::string write(const char* name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

struct WrongWord {
  const char* text;
  DiagnosticCode code;
  unsigned line;
  unsigned column;
};

/// That each text has this one error. `read`: gives the Diagnostics of a text; one that does not begin with `whole` stands
/// behind `begin`.
template <typename Read>
void check_wrong_words(const std::vector<WrongWord>& words, const std::string& whole,
                       const std::string& begin, Read read) {
  for (const WrongWord& one : words) {
    CAPTURE(one.text);
    const std::string text = one.text;
    const Diagnostics diagnostics = read(text.starts_with(whole) ? text : begin + text);
    REQUIRE(diagnostics.size() == 1);
    const Diagnostic& d = diagnostics.front();
    CHECK(name(d.code) == name(one.code));
    CHECK(d.span.line == one.line);
    CHECK(d.span.column == one.column);
  }
}

}  // namespace trama
