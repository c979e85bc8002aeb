// What a run notices by its absence: fields that no record has (FIELD_NEVER_FOUND),
// rows that hold nothing of their record (ROW_BLANK), columns that are blank in too many rows,
// and the limit that only warns.

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "run/rejects_source.h"
#include "run/run_support.h"
#include "support/mapped.h"
#include "text/catalogue.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

std::string mapping_of(const std::string& columns, const std::string& more = "",
                       const std::string& output = "format: csv, header: no") {
  return "mapping: m\nversion: 1\ninput: {id: id}\n" + more + "columns:\n" + columns + "output: {" +
         output + "}\n";
}

/// "Correo: the field mail", one for each alert, with what follows the field left out.
std::vector<std::string> told(const std::vector<Alert>& alerts) {
  std::vector<std::string> all;
  for (const Alert& alert : alerts) {
    if (alert.code != NoticeCode::field_never_found) continue;
    constexpr std::string_view kHas = "no record has ";
    CHECK(say(Language::en, alert.message()).starts_with(kHas));
    const std::size_t end = say(Language::en, alert.message()).find_first_of(":;");
    all.push_back(alert.where + ": " +
                  say(Language::en, alert.message()).substr(kHas.size(), end - kHas.size()));
  }
  return all;
}

struct FieldCase {
  const char* about;
  std::string columns;
  std::string more;
  std::string dump;
  std::vector<std::string> told;
};

std::string first_codes(const std::string& rejects) {
  std::string codes;
  static const std::regex kCode(R"re("errors": \[\{"code": "([A-Z_]+)")re");
  std::istringstream lines(rejects);
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (std::regex_search(line, found, kCode)) codes += (codes.empty() ? "" : " ") + found.str(1);
  }
  return codes;
}

}  // namespace

