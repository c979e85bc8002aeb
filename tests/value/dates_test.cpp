// ISO 8601 and date patterns: what reads as which moment, what is refused and in which words,
// what is written.
#include "value/dates.h"

#include <doctest/doctest.h>

#include <string>

#include "base/phrase_codes.h"
#include "text/catalogue.h"

using namespace trama;

namespace {

/// A Moment as ISO text, absent parts left out.
std::string iso(const Moment& moment) {
  static const DatePattern kPattern = [] {
    DatePattern pattern;
    DatePattern::Problem problem;
    REQUIRE(DatePattern::compile("ISO-8601", Names::none, -1, pattern, problem));
    return pattern;
  }();
  std::string out;
  kPattern.write(moment, out);
  return out;
}

std::string text_of(const Value& value) {
  if (value.kind() == Kind::text) return std::string(value.text());
  std::string out;
  if (value.kind() == Kind::decimal) append_decimal(out, value.decimal());
  return out;
}

/// The message a reader would see, or "" and `out`.
std::string message(Reason reason, const DateTrouble& trouble) {
  if (reason == Reason::none) return {};
  CHECK(trouble.reason == reason);
  const std::string values[] = {text_of(trouble.a), text_of(trouble.b)};
  return say(Language::en, Phrase(reason, {std::begin(values), std::end(values)}));
}

DatePattern pattern(std::string_view words, Names names = Names::none, int first_year = -1) {
  DatePattern out;
  DatePattern::Problem problem;
  const bool ok = DatePattern::compile(words, names, first_year, out, problem);
  INFO(words, ": ", say(Language::en, problem.what));
  REQUIRE(ok);
  return out;
}

std::string read(const DatePattern& pattern, std::string_view in) {
  Moment moment;
  DateTrouble trouble;
  const std::string why = message(pattern.read(in, moment, trouble), trouble);
  return why.empty() ? iso(moment) : why;
}

std::string problem_of(std::string_view words) {
  DatePattern out;
  DatePattern::Problem problem;
  CHECK_FALSE(DatePattern::compile(words, Names::es, -1, out, problem));
  return std::to_string(problem.at) + ": " + say(Language::en, problem.what);
}

}  // namespace

TEST_CASE("read_iso: what it takes") {
  struct Case {
    std::string_view in;
    std::string_view out;
  };
  static constexpr Case kCases[] = {
      {"2025-03-01", "2025-03-01"},
      {"0001-01-01", "0001-01-01"},
      {"9999-12-31", "9999-12-31"},
      {"2024-02-29", "2024-02-29"},
      {"2020-08-01T21:50", "2020-08-01T21:50:00"},
      {"2020-08-01T21:50:00", "2020-08-01T21:50:00"},
      {"2024-02-22T23:59:00Z", "2024-02-22T23:59:00Z"},
      {"2024-04-01T14:00:00+01:00", "2024-04-01T14:00:00+01:00"},
      {"2022-08-18T12:00:00+1000", "2022-08-18T12:00:00+10:00"},
      {"2022-08-18T12:00-05", "2022-08-18T12:00:00-05:00"},
      {"2022-08-18T12:00:00.263399Z", "2022-08-18T12:00:00.263399Z"},
      {"2022-08-18T12:00:00.0+02:00", "2022-08-18T12:00:00.0+02:00"},
      {"2022-08-18T12:00:00.1234567899999", "2022-08-18T12:00:00.123456789"},
      {"2022-08-18T23:59:59-00:00", "2022-08-18T23:59:59Z"},
      {"2022-08-18T23:59:59+18:00", "2022-08-18T23:59:59+18:00"},
  };
  for (const Case& c : kCases) {
    INFO(c.in);
    Moment moment;
    DateTrouble trouble;
    CHECK(message(read_iso(c.in, moment, trouble), trouble).empty());
    CHECK(iso(moment) == c.out);
  }
}

