// Tables of properties, lines that hold for a time, and rates with a column a currency (rule 9.28).

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

using Tables = std::map<std::string, std::string>;

TEST_CASE("a table without value gives the column that a lookup names") {
  const Tables tables = {{"t.csv", "k,name,zone.id,kind\nA,Uno,UTC,1\nB,Dos,Europe/Madrid,\n"}};
  const std::string head = "tables: {h: {file: t.csv, key: k}}\n";
  const std::string body =
      head +
      "columns:\n  N: {from: a, lookup: h.name}\n"
      "  Z: {from: a, lookup: h.zone.id}\n"
      "  K: {from: a, lookup: h.kind, type: integer}\n"
      "  T: {from: t, type: datetime, read: ISO-8601, zone: {from: a, lookup: h.zone.id}}\n";
  CHECK(map(body, R"({"a":"B","t":"2025-03-01T00:00:00Z"})", tables).rows ==
        "Dos,Europe/Madrid,,2025-03-01T01:00:00+01:00\n");
  CHECK(map(body, R"({"a":"C"})", tables)
            .rejected.find("1: LOOKUP_UNKNOWN N: \"C\" is not in h.name; known: A, B") !=
        std::string::npos);
  struct Case {
    const char* columns;
    const char* told;
  };
  constexpr Case kCases[] = {
      {"{N: {from: a, lookup: h}}", "KEY_MISSING"},
      {"{N: {from: a, lookup: h.nam}}", "TABLE_NO_COLUMN"},
      {"{N: {from: a, lookup: g.name}}", "TABLE_UNKNOWN"},
      {"{N: {from: a, lookup: h.}}", "TABLE_NO_COLUMN"},
      {"{N: a}", "TABLE_UNUSED"},
      {"{N: {by: [a, b], lookup: h.name}}", "TABLE_KEY_PARTS"},
      {"{D: {from: d, type: date, read: YYYY-MM-DD}, N: {from: a, lookup: h.name, on: D}}",
       "WORD_HAS_NO_EFFECT"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.columns);
    CHECK(messages(map(head + "columns: " + c.columns + "\n", "{}", tables).diagnostics)
              .find(c.told) != std::string::npos);
  }
  const Mapped dump = map(
      "input: {records: data}\ntables: {h: {inside: hotels}, l: {inside: list, key: id}}\n"
      "columns:\n  N: {from: a, lookup: h.name}\n  M: {from: a, lookup: l.name}\n",
      R"({"hotels": {"A": {"name": "Uno", "z": 1}}, "list": [{"id": "A", "name": "One"}], "data": [{"a": "A"}]})");
  CHECK(dump.rows == "Uno,One\n");
}

TEST_CASE("lines of a table that hold for a time") {
  const Tables tables = {
      {"t.csv",
       "k,v,f,t\nA,one,,30/06/2025\nA,two,01/07/2025,15/07/2025\nA,three,01/08/2025,\na,small,,\nB,,,\n"}};
  const std::string head =
      "tables: {p: {file: t.csv, key: k, value: v, valid_from: f, valid_to: t, read: DD/MM/YYYY}}\n";
  const std::string body = head +
                           "columns:\n  D: {from: d, type: date, read: YYYY-MM-DD, internal: yes}\n"
                           "  P: {from: a, lookup: p, on: D}\n";
  struct Case {
    const char* day;
    const char* gives;
  };
  constexpr Case kCases[] = {
      {"0001-01-01", "one"},   {"2025-06-30", "one"},   {"2025-07-01", "two"},
      {"2025-07-15", "two"},   {"2025-07-16", ""},      {"2025-07-31", ""},
      {"2025-08-01", "three"}, {"9999-12-31", "three"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.day);
    const Mapped one = map(body, std::string(R"({"a":"A","d":")") + c.day + "\"}", tables);
    if (*c.gives != '\0')
      CHECK(one.rows == std::string(c.gives) + "\n");
    else
      CHECK(one.rejected ==
            "1: LOOKUP_UNKNOWN P: p has lines for \"A\", and none of them for that day\n");
  }
  CHECK(map(body, R"({"a":"Z","d":"2025-01-01"})", tables).rejected ==
        "1: LOOKUP_UNKNOWN P: \"Z\" is not in p\n");
  CHECK(map(body, R"({"a":"A","d":null})", tables).rejected ==
        "1: LOOKUP_UNKNOWN P: \"A\" is looked up by day in p, and the day is blank\n");
  CHECK(map(body, R"({"a":null,"d":null})", tables).rejected.empty());
  CHECK(map(body, R"({"a":"B","d":"2025-01-01"})", tables).rows == "\"\"\n");
  const Mapped bad = map(body, R"({"a":"A","d":"soon"})", tables);  // one cause, one error
  CHECK(bad.rejected.starts_with("1: DATE_UNREADABLE D"));
  CHECK(bad.rejected.find(" P:") == std::string::npos);
  const std::string keep =
      head +
      "columns:\n  D: {from: d, type: datetime, read: ISO-8601, internal: yes}\n"
      "  P: {from: \"l[*]\", lookup: p, on: D, join: +, unknown: keep}\n";
  CHECK(map(keep, R"({"l":["A","B","Q"],"d":"2025-07-20T23:00:00Z"})", tables).rows == "A+Q\n");
  CHECK(map(keep, R"({"l":["A","B","Q"],"d":null})", tables).rows == "A+B+Q\n");
  CHECK(messages(map(head + "columns:\n  D: {from: d, type: date, read: YYYY-MM-DD}\n"
                            "  P: {from: a, lookup: p, on: D, ignore_case: yes}\n",
                     "{}", tables)
                     .diagnostics)
            .find("TABLE_KEY_FOLDS") != std::string::npos);
}

