// Files that belong together appear as one step, whatever fails and wherever the machine stops:
// after the next run has opened OUT, all are of the run before or all are new.

#include "sink/publish.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "sink/output_file.h"
#include "text/catalogue.h"

namespace trama {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "trama-publish-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    fs::create_directory(path_ / "other");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }

  /// Every file below the folder with its text.
  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& at : fs::recursive_directory_iterator(path_)) {
      if (at.is_directory()) continue;
      std::ostringstream text;
      text << std::ifstream(at.path()).rdbuf();
      found[fs::relative(at.path(), path_)] = text.str();
    }
    return found;
  }
  void clear() const {
    fs::remove_all(path_);
    fs::create_directories(path_ / "other");
  }

 private:
  fs::path path_;
};

using Files = std::map<std::string, std::string>;

void put(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

/// Takes the steps of a disk until the nth, which fails, or at which the machine stops.
class Faulty final : public DiskSteps {
 public:
  enum class At : std::uint8_t { never, fails, fails_from_there, stops };
  At what = At::never;
  int when = 0;
  bool no_links = false;
  int steps = 0;

  int write_new(const std::string& path, std::string_view text) noexcept override {
    if (steps + 1 == when && what == At::stops)  // in the middle of it
      (void)DiskSteps::write_new(path, text.substr(0, text.size() / 2));
    return step([&] { return DiskSteps::write_new(path, text); });
  }
  int link(const std::string& from, const std::string& to) noexcept override {
    return step([&] { return no_links ? EPERM : DiskSteps::link(from, to); });
  }
  int rename(const std::string& from, const std::string& to) noexcept override {
    return step([&] { return DiskSteps::rename(from, to); });
  }
  int remove(const std::string& path) noexcept override {
    return step([&] { return DiskSteps::remove(path); });
  }
  int sync_folder(int fd) noexcept override {
    return step([&] { return DiskSteps::sync_folder(fd); });
  }

 private:
  template <typename Do>
  int step(Do doing) noexcept {
    ++steps;
    const bool here = what == At::fails_from_there ? steps >= when : steps == when;
    if (here && what == At::stops) ::_exit(9);
    if (here && what != At::never) return EIO;
    return doing();
  }
};

/// What was there before, and which of the files go along.
struct Case {
  const char* about;
  Files before;
  std::vector<std::string> others;
  bool no_links;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      {"nothing before", {}, {"out.rejects", "sum"}, false},
      {"all of yesterday",
       {{"out", "old"}, {"out.rejects", "old r"}, {"sum", "old s"}},
       {"out.rejects", "sum"},
       false},
      {"some of yesterday", {{"out", "old"}, {"sum", "old s"}}, {"out.rejects", "sum"}, false},
      {"rejects of yesterday alone", {{"out.rejects", "old r"}}, {"out.rejects", "sum"}, false},
      {"elsewhere",
       {{"out", "old"}, {"other/r 1%", "old r"}, {"other/sum", "old s"}},
       {"other/r 1%", "other/sum"},
       false},
      {"a file system without links",
       {{"out", "old"}, {"out.rejects", "old r"}, {"sum", "old s"}},
       {"out.rejects", "sum"},
       true},
      {"the rows alone", {{"out", "old"}}, {}, false},
  };
  return kCases;
}

Files after(const Case& c) {
  Files files = {{"out", "new"}};
  for (const std::string& other : c.others) files[other] = "new " + other;
  return files;
}

void begin(const Folder& folder, const Case& c) {
  folder.clear();
  for (const auto& [name, text] : c.before) put(folder / name, text);
}

/// One run from opening to publishing.
Result<void> run(const Folder& folder, const Case& c, Faulty& disk) {
  disk.no_links = c.no_links;
  TRAMA_TRY(auto out, OutputFile::open(folder / "out"));
  std::vector<std::unique_ptr<OutputFile>> files;
  std::vector<OutputFile*> others;
  for (const std::string& name : c.others) {
    TRAMA_TRY(auto file, OutputFile::open(folder / name));
    TRAMA_TRY_VOID(file->write("new " + name));
    others.push_back(file.get());
    files.push_back(std::move(file));
  }
  TRAMA_TRY_VOID(out->write("new"));
  return publish_together(*out, others, "the run", disk);
}