TEST_CASE("read_iso: shapes that are not ISO-8601") {
  const std::string_view cases[] = {"",
                                    "2025",
                                    "2025-03",
                                    "20250301",
                                    "2025-3-01",
                                    "2025-03-1",
                                    "2025/03/01",
                                    "01/03/2025",
                                    "2025-03-01 10:00:00",
                                    "2025-03-01t10:00:00",
                                    "2025-03-01T10:00:00z",
                                    "2025-03-01T",
                                    "2025-03-01T10",
                                    "2025-03-01T10:0",
                                    "2025-03-01T10:00:",
                                    "2025-03-01T10:00:00.",
                                    "2025-03-01T10:00.5",
                                    "2025-03-01T10:00:00,5",
                                    "2025-03-01T10:00:00+1",
                                    "2025-03-01T10:00:00+1:00",
                                    "2025-03-01T10:00:00+01:0",
                                    "2025-03-01T10:00:00+01:00Z",
                                    "2025-03-01T10:00:00ZZ",
                                    "2025-03-01Z",
                                    " 2025-03-01",
                                    "2025-03-01 ",
                                    "-2025-03-01",
                                    "+2025-03-01",
                                    "2025-03-01T100000Z",
                                    "2025-060",
                                    "2025-W09-6",
                                    "2025-03-0\xC2\xB9",
                                    "2025-03-01\xC2\xB9",
                                    "\xFF\xFF\xFF\xFF-\xFF\xFF-\xFF\xFF",
                                    "2025-03-01T10:00:00+0a:00",
                                    "2025-03-01T10:00:00 Z"};
  for (const std::string_view in : cases) {
    INFO(in);
    Moment moment;
    DateTrouble trouble;
    CHECK(read_iso(in, moment, trouble) == Reason::date_shape);
    CHECK(message(trouble.reason, trouble) ==
          std::string(in) + " does not have the shape ISO-8601");
  }
}

TEST_CASE("read_iso: days and times that do not exist") {
  struct Case {
    std::string_view in;
    std::string_view why;
  };
  static constexpr Case kCases[] = {
      {"2025-02-30", "February 2025 has 28 days"},
      {"2024-02-30T10:00", "February 2024 has 29 days"},
      {"2025-04-00", "April 2025 has 30 days"},
      {"2025-13-01", "there is no month 13"},
      {"2025-00-01", "there is no month 0"},
      {"0000-01-01", "the year must lie between 0001 and 9999"},
      {"2025-03-01T24:00:00", "there is no such time of day: 24:00:00"},
      {"2025-03-01T10:60", "there is no such time of day: 10:60:00"},
      {"2025-03-01T23:59:60Z", "there is no such time of day: 23:59:60"},
      {"2025-03-01T10:00:00+99:99", "there is no such offset: +99:99"},
      {"2025-03-01T10:00:00+18:01", "there is no such offset: +18:01"},
      {"2025-03-01T10:00:00-0160", "there is no such offset: -0160"},
  };
  for (const Case& c : kCases) {
    INFO(c.in);
    Moment moment;
    DateTrouble trouble;
    CHECK(message(read_iso(c.in, moment, trouble), trouble) == c.why);
  }
}

