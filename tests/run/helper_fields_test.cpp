// Helper fields (currency, minor_units, zone, no_zone_means, rate_date and their keys) of the
// record, of an item of `rows` and of an item of `each`: one table of all of them.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/mapped.h"

namespace trama::test {
namespace {

/// A helper field beside an amount that is 100.00 (or 110.00 when converted). `%` is where it is:
/// "", "x." or "y.".
struct Helper {
  const char* name;
  const char* amount;  // as the supplier sends it
  const char* words;   // of the amount
  const char* day;     // the words of the column Day, for rate_date; or none
  const char* field;   // the members of the object that holds the helper
  const char* value;
  const char* half;
};

constexpr const char* kConvert =
    "currency: EUR, convert_to: USD, rates: t, rate_date: Day, decimals: 2, rounding: half-up";

constexpr Helper kHelpers[] = {
    {"currency", "100.00", "currency: {from: %cur}", nullptr, R"("cur":"EUR")", "100.00", "50.00"},
    {"currency, text", "100.00", "currency: {from: %cur, text: [trim, upper-case]}", nullptr,
     R"("cur":" eur ")", "100.00", "50.00"},
    {"currency, lookup", "100.00", "currency: {from: %cur, lookup: {euros: EUR}}", nullptr,
     R"("cur":"euros")", "100.00", "50.00"},
    {"currency, a table", "100.00", "currency: {from: %cur, lookup: codes}", nullptr,
     R"("cur":"978")", "100.00", "50.00"},
    {"currency, when_blank", "100.00", "currency: {from: %cur, when_blank: EUR}", nullptr,
     R"("cur":null)", "100.00", "50.00"},
    {"minor_units", "10000", "currency: EUR, minor_units: {from: %mu}", nullptr, R"("mu":2)",
     "100.00", "50.00"},
    {"minor_units, text", "10000", "currency: EUR, minor_units: {from: %mu, text: [trim]}", nullptr,
     R"("mu":" 2 ")", "100.00", "50.00"},
    {"minor_units, lookup", "10000", "currency: EUR, minor_units: {from: %mu, lookup: {cents: 2}}",
     nullptr, R"("mu":"cents")", "100.00", "50.00"},
    {"minor_units, when_blank", "10000", "currency: EUR, minor_units: {from: %mu, when_blank: 2}",
     nullptr, R"("mu":"")", "100.00", "50.00"},
    {"rate_date", "100", kConvert, "from: %d, type: date", R"("d":"2025-03-03")", "110.00",
     "55.00"},
    // 2025-03-04T02:00Z is the evening of the 3rd in Bogota
    {"zone", "100", kConvert, "from: at, type: date, zone: {from: %z}", R"("z":"America/Bogota")",
     "110.00", "55.00"},
    {"zone, hours", "100", kConvert, "from: at, type: date, zone: {from: %z}", R"("z":-5)",
     "110.00", "55.00"},
    {"zone, text", "100", kConvert, "from: at, type: date, zone: {from: %z, text: [upper-case]}",
     R"("z":"utc")", "120.00", "60.00"},
    {"zone, lookup", "100", kConvert,
     "from: at, type: date, zone: {from: %z, lookup: {BOG1: America/Bogota}}", R"("z":"BOG1")",
     "110.00", "55.00"},
    {"zone, when_blank", "100", kConvert,
     "from: at, type: date, zone: {from: %z, when_blank: America/Bogota}", R"("z":null)", "110.00",
     "55.00"},
    {"no_zone_means", "100", kConvert,
     "from: wall, type: date, no_zone_means: {from: %z}, zone: UTC", R"("z":"America/Bogota")",
     "120.00", "60.00"},
    {"no_zone_means, lookup", "100", kConvert,
     "from: wall, type: date, no_zone_means: {from: %z, lookup: {M1: Europe/Madrid}}, zone: UTC",
     R"("z":"M1")", "110.00", "55.00"},
    {"no_zone_means, when_blank", "100", kConvert,
     "from: wall, type: date, no_zone_means: {from: %z, when_blank: \"-05:00\"}, zone: UTC",
     R"("q":1)", "120.00", "60.00"},
};

constexpr const char* kRates =
    "day,from,to,rate\n2025-03-03,EUR,USD,1.10\n2025-03-04,EUR,USD,1.20\n";
constexpr const char* kCodes = "number,code\n978,EUR\n840,USD\n";
constexpr const char* kTables =
    "tables:\n  t: {kind: rates, file: r.csv, date: day, from: from, to: to, rate: rate}\n"
    "  codes: {file: c.csv, key: number, value: code}\n";

std::string at(const char* words, const char* where) {
  std::string out = words;
  for (std::size_t i = out.find('%'); i != std::string::npos; i = out.find('%'))
    out.replace(i, 1, where);
  return out;
}

Mapped mapped(const std::string& mapping, const std::string& dump) {
  Mapped got = map(mapping, dump, {{"r.csv", kRates}, {"c.csv", kCodes}});
  std::string left;  // tables that this helper does not use
  std::istringstream lines(messages(got.diagnostics));
  for (std::string line; std::getline(lines, line);)
    if (line.find("warning[TABLE_UNUSED]") == std::string::npos) left += line + '\n';
  got.diagnostics = left;
  return got;
}

/// The members that every record has.
std::string record(const Helper& helper, const std::string& more) {
  return std::string(R"({"total":")") + helper.amount +
         R"(","at":"2025-03-04T02:00:00Z","wall":"2025-03-03T23:30:00",)" + more + "}";
}

}  // namespace

