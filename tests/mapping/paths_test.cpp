#include "mapping/paths.h"

#include <doctest/doctest.h>

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
