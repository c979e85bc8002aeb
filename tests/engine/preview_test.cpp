// The first rows of an input: what of it is read, and what became of each record.

#include "engine/preview.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "plan/output_type.h"
#include "run/dump_tables.h"
#include "support/mapped.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

/// A line a record: "2 b: x|∅ + 1", "3 c: rejected", "4-5: skipped"; and how it ended.
std::string previewed(const std::string& mapping, const std::string& dump, std::size_t most = 20) {
  TextFiles files;
  files.files["m.yaml"] = "mapping: m\nversion: 1\n" + mapping;
  LoadedMapping loaded = load_mapping("m.yaml", "", files);
  REQUIRE(loaded.plan);
  const FormatSpec* const format = loaded.plan->format;
  const OpenSource open = [&]() -> Result<std::unique_ptr<Source>> {
    return source_of_text(dump, "dump", DumpTables::options(*loaded.plan, loaded.run.source));
  };
  Result<Preview> made = preview(loaded, "dump", open, most, 0);
  CHECK(loaded.plan->format == format);
  if (!made.ok()) return told(made.failure());
  std::string out;
  for (const PreviewRecord& record : made.value().records) {
    out += std::to_string(record.first);
    if (record.last != record.first) out += '-' + std::to_string(record.last);
    if (!record.id.empty()) out += ' ' + record.id;
    out += ':';
    for (const auto& row : record.rows) {
      for (std::size_t i = 0; i < row.size(); ++i)
        out += (i == 0 ? " " : "|") + (row[i].kind == Kind::text
                                           ? row[i].text
                                           : '<' + std::string(kind_name(row[i].kind)) + '>');
    }
    if (record.more_rows > 0) out += " + " + std::to_string(record.more_rows);
    if (record.reject) {
      REQUIRE(record.state == PreviewRecord::State::rejected);
      for (const ShownReject::Error& error : record.reject->errors)
        out += ' ' + std::string(name(code_of(error.told.reason)));
    }
    for (const Summary::Warning& warning : record.warnings)
      out += " warning " + std::string(name(code_of(warning.told.reason)));
    if (record.state == PreviewRecord::State::skipped) out += " skipped";
    if (record.state == PreviewRecord::State::duplicate) out += " duplicate";
    out += '\n';
  }
  const Preview& got = made.value();
  CHECK(got.summary.balances());
  static constexpr std::string_view kEnds[] = {"part", "whole", "stopped", "unreadable"};
  out += std::string(kEnds[static_cast<std::size_t>(got.end)]) + ' ' +
         std::to_string(got.summary.read);
  for (const Alert& alert : got.never_found) out += " never " + alert.where;
  if (got.trouble) out += ' ' + std::string(name(got.trouble->code));
  return out;
}

std::string records(std::size_t count, const std::string& record) {
  std::string dump;
  for (std::size_t i = 0; i < count; ++i) dump += record + '\n';
  return dump;
}

constexpr const char* kPlain =
    "input: {id: i}\ncolumns: {A: a, N: {from: n, type: integer}}\noutput: {blank_rows: keep}\n";

}  // namespace

TEST_CASE("preview: rows, blanks of three kinds and rejected records") {
  CHECK(previewed(
            kPlain,
            "{\"i\": \"r1\", \"a\": \"x\", \"n\": 1}\n{\"i\": \"r2\", \"a\": null, \"n\": \"\"}\n"
            "{\"i\": \"r3\", \"n\": \"y\"}\n{\"i\": \"r4\", \"n\": 7}\nno JSON\n") ==
        "1 r1: x|1\n2 r2: <null>|<empty>\n3 r3: NUMBER_UNREADABLE\n4 r4: <missing>|7\n"
        "5: JSON_INVALID\nwhole 5");
}

TEST_CASE("preview: reading ends with the last row that is shown") {
  const std::string one = R"({"i": 1, "a": "x", "n": 1})";
  CHECK(previewed(kPlain, records(3, one), 2) == "1 1: x|1\n2 1: x|1\npart 2");
  CHECK(previewed(kPlain, records(2, one), 2) == "1 1: x|1\n2 1: x|1\nwhole 2");
  // a rejected record counts as a row, so that a wrong mapping does not read all of the dump
  CHECK(previewed(kPlain, records(3, R"({"n": "y"})"), 2) ==
        "1: NUMBER_UNREADABLE\n2: NUMBER_UNREADABLE\npart 2");
  // more than a block of the input
  const std::string many = previewed(kPlain, records(30000, one), 1);
  CHECK(many == "1 1: x|1\npart 1");
}

