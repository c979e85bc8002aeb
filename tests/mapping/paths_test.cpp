#include "mapping/paths.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace trama {
namespace {

TEST_CASE("paths: which file is meant") {
  struct Case {
    const char* mapping;
    const char* written;
    const char* root;
    const char* resolved;  // "" is refused
  };
  static constexpr Case kCases[] = {
      {"m.yaml", "t.csv", "", "t.csv"},
      {"a/m.yaml", "t.csv", "", "a/t.csv"},
      {"a/b/m.yaml", "tablas/t.csv", "", "a/b/tablas/t.csv"},
      {"a/b/m.yaml", "../t.csv", "", "a/t.csv"},
      {"a/b/m.yaml", "x/../../t.csv", "", "a/t.csv"},
      {"a/b/m.yaml", "../../t.csv", "", ""},
      {"a/b/m.yaml", "../../a/t.csv", "", "a/t.csv"},
      {"m.yaml", "../t.csv", "", "../t.csv"},
      {"m.yaml", "../../t.csv", "", ""},
      {"../m.yaml", "../t.csv", "", "../../t.csv"},
      {"/a/b/m.yaml", "../t.csv", "", "/a/t.csv"},
      {"/a/b/m.yaml", "../../etc/passwd", "", ""},
      {"/m.yaml", "../../t.csv", "", "/t.csv"},
      {"m.yaml", "/etc/passwd", "", ""},
      {"a/m.yaml", "", "", ""},
      {"a/b/m.yaml", "../../t.csv", ".", "t.csv"},
      {"a/b/m.yaml", "../../../t.csv", ".", ""},
      {"/a/b/m.yaml", "/a/t.csv", "/a", "/a/t.csv"},
      {"/a/b/m.yaml", "../t.csv", "/a/b", ""},
      {"/a/b/m.yaml", "/ab/t.csv", "/a", ""},
      {"a/m.yaml", "t\x01.csv", "", ""},
  };
  for (const Case& c : kCases) {
    INFO(c.mapping, " ", c.written, " ", c.root);
    std::string resolved;
    Phrase problem;
    CHECK(resolve(c.mapping, c.written, c.root, resolved, problem) == (*c.resolved != '\0'));
    CHECK(resolved == c.resolved);
    CHECK(problem.empty() == (*c.resolved != '\0'));
  }
}

TEST_CASE("paths: links lead no farther than words") {
  namespace fs = std::filesystem;
  std::string made = fs::temp_directory_path() / "trama-paths-XXXXXX";
  REQUIRE(::mkdtemp(made.data()) != nullptr);
  const fs::path top = made;
  fs::create_directories(top / "a/b/c");
  fs::create_directories(top / "other");
  std::ofstream(top / "outside.csv") << "x";
  fs::create_symlink("../../../outside.csv", top / "a/b/c/far.csv");
  fs::create_symlink("../near.csv", top / "a/b/c/near.csv");
  fs::create_symlink("/etc/passwd", top / "a/b/c/passwd");
  fs::create_symlink("../../..", top / "a/b/c/up");
  fs::create_symlink("loop", top / "a/b/c/loop");
  fs::create_symlink("../a/b/c", top / "other/folder");
  struct Case {
    const char* mapping;
    const char* written;
    const char* root;
    bool resolves;
  };
  static constexpr Case kCases[] = {
      {"a/b/c/m.yaml", "far.csv", "", false},
      {"a/b/c/m.yaml", "near.csv", "", true},
      {"a/b/c/m.yaml", "passwd", "", false},
      {"a/b/c/m.yaml", "up/t.csv", "", false},
      {"a/b/c/m.yaml", "up/a/b/t.csv", "", true},
      {"a/b/c/m.yaml", "loop", "", false},
      {"a/b/c/m.yaml", "none/t.csv", "", true},
      {"a/b/c/m.yaml", "far.csv", "a", false},
      {"a/b/c/m.yaml", "far.csv", ".", true},
      {"a/b/c/m.yaml", "passwd", ".", false},
      // of a folder that is a link, the one above the link and the one above where it leads
      {"other/folder/m.yaml", "t.csv", "", true},
      {"other/folder/m.yaml", "near.csv", "", true},
      {"other/folder/m.yaml", "../t.csv", "", true},
      {"other/folder/m.yaml", "far.csv", "", false},
  };
  for (const Case& c : kCases) {
    INFO(c.mapping, " ", c.written, " ", c.root);
    std::string resolved;
    Phrase problem;
    const std::string root = *c.root == '\0' ? "" : (top / c.root).string();
    CHECK(resolve((top / c.mapping).string(), c.written, root, resolved, problem) == c.resolves);
    CHECK(problem.empty() == c.resolves);
  }
  fs::remove_all(top);
}

TEST_CASE("paths: files that a base names") {
  struct Case {
    const char* mapping;
    const char* base;
    const char* written;
    const char* seen;
  };
  static constexpr Case kCases[] = {
      {"m.yaml", "m.yaml", "t.csv", "t.csv"},
      {"m.yaml", "base.yaml", "./t.csv", "./t.csv"},
      {"m.yaml", "common/base.yaml", "t.csv", "common/t.csv"},
      {"acme/m.yaml", "common/base.yaml", "tablas/t.csv", "../common/tablas/t.csv"},
      {"acme/m.yaml", "common/base.yaml", "../acme/t.csv", "t.csv"},
      {"/a/b/m.yaml", "/a/c/base.yaml", "t.csv", "../c/t.csv"},
      {"acme/m.yaml", "base.yaml", "/t.csv", "/t.csv"},
      {"acme/m.yaml", "/x/base.yaml", "t.csv", "/x/t.csv"},
      {"acme/m.yaml", "base.yaml", "", ""},
  };
  for (const Case& c : kCases) CHECK(as_named_by(c.mapping, c.base, c.written) == c.seen);
}

}  // namespace
}  // namespace trama
