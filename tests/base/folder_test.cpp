#include "base/folder.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace trama;

TEST_CASE("the names in a folder") {
  namespace fs = std::filesystem;
  std::string pattern = (fs::temp_directory_path() / "trama-folder-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  const fs::path folder = pattern;
  std::vector<std::string> names{"of before"};
  CHECK(names_in(folder.string(), names));
  CHECK(names.empty());
  for (const char* name : {"b.yaml", ".hidden", "a", "ñ"}) std::ofstream(folder / name) << "x";
  fs::create_directory(folder / "c");
  CHECK(names_in(folder.string(), names));
  CHECK(names == std::vector<std::string>{".hidden", "a", "b.yaml", "c", "ñ"});
  CHECK(!names_in((folder / "a").string(), names));
  CHECK(errno == ENOTDIR);
  CHECK(!names_in((folder / "no").string(), names));
  CHECK(errno == ENOENT);
  fs::remove_all(folder);
}
