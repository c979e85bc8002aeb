// Amounts that are computed, added up or written with their currency, and results wider than 38
// digits (mappings/rules.md, rules 5.1, 5.6, 9.13 and 9.14).

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

constexpr const char* kRates =
    "day,from,to,rate\n2025-03-03,EUR,USD,1.10\n2025-03-03,USD,MXN,20.123\n"
    "2025-03-03,HRK,EUR,0.132722\n";
constexpr const char* kTable =
    "tables:\n  t: {kind: rates, file: r.csv, date: day, from: from, to: to, rate: rate}\n"
    "columns:\n  Fecha: {from: fecha, type: date, internal: yes}\n"
    "  Neto: {from: neto, type: money, currency: {from: cur}, internal: yes}\n"
    "  Tasa: {from: tasa, type: money, currency: {from: cur}, internal: yes}\n";

Mapped cost(const std::string& columns, const std::string& dump) {
  return map(kTable + columns, dump, {{"r.csv", kRates}});
}

std::string one(const std::string& column, const std::string& dump) {
  const Mapped got = map("columns:\n  A: " + column + "\n", dump);
  return messages(got.diagnostics) + got.rejected + got.rows;
}

constexpr const char* kBooking =
    R"({"neto":"100.00","tasa":"21.50","cur":"EUR","fecha":"2025-03-03"})";

}  // namespace

TEST_CASE("compute: an amount is converted, rounded and has a currency and a rate") {
  const Mapped got = cost(
      "  Coste: {compute: Neto + Tasa, type: money, currency: {from: cur}, convert_to: USD, rates: "
      "t, rate_date: Fecha, decimals: 2, rounding: half-up}\n  M: {currency_of: Coste}\n"
      "  R: {rate_of: Coste}\n  D: {rate_day_of: Coste}\n",
      kBooking);
  CHECK(got.diagnostics == "");
  CHECK(got.rows == "133.65,USD,1.10,2025-03-03\n");
  INFO("rounded once: the quotient is kept exact until it is converted");
  CHECK(cost("  A: {compute: Neto / 3, type: money, currency: {from: cur}, convert_to: USD, rates: "
             "t, rate_date: Fecha, decimals: 2, rounding: half-up}\n",
             R"({"neto":"0.11","cur":"EUR","fecha":"2025-03-03"})")
            .rows == "0.04\n");
  INFO("decimals of the currency, refused where they do not hold the amount");
  CHECK(cost("  A: {compute: Neto * 0.00001, type: money, currency: {from: cur}}\n", kBooking)
            .rejected ==
        "1: NUMBER_NEEDS_ROUNDING A: 0.0010000 has more than 2 decimals, and rounding is exact\n");
  CHECK(cost("  A: {compute: Neto * 2, type: money, currency: {from: cur}, times: 0.5, decimals: "
             "1, rounding: half-up}\n",
             kBooking)
            .rows == "100.0\n");
  INFO("a currency that is none is told");
  CHECK(cost("  A: {compute: 1 + source.neto, type: money, currency: {from: cur}}\n",
             R"({"neto":"1","cur":"nonsense"})")
            .rejected.find("1: CURRENCY_UNKNOWN A: \"nonsense\" is no ISO 4217 currency code") !=
        std::string::npos);
  INFO("a blank operand: a blank amount");
  CHECK(cost("  A: {compute: Neto + Tasa, type: money, currency: {from: cur}}\n",
             R"({"neto":"1","cur":"EUR"})")
            .rows == "\"\"\n");
}

TEST_CASE("compute: the currency is that of its columns") {
  const auto check = [](const char* columns) {
    return messages(map(std::string("columns:\n  E: {from: e, type: money, currency: EUR}\n"
                                    "  C: {from: c, type: money, currency: {from: cur}}\n"
                                    "  D: {from: c, type: money, currency: {from: cur, when_blank: "
                                    "USD}}\n") +
                            columns,
                        "{}")
                        .diagnostics);
  };
  CHECK(check("  A: {compute: E * 2, type: money, currency: EUR}\n") == "");
  CHECK(check("  A: {compute: E * 2, type: money, currency: USD}\n") ==
        "error[COMPUTE_CURRENCY]: the expression gives an amount in EUR, and 'currency' is USD\n");
  CHECK(check("  A: {compute: C * 2, type: money, currency: EUR}\n") ==
        "error[COMPUTE_CURRENCY]: the expression gives an amount in that of cur, and 'currency' is "
        "EUR\n");
  CHECK(check("  A: {compute: C * 2, type: money, currency: {from: cur}}\n") == "");
  INFO("the same field with another default may be another currency");
  CHECK(check("  A: {compute: C + D}\n").find("error[EXPRESSION_CURRENCIES]") == 0);
  INFO("what is computed or chosen of amounts keeps their currency");
  CHECK(
      check("  A: {compute: E * 2}\n  U: {from: u, type: money, currency: USD}\n  S: {compute: A "
            "+ U}\n")
          .find("error[EXPRESSION_CURRENCIES]: A and U may be amounts in different currencies (EUR "
                "and USD)") == 0);
  CHECK(check("  U: {from: u, type: money, currency: USD}\n  A: {choose: [{when: E > 1, write: "
              "{column: E}}, {otherwise: {column: U}}], type: decimal}\n  S: {compute: A + E}\n")
            .find("error[EXPRESSION_CURRENCY_OPEN]") == 0);
  CHECK(check("  A: {choose: [{when: E > 1, write: {column: E}}, {otherwise: 0}], type: decimal}\n"
              "  S: {compute: A + E}\n") == "");
}

