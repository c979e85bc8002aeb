// Exchange rates that travel in the dump (mappings/rules.md, rule 9.34): in which forms, which of
// them serve, and what makes them of no use.

#include <doctest/doctest.h>

#include <string>

#include "engine/mapping_test.h"
#include "run/run_support.h"
#include "support/mapped.h"

namespace trama::test {
namespace {

/// Amounts converted to dollars by `table`, of a document with `fx` beside the records.
Mapped converted(const std::string& table, const std::string& fx, const std::string& records,
                 const std::string& words = "") {
  return map("input: {records: data, id: id}\ntables: {t: {kind: rates, " + table +
                 "}}\ncolumns:\n  D: {from: d, type: date, internal: yes}\n"
                 "  A: {from: a, type: money, currency: {from: u}, convert_to: USD, rates: t, "
                 "decimals: 4, rounding: half-up" +
                 words + "}\n",
             "{\"data\": [" + records + "], \"fx\": " + fx + "}");
}

std::string rows(const std::string& table, const std::string& fx, const std::string& records,
                 const std::string& words = "") {
  const Mapped got = converted(table, fx, records, words);
  return messages(got.diagnostics) + got.trouble + got.rejected + got.rows;
}

std::string amount(const std::string& currency, const std::string& day = "") {
  return "{\"a\": 100, \"u\": \"" + currency + "\", \"d\": \"" + day + "\"}";
}

const std::string kKeys = "inside: fx, from: $key, to: {value: USD}";
const std::string kEntries = "inside: fx, from: f, to: t, rate: r";

}  // namespace

TEST_CASE("rates inside: by the keys of an object") {
  CHECK(rows(kKeys, R"({"EUR": 1.0465, "COP": "0.000243"})", amount("EUR") + "," + amount("COP")) ==
        "104.6500\n0.0243\n");
  CHECK(rows("inside: fx.r, from: {inside: fx.base}, to: $key, inverse_allowed: yes",
             R"({"base": "USD", "r": {"EUR": 0.8}})", amount("EUR")) == "125.0000\n");
  INFO("entries that are objects");
  CHECK(rows(kKeys + ", rate: now.mid",
             R"({"EUR": {"now": {"mid": 2}}, "COP": {"now": {"mid": 3}}})",
             amount("EUR")) == "200.0000\n");
  INFO("digits are exact, with JSON's exponents too");
  CHECK(rows(kKeys, R"({"COP": 2.43e-04})", amount("COP")) == "0.0243\n");
  CHECK(rows(kKeys, R"({"COP": 1E2})", amount("COP")) == "10000.0000\n");
  INFO("codes that are none serve no amount");
  CHECK(rows(kKeys, R"({"BTC": 65000, "EUR": 1, "disclaimer": 7})", amount("EUR")) == "100.0000\n");
  CHECK(rows(kKeys, R"({})", amount("USD")) == "100.0000\n");
}

TEST_CASE("rates inside: entries with fields") {
  CHECK(rows(kEntries, R"([{"f":"EUR","t":"USD","r":2},{"f":"COP","t":"USD","r":"0.5"}])",
             amount("EUR") + "," + amount("COP")) == "200.0000\n50.0000\n");
  CHECK(rows(kEntries + ", source: {k: sell}",
             R"([{"k":"buy","f":"EUR","t":"USD","r":null},{"k":"sell","f":"EUR","t":"USD","r":3}])",
             amount("EUR")) == "300.0000\n");
  CHECK(rows(kEntries + ", decimal_mark: ',', thousands_mark: '.'",
             R"([{"f":"EUR","t":"USD","r":"1.002,5"}])", amount("EUR")) == "100250.0000\n");
  CHECK(rows(kEntries + ", through: EUR",
             R"([{"f":"COP","t":"EUR","r":0.5},{"f":"EUR","t":"USD","r":3}])",
             amount("COP")) == "150.0000\n");
  CHECK(rows("inside: fx, from: \"[0]\", to: \"[1]\", rate: \"[2]\"", R"([["EUR","USD",4]])",
             amount("EUR")) == "400.0000\n");
}

TEST_CASE("rates inside: with days, as those of a file") {
  const std::string dated = kEntries + ", date: d";
  const std::string fx =
      R"([{"d":"2025-03-05","f":"EUR","t":"USD","r":5},{"d":"2025-03-01","f":"EUR","t":"USD","r":1}])";
  const std::string day = ", rate_date: D";
  CHECK(rows(dated, fx, amount("EUR", "2025-03-05"), day) == "500.0000\n");
  CHECK(rows(dated, fx, amount("EUR", "2025-03-03"), day) ==
        "1: RATE_MISSING A: no rate EUR to USD on 2025-03-03\n");
  const std::string before = dated + ", no_rate_that_day: use-previous, at_most_days_old: 3";
  CHECK(rows(before, fx, amount("EUR", "2025-03-03"), day) == "100.0000\n");
  CHECK(rows(before, fx, amount("EUR", "2025-02-28"), day).starts_with("1: RATE_MISSING"));
  INFO("one day for all, and written otherwise");
  CHECK(rows("inside: fx.r, from: $key, to: {value: USD}, date: {inside: fx.day}, read: DD/MM/YYYY",
             R"({"day": "05/03/2025", "r": {"EUR": 2}})", amount("EUR", "2025-03-05"),
             day) == "200.0000\n");
  CHECK(rows("inside: fx, date: $key, from: {value: EUR}, to: {value: USD}", R"({"2025-03-05": 2})",
             amount("EUR", "2025-03-05"), day) == "200.0000\n");
}

TEST_CASE("rates inside: a wrong rate ends the run before it begins, with its place") {
  const std::string at = "TABLE_INVALID: dump: the table 't' at fx cannot be used: ";
  const auto trouble = [](const std::string& table, const std::string& fx,
                          const std::string& words = "") {
    const Mapped got = converted(table, fx, amount("EUR", "2025-03-05"), words);
    CHECK(got.rows.empty());
    return messages(got.diagnostics) + got.trouble;
  };
  for (const char* rate : {"0", "-1", "\"1,5\"", "\"x\"", "true", "\"1 \""})
    CHECK(trouble(kKeys, std::string("{\"EUR\": ") + rate + "}")
              .starts_with(at + "the entry 'EUR' has the rate '"));
  CHECK(trouble(kKeys, R"({"EUR": null})") == at + "the entry 'EUR' has nothing in 'rate'");
  CHECK(trouble(kKeys, R"({"EUR": " "})") == at + "the entry 'EUR' has nothing in 'rate'");
  CHECK(trouble(kEntries, R"([{"f":"EUR","t":"USD"}])") == at + "its entry 1 has no 'r'");
  CHECK(trouble(kEntries, R"([{"f":"EUR","t":"USD","r":1},{"f":"","t":"USD","r":1}])") ==
        at + "its entry 2 has nothing in 'f'");
  CHECK(trouble(kEntries, R"([{"f":["EUR"],"t":"USD","r":1}])") ==
        at + "its entry 1 has in 'f' a list, not one value");
  CHECK(trouble(kEntries, R"([{"f":"EUR","t":"USD","r":1},{"f":"EUR","t":"USD","r":1}])") ==
        at + "the rate EUR to USD is in it twice");
  CHECK(trouble(kKeys, R"({"EUR": 1, "EUR": 2})") == at + "the key 'EUR' appears twice in it");
  CHECK(trouble(kKeys, R"([1])") ==
        at + "it is a list, whose items have no $key; name a field of them");
  CHECK(trouble(kKeys, "7").starts_with(at + "it is a number"));
  CHECK(trouble(kEntries + ", date: d", R"([{"d":"5.3.25","f":"EUR","t":"USD","r":1}])",
                ", rate_date: D") ==
        at + "its entry 1 has the day '5.3.25', which is not written as YYYY-MM-DD");
  CHECK(
      trouble(
          kEntries + ", date: d",
          R"([{"d":"2025-03-05","f":"EUR","t":"USD","r":1},{"d":"2025-03-05","f":"EUR","t":"USD","r":2}])",
          ", rate_date: D") == at + "the rate EUR to USD of 2025-03-05 is in it twice");
  CHECK(
      trouble("inside: fx, from: $key, to: {inside: base}", "{}") ==
      "TABLE_NOT_FOUND: dump: the table 't' is not there: nothing at base; the document has data, fx");
  CHECK(
      trouble("inside: fx.r, from: {inside: fx.b}, to: {value: USD}", R"({"b": ["EUR"], "r": {}})")
          .find("'fx.b' is not one text or number") != std::string::npos);
}

TEST_CASE("rates inside: many of one pair, in the worst order, in no time") {
  std::string fx;
  for (int i = 50000; i > 0; --i) {
    std::string day;
    append_plain(day, Value::date({i}), {});
    fx += (fx.empty() ? "[" : ",") + (R"({"d":")" + day) + R"(","f":"EUR","t":"USD","r":2})";
  }
  CHECK(rows(kEntries + ", date: d", fx + "]", amount("EUR", "2025-03-05"), ", rate_date: D") ==
        "200.0000\n");
}

TEST_CASE("rates inside: each document has its own") {
  const auto document = [](const char* rate) {
    return std::string(R"({"data": [{"a": 100, "u": "EUR"}], "fx": {"EUR": )") + rate + "}}\n";
  };
  const Mapped got = map(
      "input: {records: data, format: json}\ntables: {t: {kind: rates, " + kKeys +
          "}}\ncolumns: {A: {from: a, type: money, currency: {from: u}, convert_to: USD, rates: t, "
          "rounding: half-up}}\n",
      document("1") + document("2"));
  CHECK(messages(got.diagnostics) + got.trouble + got.rows == "100.00\n200.00\n");
}

TEST_CASE("rates inside: what check says") {
  const auto said = [](const std::string& table, const std::string& words = "") {
    return messages(converted(table, "{}", "", words).diagnostics);
  };
  CHECK(said(kKeys).empty());
  CHECK(said(kKeys, ", rate_date: D") ==
        "error[WORD_HAS_NO_EFFECT]: 'rate_date' has no effect with rates that have no days\n");
  CHECK(said(kEntries + ", date: d")
            .starts_with("error[KEY_MISSING]: 'convert_to' needs 'rate_date'"));
  CHECK(said("inside: fx, to: $key").starts_with("error[KEY_MISSING]: the table 't' needs 'from'"));
  CHECK(said("inside: fx, from: {value: EURO}, to: $key").starts_with("error[CURRENCY_UNKNOWN]"));
  CHECK(said("inside: fx, from: {value: EUR, inside: b}, to: $key")
            .starts_with("error[WORDS_TOGETHER]"));
  CHECK(said("inside: fx, from: {}, to: $key").starts_with("error["));
  CHECK(said("inside: fx, from: {value: EUR}, to: columns")
            .starts_with("error[WORDS_TOGETHER]: 'inside' and 'to: columns'"));
  CHECK(said("inside: data.x, from: {value: EUR}, to: $key")
            .starts_with("error[TABLE_NOT_BESIDE_RECORDS]"));
  CHECK(said("inside: fx, from: {inside: data.b}, to: $key")
            .starts_with("error[TABLE_NOT_BESIDE_RECORDS]"));
  CHECK(said(kKeys + ", separator: ';'").starts_with("error[WORDS_TOGETHER]"));
  CHECK(said(kKeys + ", repeated: first").starts_with("error[WORDS_TOGETHER]"));
  CHECK(said(kKeys + ", no_rate_that_day: use-previous, at_most_days_old: 3") ==
        "error[NEEDS_WORD]: 'no_rate_that_day' does nothing without 'date'\n"
        "error[NEEDS_WORD]: 'at_most_days_old' does nothing without 'date'\n");
  CHECK(said("file: r.csv, date: d, from: {inside: b}, to: t, rate: r")
            .find("error[NEEDS_WORD]: 'from: {…}' does nothing without 'inside'") !=
        std::string::npos);
  CHECK(
      messages(
          map("input: {records: data}\ntables: {t: {kind: rates, " + kKeys +
                  "}}\ncolumns:\n  A: {from: a, type: money, currency: EUR, convert_to: USD, rates: t, rounding: up}\n"
                  "  B: {rate_day_of: A}\n",
              "{}")
              .diagnostics) ==
      "error[WORD_HAS_NO_EFFECT]: 'rate_day_of' has no effect with rates that have no days\n");
}

}  // namespace trama::test
