// `identity`: the key of a record, what is refused for want of it, and the audit columns that tell it
// (mappings/rules.md, rules 9.35 and 9.36). The UUIDs were made by Python's uuid module.

#include <doctest/doctest.h>

#include <string>

#include "run/run_support.h"
#include "support/mapped.h"

namespace trama::test {
namespace {

/// Rows and errors of a mapping with `key` and audit columns.
std::string told(const std::string& key, const std::string& audit, const std::string& columns,
                 const std::string& dump, const std::string& output = "csv, header: no",
                 const std::string& more = "") {
  const Mapped got = map(more + "identity: {key: " + key + "}\ncolumns: {" + columns +
                             "}\noutput: {audit_columns: " + audit + ", format: " + output + "}\n",
                         dump);
  return messages(got.diagnostics) + got.trouble + got.rejected + got.rows;
}

const std::string kColumns = "N: {from: n, type: decimal}, T: t";

}  // namespace

TEST_CASE("identity: the key as text, as it is written") {
  for (const auto& [value, text] : {std::pair(R"("A1")", "A1"),
                                    {"7", "7"},
                                    {R"("7")", "7"},
                                    {"7.0", "7.0"},
                                    {"true", "true"},
                                    {R"(" A1 ")", "\" A1 \""},
                                    {R"("a,b")", "\"a,b\""}})
    CHECK(told("k", "key", "N: n", std::string(R"({"n":1,"k":)") + value + "}") ==
          std::string("1,") + text + "\n");
  INFO("several are a JSON list, so that no two look alike");
  CHECK(told("[k, l.m]", "key", "N: n", R"({"n":1,"k":"a","l":{"m":2}})", "ndjson") ==
        R"({"N":"1","key":"[\"a\",\"2\"]"})"
        "\n");
  CHECK(told("[k, l]", "key", "N: n", R"({"n":1,"k":"a\",\"b","l":"c"})", "ndjson") !=
        told("[k, l]", "key", "N: n", R"({"n":1,"k":"a","l":"b\",\"c"})", "ndjson"));
  CHECK(told("[k]", "key", "N: n", R"({"n":1,"k":"a"})") == "1,a\n");
}

TEST_CASE("identity: a record without its key is rejected") {
  for (const char* blank :
       {R"({"n":1})", R"({"n":1,"k":null})", R"({"n":1,"k":" "})", R"({"n":1,"k":{}})"})
    CHECK(told("k", "key", "N: n", blank)
              .starts_with("1: REQUIRED_BLANK : the key of the record needs k"));
  CHECK(told("k", "key", "N: n", R"({"n":1,"k":"N/A"})", "csv, header: no",
             "input: {null_words: N/A}\n") ==
        "1: REQUIRED_BLANK : the key of the record needs k, which is null\n");
  CHECK(told("k", "key", "N: n", R"({"n":1,"k":[1]})") ==
        "1: WRONG_TYPE : [1]; one value is needed, but this is a list\n");
  INFO("beside its other errors, and without audit columns too");
  CHECK(told("[k, l]", "[]", "N: {from: n, type: integer}", R"({"n":"x"})") ==
        "1: NUMBER_UNREADABLE N: \"x\" is not a number as 1234.56\n"
        "1: REQUIRED_BLANK : the key of the record needs k, which is missing\n"
        "1: REQUIRED_BLANK : the key of the record needs l, which is missing\n");
  INFO("but not of one that is not wanted, or that makes no row");
  CHECK(told("k", "key", "N: n", R"({"n":1})", "csv, header: no", "only: {when: source.n = 2}\n")
            .empty());
  CHECK(told("k", "key", "N: g", R"({"gs":[]})", "csv, header: no",
             "rows: {one_per: gs, called: g, when_empty: skip}\n")
            .empty());
}

TEST_CASE("identity: idempotency_key is a UUID of mapping, key and content") {
  const std::string record = R"({"k":"A1","l":7,"n":"1.50","t":"\u00f1\"x"})";
  CHECK(told("k", "[idempotency_key, key]", kColumns, record) ==
        "1.50,\"ñ\"\"x\",ad96972b-fbc8-5c79-bf43-03b9ab5d7311,A1\n");
  INFO("in every format, whatever its words");
  CHECK(
      told("k", "idempotency_key", kColumns, record, "ndjson") ==
      "{\"N\":1.50,\"T\":\"ñ\\\"x\",\"idempotency_key\":\"ad96972b-fbc8-5c79-bf43-03b9ab5d7311\"}\n");
  CHECK(told("k", "idempotency_key", kColumns, record,
             "csv, header: no, separator: ';', decimal_mark: ',', blank_as: '-', for_excel: yes")
            .find("ad96972b-fbc8-5c79-bf43-03b9ab5d7311") != std::string::npos);
  CHECK(told("[k, l]", "idempotency_key", kColumns, R"({"k":"A1","l":7,"n":"1.50"})") ==
        "1.50,,0a57176b-7bb1-5a2b-89d3-b7b2bc0cda93\n");
  INFO("equal rows of one record are two");
  CHECK(told("k", "idempotency_key", "G: g", R"({"k":"A1","gs":["x","x"]})", "csv, header: no",
             "rows: {one_per: gs, called: g}\n") ==
        "x,45d1b560-10ab-586a-a305-d4586810ae23\nx,be42a246-0782-5097-94c9-2a5f60a9549a\n");
  INFO("what is nested, blank or copied by rest counts");
  CHECK(
      told("k", "idempotency_key", "a.b: {from: n, type: integer}, c: t",
           R"({"k":"A1","n":1,"z":[1, 2]})", "ndjson, rest: [k]") ==
      R"({"a":{"b":1},"c":null,"z":[1, 2],"idempotency_key":"63f613d4-ce15-5005-94b2-31047a89dcb8"})"
      "\n");
}