TEST_CASE("in-amount: signs, codes and a minus on either side") {
  const std::string signs =
      "{from: a, type: money, currency: {in_amount: yes, symbols: {\"€\": EUR, \"US$\": USD, "
      "\"$\": MXN, kr: SEK, R: ZAR}}";
  const auto read = [&signs](const char* text, const char* more = "") {
    return one(signs + more + "}\n  C: {currency_of: A}", std::string(R"({"a":")") + text + "\"}");
  };
  CHECK(read("€12.50") == "12.50,EUR\n");
  CHECK(read("12.50 €") == "12.50,EUR\n");
  CHECK(read("12.50\u00a0€") == "12.50,EUR\n");
  CHECK(read("US$ 5") == "5.00,USD\n");
  CHECK(read("$5") == "5.00,MXN\n");
  CHECK(read("5 US$") == "5.00,USD\n");
  CHECK(read("5.00kr") == "5.00,SEK\n");
  INFO("codes still count, and the longest wins");
  CHECK(read("EUR 5") == "5.00,EUR\n");
  CHECK(read("RUB5") == "5.00,RUB\n");
  CHECK(read("R5") == "5.00,ZAR\n");
  INFO("a minus before the sign, before the digits, and in both places");
  CHECK(read("-€12.50") == "-12.50,EUR\n");
  CHECK(read("€-12.50") == "-12.50,EUR\n");
  CHECK(read("- US$12.50") == "-12.50,USD\n");
  CHECK(read("-12.50 €") == "-12.50,EUR\n");
  CHECK(read("-€-1") == "1: NUMBER_UNREADABLE A: \"--1\" is not a number as 1234.56\n");
  INFO("what is no sign of the list is named");
  CHECK(read("£5") ==
        "1: CURRENCY_UNKNOWN A: \"£\" is where a currency code such as EUR is expected; 'symbols' "
        "says what a sign means\n");
  CHECK(read("5 eur").find("\"eur\" is where") != std::string::npos);
  CHECK(read("5") ==
        "1: CURRENCY_UNKNOWN A: \"5\"; the amount has no currency before or behind "
        "it\n");
  CHECK(one("{from: a, type: money, currency: in-amount}", R"({"a":"US$5"})")
            .find("\"US$\" is where a currency code") != std::string::npos);
  INFO("numbers as the supplier writes them");
  CHECK(read("1.234,50 €", ", read_number: [\"1.234,56\"]") == "1234.50,EUR\n");
  INFO("a default serves amounts with nothing beside them, and those alone");
  const std::string with_default =
      "{from: a, type: money, currency: {in_amount: yes, when_blank: EUR}}";
  CHECK(one(with_default, R"({"a":"5"})") == "5.00\n");
  CHECK(one(with_default, R"({"a":5})") == "5.00\n");
  CHECK(one(with_default, R"({"a":"5 £"})").find("CURRENCY_UNKNOWN") != std::string::npos);
}

TEST_CASE("in-amount: what check refuses") {
  const auto check = [](const char* currency) {
    return one(std::string("{from: a, type: money, currency: ") + currency + "}", "{}");
  };
  CHECK(check("{in_amount: yes, symbols: {\"€\": EURO}}").find("error[CURRENCY_UNKNOWN]: 'EURO'") ==
        0);
  CHECK(check("{in_amount: yes, symbols: {\"1€\": EUR}}")
            .find("error[CURRENCY_SIGN]: '1€' cannot be a sign of a currency") == 0);
  CHECK(check("{in_amount: yes, symbols: {\" €\": EUR}}").find("error[CURRENCY_SIGN]") == 0);
  CHECK(check("{in_amount: yes, from: c}").find("error[WORDS_TOGETHER]") == 0);
  CHECK(check("{symbols: {\"€\": EUR}}").find("error[KEY_MISSING]: 'symbols' needs 'in_amount'") ==
        0);
  CHECK(check("{in_amount: no, from: c}").find("error[") == 0);
}

