// Rejects run again: the records with the places that they had in their dump, through the same
// mapping with the same errors, through a repaired one with the rows that were missing.

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "report/diagnostics_text.h"
#include "run/rejects_source.h"
#include "run/run_support.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

std::string mapping_text(const std::string& input, const std::string& more,
                         const std::string& rooms) {
  return "mapping: m\nversion: 1\ninput: {" + input + "}\n" + more +
         "columns:\n"
         "  Id: {from: id, required: yes}\n"
         "  Amount: {from: amount, type: decimal, decimals: 2, rounding: half-up}\n"
         "  Room: {from: room, lookup: " +
         rooms +
         "}\n"
         "output: {format: csv, header: no, audit_columns: [file, record, line]}\n";
}

constexpr const char* kFew = "{DBL: Doble}";
constexpr const char* kAll = "{DBL: Doble, SGL: Single, QUA: Cuadruple}";

LoadedMapping for_replay_of(const RunFolder& folder, const std::string& text) {
  LoadedMapping mapping = loaded(folder.write("m.yaml", text));
  REQUIRE(for_replay(*mapping.plan).ok());
  return mapping;
}

std::string sorted(const std::string& lines) {
  std::vector<std::string> all;
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) all.push_back(line);
  std::sort(all.begin(), all.end());
  std::string out;
  for (const std::string& line : all) out += line + '\n';
  return out;
}

/// The lines of a rejects file but those of stage `duplicate`.
std::string without_duplicates(const std::string& rejects) {
  std::string out;
  std::istringstream lines(rejects);
  for (std::string line; std::getline(lines, line);)
    if (line.find("\"stage\": \"duplicate\"") == std::string::npos) out += line + '\n';
  return out;
}

std::string record(std::mt19937& random, int number) {
  const auto one_of = [&random](std::initializer_list<const char*> list) {
    return std::string(list.begin()[random() % list.size()]);
  };
  switch (random() % 25) {
    case 0:
      return one_of({"7", "null", "{\"id\":}", "{\"id\":\"\\q\"}", "tru", "{\"id\":01}", "[]"});
    case 1:
      return "{\"id\":\"x\",\"id\":\"y\"}";
    case 2:
      return "{\"id\":\"\xff\"}";
    case 3:
      return "{\"id\":\"x\",\"more\":\"" + std::string(6000, 'r') + "\"}";
    default:
      return "{\"id\": \"B-" + std::to_string(number) + "\", \"key\":\"K" +
             std::to_string(random() % 40) +
             "\",\"amount\":" + one_of({"1.005", "\"x\"", "null", "12", "\"0.1\""}) +
             ", \"room\":\"" + one_of({"DBL", "SGL", "QUA"}) + "\",\"day\":\"2025-01-" +
             std::to_string(10 + random() % 20) + "\"}";
  }
}

}  // namespace

