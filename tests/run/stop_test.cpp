// Each run is told who may stop it: no run stops with another, and none waits on when it is asked.

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "base/stop_flag.h"
#include "run/run_support.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

constexpr std::string_view kMapping = R"(mapping: m
version: 1
columns:
  N: n
)";

/// Both ends of a pipe, and what the program calls them.
class Pipe {
 public:
  Pipe() { REQUIRE(::pipe(ends_) == 0); }
  ~Pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] std::string from() const { return "/dev/fd/" + std::to_string(ends_[0]); }
  [[nodiscard]] std::string to() const { return "/dev/fd/" + std::to_string(ends_[1]); }

 private:
  int ends_[2] = {-1, -1};
};

std::string records(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += "{\"n\":" + std::to_string(i) + "}\n";
  return lines;
}

/// A run that is asked to stop while it waits.
Exit stopped_while_waiting(RunOptions options, const LoadedMapping& mapping, unsigned threads) {
  StopFlag stop;
  options.stop = &stop;
  options.threads = threads;
  const std::jthread other([&stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    stop.ask(SIGTERM);
  });
  return run(*mapping.plan, mapping.run, options).exit;
}

}  // namespace

TEST_CASE("stop: only the run that is asked") {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write("m.yaml", kMapping));
  StopFlag stop;
  stop.ask(SIGINT);
  RunOptions options;
  options.inputs = {folder.write("in", records(10))};
  options.output = folder.at("out");
  options.stop = &stop;
  CHECK(run(*mapping.plan, mapping.run, options).exit == Exit::interrupted);
  CHECK_FALSE(folder.has("out"));
  CHECK_FALSE(folder.has("out.incomplete"));
  RunOptions other = options;
  other.stop = &kNeverStopped;
  CHECK(run(*mapping.plan, mapping.run, other).exit == Exit::ok);
  CHECK(folder.has("out"));
}

TEST_CASE("stop: in the middle, by who looks at how far it is") {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write("m.yaml", kMapping));
  StopFlag stop;
  RunOptions options;
  options.inputs = {folder.write("in", records(2000))};
  options.output = folder.at("out");
  options.split_bytes = 100;
  options.threads = 2;
  options.stop = &stop;
  std::uint64_t last = 0;
  options.progress = [&](const RunProgress& at) {
    CHECK(at.records >= last);
    CHECK(at.bytes <= at.bytes_in_all);
    last = at.records;
    if (at.records > 50) stop.ask(SIGTERM);
  };
  CHECK(run(*mapping.plan, mapping.run, options).exit == Exit::terminated);
  CHECK(last > 50);
  CHECK(last < 2000);
  CHECK_FALSE(folder.has("out"));
}

TEST_CASE("stop: while it waits for an input, in each pass, or for who reads its rows") {
  const RunFolder folder;
  for (const std::string_view duplicates : {"", "duplicates: {same: n, keep: last}\n"}) {
    const LoadedMapping mapping =
        loaded(folder.write("m.yaml", std::string(kMapping) + std::string(duplicates)));
    for (const unsigned threads : {1U, 3U}) {
      INFO(duplicates, threads, " threads");
      const Pipe empty;
      RunOptions options;
      options.inputs = {empty.from()};
      options.output = folder.at("out");
      CHECK(stopped_while_waiting(options, mapping, threads) == Exit::terminated);
      CHECK_FALSE(folder.has("out"));
      const Pipe full;
      options.inputs = {folder.write("in", records(100000))};
      options.output = full.to();
      CHECK(stopped_while_waiting(options, mapping, threads) == Exit::terminated);
    }
  }
}
