// The awkward shapes of real payloads that need no list and no currency, each on a small record in
// its style, with what an analyst would write for it. One table, one line a shape; S numbers are
// those of the collection.

#include <doctest/doctest.h>

#include <string>

#include "exec/map_one.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

struct Shape {
  const char* number;
  const char* words;
  const char* record;
  const char* expected;
};

constexpr Shape kShapes[] = {
    {"S1", "from: d, type: date, read: YYYY-MM-DD", R"({"d":"2024-04-02"})", "2024-04-02"},
    {"S1 with a zone", "from: d, type: date, read: ISO-8601, zone: America/Bogota",
     R"({"d":"2024-04-02"})", "2024-04-02"},
    {"S1 with a zone", "from: d, type: date, read: ISO-8601, zone: Pacific/Auckland",
     R"({"d":"2024-04-02"})", "2024-04-02"},
    {"S2", "from: d, type: datetime, read: ISO-8601", R"({"d":"2020-08-01T21:50:00"})",
     "2020-08-01T21:50:00"},
    {"S2 an instant", "from: d, type: datetime, read: ISO-8601, zone: UTC",
     R"({"d":"2020-08-01T21:50:00"})", "ZONE_MISSING"},
    {"S2 stated",
     "from: d, type: datetime, read: ISO-8601, zone: UTC, no_zone_means: America/Bogota, write: "
     "'YYYY-MM-DD HH:mm'",
     R"({"d":"2020-08-01T21:50:00"})", "2020-08-02 02:50"},
    {"S2 from a field",
     "from: d, type: datetime, read: ISO-8601, zone: UTC, no_zone_means: {from: tz}, write: "
     "'YYYY-MM-DD HH:mm'",
     R"({"d":"2020-08-01T21:50:00","tz":"Europe/Madrid"})", "2020-08-01 19:50"},
    {"S2 from a blank field",
     "from: d, type: datetime, read: ISO-8601, zone: UTC, no_zone_means: {from: tz}",
     R"({"d":"2020-08-01T21:50:00","tz":null})", "ZONE_MISSING"},
    {"S3", "from: d, type: datetime, read: ISO-8601, zone: UTC, write: 'YYYY-MM-DD HH:mm'",
     R"({"d":"2024-02-22T23:59:00Z"})", "2024-02-22 23:59"},
    {"S3", "from: d, type: datetime, read: ISO-8601, zone: UTC, write: 'YYYY-MM-DD HH:mm'",
     R"({"d":"2024-04-01T14:00:00+01:00"})", "2024-04-01 13:00"},
    {"S4", "from: d, type: datetime, read: ISO-8601, zone: UTC, write: 'YYYY-MM-DD HH:mm'",
     R"({"d":"2022-08-18T12:00:00+1000"})", "2022-08-18 02:00"},
    {"S4", "from: d, type: date, read: ISO-8601, zone: UTC", R"({"d":"2022-08-18T09:00:00+10"})",
     "2022-08-17"},
    {"S5",
     "from: d, type: datetime, read: ISO-8601, zone: UTC, write: \"YYYY-MM-DD'T'HH:mm:ss.SSS\"",
     R"({"d":"2023-05-01T10:00:00.263399Z"})", "2023-05-01T10:00:00.263"},
    {"S5",
     "from: d, type: datetime, read: ISO-8601, zone: UTC, write: \"YYYY-MM-DD'T'HH:mm:ss.SSS\"",
     R"({"d":"2023-05-01T10:00:00.000+02:00"})", "2023-05-01T08:00:00.000"},
    {"S5 kept", "from: d, type: datetime, read: ISO-8601", R"({"d":"2023-05-01T10:00:00.111087"})",
     "2023-05-01T10:00:00.111087"},
    {"S6",
     "from: d, type: datetime, read: \"YYYY-MM-DD'T'HH:mm:ss:SSSSSS\", write: 'YYYY-MM-DD "
     "HH:mm:ss'",
     R"({"d":"2016-07-14T03:00:00:000000"})", "2016-07-14 03:00:00"},
    {"S7",
     "from: d, type: datetime, read: ['YYYY-MM-DD HH:mm:ss', 'YYYY-MM-DD HH:mm:ss.SSS'], write: "
     "'DD/MM/YYYY HH:mm'",
     R"({"d":"2019-01-25 12:26:35"})", "25/01/2019 12:26"},
    {"S7",
     "from: d, type: datetime, read: ['YYYY-MM-DD HH:mm:ss', 'YYYY-MM-DD HH:mm:ss.SSS'], write: "
     "'DD/MM/YYYY HH:mm'",
     R"({"d":"2024-02-23 20:25:32.449"})", "23/02/2024 20:25"},
    {"S8", "from: d, type: date, read: MM/DD/YYYY", R"({"d":"02/09/2017"})", "2017-02-09"},
    {"S8", "from: d, type: date, read: DD/MM/YYYY", R"({"d":"28/01/2014"})", "2014-01-28"},
    {"S8 the other order", "from: d, type: date, read: MM/DD/YYYY", R"({"d":"28/01/2014"})",
     "DATE_IMPOSSIBLE"},
    {"S9", "from: d, type: date, read: 'DDD, DD MMM YYYY', months: en",
     R"({"d":"Thu, 09 Feb 2017"})", "2017-02-09"},
    {"S9 not that weekday", "from: d, type: date, read: 'DDD, DD MMM YYYY', months: en",
     R"({"d":"Fri, 09 Feb 2017"})", "DATE_IMPOSSIBLE"},
    {"S9 two blanks", "from: d, type: date, read: 'MMMM  D, YYYY', months: en",
     R"({"d":"February  2, 2017"})", "2017-02-02"},
    {"S9 two blanks made one",
     "from: d, type: date, text: [one-space], read: 'MMMM D, YYYY', months: en",
     R"({"d":"February  2, 2017"})", "2017-02-02"},
    {"S9 glued", "from: d, type: date, read: DDMMMYY, months: en, two_digit_years: 2000-2099",
     R"({"d":"30Jan17"})", "2017-01-30"},
    {"S9", "from: d, type: date, read: 'DD MMMM YYYY', months: en", R"({"d":"13 April 2026"})",
     "2026-04-13"},
    {"S9 another language", "from: d, type: date, read: 'DD MMMM YYYY', months: es",
     R"({"d":"13 April 2026"})", "DATE_UNREADABLE"},
    {"S10", "from: d, type: date, read: DDMMYYYY", R"({"d":"01032017"})", "2017-03-01"},
    {"S10 its zero lost", "from: d, type: date, read: DDMMYYYY", R"({"d":1032017})",
     "DATE_UNREADABLE"},
    {"S10 a number", "from: d, type: date, read: YYYYMMDD", R"({"d":20240402})", "2024-04-02"},
    {"S10 kept", "from: d, pattern: '[0-9]{4}'", R"({"d":"0826"})", "0826"},
    {"S11", "from: d, type: datetime, read: unix-seconds, zone: UTC, write: 'YYYY-MM-DD HH:mm'",
     R"({"d":1709251200})", "2024-03-01 00:00"},
    {"S11 as text", "from: d, type: date, read: unix-seconds, zone: America/Bogota",
     R"({"d":"1709251200"})", "2024-02-29"},
    {"S11 the wrong unit",
     "from: d, type: date, read: unix-millis, zone: UTC, between: [2000-01-01, 2100-01-01]",
     R"({"d":1709251200})", "OUT_OF_RANGE"},
    {"S12", "from: d, type: date, read: ISO-8601, zone: Asia/Shanghai",
     R"({"d":"2023-03-21T16:00:00Z"})", "2023-03-22"},
    {"S13",
     "from: [d, t], join: ' ', type: datetime, read: ['YYYY-MM-DD HH:mm'], write: 'DD/MM/YYYY "
     "HH:mm'",
     R"({"d":"2023-03-21","t":"14:00"})", "21/03/2023 14:00"},
    {"S13 without its time",
     "from: [d, t], join: ' ', type: datetime, read: ['YYYY-MM-DD HH:mm'], write: 'DD/MM/YYYY "
     "HH:mm'",
     R"({"d":"2023-03-21","t":null})", "DATE_UNREADABLE"},
    {"S13", "from: t, type: time, read: [HH:mm, 'HH:mm:ss', 'H:mm am'], write: HH:mm",
     R"({"t":"14:00"})", "14:00"},
    {"S13", "from: t, type: time, read: [HH:mm, 'HH:mm:ss', 'H:mm am'], write: HH:mm",
     R"({"t":"15:00:00"})", "15:00"},
    {"S13", "from: t, type: time, read: [HH:mm, 'HH:mm:ss', 'H:mm am'], write: HH:mm",
     R"({"t":"3:00 PM"})", "15:00"},
    {"S13", "from: t, type: time, read: [HH:mm, 'HH:mm:ss', 'H:mm am'], write: HH:mm",
     R"({"t":null})", ""},
    {"S14", "from: d, type: duration, read: ISO-8601, write: minutes", R"({"d":"PT15H55M"})",
     "955"},
    {"S14", "from: d, type: duration, read: ISO-8601, write: minutes", R"({"d":"PT01H10M"})", "70"},
    {"S14", "from: d, type: duration, read: ISO-8601, write: hours", R"({"d":"P0Y0M1DT0H0M0S"})",
     "24"},
    {"S14", "from: d, type: duration, read: minutes, write: ISO-8601", R"({"d":"290"})", "PT4H50M"},
    {"S14", "from: d, type: duration, read: minutes, write: ISO-8601", R"({"d":225})", "PT3H45M"},
    {"S14 words", "from: d, type: duration, read: ISO-8601, write: hours", R"({"d":"1 hour"})",
     "DURATION_UNREADABLE"},
    {"S15 open", "from: end_at, type: date, read: YYYY-MM-DD, when_blank: 9999-12-31",
     R"({"start_at":"2024-01-01","end_at":null})", "9999-12-31"},
    {"S15", "from: r, split: {by: /, take: 1}, type: date, read: YYYY-MM-DD",
     R"({"r":"2024-05-01/2024-06-30"})", "2024-05-01"},
    {"S15", "from: r, split: {by: /, take: 2}, type: date, read: YYYY-MM-DD",
     R"({"r":"2024-05-01/2024-06-30"})", "2024-06-30"},
    {"S15 open", "from: r, split: {by: /, take: 2}, type: date, read: YYYY-MM-DD",
     R"({"r":"2024-05-01/"})", ""},
    {"S15 no year", "from: r, split: {by: /, take: 1}, type: date, read: YYYY-MM-DD",
     R"({"r":"--05-01/--06-30"})", "DATE_UNREADABLE"},
    {"S16", "from: e, pattern: '(0[1-9]|1[0-2])/[0-9]{4}'", R"({"e":"11/2021"})", "11/2021"},
    {"S16 no date", "from: e, type: date, read: DD/MM/YYYY", R"({"e":"11/2021"})",
     "DATE_UNREADABLE"},
    {"S16 in two fields", "from: [y, m], join: '-', pattern: '[0-9]{4}-[0-9]{1,2}'",
     R"({"y":2021,"m":"11"})", "2021-11"},
    {"S17", "from: d, type: date, read: DD/MM/YYYY", "{\"d\":\"02/03/2022¹\"}", "DATE_UNREADABLE"},
    {"S17 stated", "from: d, type: date, replace: {'[¹²]': ''}, read: DD/MM/YYYY",
     "{\"d\":\"30/08/2025²\"}", "2025-08-30"},
    {"S18", "from: d, type: date, read: YYYY-MM-DD, null_words: [1900-01-01]",
     R"({"d":"1900-01-01"})", ""},
    {"S18", "from: d, type: date, read: YYYY-MM-DD, null_words: [1900-01-01]",
     R"({"d":"1900-01-02"})", "1900-01-02"},
    {"S19", "from: n, type: decimal", R"({"n":212.40})", "212.40"},
    {"S20", "from: n, type: decimal, decimals: 2", R"({"n":"899.23"})", "899.23"},
    {"S20", "from: n, type: decimal, decimals: 2", R"({"n":"0"})", "0.00"},
    {"S20", "from: n, type: decimal, decimals: 2", R"({"n":"900"})", "900.00"},
    {"S20", "from: n, type: decimal, decimals: 2", R"({"n":"18.9"})", "18.90"},
    {"S20 too many", "from: n, type: decimal, decimals: 2", R"({"n":"18.905"})",
     "NUMBER_NEEDS_ROUNDING"},
    {"S21", "from: n, type: decimal", R"({"n":"899.23"})", "899.23"},
    {"S21", "from: n, type: decimal", R"({"n":899.23})", "899.23"},
    {"S21", "from: n, type: decimal", R"({"n":"42.98302410000000000000"})",
     "42.98302410000000000000"},
    {"S24", "from: Amount, type: decimal, decimals: 2", R"({"Amount":212.1,"DecimalPlaces":2})",
     "212.10"},
    {"S27", "from: n, type: decimal, read_number: ['1.234,56']", R"({"n":"5,5959"})", "5.5959"},
    {"S27", "from: n, type: decimal, read_number: ['1.234,56']", R"({"n":"3,0970"})", "3.0970"},
    {"S27", "from: n, type: decimal, read_number: ['1.234,56']", R"({"n":"2814"})", "2814"},
    {"S27 not stated", "from: n, type: decimal", R"({"n":"5,5959"})", "NUMBER_UNREADABLE"},
    {"S28", "from: n, type: decimal", R"({"n":"-99.91"})", "-99.91"},
    {"S28 not here", "from: n, type: decimal, between: [0, none]", R"({"n":"-65.98"})",
     "OUT_OF_RANGE"},
    {"S33", "from: n", R"({"n":9007199254740993})", "9007199254740993"},
    {"S33", "from: n", R"({"n":"9007199254740993"})", "9007199254740993"},
    {"S33", "from: n, type: integer", R"({"n":18446744073709551617})", "18446744073709551617"},
    {"S34", "from: n", R"({"n":"07"})", "07"},
    {"S34", "from: n", R"({"n":"035943984"})", "035943984"},
    {"S34 sent as a number", "from: n, pad: {to: 5, with: '0'}", R"({"n":6101})", "06101"},
    {"S34", "from: n, pattern: '[0-9]{3}'", R"({"n":"008"})", "008"},
    {"S35 null above", "from: c.x.amount, when_missing: M, when_null: N", R"({"c":{"x":null}})",
     "N"},
    {"S35 null", "from: c.x.amount, when_missing: M, when_null: N",
     R"({"c":{"x":{"amount":null}}})", "N"},
    {"S35 there", "from: c.x.amount, when_missing: M, when_null: N",
     R"({"c":{"x":{"amount":"5"}}})", "5"},
    {"S35 nothing above", "from: c.x.amount, when_missing: M, when_null: N", R"({})", "M"},
    {"S36", "from: t, when_empty: E, when_null: N", R"({"t":""})", "E"},
    {"S36 white", "from: t, when_empty: E, when_null: N", R"({"t":" \t"})", "E"},
    {"S36 required", "from: t, required: yes", R"({"t":""})", "REQUIRED_BLANK"},
    {"S37", "from: t, when_empty: E, when_null: N", R"({"t":[]})", "E"},
    {"S37", "from: t, when_empty: E, when_null: N", R"({"t":{}})", "E"},
    {"S37 first of none", "from: 't[0].x', when_blank: B", R"({"t":[]})", "B"},
    {"S38", "from: t, null_words: ['.', unspecified, N/A, '-']", R"({"t":"."})", ""},
    {"S38", "from: t, null_words: ['.', unspecified, N/A, '-']", R"({"t":" N/A "})", ""},
    {"S38", "from: t, null_words: ['.', unspecified, N/A, '-'], when_null: N",
     R"({"t":"unspecified"})", "N"},
    {"S38 not quite", "from: t, null_words: ['.', unspecified, N/A, '-']", R"({"t":"n/a"})", "n/a"},
    {"S41", "from: t, lookup: {NA: Namibia, NO: Norway, y: yes, off: 007}", R"({"t":"NA"})",
     "Namibia"},
    {"S41", "from: t, lookup: {NA: Namibia, NO: Norway, y: yes, off: 007}", R"({"t":"NO"})",
     "Norway"},
    {"S41", "from: t, lookup: {NA: Namibia, NO: Norway, y: yes, off: 007}", R"({"t":"y"})", "yes"},
    {"S41", "from: t, lookup: {NA: Namibia, NO: Norway, y: yes, off: 007}", R"({"t":"off"})",
     "007"},
    {"S41", "from: t, lookup: {NA: Namibia, NO: Norway, y: yes, off: 007}", R"({"t":false})",
     "LOOKUP_UNKNOWN"},
};

}  // namespace