TEST_CASE("preview: fields that no record has are told of a whole input alone") {
  const std::string mapping = "columns: {A: a, B: b}\n";
  CHECK(previewed(mapping, records(2, R"({"a": 1})"), 2) ==
        "1: 1|<missing>\n2: 1|<missing>\nwhole 2 never B");
  CHECK(previewed(mapping, records(3, R"({"a": 1})"), 2) ==
        "1: 1|<missing>\n2: 1|<missing>\npart 2");
}

TEST_CASE("preview: a record of many rows is cut where there are enough") {
  const std::string mapping = "rows: {one_per: rooms, called: room}\ncolumns: {R: room.r}\n";
  CHECK(previewed(mapping, R"({"rooms": [{"r": 1}, {"r": 2}, {"r": 3}]})", 2) ==
        "1: 1 2 + 1\nwhole 1");
}

TEST_CASE("preview: records that are left out are one line, and do not count as rows") {
  const std::string mapping = "only: {when: A > 1}\ncolumns: {A: {from: a, type: integer}}\n";
  CHECK(previewed(mapping, "{\"a\": 1}\n{\"a\": 0}\n{\"a\": 2}\n{\"a\": 1}\n{\"a\": 3}\n", 2) ==
        "1-2: skipped\n3: 2\n4: skipped\n5: 3\nwhole 5");
}

TEST_CASE("preview: duplicates are left out where the records before decide") {
  const std::string dump = "{\"a\": 1}\n{\"a\": 1}\n{\"a\": 2}\n";
  CHECK(previewed("duplicates: {same: a, keep: first}\ncolumns: {A: a}\n", dump) ==
        "1: 1\n2: duplicate\n3: 2\nwhole 3");
  CHECK(previewed("duplicates: {same: a, keep: last}\ncolumns: {A: a}\n", dump) ==
        "1: 1\n2: 1\n3: 2\nwhole 3");
}

TEST_CASE("preview: values of personal columns are hidden, and ids of the same place") {
  CHECK(previewed("input: {id: p}\ncolumns: {P: {from: p, personal: yes}, A: a}\n",
                  R"({"p": "Ana", "a": "x"})") ==
        "1 (hidden: personal): (hidden: personal)|x\nwhole 1");
}

TEST_CASE("preview: values are as the output writes them, long ones cut") {
  CHECK(previewed("columns: {D: {from: d, type: date, read: ISO-8601, write: DD/MM/YYYY}, "
                  "N: {from: n, type: decimal}}\noutput: {format: csv, decimal_mark: \",\", "
                  "separator: \";\"}\n",
                  R"({"d": "2025-03-01", "n": 1.5})") == "1: 01/03/2025|1,5\nwhole 1");
  CHECK(previewed("columns: {J: {from: j, type: json}}\noutput: {format: json}\n",
                  "{\"j\": {\"k\": [1,  2]}}") == "1: {\"k\": [1,  2]}\nwhole 1");
  const std::string cut = previewed("columns: {A: a}\n", "{\"a\": \"x" + records(1, "").substr(1) +
                                                             std::string(2000000, 'y') + "\"}");
  CHECK(cut == "1: x" + std::string(kCellBytes - 1, 'y') + "…\nwhole 1");
}

TEST_CASE("preview: what ends the input, or the run") {
  CHECK(previewed(kPlain, "") == "unreadable 0 INPUT_EMPTY");
  CHECK(previewed("input: {format: json}\ncolumns: {A: a}\n", "[]") == "whole 0");
  CHECK(previewed("input: {format: json}\ncolumns: {A: a}\n", "[{\"a\": 1}, {\"a\"") ==
        "1: 1\n2: JSON_INVALID\nunreadable 2 INPUT_CUT_OFF");
  CHECK(previewed("columns: {A: {from: a, type: integer, when_wrong: stop}}\n",
                  "{\"a\": 1}\n{\"a\": \"x\"}\n{\"a\": 3}\n") ==
        "1: 1\n2: NUMBER_UNREADABLE\nstopped 2");
}
