// Inputs that change between opening and reading, between passes and while they are read; pipes
// that are read twice; many inputs with few descriptors.
#include "source/input_files.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "source/memory_input.h"
#include "text/catalogue.h"

namespace trama {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("trama-inputs-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string at(const std::string& name) const { return path_ / name; }
  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream(at(name), std::ios::binary) << content;
    return at(name);
  }

 private:
  fs::path path_;
};

/// A step of the clock that file times take, so that a second write is seen as one.
void later(const std::string& path) {
  struct stat before{};
  ::stat(path.c_str(), &before);
  for (struct stat now = before; now.st_ctim.tv_nsec == before.st_ctim.tv_nsec;
       ::stat(path.c_str(), &now))
    ::chmod(path.c_str(), before.st_mode);
}

constexpr const char* kLines = "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n";

/// Ways to change a file, and whether its content is another (or only its name or rights).
struct Change {
  const char* what;
  std::function<void(const Folder&, const std::string&)> make;
  bool content;
};

std::vector<Change> changes() {
  return {
      {"grown",
       [](const Folder&, const std::string& path) {
         std::ofstream(path, std::ios::app) << "{\"id\":4}\n";
       },
       true},
      {"shrunk", [](const Folder&, const std::string& path) { fs::resize_file(path, 9); }, true},
      {"emptied", [](const Folder&, const std::string& path) { fs::resize_file(path, 0); }, true},
      {"written anew, of the same size",
       [](const Folder& folder, const std::string& path) {
         later(path);
         folder.write(fs::path(path).filename(), "{\"id\":3}\n{\"id\":2}\n{\"id\":1}\n");
       },
       true},
      {"replaced by rename",
       [](const Folder& folder, const std::string& path) {
         later(path);
         fs::rename(folder.write("new", "{\"id\":3}\n{\"id\":2}\n{\"id\":1}\n"), path);
       },
       false},
      {"renamed and put back",
       [](const Folder&, const std::string& path) {
         later(path);
         fs::rename(path, path + ".x");
         fs::rename(path + ".x", path);
       },
       false},
      {"given its old time again",
       [](const Folder& folder, const std::string& path) {
         later(path);
         struct stat about{};
         ::stat(path.c_str(), &about);
         folder.write(fs::path(path).filename(), "{\"id\":3}\n{\"id\":2}\n{\"id\":1}\n");
         const timespec times[2] = {about.st_atim, about.st_mtim};
         ::utimensat(AT_FDCWD, path.c_str(), times, 0);
       },
       false},
  };
}

std::string code_of(const std::optional<Failure>& failure) {
  return failure ? std::string(name(failure->code)) : "ok";
}

/// Many names: those behind the first are fillers, which nobody changes.
std::vector<std::string> named(const Folder& folder, const std::string& first, std::size_t count) {
  std::vector<std::string> names = {first};
  while (names.size() < count)
    names.push_back(folder.write("filler" + std::to_string(names.size()), "{}\n"));
  return names;
}

TEST_CASE("input files: changed between opening and reading, and between two passes") {
  for (const std::size_t count : {std::size_t{1}, kMaxHeldInputs + 1}) {  // held, and opened again
    for (const Change& change : changes()) {
      for (const int pass : {1, 2}) {
        const Folder folder;
        const std::string file = folder.write("in", kLines);
        auto files = InputFiles::open_all(named(folder, file, count), {.twice = true});
        REQUIRE(files.ok());
        INFO(change.what, ", before pass ", pass, " of ", count);
        if (pass == 2) CHECK(told(*source_over(files.value(), {})).find('!') == std::string::npos);
        change.make(folder, file);
        const auto source = source_over(files.value(), {});
        CHECK(told(*source).starts_with("! " + file + " changed while the run read it: "));
        CHECK(code_of(source->trouble()) == "INPUT_CHANGED");
      }
    }
    const Folder folder;
    const std::string file = folder.write("in", kLines);
    auto files = InputFiles::open_all(named(folder, file, count), {});
    fs::remove(file);
    CHECK(code_of([&] {
            const auto source = source_over(files.value(), {});
            told(*source);
            return source->trouble();
          }()) == "INPUT_CHANGED");
  }
}