TEST_CASE("DatePattern: reading") {
  struct Case {
    std::string_view words;
    Names names;
    std::string_view in;
    std::string_view out;
  };
  using enum Names;
  static constexpr Case kCases[] = {
      {"DD/MM/YYYY", none, "01/03/2025", "2025-03-01"},
      {"DD/MM/YYYY", none, "1/3/2025", "1/3/2025 does not have the shape DD/MM/YYYY"},
      {"DD/MM/YYYY", none, "31/04/2025", "April 2025 has 30 days"},
      {"DD/MM/YYYY", none, "02/03/2022\xC2\xB9",
       "02/03/2022\xC2\xB9 does not have the shape DD/MM/YYYY"},
      {"DD/MM/YYYY", none, "", " does not have the shape DD/MM/YYYY"},
      {"YYYY-MM-DD", none, "2025-03-01T00:00:00",
       "2025-03-01T00:00:00 does not have the shape YYYY-MM-DD"},
      {"YYYY-MM-DD", none, "2025-13-01", "there is no month 13"},
      {"D/M/YYYY", none, "1/3/2025", "2025-03-01"},
      {"D/M/YYYY", none, "01/12/2025", "2025-12-01"},
      {"D/M/YYYY", none, "001/3/2025", "001/3/2025 does not have the shape D/M/YYYY"},
      {"DD-MMM-YYYY", es, "13-SEPT-2025", "2025-09-13"},
      {"DD-MMM-YYYY", es, "13-sep-2025", "2025-09-13"},
      {"DD-MMM-YYYY", es, "13-sep.-2025", "2025-09-13"},
      {"DD-MMM-YYYY", es, "13-Ene-2025", "2025-01-13"},
      {"DD-MMM-YYYY", es, "13-enero-2025",
       "13-enero-2025 has the right shape, but no month is called \"enero\" there (MMM reads short "
       "names, MMMM full ones)"},
      {"DD-MMM-YYYY", es, "13-jan-2025",
       "13-jan-2025 has the right shape, but no month is called \"jan\" there (MMM reads short "
       "names, MMMM full ones)"},
      {"DD-MMM-YYYY", none, "13-ene-2025", "13-ene-2025 does not have the shape DD-MMM-YYYY"},
      {"DD.MMM.YYYY", es, "13.sept.2025", "2025-09-13"},
      {"DD.MMM.YYYY", es, "13.sept..2025", "2025-09-13"},
      {"DDMMMYY", en, "30Jan17", "2017-01-30"},
      {"DDMMMYY", en, "30JAN.17", "2017-01-30"},
      {"DDMMYYYY", none, "01032017", "2017-03-01"},
      {"DD/MM/YY", none, "01/03/99", "2099-03-01"},
      {"MM/YYYY", none, "11/2021", "2021-11-01"},
      {"MMYY", none, "0826", "2026-08-01"},
      {"DDD, DD MMM YYYY", en, "Thu, 09 Feb 2017", "2017-02-09"},
      {"DDD, DD MMM YYYY", en, "Fri, 09 Feb 2017", "2017-02-09 is a Thursday"},
      {"MMMM D, YYYY", en, "February 2, 2017", "2017-02-02"},
      {"MMMM D, YYYY", en, "february 29, 2017", "February 2017 has 28 days"},
      {"DDDD D 'de' MMMM 'de' YYYY", es, "Miercoles 5 de marzo de 2025", "2025-03-05"},
      {"DDDD D 'de' MMMM 'de' YYYY", es, "MIÉRCOLES 05 de MARZO de 2025", "2025-03-05"},
      {"DDDD D 'de' MMMM 'de' YYYY", es, "mie\xCC\x81rcoles 5 de marzo de 2025", "2025-03-05"},
      {"D 'de' MMMM 'de' YYYY", pt, "5 de marco de 2025", "2025-03-05"},
      {"D 'de' MMMM 'de' YYYY", pt, "5 de Março de 2025", "2025-03-05"},
      {"DDD D MMM YYYY", pt, "sab. 1 mar. 2025", "2025-03-01"},
      {"DDD D MMM YYYY", pt, "sáb 1 mar 2025", "2025-03-01"},
      {"YYYY-MM-DD HH:mm:ss", none, "2019-01-25 12:26:35", "2019-01-25T12:26:35"},
      {"YYYY-MM-DD HH:mm:ss.SSS", none, "2024-02-23 20:25:32.449", "2024-02-23T20:25:32.449"},
      {"YYYY-MM-DD HH:mm:ss.SSS", none, "2024-02-23 20:25:32.44",
       "2024-02-23 20:25:32.44 does not have the shape YYYY-MM-DD HH:mm:ss.SSS"},
      {"YYYY-MM-DDTHH:mm:ss:SSSSSS", none, "2016-07-14T03:00:00:000001",
       "2016-07-14T03:00:00.000001"},
      {"HH:mm", none, "14:00", "14:00:00"},
      {"HH:mm", none, "24:00", "there is no such time of day: 24:00:00"},
      {"HH:mm:ss:SSS", none, "14:00:01:250", "14:00:01.250"},
      {"H:mm am", none, "3:00 PM", "15:00:00"},
      {"H:mm am", none, "12:05 a.m.", "00:05:00"},
      {"H:mm am", none, "12:05 p. m.", "12:05:00"},
      {"H:mm am", none, "13:05 pm", "there is no such time of day: 13:05:00 PM"},
      {"H:mm am", none, "0:05 am", "there is no such time of day: 00:05:00 AM"},
      {"H:mm am", none, "3:00 xm", "3:00 xm does not have the shape H:mm am"},
      {"HH:mmam", none, "03:00pm", "15:00:00"},
      {"YYYY-MM-DD HH:mmZ", none, "2025-03-01 10:00+0100", "2025-03-01T10:00:00+01:00"},
      {"YYYY-MM-DD HH:mmZ", none, "2025-03-01 10:00-05", "2025-03-01T10:00:00-05:00"},
      {"YYYY-MM-DD HH:mmZ", none, "2025-03-01 10:00Z", "2025-03-01T10:00:00Z"},
      {"YYYY-MM-DD HH:mmZ", none, "2025-03-01 10:00+19:00", "there is no such offset: +19:00"},
      {"YYYY-MM-DD HH:mmZ", none, "2025-03-01 10:00",
       "2025-03-01 10:00 does not have the shape YYYY-MM-DD HH:mmZ"},
      {"ISO-8601", none, "2025-03-01T10:00:00Z", "2025-03-01T10:00:00Z"},
      {"unix-seconds", none, "1700000000", "2023-11-14T22:13:20Z"},
      {"unix-seconds", none, "-1", "1969-12-31T23:59:59Z"},
      {"unix-seconds", none, "-1.5", "1969-12-31T23:59:58.5Z"},
      {"unix-seconds", none, "1700000000.25", "2023-11-14T22:13:20.25Z"},
      {"unix-seconds", none, "253402300799", "9999-12-31T23:59:59Z"},
      {"unix-seconds", none, "253402300800", "the year must lie between 0001 and 9999"},
      {"unix-seconds", none, "99999999999999999999999999",
       "the year must lie between 0001 and 9999"},
      {"unix-seconds", none, "1e9", "1e9 does not have the shape unix-seconds"},
      {"unix-seconds", none, "-", "- does not have the shape unix-seconds"},
      {"unix-seconds", none, "1.", "1. does not have the shape unix-seconds"},
      {"unix-seconds", none, "+1", "+1 does not have the shape unix-seconds"},
      {"unix-millis", none, "1700000000123", "2023-11-14T22:13:20.123Z"},
      {"unix-millis", none, "-1", "1969-12-31T23:59:59.999Z"},
      {"unix-millis", none, "1.5", "1.5 does not have the shape unix-millis"},
  };
  for (const Case& c : kCases) {
    INFO(c.words, " <- ", c.in);
    CHECK(read(pattern(c.words, c.names, 2000), c.in) == c.out);
  }
}

