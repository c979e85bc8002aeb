// Money, rates and what is known of them (mappings/rules.md, rules 5.6 and 5.7).

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

struct Case {
  const char* why;
  const char* column;  // the words of the column Amount beside its type
  const char* dump;
  const char* rows;
  const char* rejected = "";
};

void run_cases(std::span<const Case> cases) {
  for (const Case& c : cases) {
    INFO(c.why);
    const Mapped got =
        map(std::string("columns:\n  Amount: {type: money, ") + c.column + "}\n", c.dump);
    CHECK(got.diagnostics == "");
    CHECK(got.rows == c.rows);
    CHECK(got.rejected == c.rejected);
  }
}

constexpr const char* kRates =
    "day,from,to,rate,source\n"
    "2025-02-27,COP,USD,0.000242,bcv\n2025-02-28,COP,USD,0.000243,bcv\n2025-03-03,COP,USD,0.000244,"
    "bcv\n"
    "2025-03-03,EUR,USD,1.0800,bcv\n2025-03-03,EUR,MXN,21.6,bcv\n2025-03-03,EUR,USD,1.2,otra\n";

Mapped convert(const std::string& words, const std::string& to, const std::string& dump,
               const std::string& more = "") {
  const std::string mapping =
      "tables:\n  t: {kind: rates, file: r.csv, date: day, from: from, to: to, rate: rate, source: "
      "{source: bcv}" +
      words +
      "}\ncolumns:\n  Day: {from: day, type: date, internal: yes}\n"
      "  Amount: {from: a, type: money, currency: {from: c}, convert_to: " +
      to + ", rates: t, rate_date: Day, decimals: 2, rounding: half-up}\n" + more;
  return map(mapping, dump, {{"r.csv", kRates}});
}

}  // namespace

TEST_CASE("money: where the currency comes from") {
  static constexpr Case kCases[] = {
      {"a constant: decimals of ISO 4217", "from: a, currency: USD", R"({"a":"12.5"})", "12.50\n"},
      {"a currency without decimals", "from: a, currency: JPY", R"({"a":"1200"})", "1200\n"},
      {"too many decimals for it", "from: a, currency: JPY", R"({"a":"1200.5"})", "",
       "1: NUMBER_NEEDS_ROUNDING Amount: 1200.5 has more than 0 decimals, and rounding is exact\n"},
      {"three decimals", "from: a, currency: {from: c}", R"({"a":"1.5","c":"KWD"})", "1.500\n"},
      {"small letters are another code", "from: a, currency: {from: c}", R"({"a":"1.5","c":"usd"})",
       "", "1: CURRENCY_UNKNOWN Amount: \"usd\" is no ISO 4217 currency code\n"},
      {"unless text folds them", "from: a, currency: {from: c, text: [trim, upper-case]}",
       R"({"a":"1.5","c":" usd "})", "1.50\n"},
      {"or a lookup names them", "from: a, currency: {from: c, lookup: {pesos: COP}}",
       R"({"a":"1.5","c":"pesos"})", "1.50\n"},
      {"unknown to the lookup", "from: a, currency: {from: c, lookup: {pesos: COP}}",
       R"({"a":"1.5","c":"dollars"})", "",
       "1: LOOKUP_UNKNOWN Amount: \"dollars\" is not in the lookup of the currency\n"},
      {"blank, with a default", "from: a, currency: {from: c, when_blank: EUR}",
       R"({"a":"1.5","c":""})", "1.50\n"},
      {"blank without one", "from: a, currency: {from: c}", R"({"a":"1.5"})", "",
       "1: CURRENCY_UNKNOWN Amount: the amount has no currency: c is missing\n"},
      {"a blank amount stays blank, whatever its currency", "from: a, currency: {from: c}",
       R"({"a":null})", "\"\"\n"},
      {"in front of the amount", "from: a, currency: in-amount", R"({"a":"EUR2621.52"})",
       "2621.52\n"},
      {"behind it, with a blank", "from: a, currency: in-amount", R"({"a":"2621.52 EUR"})",
       "2621.52\n"},
      {"a negative amount", "from: a, currency: in-amount", R"({"a":"EUR-5.00"})", "-5.00\n"},
      {"no currency there", "from: a, currency: in-amount", R"({"a":"2621.52"})", "",
       "1: CURRENCY_UNKNOWN Amount: \"2621.52\"; the amount has no currency before or behind it\n"},
      {"letters that are no code", "from: a, currency: in-amount", R"({"a":"EST4"})", "",
       "1: CURRENCY_UNKNOWN Amount: \"EST\" is no ISO 4217 currency code\n"},
      {"a number has none", "from: a, currency: in-amount", R"({"a":4})", "",
       "1: CURRENCY_UNKNOWN Amount: 4; the amount has no currency before or behind it\n"},
  };
  run_cases(kCases);
}