/// The same in a process of its own, which stops at a step; false where it came to its end.
bool stops(const std::function<void()>& doing) {
  const pid_t child = ::fork();
  if (child == 0) {
    doing();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status) == 9;
}

/// What is there but for files that a killed run was writing, which the next run writes anew.
Files settled_files(const Folder& folder) {
  Files files = folder.files();
  for (auto at = files.begin(); at != files.end();)
    at = at->first.ends_with(".incomplete") ? files.erase(at) : std::next(at);
  return files;
}

void open_and_drop(const Folder& folder) {
  auto next = OutputFile::open(folder / "out");
  INFO((next.ok() ? "" : say(Language::en, next.failure())));
  REQUIRE(next.ok());
}

TEST_CASE("publish: nothing goes wrong") {
  const Folder folder;
  for (const Case& c : cases()) {
    INFO(c.about);
    begin(folder, c);
    Faulty disk;
    CHECK(run(folder, c, disk).ok());
    CHECK(folder.files() == after(c));
    CHECK(run(folder, c, disk).ok());  // over its own
    CHECK(folder.files() == after(c));
  }
}

TEST_CASE("publish: a step fails") {
  const Folder folder;
  for (const Case& c : cases()) {
    for (const Faulty::At what : {Faulty::At::fails, Faulty::At::fails_from_there}) {
      for (int n = 1;; ++n) {
        begin(folder, c);
        Faulty disk;
        disk.what = what;
        disk.when = n;
        Result<void> ended = run(folder, c, disk);
        if (disk.steps < n) break;
        INFO(c.about, ", step ", n,
             what == Faulty::At::fails ? " fails" : " and all later ones fail");
        const bool published = ended.ok() || ended.failure().code == FailureCode::output_not_safe;
        const Files wanted = published ? after(c) : c.before;
        if (!published) CHECK(ended.failure().code == FailureCode::output_unwritable);
        // at once where the way back can be gone, else with the next run
        if (what == Faulty::At::fails && !published) CHECK(folder.files() == c.before);
        CHECK(folder.files()["out"] == (wanted.contains("out") ? wanted.at("out") : ""));
        open_and_drop(folder);
        CHECK(folder.files() == wanted);
      }
    }
  }
}

TEST_CASE("publish: the machine stops at a step, and once more while that is settled") {
  const Folder folder;
  for (const Case& c : cases()) {
    for (int n = 1;; ++n) {
      int again = 0;  // at the mth step of settling; 0: it is not stopped
      for (;;) {
        begin(folder, c);
        const bool stopped = stops([&] {
          Faulty disk;
          disk.what = Faulty::At::stops;
          disk.when = n;
          (void)run(folder, c, disk);
        });
        const bool committed = folder.files()["out"] == "new";
        INFO(c.about, ", stopped at step ", n, ", again at ", again);
        const bool stopped_again = again > 0 && stops([&] {
                                     Faulty disk;
                                     disk.what = Faulty::At::stops;
                                     disk.when = again;
                                     (void)settle(folder / "out", "out", disk);
                                   });
        auto next = OutputFile::open(folder / "out");
        REQUIRE(next.ok());
        next.value().reset();
        CHECK(settled_files(folder) == (committed ? after(c) : c.before));
        if (!stopped || (again > 0 && !stopped_again)) {
          if (!stopped) CHECK(committed);
          break;
        }
        ++again;
      }
      if (again == 0) break;
    }
  }
}