TEST_CASE("fields never found: every place that reads one") {
  const FieldCase kCases[] = {
      {"there", "  A: a\n", "", R"({"a":1})", {}},
      {"renamed", "  A: a\n  B: b\n", "", R"({"a":1,"bb":2})", {"B: the field b"}},
      {"in one record of many",
       "  A: a\n  B: b\n",
       "",
       "{\"a\":1}\n{\"a\":1,\"b\":2}\n{\"a\":1}",
       {}},
      {"null and empty are there",
       "  A: a\n  B: b\n  C: c\n",
       "",
       R"({"a":1,"b":null,"c":""})",
       {}},
      {"below",
       "  A: a\n  B: x.b\n  C: y.z\n",
       "",
       R"({"a":1,"x":{"c":2}})",
       {"B: the field x.b", "C: the field y.z"}},
      {"below null and empty nothing is known",
       "  A: a\n  B: x.b\n  C: y.c\n",
       "",
       R"({"a":1,"x":null,"y":{}})",
       {}},
      {"keys of entries are always there",
       "  A: a\n  B: {from: 'k{*}.$key', join: ','}\n  C: {from: 'k{*}.$key', total: count}\n",
       "",
       R"({"a":1,"k":{"p":{"new":1}}})",
       {}},
      {"below null in some",
       "  A: a\n  B: x.b\n",
       "",
       "{\"a\":1,\"x\":null}\n{\"a\":1,\"x\":{\"c\":1}}",
       {"B: the field x.b"}},
      {"a rejected record has it",
       "  A: a\n  B: {from: b, type: integer}\n",
       "",
       "{\"a\":1}\n{\"a\":1,\"b\":\"x\"}",
       {}},
      {"a record that is not wanted has it",
       "  A: a\n  B: b\n",
       "only: {when: source.a = 1}\n",
       "{\"a\":1}\n{\"a\":2,\"b\":1}",
       {}},
      {"first_of: one will do",
       "  A: {first_of: [x, a]}\n  B: {first_of: [y, z]}\n",
       "",
       R"({"a":1})",
       {"B: any of the fields y, z"}},
      {"each of several",
       "  A: {from: [a, b, c], join: ' '}\n",
       "",
       R"({"a":1,"c":2})",
       {"A: the field b"}},
      {"a composite key",
       "  A: a\n  B: {by: [a, b], lookup: t}\n",
       "tables: {t: {file: t.csv, key: [k, l], value: v}}\n",
       R"({"a":1})",
       {"B: the field b"}},
      {"items",
       "  A: a\n  B: {from: 'xs[*].b', join: ' '}\n  C: {from: 'xs[*].c', join: ' '}\n",
       "",
       R"({"a":1,"xs":[{"b":1},{}]})",
       {"C: the field xs[*].c"}},
      {"no items say nothing",
       "  A: a\n  B: {from: 'xs[*].b', join: ' '}\n",
       "",
       R"({"a":1,"xs":[]})",
       {}},
      {"a list that is gone",
       "  A: a\n  B: {from: 'xs[*].b', join: ' '}\n",
       "",
       R"({"a":1,"ys":[]})",
       {"B: the field xs[*].b"}},
      {"an inner list that is gone",
       "  A: a\n  B: {from: 'xs[*].ys[*].b', join: ' '}\n",
       "",
       R"({"a":1,"xs":[{"zs":[]}]})",
       {"B: the field xs[*].ys[*].b"}},
      {"a place in a list",
       "  A: a\n  B: 'xs[1]'\n",
       "",
       R"({"a":1,"xs":[1]})",
       {"B: the field xs[1]"}},
      {"a pick",
       "  A: a\n  B: {from: {list: xs, where: l, is: es, take: t}}\n",
       "",
       R"({"a":1,"xs":[{"lang":"es","t":1}]})",
       {"B: the field l in an item of xs"}},
      {"what a pick takes",
       "  A: a\n  B: {from: {list: xs, where: l, is: es, take: t}}\n",
       "",
       R"({"a":1,"xs":[{"l":"es","text":1}]})",
       {"B: the field t in an item of xs"}},
      {"the list of a pick",
       "  A: a\n  B: {from: {list: xs, where: l, is: es, take: t}}\n",
       "",
       R"({"a":1})",
       {"B: the field xs"}},
      {"a choice",
       "  A: a\n  B: {choose: [{when: source.b = 1, write: {from: c}}, {otherwise: x}]}\n",
       "",
       R"({"a":1})",
       {"B: the field c", "B: the field b"}},
      {"an expression",
       "  A: a\n  B: {compute: source.b * 2}\n",
       "",
       R"({"a":1})",
       {"B: the field b"}},
      {"a currency",
       "  A: {from: a, type: money, currency: {from: cur, when_blank: EUR}}\n",
       "",
       R"({"a":1,"currency":"EUR"})",
       {"A: the field cur"}},
      {"decimals",
       "  A: {from: a, type: money, currency: EUR, minor_units: {from: dec}}\n",
       "",
       R"({"a":1})",
       {"A: the field dec"}},
      {"a zone",
       "  A: a\n  T: {from: t, type: datetime, read: ISO-8601, zone: {from: tz}, when_wrong: "
       "write-blank}\n",
       "",
       R"({"a":1,"t":"2025-03-01T02:30:00Z"})",
       {"T: the field tz"}},
      {"rows",
       "  A: a\n  B: p.b\n  C: p.c\n",
       "rows: {one_per: ps, called: p}\n",
       R"({"a":1,"ps":[{"b":1},{"b":2}]})",
       {"C: the field p.c"}},
      {"rows: only the list is told",
       "  A: a\n  B: p.b\n",
       "rows: {one_per: ps, called: p}\n",
       R"({"a":1,"people":[{"b":1}]})",
       {"rows: the list ps"}},
      {"rows: no items say nothing",
       "  A: a\n  B: p.b\n",
       "rows: {one_per: ps, called: p}\n",
       R"({"a":1,"ps":[]})",
       {}},
      {"rows: an inner level",
       "  A: a\n  B: g.b\n",
       "rows: [{one_per: rooms, called: r}, {one_per: r.guests, called: g}]\n",
       R"({"a":1,"rooms":[{"people":[{"b":1}]}]})",
       {"rows: the list r.guests"}},
      {"optional", "  A: a\n  B: {from: b, optional: yes}\n", "", R"({"a":1})", {}},
      {"a default does not make it there",
       "  A: a\n  B: {from: b, when_blank: x}\n",
       "",
       R"({"a":1})",
       {"B: the field b"}},
      {"ignored", "  A: a\n  B: b\n", "limits: {fields_never_found: ignore}\n", R"({"a":1})", {}},
      {"no record is JSON", "  A: a\n", "", "7\n8", {}},
      {"names of columns",
       "  A: a\n  B: {from: [A, a], join: ' '}\n",
       "",
       R"({"a":1})",
       {"B: the field A"}},
  };
  const RunFolder folder;
  folder.write("t.csv", "k,l,v\n1,2,x\n");
  for (const FieldCase& c : kCases) {
    INFO(std::string(c.about));
    const LoadedMapping mapping = loaded(folder.write("m.yaml", mapping_of(c.columns, c.more)));
    const std::string input = folder.write("in", c.dump);
    for (const std::size_t split : {std::size_t{1}, kSplitBytes}) {
      const RunSeen seen = run_over(folder, mapping, {input}, {.threads = 3, .split_bytes = split});
      std::vector<std::string> want = c.told;
      std::vector<std::string> got = told(seen.alerts);
      std::sort(want.begin(), want.end());
      std::sort(got.begin(), got.end());
      CHECK(got == want);
      if (seen.exit == Exit::ok) CHECK(want.empty());
      if (!want.empty() && seen.counts.rejected == 0) CHECK(seen.exit == Exit::rejected);
    }
  }
}

