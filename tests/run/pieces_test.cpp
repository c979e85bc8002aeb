// What a worker hands on is bounded by what it makes, and so is what one record may make.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "run/run_support.h"

using namespace trama;
using namespace trama::test;

namespace {

std::string mapping_of(const std::string& body, const std::string& output = "format: csv") {
  const std::string header = output.find("csv") == std::string::npos ? "" : ", header: no";
  return "mapping: m\nversion: 1\n" + body + "output: {" + output + header + "}\n";
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("pieces: limits are judged at the same record however a split is handed on") {
  const RunFolder folder;
  std::string dump;
  for (int i = 1; i <= 400; ++i)
    dump += "{\"id\":\"" + std::to_string(i) + "\",\"n\":" + (i % 7 == 0 ? "\"x\"" : "1") +
            (i % 11 == 0 ? ",\"new\":1" : "") + "}\n";
  const std::string input = folder.write("in", dump);
  for (const char* limits : {"limits: {rejected_at_most: 20, stop_early_after: 50}\n",
                             "limits: {rejected_at_most: 5, stop_early_after: 300}\n",
                             "limits: {warnings_at_most: 9, stop_early_after: 1}\n",
                             "limits: {rejected_at_most: 100 %}\n"}) {
    const LoadedMapping mapping = loaded(folder.write(
        "m.yaml", mapping_of("input: {id: id, fields_nobody_uses: warn}\ncolumns:\n  Id: id\n"
                             "  N: {from: n, type: integer}\n" +
                             std::string(limits))));
    const RunSeen whole = run_over(folder, mapping, {input});
    for (const unsigned threads : {1U, 3U})
      for (const std::size_t split : {std::size_t{200}, std::size_t{100000}})
        for (const std::size_t piece : {std::size_t{1}, std::size_t{60}, std::size_t{5000}}) {
          INFO(limits, " threads ", threads, " split ", split, " piece ", piece);
          check_same(whole,
                     run_over(folder, mapping, {input},
                              {.threads = threads, .split_bytes = split, .piece_bytes = piece}));
        }
  }
}

TEST_CASE("pieces: a stop ends the run inside a split") {
  const RunFolder folder;
  std::string dump;
  for (int i = 1; i <= 90; ++i) dump += "{\"a\":" + std::string(i == 70 ? "\"x\"" : "1") + "}\n";
  const std::string input = folder.write("in", dump);
  const LoadedMapping mapping = loaded(folder.write(
      "m.yaml", mapping_of("columns:\n  A: {from: a, type: integer, when_wrong: stop}\n")));
  const RunSeen whole = run_over(folder, mapping, {input});
  CHECK(whole.counts.read == 70);
  check_same(whole, run_over(folder, mapping, {input}, {.threads = 2, .piece_bytes = 1}));
}

TEST_CASE("rows of one record: more bytes than allowed reject it whole") {
  const RunFolder folder;
  const std::string text(300, 'x');
  const std::string rows = "rows: {one_per: l, called: x}\n";
  std::string list;
  for (int i = 0; i < 50; ++i) list += (i > 0 ? ",{\"n\":" : "{\"n\":") + std::to_string(i) + "}";
  // between two that are as they should be: the second makes 50 rows
  const std::string dump = "{\"id\":1,\"d\":\"" + text +
                           "\",\"l\":[{\"n\":1}]}\n{\"id\":2,\"d\":\"" + text + "\",\"l\":[" +
                           list + "]}\n{\"id\":3,\"d\":\"=1\",\"l\":[{\"n\":2}]}\n";
  const std::string input = folder.write("in", dump);
  struct Case {
    const char* about;
    std::string mapping;
    std::size_t most;
  };
  const Case cases[] = {
      {"as written: CSV", mapping_of(rows + "columns:\n  D: d\n  N: x.n\n"), 8000},
      {"as written: NDJSON", mapping_of(rows + "columns:\n  D: d\n  N: x.n\n", "format: ndjson"),
       8000},
      {"as written: JSON", mapping_of(rows + "columns:\n  D: d\n  N: x.n\n", "format: json"), 8000},
      {"as written, for Excel",
       mapping_of(rows + "columns:\n  D: d\n  N: x.n\n", "format: csv, for_excel: yes"), 8000},
      {"values of rows", mapping_of(rows + "columns:\n  A: x.n\n  B: x.n\n  C: x.n\n"), 4000},
      {"a text that is made",
       mapping_of(rows + "columns:\n  D: {from: d, replace: {x: " + std::string(400, 'y') + "}}\n"),
       200000},
      {"parts that are joined",
       mapping_of(rows + "columns:\n  D: {from: 'l[*].n', join: '" + std::string(4000, ';') +
                  "'}\n  N: x.n\n"),
       100000},
      {"padded", mapping_of(rows + "columns:\n  D: {from: d, pad: {to: 9000, with: é}}\n"), 150000},
      {"objects of each",
       mapping_of("columns:\n  Id: id\n  L:\n    each: l\n    called: x\n    columns:\n      A: "
                  "x.n\n      B: {value: " +
                      std::string(900, 'b') + "}\n",
                  "format: ndjson"),
       20000},
  };
  for (const Case& c : cases) {
    INFO(c.about);
    const LoadedMapping mapping = loaded(folder.write("m.yaml", c.mapping));
    const RunSeen seen = run_over(folder, mapping, {input}, {.rows_bytes = c.most});
    INFO(seen.rejects);
    CHECK(seen.counts.written == 2);
    REQUIRE(seen.counts.rejected == 1);
    CHECK(has(seen.rejects, "\"code\": \"ROWS_TOO_BIG\""));
    CHECK(has(seen.rejects, "\"record\": 2"));
    CHECK(has(seen.rejects, std::to_string(c.most) + " bytes"));
    CHECK(seen.counts.rows == 2);  // no row of it is written in part
    CHECK(lines_in(seen.rows) == (has(c.mapping, "format: json") ? 4 : 2));
    CHECK(run_over(folder, mapping, {input}).counts.rejected == 0);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{700}})
      check_same(
          seen,
          run_over(folder, mapping, {input},
                   {.threads = 2, .split_bytes = 400, .piece_bytes = piece, .rows_bytes = c.most}));
  }
}