TEST_CASE("total: of amounts with their currency") {
  const std::string sum = "{from: \"rooms[*].p\", total: sum, type: money, currency: in-amount}";
  CHECK(one(sum, R"({"rooms":[{"p":"EUR10.00"},{"p":"EUR5.00"}]})") == "15.00\n");
  CHECK(one(sum, R"({"rooms":[{"p":"EUR10.00"},{"p":null},{"p":"USD5.00"}]})") ==
        "1: CURRENCY_MIXED A: amounts in \"EUR\" and \"USD\" make no one sum\n");
  CHECK(one(sum + "\n  C: {currency_of: A}", R"({"rooms":[{"p":"JPY10"},{"p":"5 JPY"}]})") ==
        "15,JPY\n");
  CHECK(one(sum, R"({"rooms":[{"p":"EUR10.00"},{"p":"5.00"}]})") ==
        "1: CURRENCY_UNKNOWN A: \"5.00\"; the amount has no currency before or behind it\n");
  CHECK(one(sum, R"({"rooms":[]})") == "\"\"\n");
  for (const char* how : {"min", "max"}) {
    const std::string text =
        std::string("{from: \"rooms[*].p\", total: ") + how + ", type: money, currency: in-amount}";
    CHECK(one(text, R"({"rooms":[{"p":"EUR10.00"},{"p":"EUR5.00"}]})") ==
          (std::string_view(how) == "min" ? "5.00\n" : "10.00\n"));
    CHECK(one(text, R"({"rooms":[{"p":"EUR10.00"},{"p":"USD5.00"}]})").find("CURRENCY_MIXED") !=
          std::string::npos);
  }
  CHECK(one("{from: \"rooms[*].p\", total: last, type: money, currency: in-amount}\n  C: "
            "{currency_of: A}",
            R"({"rooms":[{"p":"EUR10.00"},{"p":"USD5.00"}]})") == "5.00,USD\n");
}

TEST_CASE("withdrawn currencies are taken with a warning, or refused") {
  const Mapped got =
      map("columns:\n  A: {from: a, type: money, currency: {from: c}}\n"
          "  C: {from: c, type: currency}\n",
          "{\"a\":\"100\",\"c\":\"HRK\"}\n{\"a\":\"100\",\"c\":\"ITL\"}\n"
          "{\"a\":\"1\",\"c\":\"HRK\"}");
  CHECK(got.rows == "100.00,HRK\n100,ITL\n1.00,HRK\n");
  CHECK(got.warned ==
        "CURRENCY_WITHDRAWN A: \"HRK\" was withdrawn from ISO 4217 in 2023 × 2\n"
        "CURRENCY_WITHDRAWN C: \"HRK\" was withdrawn from ISO 4217 in 2023 × 2\n"
        "CURRENCY_WITHDRAWN A: \"ITL\" was withdrawn from ISO 4217 in 2002 × 1\n"
        "CURRENCY_WITHDRAWN C: \"ITL\" was withdrawn from ISO 4217 in 2002 × 1\n");
  CHECK(one("{from: a, type: money, currency: {from: c}, withdrawn: reject}",
            R"({"a":"1","c":"BGN"})") ==
        "1: CURRENCY_WITHDRAWN A: \"BGN\" was withdrawn from ISO 4217 in 2026\n");
  CHECK(one("{from: c, type: currency, withdrawn: reject}", R"({"c":"ANG"})") ==
        "1: CURRENCY_WITHDRAWN A: \"ANG\" was withdrawn from ISO 4217 in 2025\n");
  CHECK(map("columns:\n  A: {from: a, type: money, currency: in-amount}\n", R"({"a":"DEM5"})")
            .warned == "CURRENCY_WITHDRAWN A: \"DEM\" was withdrawn from ISO 4217 in 2002 × 1\n");
  INFO("minor units are those that it had last");
  CHECK(one("{from: a, type: money, currency: {from: c}, minor_units: yes}",
            R"({"a":"12345","c":"HRK"})") == "123.45\n");
  INFO("a rate table may have its rates");
  CHECK(cost("  A: {from: a, type: money, currency: {from: c}, convert_to: EUR, rates: t, "
             "rate_date: Fecha, decimals: 2, rounding: half-up}\n",
             R"({"a":"1000","c":"HRK","fecha":"2025-03-03"})")
            .rows == "132.72\n");
  INFO("what the mapping itself states");
  CHECK(one("{from: a, type: money, currency: HRK}", R"({"a":"1"})") ==
        "warning[CURRENCY_WITHDRAWN]: 'HRK' was withdrawn from ISO 4217 in 2023\n1.00\n");
  CHECK(one("{from: a, type: money, currency: HRK, withdrawn: reject}", R"({"a":"1"})") ==
        "error[CURRENCY_UNKNOWN]: 'HRK' is no ISO 4217 currency code\n");
  CHECK(one("{from: a, type: money, currency: {from: c, lookup: {kuna: HRK}}}", "{}")
            .find("warning[CURRENCY_WITHDRAWN]") == 0);
  CHECK(one("{value: DEM, type: currency}", "{}").find("warning[CURRENCY_WITHDRAWN]") == 0);
}

