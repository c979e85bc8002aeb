// Tables that travel in the dump: wherever they stand, each input its own,
// and what makes them of no use.

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>

#include <string>

#include "engine/mapping_test.h"
#include "engine/memory_run.h"
#include "report/diagnostics_text.h"
#include "run/dump_entries.h"
#include "run/dump_tables.h"
#include "run/run_support.h"
#include "text/catalogue.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

constexpr std::string_view kMapping = R"(mapping: m
version: 1
input: {records: data, id: id}
tables:
  airlines: {inside: dictionaries.carriers}
columns:
  Id: id
  Airline: {from: carrier, lookup: airlines}
output: {header: no}
)";

constexpr std::string_view kData =
    R"("data": [{"id": 1, "carrier": "AV"}, {"id": 2, "carrier": "IB"}])";

std::string with_table(std::string_view table) {
  return "{" + std::string(kData) + R"(, "dictionaries": {"carriers": )" + std::string(table) +
         "}}";
}

/// What a run over these inputs said and wrote.
struct Said {
  Exit exit = Exit::ok;
  std::string endings;
  RunSeen seen;
};

Said said(std::string_view mapping, const std::vector<std::string>& contents,
          const RunHow& how = {}) {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write("m.yaml", mapping));
  std::vector<std::string> inputs;
  for (const std::string& content : contents)
    inputs.push_back(folder.write("in" + std::to_string(inputs.size()) + ".json", content));
  Said out;
  out.seen = run_over(folder, m, inputs, how);
  out.exit = out.seen.exit;
  RunOptions options;
  options.inputs = inputs;
  options.dry_run = true;
  for (const Phrase& ending : run(*m.plan, m.run, options).facts.endings)
    out.endings += say(Language::en, ending) + "\n";
  return out;
}

std::string column(std::string_view words) {
  std::string mapping(kMapping);
  const std::string_view kOld = "{from: carrier, lookup: airlines}";
  return mapping.replace(mapping.find(kOld), kOld.size(), words);
}

std::string table(std::string_view words) {
  std::string mapping(kMapping);
  const std::string_view kOld = "{inside: dictionaries.carriers}";
  return mapping.replace(mapping.find(kOld), kOld.size(), words);
}

std::string gzipped(const std::string& content, const std::string& path) {
  gzFile file = ::gzopen(path.c_str(), "wb");
  ::gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  ::gzclose(file);
  return path;
}

}  // namespace

TEST_CASE("inside: before and behind the records and however the input is cut") {
  const std::string carriers =
      R"("dictionaries": {"x": [1, {"carriers": 7}], "carriers": {"AV": "AVI\u0041NCA", "IB": "Ib]er\"ia"}})";
  const std::string inputs[] = {
      "{" + carriers + ", " + std::string(kData) + "}",
      "{" + std::string(kData) + ", " + carriers + "}",
      "\xef\xbb\xbf {\n \"meta\": {},\n" + std::string(kData) + "\n,\n" + carriers + "\n}\n",
  };
  for (const std::string& input : inputs) {
    for (const std::size_t split : {std::size_t{1}, std::size_t{7}, std::size_t{64}, kSplitBytes}) {
      for (const unsigned threads : {1U, 2U, 8U}) {
        INFO(input, " cut at ", split, ", threads ", threads);
        const Said run = said(kMapping, {input}, {.threads = threads, .split_bytes = split});
        CHECK(run.exit == Exit::ok);
        CHECK(run.seen.rows == "1,AVIANCA\n2,\"Ib]er\"\"ia\"\n");
      }
    }
  }
}

TEST_CASE("inside: each input has its own table") {
  for (const unsigned threads : {1U, 8U}) {
    const Said run =
        said(kMapping,
             {with_table(R"({"AV": "one", "IB": "1"})"), with_table(R"({"IB": "2", "AV": "two"})"),
              with_table(R"({"AV": "three"})")},
             {.threads = threads, .split_bytes = 16});
    CHECK(run.exit == Exit::rejected);
    CHECK(run.seen.rows == "1,one\n2,1\n1,two\n2,2\n1,three\n");
    CHECK(run.seen.counts.rejected == 1);
    REQUIRE(run.seen.counts.shown.size() == 1);
    CHECK(run.seen.counts.shown[0].errors[0].known == "AV");
    CHECK(run.seen.rejects.find("LOOKUP_UNKNOWN") != std::string::npos);
  }
}

