// Nothing is silent (mappings/rules.md, rule 9.33): what was done to values beside is counted by
// column, with the first record; it is no warning.

#include <doctest/doctest.h>

#include <string>

#include "run/run_support.h"
#include "support/mapped.h"

namespace trama::test {
namespace {

/// A line a notice: "CODE column × count first record".
std::string notices(const RunSeen& seen, const LoadedMapping& mapping) {
  std::string out;
  for (const auto& [key, tally] : seen.counts.notices)
    out += std::string(name(key.second)) + ' ' + mapping.plan->columns[key.first].name + " × " +
           std::to_string(tally.count) + " first " + std::to_string(tally.first.record) + ' ' +
           tally.first.id + '\n';
  return out;
}

constexpr const char* kRates =
    "day,from,to,rate\n2025-03-03,EUR,USD,1.10\n2025-03-05,EUR,USD,1.20\n";

constexpr const char* kMapping = R"(mapping: m
version: 1
input: {id: id}
tables:
  t: {kind: rates, file: r.csv, date: day, from: from, to: to, rate: rate, no_rate_that_day: use-previous, at_most_days_old: 5}
rows: {one_per: xs, called: x}
columns:
  Day: {from: d, type: date, zone: {from: z, when_blank: UTC}, no_zone_means: {from: y, when_blank: America/Lima}}
  T: {from: t, type: money, currency: {from: c, when_blank: EUR}, convert_to: USD, rates: t, rate_date: Day, decimals: 2, rounding: half-up, on_extra_rows: leave-blank}
  X: {from: x.p, type: money, currency: EUR, minor_units: {from: x.mu, when_blank: 2}}
  K: {from: k, lookup: {a: A}, unknown: keep}
  W: {from: k, lookup: {a: A}, unknown: {write: otro}}
  V: {from: k, lookup: {a: A}, unknown: {write: otro, and: warn}}
  B: {from: x.k, lookup: {a: A}, unknown: write-blank}
limits: {warnings_at_most: 2}
)";

}  // namespace

TEST_CASE("notices: by column, with count and first record, however the input is cut") {
  const RunFolder folder;
  folder.write("r.csv", kRates);
  const LoadedMapping mapping = loaded(folder.write("m.yaml", kMapping));
  const std::string dump = folder.write(
      "dump",
      R"({"id":"r1","d":"2025-03-03T10:00:00Z","z":"UTC","t":"1","c":"EUR","k":"a","xs":[{"p":"5","mu":1,"k":"a"}]})"
      "\n"
      R"({"id":"r2","d":"2025-03-04T10:00:00","t":"1","k":"q","xs":[{"p":"5","k":"q"},{"p":"5","k":"q"}]})"
      "\n"
      R"({"id":"bad","d":"soon","t":"1","k":"q","xs":[{"p":"5","k":"q"}]})"
      "\n"
      R"({"id":"r4","d":"2025-03-04","t":null,"k":"z","xs":[{"p":"5","mu":"2","k":"a"}]})"
      "\n");
  const RunSeen seen = run_over(folder, mapping, {dump});
  CHECK(notices(seen, mapping) ==
        "ZONE_DEFAULT Day × 1 first 2 r2\n"
        "CURRENCY_DEFAULT T × 1 first 2 r2\n"
        "RATE_OF_EARLIER_DAY T × 1 first 2 r2\n"
        "MINOR_UNITS_DEFAULT X × 2 first 2 r2\n"
        "UNKNOWN_KEPT K × 2 first 2 r2\n"
        "UNKNOWN_WRITTEN W × 2 first 2 r2\n"
        "UNKNOWN_LEFT_BLANK B × 2 first 2 r2\n");
  INFO("they are no warnings: those of V alone count, for the limit too");
  CHECK(seen.counts.warnings == 3);
  CHECK(
      seen.summary.find(
          R"({"code": "CURRENCY_DEFAULT", "column": "T", "message": "the default currency was taken, as the field is blank", "count": 1, "first": {"file": ")") !=
      std::string::npos);
  for (const std::size_t split : {std::size_t{64}, std::size_t{200}}) {
    for (const unsigned threads : {1U, 3U}) {
      const RunSeen cut =
          run_over(folder, mapping, {dump}, {.threads = threads, .split_bytes = split});
      CHECK(notices(cut, mapping) == notices(seen, mapping));
      check_same(cut, seen);
    }
  }
}

TEST_CASE("notices: none where nothing was done") {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\ncolumns:\n  T: {from: t, type: money, currency: {from: c, "
      "when_blank: EUR}}\n  D: {from: d, type: date, zone: {from: z, when_blank: UTC}}\n"));
  const std::string dump = folder.write("dump",
                                        "{\"t\":null,\"d\":\"2025-03-01\"}\n{\"t\":1,\"c\":"
                                        "\"EUR\",\"d\":null}\n");
  const RunSeen seen = run_over(folder, mapping, {dump});
  INFO("a blank amount has no currency, a day no zone");
  CHECK(notices(seen, mapping) == "");
  CHECK(seen.summary.find("\"notices\": []") != std::string::npos);
}

TEST_CASE("notices: items that a sum passes over, lists of nothing aside") {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\ninput: {id: id}\ncolumns:\n"
      "  S: {from: \"f[*].g[*].v\", type: decimal, total: sum}\n"
      "  C: {from: \"f[*].g[*].v\", total: count}\n"
      "  T: {from: [\"f[*].g[*].v\", \"h[*].v\", \"i.j[*].v\"], type: decimal, total: sum, optional: yes}\n"
      "  P: {from: {list: p, where: t, is: X, take: v}, type: decimal, total: sum}\n"));
  const std::string dump = folder.write(
      "dump",
      "{\"id\":1,\"f\":[{\"g\":[]},{},{\"g\":null},{\"g\":[{\"v\":1}]}],\"p\":[{\"t\":\"X\",\"v\":1},{\"t\":\"Y\"}]}\n"
      "{\"id\":2,\"f\":[{\"g\":[{\"v\":1},{\"w\":1}]}],\"p\":[]}\n"
      "{\"id\":3,\"f\":[{\"g\":[{\"v\":null}]}],\"p\":[{\"t\":\"X\",\"v\":1},{\"t\":\"X\"}]}\n");
  const RunSeen seen = run_over(folder, mapping, {dump});
  CHECK(notices(seen, mapping) == "ITEMS_BLANK S × 1 first 2 2\nITEMS_BLANK T × 1 first 2 2\nITEMS_BLANK P × 1 first 3 3\n");
}

TEST_CASE("notices: an item that is left out takes its own along") {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\nrows: {one_per: xs, called: x, bad_item: skip-item}\ncolumns:\n"
      "  P: {from: x.p, type: money, currency: {from: x.c, when_blank: EUR}}\n"
      "  N: {from: x.n, type: integer}\n"));
  const std::string dump =
      folder.write("dump", R"({"xs":[{"p":1,"n":"x"},{"p":1,"n":1},{"p":1,"n":2,"c":"EUR"}]})"
                           "\n");
  const RunSeen seen = run_over(folder, mapping, {dump});
  CHECK(notices(seen, mapping) == "CURRENCY_DEFAULT P × 1 first 1 \n");
}

}  // namespace trama::test
