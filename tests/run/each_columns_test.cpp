// The columns of an `each` are columns like any other: they compute, choose, convert and name one
// another; `total` with `column` makes one value of them (mappings/rules.md, rule 9.26).

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

constexpr const char* kRates =
    "day,from,to,rate\n2025-03-03,EUR,USD,1.10\n2025-03-04,EUR,USD,1.20\n2025-03-03,JPY,USD,0.01\n";

Mapped each(const std::string& children, const std::string& dump, const std::string& before = "",
            const std::string& after = "") {
  return map("tables:\n  t: {kind: rates, file: r.csv, date: day, from: from, to: to, rate: rate}\n"
             "columns:\n" +
                 before + "  Hs: {each: hs, called: h, columns: {" + children + "}}\n" + after +
                 "output: {format: ndjson}\n",
             dump, {{"r.csv", kRates}});
}

std::string rows(const std::string& children, const std::string& dump,
                 const std::string& before = "", const std::string& after = "") {
  const Mapped got = each(children, dump, before, after);
  const std::string wrong = messages(got.diagnostics);
  return (wrong.starts_with("warning[TABLE_UNUSED]") ? "" : wrong) + got.rejected + got.rows;
}

/// `total` of a column `h.a` of `type`, as CSV.
Mapped total(const std::string& how, const std::string& child, const std::string& dump) {
  return map("columns:\n  Hs: {each: hs, called: h, internal: yes, columns: {a: " + child +
                 "}}\n  T: {total: " + how + ", column: \"Hs[*].a\"}\n",
             dump);
}

}  // namespace

TEST_CASE("each: compute, choose and their sisters") {
  CHECK(rows("n: {from: h.n, type: integer}, t: {compute: n * 2}", R"({"hs":[{"n":1},{"n":2}]})") ==
        "{\"Hs\":[{\"n\":1,\"t\":2},{\"n\":2,\"t\":4}]}\n");
  INFO("in whatever order they are written");
  CHECK(rows("t: {compute: u + 1}, u: {compute: n * 2}, n: {from: h.n, type: integer}",
             R"({"hs":[{"n":1},{"n":2}]})") ==
        "{\"Hs\":[{\"t\":3,\"u\":2,\"n\":1},{\"t\":5,\"u\":4,\"n\":2}]}\n");
  INFO("columns of the row, and fields of the item and of the record");
  CHECK(rows("t: {compute: Noches * n}, s: {compute: source.h.n + source.k}, n: {from: h.n, type: "
             "integer}",
             R"({"k":10,"noches":3,"hs":[{"n":1},{"n":2}]})",
             "  Noches: {from: noches, type: integer}\n") ==
        "{\"Noches\":3,\"Hs\":[{\"t\":3,\"s\":11,\"n\":1},{\"t\":6,\"s\":12,\"n\":2}]}\n");
  INFO("a sister hides a column of the row");
  CHECK(rows("n: {from: h.n, type: integer}, t: {compute: n}", R"({"n":9,"hs":[{"n":1}]})",
             "  n: {from: n, type: integer}\n") == "{\"n\":9,\"Hs\":[{\"n\":1,\"t\":1}]}\n");
  INFO("choose: a constant, a sister, a field of the item, a column of the row");
  CHECK(rows("k: h.k, c: {choose: [{when: k = \"a\", write: A}, {when: k = \"b\", write: {column: "
             "k}}, {when: source.h.z = \"y\", write: {from: h.z}}, {otherwise: {column: Id}}]}",
             R"({"id":"r1","hs":[{"k":"a"},{"k":"b"},{"k":"c","z":"y"},{"k":"d"}]})",
             "  Id: id\n") ==
        "{\"Id\":\"r1\",\"Hs\":[{\"k\":\"a\",\"c\":\"A\"},{\"k\":\"b\",\"c\":\"b\"},{\"k\":\"c\","
        "\"c\":\"y\"},{\"k\":\"d\",\"c\":\"r1\"}]}\n");
  INFO("a sister that failed is told once");
  CHECK(rows("n: {from: h.n, type: integer}, t: {compute: n * 2}", R"({"hs":[{"n":"x"}]})") ==
        "1: NUMBER_UNREADABLE Hs[*].n: \"x\" is not a number as 1234.56\n");
}