TEST_CASE("DatePattern: the century of two digits") {
  CHECK(read(pattern("DD/MM/YY", Names::none, 1950), "01/03/49") == "2049-03-01");
  CHECK(read(pattern("DD/MM/YY", Names::none, 1950), "01/03/50") == "1950-03-01");
  CHECK(read(pattern("DD/MM/YY"), "01/03/50") == "01/03/50 does not have the shape DD/MM/YY");
  CHECK(pattern("DD/MM/YY").needs_century());
  CHECK_FALSE(pattern("DD/MM/YYYY").needs_century());
}

TEST_CASE("DatePattern: writing") {
  struct Case {
    std::string_view words;
    Names names;
    std::string_view out;
  };
  using enum Names;
  static constexpr Case kCases[] = {
      {"DD/MM/YYYY", none, "05/09/2025"},
      {"YYYY-MM-DD", none, "2025-09-05"},
      {"D/M/YY", none, "5/9/25"},
      {"DDMMYYYY", none, "05092025"},
      {"D 'de' MMMM 'de' YYYY", es, "5 de septiembre de 2025"},
      {"DDD D MMM", es, "vie 5 sept"},
      {"DDDD", en, "Friday"},
      {"MMM DD", en, "Sep 05"},
      {"D MMM YYYY", pt, "5 set. 2025"},
      {"HH:mm", none, "15:04"},
      {"H:mm am", none, "3:04 PM"},
      {"HH:mm:ss.SSS", none, "15:04:05.678"},
      {"S ss mm HH", none, "6 05 04 15"},
      {"YYYY-MM-DDTHH:mm:ssZ", none, "2025-09-05T15:04:05-05:00"},
      {"ISO-8601", none, "2025-09-05T15:04:05.6789-05:00"},
      {"unix-seconds", none, "1757102645"},
      {"unix-millis", none, "1757102645678"},
      {"'it''s' YYYY", none, "it's 2025"},
      {"YYYY '' MM", none, "2025 ' 09"},
  };
  Moment moment;
  DateTrouble trouble;
  REQUIRE(read_iso("2025-09-05T15:04:05.6789-05:00", moment, trouble) == Reason::none);
  for (const Case& c : kCases) {
    INFO(c.words);
    std::string out;
    pattern(c.words, c.names).write(moment, out);
    CHECK(out == c.out);
  }
}