TEST_CASE("a table that cannot be read is told once, whatever is looked up in it") {
  const std::string missing = messages(
      map("tables: {h: {file: no.csv, key: k}}\ncolumns: {A: {from: a, lookup: h.x}, B: {from: a, lookup: h.y}}\n",
          "{}")
          .diagnostics);
  CHECK(missing.find("FILE_UNREADABLE") != std::string::npos);
  CHECK(missing.find("\nerror[") == std::string::npos);
  const std::string twice = messages(
      map("tables: {h: {file: t.csv, key: k}}\ncolumns: {A: {from: a, lookup: h.x}, B: {from: a, lookup: h.y}}\n",
          "{}", {{"t.csv", "k,x,y\nA,1,2\nA,3,4\n"}})
          .diagnostics);
  CHECK(twice.find("TABLE_KEY_REPEATED") != std::string::npos);
  CHECK(twice.find("\nerror[") == std::string::npos);
  CHECK(map("tables: {h: {file: t.csv, key: k}, h.x: {A: own}}\n"
            "columns: {A: {from: a, lookup: h.x}, B: {from: a, lookup: h.y}}\n",
            R"({"a":"A"})", {{"t.csv", "k,x,y\nA,1,2\n"}})
            .rows == "own,2\n");
}

TEST_CASE("lines of a table that hold for a time: what check refuses") {
  struct Case {
    const char* file;
    const char* columns;
    const char* told;
  };
  constexpr Case kCases[] = {
      {"k,v,f,t\nA,1,2025-01-01,2025-01-31\nA,2,2025-01-31,\n", "{P: {from: a, lookup: p, on: D}}",
       "TABLE_DAYS_WRONG"},
      {"k,v,f,t\nA,2,2025-01-31,\nA,1,2025-01-01,2025-01-31\n", "{P: {from: a, lookup: p, on: D}}",
       "TABLE_DAYS_WRONG"},
      {"k,v,f,t\nA,1,2025-01-10,2025-01-20\nA,2,2025-01-01,2025-01-31\n",
       "{P: {from: a, lookup: p, on: D}}", "TABLE_DAYS_WRONG"},
      {"k,v,f,t\nA,1,,\nA,2,,\n", "{P: {from: a, lookup: p, on: D}}", "TABLE_DAYS_WRONG"},
      {"k,v,f,t\nA,1,2025-02-01,2025-01-31\n", "{P: {from: a, lookup: p, on: D}}",
       "TABLE_DAYS_WRONG"},
      {"k,v,f,t\nA,1,01/02/2025,\n", "{P: {from: a, lookup: p, on: D}}", "RATE_DATE_WRONG"},
      {"k,v,f\nA,1,2025-01-01\n", "{P: {from: a, lookup: p, on: D}}", "TABLE_NO_COLUMN"},
      {"k,v,f,t\nA,1,,\n", "{P: {from: a, lookup: p}}", "KEY_MISSING"},
      {"k,v,f,t\nA,1,,\n", "{P: {from: a, lookup: p, on: X}}", "COLUMN_UNKNOWN"},
      {"k,v,f,t\nA,1,,\n", "{X: x, P: {from: a, lookup: p, on: X}}", "CHOICE_TYPE"},
      {"k,v,f,t\nA,1,,\n", "{P: {from: a, lookup: p, on: P}}", "COLUMN_CIRCLE"},
      {"k,v,f,t\nA,EUR,,\n", "{P: {from: a, type: money, currency: {from: c, lookup: p}}}",
       "TABLE_KIND"},
      {"k,v,f,t\nA,1,,\n", "{P: {from: a, on: D}, Q: {from: a, lookup: p, on: D}}", "KEY_MISSING"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.file);
    CAPTURE(c.columns);
    std::string columns = c.columns;
    columns.insert(1, "D: {from: d, type: date, read: YYYY-MM-DD}, ");
    CHECK(messages(map("tables: {p: {file: t.csv, key: k, value: v, valid_from: f, valid_to: t}}\n"
                       "columns: " +
                           columns + "\n",
                       "{}", {{"t.csv", c.file}})
                       .diagnostics)
              .find(c.told) != std::string::npos);
  }
}