TEST_CASE("each: in each, and in rows") {
  const std::string inner =
      "n: {from: h.n, type: integer}, In: {each: h.gs, called: g, columns: {m: {from: g.m, type: "
      "integer}, t: {compute: m * n}}}, s: {total: sum, column: \"In[*].t\"}";
  CHECK(rows(inner, R"({"hs":[{"n":2,"gs":[{"m":1},{"m":2}]},{"n":3,"gs":[]}]})") ==
        "{\"Hs\":[{\"n\":2,\"In\":[{\"m\":1,\"t\":2},{\"m\":2,\"t\":4}],\"s\":6},{\"n\":3,\"In\":[],"
        "\"s\":null}]}\n");
  INFO("a total over both levels, beside one of each");
  CHECK(rows(inner, R"({"hs":[{"n":2,"gs":[{"m":1},{"m":2}]},{"n":3,"gs":[{"m":5}]}]})", "",
             "  All: {total: sum, column: \"Hs[*].In[*].t\"}\n")
            .find("\"s\":15}],\"All\":21}") != std::string::npos);
  const Mapped in_rows = map(
      "rows: {one_per: xs, called: x}\ncolumns:\n  Hs: {each: x.hs, called: h, internal: yes, "
      "columns: {v: {compute: source.h.n * source.x.k}}}\n  S: {total: sum, column: \"Hs[*].v\"}\n",
      R"({"xs":[{"k":2,"hs":[{"n":1},{"n":2}]},{"k":5,"hs":[{"n":1}]},{"k":7}]})");
  CHECK(in_rows.diagnostics == "");
  CHECK(in_rows.rows == "6\n5\n\"\"\n");
}

TEST_CASE("each: amounts, their currency, rate and its day") {
  const std::string money =
      "d: {from: h.d, type: date, internal: yes}, m: {from: h.a, type: money, currency: {from: "
      "h.c, when_blank: JPY}, convert_to: USD, rates: t, rate_date: d, decimals: 2, rounding: "
      "half-up}, c: {currency_of: m}, r: {rate_of: m}, rd: {rate_day_of: m}";
  CHECK(rows(money, R"({"hs":[{"a":"1000","c":"EUR","d":"2025-03-03"},{"a":"1000","d":"2025-03-03"}]})") ==
        "{\"Hs\":[{\"m\":1100.00,\"c\":\"USD\",\"r\":1.10,\"rd\":\"2025-03-03\"},{\"m\":10.00,\"c\":"
        "\"USD\",\"r\":0.01,\"rd\":\"2025-03-03\"}]}\n");
  INFO("rate_date may be a column of the row");
  CHECK(rows("m: {from: h.a, type: money, currency: {from: h.c}, convert_to: USD, rates: t, "
             "rate_date: Day, decimals: 2, rounding: half-up}",
             R"({"day":"2025-03-04","hs":[{"a":"1000","c":"EUR"}]})",
             "  Day: {from: day, type: date}\n") ==
        "{\"Day\":\"2025-03-04\",\"Hs\":[{\"m\":1200.00}]}\n");
  INFO("the currency of an amount of the row");
  CHECK(rows("c: {currency_of: T}", R"({"t":"5","c":"EUR","hs":[{}]})",
             "  T: {from: t, type: money, currency: {from: c}}\n") ==
        "{\"T\":5.00,\"Hs\":[{\"c\":\"EUR\"}]}\n");
}

TEST_CASE("each: names are looked for where they can be reached") {
  CHECK(rows("a: h.a, b: {compute: a1}", "{}") ==
        "error[EXPRESSION_COLUMN_UNKNOWN]: no column is called 'a1'\n");
  CHECK(rows("a: {currency_of: m1}", "{}").find("no column is called 'm1'") != std::string::npos);
  INFO("a column of an each has many values for the row");
  const Mapped outside = each("m1: {from: h.a, type: money, currency: EUR}", "{}", "",
                              "  C: {currency_of: m1}\n");
  CHECK(outside.diagnostics.find("did you mean 'm1'") == std::string::npos);
  CHECK(outside.diagnostics.find("each item of 'Hs' has one: 'total' with 'column: \"Hs[*].m1\"'") !=
        std::string::npos);
  INFO("circles");
  CHECK(rows("a: {compute: b + 1}, b: {compute: a + 1}", "{}")
            .find("error[COLUMN_CIRCLE]: the column 'Hs[*].b' depends on itself, through "
                  "'Hs[*].a'") != std::string::npos);
  CHECK(rows("a: {compute: T + 1}", "{}", "", "  T: {total: sum, column: \"Hs[*].a\"}\n")
            .find("error[COLUMN_CIRCLE]") != std::string::npos);
}

