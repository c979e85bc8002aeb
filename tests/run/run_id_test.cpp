// A run's id: the same for the same content and options, another for any other.

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <string>
#include <thread>

#include "run/run_support.h"
#include "source/input_files.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

std::string id_of(const RunSeen& seen) {
  std::smatch found;
  REQUIRE(std::regex_search(seen.summary, found, std::regex(R"re("run": "([^"]*)")re")));
  return found.str(1);
}

/// Lines of so many bytes in all, of which the one at `other` has another content.
std::string lines_of(std::size_t bytes, std::size_t other = std::string::npos) {
  const std::string line = "{\"id\":\"" + std::string(90, 'a') + "\"}\n";
  std::string out;
  while (out.size() < bytes) {
    const bool here =
        other != std::string::npos && out.size() <= other && other < out.size() + line.size();
    out += here ? "{\"id\":\"" + std::string(90, 'b') + "\"}\n" : line;
  }
  return out;
}

}  // namespace

TEST_CASE("run id: its form, and where it stands") {
  const RunFolder folder;
  const LoadedMapping mapping =
      loaded(folder.write("m.yaml",
                          "mapping: m\nversion: 1\ncolumns: {Id: id, N: {from: n, type: "
                          "integer}}\noutput: {format: csv, header: no, "
                          "audit_columns: [run]}\n"));
  const std::string input = folder.write("in", "{\"id\":1,\"n\":1}\n{\"id\":2,\"n\":\"x\"}\n");
  const RunSeen seen = run_over(folder, mapping, {input});
  const std::string id = id_of(seen);
  CHECK(std::regex_match(id, std::regex("2025-03-04T06-00-00Z-[0-9A-HJKMNP-TV-Z]{26}")));
  CHECK(seen.rows == "1,1," + id + "\n");
  CHECK(seen.rejects.find("{\"run\": \"" + id + "\"") == 0);
  CHECK(id_of(run_over(folder, mapping, {input}, {.threads = 3, .split_bytes = 5})) == id);
}

TEST_CASE("run id: what makes it another") {
  const RunFolder folder;
  const auto mapping_with = [&](const char* column) {
    return loaded(folder.write("m.yaml", "mapping: m\nversion: 1\ncolumns: {" +
                                             std::string(column) +
                                             ": id}\noutput: {format: csv}\n"));
  };
  const LoadedMapping mapping = mapping_with("Id");
  constexpr std::size_t kBig = 3 * kEdgeBytes;
  std::set<std::string> ids;
  std::size_t runs = 0;
  const auto other = [&](const std::string& id) {
    ++runs;
    CHECK(ids.insert(id).second);
  };
  const std::string input = folder.write("in", lines_of(kBig));
  const std::string id = id_of(run_over(folder, mapping, {input}));
  other(id);
  CHECK(id_of(run_over(folder, mapping, {folder.write("in", lines_of(kBig))})) == id);
  // the first and the last MiB, and the size
  other(id_of(run_over(folder, mapping, {folder.write("in", lines_of(kBig, 0))})));
  other(id_of(run_over(folder, mapping, {folder.write("in", lines_of(kBig, kEdgeBytes - 1))})));
  other(id_of(run_over(folder, mapping, {folder.write("in", lines_of(kBig, kBig - 1))})));
  other(id_of(run_over(folder, mapping, {folder.write("in", lines_of(kBig + 1000))})));
  // what lies between is not looked at: two such dumps are told apart by their sha256
  CHECK(id_of(run_over(folder, mapping, {folder.write("in", lines_of(kBig, kBig / 2))})) == id);
  // its name, the number of inputs and their order
  folder.write("in", lines_of(kBig));
  folder.write("in2", lines_of(kBig));
  other(id_of(run_over(folder, mapping, {folder.at("in2")})));
  other(id_of(run_over(folder, mapping, {folder.at("in"), folder.at("in2")})));
  other(id_of(run_over(folder, mapping, {folder.at("in2"), folder.at("in")})));
  // the mapping, and options that change rows
  other(id_of(run_over(folder, mapping_with("Nr"), {input})));
  other(id_of(run_over(folder, mapping, {input}, {.max_record_bytes = 50})));
  CHECK(ids.size() == runs);
}

TEST_CASE("run id: a pipe by its first MiB, which is read once") {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write(
      "m.yaml", "mapping: m\nversion: 1\ncolumns: {Id: id}\noutput: {format: csv, header: no}\n"));
  REQUIRE(::mkfifo(folder.at("pipe").c_str(), 0600) == 0);
  const auto piped = [&](const std::string& text) {
    std::thread writer([&] { std::ofstream(folder.at("pipe"), std::ios::binary) << text; });
    RunSeen seen = run_over(folder, mapping, {folder.at("pipe")}, {.threads = 2});
    writer.join();
    return seen;
  };
  constexpr std::size_t kBig = 2 * kEdgeBytes;
  const RunSeen whole = run_over(folder, mapping, {folder.write("in", lines_of(kBig))});
  const RunSeen first = piped(lines_of(kBig));
  CHECK(first.rows == whole.rows);
  CHECK(id_of(piped(lines_of(kBig))) == id_of(first));
  CHECK(id_of(piped(lines_of(kBig, kBig - 1))) == id_of(first));  // behind the first MiB
  CHECK(id_of(piped(lines_of(kBig, kEdgeBytes - 1))) != id_of(first));
  for (const std::size_t bytes : {std::size_t{1}, kEdgeBytes - 1000, kEdgeBytes + 1000}) {
    const RunSeen seen = piped(lines_of(bytes));
    CHECK(seen.exit == Exit::ok);
    CHECK(seen.counts.read == (bytes + 99) / 100);
    CHECK((id_of(seen) == id_of(first)) == (bytes > kEdgeBytes));
  }
  CHECK(piped("").exit == Exit::input);
}
