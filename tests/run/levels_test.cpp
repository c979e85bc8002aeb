// What an amount counts once for is decided by its own path (mappings/rules.md, rule 9.26); its
// helper fields only decide when it is made again.

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

constexpr const char* kRates =
    "day,from,to,rate\n2025-03-03,EUR,USD,1.10\n2025-03-04,EUR,USD,1.20\n";

Mapped two_levels(const std::string& columns, const std::string& dump) {
  return map(
      "rows: [{one_per: rooms, called: r}, {one_per: r.guests, called: g}]\ncolumns:\n" + columns,
      dump);
}

std::string with_rates(const std::string& columns) {
  return "tables:\n  t: {kind: rates, file: r.csv, date: day, from: from, to: to, rate: rate}\n"
         "rows: {one_per: xs, called: x}\ncolumns:\n" +
         columns;
}

}  // namespace

TEST_CASE("levels: first_of has the level of its outermost path") {
  const auto rows = [](const char* how) {
    return map(std::string("rows: {one_per: xs, called: x}\ncolumns:\n  T: {first_of: [x.total, "
                           "total], type: money, currency: EUR, on_extra_rows: ") +
                   how + "}\n",
               R"({"total":"100.00","xs":[{},{}]})")
        .rows;
  };
  CHECK(rows("share") == "50.00\n50.00\n");
  CHECK(rows("leave-blank") == "100.00\n\"\"\n");
  CHECK(rows("repeat") == "100.00\n100.00\n");
}

TEST_CASE("levels: what chooses an amount is part of it, what serves it is not") {
  const auto check = [](const char* column) {
    return messages(map(std::string("rows: {one_per: xs, called: x}\ncolumns:\n"
                                    "  Tipo: x.tipo\n  Total: {from: total, type: money, currency: "
                                    "EUR, on_extra_rows: leave-blank}\n  A: ") +
                            column + "\n",
                        "{}")
                        .diagnostics);
  };
  CHECK(check("{from: total, type: money, currency: {from: x.cur}}")
            .find("error[EXTRA_ROWS_MISSING]: 'A' is one amount") == 0);
  CHECK(check("{from: total, type: money, currency: EUR, minor_units: {from: x.mu}}")
            .find("error[EXTRA_ROWS_MISSING]") == 0);
  CHECK(check("{first_of: [x.total, total], type: money, currency: EUR}")
            .find("error[EXTRA_ROWS_MISSING]") == 0);
  CHECK(check("{compute: Total * 2}").find("error[EXTRA_ROWS_MISSING]") == 0);
  CHECK(
      check("{choose: [{when: Total > 1, write: {column: Total}}, {otherwise: 0}], type: decimal}")
          .find("error[EXTRA_ROWS_MISSING]") == 0);
  CHECK(check("{compute: Total * 2, on_extra_rows: leave-blank}").empty());
  CHECK(check("{compute: Total * 2, internal: yes}").empty());
  CHECK(
      check("{compute: Total * 2, type: money, currency: EUR}").find("error[EXTRA_ROWS_MISSING]") ==
      0);
  CHECK(check("{from: x.total, type: money, currency: {from: cur}}") == "");
  CHECK(check("{from: {list: prices, where: tipo, is: {from: x.tipo}, take: p}, type: money, "
              "currency: EUR}") == "");
}

TEST_CASE("levels: a room's amount with a guest's currency counts once a room") {
  const std::string columns =
      "  P: {from: r.price, type: money, currency: {from: g.cur}, on_extra_rows: leave-blank}\n"
      "  S: {from: r.price, type: money, currency: {from: g.cur}, on_extra_rows: share}\n";
  const Mapped got = two_levels(
      columns,
      R"({"rooms":[{"price":"10.00","guests":[{"cur":"EUR"},{"cur":"EUR"}]},{"price":"7.00","guests":[{"cur":"USD"}]}]})");
  CHECK(got.diagnostics == "");
  CHECK(got.rows == "10.00,5.00\n,5.00\n7.00,7.00\n");
  INFO("the rooms may differ, the guests of one may not");
  const Mapped mixed = two_levels(
      columns, R"({"rooms":[{"price":"10.00","guests":[{"cur":"EUR"},{"cur":"USD"}]}]})");
  CHECK(mixed.rejected ==
        "1: CURRENCY_MIXED P: the items disagree on the currency of this amount: \"EUR\" and "
        "\"USD\"\n1: CURRENCY_MIXED S: the items disagree on the currency of this amount: \"EUR\" "
        "and \"USD\"\n");
}

TEST_CASE("levels: items that disagree") {
  const auto got = [](const char* how, const char* dump) {
    return map(std::string("rows: {one_per: xs, called: x}\ncolumns:\n  T: {from: total, type: "
                           "money, currency: {from: x.cur}, on_extra_rows: ") +
                   how + "}\n  M: {currency_of: T}\n",
               dump);
  };
  for (const char* how : {"repeat", "leave-blank", "share"}) {
    INFO(how);
    CHECK(got(how, R"({"total":"100.00","xs":[{"cur":"EUR"},{"cur":"USD"}]})").rejected ==
          "1: CURRENCY_MIXED T: the items disagree on the currency of this amount: \"EUR\" and "
          "\"USD\"\n");
    CHECK(got(how, R"({"total":null,"xs":[{"cur":"EUR"},{"cur":"USD"}]})").rows == ",\n,\n");
  }
  INFO("by their decimals, where only one of them is written");
  const auto units = [](const char* how) {
    return map(std::string("rows: {one_per: xs, called: x}\ncolumns:\n  T: {from: total, type: "
                           "money, currency: EUR, minor_units: {from: x.mu}, decimals: 4, "
                           "on_extra_rows: ") +
                   how + "}\n",
               R"({"total":"100","xs":[{"mu":1},{"mu":2}]})");
  };
  CHECK(units("repeat").rows == "10.0000\n1.0000\n");
  CHECK(units("share").rejected ==
        "1: WRONG_TYPE T: the rows of one item disagree on its amount: 10.0000 and 1.0000\n");
  CHECK(units("leave-blank").rejected == units("share").rejected);
}