TEST_CASE("money: minor units, times, decimals") {
  static constexpr Case kCases[] = {
      {"by the currency", "from: a, currency: USD, minor_units: yes", R"({"a":1996})", "19.96\n"},
      {"of one without decimals", "from: a, currency: JPY, minor_units: yes", R"({"a":1996})",
       "1996\n"},
      {"by a field", "from: a, currency: USD, minor_units: {from: p}, decimals: 2",
       R"({"a":"6755","p":"2"})", "67.55\n"},
      {"a field that is blank", "from: a, currency: USD, minor_units: {from: p}", R"({"a":"6755"})",
       "", "1: WRONG_TYPE Amount: p, which says how many decimals the amount has, is missing\n"},
      {"a field that is no count", "from: a, currency: USD, minor_units: {from: p}",
       R"({"a":"6755","p":"x"})", "",
       "1: WRONG_TYPE Amount: \"x\" is not a number of decimals from 0 to 18\n"},
      {"times a constant, rounded once",
       "from: a, currency: USD, times: 0.333, decimals: 2, rounding: half-up", R"({"a":"10"})",
       "3.33\n"},
      {"decimals stated", "from: a, currency: USD, decimals: 4", R"({"a":"1.5"})", "1.5000\n"},
      {"zero has no sign", "from: a, currency: USD", R"({"a":"-0.00"})", "0.00\n"},
  };
  run_cases(kCases);
}

TEST_CASE("money: dated rates") {
  const auto dump = [](const char* amount, const char* currency, const char* day) {
    return std::string("{\"a\":\"") + amount + "\",\"c\":\"" + currency +
           "\",\"day\":" + (*day == 0 ? "null" : "\"" + std::string(day) + "\"") + "}";
  };
  const std::string previous = ", no_rate_that_day: use-previous, at_most_days_old: 5";
  CHECK(convert("", "USD", dump("4250000.50", "COP", "2025-02-28")).rows == "1032.75\n");
  INFO("a Sunday: reject is the default");
  CHECK(convert("", "USD", dump("1", "COP", "2025-03-02")).rejected ==
        "1: RATE_MISSING Amount: no rate COP to USD on 2025-03-02\n");
  CHECK(convert(previous, "USD", dump("4250000.50", "COP", "2025-03-02")).rows == "1032.75\n");
  INFO("the last day that is not too old, and the next");
  CHECK(convert(previous, "USD", dump("1000000", "COP", "2025-03-08")).rows == "244.00\n");
  CHECK(convert(previous, "USD", dump("1000000", "COP", "2025-03-09")).rejected ==
        "1: RATE_MISSING Amount: no rate COP to USD within 5 days of 2025-03-09; the last one is 6 "
        "days older (2025-03-03)\n");
  INFO("never a later one");
  CHECK(convert(previous, "USD", dump("1", "COP", "2025-02-26")).rejected ==
        "1: RATE_MISSING Amount: no rate COP to USD on or before 2025-02-26\n");
  INFO("the same currency needs no rate, nor a date");
  CHECK(convert("", "USD", dump("5.005", "USD", "")).rows == "5.01\n");
  INFO("a date that is blank");
  CHECK(convert("", "USD", dump("5", "COP", "")).rejected ==
        "1: RATE_MISSING Amount: the date of the rate is blank\n");
  INFO("a date that failed is told once, as its own error");
  CHECK(convert("", "USD", dump("5", "COP", "soon")).rejected ==
        "1: DATE_UNREADABLE Day: \"soon\" does not have the shape ISO-8601\n");
  INFO("a pair that the table does not have");
  CHECK(
      convert("", "USD", dump("5", "JPY", "2025-03-03")).rejected ==
      "1: RATE_MISSING Amount: no rate JPY to USD on any day, the table does not have this pair\n");
  INFO("inverse only where it is allowed; the division is rounded once");
  CHECK(convert("", "EUR", dump("5", "USD", "2025-03-03")).rows == "");
  CHECK(convert(", inverse_allowed: yes", "EUR", dump("5", "USD", "2025-03-03")).rows == "4.63\n");
  INFO("through a third currency");
  CHECK(convert(", inverse_allowed: yes, through: EUR", "USD", dump("216", "MXN", "2025-03-03"))
            .rows == "10.80\n");
  CHECK(convert(", inverse_allowed: yes", "USD", dump("216", "MXN", "2025-03-03")).rows == "");
}

