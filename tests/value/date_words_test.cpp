// Names of months and weekdays, and letters in quotes, as people write them.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "value/dates.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

struct Case {
  std::string_view words;
  Names names;
  std::string_view text;
  std::string_view out;  // the day, or the reason
};

std::string read(const Case& c) {
  DatePattern pattern;
  DatePattern::Problem problem;
  REQUIRE(DatePattern::compile(c.words, c.names, -1, pattern, problem));
  Moment moment;
  DateTrouble trouble;
  const Reason reason = pattern.read(c.text, moment, trouble);
  if (reason == Reason::none) {
    DatePattern day;
    REQUIRE(DatePattern::compile("YYYY-MM-DD", Names::none, -1, day, problem));
    std::string out;
    day.write(moment, out);
    return out;
  }
  if (reason == Reason::date_shape) return "shape";
  if (reason == Reason::date_month_unknown) return "month " + std::string(trouble.b.text());
  if (reason == Reason::date_weekday_unknown) return "weekday " + std::string(trouble.b.text());
  return "impossible";
}

}  // namespace

TEST_CASE("dates: names as they are written") {
  static constexpr std::string_view kLong = "D 'de' MMMM 'de' YYYY";
  static constexpr std::string_view kDay = "DDDD D MMMM YYYY";
  static constexpr Case kCases[] = {
      {kLong, Names::es, "1 de setiembre de 2025", "2025-09-01"},
      {kLong, Names::es, "1 de septiembre de 2025", "2025-09-01"},
      {kLong, Names::es, "1 DE SETIEMBRE DE 2025", "2025-09-01"},
      {kLong, Names::es, "3 DE MARZO de 2025", "2025-03-03"},
      {kLong, Names::es, "3 de Marzo De 2025", "2025-03-03"},
      {kLong, Names::pt, "1 DE SETEMBRO DE 2025", "2025-09-01"},
      {kLong, Names::pt, "1 de setiembre de 2025", "month setiembre"},
      {"D-MMM-YYYY", Names::es, "1-set-2025", "2025-09-01"},
      {"D-MMM-YYYY", Names::es, "1-SET.-2025", "2025-09-01"},
      {"D-MMM-YYYY", Names::es, "1-sep-2025", "2025-09-01"},
      {"D-MMM-YYYY", Names::es, "1-sept.-2025", "2025-09-01"},
      {"D-MMM-YYYY", Names::pt, "1-set-2025", "2025-09-01"},
      {"D-MMM-YYYY", Names::en, "1-sept-2025", "2025-09-01"},
      {"D-MMM-YYYY", Names::en, "1-set-2025", "month set"},
      // letters in quotes, in any case; what is not in quotes stays as it is
      {"YYYY'T'MM", Names::none, "2025t03", "2025-03-01"},
      {"'Año' YYYY", Names::none, "AÑO 2025", "2025-01-01"},
      {"'AÑO' YYYY", Names::none, "año 2025", "2025-01-01"},
      {"'ÀÞ' YYYY", Names::none, "àþ 2025", "2025-01-01"},
      {"'×' YYYY", Names::none, "÷ 2025", "shape"},
      {"'x' YYYY", Names::none, "y 2025", "shape"},
      {"'de' YYYY", Names::none, "d 2025", "shape"},
      {"'[' YYYY", Names::none, "{ 2025", "shape"},
      {"YYYY-MM-DDTHH", Names::none, "2025-03-01t10", "shape"},
      {"YYYY-MM-DDTHH", Names::none, "2025-03-01T10", "2025-03-01"},
      // only the name is not known
      {kLong, Names::es, "3 de marso de 2025", "month marso"},
      {kLong, Names::es, "3 de mar de 2025", "month mar"},
      {kLong, Names::es, "3 de März de 2025", "month März"},
      {"D-MMM-YYYY", Names::es, "3-marzo-2025", "month marzo"},
      {"D-MMM-YYYY", Names::en, "3-ene.-2025", "month ene"},
      {kDay, Names::es, "lunez 3 marzo 2025", "weekday lunez"},
      {kDay, Names::es, "lunez 3 marso 2025", "weekday lunez"},
      {kDay, Names::es, "lunes 3 marso 2025", "month marso"},
      {kLong, Names::es, "3 de 03 de 2025", "shape"},
      {kLong, Names::es, "3 de  de 2025", "shape"},
      {kLong, Names::es, "3 de marso", "shape"},
      {kLong, Names::es, "30 de febrero de 2025", "impossible"},
      {kLong, Names::es, "3 de mar zo de 2025", "shape"},
      {"D-MMM-YYYY", Names::es, "3-\xff\xfe-2025", "shape"},
  };
  for (const Case& c : kCases) {
    INFO(c.words, " of ", c.text);
    CHECK(read(c) == c.out);
  }
}