TEST_CASE("fields never found: in `each`") {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write(
      "m.yaml",
      mapping_of("  A: a\n  L: {each: xs, called: x, columns: {b: x.b, c: x.c, d: item.d, a: a}}\n"
                 "  M: {each: ys, columns: {b: item.b}}\n",
                 "", "format: ndjson")));
  const RunSeen seen =
      run_over(folder, mapping, {folder.write("in", R"({"a":1,"xs":[{"b":1},{"b":2}]})")});
  CHECK(told(seen.alerts) == std::vector<std::string>{"L[*].c: the field x.c",
                                                      "L[*].d: the field item.d",
                                                      "M: the field ys"});
}

TEST_CASE("fields never found: what may be wrong is told") {
  const RunFolder folder;
  const LoadedMapping mapping =
      loaded(folder.write("m.yaml", mapping_of("  A: a\n  B: source.a\n  C: A\n  D: gone\n")));
  const RunSeen seen = run_over(folder, mapping, {folder.write("in", R"({"a":1})")});
  REQUIRE(seen.alerts.size() == 3);
  CHECK(
      say(Language::en, seen.alerts[0].message()) ==
      "no record has the field source.a; 'source.' is written in expressions alone: here write a");
  CHECK(
      say(Language::en, seen.alerts[1].message()) ==
      "no record has the field A; A is a column, and fields of the record are read here: name the "
      "field");
  CHECK(say(Language::en, seen.alerts[2].message()) ==
        "no record has the field gone: was it renamed, or is the path wrong?");
}

TEST_CASE("fields never found: a list of nothing has its name") {
  const char* const records = "{\"k\":1}\n{\"k\":1,\"es\":[],\"gs\":{}}\n";
  const auto never_found = [records](const std::string& columns) {
    return map("columns: {K: k, " + columns + "}\noutput: {format: ndjson}\n", records).never_found;
  };
  CHECK(never_found("E: {from: \"es[*]\", join: +}").empty());
  CHECK(never_found("E: {from: \"gs{*}\", join: +}").empty());
  CHECK(never_found("E: {each: es, columns: {a: item.a}}").empty());
  CHECK(never_found("E: {each: \"gs{*}\", columns: {a: item.a}}").empty());
  CHECK(never_found("E: {from: \"xs[*]\", join: +}").starts_with("E: "));
}