TEST_CASE("inside: the rules of lookups hold") {
  struct Case {
    const char* words;
    const char* table;
    const char* rows;
    const char* why;
  };
  static constexpr Case kCases[] = {
      {"{from: carrier, lookup: airlines, unknown: keep}", R"({"av": "a"})", "1,AV\n2,IB\n",
       "exact: case matters"},
      {"{from: carrier, lookup: airlines, ignore_case: yes}", R"({"av": "a", "Ib": "i"})",
       "1,a\n2,i\n", "unless it does not"},
      {"{from: carrier, lookup: airlines, unknown: {write: other, and: warn}}", R"({"AV": 7})",
       "1,7\n2,other\n", "numbers as they are written"},
      {"{from: carrier, lookup: airlines, unknown: write-blank}", R"({"AV": true, "": "x"})",
       "1,true\n2,\n", "booleans too"},
      {"{from: carrier, lookup: airlines, unknown: write-blank}", R"({"AV": null, "IB": ""})",
       "1,\n2,\n", "null and empty are blank"},
      {"{from: carrier, lookup: airlines, type: integer}", R"({"AV": 1.0, "IB": "2"})",
       "1,1\n2,2\n", "a type reads what the table gave"},
      {"{from: carrier, text: [lower-case], lookup: airlines}",
       R"({"av": "a", "ib": "i", "AV": "never"})", "1,a\n2,i\n", "after the text steps"},
      {"{from: carrier, lookup: airlines, unknown: keep}", "{}", "1,AV\n2,IB\n",
       "an empty table is one"},
  };
  for (const Case& c : kCases) {
    INFO(c.why);
    const Said run = said(column(c.words), {with_table(c.table)});
    INFO(run.endings);
    CHECK(run.exit == Exit::ok);
    CHECK(run.seen.rows == c.rows);
  }
}

TEST_CASE("inside: one table with and without case and one as a currency") {
  const std::string mapping = R"(mapping: m
version: 1
input: {records: data}
tables:
  names: {inside: names}
columns:
  A: {from: a, lookup: names}
  B: {from: b, lookup: names, ignore_case: yes}
  C: {from: c, type: money, currency: {from: cur, lookup: names}}
  D: {currency_of: C}
output: {header: no}
)";
  const Said run = said(
      mapping,
      {R"({"data": [{"a": "X", "b": "x", "c": 1.50, "cur": "US$"}], "names": {"X": "is X", "US$": "USD"}})"});
  INFO(run.endings);
  CHECK(run.seen.rows == "is X,is X,1.50,USD\n");
}

TEST_CASE("inside: fields of entries") {
  struct Case {
    const char* words;
    const char* table;
    const char* rows;  // null: refused
    const char* why;
  };
  static constexpr Case kCases[] = {
      {"{inside: dictionaries.carriers, value: name.en}",
       R"({"AV": {"name": {"en": "A"}}, "IB": {"name": {"en": "I", "es": []}}})", "1,A\n2,I\n",
       "a member of each value"},
      {"{inside: dictionaries.carriers, key: code, value: name}",
       R"([{"code": "AV", "name": "A"}, {"name": "I", "code": "IB"}])", "1,A\n2,I\n", "a list"},
      {"{inside: dictionaries.carriers, key: code, value: name}",
       R"({"x": {"code": "AV", "name": "A"}, "y": {"name": "I", "code": "IB"}})", "1,A\n2,I\n",
       "an object by a field of its values"},
      {"{inside: dictionaries.carriers, key: code, value: \"names[0].text\"}",
       R"([{"code": "AV", "names": [{"text": "A"}]}, {"code": "IB", "names": [{"text": "I"}, 7]}])",
       "1,A\n2,I\n", "a place in a list"},
      {"{inside: \"dictionaries.carriers[1]\"}", R"([{}, {"AV": "A", "IB": "I"}])", "1,A\n2,I\n",
       "the table in a list"},
      {"{inside: /dictionaries/carriers}", R"({"AV": "A", "IB": "I"})", "1,A\n2,I\n",
       "a JSON Pointer"},
      {"{inside: dictionaries.carriers, key: code, value: name}",
       R"([{"code": "AV", "name": "A"}, {"name": "I"}])", nullptr, "no key"},
      {"{inside: dictionaries.carriers, key: code, value: name}",
       R"([{"code": null, "name": "A"}])", nullptr, "a null key"},
      {"{inside: dictionaries.carriers, key: code, value: name}",
       R"([{"code": ["AV"], "name": "A"}])", nullptr, "a list as a key"},
      {"{inside: dictionaries.carriers, key: code, value: name}", R"([{"code": "AV"}])", nullptr,
       "no value"},
      {"{inside: dictionaries.carriers, key: code, value: name}",
       R"([{"code": "AV", "name": "A"}, {"code": "AV", "name": "A"}])", nullptr, "a key twice"},
      {"{inside: dictionaries.carriers, key: code, value: name}", R"(["AV", "IB"])", nullptr,
       "items that are no objects"},
      {"{inside: dictionaries.carriers, value: name}", R"({"AV": "A"})", nullptr,
       "values that are no objects"},
  };
  for (const Case& c : kCases) {
    INFO(c.why, " ", c.table);
    const Said run = said(table(c.words), {with_table(c.table)});
    INFO(run.endings);
    CHECK(run.exit == (c.rows != nullptr ? Exit::ok : Exit::input));
    CHECK(run.seen.published == (c.rows != nullptr));
    if (c.rows != nullptr) CHECK(run.seen.rows == c.rows);
    if (c.rows == nullptr) CHECK(run.endings.find("TABLE_INVALID: ") == 0);
  }
}

