// Zones: offsets at instants, wall clocks that jump or go twice, and years that no zone file lists.
#include "value/zone.h"

#include <doctest/doctest.h>

#include <string>

#include "value/dates.h"
#include "value/zone_rule.h"

using namespace trama;

namespace {

/// Seconds of "2040-07-01T00:00:00" on its own clock.
std::int64_t seconds(std::string_view iso) {
  Moment moment;
  DateTrouble trouble;
  INFO(iso);
  REQUIRE(read_iso(iso, moment, trouble) == Reason::none);
  return moment.date.days * std::int64_t{86'400} + moment.time.seconds;
}

Zone zone(std::string_view name) {
  Zone found;
  INFO(name);
  REQUIRE(Zone::find(name, found));
  return found;
}

}  // namespace

TEST_CASE("zone: offsets at instants") {
  struct Case {
    std::string_view zone;
    std::string_view utc;
    int minutes;
  };
  static constexpr Case kCases[] = {
      {"Europe/Madrid", "2025-01-15T12:00", 60},
      {"Europe/Madrid", "2025-03-30T00:59:59", 60},
      {"Europe/Madrid", "2025-03-30T01:00:00", 120},
      {"Europe/Madrid", "2025-10-26T00:59:59", 120},
      {"Europe/Madrid", "2025-10-26T01:00:00", 60},
      {"Europe/Madrid", "2037-12-01T00:00", 60},
      {"Europe/Madrid", "2040-07-01T00:00", 120},
      {"Europe/Madrid", "2040-12-01T00:00", 60},
      {"Europe/Madrid", "9999-07-01T00:00", 120},
      {"Europe/Dublin", "2050-01-01T00:00", 0},
      {"Europe/Dublin", "2050-07-01T00:00", 60},
      {"America/Bogota", "2025-03-01T00:00", -300},
      {"America/Bogota", "1992-07-01T00:00", -240},
      {"America/Bogota", "2099-03-01T00:00", -300},
      {"America/Santiago", "2060-01-01T00:00", -180},
      {"America/Santiago", "2060-07-01T00:00", -240},
      {"America/Nuuk", "2060-01-01T00:00", -120},
      {"America/Nuuk", "2060-07-01T00:00", -60},
      {"Asia/Kathmandu", "2025-01-01T00:00", 345},
      {"Pacific/Kiritimati", "2025-01-01T00:00", 840},
      {"UTC", "2025-01-01T00:00", 0},
      {"Z", "2025-01-01T00:00", 0},
      {"+05:45", "2025-01-01T00:00", 345},
      {"-0330", "2025-01-01T00:00", -210},
      {"+18", "2025-01-01T00:00", 1080},
      {"-18:00", "2025-01-01T00:00", -1080},
  };
  for (const Case& c : kCases) {
    INFO(c.zone, " ", c.utc);
    Zone found = zone(c.zone);
    CHECK(found.offset_at(seconds(c.utc)) == c.minutes * 60);
  }
}

TEST_CASE("zone: one object asked back and forth") {
  Zone madrid = zone("Europe/Madrid");
  for (int i = 0; i < 3; ++i) {
    CHECK(madrid.offset_at(seconds("2025-01-15T12:00")) == 3600);
    CHECK(madrid.offset_at(seconds("2025-07-15T12:00")) == 7200);
    CHECK(madrid.offset_at(seconds("2045-07-15T12:00")) == 7200);
    CHECK(madrid.offsets_of_local(seconds("2025-03-30T02:30")).how == Zone::Local::never);
    CHECK(madrid.offsets_of_local(seconds("2025-07-15T12:00")).earlier == 7200);
  }
  CHECK(madrid.offset_at(INT64_MIN) < 0);
  CHECK(madrid.offset_at(INT64_MAX) == 3600);
  CHECK(madrid.offsets_of_local(INT64_MIN).how == Zone::Local::once);
  CHECK(madrid.offsets_of_local(INT64_MAX).how == Zone::Local::once);
}

TEST_CASE("zone: wall clocks") {
  using enum Zone::Local;
  struct Case {
    std::string_view zone;
    std::string_view local;
    Zone::Local how;
    int earlier;
    int later;
  };
  static constexpr Case kCases[] = {
      {"Europe/Madrid", "2025-03-30T01:59:59", once, 3600, 3600},
      {"Europe/Madrid", "2025-03-30T02:00:00", never, 7200, 3600},
      {"Europe/Madrid", "2025-03-30T02:59:59", never, 7200, 3600},
      {"Europe/Madrid", "2025-03-30T03:00:00", once, 7200, 7200},
      {"Europe/Madrid", "2025-10-26T01:59:59", once, 7200, 7200},
      {"Europe/Madrid", "2025-10-26T02:00:00", twice, 7200, 3600},
      {"Europe/Madrid", "2025-10-26T03:00:00", once, 3600, 3600},
      {"Europe/Madrid", "2040-03-25T02:30:00", never, 7200, 3600},
      {"Europe/Madrid", "2040-10-28T02:30:00", twice, 7200, 3600},
      {"America/Bogota", "2025-03-30T02:30:00", once, -18000, -18000},
      {"Pacific/Apia", "2011-12-30T12:00:00", never, 50400, -36000},
      {"Australia/Lord_Howe", "2050-04-03T01:45:00", twice, 39600, 37800},
      {"+02:00", "2025-03-30T02:30:00", once, 7200, 7200},
  };
  for (const Case& c : kCases) {
    INFO(c.zone, " ", c.local);
    Zone found = zone(c.zone);
    const Zone::LocalAnswer answer = found.offsets_of_local(seconds(c.local));
    CHECK(answer.how == c.how);
    CHECK(answer.earlier == c.earlier);
    CHECK(answer.later == c.later);
  }
}

TEST_CASE("zone: names that are none") {
  for (const char* name : {"",
                           "localtime",
                           "posixrules",
                           "Factory",
                           "right/Europe/Madrid",
                           "posix/Europe/Madrid",
                           "europe/madrid",
                           "Europe/Madrid ",
                           "Europe",
                           "../zoneinfo/UTC",
                           "/etc/localtime",
                           "+18:01",
                           "+19",
                           "+1",
                           "+1:00",
                           "05:00",
                           "+05:60",
                           "+05-00",
                           "+0a",
                           "+05:0",
                           "z",
                           "+",
                           "-"}) {
    INFO(name);
    Zone found;
    CHECK_FALSE(Zone::find(name, found));
  }
  Zone found;  // what stands behind a NUL is part of the name
  CHECK_FALSE(Zone::find(std::string_view("Europe/Madrid\0x", 15), found));
  CHECK_FALSE(Zone::find(std::string_view("localtime\0", 10), found));
}

TEST_CASE("zone: names and versions for messages") {
  CHECK(zone("+0545").name() == "+05:45");
  CHECK(zone("-03").name() == "-03:00");
  CHECK(zone("+00:00").name() == "UTC");
  CHECK(zone("Asia/Tokyo").name() == "Asia/Tokyo");
  CHECK_FALSE(zone_data_version().empty());
  CHECK(nearest_zone("America/Bogta") == "America/Bogota");
  CHECK(nearest_zone("Bogota") == "America/Bogota");
  CHECK(nearest_zone("qqqqqqqqq").empty());
}

TEST_CASE("ZoneRule: the forms of a rule") {
  struct Case {
    std::string_view rule;
    std::string_view utc;
    int minutes;
  };
  static constexpr Case kCases[] = {
      {"<-05>5", "2025-07-01T00:00", -300},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2040-03-25T00:59:59", 60},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2040-03-25T01:00:00", 120},
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2040-03-25T00:59:59", -120},
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2040-03-25T01:00:00", -60},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", "2040-01-01T00:00", 0},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", "2040-07-01T00:00", 60},
      {"IST-2IDT,M3.4.4/26,M10.5.0", "2040-03-22T23:59:59", 120},
      {"IST-2IDT,M3.4.4/26,M10.5.0", "2040-03-23T00:00:00", 180},
      {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2040-01-01T00:00", 660},
      {"AAA0BBB,J60/0,J61/0", "2040-03-01T00:00", 60},
      {"AAA0BBB,J60/0,J61/0", "2040-02-29T12:00", 0},
      {"AAA0BBB,59/0,60/0", "2040-02-29T12:00", 60},
      {"XXX3EDT4,0/0,J365/23", "2040-07-01T00:00", -240},
      {"XXX3EDT4,0/0,J365/23", "2040-01-01T03:30", -240},
      {"AAA-1BBB,M3.1.0/167,M10.1.0/-167", "2040-03-10T21:59:59", 60},
      {"AAA-1BBB,M3.1.0/167,M10.1.0/-167", "2040-03-10T22:00:00", 120},
  };
  for (const Case& c : kCases) {
    INFO(c.rule, " ", c.utc);
    ZoneRule rule;
    REQUIRE(ZoneRule::parse(c.rule, rule));
    CHECK(rule.range_at(seconds(c.utc)).offset == c.minutes * 60);
  }
}

