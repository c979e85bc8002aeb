#include "sink/text_target.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "sink/output_file.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("trama-text-target-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
  /// The files, each with what it holds.
  [[nodiscard]] std::string content() const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.push_back(entry.path().filename().string() + "=" +
                    std::string(std::istreambuf_iterator<char>(file), {}));
    }
    std::sort(all.begin(), all.end());
    std::string text;
    for (const std::string& one : all) text += (text.empty() ? "" : " ") + one;
    return text;
  }

 private:
  std::filesystem::path path_;
};

std::unique_ptr<Target> open(const std::string& path) {
  auto target = open_text_target({.path = path},
                                 {.head = "<", .row_lead = 1, .tail = ">", .tail_of_none = "-"});
  REQUIRE(target.ok());
  return std::move(target.value());
}

void give(Target& target, std::vector<std::string> blocks) {
  REQUIRE(target.begin().ok());
  for (std::string& bytes : blocks) {
    RowBlock block;
    block.bytes = std::move(bytes);
    REQUIRE(target.take(std::move(block)).ok());
  }
  REQUIRE(target.end().ok());
}

}  // namespace

TEST_CASE("text_target: appears with what goes with it, or stays aside, or leaves nothing") {
  const Folder folder;
  std::ofstream(folder.at("out")) << "before";
  {
    const auto target = open(folder.at("out"));
    give(*target, {",a", ",b"});
    CHECK_FALSE(target->streams());
    CHECK(target->left() == folder.at("out.incomplete"));
    REQUIRE(target->prepare().ok());
    CHECK(folder.content() == "out.incomplete=<a,b> out=before");
  }
  CHECK(folder.content() == "out=before");
  {
    const auto target = open(folder.at("out"));
    give(*target, {});
    REQUIRE(target->abandon().ok());
  }
  CHECK(folder.content() == "out.incomplete=<- out=before");
  {
    const auto target = open(folder.at("out"));
    auto other = OutputFile::open(folder.at("rejects"));
    REQUIRE(other.ok());
    REQUIRE(other.value()->write("r").ok());
    OutputFile* const others[] = {other.value().get()};
    give(*target, {",c"});
    REQUIRE(target->prepare().ok());
    REQUIRE(target->commit(others, "run-1").ok());
  }
  CHECK(folder.content() == "out=<c> rejects=r");
}

TEST_CASE("text_target: what streams is out at once, and the other files get their names alone") {
  const Folder folder;
  const auto target = open("/dev/null");
  CHECK(target->streams());
  CHECK(target->left().empty());
  CHECK_FALSE(target->settled().has_value());
  auto other = OutputFile::open(folder.at("rejects"));
  REQUIRE(other.ok());
  REQUIRE(other.value()->write("r").ok());
  OutputFile* const others[] = {other.value().get()};
  give(*target, {",a"});
  REQUIRE(target->prepare().ok());
  REQUIRE(target->commit(others, "run-1").ok());
  CHECK(folder.content() == "rejects=r");
}

TEST_CASE("text_target: a folder that is not there is told before the first row") {
  const Folder folder;
  const auto target = open_text_target({.path = folder.at("none/out")}, {});
  REQUIRE_FALSE(target.ok());
  CHECK(target.failure().code == FailureCode::output_unwritable);
}
