// Events on the disk: each once, whatever a receiver that was killed left. The whole program:
// tests/receive_test.py.

#include "receive/event_store.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace trama {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1'796'083'200'000;  // 2026-12-01T00:00:00Z

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "trama-store-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    options.spool = path_ / "spool";
    options.receiver = "pagos";
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::unique_ptr<EventStore> open(std::int64_t now = kNow) const {
    Result<std::unique_ptr<EventStore>> store = EventStore::open(options, now);
    REQUIRE(store.ok());
    return std::move(store.value());
  }
  [[nodiscard]] std::vector<fs::path> files(const char* in) const {
    std::vector<fs::path> found;
    for (const fs::directory_entry& entry : fs::directory_iterator(options.spool + '/' + in))
      if (entry.path().extension() == ".ndjson") found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }
  /// The ids of all events in new/, in their order.
  [[nodiscard]] std::string published() const {
    std::string ids;
    for (const fs::path& path : files("new")) {
      std::ifstream in(path);
      for (std::string line; std::getline(in, line);) {
        const std::size_t at = line.find(R"("id": ")");
        ids +=
            (ids.empty() ? "" : " ") +
            (at == std::string::npos ? "-" : line.substr(at + 7, line.find('"', at + 7) - at - 7));
      }
    }
    return ids;
  }
  void leave(const std::string& name, const std::string& content) const {
    fs::create_directories(options.spool + "/receiving");
    std::ofstream(options.spool + "/receiving/" + name) << content;
  }

  EventStoreOptions options;

 private:
  fs::path path_;
};

std::string line_of(const std::string& id) {
  return R"({"received_at": "2026-12-01T00:00:00.000Z", "receiver": "pagos", )" +
         (id.empty() ? R"("id": null)" : R"("id": ")" + id + '"') +
         R"(, "headers": {}, "body": "x"})";
}

/// Stores them, and gives what became of each: a accepted, r repeated.
std::string store(EventStore& events, const std::vector<std::string>& ids,
                  std::int64_t now = kNow) {
  std::vector<NewEvent> all;
  for (const std::string& id : ids) all.push_back({line_of(id), id});
  std::vector<NewEvent*> rest;
  for (NewEvent& event : all) rest.push_back(&event);
  std::string out;
  while (out.size() < all.size()) {
    Result<std::size_t> stored =
        events.store(std::span<NewEvent* const>(rest).subspan(out.size()), now);
    REQUIRE(stored.ok());
    REQUIRE(stored.value() > 0);
    for (std::size_t n = stored.value(); n > 0; --n) out += all[out.size()].repeated ? 'r' : 'a';
  }
  return out;
}

TEST_CASE("each event is stored once") {
  const Folder folder;
  {
    const auto events = folder.open();
    CHECK(store(*events, {"1", "2", "1", ""}) == "aara");
    CHECK(store(*events, {"2", "3", ""}) == "raa");
    CHECK(folder.published().empty());  // the file is not complete yet
    CHECK(events->complete_all(kNow).ok());
    CHECK(folder.published() == "1 2 - 3 -");
    CHECK(store(*events, {"3", "4"}) == "ra");
    CHECK(events->complete_all(kNow).ok());
    CHECK(events->complete_all(kNow).ok());  // there is none
    CHECK(events->files() == 2);
  }
  CHECK(folder.published() == "1 2 - 3 - 4");
  CHECK(folder.files("receiving").empty());
  const auto again = folder.open();
  CHECK(store(*again, {"1", "2", "3", "4", "5"}) == "rrrra");
}