TEST_CASE("identity: what its words need") {
  const auto checked = [](const std::string& identity, const std::string& output) {
    return messages(
        map("identity: " + identity + "\ncolumns: {A: a}\noutput: " + output + "\n", "{}")
            .diagnostics);
  };
  CHECK(checked("{key: k}", "{audit_columns: [key]}").empty());
  CHECK(checked("{key: k, full_dump: no}", "{header: no}").empty());
  CHECK(checked("{key: k, newer_by: u, full_dump: yes}", "{audit_columns: [operation, key]}")
            .empty());
  CHECK(checked("{key: k, newer_by: u, full_dump: yes}", "{header: no}") ==
        "error[NEEDS_WORD]: 'full_dump' does nothing without 'audit_columns: [operation]'\n"
        "error[NEEDS_WORD]: 'full_dump' does nothing without 'audit_columns: [key]'\n");
  CHECK(checked("{key: k, newer_by: {from: u}}", "{header: no}").empty());
  CHECK(checked("{key: k, newer_by: {from: u, read: [DD-MMM-YY HH:mm, ISO-8601], months: es, "
                "two_digit_years: 2000-2099, no_zone_means: {from: z}, clock_change: later}}",
                "{header: no}")
            .empty());
  CHECK(checked("{key: k, newer_by: {read: DD/MM/YYYY}}", "{header: no}")
            .starts_with("error[KEY_MISSING]: 'newer_by: {…}' needs 'from'"));
  CHECK(checked("{key: k, newer_by: {from: u, read: [DD/MM/YYYY, MM/DD/YYYY]}}", "{header: no}")
            .find("error[DATES_AMBIGUOUS]") != std::string::npos);
  CHECK(checked("{key: k, newer_by: {from: u, months: es}}", "{header: no}")
            .find("error[WORDS_TOGETHER]: 'months' and 'read: ISO-8601 (the default)'") !=
        std::string::npos);
  CHECK(checked("{key: k, newer_by: {from: u, zone: UTC}}", "{header: no}")
            .find("error[KEY_UNKNOWN]") != std::string::npos);
  CHECK(checked("{key: k}", "{audit_columns: [operation]}").empty());
  CHECK(checked("{key: k}", "{unchanged: leave-out}").empty());
  CHECK(messages(map("columns: {A: a}\noutput: {unchanged: write}\nlimits: {deleted_at_most: 1%}\n",
                     "{}")
                     .diagnostics) ==
        "error[NEEDS_WORD]: 'unchanged' does nothing without 'identity'\n"
        "error[NEEDS_WORD]: 'deleted_at_most' does nothing without 'full_dump: yes'\n");
  CHECK(checked("{newer_by: u}", "{header: no}") == "error[KEY_MISSING]: 'identity' needs 'key'\n");
  CHECK(checked("{key: []}", "{header: no}").starts_with("error["));
  CHECK(checked("{key: \"k[*]\"}", "{header: no}").starts_with("error[PATH_MANY]"));
  CHECK(checked("{key: k, newer_by: \"u[*]\"}", "{header: no}").find("error[PATH_MANY]") !=
        std::string::npos);
  CHECK(messages(map("columns: {A: a}\noutput: {audit_columns: [key, idempotency_key]}\n", "{}")
                     .diagnostics) ==
        "error[NEEDS_WORD]: 'key' does nothing without 'identity'\n"
        "error[NEEDS_WORD]: 'idempotency_key' does nothing without 'identity'\n");
}

TEST_CASE("identity: each run says what did nothing") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\nidentity: {key: k, newer_by: u}\noutput: {unchanged: leave-out}\ncolumns: {A: a}\n"));
  const RunSeen seen = run_over(folder, m, {folder.write("in", "{\"a\":1,\"k\":2,\"u\":3}\n")});
  CHECK(seen.exit == Exit::ok);
  REQUIRE(seen.notes.size() == 1);
  CHECK(
      seen.notes.front() ==
      "'newer_by', 'unchanged: leave-out' did nothing: the run has no state (--state FILE), which "
      "tells what was there before");
}

TEST_CASE("identity: a row that is too long as JSON is refused, not told wrongly") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\nidentity: {key: k}\ncolumns: {A: a}\noutput: {audit_columns: idempotency_key}\n"));
  std::string quotes;  // twice as long in JSON
  for (int i = 0; i < 3000; ++i) quotes += "\\t";
  const std::string in =
      folder.write("in", "{\"k\":1,\"a\":\"x" + quotes + "x\"}\n{\"k\":2,\"a\":\"b\"}\n");
  RunHow how;
  how.rows_bytes = 4096;
  const RunSeen seen = run_over(folder, m, {in}, how);
  CHECK(seen.counts.rejected == 1);
  CHECK(seen.rejects.find("ROWS_TOO_BIG") != std::string::npos);
  CHECK(seen.rows.find("b,") != std::string::npos);
}

}  // namespace trama::test