TEST_CASE("DatePattern: odd moments are written whole") {
  const auto written = [](std::string_view words, const Moment& moment) {
    std::string out;
    pattern(words).write(moment, out);
    return out;
  };
  Moment moment;
  moment.has_date = moment.has_time = true;
  CHECK(written("H am", moment) == "12 AM");
  CHECK(written("HH:mmZ", moment) == "00:00");
  moment.offset = 0;
  CHECK(written("HH:mmZ", moment) == "00:00Z");
  moment.offset = -17'776;  // Bogotá before 1914
  CHECK(written("HH:mmZ", moment) == "00:00-04:56:16");
  moment.has_date = false;
  moment.offset = kNoOffset;
  CHECK(written("ISO-8601", moment) == "00:00:00");
}

TEST_CASE("DatePattern: what a pattern has") {
  using Offset = DatePattern::Offset;
  CHECK(pattern("DD/MM/YYYY").has_date());
  CHECK_FALSE(pattern("DD/MM/YYYY").has_time());
  CHECK_FALSE(pattern("HH:mm").has_date());
  CHECK(pattern("HH:mm").has_time());
  CHECK(pattern("HH:mm").offset() == Offset::never);
  CHECK(pattern("HH:mmZ").offset() == Offset::always);
  CHECK(pattern("ISO-8601").offset() == Offset::sometimes);
  CHECK(pattern("unix-millis").offset() == Offset::always);
  CHECK(pattern("D MMM YYYY").needs_names());
  CHECK(pattern("D MMM YYYY").words() == "D MMM YYYY");
  CHECK(pattern("D MMM YYYY").why_not_read() == PhraseCode::none);
  CHECK(pattern("MM/YYYY").why_not_read() == PhraseCode::none);
  CHECK(pattern("YYYY").why_not_read() == PhraseCode::none);
  CHECK(say(Language::en, pattern("DD/MM").why_not_read()) ==
        "a date without a year (YYYY) can only be written");
  CHECK(say(Language::en, pattern("DD YYYY").why_not_read()) ==
        "a day without a month (MM) can only be written");
  CHECK(say(Language::en, pattern("DDD MM YYYY").why_not_read()) ==
        "a weekday without a day (DD) can only be written");
  CHECK(read(pattern("DD/MM"), "01/02") == "01/02 does not have the shape DD/MM");
}

