// Words that take some of several: `where` of an `each`, `total: same`, `repeated: first`, `choose` of
// amounts (mappings/rules.md, rules 5.8, 5.19, 9.13, 9.24), and values that are read with a field of
// another object (9.11).

#include <doctest/doctest.h>

#include <string>

#include "run/run_support.h"
#include "support/mapped.h"

namespace trama::test {
namespace {

std::string told(const std::string& body, const std::string& dump,
                 std::map<std::string, std::string> files = {}) {
  const Mapped got = map(body, dump, std::move(files));
  return messages(got.diagnostics) + got.trouble + got.rejected + got.rows;
}

std::string each(const std::string& where, const std::string& dump, const std::string& more = "") {
  return told("columns: {X: {each: xs, where: {" + where +
                  "}, columns: {a: item.a, n: {from: item.$number, type: integer}}" + more +
                  "}}\noutput: {format: ndjson}\n",
              dump);
}

std::string total(const std::string& words, const std::string& items) {
  return told("columns: {T: {from: \"xs[*]\", total: same" + words + "}}\n",
              "{\"xs\":[" + items + "]}");
}

std::string chosen(const std::string& words, const std::string& record) {
  return told(
      "columns:\n  A: {from: a, type: money, currency: {from: ac}, internal: yes}\n"
      "  B: {from: b, type: money, currency: {from: bc}, internal: yes}\n"
      "  T: {type: money, choose: [{when: not (A is blank), write: {column: A}}, {otherwise: {column: B}}]" +
          words + "}\n  U: {currency_of: T}\n",
      record);
}

}  // namespace

TEST_CASE("each: only items that fit make objects") {
  CHECK(
      each(
          "s: [OK, 1]",
          R"({"xs":[{"a":"x","s":"OK"},{"a":"y","s":"NO"},{"a":"z","s":1},{"a":"w"},{"a":"v","s":null}]})") ==
      R"({"X":[{"a":"x","n":1},{"a":"z","n":2}]})"
      "\n");
  INFO("all conditions must fit; a field of the record may say what is wanted");
  CHECK(each("s: [OK], t: {from: want}",
             R"({"want":"p","xs":[{"a":"x","s":"OK","t":"p"},{"a":"y","s":"OK","t":"q"}]})") ==
        R"({"X":[{"a":"x","n":1}]})"
        "\n");
  CHECK(each("s: OK", R"({"xs":[{"a":"x"}]})") == R"({"X":[]})"
                                                  "\n");
  INFO("a wrong shape is an error of the column, and the other items are tried");
  CHECK(each("s: OK", R"({"xs":[{"a":"x","s":{"b":1}},{"a":["y"],"s":"OK"}]})") ==
        "1: WRONG_TYPE X: {\"b\":1}; one value is needed, but this is an object\n"
        "1: WRONG_TYPE X[*].a: [\"y\"]; one value is needed, but this is a list\n");
  CHECK(each("s: {from: want}", R"({"want":[1],"xs":[{"a":"x"}]})") ==
        "1: WRONG_TYPE X: [1]; one value is needed, but this is a list\n");
  INFO("entries of an object, by their keys");
  CHECK(
      told(
          "columns: {X: {each: \"m{*}\", where: {$key: [es, en]}, columns: {k: item.$key}}}\noutput: {format: ndjson}\n",
          R"({"m":{"es":{"z":1},"fr":{"z":1},"en":{"z":1}}})") == R"({"X":[{"k":"es"},{"k":"en"}]})"
                                                                  "\n");
  INFO("what does not fit is counted, and reads its field");
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\ninput: {fields_nobody_uses: reject}\ncolumns: {X: {each: xs, where: {s: OK}, columns: {a: item.a}}}\noutput: {format: ndjson}\n"));
  const RunSeen seen = run_over(
      folder, m, {folder.write("in", R"({"xs":[{"a":1,"s":"OK"},{"a":1,"s":"NO"},{"a":1}]})")});
  CHECK(seen.exit == Exit::ok);
  CHECK(seen.counts.items_left_out == 2);
  CHECK(told("columns: {A: {from: a, where: {b: c}}}\n", "{}")
            .starts_with("error[WORD_HAS_NO_EFFECT]: 'where'"));
}

TEST_CASE("total same: one value that all items have") {
  CHECK(total("", R"("a","a",null,"")") == "a\n");
  CHECK(total("", R"("a","b","a")") ==
        "1: WRONG_TYPE T: all values must be the same, but there are \"a\" and \"b\"\n");
  INFO("as values of the type");
  CHECK(total("", R"("1.0",1)").starts_with("1: WRONG_TYPE"));
  CHECK(total(", type: decimal", R"("1.0",1,"01.00")") == "1.0\n");
  CHECK(total(", type: decimal", R"("1.0",2)") ==
        "1: WRONG_TYPE T: all values must be the same, but there are 1.0 and 2\n");
  CHECK(total(", type: date", R"("2025-03-01","2025-03-01")") == "2025-03-01\n");
  CHECK(total(", type: datetime", R"("2025-03-01T10:00:00Z","2025-03-01T12:00:00+02:00")") ==
        "2025-03-01T10:00:00Z\n");
  CHECK(total(", type: datetime", R"("2025-03-01T10:00:00Z","2025-03-01T10:00:00")")
            .starts_with("1: WRONG_TYPE"));
  CHECK(total(", type: duration", R"("PT60M","PT1H")") == "PT1H\n");
  CHECK(total(", type: boolean", "true, true") == "true\n");
  CHECK(total(", required: yes", "").starts_with("1: REQUIRED_BLANK"));
  CHECK(total(", type: money, currency: in-amount", R"("EUR5","EUR5.00")") == "5.00\n");
  CHECK(total(", type: money, currency: in-amount", R"("EUR5","USD5")")
            .starts_with("1: CURRENCY_MIXED"));
  CHECK(
      told(
          "columns:\n  X: {each: xs, internal: yes, columns: {a: {from: item.a, type: integer}}}\n  T: {total: same, column: \"X[*].a\"}\n",
          R"({"xs":[{"a":3},{"a":"3"},{}]})") == "3\n");
}

TEST_CASE("repeated: the first line of a key counts") {
  const std::string csv = "k,t,v\na,x,1\nb,x,2\na,y,3\nA,x,4\n";
  const auto looked = [&](const std::string& words, const std::string& column,
                          const std::string& value) {
    return told("tables: {t: {file: t.csv, key: k, " + words +
                    "}}\ncolumns: {A: {from: a, lookup: " + column + "}}\n",
                "{\"a\":\"" + value + "\"}", {{"t.csv", csv}});
  };
  CHECK(looked("value: v, repeated: first", "t", "a") == "1\n");
  CHECK(looked("repeated: first", "t.v", "a") == "1\n");
  CHECK(looked("value: v, repeated: first, source: {t: y}", "t", "a") == "3\n");
  CHECK(looked("value: v, repeated: first", "t, ignore_case: yes", "A") == "1\n");
  CHECK(looked("value: v, repeated: refuse", "t", "a").starts_with("error[TABLE_KEY_REPEATED]"));
  CHECK(looked("value: v", "t", "a").starts_with("error[TABLE_KEY_REPEATED]"));
  CHECK(looked("value: v, repeated: first, valid_from: t", "t, on: D", "a")
            .starts_with("error[WORDS_TOGETHER]"));
  const auto inside = [](const std::string& words) {
    return told("input: {records: data}\ntables: {t: {inside: d, " + words +
                    "}}\ncolumns: {A: {from: a, lookup: t}}\n",
                R"({"data":[{"a":"x"}],"d":[{"k":"x","v":1},{"k":"x","v":2}]})");
  };
  CHECK(inside("key: k, value: v, repeated: first") == "1\n");
  CHECK(inside("key: k, value: v").starts_with("TABLE_INVALID"));
  CHECK(inside("repeated: first")
            .starts_with("error[NEEDS_WORD]: 'repeated' does nothing without 'key'"));
}

TEST_CASE("choose: one of several amounts, with its currency") {
  CHECK(chosen("", R"({"a":5,"ac":"EUR","b":7,"bc":"COP"})") == "5.00,EUR\n");
  CHECK(chosen("", R"({"b":7,"bc":"JPY","ac":"EUR"})") == "7,JPY\n");
  CHECK(chosen("", R"({"ac":"EUR"})") == ",\n");
  CHECK(chosen("", R"({"b":7,"bc":"x"})") ==
        "1: CURRENCY_UNKNOWN B: \"x\" is no ISO 4217 currency code\n");
  CHECK(chosen(", decimals: 0, rounding: half-up", R"({"a":"5.50","ac":"EUR"})") == "6,EUR\n");
  CHECK(chosen(", decimals: 0", R"({"a":"5.50","ac":"EUR"})")
            .starts_with("1: NUMBER_NEEDS_ROUNDING T"));
  const auto checked = [](const std::string& write) {
    return messages(
        map("columns:\n  N: {from: n, type: decimal}\n  T: {type: money, choose: [{when: N > 1, write: " +
                write +
                "}, {otherwise: {column: M}}]}\n  M: {from: m, type: money, currency: EUR}\n",
            "{}")
            .diagnostics);
  };
  CHECK(checked("{column: M}").empty());
  CHECK(checked("5").starts_with("error[VALUE_WRONG]: '5' is not a value of 'write'"));
  CHECK(checked("{from: x}").starts_with("error[VALUE_WRONG]: 'x' is not a value of 'write'"));
  CHECK(checked("{column: N}").starts_with("error[NOT_MONEY]"));
  INFO("amounts of two currencies are not added");
  CHECK(
      messages(
          map("columns:\n  A: {from: a, type: money, currency: EUR}\n  B: {from: b, type: money, currency: USD}\n"
              "  T: {type: money, choose: [{when: A > 1, write: {column: A}}, {otherwise: {column: B}}]}\n"
              "  S: {compute: T + A}\n",
              "{}")
              .diagnostics)
          .starts_with("error["));
}

TEST_CASE("a value is not read with a field of another object") {
  const auto amount = [](const std::string& source, const std::string& words) {
    return messages(
        map("columns: {T: {type: money, " + source + ", " + words + "}}\n", "{}").diagnostics);
  };
  const std::string both = "first_of: [a.n, b.n]";
  const std::string error =
      "error[FIELD_OF_ANOTHER]: the value of 'b.n' would be read with 'a.c' (currency), which belongs to another\n";
  CHECK(amount(both, "currency: {from: a.c}") == error);
  CHECK(amount("from: a.n, when_blank: {from: b.n}", "currency: {from: a.c}") == error);
  CHECK(amount(both, "currency: EUR, minor_units: {from: a.m}")
            .starts_with("error[FIELD_OF_ANOTHER]"));
  CHECK(
      messages(
          map("columns: {T: {type: datetime, first_of: [a.t, b.t], zone: UTC, no_zone_means: {from: a.z}}}\n",
              "{}")
              .diagnostics)
          .starts_with("error[FIELD_OF_ANOTHER]"));
  INFO("a field of what holds both, of neither, or beside both is no other's");
  for (const char* currency : {"c", "x.c", "EUR"})
    CHECK(amount(both, "currency: " + (std::string(currency) == "EUR"
                                           ? "EUR"
                                           : "{from: " + std::string(currency) + "}"))
              .empty());
  CHECK(amount("first_of: [a.n, a.m]", "currency: {from: a.c}").empty());
  CHECK(amount("first_of: [a.n, total]", "currency: {from: a.c}")
            .starts_with("error[FIELD_OF_ANOTHER]: the value of 'total'"));
  CHECK(amount("from: a.n", "currency: {from: a.c}").empty());
}

TEST_CASE("a run that ends early does not know which fields never come") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\ncolumns: {A: a, B: b}\nrules: [{name: r, check: A != 'x', level: stop, message: No.}]\n"));
  const std::string in = folder.write("in", "{\"a\":1}\n{\"a\":\"x\"}\n{\"a\":1,\"b\":2}\n");
  const RunSeen stopped = run_over(folder, m, {in});
  CHECK(stopped.exit == Exit::limits);
  CHECK(stopped.alerts.empty());
  const RunSeen whole = run_over(folder, m, {folder.write("in2", "{\"a\":1}\n{\"a\":2}\n")});
  CHECK(whole.exit == Exit::rejected);
  CHECK(whole.alerts.size() == 1);
}

}  // namespace trama::test