TEST_CASE("input files: changed while it is read") {
  for (const Change& change : changes()) {
    // who sets the time back within one pass is not found out; a move or replacement harms nothing
    if (change.what == std::string_view("given its old time again")) continue;
    const Folder folder;
    const std::string file = folder.write("in", kLines);
    auto files = InputFiles::open_all({file}, {});
    REQUIRE(files.ok());
    SourceOptions options;
    options.split_bytes = 10;
    const auto source = source_over(files.value(), options);
    Split split;
    REQUIRE(source->next(split));
    CHECK(split.frames.size() == 1);
    change.make(folder, file);
    std::size_t records = 1;
    while (source->next(split)) records += split.frames.size();
    INFO(change.what);
    // what has the name now, or other rights, is not what is read
    CHECK(code_of(source->trouble()) == (change.content ? "INPUT_CHANGED" : "ok"));
    CHECK(records <= 3);  // what is added behind is not read
    if (!change.content) CHECK(records == 3);
  }
}

TEST_CASE("input files: nothing is wrong with a file that nobody touches") {
  const Folder folder;
  const std::string file = folder.write("in", kLines);
  auto files = InputFiles::open_all({file, folder.write("in2", kLines)}, {});
  REQUIRE(files.ok());
  const std::string once = "1 1:1 @0 {\"id\":1}\n2 2:1 @9 {\"id\":2}\n3 3:1 @18 {\"id\":3}\n";
  for (int pass = 0; pass < 3; ++pass)
    CHECK(told(*source_over(files.value(), {})) == once + "---\n" + once);
}

