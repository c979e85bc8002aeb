// Values of personal columns appear in the rows and, without --rejects-without-personal, in the
// source of rejected records: nowhere else.

#include <doctest/doctest.h>
#include <unistd.h>

#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mapping_test.h"
#include "run/run_support.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

constexpr std::string_view kMark = "PRIVATE-7f3a";

class NoFiles final : public FileReader {
 public:
  bool read(const std::string& /*path*/, std::string& /*content*/, Phrase& why) override {
    why = "there is none";
    return false;
  }
};

struct Outputs {
  std::string rejects;
  std::string rest;  // the report and the summary
};

Outputs outputs_of(const RunFolder& folder, const LoadedMapping& mapping, const std::string& input,
                   bool masked) {
  RunOptions options;
  options.inputs = {input};
  options.output = folder.at("out");
  options.rejects = folder.at("out.rejects");
  options.summary = folder.at("out.summary");
  options.rejects_without_personal = masked;
  options.threads = 1;
  options.now = 1741068000;
  const RunEnd end = run(*mapping.plan, mapping.run, options);
  std::string summary;
  for (const char* name : {"out.summary", "out.summary.incomplete"})
    if (folder.has(name)) summary += folder.read(name);
  std::string rejects;
  for (const char* name : {"out.rejects", "out.rejects.incomplete"})
    if (folder.has(name)) rejects += folder.read(name);
  return {rejects, report_text(end.summary, end.facts) + summary};
}