TEST_CASE("fields never found: stop, and not of a replay") {
  const RunFolder folder;
  const std::string input = folder.write("in", "{\"a\":1,\"n\":\"x\"}\n{\"a\":2,\"n\":1}");
  const std::string columns = "  A: a\n  N: {from: n, type: integer}\n  B: b\n";
  const std::string text = mapping_of(columns, "limits: {fields_never_found: stop}\n");
  LoadedMapping mapping = loaded(folder.write("m.yaml", text));
  const RunSeen stopped = run_over(folder, mapping, {input});
  CHECK(stopped.exit == Exit::limits);
  CHECK(!stopped.published);
  CHECK(told(stopped.alerts).size() == 1);
  // nor does `publish: always` publish it: no limit is crossed
  const LoadedMapping always = loaded(folder.write(
      "m.yaml", mapping_of(columns, "limits: {fields_never_found: stop, publish: always}\n")));
  CHECK(run_over(folder, always, {input}).exit == Exit::limits);

  const std::string rejects = folder.write("rejects", stopped.rejects);
  std::string repaired = text;
  repaired.replace(repaired.find("type: integer"), 13, "type: text");
  mapping = loaded(folder.write("m.yaml", repaired));
  REQUIRE(for_replay(*mapping.plan).ok());
  const RunSeen replayed = run_over(folder, mapping, {rejects}, {.replay = true});
  CHECK(replayed.exit == Exit::ok);
  CHECK(replayed.alerts.empty());
  REQUIRE(!replayed.notes.empty());
  CHECK(replayed.notes.back().find("FIELD_NEVER_FOUND: no record has the field b") == 0);
}