/// A named pipe that a thread writes to.
class Pipe {
 public:
  Pipe(const Folder& folder, std::string content) : path_(folder.at("pipe")) {
    REQUIRE(::mkfifo(path_.c_str(), 0600) == 0);
    writer_ = std::thread([path = path_, content = std::move(content)] {
      std::ofstream(path, std::ios::binary) << content;
    });
  }
  ~Pipe() {
    writer_.join();
    fs::remove(path_);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::thread writer_;
};

TEST_CASE("input files: a pipe that is read twice leaves nothing behind") {
  const Folder folder;
  const std::string before = ::getenv("TMPDIR") != nullptr ? ::getenv("TMPDIR") : "";
  fs::create_directories(folder.at("tmp"));
  ::setenv("TMPDIR", folder.at("tmp").c_str(), 1);
  const Pipe pipe(folder, kLines);
  auto files = InputFiles::open_all({pipe.path()}, {.twice = true});
  if (before.empty()) ::unsetenv("TMPDIR");
  if (!before.empty()) ::setenv("TMPDIR", before.c_str(), 1);
  REQUIRE(files.ok());
  CHECK(fs::is_empty(folder.at("tmp")));  // while it is still used
  CHECK(files.value()->size(0) == 27);
  const std::string first = told(*source_over(files.value(), {}));
  CHECK(first.find("3 3:1 @18") != std::string::npos);
  CHECK(told(*source_over(files.value(), {})) == first);
}

TEST_CASE("input files: the edges of a file and of a pipe") {
  const Folder folder;
  const auto edges = [&](const std::string& path, bool twice) {
    auto files = InputFiles::open_all({path}, {.twice = twice, .edges = true});
    REQUIRE(files.ok());
    REQUIRE(files.value()->read_pipe_edges().ok());
    const std::string digest = files.value()->edges(0);
    // reading them takes nothing away
    auto stream = files.value()->open(0);
    REQUIRE(stream.ok());
    std::string all;
    std::string block(70000, 0);
    while (const std::size_t got = stream.value()->read(block.data(), block.size()))
      all.append(block, 0, got);
    return std::pair(digest, all);
  };
  std::string big(3 * kEdgeBytes, 'a');
  big[kEdgeBytes] = 'b';  // between the edges
  for (const std::string& content : {std::string(kLines), std::string(), big}) {
    const std::string first = content.substr(0, kEdgeBytes);
    const std::string last = content.substr(
        std::max(first.size(), content.size() - std::min(content.size(), kEdgeBytes)));
    const std::string file = folder.write("in", content);
    CHECK(edges(file, false) == std::pair(sha256(first + last), content));
    for (const bool twice : {false, true}) {
      const Pipe pipe(folder, content);
      CHECK(edges(pipe.path(), twice) == std::pair(sha256(first), content));
    }
  }
}

TEST_CASE("input files: many inputs, few descriptors") {
  const Folder folder;
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i)
    names.push_back(folder.write("in" + std::to_string(i), "{\"id\":" + std::to_string(i) + "}\n"));
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  std::size_t open_now = 0;
  for (const auto& one : fs::directory_iterator("/proc/self/fd")) open_now += one.exists() ? 1 : 0;
  const rlimit few{std::min<rlim_t>(open_now + kMaxHeldInputs, before.rlim_cur), before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  std::string seen;
  {
    auto files = InputFiles::open_all(names, {.twice = true});
    REQUIRE(files.ok());
    for (int pass = 0; pass < 2; ++pass) seen = told(*source_over(files.value(), {}));
  }
  CHECK(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(seen.ends_with("---\n1 1:1 @0 {\"id\":299}\n"));
  CHECK(std::count(seen.begin(), seen.end(), '@') == 300);
}

TEST_CASE("input files: one file is one input") {
  const Folder folder;
  const std::string a = folder.write("a", kLines);
  const std::string b = folder.write("b", kLines);
  fs::create_symlink(a, folder.at("link"));
  fs::create_hard_link(a, folder.at("hard"));
  const auto opened = [](std::vector<std::string> names, bool keep_bad = false) {
    return InputFiles::open_all(std::move(names), {.keep_bad = keep_bad});
  };
  CHECK(opened({a, b}).ok());  // the same bytes are not the same file
  const std::string gone = folder.at("gone");
  CHECK(opened({gone, gone, a}, true).ok());
  for (const std::string& again : {a, folder.at("link"), folder.at("hard")}) {
    for (const bool keep_bad : {false, true}) {
      const auto files = opened({a, b, again}, keep_bad);
      REQUIRE_FALSE(files.ok());
      CHECK(files.failure().code == FailureCode::usage);
      CHECK(say(Language::en, files.failure()).find(again) != std::string::npos);
    }
  }
  std::vector<std::string> many;
  for (std::size_t i = 0; i <= kMaxHeldInputs; ++i)
    many.push_back(folder.write("many" + std::to_string(i), kLines));
  CHECK(opened(many).ok());
  many.push_back(many.front());
  CHECK_FALSE(opened(many).ok());
}

TEST_CASE("input files: what cannot be opened is told at once, or when its turn comes") {
  const Folder folder;
  const std::string file = folder.write("in", kLines);
  fs::create_directories(folder.at("d"));
  for (const auto& [name, code] : {std::pair(folder.at("none"), "FILE_MISSING"),
                                   std::pair(folder.at("d"), "FILE_IS_DIRECTORY")}) {
    auto stops = InputFiles::open_all({file, name}, {});
    CHECK_FALSE(stops.ok());
    auto goes_on = InputFiles::open_all({name, file}, {.keep_bad = true});
    REQUIRE(goes_on.ok());
    SourceOptions options;
    options.pass_bad_inputs = true;
    const auto source = source_over(goes_on.value(), options);
    CHECK(told(*source).starts_with("---\n1 1:1 @0"));
    CHECK(code_of(source->inputs()[0].failure) == code);
    CHECK(code_of(source->inputs()[1].failure) == "ok");
  }
}

}  // namespace
}  // namespace trama
