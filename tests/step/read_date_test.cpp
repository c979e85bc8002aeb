#include <doctest/doctest.h>

#include <string>

#include "step/run_step.h"

using namespace trama;
using trama::testing::StepRunner;

namespace {

struct Dates : StepRunner {
  DateArgs args;

  explicit Dates(Kind target, std::initializer_list<std::string_view> patterns,
                 Names names = Names::es) {
    args.target = target;
    for (const std::string_view words : patterns) {
      DatePattern pattern;
      DatePattern::Problem problem;
      REQUIRE(DatePattern::compile(words, names, 2000, pattern, problem));
      args.patterns.push_back(pattern);
      args.shown += (args.shown.empty() ? "" : " or ") + std::string(words);
    }
  }
  int zone(std::string_view name) {
    ZoneSlot slot;
    REQUIRE(Zone::find(name, slot.zone));
    context.zones.push_back(slot);
    return static_cast<int>(context.zones.size()) - 1;
  }
  std::string read(std::string_view text, Origin origin = Origin::text) {
    return run(kReadDate, &args, text, origin);
  }
};

}  // namespace

TEST_CASE("read_date: the first format that fits") {
  Dates d(Kind::date, {"ISO-8601", "DD/MM/YYYY", "DD-MMM-YYYY"});
  CHECK(d.read("2025-03-01") == "2025-03-01");
  CHECK(d.read("01/03/2025") == "2025-03-01");
  CHECK(d.read("03-mar-2025") == "2025-03-03");
  CHECK(d.read("03-MAR.-2025") == "2025-03-03");
  CHECK(d.read("2025-02-30") == "February 2025 has 28 days");
  CHECK(d.reason == Reason::date_no_such_day);
  CHECK(d.read("30/02/2025") == "February 2025 has 28 days");
  CHECK(d.read("2025-3-1") ==
        "2025-3-1 does not have the shape ISO-8601 or DD/MM/YYYY or DD-MMM-YYYY");
  CHECK(d.read("02/03/2022¹").find("does not have the shape") != std::string::npos);
  CHECK(d.read("").find("does not have the shape") != std::string::npos);
}

TEST_CASE("read_date: a shape that fits another day wins over one that is impossible") {
  Dates d(Kind::date, {"DD/MM/YYYY", "MM/DD/YYYY"});
  CHECK(d.read("02/28/2025") == "2025-02-28");
  CHECK(d.read("31/31/2025") == "there is no month 31");
}

TEST_CASE("read_date: days in a zone") {
  Dates d(Kind::date, {"ISO-8601"});
  d.args.zone = d.zone("America/Bogota");
  CHECK(d.read("2025-03-01T02:30:00Z") == "2025-02-28");
  CHECK(d.read("2025-03-01T05:00Z") == "2025-03-01");
  CHECK(d.read("2025-03-01T04:59:59.999+00:00") == "2025-02-28");
  CHECK(d.read("2025-03-01") == "2025-03-01");
  CHECK(d.read("1960-01-01T00:00Z") == "1959-12-31");
  CHECK(d.read("2025-03-01T10:00:00") == "the time has no offset and no_zone_means is not stated");
  CHECK(d.read("0001-01-01T00:00Z") == "the year must lie between 0001 and 9999");
  d.args.no_zone_means = d.zone("+10:00");
  CHECK(d.read("2025-03-01T10:00:00") == "2025-02-28");
  CHECK(d.read("2025-03-01T15:00:00") == "2025-03-01");
  CHECK(d.read("2025-03-01T02:30:00Z") == "2025-02-28");
}