TEST_CASE("helper fields: each of them, of the record and of an item, however rows repeat") {
  for (const Helper& helper : kHelpers) {
    for (const bool of_item : {false, true}) {
      for (const char* how : {"repeat", "leave-blank", "share"}) {
        INFO(helper.name, of_item ? ", of an item, " : ", of the record, ", how);
        const char* where = of_item ? "x." : "";
        std::string mapping = std::string(kTables) + "rows: {one_per: xs, called: x}\ncolumns:\n";
        if (helper.day != nullptr)
          mapping += "  Day: {" + at(helper.day, where) + ", internal: yes}\n";
        mapping += "  T: {from: total, type: money, " + at(helper.words, where) +
                   ", on_extra_rows: " + how + "}\n";
        const std::string item = of_item ? "{" + std::string(helper.field) + "}" : "{}";
        const std::string dump =
            record(helper, (of_item ? "" : std::string(helper.field) + ",") +
                               R"("xs":[)" + item + "," + item + "]");
        const Mapped got = mapped(mapping, dump);
        CHECK(got.diagnostics == "");
        CHECK(got.rejected == "");
        const std::string value = helper.value;
        const std::string_view word = how;
        CHECK(got.rows == (word == "repeat"        ? value + "\n" + value + "\n"
                           : word == "leave-blank" ? value + "\n\"\"\n"
                                                   : std::string(helper.half) + "\n" +
                                                         helper.half + "\n"));
      }
      INFO(helper.name, ": without the word the amount of the booking is asked about");
      std::string mapping = std::string(kTables) + "rows: {one_per: xs, called: x}\ncolumns:\n";
      const char* where = of_item ? "x." : "";
      if (helper.day != nullptr)
        mapping += "  Day: {" + at(helper.day, where) + ", internal: yes}\n";
      mapping += "  T: {from: total, type: money, " + at(helper.words, where) + "}\n";
      CHECK(mapped(mapping, "{}").diagnostics.find("error[EXTRA_ROWS_MISSING]") !=
            std::string::npos);
    }
  }
}

TEST_CASE("helper fields: of an item of each, of the record in an each, and of an item of rows") {
  // The decoys say something else: what the record has is not what the item has.
  for (const Helper& helper : kHelpers) {
    for (const char* where : {"", "x.", "y."}) {
      INFO(helper.name, " at '", where, "'");
      std::string children;
      if (helper.day != nullptr)
        children += "Day: {" + at(helper.day, where) + ", internal: yes}, ";
      children += "m: {from: y.amount, type: money, " + at(helper.words, where) + "}";
      const std::string mapping = std::string(kTables) +
                                  "rows: {one_per: xs, called: x}\ncolumns:\n"
                                  "  Ys: {each: x.ys, called: y, columns: {" +
                                  children + "}}\noutput: {format: ndjson}\n";
      const std::string decoy = R"("cur":"JPY","mu":"0","d":"2025-03-04","z":"Asia/Tokyo")";
      const std::string_view at_level = where;
      const auto members = [&](std::string_view level) {
        return level == at_level ? std::string(helper.field) : decoy;
      };
      const std::string dump =
          record(helper, members("") + R"(,"xs":[{)" + members("x.") + R"(,"ys":[{"amount":")" +
                             helper.amount + "\"," + members("y.") + "}]}]");
      const Mapped got = mapped(mapping, dump);
      CHECK(got.diagnostics == "");
      CHECK(got.rejected == "");
      CHECK(got.rows == std::string(R"({"Ys":[{"m":)") + helper.value + "}]}\n");
    }
  }
}