TEST_CASE("rows that hold nothing of their record") {
  struct Case {
    const char* about;
    std::string columns;
    std::string more;
    std::string dump;
    const char* codes;  // of the rejected records
    std::uint64_t written;
  };
  const Case kCases[] = {
      {"an empty record", "  A: a\n  B: b\n", "", "{\"a\":1}\n{}\n{\"b\":2}", "ROW_BLANK", 2},
      {"null, empty and white space", "  A: a\n  B: b\n", "",
       "{\"a\":null,\"b\":\"\"}\n{\"a\":\" \",\"b\":[]}\n{\"a\":{}}",
       "ROW_BLANK ROW_BLANK ROW_BLANK", 0},
      {"an error answer", "  A: a\n", "", "{\"a\":1}\n{\"errors\":[{\"code\":429}]}", "ROW_BLANK",
       1},
      {"constants and what they make do not count",
       "  K: {value: x}\n  A: a\n  C: {choose: [{when: A is blank, write: none}, {otherwise: "
       "some}]}\n",
       "", "{\"a\":1}\n{\"c\":1}", "ROW_BLANK", 1},
      {"a default counts as blank", "  A: {from: a, when_blank: none}\n  B: b\n", "", "{\"c\":1}",
       "ROW_BLANK", 0},
      {"a choice that reads the record counts",
       "  A: a\n  C: {choose: [{when: source.s = 1, write: one}, {otherwise: other}]}\n", "",
       "{\"s\":1}", "", 1},
      {"a choice of a field", "  A: a\n  C: {choose: [{otherwise: {from: c}}]}\n", "",
       "{\"c\":1}\n{\"d\":1}", "ROW_BLANK", 1},
      {"an expression over a field", "  A: a\n  C: {compute: source.n + 1}\n", "",
       "{\"n\":1}\n{\"d\":1}", "ROW_BLANK", 1},
      {"internal columns count", "  A: a\n  I: {from: i, internal: yes}\n", "",
       "{\"i\":1}\n{\"d\":1}", "ROW_BLANK", 1},
      {"a count of nothing", "  A: a\n  N: {from: 'xs[*]', total: count}\n", "",
       "{\"xs\":[1]}\n{\"xs\":[]}\n{\"d\":1}", "ROW_BLANK ROW_BLANK", 1},
      {"JSON as it stands", "  A: a\n  J: {from: j, type: json}\n", "",
       "{\"j\":0}\n{\"j\":null}\n{\"j\":[ ]}\n{\"j\":\"\"}\n{\"j\":[0]}",
       "ROW_BLANK ROW_BLANK ROW_BLANK", 2},
      {"JSON of several parts", "  J: {from: \"l[*].j\", type: json}\n", "",
       "{\"l\":[{\"j\":[]},{\"j\":\" \"},{\"j\":{ "
       "}},{\"j\":null},{}]}\n{\"l\":[]}\n{\"l\":[{\"j\":[null]}]}\n"
       "{\"l\":[{\"j\":null},{\"j\":0}]}\n{\"l\":[{\"j\":\",\"}]}",
       "ROW_BLANK ROW_BLANK", 3},
      {"JSON that an action writes is there",
       "  J: {from: \"l[*].j\", type: json, when_wrong: {write: \"[]\"}}\n", "", "{\"l\":\"x\"}",
       "", 1},
      {"JSON as it stands may hold blanks", "  J: {from: j, type: json}\n", "",
       "{\"j\":[null]}\n{\"j\":[[]]}", "", 2},
      {"what an unknown code writes is there",
       "  A: {from: a, lookup: {x: X}, unknown: {write: other}}\n", "", "{\"a\":\"y\"}\n{\"b\":1}",
       "ROW_BLANK", 1},
      {"a blank that an unknown code leaves is none",
       "  A: {from: a, lookup: {x: X}, unknown: write-blank}\n", "", "{\"a\":\"y\"}", "ROW_BLANK",
       0},
      {"a wrong value left blank", "  A: {from: a, type: integer, when_wrong: write-blank}\n", "",
       "{\"a\":\"y\"}", "ROW_BLANK", 0},
      {"a wrong value written", "  A: {from: a, type: integer, when_wrong: {write: 0}}\n", "",
       "{\"a\":\"y\"}", "", 1},
      {"one cause, one error", "  A: {from: a, required: yes}\n", "", "{\"b\":1}", "REQUIRED_BLANK",
       0},
      {"a rule that is broken is the cause", "  A: a\n",
       "rules: [{name: r, check: not (A is blank)}]\n", "{\"b\":1}", "RULE_BROKEN", 0},
      {"another row is the cause", "  N: {from: p.n, type: integer}\n",
       "rows: {one_per: ps, called: p}\n", "{\"ps\":[{\"m\":1},{\"n\":\"x\"}]}",
       "NUMBER_UNREADABLE", 0},
      {"an item that is none is the cause", "  N: p.n\n", "rows: {one_per: ps, called: p}\n",
       "{\"ps\":[{\"m\":1},\"x\"]}", "WRONG_TYPE", 0},
      {"kept", "  A: a\n", "", "{}", "", 1},
      {"no column reads the record", "  A: {value: x}\n", "", "{}", "", 1},
      {"rows: the columns of the record count", "  A: a\n  N: p.n\n",
       "rows: {one_per: ps, called: p}\n", "{\"a\":1,\"ps\":[{\"n\":1},{}]}", "", 1},
      {"rows: an item with nothing", "  N: p.n\n", "rows: {one_per: ps, called: p}\n",
       "{\"ps\":[{\"n\":1},{\"m\":1}]}\n{\"ps\":[{\"n\":1}]}", "ROW_BLANK", 1},
      {"rows: also where bad items are skipped", "  N: p.n\n",
       "rows: {one_per: ps, called: p, bad_item: skip-item}\n", "{\"ps\":[{\"n\":1},{\"m\":1}]}",
       "ROW_BLANK", 0},
      {"rows: none, and the record has something", "  A: a\n  N: p.n\n",
       "rows: {one_per: ps, called: p}\n", "{\"a\":1,\"ps\":[]}", "", 1},
      {"rows: none, and the record has nothing", "  A: a\n  N: p.n\n",
       "rows: {one_per: ps, called: p}\n", "{\"ps\":[]}", "ROW_BLANK", 0},
  };
  const RunFolder folder;
  for (const Case& c : kCases) {
    INFO(std::string(c.about));
    const bool kept = std::string_view(c.about) == "kept";
    const LoadedMapping mapping = loaded(folder.write(
        "m.yaml",
        mapping_of(c.columns, c.more, kept ? "format: csv, blank_rows: keep" : "format: csv")));
    const RunSeen seen = run_over(folder, mapping, {folder.write("in", c.dump)});
    CHECK(first_codes(seen.rejects) == c.codes);
    CHECK(seen.counts.written == c.written);
  }
}