TEST_CASE("read_date: without a zone") {
  Dates date(Kind::date, {"ISO-8601"});
  CHECK(date.read("2025-03-01T10:00:00") == "2025-03-01");
  CHECK(date.read("2025-03-01T10:00:00Z") == "a time with an offset becomes a date only in a zone");
  Dates time(Kind::datetime, {"ISO-8601"});
  CHECK(time.read("2020-08-01T21:50:00") == "2020-08-01T21:50:00");
  CHECK(time.read("2020-08-01T21:50:00.5+1000") == "2020-08-01T21:50:00.500000000|600");
  CHECK(time.read("2020-08-01") == "2020-08-01 is a date without a time of day");
  time.args.no_zone_means = time.zone("America/Bogota");
  CHECK(time.read("2020-08-01T21:50:00") == "2020-08-01T21:50:00|-300");
}

TEST_CASE("read_date: unix time as a JSON number") {
  Dates d(Kind::datetime, {"unix-seconds"});
  d.args.zone = d.zone("America/Bogota");
  CHECK(d.read("1740796200", Origin::number) == "2025-02-28T21:30:00|-300");
  CHECK(d.read("1.5e9", Origin::number).find("does not have the shape") != std::string::npos);
}

TEST_CASE("read_date: clock changes") {
  Dates d(Kind::datetime, {"ISO-8601"});
  d.args.no_zone_means = d.zone("America/New_York");
  d.args.zone = d.zone("UTC");
  CHECK(d.read("2025-03-09T01:59:59") == "2025-03-09T06:59:59|0");
  CHECK(d.read("2025-03-09T02:30:00") ==
        "clocks in America/New_York jumped over 2025-03-09T02:30:00");
  CHECK(d.reason == Reason::local_time_gap);
  CHECK(d.read("2025-11-02T01:30:00") ==
        "clocks in America/New_York showed 2025-11-02T01:30:00 twice");
  CHECK(d.reason == Reason::local_time_twice);
  d.args.clock_change = ClockChange::earlier;
  CHECK(d.read("2025-03-09T02:30:00") == "2025-03-09T06:30:00|0");
  CHECK(d.read("2025-11-02T01:30:00") == "2025-11-02T05:30:00|0");
  d.args.clock_change = ClockChange::later;
  CHECK(d.read("2025-03-09T02:30:00") == "2025-03-09T07:30:00|0");
  CHECK(d.read("2025-11-02T01:30:00") == "2025-11-02T06:30:00|0");
  d.args.zone = -1;
  CHECK(d.read("2025-03-09T02:30:00") == "2025-03-09T03:30:00|-240");
}

TEST_CASE("read_date: zones that a record names") {
  Dates d(Kind::date, {"ISO-8601"});
  d.args.zone = d.zone("UTC");
  ZoneSlot& slot = d.context.zones[0];
  slot.reason = Reason::zone_blank;
  slot.a = Value::text("hotel.zone");
  slot.b = Value::text("null");
  CHECK(d.read("2025-03-01") == "2025-03-01");
  CHECK_FALSE(slot.used);
  CHECK(d.context.failed_zone == -1);
  CHECK(d.read("2025-03-01T10:00:00Z") == "hotel.zone, which names the zone, is null");
  CHECK(slot.used);
  CHECK(d.context.failed_zone == 0);
  slot.reason = Reason::zone_unknown;
  slot.a = Value::text("America/Bogotá");
  CHECK(d.read("2025-03-01T10:00:00Z") == "America/Bogotá is not a time zone");
}

TEST_CASE("read_date: times of day") {
  Dates d(Kind::time, {"HH:mm", "HH:mm:ss", "ISO-8601"});
  CHECK(d.read("14:00") == "14:00:00");
  CHECK(d.read("15:00:01") == "15:00:01");
  CHECK(d.read("2025-03-01T10:00:00Z") == "10:00:00");
  CHECK(d.read("25:00").find("there is no such time of day") == 0);
  CHECK(d.read("2025-03-01") == "2025-03-01 is a date without a time of day");
  d.args.zone = d.zone("America/Bogota");
  CHECK(d.read("2025-03-01T10:00:00Z") == "05:00:00");
  CHECK(d.read("14:00") == "a time of day without a date cannot be moved to a zone");
}