TEST_CASE("DatePattern: words that are wrong") {
  struct Case {
    std::string_view words;
    std::string_view problem;
  };
  static constexpr Case kCases[] = {
      {"", "0: a pattern needs words such as YYYY, MM, DD, HH, mm"},
      {"--", "0: a pattern needs words such as YYYY, MM, DD, HH, mm"},
      {"yyyy-MM-DD",
       "0: 'yyyy' is not a word of a date pattern: write YYYY for the year (or YY for two digits)"},
      {"dd/MM/YYYY",
       "0: 'dd' is not a word of a date pattern: write DD or D for the day, DDD or DDDD for the name "
       "of the weekday"},
      {"DD/mm/YYYY", "3: mm is minutes, and there is no hour (HH) beside it; a month is MM"},
      {"HH:MM", "3: MM is the month; minutes are mm"},
      {"YYYY-MM-DD HH:MM", "14: the month appears twice; minutes are mm"},
      {"YYYY-mm-DD HH:mm", "14: mm appears twice: it is minutes, a month is MM"},
      {"DD DD/MM/YYYY", "3: this part of the date or time appears twice"},
      {"hh:mm",
       "0: 'hh' is not a word of a date pattern: write HH or H for the hour, with am beside it for a "
       "12-hour clock"},
      {"HH:mm a", "6: 'a' is not a word of a date pattern: write am where AM or PM is"},
      {"DD/MM/AAAA",
       "6: 'AAAA' is not a word of a date pattern: write YYYY for the year (or YY for two digits)"},
      {"HH:mm AM", "6: 'AM' is not a word of a date pattern: write am where AM or PM is"},
      {"D de MMMM",
       "2: 'de' is not a word of a date pattern: put letters that stand for themselves in single "
       "quotes: 'de'"},
      {"D of MMMM",
       "2: 'of' is not a word of a date pattern: put letters that stand for themselves in single "
       "quotes: 'of'"},
      {"YYY",
       "0: 'YYY' is not a word of a date pattern: write YYYY for the year (or YY for two digits)"},
      {"YYYY 'x", "5: the single quote is not closed"},
      {"20YY", "0: digits that stand for themselves go in single quotes: '20'"},
      {"DMMYYYY",
       "0: D, M and H stand for one digit or two, so no digit may follow; write DD, MM or HH"},
      {"YYYY/M'1'",
       "5: D, M and H stand for one digit or two, so no digit may follow; write DD, MM or HH"},
      {"DD/MM/YYYY ss", "11: ss is seconds, and there are no minutes (mm) beside it"},
      {"HH:mm.SS", "6: S is a fraction of a second, and there are no seconds (ss) beside it"},
      {"YYYY-MM-DDZ",
       "10: Z is the offset of a time, and there is no hour (HH); for the letter write 'Z' in "
       "quotes"},
      {"YYYY-MM-DD am", "11: am needs an hour (HH or H) beside it"},
      {"iso-8601", "0: write ISO-8601"},
      {"ISO8601", "0: write ISO-8601"},
      {"unix", "0: write unix-seconds, unix-millis, unix-micros or unix-nanos"},
  };
  for (const Case& c : kCases) {
    INFO(c.words);
    CHECK(problem_of(c.words) == c.problem);
  }
}

TEST_CASE("DatePattern: can_differ") {
  struct Case {
    std::string_view a;
    std::string_view b;
    bool differ;
  };
  static constexpr Case kCases[] = {
      {"DD/MM/YYYY", "MM/DD/YYYY", true},
      {"D/M/YYYY", "M/D/YYYY", true},
      {"D/M/YYYY", "MM/DD/YYYY", true},
      {"D/MM/YYYY", "MM/D/YYYY", true},
      {"YYYY-DD-MM", "YYYY-MM-DD", true},
      {"YYYY-DD-MM", "ISO-8601", true},
      {"YYYY-DD-MMTHH:mm:ss", "ISO-8601", true},
      {"YYYY-DD-MMTHH:mm", "ISO-8601", true},
      {"YYYY-DD-MMTHH:mm:ssZ", "ISO-8601", true},
      {"YYYY-DD-MMTHH:mm:ss'Z'", "ISO-8601", true},
      {"DD/MM/YY", "YY/MM/DD", true},
      {"DD/MM/YY", "MM/DD/YY", true},
      {"DDMMYYYY", "YYYYMMDD", true},
      {"DDMMYY", "MMYYYY", true},
      {"YYYYMMDD", "unix-seconds", true},
      {"unix-seconds", "unix-millis", true},
      {"DD MMM YY", "YY MMM DD", true},
      {"DD/MM/YYYY HH:mm", "MM/DD/YYYY HH:mm", true},
      {"DD/MM/YYYY H:mm am", "MM/DD/YYYY HH:mm am", true},
      {"DDD DD/MM/YYYY", "DDD MM/DD/YYYY", true},
      {"DD/MM/YYYY", "DD/MM/YYYY", false},
      {"DD/MM/YYYY", "D/M/YYYY", false},
      {"DD/MM/YYYY", "YYYY-MM-DD", false},
      {"DD/MM/YYYY", "DD-MM-YYYY", false},
      {"DD/MM/YYYY", "MM/DD/YYYY HH:mm", false},
      {"DD/MM/YYYY", "ISO-8601", false},
      {"YYYY-MM-DD", "ISO-8601", false},
      {"YYYY-MM-DDTHH:mm:ssZ", "ISO-8601", false},
      {"DD/MM/YYYY", "DD/MM/YY", false},
      {"DD MMM YYYY", "DD MMMM YYYY", false},
      {"DD/MM/YYYY", "MM/YYYY", false},
      {"DD/MM/YYYY", "unix-seconds", false},
      {"ISO-8601", "unix-seconds", false},
      {"HHmm", "MMYY", false},
      {"HH:mm", "H:mm am", false},
  };
  for (const Case& c : kCases) {
    INFO(c.a, " and ", c.b);
    const DatePattern a = pattern(c.a, Names::en, 2000);
    const DatePattern b = pattern(c.b, Names::en, 2000);
    CHECK(DatePattern::can_differ(a, b) == c.differ);
    CHECK(DatePattern::can_differ(b, a) == c.differ);
  }
}