TEST_CASE("money: the rate, its day and the currency as columns") {
  const std::string more =
      "  Rate: {rate_of: Amount}\n  RateDay: {rate_day_of: Amount, write: DD/MM/YYYY}\n  Currency: "
      "{currency_of: Amount}\n";
  const std::string previous = ", no_rate_that_day: use-previous, at_most_days_old: 5";
  CHECK(convert(previous, "USD", R"({"a":"1000000","c":"COP","day":"2025-03-01"})", more).rows ==
        "243.00,0.000243,28/02/2025,USD\n");
  INFO("nothing was converted");
  CHECK(convert(previous, "USD", R"({"a":"1","c":"USD","day":"2025-03-01"})", more).rows ==
        "1.00,,,USD\n");
  INFO("no amount");
  CHECK(convert(previous, "USD", R"({"a":null,"c":"USD","day":"2025-03-01"})", more).rows ==
        ",,,\n");
}

TEST_CASE("money: currencies are not mixed in expressions") {
  const auto check = [](const char* currencies, const char* compute) {
    return map(std::string("columns:\n  A: {from: a, type: money, ") + currencies +
                   "}\n  B: {from: b, type: money, currency: USD}\n  C: {compute: " + compute +
                   "}\n",
               R"({"a":"1","b":"2","c":"EUR"})");
  };
  CHECK(check("currency: USD", "A + B").rows == "1.00,2.00,3.00\n");
  CHECK(check("currency: EUR", "A + B").diagnostics.find("EXPRESSION_CURRENCIES") !=
        std::string::npos);
  CHECK(check("currency: {from: c}", "A + B").diagnostics.find("EXPRESSION_CURREN") !=
        std::string::npos);
}

TEST_CASE("money: a total of items that name their currencies each") {
  static constexpr Case kCases[] = {
      {"one currency", "from: \"x[*].a\", total: sum, currency: {from: \"x[*].c\"}",
       R"({"x":[{"a":1.5,"c":"USD"},{"a":"2","c":"USD"}]})", "3.50\n"},
      {"two", "from: \"x[*].a\", total: sum, currency: {from: \"x[*].c\"}",
       R"({"x":[{"a":5,"c":"USD"},{"a":7,"c":"EUR"}]})", "",
       "1: CURRENCY_MIXED Amount: amounts in \"USD\" and \"EUR\" make no one sum\n"},
      {"the largest of two currencies",
       "from: \"x[*].a\", total: max, currency: {from: \"x[*].c\"}",
       R"({"x":[{"a":5,"c":"USD"},{"a":7,"c":"EUR"}]})", "",
       "1: CURRENCY_MIXED Amount: amounts in \"USD\" and \"EUR\" make no one sum\n"},
      {"of an item without an amount none is asked",
       "from: \"x[*].a\", total: sum, currency: {from: \"x[*].c\"}",
       R"({"x":[{"a":5,"c":"USD"},{"c":"EUR"},{"a":null},{"a":1,"c":"USD"}]})", "6.00\n"},
      {"an item names none", "from: \"x[*].a\", total: sum, currency: {from: \"x[*].c\"}",
       R"({"x":[{"a":5,"c":"USD"},{"a":7}]})", "",
       "1: CURRENCY_UNKNOWN Amount: the amount has no currency: x[*].c is missing\n"},
      {"a default", "from: \"x[*].a\", total: sum, currency: {from: \"x[*].c\", when_blank: USD}",
       R"({"x":[{"a":5,"c":"USD"},{"a":7}]})", "12.00\n"},
      {"words of the field",
       "from: \"x[*].a\", total: sum, currency: {from: \"x[*].c\", text: upper-case, lookup: {PESO: COP}}",
       R"({"x":[{"a":5,"c":"peso"},{"a":7,"c":"Peso"}]})", "12.00\n"},
      {"in lists of lists", "from: \"x[*].y[*].a\", total: sum, currency: {from: \"x[*].y[*].c\"}",
       R"({"x":[{"y":[{"a":1,"c":"USD"}]},{"y":[]},{},{"y":[{"a":2,"c":"USD"},{"a":3,"c":"USD"}]}]})",
       "6.00\n"},
      {"of entries", "from: \"x{*}.a\", total: sum, currency: {from: \"x{*}.c\"}",
       R"({"x":{"k":{"a":1,"c":"JPY"},"l":{"a":2,"c":"JPY"}}})", "3\n"},
      {"none", "from: \"x[*].a\", total: sum, currency: {from: \"x[*].c\"}", R"({"x":[]})",
       "\"\"\n"},
  };
  run_cases(kCases);
  const auto refused = [](const std::string& words) {
    return map("columns:\n  A: {from: \"x[*].a\", type: money, " + words + "}\n", "{}").diagnostics;
  };
  CHECK(refused("total: sum, currency: {from: \"x[0].c\"}").find("write x[*].c") !=
        std::string::npos);
  CHECK(refused("total: sum, currency: {from: /x/0/c}").find("VALUE_WRONG") != std::string::npos);
  const auto deeper = [](const char* from, const char* currency) {
    return map(std::string("columns:\n  A: {from: \"") + from +
                   "\", type: money, total: sum, currency: {from: \"" + currency + "\"}}\n",
               "{}")
        .diagnostics;
  };
  CHECK(deeper("r[*].f[*].v", "r[0].cur").find("write r[*].cur") != std::string::npos);
  CHECK(deeper("m{*}.v", "m.a.c").find("write m{*}.c") != std::string::npos);
  CHECK(deeper("r[*].f[*].v", "r[*].cur").find("PATH_MANY") != std::string::npos);
  CHECK(deeper("r[0].f[*].v", "r[0].cur").empty());
  CHECK(deeper("r.f[*].v", "r.cur").empty());
  CHECK(refused("total: first, currency: {from: \"x[*].c\"}").empty());
  CHECK(refused("total: first, currency: {from: \"x[0].c\"}").find("write x[*].c") !=
        std::string::npos);
  CHECK(refused("total: sum, currency: {from: \"y[*].c\"}").find("PATH_MANY") != std::string::npos);
  CHECK(refused("total: sum, currency: {from: \"x[*].y[*].c\"}").find("PATH_MANY") !=
        std::string::npos);
  CHECK(refused("total: sum, currency: {from: \"y[0].c\"}").empty());
}