TEST_CASE("levels: the day of a rate may be an item's") {
  const std::string columns = with_rates(
      "  Day: {from: x.d, type: date}\n"
      "  T: {from: total, type: money, currency: EUR, convert_to: USD, rates: t, rate_date: Day, "
      "decimals: 2, rounding: half-up, on_extra_rows: share}\n  R: {rate_of: T}\n");
  const Mapped one = map(columns, R"({"total":"100","xs":[{"d":"2025-03-03"},{"d":"2025-03-03"}]})",
                         {{"r.csv", kRates}});
  CHECK(one.diagnostics == "");
  CHECK(one.rows == "2025-03-03,55.00,1.10\n2025-03-03,55.00,1.10\n");
  const Mapped two = map(columns, R"({"total":"100","xs":[{"d":"2025-03-03"},{"d":"2025-03-04"}]})",
                         {{"r.csv", kRates}});
  CHECK(two.rejected ==
        "1: WRONG_TYPE T: the rows of one item disagree on its amount: 110.00 and 120.00\n");
}

TEST_CASE("levels: when_wrong leaves a row out, and the others have the amount") {
  const Mapped got = map(
      "rows: {one_per: xs, called: x}\ncolumns:\n  T: {from: total, type: money, currency: {from: "
      "x.cur}, on_extra_rows: leave-blank, when_wrong: write-blank}\n"
      "  S: {from: total, type: money, currency: {from: x.cur}, on_extra_rows: share, when_wrong: "
      "write-blank}\n",
      R"({"total":"100.00","xs":[{"cur":"?"},{"cur":"EUR"}]})");
  CHECK(got.rows == "100.00,50.00\n,50.00\n");
}

TEST_CASE("levels: a negative amount is shared as the positive one, mirrored") {
  const auto rows = [](const char* amount) {
    return map("rows: {one_per: xs, called: x}\ncolumns:\n  T: {from: total, type: money, "
               "currency: EUR, on_extra_rows: share}\n",
               std::string(R"({"xs":[1,2,3],"total":")") + amount + "\"}")
        .rows;
  };
  CHECK(rows("100.00") == "33.34\n33.33\n33.33\n");
  CHECK(rows("-100.00") == "-33.34\n-33.33\n-33.33\n");
  CHECK(rows("0.02") == "0.01\n0.01\n0.00\n");
  CHECK(rows("-0.02") == "-0.01\n-0.01\n0.00\n");
  CHECK(rows("-0.03") == "-0.01\n-0.01\n-0.01\n");
}

TEST_CASE("levels: errors say which item and which row") {
  const Mapped got = two_levels(
      "  N: {from: g.n, type: integer, required: yes}\n  P: {from: r.p, type: integer}\n",
      R"({"rooms":[{"p":1,"guests":[{"n":1}]},{"p":"x","guests":[{"n":2},{"n":3},{"n":"y"}]}]})");
  CHECK(
      got.rejects.find(
          R"("value": "y", "message": "\"y\" is not a number as 1234.56", "item": "rooms[1].guests[2]", "row": 4, )") !=
      std::string::npos);
  CHECK(
      got.rejects.find(
          R"("value": "x", "message": "\"x\" is not a number as 1234.56", "item": "rooms[1]", "row": 2, )") !=
      std::string::npos);
  INFO("of the record: neither");
  const Mapped whole =
      two_levels("  A: {from: a, type: integer}\n", R"({"a":"x","rooms":[{"guests":[{},{}]}]})");
  CHECK(whole.rejects.find("\"item\"") == std::string::npos);
  CHECK(whole.rejects.find("\"row\"") == std::string::npos);
  INFO("a rule on items; entries of an object go by their place");
  const Mapped rule =
      map("rows: {one_per: \"m{*}\", called: x}\ncolumns:\n  A: {from: x.a, type: integer}\n"
          "rules: [{name: small, check: A < 10}]\n",
          R"({"m":{"p":{"a":1},"q":{"a":11}}})");
  CHECK(rule.rejects.find(R"("item": "m{1}", "row": 2)") != std::string::npos);
  INFO("of an each, whatever the rows are");
  const Mapped each =
      map("columns:\n  Hs: {each: hs, called: h, columns: {n: {from: h.n, type: integer}}}\n"
          "output: {format: ndjson}\n",
          R"({"hs":[{"n":1},{"n":"x"}]})");
  CHECK(each.rejects.find(R"("item": "hs[1]")") != std::string::npos);
  CHECK(each.rejects.find("\"row\"") == std::string::npos);
}

}  // namespace trama::test