TEST_CASE("moments and values") {
  for (const std::string_view text : {"2025-03-01", "1969-12-31T23:59:59.25-05:00",
                                      "0001-01-01T00:00:00", "9999-12-31T23:59:59Z"}) {
    INFO(text);
    Moment moment;
    DateTrouble trouble;
    REQUIRE(read_iso(text, moment, trouble) == Reason::none);
    CHECK(iso(moment_of(value_of(moment))) == text);
  }
  Moment time;
  time.has_time = true;
  time.time = {3600, 500'000'000};
  time.digits = 1;
  CHECK(value_of(time).kind() == Kind::time);
  CHECK(iso(moment_of(value_of(time))) == "01:00:00.5");
}

TEST_CASE("durations: read and written") {
  struct Case {
    std::string_view in;
    std::string_view out;
  };
  static constexpr Case kCases[] = {
      {"PT15H55M", "PT15H55M"},
      {"PT01H10M", "PT1H10M"},
      {"P0Y0M1DT0H0M0S", "P1D"},
      {"PT0S", "PT0S"},
      {"P0D", "PT0S"},
      {"P1Y2M3W4DT5H6M7.089S", "P1Y2M25DT5H6M7.089S"},
      {"PT36H", "P1DT12H"},
      {"P14M", "P1Y2M"},
      {"PT290M", "PT4H50M"},
      {"P2W", "P14D"},
      {"PT0.000000001S", "PT0.000000001S"},
      {"PT0.0000000019S", "PT0.000000001S"},
  };
  for (const Case& c : kCases) {
    INFO(c.in);
    Duration duration;
    CHECK(read_iso_duration(c.in, duration) == Reason::none);
    std::string out;
    append_iso_duration(out, duration);
    CHECK(out == c.out);
  }
}

TEST_CASE("durations: what is refused") {
  const std::string long_number = "PT" + std::string(1000, '9') + "S";
  const std::string_view cases[] = {"",
                                    "P",
                                    "PT",
                                    "P1",
                                    "1D",
                                    "p1d",
                                    "P1DT",
                                    "PT1",
                                    "P1H",
                                    "PT1D",
                                    "P1D1Y",
                                    "P1Y1Y",
                                    "PT1S1M",
                                    "-P1D",
                                    "P-1D",
                                    "P+1D",
                                    "P1.5D",
                                    "PT1.5H",
                                    "PT1.S",
                                    "PT.5S",
                                    "P1D ",
                                    " P1D",
                                    "PT1H T1M",
                                    "P1DTT1H",
                                    "1 hour",
                                    "225",
                                    "PT9223372036854775807H",
                                    "P9223372036854775807Y",
                                    "P200000000Y",
                                    long_number};
  for (const std::string_view in : cases) {
    INFO(in);
    Duration duration;
    CHECK(read_iso_duration(in, duration) == Reason::duration_shape);
  }
}

TEST_CASE("durations: less than nothing") {
  const auto written = [](const Duration& duration) {
    std::string out;
    append_iso_duration(out, duration);
    return out;
  };
  CHECK(written({-90, 0, 0}) == "-PT1M30S");
  CHECK(written({-2, 0, 500'000'000}) == "-PT1.5S");
  CHECK(written({INT64_MIN, INT32_MIN, 0}).starts_with("-P178956970Y8M"));
}