TEST_CASE("total of a column of an each") {
  constexpr const char* kDump =
      R"({"hs":[{"n":"2","p":"10.50"},{"n":null,"p":"1"},{"n":"3","p":"0.01"}]})";
  const std::string product = "{compute: source.h.n * source.h.p}";
  CHECK(total("sum", product, kDump).rows == "21.03\n");
  CHECK(total("min", product, kDump).rows == "0.03\n");
  CHECK(total("max", product, kDump).rows == "21.00\n");
  CHECK(total("first", product, kDump).rows == "21.00\n");
  CHECK(total("last", product, kDump).rows == "0.03\n");
  CHECK(total("count", product, kDump).rows == "2\n");
  CHECK(total("only", product, kDump).rejected ==
        "1: WRONG_TYPE T: one value is expected, but there are 2\n");
  CHECK(total("only", product, R"({"hs":[{"n":2,"p":2}]})").rows == "4\n");
  INFO("of nothing");
  CHECK(total("sum", product, R"({"hs":[]})").rows == "\"\"\n");
  CHECK(total("count", product, R"({})").rows == "0\n");
  INFO("dates and texts have an order too");
  CHECK(total("max", "{from: h.d, type: date}", R"({"hs":[{"d":"2025-03-01"},{"d":"2025-04-01"}]})")
            .rows == "2025-04-01\n");
  INFO("decimals and rounding of the total, once");
  CHECK(total("sum, decimals: 1, rounding: half-up", "{from: h.n, type: decimal}",
              R"({"hs":[{"n":"0.04"},{"n":"0.01"}]})")
            .rows == "0.1\n");
  INFO("one cause, one error");
  CHECK(total("sum", "{from: h.n, type: decimal}", R"({"hs":[{"n":"x"}]})").rejected ==
        "1: NUMBER_UNREADABLE Hs[*].a: \"x\" is not a number as 1234.56\n");
  INFO("each record anew");
  CHECK(total("sum", "{from: h.n, type: decimal}",
              "{\"hs\":[{\"n\":1},{\"n\":2}]}\n{\"hs\":[{\"n\":5}]}\n{}")
            .rows == "3\n5\n\"\"\n");
}

TEST_CASE("total of a column of an each: amounts") {
  const auto sum = [](const std::string& words, const std::string& dump) {
    return total("sum" + words, "{from: h.p, type: money, currency: {from: h.c}}", dump);
  };
  CHECK(sum("", R"({"hs":[{"p":"10","c":"EUR"},{"p":"5","c":"EUR"}]})").rows == "15.00\n");
  CHECK(sum("", R"({"hs":[{"p":"10","c":"EUR"},{"p":"5","c":"USD"}]})").rejected ==
        "1: CURRENCY_MIXED T: amounts in \"EUR\" and \"USD\" make no one sum\n");
  INFO("a money column of its own, with the currency of the items");
  const Mapped money = map(
      "columns:\n  Hs: {each: hs, called: h, internal: yes, columns: {a: {from: h.p, type: money, "
      "currency: {from: h.c}}}}\n  T: {total: sum, column: \"Hs[*].a\", type: money}\n"
      "  C: {currency_of: T}\n",
      R"({"hs":[{"p":"1000","c":"JPY"},{"p":"5","c":"JPY"}]})");
  CHECK(money.diagnostics == "");
  CHECK(money.rows == "1005,JPY\n");
  INFO("sums of products whose currency is not known cannot be checked by the run");
  CHECK(messages(map("columns:\n  Hs: {each: hs, called: h, internal: yes, columns: {p: {from: "
                     "h.p, type: money, currency: {from: h.c}}, n: {from: h.n, type: integer}, a: "
                     "{compute: p * n}}}\n  T: {total: sum, column: \"Hs[*].a\"}\n",
                     "{}")
                     .diagnostics) ==
        "error[EXPRESSION_CURRENCY_OPEN]: Hs[*].a is an amount whose currency is not always the "
        "same\n");
  const Mapped product = map(
      "columns:\n  Hs: {each: hs, called: h, internal: yes, columns: {p: {from: h.p, type: money, "
      "currency: {from: h.c}}, n: {from: h.n, type: integer}, a: {compute: p * n, type: money, "
      "currency: {from: h.c}}}}\n  T: {total: sum, column: \"Hs[*].a\"}\n",
      R"({"hs":[{"p":"10","c":"EUR","n":2},{"p":"5","c":"EUR","n":3}]})");
  CHECK(product.diagnostics == "");
  CHECK(product.rows == "35.00\n");
}

TEST_CASE("total of a column of an each: what check refuses") {
  const auto check = [](const char* total) {
    return messages(map(std::string("columns:\n  Hs: {each: hs, called: h, internal: yes, columns: "
                                    "{a: h.a, d: {from: h.d, type: date}}}\n  T: ") +
                            total + "\n",
                        "{}")
                        .diagnostics);
  };
  CHECK(check("{total: sum, column: \"Hs[*].b\"}") ==
        "error[COLUMN_UNKNOWN]: no column is called 'Hs[*].b'\n");
  CHECK(check("{total: sum, column: Hs}") == "error[COLUMN_UNKNOWN]: no column is called 'Hs'\n");
  CHECK(check("{total: sum, column: \"Hs[*].a\"}") ==
        "error[WORD_NOT_FOR_TYPE]: 'total: sum' does not go with 'Hs[*].a', which is a text\n");
  CHECK(check("{total: max, column: \"Hs[*].d\", type: decimal}") ==
        "error[CHOICE_TYPE]: the column 'Hs[*].d' is a date, and this column is a number\n");
  CHECK(check("{column: \"Hs[*].d\"}") == "error[KEY_MISSING]: 'column' needs 'total'\n");
  CHECK(check("{total: last, column: \"Hs[*].a\", type: money}")
            .find("error[NOT_MONEY]: 'Hs[*].a' is not a money column") != std::string::npos);
}

}  // namespace trama::test