TEST_CASE("replay: the same mapping refuses them again, a repaired one gives what was missing") {
  const RunFolder folder;
  std::mt19937 random(7);
  for (const char* more :
       {"", "duplicates: {same: key}\n", "duplicates: {same: key, keep: last, others: reject}\n",
        "duplicates: {same: key, keep: highest day, others: reject}\n",
        "duplicates: {same: [key, id], keep: none}\n", "only: {when: source.key != \"K1\"}\n",
        "limits: {rejected_at_most: 1%, stop_early_after: 1000}\n"}) {
    for (const bool lines : {true, false}) {
      std::string dump;
      for (int i = 1; i <= 200; ++i) {
        std::string one = record(random, i);
        if (!lines && random() % 2 == 0)
          one.insert(one.find_last_of(",") == std::string::npos ? 0 : one.find_last_of(",") + 1,
                     "\r\n   ");
        dump += (i == 1 ? "" : lines ? "\n" : random() % 2 == 0 ? ",\n " : ", ") + one;
      }
      if (!lines) dump = "[\n" + dump + "]";
      const std::string input = folder.write("dump", dump);
      INFO(more, " ", lines);
      const RunHow how = {.max_record_bytes = 5000};
      const LoadedMapping whole =
          loaded(folder.write("m.yaml", mapping_text("id: id", more, kFew)));
      const RunSeen first = run_over(folder, whole, {input}, how);
      const LoadedMapping repaired =
          loaded(folder.write("m.yaml", mapping_text("id: id", more, kAll)));
      const RunSeen wanted = run_over(folder, repaired, {input}, how);
      CHECK(first.counts.rejected > wanted.counts.rejected);

      const std::string rejects = folder.write("rejects", first.rejects);
      for (const RunHow cut :
           {RunHow{.threads = 1, .max_record_bytes = 5000, .replay = true},
            RunHow{.threads = 3, .split_bytes = 100, .max_record_bytes = 5000, .replay = true}}) {
        const RunSeen same = run_over(
            folder, for_replay_of(folder, mapping_text("id: id", more, kFew)), {rejects}, cut);
        CHECK(without_runs(same.rejects) == without_runs(without_duplicates(first.rejects)));
        CHECK(same.counts.rejected + same.counts.duplicates == first.counts.rejected);
        CHECK(same.rows == "");
        CHECK(same.exit == Exit::limits);

        const RunSeen again = run_over(
            folder, for_replay_of(folder, mapping_text("id: id", more, kAll)), {rejects}, cut);
        CHECK(sorted(first.rows + again.rows) == sorted(wanted.rows));
        CHECK(without_runs(again.rejects) == without_runs(without_duplicates(wanted.rejects)));
        CHECK(again.exit == Exit::rejected);
        CHECK(again.counts.balances());
        CHECK(again.published);
      }
    }
  }
}

TEST_CASE("replay: entries of an object keep their keys, and several dumps their names") {
  const RunFolder folder;
  const std::string text =
      "mapping: m\nversion: 1\ninput: {records: 'data{*}', id: $key}\ncolumns:\n"
      "  Key: $key\n  N: {from: n, type: integer}\n"
      "output: {format: csv, header: no, audit_columns: [file, record, line]}\n";
  const LoadedMapping mapping = loaded(folder.write("m.yaml", text));
  const std::string one =
      folder.write("one", "{\"data\": {\"a\\n\\\"b\": {\"n\":\n\"x\"}, \"c\": {\"n\": 1}}}");
  const std::string two =
      folder.write("two", "{\"data\": {\"é\": {\"n\": 1.5}, \"\": {\"n\": [7]}}}");
  const RunSeen first = run_over(folder, mapping, {one, two});
  CHECK(first.counts.rejected == 3);
  const std::string rejects = folder.write("rejects", first.rejects);
  const RunSeen same = run_over(folder, for_replay_of(folder, text), {rejects}, {.replay = true});
  CHECK(without_runs(same.rejects) == without_runs(first.rejects));
  std::string repaired = text;
  repaired.replace(repaired.find("type: integer"), 13, "type: json");
  const RunSeen rows =
      run_over(folder, for_replay_of(folder, repaired), {rejects}, {.replay = true});
  CHECK(rows.rows == "\"a\n\"\"b\",\"\"\"x\"\"\"," + one + ",1,1\né,1.5," + two + ",1,1\n,[7]," +
                         two + ",2,1\n");
  // what is rejected once more can be run once more, in two files too
  const std::size_t half = first.rejects.find('\n') + 1;
  const RunSeen apart = run_over(folder, for_replay_of(folder, repaired),
                                 {folder.write("r1", first.rejects.substr(0, half)),
                                  folder.write("r2", first.rejects.substr(half))},
                                 {.replay = true});
  CHECK(apart.rows == rows.rows);
}

TEST_CASE("replay: a list that cannot be cut, and one that is cut off") {
  const RunFolder folder;
  const std::string text = mapping_text("id: id", "", kAll);
  for (const char* dump : {"[{\"id\":\"1\",\"room\":\"DBL\"},\n {\"id\":\"2\"}}, {\"id\":\"3\"}]",
                           "[{\"id\":\"1\",\"room\":\"DBL\"},\n {\"id\":\"2\", \"room"}) {
    const RunSeen first =
        run_over(folder, loaded(folder.write("m.yaml", text)), {folder.write("dump", dump)});
    CHECK(first.exit == Exit::input);
    const RunSeen same = run_over(folder, for_replay_of(folder, text),
                                  {folder.write("rejects", first.rejects)}, {.replay = true});
    INFO(dump);
    CHECK(same.exit == Exit::limits);
    CHECK(without_runs(same.rejects) == without_runs(first.rejects));
  }
}