TEST_CASE("days of tables with names of months and years of two digits") {
  const Tables tables = {
      {"t.csv", "k,v,f,t\nA,one,,30-jun-25\nA,two,01-jul-25,15-SEPT.-25\n"},
      {"r.csv", "day,from,to,rate\n3 March 2025,EUR,USD,1.1\n4 March 2025,EUR,USD,1.2\n"},
      {"bad.csv", "k,v,f\nA,one,01-ene-25\nA,two,01-xyz-25\n"}};
  const char* const by_day =
      "tables: {p: {file: t.csv, key: k, value: v, valid_from: f, valid_to: t, read: DD-MMM-YY, "
      "months: es, two_digit_years: 2000-2099}}\n"
      "columns:\n  D: {from: d, type: date, read: YYYY-MM-DD, internal: yes}\n"
      "  P: {from: a, lookup: p, on: D}\n";
  CHECK(map(by_day, R"({"a":"A","d":"2025-06-30"})", tables).rows == "one\n");
  CHECK(map(by_day, R"({"a":"A","d":"2025-09-15"})", tables).rows == "two\n");
  CHECK(map(by_day, R"({"a":"A","d":"2025-09-16"})", tables).rejected ==
        "1: LOOKUP_UNKNOWN P: p has lines for \"A\", and none of them for that day\n");
  const char* const rates =
      "tables: {r: {kind: rates, file: r.csv, date: day, from: from, to: to, rate: rate, "
      "read: D MMMM YYYY, months: en}}\n"
      "columns:\n  D: {from: d, type: date, read: YYYY-MM-DD, internal: yes}\n"
      "  A: {from: a, type: money, currency: EUR, convert_to: USD, rates: r, rate_date: D, "
      "rounding: half-up}\n";
  CHECK(map(rates, R"({"a":10,"d":"2025-03-04"})", tables).rows == "12.00\n");
  const auto told = [&](const std::string& table) {
    return messages(map("tables: {p: {" + table +
                            "}}\ncolumns:\n  D: {from: d, type: date, read: YYYY-MM-DD}\n"
                            "  P: {from: a, lookup: p, on: D}\n",
                        "{}", tables)
                        .diagnostics);
  };
  const std::string bad = "file: bad.csv, key: k, value: v, valid_from: f, ";
  CHECK(told(bad + "read: DD-MMM-YY, months: es, two_digit_years: 2000-2099")
            .find("RATE_DATE_WRONG") != std::string::npos);
  CHECK(told(bad + "read: DD-MMM-YY, two_digit_years: 2000-2099")
            .starts_with("error[MONTHS_MISSING]"));
  CHECK(told(bad + "read: DD-MMM-YY, months: es").starts_with("error[CENTURY_MISSING]"));
  CHECK(told("file: t.csv, key: k, value: v, valid_from: f, months: es")
            .starts_with("error[WORDS_TOGETHER]: 'months' and 'read: YYYY-MM-DD (the default)'"));
  CHECK(told("file: t.csv, key: k, value: v, months: es")
            .find("error[WORD_HAS_NO_EFFECT]: 'months'") != std::string::npos);
}

TEST_CASE("rates with the separator as a mark, in quotes") {
  const auto rate = [](const char* marks, const char* cell) {
    const Mapped got = map(
        std::string("tables: {r: {kind: rates, file: r.csv, date: d, from: f, to: t, rate: r, ") +
            marks +
            "}}\ncolumns:\n  D: {from: d, type: date, internal: yes}\n"
            "  A: {from: a, type: money, currency: USD, convert_to: COP, rates: r, rate_date: D, "
            "rounding: half-up}\n",
        R"({"a":2,"d":"2025-03-03"})",
        {{"r.csv", std::string("d,f,t,r\n2025-03-03,USD,COP,") + cell + "\n"}});
    return messages(got.diagnostics) + got.rows;
  };
  CHECK(rate("decimal_mark: \",\"", "\"4182,18\"") == "8364.36\n");
  CHECK(rate("decimal_mark: \",\", thousands_mark: \".\"", "\"4.182,18\"") == "8364.36\n");
  CHECK(rate("thousands_mark: \",\"", "\"4,182.18\"") == "8364.36\n");
  CHECK(rate("decimal_mark: \",\"", "4182,18").starts_with("error[TABLE_LINE_LENGTH]"));
  CHECK(rate("decimal_mark: \",\", thousands_mark: \",\"", "\"4\"")
            .starts_with("error[MARKS_ALIKE]"));
}