TEST_CASE("rows that hold nothing: beside `rest` and `each`") {
  const RunFolder folder;
  LoadedMapping mapping =
      loaded(folder.write("m.yaml", mapping_of("  A: a\n", "", "format: ndjson, rest: yes")));
  const RunSeen rest = run_over(folder, mapping, {folder.write("in", "{\"b\":1}\n{}\n{\"a\":1}")});
  CHECK(rest.rows == "{\"A\":null,\"b\":1}\n{\"A\":\"1\"}\n");
  CHECK(first_codes(rest.rejects) == "ROW_BLANK");
  mapping = loaded(folder.write(
      "m.yaml", mapping_of("  L: {each: xs, columns: {b: item.b}}\n", "", "format: ndjson")));
  const RunSeen each = run_over(
      folder, mapping, {folder.write("in", "{\"xs\":[]}\n{\"xs\":[{\"b\":null}]}\n{\"c\":1}")});
  CHECK(first_codes(each.rejects) == "ROW_BLANK ROW_BLANK");
  CHECK(each.rows == "{\"L\":[{\"b\":null}]}\n");
  INFO("a new field is told alone");
  mapping = loaded(
      folder.write("m.yaml",
                   "mapping: m\nversion: 1\ninput: {format: ndjson, fields_nobody_uses: reject}\n"
                   "columns:\n  A: a\noutput: {format: csv}\n"));
  const RunSeen unused = run_over(folder, mapping, {folder.write("in", "{\"b\":1}\n{\"a\":\"\"}")});
  CHECK(first_codes(unused.rejects) == "FIELD_UNKNOWN ROW_BLANK");
}

TEST_CASE("blanks of a column are limited, and a limit may only warn") {
  struct Case {
    std::string limits;
    std::string dump;
    int exit;
    const char* told;
  };
  const std::string dump =
      "{\"a\":1,\"b\":1}\n{\"a\":1,\"b\":null}\n{\"a\":1,\"b\":\"\"}\n{\"a\":1}\n{\"a\":1,\"b\":\"-"
      "\"}";
  const Case kCases[] = {
      {"blank_at_most: {B: 80%}", dump, 0, ""},
      {"blank_at_most: {B: 79%}", dump, 2,
       "TOO_MANY_BLANKS: B is blank in 80 % of rows, limit 79 %"},
      {"blank_at_most: {B: 4}", dump, 0, ""},
      {"blank_at_most: {B: 3}", dump, 2, "TOO_MANY_BLANKS: B is blank in 4 of rows, limit 3"},
      {"blank_at_most: {A: 0, B: 3}, publish: always", dump, 6, "TOO_MANY_BLANKS: B"},
      {"blank_at_most: {A: 0}", dump, 0, ""},
      {"blank_at_most: {N: 0}", dump + "\n{\"a\":1,\"b\":1,\"n\":\"x\"}", 2, "TOO_MANY_BLANKS: N"},
      {"warn_above: 10%", dump + "\n{\"b\":7}", 1, "WARN_ABOVE: 16.7 % of records rejected"},
      {"warn_above: 17%", dump + "\n{\"b\":7}", 0, ""},
      {"warn_above: 0", dump, 0, ""},
      {"warn_above: 0", dump + "\n{\"b\":7}", 1, "WARN_ABOVE: 1 record rejected"},
  };
  const RunFolder folder;
  for (const Case& c : kCases) {
    INFO(std::string(c.limits));
    const LoadedMapping mapping = loaded(folder.write(
        "m.yaml",
        mapping_of("  A: {from: a, required: yes}\n  B: {from: b, null_words: '-'}\n  N: {from: n, "
                   "type: integer, when_wrong: write-blank, when_missing: 0, optional: yes}\n",
                   "limits: {" + c.limits + "}\n")));
    RunSeen seen = run_over(folder, mapping, {folder.write("in", c.dump)}, {.rejects_ok = true});
    CHECK(static_cast<int>(seen.exit) == c.exit);
    CHECK(seen.published == (c.exit != 2));
    std::string all;
    for (const std::string& ending : seen.endings) all += ending + "\n";
    for (const Alert& alert : seen.alerts)
      all += std::string(name(alert.code)) + ": " + say(Language::en, alert.message()) + "\n";
    CHECK(all.find(c.told) != std::string::npos);
  }
}