TEST_CASE("ZoneRule: at every instant there is a range around it") {
  for (const char* text :
       {"AAA0BBB,J364/167,J365/167", "AAA0BBB,J1/-167,J2/-167", "AAA0BBB,J1/-167,J365/167",
        "AAA24BBB-24,0/-167,365/167", "CET-1CEST,M3.5.0,M10.5.0/3"}) {
    INFO(text);
    ZoneRule rule;
    REQUIRE(ZoneRule::parse(text, rule));
    const std::int64_t begin = seconds("2024-12-20T00:00:00");
    for (std::int64_t hour = 0; hour < 400 * 24; ++hour) {
      const std::int64_t at = begin + hour * 3600;
      const ZoneRange range = rule.range_at(at);
      if (range.begin <= at && at < range.end && range.offset >= -86'400 && range.offset <= 90'000)
        continue;
      FAIL_CHECK(hour);
      break;
    }
  }
}

TEST_CASE("ZoneRule: what is no rule") {
  for (const char* text :
       {"", "C", "CET", "CET-", "CET-25", "<CET", "CET-1CEST", "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,J0,J5", "CET-1CEST,M3.5.0,M10.5.0x",
        "CET-99999999999999999999"}) {
    INFO(text);
    ZoneRule rule;
    CHECK_FALSE(ZoneRule::parse(text, rule));
  }
}