TEST_CASE("inside: several keys together") {
  const std::string mapping = R"(mapping: m
version: 1
input: {records: data}
tables:
  plans: {inside: plans, key: [hotel, plan], value: name}
columns:
  A: {by: [h, p], lookup: plans}
output: {header: no}
)";
  const Said run = said(
      mapping,
      {R"({"plans": [{"hotel": 1, "plan": "A", "name": "x"}, {"hotel": 1, "plan": "B", "name": "y"}], "data": [{"h": "1", "p": "B"}, {"h": 1, "p": "A"}]})"});
  INFO(run.endings);
  CHECK(run.seen.rows == "y\nx\n");
}

TEST_CASE("inside: tables that cannot be used") {
  struct Case {
    std::string input;
    const char* ending;
  };
  const std::string data(kData);
  const Case kCases[] = {
      {"{" + data + "}",
       "TABLE_NOT_FOUND: in0.json: the table 'airlines' is not there: nothing at "
       "dictionaries.carriers; the document has data"},
      {"{" + data + R"(, "dictionaries": {"aircraft": {}}})",
       "is not there: nothing at dictionaries.carriers; dictionaries has aircraft"},
      {"{" + data + R"(, "dictionaries": 7})",
       "nothing at dictionaries.carriers; dictionaries is a number"},
      {with_table("null"),
       "TABLE_NOT_FOUND: in0.json: the table 'airlines' is not there: nothing at "
       "dictionaries.carriers; it is null"},
      {with_table("7"),
       "TABLE_INVALID: in0.json: the table 'airlines' at dictionaries.carriers cannot be used: it "
       "is a number, not an object or a list"},
      {with_table("\"AV\""), "it is text, not an object or a list"},
      {with_table("[]"),
       "it is a list; 'key' and 'value' of the table say which fields of its items to take"},
      {with_table(R"({"AV": "a", "AV": "b"})"), "the key 'AV' appears twice in it"},
      {with_table(R"({"AV": "a", "\u0041V": "a"})"), "the key 'AV' appears twice in it"},
      {with_table(R"({"AV": ["a"]})"), "the entry 'AV' is a list, not one value"},
      {with_table(R"({"AV": {"name": "a"}})"),
       "the entry 'AV' is an object, not one value; 'value' of the table says which of its fields "
       "to take"},
      {R"({"dictionaries": {"carriers": {}, "carriers": {}}, )" + data + "}", "it is there twice"},
      {R"({"dictionaries": {"carriers": {}}, )" + data + R"(, "dictionaries": {"carriers": {}}})",
       "it is there twice"},
      {"{" + data + R"(, "dictionaries": {"carriers": {"AV": "a")", "INPUT_CUT_OFF: in0.json"},
      {"{" + data.substr(0, 30), "INPUT_CUT_OFF: in0.json"},
      {R"({"data": [}], "dictionaries": {"carriers": {}}})", "JSON_INVALID: in0.json"},
      {"", "INPUT_EMPTY: in0.json"},
      {"AV,Avianca\n", "INPUT_NOT_JSON: in0.json"},
      {R"({"dictionaries": {}})", "RECORDS_NOT_FOUND: in0.json"},
  };
  for (const Case& c : kCases) {
    Said run = said(kMapping, {c.input});
    const std::size_t folder = run.endings.find(": /");
    if (folder != std::string::npos)
      run.endings.erase(folder + 2, run.endings.find("in0.json") - folder - 2);
    INFO(c.input, "\n", run.endings);
    CHECK(run.exit == Exit::input);
    CHECK(!run.seen.published);
    CHECK(run.endings.find(c.ending) != std::string::npos);
  }
  const Said folded = said(column("{from: carrier, lookup: airlines, ignore_case: yes}"),
                           {with_table(R"({"AV": "a", "av": "a"})")});
  CHECK(folded.exit == Exit::input);
  CHECK(folded.endings.find("the key 'av' appears twice in it, where capitals do not matter") !=
        std::string::npos);
}