TEST_CASE("publish: what was settled is told") {
  const Folder folder;
  const Case& c = cases()[1];
  Faulty counting;
  begin(folder, c);
  REQUIRE(run(folder, c, counting).ok());
  int back = 0;
  int done = 0;
  for (int n = 1; n <= counting.steps; ++n) {
    begin(folder, c);
    stops([&] {
      Faulty disk;
      disk.what = Faulty::At::stops;
      disk.when = n;
      (void)run(folder, c, disk);
    });
    auto next = OutputFile::open(folder / "out");
    REQUIRE(next.ok());
    const std::optional<NoticeCode> settled = next.value()->settled();
    back += settled == NoticeCode::run_taken_back ? 1 : 0;
    done += settled == NoticeCode::run_completed ? 1 : 0;
  }
  CHECK(back > 5);
  CHECK(done > 2);
  CHECK(back + done == counting.steps - 1);  // the journal that was cut in the middle did nothing
}

TEST_CASE("publish: what somebody did since stays") {
  const Folder folder;
  const Case& c = cases()[1];
  const auto stop_at = [&](int n) {
    begin(folder, c);
    stops([&] {
      Faulty disk;
      disk.what = Faulty::At::stops;
      disk.when = n;
      (void)run(folder, c, disk);
    });
  };
  int commit = 0;
  for (int n = 1; commit == 0; ++n) {
    stop_at(n);
    if (folder.files()["out"] == "new") commit = n;
  }
  // OUT was published, and taken away
  stop_at(commit);
  fs::remove(folder / "out");
  open_and_drop(folder);
  CHECK(settled_files(folder) == Files{{"out.rejects", "new out.rejects"}, {"sum", "new sum"}});
  // it was not published, and somebody threw the half away
  stop_at(commit - 1);
  fs::remove(folder / "out.incomplete");
  open_and_drop(folder);
  CHECK(settled_files(folder) == c.before);
  // somebody wrote the rejects anew
  stop_at(commit - 1);
  fs::remove(folder / "out.rejects");
  put(folder / "out.rejects", "by hand");
  open_and_drop(folder);
  CHECK(folder.files()["out.rejects"] == "by hand");
  CHECK(folder.files()["sum"] == "old s");
}

TEST_CASE("publish: a journal that is not to be obeyed") {
  const Folder folder;
  const auto failure_of = [&] {
    auto file = OutputFile::open(folder / "out");
    return file.ok() ? std::string("ok") : std::string(name(file.failure().code));
  };
  put(folder / "out", "old");
  put(folder / "elsewhere", "trama publishing 1\n");
  fs::create_symlink("elsewhere", folder / "out.publishing");
  CHECK(failure_of() == "OUTPUT_UNSETTLED");
  fs::remove(folder / "out.publishing");
  fs::create_directory(folder / "out.publishing");
  CHECK(failure_of() == "OUTPUT_UNSETTLED");
  fs::remove(folder / "out.publishing");
  for (const char* text :
       {"", "rubbish",
        "trama publishing 1\nrun x\nout yes 1 2 3 4 no 0 0 0 0\nwith yes 1 2 3 4\nend\n",
        "trama publishing 1\nout yes 1 2 3 4 no 0 0 0 0\nend"}) {
    put(folder / "out.publishing", text);
    CHECK(failure_of() == "ok");
    CHECK(folder.files() == Files{{"out", "old"}, {"elsewhere", "trama publishing 1\n"}});
  }
  if (::geteuid() == 0) {
    put(folder / "out.publishing", "trama publishing 1\nend\n");
    REQUIRE(::chown((folder / "out.publishing").c_str(), 12345, 12345) == 0);
    CHECK(failure_of() == "OUTPUT_UNSETTLED");
  }
}

TEST_CASE("publish: the place of the file of before is taken") {
  const Folder folder;
  put(folder / "out.previous", "somebody's");
  auto file = OutputFile::open(folder / "out");
  REQUIRE_FALSE(file.ok());
  CHECK(say(Language::en, file.failure()).find("out.previous is in the way") != std::string::npos);
  CHECK(folder.files() == Files{{"out.previous", "somebody's"}});
}

}  // namespace
}  // namespace trama
