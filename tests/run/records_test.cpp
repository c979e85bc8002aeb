// Which records are wanted, which are the same, and what must hold of them:
// only, duplicates, rules.

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {

TEST_CASE("duplicates: which one is kept") {
  struct Case {
    const char* keep;
    const char* rows;
    const char* counts;
  };
  static constexpr Case kCases[] = {
      {"first", "a,1\nb,5\n", "4 = 2 written (2 rows) + 0 rejected + 0 skipped + 2 duplicate"},
      {"last", "b,5\na,2\n", "4 = 2 written (2 rows) + 0 rejected + 0 skipped + 2 duplicate"},
      {"highest n", "b,5\na,3\n", "4 = 2 written (2 rows) + 0 rejected + 0 skipped + 2 duplicate"},
      {"lowest n", "a,1\nb,5\n", "4 = 2 written (2 rows) + 0 rejected + 0 skipped + 2 duplicate"},
      {"none", "b,5\n", "4 = 1 written (1 rows) + 0 rejected + 0 skipped + 3 duplicate"},
  };
  const char* dump =
      "{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"n\":5}\n{\"id\":\"a\",\"n\":3}\n{\"id\":\"a\",\"n\":"
      "2}\n";
  for (const Case& c : kCases) {
    INFO(c.keep);
    const Mapped got =
        map(std::string("duplicates: {same: id, keep: ") + c.keep + "}\ncolumns: {Id: id, N: n}\n",
            dump);
    CHECK(got.rows == c.rows);
    CHECK(got.counts == c.counts);
    CHECK(got.rejected == "");
  }
}

TEST_CASE("duplicates: what is compared") {
  const auto highest = [](const char* dump) {
    return map("duplicates: {same: id, keep: highest at}\ncolumns: {At: at}\n", dump);
  };
  INFO("instants, whatever their offset");
  CHECK(highest("{\"id\":1,\"at\":\"2025-03-01T10:00:00Z\"}\n{\"id\":1,\"at\":\"2025-03-01T06:00:"
                "00-05:00\"}")
            .rows == "2025-03-01T06:00:00-05:00\n");
  CHECK(highest("{\"id\":1,\"at\":\"2025-03-01T10:00:00\"}\n{\"id\":1,\"at\":\"2025-03-01T09:00\"}")
            .rows == "2025-03-01T10:00:00\n");
  INFO("numbers by value, not as text; text or number alike");
  CHECK(highest("{\"id\":1,\"at\":9}\n{\"id\":1,\"at\":\"10\"}").rows == "10\n");
  INFO("anything else cannot be compared, nor can what has the same key: it may be the newest");
  const Mapped got =
      highest("{\"id\":1,\"at\":9}\n{\"id\":1,\"at\":\"new\"}\n{\"id\":1}\n{\"id\":1,\"at\":[]}");
  CHECK(got.rows == "");
  CHECK(
      got.rejected ==
      "1: WRONG_TYPE : 9 cannot be compared with a blank or unreadable value in record 2, so no "
      "record of this key is kept\n"
      "2: WRONG_TYPE : \"new\" is neither a number nor an ISO-8601 date, so it cannot be compared\n"
      "3: WRONG_TYPE : the field that decides which version is kept is missing\n"
      "4: WRONG_TYPE : the field that decides which version is kept is empty\n");
}

TEST_CASE("duplicates: keys") {
  INFO("compared as they are written: 7 and \"7\" are one, 7 and 7.0 are two");
  CHECK(map("duplicates: {same: id, keep: first}\ncolumns: {Id: id}\n",
            "{\"id\":7}\n{\"id\":\"7\"}\n{\"id\":7.0}")
            .rows == "7\n7.0\n");
  INFO("a blank key is nobody's duplicate");
  const Mapped blank = map("duplicates: {same: id, keep: first}\ncolumns: {N: n}\n",
                           "{\"n\":1}\n{\"n\":2,\"id\":null}\n{\"n\":3,\"id\":\" \"}");
  CHECK(blank.rows == "1\n2\n3\n");
  CHECK(blank.warned ==
        "DUPLICATE_KEY_BLANK duplicates: a record whose key is blank is nobody's duplicate × 3\n");
  INFO("several fields");
  CHECK(map("duplicates: {same: [a, b], keep: first}\ncolumns: {N: n}\n",
            "{\"n\":1,\"a\":\"x\",\"b\":\"y\"}\n{\"n\":2,\"a\":\"x\",\"b\":\"z\"}\n{\"n\":3,\"a\":"
            "\"x\",\"b\":\"y\"}")
            .rows == "1\n2\n");
  INFO("what is not JSON is nobody's duplicate");
  CHECK(map("duplicates: {same: id, keep: last}\ncolumns: {N: id}\n",
            "{\"id\":1}\n{\"id\":1\n{\"id\":1}")
            .counts == "3 = 1 written (1 rows) + 1 rejected + 0 skipped + 1 duplicate");
}

TEST_CASE("duplicates: decided on the source alone") {
  INFO("a rejected winner does not bring another back");
  const Mapped got =
      map("duplicates: {same: id, keep: last}\ncolumns:\n  N: {from: n, type: integer}\n",
          "{\"id\":1,\"n\":1}\n{\"id\":1,\"n\":\"x\"}");
  CHECK(got.counts == "2 = 0 written (0 rows) + 1 rejected + 0 skipped + 1 duplicate");
  INFO("nor does one that is not wanted");
  CHECK(map("only: {when: source.ok = \"yes\"}\nduplicates: {same: id, keep: last}\ncolumns: {N: "
            "n}\n",
            "{\"id\":1,\"n\":1,\"ok\":\"yes\"}\n{\"id\":1,\"n\":2,\"ok\":\"no\"}")
            .counts == "2 = 0 written (0 rows) + 0 rejected + 1 skipped + 1 duplicate");
}

TEST_CASE("duplicates: others reject") {
  const Mapped got = map("duplicates: {same: id, keep: first, others: reject}\ncolumns: {N: n}\n",
                         "{\"id\":\"a\",\"n\":1}\n{\"id\":\"a\",\"n\":2}");
  CHECK(got.counts == "2 = 1 written (1 rows) + 1 rejected + 0 skipped + 0 duplicate");
  CHECK(got.rejected == "2: DUPLICATE_RECORD : the key \"a\" was kept in record 1\n");
  CHECK(got.rejects.find("\"stage\": \"duplicate\"") != std::string::npos);
  const Mapped none = map("duplicates: {same: id, keep: none, others: reject}\ncolumns: {N: n}\n",
                          "{\"id\":\"a\",\"n\":1}\n{\"id\":\"a\",\"n\":2}");
  CHECK(none.rejected ==
        "1: DUPLICATE_RECORD : several records have the key \"a\", and none of them is kept\n"
        "2: DUPLICATE_RECORD : several records have the key \"a\", and none of them is kept\n");
  const Mapped composite =
      map("duplicates: {same: [a, b], keep: first, others: reject}\ncolumns: {N: a}\n",
          "{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2}");
  CHECK(composite.rejected == "2: DUPLICATE_RECORD : the key \"1 / 2\" was kept in record 1\n");
}

TEST_CASE("only: which records are wanted") {
  const char* dump =
      "{\"id\":1,\"s\":\"CNF\"}\n{\"id\":2,\"s\":\"CXL\"}\n{\"id\":3}\n{\"id\":4,\"s\":{}}";
  const Mapped skip = map("only: {when: source.s = \"CNF\"}\ncolumns: {Id: id}\n", dump);
  CHECK(skip.rows == "1\n");
  CHECK(skip.counts == "4 = 1 written (1 rows) + 2 rejected + 1 skipped + 0 duplicate");
  CHECK(skip.rejected ==
        "3: RULE_UNDECIDED : source.s is blank\n4: RULE_UNDECIDED : source.s is blank\n");
  const Mapped reject =
      map("only: {when: source.s = \"CNF\", otherwise: reject}\ncolumns: {Id: id}\n", dump);
  CHECK(reject.counts == "4 = 1 written (1 rows) + 3 rejected + 0 skipped + 0 duplicate");
  CHECK(reject.rejected.substr(0, 72) ==
        "2: RULE_BROKEN : the record does not satisfy: source.s = \"CNF\"\n3: RULE_U");
  INFO("is blank always decides");
  CHECK(map("only: {when: source.s is blank or source.s = \"CNF\"}\ncolumns: {Id: id}\n", dump)
            .counts == "4 = 3 written (3 rows) + 0 rejected + 1 skipped + 0 duplicate");
  INFO("a column may be asked");
  CHECK(map("only: {when: Id = \"1\"}\ncolumns: {Id: id}\n", dump).rows == "1\n");
}

TEST_CASE("rules: levels and what is undecided") {
  const auto ruled = [](const char* level, const char* dump) {
    return map(std::string("columns:\n  A: {from: a, type: date}\n  B: {from: b, type: "
                           "date}\nrules:\n  - {name: order, check: B > A, level: ") +
                   level + ", message: B after A}\n",
               dump);
  };
  const char* bad =
      "{\"a\":\"2025-03-02\",\"b\":\"2025-03-01\"}\n{\"a\":\"2025-03-02\",\"b\":\"2025-03-03\"}";
  Mapped got = ruled("reject", bad);
  CHECK(got.rejected == "1: RULE_BROKEN order: B after A; A 2025-03-02, B 2025-03-01\n");
  CHECK(got.rejects.find("\"stage\": \"rule\"") != std::string::npos);
  CHECK(got.rows == "2025-03-02,2025-03-03\n");
  got = ruled("warn", bad);
  CHECK(got.warned == "RULE_BROKEN order: B after A × 1\n");
  CHECK(got.rows == "2025-03-02,2025-03-01\n2025-03-02,2025-03-03\n");
  got = ruled("stop", bad);
  CHECK(got.stopped);
  CHECK(got.counts == "1 = 0 written (0 rows) + 1 rejected + 0 skipped + 0 duplicate");
  INFO("a blank operand leaves it undecided: a warning, never a pass");
  got = ruled("reject", "{\"a\":\"2025-03-02\"}");
  CHECK(got.warned == "RULE_UNDECIDED order: B is blank × 1\n");
  CHECK(got.rows == "2025-03-02,\n");
  INFO("what needs a failed column is not tried");
  got = ruled("reject", "{\"a\":\"2025-03-02\",\"b\":\"x\"}");
  CHECK(got.rejected == "1: DATE_UNREADABLE B: \"x\" does not have the shape ISO-8601\n");
  CHECK(got.warned == "");
}

TEST_CASE("rules: a column that when_wrong left blank or original is blank for them") {
  const Mapped got =
      map("columns:\n  A: {from: a, type: integer, when_wrong: write-original}\nrules:\n  - {name: "
          "r, check: A < 10, message: m}\n",
          "{\"a\":\"many\"}");
  CHECK(got.rows == "many\n");
  CHECK(got.warned ==
        "NUMBER_UNREADABLE A: \"many\" is not a number as 1234.56 × 1\nRULE_UNDECIDED r: A is "
        "blank × 1\n");
}

TEST_CASE("rules: truth of and, or, not with blanks") {
  struct Case {
    const char* check;
    const char* outcome;  // "pass", "broken", "undecided"
  };
  static constexpr Case kCases[] = {
      {"A = 1 or B = 2", "pass"},         {"A = 1 and B = 2", "undecided"},
      {"A = 2 and B = 2", "broken"},      {"A = 2 or B = 2", "undecided"},
      {"not B = 2", "undecided"},         {"B is blank", "pass"},
      {"B is not blank", "broken"},       {"B is blank and A = 1", "pass"},
      {"A is one of [1, 2]", "pass"},     {"A between 2 and 3", "broken"},
      {"B between 2 and 3", "undecided"},
  };
  for (const Case& c : kCases) {
    INFO(c.check);
    const Mapped got = map(std::string("columns:\n  A: {from: a, type: integer}\n  B: {from: b, "
                                       "type: integer}\nrules:\n  - {name: r, check: \"") +
                               c.check + "\", message: m}\n",
                           "{\"a\":1}");
    CHECK(got.diagnostics == "");
    const std::string outcome =
        got.rejected.empty() ? got.warned.empty() ? "pass" : "undecided" : "broken";
    CHECK(outcome == c.outcome);
  }
}

}  // namespace trama::test