TEST_CASE("helper fields: in an each, on_extra_rows has no effect") {
  for (const Helper& helper : kHelpers) {
    for (const char* how : {"repeat", "leave-blank", "share"}) {
      INFO(helper.name, ", ", how);
      std::string children;
      if (helper.day != nullptr) children += "Day: {" + at(helper.day, "y.") + ", internal: yes}, ";
      children += "m: {from: y.amount, type: money, " + at(helper.words, "y.") +
                  ", on_extra_rows: " + how + "}";
      const std::string mapping = std::string(kTables) +
                                  "rows: {one_per: xs, called: x}\ncolumns:\n"
                                  "  Ys: {each: ys, called: y, columns: {" +
                                  children + "}}\noutput: {format: ndjson}\n";
      const std::string dump =
          record(helper, R"("xs":[1,2],"ys":[{"amount":")" + std::string(helper.amount) + "\"," +
                             helper.field + "}]");
      const Mapped got = mapped(mapping, dump);
      CHECK(got.diagnostics.find("error[WORD_HAS_NO_EFFECT]: 'on_extra_rows' has no effect in the "
                                 "columns of 'each'") == 0);
      CHECK(got.rows == "");
    }
  }
}

TEST_CASE("helper fields: an error is at the field's place") {
  struct Case {
    const char* why;
    const char* column;
    const char* dump;
    const char* told;
    const char* place;
  };
  static constexpr Case kCases[] = {
      {"a currency that is none", "{from: a, type: money, currency: {from: c.d}}",
       R"({"a":"1","c":{"d":"eur"}})",
       "1: CURRENCY_UNKNOWN A: \"eur\" is no ISO 4217 currency code\n",
       R"("path": "/c/d", "value": "eur")"},
      {"a currency that is blank", "{from: a, type: money, currency: {from: c.d}}",
       R"({"a":"1","c":{"d":null}})",
       "1: CURRENCY_UNKNOWN A: the amount has no currency: c.d is null\n",
       R"("path": "/c/d", "value": null)"},
      {"a null word of the input is blank", "{from: a, type: money, currency: {from: c.d}}",
       R"({"a":"1","c":{"d":"N/A"}})",
       "1: CURRENCY_UNKNOWN A: \"N/A\"; the amount has no currency: c.d is null\n",
       R"("path": "/c/d")"},
      {"a currency of another kind", "{from: a, type: money, currency: {from: c.d}}",
       R"({"a":"1","c":{"d":[1]}})",
       "1: WRONG_TYPE A: [1]; one value is needed, but this is a list\n", R"("path": "/c/d")"},
      {"decimals that are no count",
       "{from: a, type: money, currency: EUR, minor_units: {from: c.d}}",
       R"({"a":"1","c":{"d":"two"}})",
       "1: WRONG_TYPE A: \"two\" is not a number of decimals from 0 to 18\n",
       R"("path": "/c/d", "value": "two")"},
      {"decimals that are blank", "{from: a, type: money, currency: EUR, minor_units: {from: c.d}}",
       R"({"a":"1","c":{}})",
       "1: WRONG_TYPE A: c.d, which says how many decimals the amount has, is missing\n",
       R"("path": "/c/d")"},
      {"a zone that is none", "{from: a, type: date, zone: {from: c.d}}",
       R"({"a":"2025-03-01T00:00:00Z","c":{"d":"Mars"}})",
       "1: ZONE_UNKNOWN A: \"Mars\" is not a time zone\n", R"("path": "/c/d", "value": "Mars")"},
      {"a zone that is blank", "{from: a, type: date, zone: {from: c.d}}",
       R"({"a":"2025-03-01T00:00:00Z","c":{"d":""}})",
       "1: ZONE_MISSING A: c.d, which names the zone, is empty\n", R"("path": "/c/d")"},
      {"a zone that is no text", "{from: a, type: date, zone: {from: c.d}}",
       R"({"a":"2025-03-01T00:00:00Z","c":{"d":{"x":1}}})",
       "1: WRONG_TYPE A: {\"x\":1}; one value is needed, but this is an object\n",
       R"("path": "/c/d")"},
      {"a zone that its table does not have",
       "{from: a, type: date, zone: {from: c.d, lookup: {H1: UTC}}}",
       R"({"a":"2025-03-01T00:00:00Z","c":{"d":"H2"}})",
       "1: LOOKUP_UNKNOWN A: \"H2\" is not in the lookup of zone\n",
       R"("path": "/c/d", "value": "H2")"},
      {"the zone of a wall clock", "{from: a, type: datetime, no_zone_means: {from: c.d}, zone: UTC}",
       R"({"a":"2025-03-01T00:00:00","c":{"d":"Mars"}})",
       "1: ZONE_UNKNOWN A: \"Mars\" is not a time zone\n", R"("path": "/c/d", "value": "Mars")"},
  };
  for (const Case& c : kCases) {
    INFO(c.why);
    const Mapped got = map(std::string("input: {null_words: [N/A]}\ncolumns:\n  A: ") + c.column +
                               "\noutput: {format: csv}\n",
                           c.dump);
    CHECK(got.diagnostics == "");
    CHECK(got.rejected == c.told);
    CHECK(got.rejects.find(c.place) != std::string::npos);
  }
  INFO("a date without a time needs no zone, so a wrong one is no error");
  CHECK(map("columns:\n  A: {from: a, type: date, zone: {from: z}}\n",
            R"({"a":"2025-03-01","z":"Mars"})")
            .rows == "2025-03-01\n");
  INFO("the zone of the record before is never used, also for several values");
  CHECK(map("columns:\n  A: {from: \"t[*]\", total: max, type: datetime, zone: {from: z}, write: "
            "HH:mm}\n",
            "{\"z\":\"-05:00\",\"t\":[\"2025-03-01T12:00:00Z\"]}\n"
            "{\"z\":\"+02:00\",\"t\":[\"2025-03-01T12:00:00Z\"]}")
            .rows == "07:00\n14:00\n");
}