TEST_CASE("rates with a column a currency") {
  const Tables tables = {
      {"r.csv",
       "Date,USD,JPY,note,CYP\n2025-03-03,1.0465,157.40,x,0.58\n2025-03-04,1.0557,N/A,,\n"}};
  const auto with = [&](const char* words, const char* currency, const char* record) {
    return map(
        std::string("tables: {r: {kind: rates, file: r.csv, date: Date, ") + words +
            "}}\ncolumns:\n  D: {from: d, type: date, read: YYYY-MM-DD, internal: yes}\n"
            "  A: {from: a, type: money, currency: " +
            currency +
            ", convert_to: {from: to}, rates: r, rate_date: D, decimals: 2, rounding: half-up}\n",
        record, tables);
  };
  constexpr const char* kWide = "from: {value: EUR}, to: columns";
  CHECK(with(kWide, "EUR", R"({"a":100,"d":"2025-03-03","to":"JPY"})").rows == "15740.00\n");
  CHECK(with(kWide, "EUR", R"({"a":100,"d":"2025-03-04","to":"USD"})").rows == "105.57\n");
  CHECK(with(kWide, "EUR", R"({"a":100,"d":"2025-03-04","to":"JPY"})")
            .rejected.starts_with("1: RATE_MISSING A"));
  CHECK(with(kWide, "USD", R"({"a":100,"d":"2025-03-03","to":"EUR"})")
            .rejected.starts_with("1: RATE_MISSING A"));
  CHECK(with("from: {value: EUR}, to: columns, inverse_allowed: yes", "USD",
             R"({"a":100,"d":"2025-03-03","to":"EUR"})")
            .rows == "95.56\n");
  CHECK(with("from: columns, to: {value: EUR}", "USD", R"({"a":100,"d":"2025-03-03","to":"EUR"})")
            .rows == "104.65\n");
  struct Case {
    const char* words;
    const char* told;
  };
  constexpr Case kCases[] = {
      {"from: columns, to: columns", "WORDS_TOGETHER"},
      {"from: {value: XX1}, to: columns", "CURRENCY_UNKNOWN"},
      {"from: {value: EUR}, to: columns, rate: USD", "WORDS_TOGETHER"},
      {"from: {value: EUR}, to: note", "KEY_MISSING"},
      {"from: {code: EUR}, to: columns", "KEY_UNKNOWN"},
      {"from: {}, to: columns", "KEY_MISSING"},
      {"from: {value: EUR}, to: columns, valid_from: Date", "WORDS_TOGETHER"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.words);
    CHECK(messages(with(c.words, "EUR", "{}").diagnostics).find(c.told) != std::string::npos);
  }
  const Mapped none = map(
      "tables: {r: {kind: rates, file: r.csv, date: Date, from: {value: EUR}, to: columns}}\n"
      "columns:\n  D: {from: d, type: date, read: YYYY-MM-DD}\n"
      "  A: {from: a, type: money, currency: EUR, convert_to: USD, rates: r, rate_date: D, rounding: half-up}\n",
      "{}", {{"r.csv", "Date,usd\n2025-03-03,1\n"}});
  CHECK(messages(none.diagnostics).find("TABLE_NO_COLUMN") != std::string::npos);
}

TEST_CASE("by day: without valid_to a line holds until the next one of its key") {
  const auto with = [](const std::string& lines, const std::string& dump) {
    return map(
        "tables: {p: {file: p.csv, key: k, value: v, valid_from: f}}\n"
        "columns:\n  D: {from: d, type: date, read: YYYY-MM-DD}\n"
        "  V: {from: k, lookup: p, on: D, unknown: write-blank}\n",
        dump, {{"p.csv", "k,v,f\n" + lines}});
  };
  const std::string lines = "A,3,2025-07-01\nA,1,\nB,9,2025-03-01\nA,2,2025-03-01\n";
  const auto at = [&](const char* key, const char* day) {
    return with(lines, std::string(R"({"k":")") + key + R"(","d":")" + day + "\"}").rows;
  };
  CHECK(at("A", "2025-02-28") == "2025-02-28,1\n");
  CHECK(at("A", "2025-03-01") == "2025-03-01,2\n");
  CHECK(at("A", "2025-06-30") == "2025-06-30,2\n");
  CHECK(at("A", "2030-01-01") == "2030-01-01,3\n");
  CHECK(at("B", "2025-02-28") == "2025-02-28,\n");
  CHECK(at("B", "2025-03-01") == "2025-03-01,9\n");
  const std::string twice = with("A,1,2025-03-01\nA,2,2025-03-01\n", "{}").diagnostics;
  CHECK(twice.find("TABLE_DAYS_WRONG") != std::string::npos);
  CHECK(twice.find("let each begin on a day of its own") != std::string::npos);
}

}  // namespace
}  // namespace trama::test