TEST_CASE("a file is complete when it has as many events, or bytes, as it may, or is old enough") {
  Folder folder;
  SUBCASE("events") {
    folder.options.files.events = 2;
    const auto events = folder.open();
    CHECK(store(*events, {"1", "2", "3", "4", "5"}) == "aaaaa");
    REQUIRE(events->full_file() != nullptr);
    CHECK(events->full_file()->ids.size() == 2);
    CHECK(store(*events, {"2", "4"}) == "rr");  // they are not in new/ yet
    CHECK(events->complete_all(kNow).ok());
    CHECK(folder.files("new").size() == 3);
    CHECK(folder.published() == "1 2 3 4 5");
  }
  SUBCASE("bytes") {
    folder.options.files.bytes = line_of("1").size() * 2 + 2;
    const auto events = folder.open();
    CHECK(store(*events, {"1", "2", "3", "4", "5"}) == "aaaaa");
    CHECK(events->complete_all(kNow).ok());
    CHECK(folder.files("new").size() == 3);
  }
  SUBCASE("time") {
    const auto events = folder.open();
    CHECK(store(*events, {"1"}) == "a");
    CHECK(events->end_file(kNow + 4'999).ok());
    CHECK(events->full_file() == nullptr);
    CHECK(events->end_file(kNow + 5'000).ok());
    REQUIRE(events->full_file() != nullptr);
    CHECK(events->complete(*events->full_file(), kNow).ok());
    CHECK(folder.published() == "1");
    CHECK(store(*events, {"1"}) == "r");
    events->drop_full_file();
    CHECK(store(*events, {"1"}) == "r");
  }
  SUBCASE("time counts from the first event that is stored") {
    const auto events = folder.open();
    CHECK(store(*events, {"1"}) == "a");
    CHECK(events->complete_all(kNow).ok());
    CHECK(store(*events, {"1"}, kNow + 1'000) == "r");
    CHECK(store(*events, {"2"}, kNow + 9'000) == "a");
    CHECK(events->end_file(kNow + 9'001).ok());
    CHECK(events->full_file() == nullptr);
  }
}

TEST_CASE("names of files sort by time, and are never given twice") {
  const Folder folder;
  for (int i = 0; i < 3; ++i) {
    const auto events = folder.open();
    CHECK(store(*events, {std::to_string(i)}) == "a");
    CHECK(events->complete_all(kNow).ok());
    CHECK(store(*events, {"b" + std::to_string(i)}) == "a");
    CHECK(events->complete_all(kNow).ok());
  }
  CHECK(folder.published() == "0 b0 1 b1 2 b2");
  CHECK(folder.files("new").front().filename() == "20261201T000000Z-pagos-000001.ndjson");
}

TEST_CASE("what a receiver that was killed left") {
  const Folder folder;
  const std::string whole = line_of("1") + '\n' + line_of("2") + '\n';
  struct Case {
    const char* what;
    std::string content;
    const char* kept;
    std::uint64_t events;
  };
  const Case cases[] = {
      {"nothing", "", "", 0},
      {"whole events", whole, "1 2", 2},
      {"a line that is not whole", whole + line_of("3").substr(0, 40), "1 2", 2},
      {"a line without its end", whole + line_of("3"), "1 2", 2},
      {"only a part of a line", line_of("3").substr(0, 40), "", 0},
      {"blocks that never came to the disk", whole + std::string(4096, '\0'), "1 2", 2},
      {"the same, with a line end", whole + std::string(4096, '\0') + '\n', "1 2", 2},
      {"a line that is JSON and no event", whole + "{}\n", "1 2", 2},
      {"a line that is damaged, and a whole one behind it",
       line_of("1") + "\n\x01\n" + line_of("2") + '\n', "1 - 2", 2},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    fs::remove_all(folder.options.spool);
    fs::create_directories(folder.options.spool);
    folder.leave("20261130T000000Z-pagos-000009.ndjson", c.content);
    const auto events = folder.open();
    CHECK(folder.files("receiving").empty());
    CHECK(folder.published() == c.kept);
    CHECK(events->left().events == c.events);
    CHECK(events->left().files == (c.events > 0 ? 1 : 0));
    const std::string kept = c.kept;
    CHECK(store(*events, {"1", "2", "3"}) ==
          std::string(kept.find('1') != std::string::npos ? "r" : "a") +
              (kept.find('2') != std::string::npos ? "r" : "a") + "a");
  }
}

TEST_CASE("events that were stored are there after a kill, and known") {
  const Folder folder;
  const auto events = folder.open();
  CHECK(store(*events, {"1", "2"}) == "aa");
  // What is on the disk at that moment, in another place.
  Folder after;
  fs::copy(folder.options.spool, after.options.spool, fs::copy_options::recursive);
  SUBCASE("of the program") {}
  SUBCASE("of the machine, which the ids did not outlive") {
    for (const char* const name : {"ids.sqlite", "ids.sqlite-wal", "ids.sqlite-shm"})
      fs::remove(after.options.spool + "/receiving/" + name);
  }
  const auto again = after.open();
  CHECK(after.published() == "1 2");
  CHECK(store(*again, {"1", "2", "3"}) == "rra");
}

TEST_CASE(
    "ids are forgotten when they are old enough, and those of another receiver are not known") {
  Folder folder;
  folder.options.remember = 60'000;
  {
    const auto events = folder.open();
    CHECK(store(*events, {"1"}) == "a");
    CHECK(events->complete_all(kNow + 60'000).ok());
    CHECK(store(*events, {"1", "2"}, kNow + 60'000) == "ra");
    CHECK(events->complete_all(kNow + 61'000).ok());
    CHECK(store(*events, {"1", "2"}, kNow + 61'000) == "ar");
  }
  folder.options.receiver = "reservas";
  CHECK(store(*folder.open(), {"1"}) == "a");
}

TEST_CASE("one receiver at a time has a spool") {
  const Folder folder;
  const auto events = folder.open();
  Result<std::unique_ptr<EventStore>> other = EventStore::open(folder.options, kNow);
  REQUIRE_FALSE(other.ok());
  CHECK(other.failure().code == FailureCode::receiver_busy);
}

TEST_CASE("a database of ids that is none") {
  const Folder folder;
  fs::create_directories(folder.options.spool);
  folder.leave("ids.sqlite", std::string(8192, 'x'));
  Result<std::unique_ptr<EventStore>> store = EventStore::open(folder.options, kNow);
  REQUIRE_FALSE(store.ok());
  CHECK(store.failure().code == FailureCode::receiver_damaged);
}

TEST_CASE("new/ that is gone fails, and the events are kept until it is there again") {
  const Folder folder;
  const auto events = folder.open();
  CHECK(store(*events, {"1"}) == "a");
  fs::remove(folder.options.spool + "/new");
  CHECK_FALSE(events->complete_all(kNow).ok());
  CHECK(store(*events, {"2", "1"}) == "ar");
  CHECK_FALSE(events->complete_all(kNow).ok());
  fs::create_directory(folder.options.spool + "/new");
  CHECK(events->complete_all(kNow).ok());
  CHECK(folder.published() == "1 2");
  CHECK(events->try_disk().ok());
}

}  // namespace
}  // namespace trama