/// Rejects without the record itself, which has a key where it is an entry.
std::string without_source(const std::string& rejects) {
  static const std::regex kKey(R"re(, "key": "[^"]*")re");
  std::string out;
  std::istringstream lines(rejects);
  for (std::string line; std::getline(lines, line);)
    out += std::regex_replace(line.substr(0, line.find(", \"source")), kKey, "") + '\n';
  return out;
}

struct Case {
  std::string_view name;
  std::string_view body;     // of the mapping
  std::string_view records;  // with # for the mark
  std::map<std::string, std::string> files = {};
};

std::string with_mark(std::string_view text) {
  std::string out(text);
  for (std::size_t at = out.find('#'); at != std::string::npos; at = out.find('#'))
    out.replace(at, 1, kMark);
  return out;
}

const Case kCases[] = {
    // one place, two ways to it
    {"an item of rows and the same field again",
     "rows: {one_per: pax, called: x}\ncolumns:\n  A: {from: x.a, personal: yes}\n  B: {from: x.a, "
     "type: integer}\n",
     R"({"pax": [{"a": "#"}]})"},
    {"all items, one of them elsewhere",
     "columns:\n  A: {from: \"pax[*].a\", join: '+', personal: yes}\n  B: {from: \"pax[0].a\", "
     "type: "
     "integer}\n",
     R"({"pax": [{"a": "#"}]})"},
    {"one item, all of them elsewhere",
     "columns:\n  A: {from: \"pax[0].a\", personal: yes}\n  B: {from: \"pax[*].a\", join: '+', "
     "type: "
     "integer}\n",
     R"({"pax": [{"a": "#"}]})"},
    {"the last item, which is the first",
     "columns:\n  A: {from: \"pax[-1].a\", personal: yes}\n  B: {from: \"pax[0].a\", type: "
     "integer}\n",
     R"({"pax": [{"a": "#"}]})"},
    {"the other way round",
     "columns:\n  A: {from: \"pax[0].a\", personal: yes}\n  B: {from: \"pax[-1].a\", type: "
     "integer}\n",
     R"({"pax": [{"a": "#"}]})"},
    {"a pointer to an item",
     "columns:\n  A: {from: \"pax[0].a\", personal: yes}\n  B: {from: /pax/0/a, type: integer}\n",
     R"({"pax": [{"a": "#"}]})"},
    {"an item that a pointer is for",
     "columns:\n  A: {from: /pax/0/a, personal: yes}\n  B: {from: \"pax[*].a\", join: '+', type: "
     "integer}\n",
     R"({"pax": [{"a": "#"}]})"},
    {"a field in a personal object",
     "input: {format: ndjson, id: guest.mail}\ncolumns:\n  A: {from: guest, type: json, personal: "
     "yes}\n  B: {from: guest.mail, type: integer}\noutput: {format: ndjson}\n",
     R"({"guest": {"mail": "#"}})"},
    {"the object around a personal field",
     "columns:\n  A: {from: guest.mail, personal: yes}\n  B: guest\n",
     R"({"guest": {"mail": "#"}})"},
    {"an item of a list that is picked from",
     "columns:\n  A: {from: {list: ph, where: t, is: X, take: v}, personal: yes}\n  B: {from: "
     "\"ph[0].v\", type: integer}\n",
     R"({"ph": [{"t": "X", "v": "#"}]})"},
    {"a pick from a list with a personal field",
     "columns:\n  A: {from: \"ph[0].v\", personal: yes}\n  B: {from: {list: ph, where: t, is: X, "
     "take: "
     "v}, type: integer}\n",
     R"({"ph": [{"t": "X", "v": "#"}]})"},
    {"one or many",
     "rows: {one_per: pax, called: x, one_or_many: yes}\ncolumns:\n  A: {from: x.a, personal: "
     "yes}\n  "
     "B: {from: x.a, type: integer}\n  C: {from: pax.a, type: integer}\n",
     R"({"pax": {"a": "#"}})"},
    // ids and keys
    {"an id in another spelling",
     "input: {format: ndjson, id: /guest/mail}\ncolumns:\n  A: {from: guest.mail, personal: yes}\n "
     " N: "
     "{from: n, type: integer}\n  W: {from: w, lookup: {a: b}, unknown: {write: z, and: warn}}\n",
     R"({"guest": {"mail": "#"}, "n": "x", "w": "y"})"},
    {"an id that is an object with a personal field beside a warning",
     "input: {format: ndjson, id: guest.mail}\ncolumns:\n  A: {from: guest, type: json, personal: "
     "yes}\n  W: {from: w, lookup: {a: b}, unknown: {write: z, and: warn}}\noutput: {format: "
     "ndjson}\n",
     R"({"guest": {"mail": "#"}, "w": "y"})"},
    {"the key of duplicates",
     "duplicates: {same: a, others: reject}\ncolumns:\n  A: {from: a, personal: yes}\n  N: n\n",
     "{\"a\": \"#\", \"n\": 1}\n{\"a\": \"#\", \"n\": 2}"},
    {"the key of duplicates in another spelling, in parts",
     "duplicates: {same: [n, /g/a], keep: none, others: reject}\ncolumns:\n  A: {from: g.a, "
     "personal: "
     "yes}\n  N: n\n",
     "{\"g\": {\"a\": \"#\"}, \"n\": 1}\n{\"g\": {\"a\": \"#\"}, \"n\": 1}"},
    {"what duplicates are ranked by",
     "duplicates: {same: n, keep: highest a}\ncolumns:\n  A: {from: a, personal: yes}\n  N: n\n",
     "{\"a\": \"#\", \"n\": 1}\n{\"a\": \"#\", \"n\": 1}"},
    {"a repeated key that is personal",
     "rows: {one_per: \"x{*}\", called: e}\ncolumns:\n  A: {from: e.$key, personal: yes}\n  B: "
     "e.b\n",
     R"({"x": {"#": {"b": 1}, "#": {"b": 2}}})"},
    {"a repeated key in a personal object",
     "columns:\n  A: {from: guests, type: json, personal: yes}\noutput: {format: ndjson}\n",
     R"({"guests": {"#": 1, "#": 2}})"},
    // expressions
    {"a rule over a source field",
     "columns:\n  A: {from: a, personal: yes}\n  N: {from: n, type: decimal}\nrules: [{name: r, "
     "check: "
     "source.a > N}]\n",
     R"({"a": "#", "n": 1})"},
    {"only", "only: {when: source.a > 5}\ncolumns:\n  A: {from: a, personal: yes}\n",
     R"({"a": "#"})"},
    {"a rule on a column that reads the same field",
     "columns:\n  A: {from: a, personal: yes}\n  B: /a\nrules: [{name: r, check: B = \"x\"}]\n",
     R"({"a": "#"})"},
    {"a rule on a column that chooses it",
     "columns:\n  A: {from: a, personal: yes}\n  C: {choose: [{otherwise: {column: A}}]}\nrules: "
     "[{name: r, check: C = \"x\"}]\n",
     R"({"a": "#"})"},
    {"a rule on a column that chooses the field",
     "columns:\n  A: {from: a, personal: yes}\n  C: {choose: [{otherwise: {from: a}}]}\nrules: "
     "[{name: "
     "r, check: C = \"x\"}]\n",
     R"({"a": "#"})"},
    {"compute of a source field",
     "columns:\n  A: {from: a, personal: yes}\n  C: {compute: source.a + 1}\n", R"({"a": "#"})"},
    {"a condition of choose",
     "columns:\n  A: {from: a, personal: yes}\n  C: {choose: [{when: source.a > 1, write: x}, "
     "{otherwise: "
     "y}]}\n  B: {from: b, type: integer}\n",
     R"({"a": "#", "b": "x"})"},
    // made of several values
    {"a composite key",
     "tables: {t: {file: t.csv, key: [k, l], value: v}}\ncolumns:\n  A: {from: a, personal: yes}\n "
     " B: "
     "{by: [b, a], lookup: t}\n",
     R"({"a": "#", "b": "x"})",
     {{"t.csv", "k,l,v\n1,2,3\n"}}},
    {"several paths",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: [b, a], join: '-', type: integer}\n",
     R"({"a": "#", "b": "x"})"},
    {"a lookup of each part",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: [b, a], join: '-', lookup: {x: y}}\n",
     R"({"a": "#", "b": "x"})"},
    {"first_of",
     "columns:\n  A: {from: a, personal: yes}\n  B: {first_of: [b, a], type: integer}\n",
     R"({"a": "#", "b": ""})"},
    {"a zone",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: b, type: datetime, no_zone_means: "
     "{from: a}, "
     "zone: UTC}\n",
     R"({"a": "#", "b": "2025-03-01T10:00:00"})"},
    {"a currency",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: b, type: money, currency: {from: a}}\n",
     R"({"a": "#", "b": "10.00"})"},
    {"minor units",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: b, type: money, currency: EUR, "
     "minor_units: "
     "{from: a}}\n",
     R"({"a": "#", "b": "1000"})"},
    {"what a pick compares with",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: {list: l, where: t, is: {from: a}, "
     "take: v}, "
     "type: integer}\n",
     R"({"a": "#", "l": "x"})"},
    {"each that is personal, its column not said to be",
     "columns:\n  L: {each: l, personal: yes, columns: {m: {from: item.v, type: "
     "integer}}}\noutput: "
     "{format: ndjson}\n",
     R"({"l": [{"v": "#"}]})"},
    {"each with a personal column, against a schema",
     "columns:\n  L: {each: l, columns: {m: {from: item.v, personal: yes}}}\noutput: {format: "
     "ndjson, "
     "schema: s.json}\n",
     R"({"l": [{"v": "#"}, {"v": "b"}]})",
     {{"s.json", R"({"properties": {"L": {"maxItems": 1}}})"}}},
    {"a schema, and columns that hold the same",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: [a, b], type: json}\n  C: {choose: "
     "[{otherwise: {column: A}}]}\noutput: {format: ndjson, schema: s.json}\n",
     R"({"a": "#", "b": 1})",
     {{"s.json",
       R"({"properties": {"A": {"maxLength": 2}, "B": {"maxItems": 1}, "C": {"maxLength": 2}}})"}}},
    // warnings
    {"an unknown code that is written otherwise",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: /a, lookup: {x: y}, unknown: {write: z, "
     "and: "
     "warn}}\n",
     R"({"a": "#"})"},
    {"an unknown code that is kept",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: /a, lookup: {x: y}, unknown: keep}\n  "
     "N: "
     "{from: n, type: integer}\n",
     R"({"a": "#", "n": "x"})"},
    {"a wrong value that is left blank",
     "columns:\n  A: {from: g, type: json, personal: yes}\n  B: {from: g.a, type: integer, "
     "when_wrong: "
     "write-blank}\noutput: {format: ndjson}\n",
     R"({"g": {"a": "#"}})"},
    {"a wrong value that is written as it is",
     "columns:\n  A: {from: g.a, personal: yes}\n  B: {from: /g/a, type: date, when_wrong: "
     "write-original}\n",
     R"({"g": {"a": "#"}})"},
    {"a text with the shape of a date",
     "columns:\n  A: {from: a, personal: yes}\n  B: {from: /a, type: date, read: D-MMMM-YYYY, "
     "months: "
     "es}\n",
     R"({"a": "3-PRIVATEmes-2025"})"},
    // keys of entries
    {"the path of another error",
     "rows: {one_per: \"g{*}\", called: x}\ncolumns:\n  K: {from: x.$key, personal: yes}\n  B: "
     "{from: "
     "x.n, type: integer}\n",
     R"({"g": {"#": {"n": "q"}}})"},
    {"the key of an entry through {*}",
     "columns:\n  K: {from: \"g{*}.$key\", join: '+', personal: yes}\n  B: {from: \"g{*}.n\", "
     "join: '+', "
     "type: integer}\n  C: {from: \"g{*}.m\", total: sum}\n",
     R"({"g": {"#": {"n": "q", "m": "r"}}})"},
    {"the key of a record",
     "input: {format: json, records: \"g{*}\"}\ncolumns:\n  K: {from: $key, personal: yes}\n  B: "
     "{from: "
     "n, type: integer}\n",
     R"({"g": {"#": {"n": "q"}}})"},
    {"the key of a record as its id",
     "input: {format: json, records: \"g{*}\", id: $key}\ncolumns:\n  K: {from: $key, personal: "
     "yes}\n  "
     "B: {from: n, type: integer}\n",
     R"({"g": {"#": {"n": "q"}}})"},
    {"a new field of an entry",
     "input: {format: ndjson, fields_nobody_uses: warn}\ncolumns:\n  A: {from: \"a{*}.b\", join: "
     "'+', "
     "personal: yes}\n",
     R"({"a": {"#": {"b": "1", "c": 2}}})"},
    {"a new field of an entry that rejects",
     "input: {format: ndjson, fields_nobody_uses: reject}\nrows: {one_per: \"a{*}\", called: x}\n"
     "columns:\n  A: {from: x.$key, personal: yes}\n  B: x.b\n",
     R"({"a": {"#": {"b": "1", "c": 2}}})"},
    // another shape than expected
    {"a text where an object was expected",
     "columns:\n  A: {from: guest.mail, personal: yes}\n  B: guest.name\n  N: {from: n, type: "
     "integer}\n",
     R"({"guest": "#", "n": "x"})"},
    {"a list where an object was expected",
     "columns:\n  A: {from: guest.mail, personal: yes}\n  N: {from: n, type: integer}\n",
     R"({"guest": ["#"], "n": "x"})"},
    {"an object where a list was expected",
     "rows: {one_per: pax, called: x}\ncolumns:\n  A: {from: x.a, personal: yes}\n",
     R"({"pax": {"#": "#"}})"},
    {"a text where a list was expected",
     "columns:\n  A: {from: \"pax[*].a\", join: '+', personal: yes}\n  B: {from: \"pax[*].b\", "
     "join: "
     "'+'}\n",
     R"({"pax": "#"})"},
    {"a text in the list where objects were expected",
     "columns:\n  A: {from: \"pax[*].a\", join: '+', personal: yes}\n  B: {from: \"pax[*].b\", "
     "join: "
     "'+'}\n",
     R"({"pax": [{"a": 1, "b": 2}, "#"]})"},
    // helper fields of the personal column itself
    {"the currency of a personal amount",
     "columns:\n  A: {from: p, type: money, currency: {from: cur}, personal: yes}\n  N: {from: n, "
     "type: "
     "integer}\n",
     R"({"p": "1.00", "cur": "#", "n": "x"})"},
    {"what a personal pick compares with",
     "columns:\n  A: {from: {list: l, where: t, is: {from: who}, take: v}, personal: yes}\n  N: "
     "{from: "
     "n, type: integer}\n",
     R"({"l": [], "who": "#", "n": "x"})"},
    {"the zone of a personal time",
     "columns:\n  A: {from: a, type: datetime, no_zone_means: {from: z}, zone: UTC, personal: "
     "yes}\n  N: "
     "{from: n, type: integer}\n",
     R"({"a": "2025-03-01T10:00:00", "z": "#", "n": "x"})"},
    // not records
    {"a record that is not JSON", "columns:\n  A: {from: a, personal: yes}\n", "#\n{\"a\": 1}"},
    {"the beginning of a record that is not JSON", "columns:\n  A: {from: a, personal: yes}\n",
     "# at the front\n{\"a\": 1}"},
    {"a table of the dump",
     "input: {format: json, records: data}\ntables: {t: {inside: names}}\ncolumns:\n  A: {from: a, "
     "lookup: t, personal: yes}\n",
     R"({"names": {"#": "x"}, "data": [{"a": "y"}]})"},
};

}  // namespace

TEST_CASE("personal: a marked value is in no report, summary or reject") {
  for (const Case& c : kCases) {
    INFO(c.name);
    const RunFolder folder;
    for (const auto& [name, content] : c.files) folder.write(name, content);
    const LoadedMapping mapping =
        loaded(folder.write("m.yaml", "mapping: m\nversion: 1\n" + std::string(c.body)));
    const std::string input = folder.write("in", with_mark(c.records) + "\n");
    const Outputs whole = outputs_of(folder, mapping, input, false);
    INFO(whole.rest, whole.rejects);
    CHECK((whole.rest + without_source(whole.rejects)).find("PRIVATE") == std::string::npos);
    const Outputs masked = outputs_of(folder, mapping, input, true);
    INFO(masked.rest, masked.rejects);
    CHECK((masked.rest + masked.rejects).find("PRIVATE") == std::string::npos);
    // Nothing would be proved by a run that has nothing to say.
    CHECK((whole.rejects.find("\"code\"") != std::string::npos ||
           whole.rest.find("\nwarning ") != std::string::npos));
  }
}

TEST_CASE("personal: an error answer that a personal column reads is not quoted") {
  const auto report = [](const std::string& personal) {
    const RunFolder folder;
    const LoadedMapping mapping = loaded(folder.write(
        "m.yaml",
        "mapping: m\nversion: 1\ninput: {format: ndjson, error_body: errors}\ncolumns:\n  "
        "A: a\n  E: {from: errors.user, personal: " +
            personal + "}\n"));
    const std::string input = folder.write("in", "{\"errors\": {\"user\": \"PRIVATE\"}}\n");
    const Outputs out = outputs_of(folder, mapping, input, true);
    return out.rest + out.rejects;
  };
  CHECK(report("no").find("PRIVATE") != std::string::npos);
  const std::string hidden = report("yes");
  INFO(hidden);
  CHECK(hidden.find("PRIVATE") == std::string::npos);
  CHECK(hidden.find("ERROR_BODY") != std::string::npos);
}

TEST_CASE("personal: what is not, is shown") {
  const auto report = [](const std::string& body, const std::string& record) {
    const RunFolder folder;
    const LoadedMapping mapping = loaded(folder.write("m.yaml", "mapping: m\nversion: 1\n" + body));
    const Outputs out = outputs_of(folder, mapping, folder.write("in", record + "\n"), true);
    return out.rest + out.rejects;
  };
  const std::string beside = report(
      "columns:\n  A: {from: guest.mail, personal: yes}\n  B: {from: guest.age, type: integer}\n",
      R"({"guest": {"mail": "a@b.c", "age": "many"}})");
  INFO(beside);
  CHECK(beside.find("\"many\" is not a number") != std::string::npos);
  CHECK(beside.find(R"re("source": {"guest": {"mail": "(hidden: personal)", "age": "many"}})re") !=
        std::string::npos);
  CHECK(beside.find(R"("path": "/guest/age")") != std::string::npos);

  // The author says that what a column makes of it is not personal.
  const std::string domain = report(
      "columns:\n  A: {from: mail, personal: yes}\n  D: {from: mail, split: {by: '@', take: 2}, "
      "personal: no}\nrules: [{name: ours, check: D = \"example.com\"}]\n",
      R"({"mail": "PRIVATE@example.org"})");
  INFO(domain);
  CHECK(domain.find("D example.org") != std::string::npos);
  CHECK(domain.find("PRIVATE") == std::string::npos);
}

TEST_CASE("personal: what is made of a personal column is hidden with it") {
  const RunFolder folder;
  folder.write("rates.csv", "d,f,t,r\n2025-01-01,USD,EUR,0.9\n");
  const LoadedMapping mapping = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\ntables: {r: {kind: rates, file: rates.csv, date: d, from: f, to: t, "
      "rate: r, no_rate_that_day: use-previous, at_most_days_old: 5}}\n"
      "columns:\n  Salary: {from: s, type: decimal, personal: yes}\n"
      "  Twice: {compute: Salary * 2, between: [0, 5]}\n"
      "  Born: {from: b, type: date, personal: yes}\n"
      "  Gift: {from: g, type: money, currency: USD, convert_to: EUR, rates: r, rate_date: Born, "
      "decimals: 2, rounding: half-up}\n"));
  const Outputs out = outputs_of(folder, mapping,
                                 folder.write("in", R"({"s": 1234, "b": "1973-11-19", "g": "7"})"
                                                    "\n"),
                                 true);
  INFO(out.rest, out.rejects);
  CHECK(out.rest.find("OUT_OF_RANGE") != std::string::npos);
  CHECK(out.rest.find("RATE_MISSING") != std::string::npos);
  for (const char* value : {"2468", "1234", "1973-11-19"})
    CHECK((out.rest + out.rejects).find(value) == std::string::npos);
}

TEST_CASE("personal: trama test does not show what a row has") {
  const RunFolder folder;
  const std::string path = folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\ncolumns:\n  A: {from: a, personal: yes}\n  B: /a\n  C: c\n"
      "tests: [{name: t, given: {a: PRIVATE, c: 1}, expect_rows: [{A: x, B: y, C: 2}]}]\n");
  const LoadedMapping mapping = loaded(path);
  NoFiles files;
  const std::string root = "/";
  const TestOutcome outcome =
      run_test(mapping.mapping.tests.front(),
               {.plan = *mapping.plan, .mapping = mapping.run, .root = root, .reader = files});
  std::string all;
  for (const std::string& problem : outcome.problems) all += problem + "\n";
  CHECK(all ==
        "row 1, A: it is not what is expected (hidden: personal)\n"
        "row 1, B: it is not what is expected (hidden: personal)\n"
        "row 1, C: expected \"2\", got \"1\"\n");
}
