// Limits and stops: at which record a run ends, and what it publishes, whatever the cut.

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "report/diagnostics_text.h"
#include "run/run_support.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

/// A record a letter: good, rejected, warned about, or one at which the mapping stops.
std::string dump_of(std::string_view letters) {
  std::string out;
  for (const char c : letters) {
    out += c == 'R'   ? R"({"n":"x","w":"a"})"
           : c == 'J' ? "no JSON"
           : c == 'W' ? R"({"n":1,"w":"zz"})"
           : c == 'S' ? R"({"n":99,"w":"a"})"
                      : R"({"n":1,"w":"a"})";
    out += '\n';
  }
  return out;
}

struct Case {
  std::string limits;
  std::string letters;
  int exit;
  bool published;
  std::uint64_t read;
  std::uint64_t rejected;
};

std::string repeat(std::string_view what, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += what;
  return out;
}

}  // namespace

TEST_CASE("run: limits") {
  const Case kCases[] = {
      // none stated
      {"", "ggg", 0, true, 3, 0},
      {"", "gRg", 1, true, 3, 1},
      {"", "RRR", 2, false, 3, 3},
      {"", "J", 4, false, 1, 1},
      {"", "JR", 2, false, 2, 2},
      {"publish: always", "RRR", 6, true, 3, 3},
      // a number of records: "at most" includes the figure
      {"rejected_at_most: 0", "ggg", 0, true, 3, 0},
      {"rejected_at_most: 0", "ggR", 2, false, 3, 1},
      {"rejected_at_most: 2", "RgRg", 1, true, 4, 2},
      {"rejected_at_most: 2", "RgRgJ", 2, false, 5, 3},
      {"rejected_at_most: 2, publish: always", "RgRgR", 6, true, 5, 3},
      // a share of the records read
      {"rejected_at_most: 10%", repeat("g", 9) + "R", 1, true, 10, 1},
      {"rejected_at_most: 10%", repeat("g", 8) + "R", 2, false, 9, 1},
      {"rejected_at_most: 0.1%", repeat("g", 999) + "R", 1, true, 1000, 1},
      {"rejected_at_most: 0.1%", repeat("g", 998) + "R", 2, false, 999, 1},
      {"rejected_at_most: 33.3%", "ggR", 2, false, 3, 1},
      {"rejected_at_most: 100%", "RRg", 1, true, 3, 2},
      {"rejected_at_most: 100%", "RRR", 2, false, 3, 3},
      // warnings
      {"warnings_at_most: 1", "WgW", 2, false, 3, 0},
      {"warnings_at_most: 2", "WgW", 0, true, 3, 0},
      {"warnings_at_most: 50%", "WgWg", 0, true, 4, 0},
      {"warnings_at_most: 50%, publish: always", "WWg", 6, true, 3, 0},
      // a run that gives up: at the first record at or past that one where a limit is crossed
      {"rejected_at_most: 0, stop_early_after: 1 records", "gRggg", 2, false, 2, 1},
      {"rejected_at_most: 0, stop_early_after: 4 records", "RgggggR", 2, false, 4, 1},
      {"rejected_at_most: 1, stop_early_after: 4 records", "RggggRgR", 2, false, 6, 2},
      {"rejected_at_most: 10%, stop_early_after: 5 records", "Rgggggggggg", 2, false, 5, 1},
      {"rejected_at_most: 10%, stop_early_after: 10 records", "Rggggggggg", 1, true, 10, 1},
      {"rejected_at_most: 10%, stop_early_after: 10 records", "RgggggggggRRRggg", 2, false, 11, 2},
      {"rejected_at_most: 50%, stop_early_after: 500 records", "RRRg", 2, false, 4, 3},
      {"warnings_at_most: 1, stop_early_after: 2 records", "WgggWgg", 2, false, 5, 0},
      {"rejected_at_most: 0, stop_early_after: 1 records, publish: always", "gRggR", 6, true, 5, 2},
      // a stop, at its record
      {"", "ggSgg", 2, false, 3, 1},
      {"rejected_at_most: 100", "gSR", 2, false, 2, 1},
      {"publish: always", "ggSgg", 2, false, 3, 1},
      {"rejected_at_most: 0, publish: always", "RgSg", 2, false, 3, 2},
      // a limit that only warns: exit 1, as any rejected record is
      {"warn_above: 10%", "gRg", 1, true, 3, 1},
      {"warn_above: 1, rejected_at_most: 2", "gRRg", 1, true, 4, 2},
      {"rejected_at_most: 0, stop_early_after: 1 records", "gRSg", 2, false, 2, 1},
  };
  const RunFolder folder;
  for (const Case& c : kCases) {
    const std::string text =
        "mapping: m\nversion: 1\ncolumns:\n  N: {from: n, type: integer}\n  W: {from: w, lookup: "
        "{a: A}, unknown: {write: none, and: warn}}\n"
        "rules: [{name: r, check: N < 99, level: stop, message: too many}]\n" +
        (c.limits.empty() ? "" : "limits: {" + c.limits + "}\n") +
        "output: {format: csv, header: no}\n";
    const LoadedMapping mapping = loaded(folder.write("m.yaml", text));
    const std::string input = folder.write("in", dump_of(c.letters));
    for (const unsigned threads : {1U, 2U, 8U}) {
      for (const std::size_t split :
           {std::size_t{1}, std::size_t{20}, std::size_t{70}, kSplitBytes}) {
        if (c.letters.size() > 100 && split < 70) continue;
        const RunSeen seen =
            run_over(folder, mapping, {input}, {.threads = threads, .split_bytes = split});
        INFO(c.limits, " ", c.letters, " threads ", threads, " split ", split);
        CHECK(static_cast<int>(seen.exit) == c.exit);
        CHECK(seen.published == c.published);
        CHECK(seen.counts.read == c.read);
        CHECK(seen.counts.rejected == c.rejected);
        CHECK(seen.counts.balances());
        CHECK(static_cast<std::uint64_t>(std::count(seen.rows.begin(), seen.rows.end(), '\n')) ==
              seen.counts.rows);
        CHECK(static_cast<std::uint64_t>(std::count(seen.rejects.begin(), seen.rejects.end(),
                                                    '\n')) == seen.counts.rejected);
      }
    }
  }
}