TEST_CASE("replay: no rejects at all are no error") {
  const RunFolder folder;
  const LoadedMapping mapping = for_replay_of(folder, mapping_text("id: id", "", kAll));
  for (const char* nothing : {"", "\n\n"}) {
    const RunSeen seen =
        run_over(folder, mapping, {folder.write("rejects", nothing)}, {.replay = true});
    CHECK(seen.exit == Exit::ok);
    CHECK(seen.published);
    CHECK(seen.rows == "");
    CHECK(seen.counts.read == 0);
  }
}

TEST_CASE("replay: a mapping whose duplicates or records changed is refused") {
  const RunFolder folder;
  const std::string dump =
      folder.write("dump", "{\"id\":\"1\",\"key\":\"K\",\"room\":\"QUA\",\"amount\":\"1\"}\n");
  struct Case {
    const char* input;
    const char* more;
    const char* was;
  };
  constexpr Case kBase = {"id: id", "duplicates: {same: key}\n", ""};
  const RunSeen first = run_over(
      folder, loaded(folder.write("m.yaml", mapping_text(kBase.input, kBase.more, kFew))), {dump});
  const std::string rejects = folder.write("rejects", first.rejects);
  const Case cases[] = {
      {"id: id", "", "and the mapping now says none"},
      {"id: id", "duplicates: {same: id}\n", "now says 'keep first of /id; others: report'"},
      {"id: id", "duplicates: {same: [key, id]}\n", "'keep first of /key, /id; others: report'"},
      {"id: id", "duplicates: {same: key, keep: last}\n", "'keep last of /key; others: report'"},
      {"id: id", "duplicates: {same: key, keep: highest day}\n", "'keep highest /day of /key;"},
      {"id: id", "duplicates: {same: key, others: reject}\n",
       "'keep first of /key; others: reject'"},
      {"id: id, records: data", "duplicates: {same: key}\n",
       "were found by 'auto', and the mapping now says 'json /data'"},
      {"id: id, records: 'data{*}'", "duplicates: {same: key}\n", "'json /data{*}'"},
      {"id: id, format: json", "duplicates: {same: key}\n", "now says 'json'"},
  };
  for (const Case& c : cases) {
    const RunSeen seen =
        run_over(folder, for_replay_of(folder, mapping_text(c.input, c.more, kAll)), {rejects},
                 {.replay = true});
    INFO(c.input, c.more);
    CHECK(seen.exit == Exit::mapping);
    REQUIRE(seen.endings.size() == 1);
    INFO(seen.endings.front());
    CHECK(seen.endings.front().find(c.was) != std::string::npos);
    CHECK(!folder.has("out"));
    CHECK(!folder.has("out.rejects"));
  }
  // spelling is no change
  const RunSeen seen = run_over(
      folder,
      for_replay_of(folder,
                    mapping_text("id: id, null_words: [x]",
                                 "duplicates: {same: /key, keep: first, others: report}\n", kAll)),
      {rejects}, {.replay = true});
  CHECK(seen.exit == Exit::ok);
}

TEST_CASE("replay: a record that is there twice is refused") {
  const RunFolder folder;
  const std::string text = mapping_text("id: id", "", kFew);
  const RunSeen first = run_over(
      folder, loaded(folder.write("m.yaml", text)),
      {folder.write("dump", "{\"id\":\"1\",\"room\":\"QUA\"}\n{\"id\":\"2\",\"room\":\"QUA\"}")});
  const std::string rejects = folder.write("rejects", first.rejects);
  const RunSeen seen = run_over(folder, for_replay_of(folder, text),
                                {rejects, folder.write("copy", first.rejects)}, {.replay = true});
  CHECK(seen.exit == Exit::input);
  REQUIRE(seen.endings.size() == 1);
  CHECK(seen.endings.front().find("copy, line 1: record 1 of ") != std::string::npos);
  CHECK(seen.endings.front().find("is in the rejects twice") != std::string::npos);
}
