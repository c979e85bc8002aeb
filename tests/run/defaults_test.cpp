// Words by type (`defaults`, rule 9.22), defaults from elsewhere (9.29), the words of a column's
// author beside its errors (9.21), and `only` by columns (9.30).

#include <doctest/doctest.h>

#include <string>

#include "mapping/expanded.h"
#include "support/mapped.h"

namespace trama::test {
namespace {

std::string expanded(const std::string& body) {
  TextFiles files;
  files.files["m.yaml"] = whole_mapping(body);
  return expand_mapping("m.yaml", files, "");
}

TEST_CASE("defaults: a column has the words of its type that it does not state") {
  const std::string body =
      "defaults:\n  date: {read: [DD/MM/YYYY, ISO-8601], write: DD/MM/YYYY}\n"
      "  text: {text: [trim]}\n  decimal: {decimals: 2, rounding: half-up}\n"
      "columns:\n  A: a\n  D: {from: d, type: date}\n  E: {from: e, type: date, write: YYYY-MM-DD}\n"
      "  N: {from: n, type: decimal}\n  M: {from: n, type: decimal, decimals: 0}\n"
      "  V: {value: \"2025-01-02\", type: date}\n  T: {from: a, text: [upper-case]}\n";
  const Mapped mapped = map(body, R"({"a":" x ","d":"01/02/2025","e":"2025-02-03","n":"1.005"})");
  CHECK(mapped.diagnostics.empty());
  CHECK(mapped.rows == "x,01/02/2025,2025-02-03,1.01,1,02/01/2025,\" X \"\n");
}

TEST_CASE("defaults: what does nothing in a column is left out there") {
  const char* const sound[] = {
      // words that need another, or that another spoils
      "defaults: {date: {read: YYYY-MM-DD, clock_change: earlier, no_zone_means: UTC}}\n"
      "columns: {D: {from: d, type: date}}\n",
      "defaults: {text: {unknown: keep, ignore_case: yes}}\ncolumns: {A: a}\n",
      "defaults: {text: {when_blank: x}}\ncolumns: {A: {from: a, required: yes}}\n",
      "defaults: {text: {when_blank: x}}\ncolumns: {A: {from: a, when_null: y}}\n",
      "defaults: {text: {when_null: x}}\ncolumns: {A: {from: a, when_blank: y}}\n",
      "defaults: {text: {required: yes}}\ncolumns: {A: {from: a, when_blank: y}}\n",
      "defaults: {text: {blank_as: x}}\ncolumns: {A: {from: a, required: yes}}\n",
      "defaults: {text: {optional: yes}}\ncolumns: {A: {from: a, required: yes}}\n",
      // sources that do not obey them
      "defaults: {text: {text: [trim], null_words: [x], join: '-', split: {by: '-', take: 1}}}\n"
      "columns: {A: {value: x}, B: {choose: [{otherwise: x}]}, C: {from: [a, b], join: +}}\n",
      "defaults: {decimal: {decimals: 2, rounding: half-up, read_number: ['1.5'], times: 2}}\n"
      "columns: {A: {from: a, type: decimal}, B: {compute: A + 1, type: decimal}, "
      "C: {from: \"l[*]\", total: count}, D: {from: \"l[*]\", type: decimal, total: sum}}\n",
      "defaults: {text: {text: [trim]}}\ncolumns: {N: {compute: 1 + 1}, R: {from: a, type: integer}}\n",
  };
  for (const char* body : sound) {
    CAPTURE(body);
    CHECK(map(body, "{}").diagnostics.find("error[") == std::string::npos);
  }
}

TEST_CASE("defaults: beside words that say no, and beside words that they would spoil") {
  const std::string blank = "defaults: {text: {when_blank: x}}\n";
  CHECK(
      map(blank +
              "columns: {A: {from: a, required: no}, C: {choose: [{when: source.a = \"q\", write: z}]}}\n",
          "{}")
          .rows == "x,x\n");
  CHECK(map("defaults: {text: {required: yes}}\n"
            "columns: {B: {from: b, blank_as: \"-\"}, C: {from: c, optional: yes}}\n",
            "{}")
            .rows == "-,\n");
  CHECK(messages(map("defaults: {text: {lookup: nix}}\ncolumns: {A: a, B: b}\n", "{}").diagnostics)
            .find("\nerror[") == std::string::npos);  // told once
}

TEST_CASE("defaults: the columns of an each, of a base, and what `none` takes away") {
  const std::string each =
      "defaults: {integer: {when_blank: 0}}\n"
      "columns: {R: {each: r, called: r, columns: {n: {from: r.n, type: integer}}}}\n"
      "output: {format: ndjson}\n";
  CHECK(map(each, R"({"r":[{"n":null}]})").rows == "{\"R\":[{\"n\":0}]}\n");
  TextFiles files;
  files.files["b.yaml"] =
      "mapping: b\nversion: 1\ndefaults: {integer: {when_blank: 0}, text: {when_blank: x}}\n"
      "columns: {N: {from: n, type: integer}, T: t}\noutput: {format: csv, header: no}\n";
  files.files["m.yaml"] =
      "mapping: m\nversion: 1\nextends: b.yaml\ndefaults: {text: {when_blank: y}}\n";
  CHECK(map_files(files, "{}").rows == "0,y\n");
  files.files["m.yaml"] = "mapping: m\nversion: 1\nextends: b.yaml\ndefaults: none\n";
  CHECK(map_files(files, "{}").rows == ",\n");
}

TEST_CASE("defaults: what is wrong is told once, at its place") {
  struct Case {
    const char* defaults;
    const char* told;
  };
  constexpr Case kCases[] = {
      {"{dates: {read: X}}", "error[KEY_UNKNOWN]"},
      {"{date: {from: a}}", "error[KEY_UNKNOWN]"},
      {"{date: {type: text}}", "error[KEY_UNKNOWN]"},
      {"{date: {raed: X}}", "error[KEY_UNKNOWN]"},
      {"{date: {decimals: 2}}", "error[WORD_NOT_FOR_TYPE]"},
      {"{date: DD/MM/YYYY}", "error[VALUE_KIND]"},
      {"{date: {required: maybe}}", "error[VALUE_WRONG]"},
      {"[date]", "error[VALUE_KIND]"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.defaults);
    const std::string told = messages(
        map(std::string("defaults: ") + c.defaults +
                "\ncolumns: {A: {from: a, type: date, read: YYYY-MM-DD}, B: {from: b, type: date, "
                "read: YYYY-MM-DD}}\n",
            "{}")
            .diagnostics);
    CHECK(told.starts_with(c.told));
    CHECK(told.find("\nerror[") == std::string::npos);
  }
}

TEST_CASE("defaults: a long list for many columns ends") {
  std::string pairs;
  for (int i = 0; i < 2000; ++i) pairs += (i == 0 ? "k" : ", k") + std::to_string(i) + ": v";
  std::string columns;
  for (int i = 0; i < 400; ++i) columns += "  C" + std::to_string(i) + ": a\n";
  const std::string told = messages(
      map("defaults: {text: {lookup: {" + pairs + "}}}\ncolumns:\n" + columns, "{}").diagnostics);
  CHECK(told.find("YAML_TOO_BIG") != std::string::npos);
}

TEST_CASE("defaults: check --expanded shows what came of them") {
  const std::string text = expanded(
      "defaults: {date: {read: DD/MM/YYYY}, text: {text: [trim]}}\n"
      "columns:\n  A: a\n  D: {from: d, type: date}\n");
  CHECK(text.find("defaults") == std::string::npos);
  CHECK(text.find("read: DD/MM/YYYY") != std::string::npos);
  CHECK(text.find("    from: a\n") != std::string::npos);
  CHECK(text.find("text: [trim]") != std::string::npos);
}

TEST_CASE("when_blank: another column, another field") {
  const std::string column =
      "columns:\n  B: {from: b, type: integer}\n"
      "  A: {from: a, type: integer, between: [0, 9], when_blank: {column: B}}\n";
  CHECK(map(column, R"({"a":1,"b":2})").rows == "2,1\n");
  const Mapped taken = map(column, R"({"b":2})");
  CHECK(taken.rows == "2,2\n");
  CHECK(taken.blanks == "A: 0 missing, 0 null, 0 empty, 1 default\n");
  CHECK(map(column, R"({"a":null})").rows == ",\n");
  CHECK(map(column, R"({"b":10})").rejected == "1: OUT_OF_RANGE A: 10 is above 9\n");
  const Mapped failed = map(column, R"({"b":"x"})");  // one cause, one error
  CHECK(failed.rejected.starts_with("1: NUMBER_UNREADABLE B"));
  CHECK(failed.rejected.find(" A:") == std::string::npos);

  const std::string field =
      "columns: {A: {from: a, type: date, read: DD/MM/YYYY, null_words: [x], when_blank: {from: b}}}\n";
  CHECK(map(field, R"({"a":"01/02/2025","b":"02/02/2025"})").rows == "2025-02-01\n");
  CHECK(map(field, R"({"a":"x","b":"02/02/2025"})").rows == "2025-02-02\n");
  CHECK(map(field, R"({"a":"","b":"x"})").blanks == "A: 0 missing, 0 null, 1 empty\n");
  CHECK(map(field, R"({"b":"soon"})").rejected.starts_with("1: DATE_UNREADABLE A"));
  CHECK(map(field, R"({"b":["01/02/2025"]})").rejected.starts_with("1: WRONG_TYPE A"));
}

TEST_CASE("when_blank: what check refuses, and what it hides") {
  struct Case {
    const char* columns;
    const char* told;
  };
  constexpr Case kCases[] = {
      {"{B: b, A: {from: a, type: integer, when_blank: {column: B}}}", "CHOICE_TYPE"},
      {"{A: {from: a, when_blank: {column: Bb}}}", "COLUMN_UNKNOWN"},
      {"{A: {from: a, when_blank: {column: A}}}", "COLUMN_CIRCLE"},
      {"{A: {from: a, when_blank: {column: B, from: b}}, B: b}", "WORDS_TOGETHER"},
      {"{A: {from: a, when_blank: {}}}", "KEY_MISSING"},
      {"{A: {from: \"a[*]\", join: +, when_blank: {from: b}}}", "WORD_HAS_NO_EFFECT"},
      {"{B: b, A: {from: a, when_null: x, when_blank: {column: B}}}", "WORDS_TOGETHER"},
      {"{B: {from: b, type: money, currency: USD}, A: {from: a, type: money, currency: {from: c}, "
       "when_blank: {column: B}}}",
       "EXPRESSION_CURRENCIES"},
      {"{B: {from: b, type: money, currency: {from: c}}, A: {from: a, type: money, currency: {from: "
       "d}, when_blank: {column: B}}}",
       "EXPRESSION_CURRENCIES"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.columns);
    CHECK(
        messages(map(std::string("columns: ") + c.columns + "\n", "{}").diagnostics).find(c.told) !=
        std::string::npos);
  }
  const std::string money =
      "columns: {B: {from: b, type: money, currency: {from: c}}, A: {from: a, type: money, currency: "
      "{from: c}, when_blank: {column: B}}, C: {currency_of: A}}\n";
  CHECK(map(money, R"({"b":"5","c":"JPY"})").rows == "5,5,JPY\n");
  const std::string personal =
      "columns:\n  B: {from: b, personal: yes}\n  A: {from: a, at_most: 2, when_blank: {column: B}}\n";
  const Mapped hidden = map(personal, R"({"b":"secret"})");
  CHECK(hidden.rejected.starts_with("1: TOO_LONG A"));
  CHECK(hidden.rejected.find("secret") == std::string::npos);
}

TEST_CASE("convert_to by a field") {
  const std::map<std::string, std::string> tables = {
      {"t.csv", "d,f,t,r\n2025-01-01,EUR,USD,1.1\n2025-01-01,EUR,COP,4500\n"}};
  const std::string body =
      "tables: {x: {kind: rates, file: t.csv, date: d, from: f, to: t, rate: r}}\n"
      "columns:\n  D: {from: d, type: date, read: YYYY-MM-DD, internal: yes}\n"
      "  A: {from: a, type: money, currency: EUR, convert_to: {from: to, text: [upper-case], "
      "lookup: {PESO: COP, USD: USD, EUR: EUR, XXY: XX1}, when_blank: USD}, rates: x, rate_date: D, "
      "rounding: half-up}\n"
      "  C: {currency_of: A}\n";
  const auto one = [&](const char* to) {
    return map(body, std::string(R"({"a":"10","d":"2025-01-01")") + to + "}", tables);
  };
  // clang would keep XX1 out of the lookup: it is refused by check
  CHECK(messages(one("").diagnostics).find("CURRENCY_UNKNOWN") != std::string::npos);
  std::string sound = body;
  sound.replace(sound.find(", XXY: XX1"), 10, "");
  const auto mapped = [&](const char* to) {
    return map(sound, std::string(R"({"a":"10","d":"2025-01-01")") + to + "}", tables);
  };
  CHECK(mapped(R"(,"to":"usd")").rows == "11.00,USD\n");
  CHECK(mapped(R"(,"to":"peso")").rows == "45000.00,COP\n");
  CHECK(mapped(R"(,"to":"EUR")").rows == "10.00,EUR\n");
  const Mapped defaulted = mapped("");
  CHECK(defaulted.rows == "11.00,USD\n");
  CHECK(mapped(R"(,"to":"GBP")").rejected.starts_with("1: LOOKUP_UNKNOWN A"));
  std::string plain = sound;
  plain.replace(plain.find("{from: to,"),
                plain.find("when_blank: USD}") + 16 - plain.find("{from: to,"), "{from: to}");
  const auto direct = [&](const char* to) {
    return map(plain, std::string(R"({"a":"10","d":"2025-01-01")") + to + "}", tables);
  };
  CHECK(direct(R"(,"to":"XX1")").rejected ==
        "1: CURRENCY_UNKNOWN A: \"XX1\" is no ISO 4217 currency code\n");
  CHECK(direct(R"(,"to":null)")
            .rejected.find("to, which names the currency to convert to, is null") !=
        std::string::npos);
  CHECK(direct(R"(,"to":["USD"])").rejected.starts_with("1: WRONG_TYPE A"));
  CHECK(direct(R"(,"to":"GBP")").rejected.starts_with("1: RATE_MISSING A"));
}

TEST_CASE("convert_to by a field of an item: one amount has one currency") {
  const std::map<std::string, std::string> tables = {
      {"t.csv", "d,f,t,r\n2025-01-01,EUR,USD,1\n2025-01-01,EUR,GBP,1\n"}};
  for (const char* extra : {"share", "leave-blank", "repeat"}) {
    const Mapped mixed = map(
        "tables: {x: {kind: rates, file: t.csv, date: d, from: f, to: t, rate: r}}\n"
        "rows: {one_per: rs, called: r}\ncolumns:\n  D: {from: d, type: date, read: YYYY-MM-DD}\n"
        "  M: {from: a, type: money, currency: EUR, convert_to: {from: r.c}, rates: x, rate_date: D, "
        "rounding: half-up, on_extra_rows: " +
            std::string(extra) + "}\n",
        R"({"d":"2025-01-01","a":100,"rs":[{"c":"USD"},{"c":"GBP"}]})", tables);
    CHECK(mixed.rejected.starts_with("1: CURRENCY_MIXED M"));
  }
}

TEST_CASE("message of a column: beside its errors and warnings, and nowhere else") {
  TextFiles files;
  files.files["m.yaml"] = whole_mapping(
      "columns:\n  A: {from: a, type: integer, message: Ask Ñandú.}\n  B: {from: b, type: integer}\n");
  const Mapped mapped = map_files(files, R"({"a":"x","b":"y"})");
  CHECK(mapped.rejects.find(R"("column_message": "Ask Ñandú.")") != std::string::npos);
  CHECK(mapped.rejects.find("column_message") == mapped.rejects.rfind("column_message"));
}

TEST_CASE("only: by columns") {
  const std::string body =
      "only: {when: E = \"CNF\"}\n"
      "columns:\n  E: {from: e, lookup: {OK: CNF, XX: CXL}}\n  A: {from: a, type: integer}\n";
  const Mapped mapped = map(body,
                            "{\"e\":\"OK\",\"a\":1}\n{\"e\":\"XX\",\"a\":\"x\"}\n"
                            "{\"e\":\"ZZ\",\"a\":\"x\"}\n{\"a\":2}\n{\"e\":\"OK\",\"a\":\"x\"}\n");
  CHECK(mapped.rows == "CNF,1\n");
  CHECK(mapped.counts == "5 = 1 written (1 rows) + 3 rejected + 1 skipped + 0 duplicate");
  CHECK(mapped.rejected.find("3: LOOKUP_UNKNOWN E") != std::string::npos);
  CHECK(mapped.rejected.find("3: NUMBER_UNREADABLE") == std::string::npos);
  CHECK(mapped.rejected.find("4: RULE_UNDECIDED") != std::string::npos);
  CHECK(mapped.rejected.find("5: NUMBER_UNREADABLE A") != std::string::npos);
}

TEST_CASE(
    "only: what its columns told of an unwanted record is forgotten, of a wanted one told once") {
  const std::string body =
      "only: {when: U != \"x\" and K > 0}\n"
      "columns:\n  K: {from: k, type: integer}\n"
      "  U: {from: u, lookup: {a: b}, unknown: {write: w, and: warn}}\n";
  const Mapped mapped = map(body, "{\"u\":\"z\",\"k\":0}\n{\"u\":\"z\",\"k\":1}\n");
  CHECK(mapped.rows == "1,w\n");
  CHECK(mapped.counts == "2 = 1 written (1 rows) + 0 rejected + 1 skipped + 0 duplicate");
  CHECK(mapped.warned.starts_with("LOOKUP_UNKNOWN U"));
  CHECK(mapped.warned.ends_with("× 1\n"));
}

TEST_CASE("only: beside rows, and what check refuses") {
  const std::string rows =
      "only: {when: N > 1}\nrows: {one_per: r, called: r}\n"
      "columns: {N: {from: n, type: integer}, V: r.v}\n";
  CHECK(map(rows,
            "{\"n\":2,\"r\":[{\"v\":1},{\"v\":2}]}\n{\"n\":1,\"r\":[{\"v\":3}]}\n"
            "{\"n\":3,\"r\":[{\"v\":4}]}\n")
            .rows == "2,1\n2,2\n3,4\n");
  const std::string item =
      "only: {when: V = \"x\"}\nrows: {one_per: r, called: r}\ncolumns: {V: r.v}\n";
  CHECK(messages(map(item, "{}").diagnostics).find("ONLY_READS_COLUMN") != std::string::npos);
}

}  // namespace
}  // namespace trama::test