TEST_CASE("money: a withdrawn currency of several items is told once") {
  const Mapped mapped = map(
      "columns:\n  A: {from: \"x[*].a\", type: money, total: sum, currency: {from: \"x[*].c\"}}\n",
      R"({"x":[{"a":1,"c":"DEM"},{"a":2,"c":"DEM"},{"a":3,"c":"DEM"}]})");
  CHECK(mapped.rows == "6.00\n");
  CHECK(mapped.warned == "CURRENCY_WITHDRAWN A: \"DEM\" was withdrawn from ISO 4217 in 2002 × 1\n");
}

TEST_CASE("money: a whole number of minor units") {
  static constexpr Case kCases[] = {
      {"cents", "from: a, currency: EUR, minor_units: yes", R"({"a":125000})", "1250.00\n"},
      {"the amount itself", "from: a, currency: EUR, minor_units: yes", R"({"a":"1250.00"})", "",
       "1: NUMBER_UNREADABLE Amount: \"1250.00\" is not a whole number of minor units (minor_units)\n"},
      {"with a part of a cent", "from: a, currency: EUR, minor_units: yes", R"({"a":1250.5})", "",
       "1: NUMBER_UNREADABLE Amount: 1250.5 is not a whole number of minor units (minor_units)\n"},
      {"a currency without minor units",
       "from: a, currency: JPY, minor_units: yes, rounding: half-up", R"({"a":"1250.5"})", "",
       "1: NUMBER_UNREADABLE Amount: \"1250.5\" is not a whole number of minor units (minor_units)\n"},
      {"a field that says none", "from: a, currency: EUR, minor_units: {from: m}",
       R"({"a":"1250.00","m":0})", "1250.00\n"},
      {"of several", "from: \"a[*]\", total: sum, currency: EUR, minor_units: yes",
       R"({"a":[100,"5"]})", "1.05\n"},
      {"one of several", "from: \"a[*]\", total: max, currency: EUR, minor_units: yes",
       R"({"a":["300","302.50","30000"]})", "",
       "1: NUMBER_UNREADABLE Amount: 302.50 is not a whole number of minor units (minor_units)\n"},
  };
  run_cases(kCases);
}

TEST_CASE("money: totals of items in one currency of the record are known to be in it") {
  const std::string each =
      "columns:\n  T: {from: t, type: money, currency: {from: cur}}\n"
      "  X: {each: x, called: i, internal: yes, columns: {a: {from: i.a, type: money, currency: {from: CUR}}}}\n"
      "  S: {total: sum, column: \"X[*].a\"}\n  D: {compute: T - S}\n";
  const auto with = [&each](const char* currency) {
    std::string text = each;
    text.replace(text.find("CUR"), 3, currency);
    return map(text, R"({"t":5,"cur":"EUR","x":[{"a":1,"c":"EUR"},{"a":2,"c":"EUR"}]})");
  };
  CHECK(with("cur").rows == "5.00,3.00,2.00\n");
  CHECK(with("i.c").diagnostics.find("EXPRESSION_CURRENCIES") != std::string::npos);
  CHECK(with("other").diagnostics.find("EXPRESSION_CURRENCIES") != std::string::npos);
}

}  // namespace trama::test
