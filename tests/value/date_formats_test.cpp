// The date formats that have a name, S*, and names of months of further languages.

#include <doctest/doctest.h>

#include <span>
#include <string>

#include "base/phrase_codes.h"
#include "value/dates.h"

namespace trama {
namespace {

DatePattern pattern(std::string_view words, Names names = Names::none) {
  DatePattern out;
  DatePattern::Problem problem;
  REQUIRE_MESSAGE(DatePattern::compile(words, names, -1, out, problem), words);
  return out;
}

/// What was read as ISO 8601, or "shape", "impossible" …: the reason.
std::string read(const DatePattern& pattern, std::string_view text) {
  Moment moment;
  DateTrouble trouble;
  const Reason reason = pattern.read(text, moment, trouble);
  if (reason == Reason::date_shape) return "shape";
  if (reason == Reason::date_year_range) return "year";
  if (reason == Reason::date_wrong_weekday) return "weekday";
  if (reason == Reason::date_excel_day) return "excel";
  if (reason != Reason::none) return "impossible";
  std::string out;
  DatePattern iso;
  DatePattern::Problem problem;
  REQUIRE(DatePattern::compile("ISO-8601", Names::none, -1, iso, problem));
  iso.write(moment, out);
  return out;
}

struct Case {
  std::string_view words;
  std::string_view in;
  std::string_view out;
};

void check_all(std::span<const Case> cases, Names names = Names::none) {
  for (const Case& c : cases) {
    INFO(c.words, " <- ", c.in);
    CHECK(read(pattern(c.words, names), c.in) == c.out);
  }
}

TEST_CASE("S*: a fraction with its point, or none") {
  static constexpr std::string_view kWords = "YYYY-MM-DD HH:mm:ssS*";
  static constexpr Case kCases[] = {
      {kWords, "2025-03-04 10:11:12", "2025-03-04T10:11:12"},
      {kWords, "2025-03-04 10:11:12.5", "2025-03-04T10:11:12.5"},
      {kWords, "2025-03-04 10:11:12.123456789", "2025-03-04T10:11:12.123456789"},
      {kWords, "2025-03-04 10:11:12.1234567890", "shape"},
      {kWords, "2025-03-04 10:11:12.", "shape"},
      {kWords, "2025-03-04 10:11:12,5", "shape"},
      {"HH:mm:ssS*Z", "10:11:12.25+02:00", "10:11:12.25+02:00"},
      {"HH:mm:ssS*Z", "10:11:12Z", "10:11:12Z"},
      {"HH:mm:ssS* am", "03:11:12.5 PM", "15:11:12.5"},
  };
  check_all(kCases);
  const auto problem = [](std::string_view words) {
    DatePattern out;
    DatePattern::Problem found;
    CHECK_FALSE(DatePattern::compile(words, Names::none, -1, out, found));
    return std::to_string(found.at) +
           (found.what == Phrase(PhraseCode::any_fraction_has_its_point) ? " point" : " other");
  };
  CHECK(problem("HH:mm:ss.S*") == "9 point");
  CHECK(problem("HH:mm:ssS*DD") == "8 point");
  CHECK(problem("HH:mmS*") == "5 other");
  std::string out;
  Moment moment{{20'000}, {36'672, 250'000'000}, kNoOffset, 2, true, true};
  pattern("HH:mm:ssS*").write(moment, out);
  moment.digits = 0;
  pattern(" HH:mm:ssS*").write(moment, out);
  CHECK(out == "10:11:12.25 10:11:12");
}

TEST_CASE("SQL") {
  static constexpr Case kCases[] = {
      {"SQL", "2025-03-04 10:11:12", "2025-03-04T10:11:12"},
      {"SQL", "2025-03-04T10:11:12", "2025-03-04T10:11:12"},
      {"SQL", "2025-03-04 10:11:12.5", "2025-03-04T10:11:12.5"},
      {"SQL", "2025-03-04 10:11:12.1234567899", "2025-03-04T10:11:12.123456789"},
      {"SQL", "2025-03-04 10:11:12Z", "2025-03-04T10:11:12Z"},
      {"SQL", "2025-03-04 10:11:12 UTC", "2025-03-04T10:11:12Z"},
      {"SQL", "2025-03-04 10:11:12UTC", "2025-03-04T10:11:12Z"},
      {"SQL", "2025-03-04 10:11:12-05", "2025-03-04T10:11:12-05:00"},
      {"SQL", "2025-03-04 10:11:12.5 +0530", "2025-03-04T10:11:12.5+05:30"},
      {"SQL", "2025-03-04 10:11:12 +05:30", "2025-03-04T10:11:12+05:30"},
      {"SQL", "2025-03-04 10:11:12 ", "shape"},
      {"SQL", "2025-03-04 10:11:12.", "shape"},
      {"SQL", "2025-03-04 10:11:12  Z", "shape"},
      {"SQL", "2025-03-04 10:11:12 CET", "shape"},
      {"SQL", "2025-03-04 10:11", "shape"},
      {"SQL", "2025-03-04", "shape"},
      {"SQL", "2025-3-4 10:11:12", "shape"},
      {"SQL", "2025-02-30 10:11:12", "impossible"},
      {"SQL", "2025-03-04 24:00:00", "impossible"},
      {"SQL", "2025-03-04 10:11:12+19", "impossible"},
      {"SQL", "", "shape"},
  };
  check_all(kCases);
  CHECK(pattern("SQL").offset() == DatePattern::Offset::sometimes);
}

TEST_CASE("RFC-2822") {
  static constexpr std::string_view kMail = "RFC-2822";
  static constexpr Case kCases[] = {
      {kMail, "Tue, 4 Mar 2025 10:11:12 -0500", "2025-03-04T10:11:12-05:00"},
      {kMail, "Tue, 04 Mar 2025 10:11:12 +0000", "2025-03-04T10:11:12Z"},
      {kMail, "4 Mar 2025 10:11 GMT", "2025-03-04T10:11:00Z"},
      {kMail, "TUE , 4 MAR 2025 10:11:12 UT", "2025-03-04T10:11:12Z"},
      {kMail, "Tue,\t4  Mar 2025\t10:11:12   -0000", "2025-03-04T10:11:12Z"},
      {kMail, "Fri, 21 Nov 97 09:55:06 CST (a note)", "1997-11-21T09:55:06-06:00"},
      {kMail, "21 Nov 24 09:55:06 EDT", "2024-11-21T09:55:06-04:00"},
      {kMail, "Wed, 4 Mar 2025 10:11:12 -0500", "weekday"},
      {kMail, "Tue 4 Mar 2025 10:11:12 -0500", "shape"},
      {kMail, "Tuesday, 4 Mar 2025 10:11:12 -0500", "shape"},
      {kMail, "4 March 2025 10:11:12 -0500", "shape"},
      {kMail, "4 Mar 2025 10:11:12", "shape"},
      {kMail, "4 Mar 2025 10:11:12 CET", "shape"},
      {kMail, "4 Mar 2025 10:11:12 -05:00", "shape"},
      {kMail, "4 Mar 2025 10:11:12 -0500 (a", "shape"},
      {kMail, "4 Mar 2025 10:11:12 -0500 x", "shape"},
      {kMail, "4 Mar 202 10:11:12 -0500", "shape"},
      {kMail, "004 Mar 2025 10:11:12 -0500", "shape"},
      {kMail, "30 Feb 2025 10:11:12 -0500", "impossible"},
      {kMail, "4 Mar 2025 10:61:12 -0500", "impossible"},
      {kMail, "4 Mar 2025 10:11:12 -1961", "impossible"},
      {kMail, "", "shape"},
      {kMail, " ", "shape"},
  };
  check_all(kCases);
}

TEST_CASE("Unix times in every unit") {
  static constexpr Case kCases[] = {
      {"unix-micros", "1700000000123456", "2023-11-14T22:13:20.123456Z"},
      {"unix-micros", "-1", "1969-12-31T23:59:59.999999Z"},
      {"unix-micros", "5", "1970-01-01T00:00:00.000005Z"},
      {"unix-nanos", "1700000000123456789", "2023-11-14T22:13:20.123456789Z"},
      {"unix-nanos", "-1500000000", "1969-12-31T23:59:58.500000000Z"},
      {"unix-nanos", "253402300799999999999", "9999-12-31T23:59:59.999999999Z"},
      {"unix-nanos", "253402300800000000000", "year"},
      {"unix-nanos", "1.5", "shape"},
      {"unix-nanos", "", "shape"},
      {"unix-micros", "-", "shape"},
  };
  check_all(kCases);
}

TEST_CASE("what unix times write is read again") {
  for (const std::int64_t seconds :
       {-62'135'596'800LL, -2LL, -1LL, 0LL, 1LL, 1'700'000'000LL, 253'402'300'799LL}) {
    for (const std::uint32_t nanos : {0U, 1U, 500'000'000U, 999'999'999U}) {
      const std::int64_t days = (seconds - ((seconds % 86'400) + 86'400) % 86'400) / 86'400;
      const Moment moment{{static_cast<std::int32_t>(days)},
                          {static_cast<std::int32_t>(seconds - days * 86'400), nanos},
                          0,
                          9,
                          true,
                          true};
      std::string written;
      const DatePattern format = pattern("unix-nanos");
      format.write(moment, written);
      Moment again;
      DateTrouble trouble;
      INFO(written);
      REQUIRE(format.read(written, again, trouble) == Reason::none);
      CHECK(again.date == moment.date);
      CHECK(again.time.seconds == moment.time.seconds);
      CHECK(again.time.nanos == nanos);
    }
  }
}

TEST_CASE("excel-days: the 1900 date system, its time to the millisecond") {
  static constexpr std::string_view kDays = "excel-days";
  static constexpr Case kCases[] = {
      {kDays, "61", "1900-03-01T00:00:00"},
      {kDays, "45720", "2025-03-04T00:00:00"},
      {kDays, "45720.5", "2025-03-04T12:00:00"},
      {kDays, "45720.41666666666669", "2025-03-04T10:00:00"},  // as a spreadsheet has 10:00
      {kDays, "45720.416666666664", "2025-03-04T10:00:00"},
      {kDays, "45720.00001", "2025-03-04T00:00:00.864"},
      {kDays, "45720.999999999999", "2025-03-05T00:00:00"},
      {kDays, "45720.000000005787037038",
       "2025-03-04T00:00:00.001"},                               // half a millisecond and a little
      {kDays, "45720.0000000057870370", "2025-03-04T00:00:00"},  // a little less
      {kDays, "2958465.25", "9999-12-31T06:00:00"},
      {kDays, "2958466", "year"},
      {kDays, "99999999999999999999999999", "year"},
      {kDays, "60", "excel"},
      {kDays, "1", "excel"},
      {kDays, "0", "excel"},
      {kDays, "-45720", "excel"},
      {kDays, "60.9999999999", "1900-03-01T00:00:00"},
      {kDays, "45720.", "shape"},
      {kDays, "45720,5", "shape"},
      {kDays, "4e4", "shape"},
      {kDays, ".5", "shape"},
      {kDays, "", "shape"},
  };
  check_all(kCases);
  CHECK(pattern(kDays).why_not_written() == PhraseCode::it_can_only_be_read);
  CHECK(pattern("SQL").why_not_written() == PhraseCode::none);
  CHECK(DatePattern::can_differ(pattern(kDays), pattern("unix-seconds")));
  CHECK(DatePattern::can_differ(pattern("YYYY"), pattern(kDays)));
  CHECK_FALSE(DatePattern::can_differ(pattern(kDays), pattern("ISO-8601")));
}

TEST_CASE("names of months in German, French and Italian") {
  static constexpr std::string_view kLong = "DDDD D. MMMM YYYY";
  static constexpr std::string_view kShort = "D-MMM-YYYY";
  static constexpr Case kGerman[] = {
      {kLong, "Dienstag 4. März 2025", "2025-03-04"},
      {kLong, "DIENSTAG 4. MARZ 2025", "2025-03-04"},
      {kShort, "4-Mär-2025", "2025-03-04"},
      {kShort, "4-Dez.-2025", "2025-12-04"},
      {kShort, "4-Jun-2025", "2025-06-04"},
      {kShort, "4-Juni-2025", "2025-06-04"},
      {kShort, "4-Sep-2025", "2025-09-04"},
      {kShort, "4-dic-2025", "impossible"},
  };
  check_all(kGerman, names_of("de"));
  static constexpr Case kFrench[] = {
      {kLong, "mardi 4. mars 2025", "2025-03-04"}, {kShort, "4-août-2025", "2025-08-04"},
      {kShort, "4-AOUT-2025", "2025-08-04"},       {kShort, "4-févr.-2025", "2025-02-04"},
      {kShort, "4-juil-2025", "2025-07-04"},       {kShort, "4-juin-2025", "2025-06-04"},
  };
  check_all(kFrench, names_of("fr"));
  static constexpr Case kItalian[] = {
      {kLong, "martedì 4. marzo 2025", "2025-03-04"},
      {kLong, "martedi 4. marzo 2025", "2025-03-04"},
      {kShort, "4-gen-2025", "2025-01-04"},
      {kShort, "4-giu-2025", "2025-06-04"},
  };
  check_all(kItalian, names_of("it"));
  CHECK(names_of("nl") == Names::none);
}

TEST_CASE("writing in formats with a name") {
  struct Written {
    std::string_view words;
    std::string_view in;
    std::string_view out;
  };
  static constexpr Written kWritten[] = {
      {"SQL", "2025-09-05T15:04:05.6789-05:00", "2025-09-05 15:04:05.6789-05:00"},
      {"SQL", "2025-09-05T15:04:05", "2025-09-05 15:04:05"},
      {"SQL", "2025-09-05T15:04:05Z", "2025-09-05 15:04:05Z"},
      {"RFC-2822", "2025-09-05T15:04:05.6789-05:30", "Fri, 05 Sep 2025 15:04:05 -0530"},
      {"RFC-2822", "2025-09-05T15:04:05Z", "Fri, 05 Sep 2025 15:04:05 +0000"},
      {"RFC-2822", "2025-09-05T15:04:05", "Fri, 05 Sep 2025 15:04:05 -0000"},
      {"unix-micros", "2025-09-05T15:04:05.6789-05:00", "1757102645678900"},
      {"unix-nanos", "2025-09-05T15:04:05.6789-05:00", "1757102645678900000"},
      {"unix-millis", "1969-12-31T23:59:58.5Z", "-1500"},
      {"unix-millis", "1969-12-31T23:59:59.5Z", "-500"},
      {"unix-seconds", "1969-12-31T23:59:58.5Z", "-2"},
      {"unix-millis", "1970-01-01T00:00:00Z", "0"},
  };
  for (const Written& c : kWritten) {
    INFO(c.words, " <- ", c.in);
    Moment moment;
    DateTrouble trouble;
    REQUIRE(read_iso(c.in, moment, trouble) == Reason::none);
    std::string out;
    pattern(c.words).write(moment, out);
    CHECK(out == c.out);
  }
  // Local mean time, with an offset that a mail cannot write, is written in UTC.
  Moment moment{{-20'000}, {3'600, 0}, -(4 * 3600 + 56 * 60 + 16), 0, true, true};
  std::string out;
  pattern("RFC-2822").write(moment, out);
  CHECK(out == "Wed, 31 Mar 1915 05:56:16 +0000");
}

TEST_CASE("a name that is nearly one of a format") {
  const auto advice = [](std::string_view words) {
    DatePattern out;
    DatePattern::Problem problem;
    CHECK_FALSE(DatePattern::compile(words, Names::none, -1, out, problem));
    return problem.what != Phrase(PhraseCode::a_pattern_needs_words) && problem.at == 0;
  };
  CHECK(advice("sql"));
  CHECK(advice("rfc2822"));
  CHECK(advice("RFC-5322"));
  CHECK(advice("unix"));
  CHECK(advice("epoch"));
  CHECK(advice("excel"));
}

}  // namespace
}  // namespace trama