TEST_CASE("awkward shapes: one column") {
  for (const Shape& shape : kShapes) {
    INFO(std::string(shape.number), ": ", std::string(shape.words), " of ",
         std::string(shape.record));
    CHECK(value_of(shape.words, shape.record) == shape.expected);
  }
}

TEST_CASE("awkward shapes: null and left out") {
  // S40: the three ways of saying nothing, told apart by the output
  CHECK(value_of("from: t", R"({"t":null})", "ndjson") == R"({"V":null})");
  CHECK(value_of("from: t", R"({"t":null})", "ndjson, blank_as: left-out") == "{}");
  CHECK(value_of("from: t, type: json", R"({"t":null})", "ndjson, blank_as: left-out") ==
        R"({"V":null})");
  CHECK(value_of("from: t, type: json", R"({})", "ndjson, blank_as: left-out") == "{}");
}

TEST_CASE("awkward shapes: refused by check") {
  // S8: no guessing
  CHECK(value_of("from: d, type: date, read: [DD/MM/YYYY, MM/DD/YYYY]", "{}").find("error[") !=
        std::string::npos);
  // S9: no month names without their language, no century of one's own
  CHECK(value_of("from: d, type: date, read: DD MMM YYYY", "{}").find("error[") !=
        std::string::npos);
  CHECK(value_of("from: d, type: date, read: DDMMYY", "{}").find("error[") != std::string::npos);
}