TEST_CASE("helper fields: what the mapping states is checked") {
  const auto check = [](const char* column) {
    return messages(map(std::string("columns:\n  A: ") + column + "\n", "{}").diagnostics);
  };
  CHECK(check("{from: a, type: money, currency: {from: c, lookup: {x: EURO}}}") ==
        "error[CURRENCY_UNKNOWN]: 'EURO' is no ISO 4217 currency code\n");
  CHECK(check("{from: a, type: money, currency: {from: c, when_blank: eur}}") ==
        "error[CURRENCY_UNKNOWN]: 'eur' is no ISO 4217 currency code\n");
  CHECK(check("{from: a, type: money, currency: EUR, minor_units: {from: c, when_blank: two}}") ==
        "error[VALUE_WRONG]: 'two' is not a value of 'minor_units'\n");
  CHECK(check("{from: a, type: money, currency: EUR, minor_units: {from: c, lookup: {x: 19}}}") ==
        "error[VALUE_WRONG]: '19' is not a value of 'minor_units'\n");
  CHECK(check("{from: a, type: date, zone: {from: c, when_blank: Bogota}}") ==
        "error[ZONE_UNKNOWN]: 'Bogota' is not a time zone\n");
  CHECK(check("{from: a, type: date, zone: {from: c, lookup: {H1: Europe/Madrid, H2: Madrit}}}") ==
        "error[ZONE_UNKNOWN]: 'Madrit' is not a time zone\n");
  CHECK(check("{from: a, type: date, zone: {from: c, text: [upper-case], lookup: {h1: UTC}}}")
            .find("error[TABLE_KEY_UNREACHABLE]") == 0);
}

}  // namespace trama::test