TEST_CASE("results wider than 38 digits on the way") {
  constexpr const char* kBig = R"({"a":"1231234567890123456784560123456789","b":"0.5"})";
  const auto computed = [](const std::string& words, const char* dump) {
    const Mapped got =
        map("columns:\n  A: {from: a, type: decimal, internal: yes}\n  B: {from: b, type: decimal, "
            "internal: yes}\n  R: {" +
                words + "}\n",
            dump);
    return messages(got.diagnostics) + got.rejected + got.rows;
  };
  CHECK(computed("compute: A + 0.000000001, decimals: 0, rounding: half-up", kBig) ==
        "1231234567890123456784560123456789\n");
  CHECK(computed("compute: A * 10000000000 - A * 9999999999", kBig) ==
        "1231234567890123456784560123456789\n");
  CHECK(computed("compute: A * A / A, decimals: 0, rounding: exact", kBig) ==
        "1231234567890123456784560123456789\n");
  CHECK(computed("compute: (A + 0.0000000001) / A, decimals: 3, rounding: up", kBig) == "1.001\n");
  CHECK(computed("compute: A + 0.0000000001, times: 0.5, decimals: 1, rounding: half-up", kBig) ==
        "615617283945061728392280061728394.5\n");
  CHECK(computed("compute: A / 3, times: 3, decimals: 0, rounding: exact", kBig) ==
        "1231234567890123456784560123456789\n");
  CHECK(computed("compute: -(A * 100000) + A * 100001", kBig) ==
        "1231234567890123456784560123456789\n");
  INFO("the limit is on what is written");
  CHECK(computed("compute: A * 100000", kBig) == "1: NUMBER_TOO_BIG R: more than 38 digits\n");
  CHECK(computed("compute: A * 100000, decimals: 0, rounding: half-up", kBig) ==
        "1: NUMBER_TOO_BIG R: more than 38 digits\n");
  INFO("what would need rounding is refused by exact");
  CHECK(
      computed("compute: A + 0.000000001, decimals: 0, rounding: exact", kBig) ==
      "1: NUMBER_NEEDS_ROUNDING R: \"the result\" has more than 0 decimals, and rounding is exact\n");
  INFO("conditions compare whatever is wide");
  CHECK(computed("choose: [{when: A * A > A * 99999999999, write: more}, {otherwise: less}]",
                 kBig) == "more\n");
  CHECK(computed("choose: [{when: A * A between A * A and A * A + 1, write: in}, {otherwise: out}]",
                 kBig) == "in\n");
  INFO("a sum of many");
  const std::string sum = "{from: \"n[*]\", total: sum}";
  const std::string nines(38, '9');
  CHECK(one(sum, R"({"n":[")" + nines + R"(","1","-1"]})") == nines + "\n");
  CHECK(one(sum, R"({"n":[")" + nines + R"(","1"]})") ==
        "1: NUMBER_TOO_BIG A: more than 38 digits\n");
  CHECK(one("{from: \"n[*]\", total: sum, decimals: 0, rounding: half-up}",
            R"({"n":[")" + nines + R"(","0.4"]})") == nines + "\n");
  CHECK(one("{from: \"n[*]\", total: sum, times: 0.1, decimals: 0, rounding: down}",
            R"({"n":[")" + nines + R"(","9"]})") == "10" + std::string(36, '0') + "\n");
  CHECK(one("{from: \"n[*]\", total: sum, type: money, currency: EUR, decimals: 0, rounding: "
            "half-up}",
            R"({"n":[")" + nines + R"(","0.4"]})") == nines + "\n");
}

TEST_CASE("a number with an exponent is what its plain digits are") {
  const auto both = [](const std::string& scientific, const std::string& digits) {
    const std::string words = "{from: a, type: decimal, read_number: [\"1.5e3\", \"1.5\"]}";
    CHECK(one(words, R"({"a":")" + scientific + "\"}") == one(words, R"({"a":")" + digits + "\"}"));
    CHECK(one(words, R"({"a":)" + scientific + "}") == one(words, R"({"a":)" + digits + "}"));
  };
  both("1e-39", "0." + std::string(38, '0') + "1");
  both("1.5e-40", "0." + std::string(39, '0') + "15");
  both("12e-50", "0." + std::string(48, '0') + "12");
  both("1e-76", "0." + std::string(75, '0') + "1");
  both("0e-40", "0." + std::string(40, '0'));
  both("1.5e2", "150");
}

}  // namespace trama::test