TEST_CASE(
    "inside: a whole table and then a broken list or end: the run tells it as it tells it without "
    "tables") {
  const std::string carriers = R"({"dictionaries": {"carriers": {"AV": "a", "IB": "i"}}, )";
  const Said cut = said(kMapping, {carriers + R"("data": [{"id": 1, "carrier": "AV"}, {"id")"});
  CHECK(cut.exit == Exit::input);
  CHECK(cut.seen.rows == "1,a\n");
  CHECK(cut.endings.find("INPUT_CUT_OFF") != std::string::npos);
  const Said broken =
      said(kMapping, {carriers + R"("data": [{"id": 1, "carrier": "AV"}, {"id": }]})"});
  CHECK(broken.exit == Exit::rejected);
  CHECK(broken.seen.rows == "1,a\n");
}

TEST_CASE("inside: gzip and a limit") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write("m.yaml", kMapping));
  const std::string input = with_table(R"({"AV": "a", "IB": "i"})");
  CHECK(run_over(folder, m, {gzipped(input, folder.at("in.json.gz"))}).rows == "1,a\n2,i\n");

  RunOptions options;
  options.inputs = {folder.write("in.json", input)};
  options.output = folder.at("limited");
  options.limit = 1;  // the table stands behind both records
  CHECK(run(*m.plan, m.run, options).exit == Exit::ok);
  CHECK(folder.read("limited") == "1,a\n");
}

TEST_CASE("inside: too much of it") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write("m.yaml", kMapping));
  const std::string at_most = R"({"AV":"a"})";
  const auto read = [&](std::size_t most) {
    SourceOptions options = DumpTables::options(*m.plan, m.run.source);
    options.max_outside_bytes = most;
    const std::unique_ptr<Source> source = source_of_text(with_table(at_most), "given", options);
    Split split;
    while (source->next(split)) {
    }
    return source->trouble();
  };
  CHECK_FALSE(read(at_most.size()));
  const std::optional<Failure> over = read(at_most.size() - 1);
  REQUIRE(over);
  CHECK(say(Language::en, *over) ==
        "given: the table 'airlines' at dictionaries.carriers cannot be used: it has more than 0 "
        "MiB");  // as the most is not one here

  std::string entries = "{";
  for (std::size_t i = 0; i < kMaxDumpTableEntries; ++i)
    entries += "\"" + std::to_string(i) + "\":1,";
  std::string more = entries + "\"x\":1}";
  entries.back() = '}';
  const PlanDumpTable& plan = m.plan->dump_tables.at(0);
  std::size_t memory = kMemoryBytes;
  auto full = table_of_json(plan, entries, "given", memory);
  REQUIRE(full.ok());
  CHECK(full.value()->size() == kMaxDumpTableEntries);
  memory = kMemoryBytes;
  auto too_many = table_of_json(plan, more, "given", memory);
  REQUIRE(!too_many.ok());
  CHECK(say(Language::en, too_many.failure()).find("it has more than 1000000 entries") !=
        std::string::npos);
}

TEST_CASE("inside: trama test over a file and over written records") {
  const RunFolder folder;
  folder.write("given.json", with_table(R"({"AV": "a", "IB": "i"})"));
  std::string mapping(kMapping);
  mapping.replace(mapping.find("output: {header: no}\n"), std::string::npos, R"(tests:
  - name: a file
    given: given.json
    expect_rows: [{Id: 1, Airline: a}, {Id: 2, Airline: i}]
  - name: records
    given: [{id: 1, carrier: AV}]
    expect_rows: [{Id: 1, Airline: a}]
)");
  const LoadedMapping m = loaded(folder.write("m.yaml", mapping));
  REQUIRE(m.mapping.tests.size() == 2);
  const auto disk = disk_reader();
  const std::string root = "/";
  const TestInput input{.plan = *m.plan, .mapping = m.run, .root = root, .reader = *disk, .now = 0};
  const TestOutcome file = run_test(m.mapping.tests[0], input);
  for (const std::string& problem : file.problems) CHECK(problem == "");
  const TestOutcome records = run_test(m.mapping.tests[1], input);
  REQUIRE(records.problems.size() == 1);
  CHECK(records.problems[0] ==
        "given: the table 'airlines' is beside the records in their file, and there is nothing "
        "beside records that are written in the test; name a file: given: sample.json");
}

TEST_CASE("inside: what check --plan and a run say of it") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write("m.yaml", kMapping));
  CHECK(m.plan->dump("Airline").find("inside dictionaries.carriers  -> text") != std::string::npos);
  REQUIRE(m.plan->notes.size() == 1);
  CHECK(say(Language::en, m.plan->notes[0]) ==
        "the input is read twice, first for the tables in it");
}
