#include "engine/coverage.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <string>

#include "engine/memory_run.h"
#include "run/run_facts.h"
#include "run/run_support.h"
#include "text/catalogue.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

/// "3 of 5 lookup entries found: A of t, B of t; …", of one record after another.
std::string covered(const std::string& body, const std::vector<std::string>& dumps) {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write("m.yaml", "mapping: m\nversion: 1\n" + body));
  Coverage coverage(*mapping.plan, mapping.mapping);
  for (const std::string& dump : dumps) {
    const OpenSource open = [&]() -> Result<std::unique_ptr<Source>> {
      return source_of_text(dump, "given", mapping.run.source);
    };
    RunOptions options;
    auto ran = run_in_memory(*mapping.plan, names_of(*mapping.plan, mapping.run, options, "test"),
                             open, 0, &coverage.taken());
    REQUIRE(ran.ok());
    coverage.add(ran.value().summary);
  }
  std::string out;
  for (const Coverage::Part& part : coverage.parts()) {
    const std::size_t exercised = part.all - part.not_exercised.size();
    const Phrase line(part.kind, {std::to_string(exercised), std::to_string(part.all)});
    out += (out.empty() ? "" : "; ") + say(Language::en, line);
    for (std::size_t i = 0; i < part.not_exercised.size(); ++i)
      out += (i == 0 ? ": " : ", ") + say(Language::en, part.not_exercised[i]);
  }
  return out;
}

}  // namespace

TEST_CASE("coverage: columns, by values and by errors") {
  const std::string body =
      "columns:\n  A: a\n  B: {from: b, type: integer}\n  C: {from: c, internal: yes}\n"
      "  D: {value: x}\n";
  CHECK(covered(body, {}) == "0 of 3 columns with a value: A, B, C");
  CHECK(covered(body, {R"({"a":"","b":null})"}) == "0 of 3 columns with a value: A, B, C");
  CHECK(covered(body, {R"({"a":"x"})", R"({"b":"x"})"}) == "2 of 3 columns with a value: C");
  CHECK(covered(body, {R"({"a":"x","b":2,"c":3})"}) == "3 of 3 columns with a value");
}

TEST_CASE("coverage: entries of lookup tables") {
  const std::string body =
      "tables: {rooms: {DBL: Doble, SGL: Single}}\ncolumns:\n"
      "  A: {from: a, lookup: rooms}\n  B: {from: b, lookup: rooms}\n"
      "  C: {from: c, lookup: {É: e, X: x}, ignore_case: yes}\n";
  CHECK(covered(body, {R"({"a":"SGL","c":"é"})"}) ==
        "2 of 3 columns with a value: B; 2 of 4 lookup entries found: DBL of rooms, X of the "
        "lookup of C");
  CHECK(covered(body, {R"({"a":"SGL","b":"DBL","c":"x"})"}) ==
        "3 of 3 columns with a value; 3 of 4 lookup entries found: É of the lookup of C");
  CHECK(covered("columns:\n  M: {from: m, type: money, currency: {from: u, lookup: {D: USD, E: "
                "EUR}}}\n",
                {R"({"m":1,"u":"D"})"}) ==
        "1 of 1 columns with a value; 1 of 2 lookup entries found: E of the lookup of the currency "
        "of M");
}

TEST_CASE("coverage: choices and rules") {
  const std::string body =
      "columns:\n  N: {from: n, type: integer}\n"
      "  C: {choose: [{when: N > 2, write: many}, {when: N = 1, write: one}, {otherwise: none}]}\n"
      "rules:\n  - {name: r, check: N < 9}\n  - {name: w, check: N > 0, level: warn}\n";
  CHECK(covered(body, {R"({"n":3})", R"({"n":0})"}) ==
        "2 of 2 columns with a value; 2 of 3 choices taken: when: N = 1 of C; 1 of 2 rules "
        "broken: r");
  CHECK(covered(body, {R"({"n":1})", R"({"n":9})"}) ==
        "2 of 2 columns with a value; 2 of 3 choices taken: otherwise of C; 1 of 2 rules broken: "
        "w");
}