TEST_CASE("rows of one record: what is made safe of rows that are taken back does not count") {
  const RunFolder folder;
  const std::string safe = "=1+" + std::string(300, '1');
  const std::string input =
      folder.write("in", "{\"d\":\"=1\",\"l\":[1]}\n{\"d\":\"" + safe +
                             "\",\"l\":[1,2,3,4,5,6,7,8]}\n{\"d\":\"=2\",\"l\":[1]}\n");
  const LoadedMapping mapping = loaded(
      folder.write("m.yaml", mapping_of("rows: {one_per: l, called: x}\ncolumns:\n  D: d\n  X: x\n",
                                        "format: csv, for_excel: yes")));
  CHECK(run_over(folder, mapping, {input}, {.rows_bytes = 1000}).counts.made_safe == 2);
  CHECK(run_over(folder, mapping, {input}).counts.made_safe == 10);
}

TEST_CASE("errors of one record: the first are told, with their places, and the rest counted") {
  const RunFolder folder;
  std::string list;
  for (int i = 0; i < 3000; ++i)
    list += (i > 0 ? ",\n{\"n\":\"w" : "{\"n\":\"w") + std::to_string(i) + "\"}";
  const std::string input = folder.write("in.json", "[{\"id\":\"a\",\"l\":[" + list + "]}]");
  const LoadedMapping mapping = loaded(folder.write(
      "m.yaml",
      mapping_of("rows: {one_per: l, called: x}\ncolumns:\n  N: {from: x.n, type: integer}\n"
                 "  M: {from: x.n, type: boolean}\n")));
  const RunSeen seen = run_over(folder, mapping, {input});
  CHECK(has(seen.rejects, "\"more_errors\": 5900,"));
  CHECK(has(seen.rejects, "\"path\": \"/l/49/n\""));
  CHECK(!has(seen.rejects, "\"path\": \"/l/50/n\""));
  CHECK(has(seen.rejects, "\"data_at\": \"50:6\""));
  CHECK(has(
      seen.summary,
      "\"code\": \"NUMBER_UNREADABLE\", \"where\": \"N\", \"kind\": \"column\", \"count\": 3000"));
  REQUIRE(seen.counts.shown.size() == 1);
  CHECK(seen.counts.shown[0].errors.size() == kShownErrors);
  CHECK(seen.counts.shown[0].more_errors == 6000 - kShownErrors);
}
