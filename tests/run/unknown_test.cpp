// Values that a lookup did not find are counted by lookup, the same on any number of threads and
// however the input is cut; personal ones are never shown (mappings/rules.md, rule 9.33).

#include <doctest/doctest.h>

#include <string>

#include "run/run_support.h"
#include "support/mapped.h"

namespace trama::test {
namespace {

constexpr const char* kMapping = R"(mapping: m
version: 1
input: {format: ndjson, id: id}
tables:
  pares: {file: pares.csv, key: [hotel, tipo], value: nombre, separator: ";", source: {uso: si}}
columns:
  R: {from: r, lookup: {a: A}}
  K:
    from: k
    lookup:
      a: A
    unknown: keep
  W: {from: w, lookup: {a: A}, unknown: {write: otro, and: warn}}
  P: {from: p, lookup: {a: A}, unknown: keep, personal: yes}
  Q: {from: p, lookup: {a: A}, unknown: keep, personal: no}
  B: {by: [h, t], lookup: pares, unknown: write-blank}
  Z: {from: z, type: datetime, no_zone_means: {from: zz, lookup: {x: UTC}}}
)";

std::string record(int i) {
  const std::string n = std::to_string(i);
  std::string out = R"({"id":")" + n + R"(","r":")" + (i % 5 == 0 ? "r" + std::to_string(i % 7) : "a");
  out += R"(","k":")" + std::string(i % 3 == 0 ? "CONF" : "k" + n) + R"(","w":")" +
         (i % 2 == 0 ? "a" : "w" + std::to_string(i % 300));
  out += R"(","p":"secret-)" + n + R"(","h":"H)" + std::to_string(i % 2) +
         R"(","t":"T","z":"2025-01-02T03:04:05")" + R"(,"zz":")" + (i % 11 == 0 ? "y" : "x") + "\"}\n";
  return out;
}

}  // namespace

TEST_CASE("unknown values: by lookup, however the input is cut") {
  const RunFolder folder;
  folder.write("pares.csv", "hotel;uso;nombre;tipo\nH9;si;Uno;T\nH0;no;Otro;T\n");
  const std::string path = folder.write("m.yaml", kMapping);
  const LoadedMapping mapping = loaded(path);
  std::string text;
  for (int i = 0; i < 1500; ++i) text += record(i);
  const std::string dump = folder.write("dump", text);
  const RunSeen seen = run_over(folder, mapping, {dump});
  const auto has = [&](std::string_view part) {
    INFO(seen.summary);
    INFO(part);
    CHECK(seen.summary.find(part) != std::string::npos);
  };
  has(R"("column": "R", "mapping_at": "m.yaml:7:16", "reason": "not_in_table", "count": 300, )");
  has(R"({"key": ["r0"], "count": 43}, {"key": ["r1"], "count": 43}, )");
  has(R"("table": {"name": "the lookup of R", "form": "yaml-braces", "last": "m.yaml:7:25", "line": ", {1}: "})");
  has(R"("table": {"name": "the lookup of K", "form": "yaml", "last": "m.yaml:11:7", "line": "      {1}:"})");
  has(R"("column": "P", "mapping_at": "m.yaml:14:16", "reason": "unknown_kept", )");
  has(R"("hidden": true, "values": [], "not_listed": 0, )");
  has(R"({"key": ["H0", "T"], "count": )");
  has(R"("form": "csv", "last": "pares.csv:2:1", "line": "{1};si;?;{2}"})");
  has(R"("column": "Z")");
  has(R"({"key": ["y"], "count": 137})");
  CHECK(seen.summary.find("secret") == std::string::npos);
  for (const std::size_t split : {std::size_t{200}, std::size_t{5000}}) {
    for (const unsigned threads : {1U, 3U}) {
      const RunSeen cut =
          run_over(folder, mapping, {dump}, {.threads = threads, .split_bytes = split});
      check_same(cut, seen);
    }
  }
}

}  // namespace trama::test
