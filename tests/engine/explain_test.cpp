#include "engine/explain.h"

#include <doctest/doctest.h>

#include <string>

#include "report/explanation.h"
#include "step/step.h"
#include "support/mapped.h"

namespace trama {
namespace {

/// What is told of a column V with these words, between columns that others need.
std::string told(const std::string& words) {
  test::TextFiles reader;
  reader.files["m.yaml"] =
      "mapping: m\nversion: 1\ninput: {format: ndjson}\n"
      "tables:\n  tasas: {kind: rates, file: t.csv, date: d, from: {value: EUR}, to: {value: USD}, rate: r}\n"
      "columns:\n  Dia: {from: d, type: date, read: ISO-8601}\n"
      "  Monto: {from: m, type: money, currency: EUR, convert_to: USD, rates: tasas, rate_date: Dia, decimals: 2, "
      "rounding: half-up}\n"
      "  Lista: {each: l, called: x, columns: {n: {from: x.n, type: integer}}}\n"
      "  V: {" +
      words + "}\noutput: {format: ndjson}\n";
  reader.files["t.csv"] = "d,r\n2026-01-01,1.1\n";
  const LoadedMapping loaded = load_mapping("m.yaml", "", reader);
  if (!loaded.plan) return "refused";
  std::string out;
  for (const Explanation::Section& section : explain(loaded, Language::en).sections)
    for (const Explanation::Item& item : section.items) {
      if (item.name != "V") continue;
      for (const std::string& sentence : item.sentences) out += sentence + ' ';
      for (const std::string& point : item.points) out += "- " + point + ' ';
    }
  for (char& c : out)
    if (c == kOwnBegin || c == kOwnEnd) c = '\'';
  return out;
}

}  // namespace

TEST_CASE("explain: every step has its sentence") {
  for (const StepSpec* const step : all_steps()) {
    INFO(step->name);
    CHECK(explains(*step));
  }
}

TEST_CASE("explain: every step of a column is told, with what the mapping says of it") {
  for (const StepSpec* const step : all_steps()) {
    for (const Example& example : step->examples) {
      const std::string words = std::string(example.column);
      INFO(step->name, ": ", words);
      const std::string text = told("from: v" + (words.empty() ? "" : ", " + words));
      CHECK(text.starts_with("Taken from 'v'. "));
      const bool has_words = words.find("lookup") == std::string::npos && !words.empty();
      // beside the source and what is said of blanks
      if (has_words) CHECK(text != "Taken from 'v'. It may be blank. ");
    }
  }
}

TEST_CASE("explain: every source has its sentence") {
  struct Case {
    const char* words;
    const char* begins;
  };
  static constexpr Case kCases[] = {
      {"from: a.b", "Taken from 'a.b'."},
      {"from: [a, b], join: \"-\"", "Put together from 'a' and 'b', with '-' between them."},
      {"from: 'a[*]', join: ''", "Put together from 'a[*]', with nothing between them."},
      {"from: ['a[*]'], type: json", "A list of what is at 'a[*]'."},
      {"first_of: [a, b, c]", "The first of 'a', 'b' and 'c' that is filled."},
      {"value: x", "Always 'x'."},
      {"compute: Monto * 2", "Computed: 'Monto * 2'."},
      {"choose: [{when: Monto > 1, write: x}, {when: Monto > 0, write: {from: a}}, {otherwise: {column: Dia}}]",
       "refused"},
      {"choose: [{when: Monto > 1, write: x}, {when: Monto > 0, write: {from: a}}]",
       "Depends on the record:"},
      {"rate_of: Monto", "The exchange rate with which 'Monto' was converted."},
      {"rate_day_of: Monto", "The day of the exchange rate with which 'Monto' was converted."},
      {"currency_of: Monto", "The currency of 'Monto'."},
      {"by: [a, b], lookup: {x: y}", "refused"},
      {"each: p, called: q, columns: {n: q.n}",
       "A list: for each item of 'p' an object with these columns."},
      {"total: sum, column: 'Lista[*].n'", "The sum of 'Lista[*].n'."},
      {"from: 'a[*]', total: max, type: integer", "The largest of 'a[*]'."},
      {"from: {list: a, where: k, is: [x, y], take: t}",
       "Of the items of 'a', the one whose 'k' is 'x' or 'y': its 't'."},
  };
  for (const Case& c : kCases) {
    INFO(c.words);
    const std::string text = told(c.words);
    INFO(text);
    CHECK(text.starts_with(c.begins));
  }
}

TEST_CASE(
    "explain: Markdown shows what is the mapping's own as code, and nothing of it is Markdown") {
  const Explanation one{.title = "a_b *c*",
                        .about = {},
                        .sections = {{.title = "T",
                                      .sentences = {"Taken from " + own("x`y|<b>") + "."},
                                      .points = {},
                                      .items = {{.name = "N<i>", .sentences = {"S."}}}}}};
  CHECK(explanation_markdown(one) ==
        "# a\\_b \\*c\\*\n\n## T\n\nTaken from ``x`y|<b>``.\n\n- **N\\<i\\>**  \n  S.\n");
  CHECK(explanation_text(one, 100) ==
        "a_b *c*\n\nT\n\n  Taken from \"x`y|<b>\".\n\n  N<i>\n    S.\n");
}

}  // namespace trama
