// Outputs appear only when complete; two runs never write one path; what goes wrong is told.
#include "sink/output_file.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "text/catalogue.h"

namespace trama {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test.
class Folder {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "trama-output-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

void put(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

std::string got(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

std::unique_ptr<OutputFile> opened(const std::string& path) {
  auto file = OutputFile::open(path);
  REQUIRE(file.ok());
  return std::move(file.value());
}

std::string failure_of(const std::string& path) {
  auto file = OutputFile::open(path);
  return file.ok() ? "ok" : std::string(name(file.failure().code));
}

mode_t mode_of(const std::string& path) {
  struct stat about{};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return about.st_mode & 07777;
}

TEST_CASE("output file: appears when it is complete") {
  const Folder folder;
  const std::string path = folder / "out.csv";
  put(path, "old");
  {
    const auto file = opened(path);
    CHECK_FALSE(file->streams());
    CHECK(file->write("new ").ok());
    CHECK(file->write("rows").ok());
    CHECK(got(path) == "old");
    CHECK(fs::exists(file->incomplete_path()));
    CHECK(file->publish().ok());
  }
  CHECK(got(path) == "new rows");
  CHECK_FALSE(fs::exists(path + ".incomplete"));
}

TEST_CASE("output file: dropped or kept") {
  const Folder folder;
  const std::string path = folder / "out.csv";
  put(path, "old");
  CHECK(opened(path)->write("dropped").ok());
  CHECK_FALSE(fs::exists(path + ".incomplete"));
  {
    const auto file = opened(path);
    CHECK(file->write("kept and longer than the next").ok());
    CHECK(file->keep_incomplete().ok());
  }
  CHECK(got(path) == "old");
  CHECK(got(path + ".incomplete") == "kept and longer than the next");
  const auto file = opened(path);  // what a run left is overwritten
  CHECK(file->write("next").ok());
  CHECK(file->publish().ok());
  CHECK(got(path) == "next");
}

TEST_CASE("output file: a second run on the same path") {
  const Folder folder;
  const std::string path = folder / "out.csv";
  fs::create_symlink(path, folder / "link.csv");
  {
    const auto first = opened(path);
    CHECK(failure_of(path) == "OUTPUT_BUSY");
    CHECK(failure_of(folder / "link.csv") == "OUTPUT_BUSY");
    CHECK(first->write("first").ok());
    CHECK(first->publish().ok());
  }
  CHECK(got(path) == "first");
  CHECK(failure_of(path) == "ok");
}

TEST_CASE("output file: runs that race never mix") {
  const Folder folder;
  const std::string path = folder / "out.csv";
  std::vector<std::thread> runs;
  for (int run = 0; run < 4; ++run) {
    runs.emplace_back([&path, run] {
      const std::string text(1000, static_cast<char>('a' + run));
      for (int i = 0; i < 50; ++i) {
        auto file = OutputFile::open(path);
        if (!file.ok()) continue;
        (void)file.value()->write(text.substr(0, 500));
        (void)file.value()->write(text.substr(500));
        if (i % 3 != 0) (void)file.value()->publish();
      }
    });
  }
  for (std::thread& run : runs) run.join();
  const std::string text = got(path);
  CHECK(text.size() == 1000);
  CHECK(text == std::string(text.size(), text.front()));
  CHECK_FALSE(fs::exists(path + ".incomplete"));
}

TEST_CASE("output file: a killed run leaves the old file") {
  const Folder folder;
  const std::string path = folder / "out.csv";
  put(path, "old");
  const std::string half(300'000, 'h');  // what is shorter may wait for a larger write
  const pid_t child = ::fork();
  if (child == 0) {
    auto file = OutputFile::open(path);
    (void)file.value()->write(half);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  CHECK(got(path) == "old");
  CHECK(got(path + ".incomplete") == half);
  CHECK(failure_of(path) == "ok");
}

TEST_CASE("output file: what has a second name keeps its content") {
  const Folder folder;
  const std::string path = folder / "out.csv";
  put(folder / "precious", "precious");
  fs::create_hard_link(folder / "precious", path + ".incomplete");
  {
    auto file = opened(path);
    CHECK(failure_of(path) == "OUTPUT_BUSY");  // the lock is that of the new one
    CHECK(file->write("new").ok());
    CHECK(file->publish().ok());
  }
  CHECK(got(path) == "new");
  CHECK(got(folder / "precious") == "precious");
  fs::create_hard_link(folder / "precious", path + ".incomplete");
  (void)opened(path);  // dropped
  CHECK_FALSE(fs::exists(path + ".incomplete"));
  CHECK(got(folder / "precious") == "precious");
}

TEST_CASE("output file: large and small writes in their order") {
  const Folder folder;
  std::string expected;
  {
    auto file = opened(folder / "out");
    for (const std::size_t size : {10, 300'000, 7, 200'000, 100'000, 0, 1, 5'000'000, 3}) {
      const std::string piece(size, static_cast<char>('a' + expected.size() % 26));
      REQUIRE(file->write(piece).ok());
      expected += piece;
    }
    REQUIRE(file->publish().ok());
  }
  CHECK(got(folder / "out") == expected);
}

TEST_CASE("output file: permissions") {
  const Folder folder;
  const mode_t before = ::umask(027);
  CHECK(opened(folder / "new")->publish().ok());
  CHECK(mode_of(folder / "new") == 0640);
  put(folder / "old", "");
  ::chmod((folder / "old").c_str(), 0604);
  CHECK(opened(folder / "old")->publish().ok());
  CHECK(mode_of(folder / "old") == 0604);
  ::umask(before);
}

TEST_CASE("output file: links lead to the file") {
  const Folder folder;
  fs::create_directory(folder / "sub");
  fs::create_symlink("sub/real", folder / "link");
  fs::create_symlink("link", folder / "link to link");
  for (int i = 0; i < 2; ++i) {  // the second time the file is there
    const auto file = opened(folder / "link to link");
    CHECK(file->incomplete_path() == folder / "sub/real.incomplete");
    CHECK(file->write("x").ok());
    CHECK(file->publish().ok());
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(got(folder / "sub/real") == "x");
  }
}

TEST_CASE("output file: what cannot be written") {
  const Folder folder;
  CHECK(failure_of(folder / "") == "OUTPUT_UNWRITABLE");
  CHECK(failure_of("") == "OUTPUT_UNWRITABLE");
  CHECK(failure_of(folder / "none/out") == "OUTPUT_UNWRITABLE");
  put(folder / "file", "");
  CHECK(failure_of(folder / "file/out") == "OUTPUT_UNWRITABLE");
  fs::create_directory(folder / "x.incomplete");
  CHECK(failure_of(folder / "x") == "OUTPUT_UNWRITABLE");
  put(folder / "innocent", "kept");
  fs::create_symlink(folder / "innocent",
                     folder / "y.incomplete");  // never through a link of someone else's
  CHECK(failure_of(folder / "y") == "OUTPUT_UNWRITABLE");
  CHECK(got(folder / "innocent") == "kept");
  fs::create_symlink("loop", folder / "loop");
  CHECK(failure_of(folder / "loop") == "OUTPUT_UNWRITABLE");
  if (::geteuid() != 0) {
    ::chmod((folder / "file").c_str(), 0444);
    CHECK(failure_of(folder / "file") == "OUTPUT_UNWRITABLE");
  }
  auto missing = OutputFile::open(folder / "none/out");
  CHECK(say(Language::en, missing.failure()) ==
        folder / "none/out" + " cannot be written: its folder does not exist");
}

TEST_CASE("output file: devices and pipes are written as the run goes") {
  const auto null = opened("/dev/null");
  CHECK(null->streams());
  CHECK(null->write("x").ok());
  CHECK(null->publish().ok());
  CHECK_FALSE(fs::exists("/dev/null.incomplete"));

  const auto full = opened("/dev/full");
  auto written = full->write("x");
  REQUIRE_FALSE(written.ok());
  CHECK(say(Language::en, written.failure()) ==
        "/dev/full cannot be written: No space left on device");

  const Folder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  std::string read;
  std::thread reader([&] { read = got(folder / "pipe"); });
  {
    const auto pipe = opened(folder / "pipe");
    CHECK(pipe->streams());
    CHECK(pipe->write(std::string(200000, 'x')).ok());
    CHECK(pipe->publish().ok());
  }
  reader.join();
  CHECK(read.size() == 200000);
}

TEST_CASE("output file: a reader that goes away") {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const Folder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  std::thread reader([&] { std::ifstream(folder / "pipe").get(); });
  const auto pipe = opened(folder / "pipe");
  CHECK(pipe->write("x").ok());
  reader.join();
  auto written = pipe->write("y");
  REQUIRE_FALSE(written.ok());
  CHECK(written.failure().code == FailureCode::output_pipe_closed);
  std::signal(SIGPIPE, before);
}

TEST_CASE("output file: a full disk") {
  const Folder folder;
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  const pid_t child = ::fork();
  if (child == 0) {  // a limit on file sizes fails a write in its middle, as a full disk does
    const rlimit limit{.rlim_cur = 10000, .rlim_max = 10000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto file = OutputFile::open(folder / "out");
    const auto unwritable = [](Result<void> result) {
      return !result.ok() && result.failure().code == FailureCode::output_unwritable;
    };
    const bool at_once = unwritable(file.value()->write(std::string(300'000, 'x')));
    file.value().reset();
    auto small = OutputFile::open(folder / "small");
    const bool waits = small.value()->write(std::string(20000, 'x')).ok();
    const bool at_the_end = unwritable(small.value()->publish());
    small.value().reset();
    ::_exit(at_once && waits && at_the_end ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  std::signal(SIGXFSZ, before);
  CHECK(status == 0);
  CHECK(fs::is_empty(folder / ""));
}

TEST_CASE("output file: the same file") {
  const Folder folder;
  put(folder / "a", "");
  fs::create_hard_link(folder / "a", folder / "hard");
  fs::create_symlink("a", folder / "soft");
  put(folder / "b", "");
  CHECK(same_file(folder / "a", folder / "./a"));
  CHECK(same_file(folder / "a", folder / "hard"));
  CHECK(same_file(folder / "a", folder / "soft"));
  CHECK_FALSE(same_file(folder / "a", folder / "b"));
  CHECK_FALSE(same_file(folder / "a", folder / "none"));
  CHECK(same_file(folder / "none", folder / "none"));
}

}  // namespace
}  // namespace trama
