// read_date: texts to dates, date-times and times of day, moved to the zone of the column.
//
// The formats are tried in their order and the first that fits wins; where one fits but there is no
// such day, that is what the analyst is told. A date without a time is never moved: 22 March stays
// 22 March in every zone. A time is moved only by what the mapping states, an instant first being
// made of it (its own offset, or no_zone_means), and then a reading of the clock in `zone`.

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int32_t kFirstDay = -719'162;  // 0001-01-01
constexpr std::int32_t kLastDay = 2'932'896;  // 9999-12-31

constexpr std::int64_t days_of(std::int64_t seconds) noexcept {
  const std::int64_t days = seconds / kSecondsPerDay;
  return days * kSecondsPerDay > seconds ? days - 1 : days;
}

std::int64_t wall_seconds(const Moment& moment) noexcept {
  return moment.date.days * kSecondsPerDay + moment.time.seconds;
}

/// Sets the wall clock of `moment` to `seconds` since 1970; its fraction stays.
void set_wall(Moment& moment, std::int64_t seconds) noexcept {
  const std::int64_t days = days_of(seconds);
  moment.date.days = static_cast<std::int32_t>(days);
  moment.time.seconds = static_cast<std::int32_t>(seconds - days * kSecondsPerDay);
}

/// Only `a` and `b` that are texts of their own need a copy.
Value kept(const Value& value, Arena& arena) noexcept {
  return value.kind() == Kind::text ? Value::text(arena.copy(value.text())) : value;
}

/// The zone at `index`, or null with the reason why its field names none.
ZoneSlot* zone_at(int index, StepContext& context, Reason& reason) noexcept {
  ZoneSlot& slot = context.zones[static_cast<std::size_t>(index)];
  slot.used = true;
  if (slot.reason == Reason::none) return &slot;
  context.failed_zone = index;
  reason = context.fail(slot.reason, slot.a, slot.b);
  return nullptr;
}

Reason refuse_local(Reason reason, const Zone& zone, const Moment& moment,
                    StepContext& context) noexcept {
  const DateTime local{wall_seconds(moment), kNoOffset, moment.time.nanos};
  return context.fail(reason, Value::text(context.arena.copy(zone.name())),
                      Value::datetime(local, moment.digits));
}

/// Gives a time without an offset that of `no_zone_means`.
/// `earlier` and `later` are the earlier and the later of the two possible instants, also in a gap:
/// the skipped 02:30 becomes 01:30 or 03:30.
Reason place(const DateArgs& asked, Moment& moment, StepContext& context) noexcept {
  Reason refused = Reason::none;
  ZoneSlot* const known = zone_at(asked.no_zone_means, context, refused);
  if (known == nullptr) return refused;
  ZoneSlot& slot = *known;
  const std::int64_t local = wall_seconds(moment);
  const Zone::LocalAnswer answer = slot.zone.offsets_of_local(local);
  if (answer.how != Zone::Local::once && asked.clock_change == ClockChange::reject) {
    const bool gap = answer.how == Zone::Local::never;
    return refuse_local(gap ? Reason::local_time_gap : Reason::local_time_twice, slot.zone, moment,
                        context);
  }
  const bool later = asked.clock_change == ClockChange::later;
  const std::int64_t utc = local - (later ? answer.later : answer.earlier);
  moment.offset = slot.zone.offset_at(utc);
  set_wall(moment, utc + moment.offset);
  return Reason::none;
}

/// Moves a time with an offset to `zone`.
Reason move(const DateArgs& asked, Moment& moment, StepContext& context) noexcept {
  Reason refused = Reason::none;
  ZoneSlot* const known = zone_at(asked.zone, context, refused);
  if (known == nullptr) return refused;
  ZoneSlot& slot = *known;
  const std::int64_t utc = wall_seconds(moment) - moment.offset;
  moment.offset = slot.zone.offset_at(utc);
  set_wall(moment, utc + moment.offset);
  if (moment.date.days < kFirstDay || moment.date.days > kLastDay) {
    return context.fail(Reason::date_year_range);
  }
  return Reason::none;
}

/// All that is said of zones (mappings/rules.md, rule 5.5).
Reason settle_zone(const DateArgs& asked, Moment& moment, StepContext& context) noexcept {
  if (!moment.has_time) return Reason::none;
  if (!moment.has_date) {
    return asked.zone < 0 ? Reason::none : context.fail(Reason::time_needs_date);
  }
  if (moment.offset == kNoOffset) {
    if (asked.no_zone_means < 0) {
      return asked.zone < 0 ? Reason::none : context.fail(Reason::no_zone_known);
    }
    const bool instant = asked.target == Kind::datetime || asked.target == Kind::missing;
    if (asked.zone < 0 && !instant) return Reason::none;
    const Reason reason = place(asked, moment, context);
    if (reason != Reason::none) return reason;
  }
  if (asked.zone >= 0) return move(asked, moment, context);
  return asked.target == Kind::date ? context.fail(Reason::no_zone_for_date) : Reason::none;
}

/// Whether what was read has the parts that the column is made of.
bool suffices(const DateArgs& asked, const Moment& moment) noexcept {
  return (moment.has_date || asked.target == Kind::time) &&
         (moment.has_time || asked.target == Kind::date || asked.target == Kind::missing);
}

/// How much a reason says about what is wrong with the text: of several formats the one that came
/// nearest is reported.
int nearness(Reason reason) noexcept {
  if (code_of(reason) == RecordCode::date_impossible) return 3;
  if (reason == Reason::date_month_unknown || reason == Reason::date_weekday_unknown) return 2;
  return reason == Reason::date_needs_time ? 1 : 0;
}

/// The first pattern that reads the text; else the most telling reason.
Reason read_moment(const DateArgs& asked, const Value& value, Moment& moment,
                   StepContext& context) noexcept {
  Reason telling = Reason::date_shape;
  for (const DatePattern& pattern : asked.patterns) {
    DateTrouble trouble;
    moment = {};
    Reason reason = pattern.read(value.text(), moment, trouble);
    if (reason == Reason::none) {
      if (suffices(asked, moment)) return Reason::none;
      reason = moment.has_time ? Reason::date_shape : Reason::date_needs_time;
    }
    if (nearness(reason) <= nearness(telling)) continue;
    telling = reason;
    context.a = kept(trouble.a, context.arena);
    context.b = kept(trouble.b, context.arena);
  }
  if (nearness(telling) > 1) return telling;
  return context.fail(telling, value, Value::text(asked.shown));
}

Value value_of(Kind target, const Moment& moment) noexcept {
  if (target == Kind::missing) target = moment.has_time ? Kind::datetime : Kind::date;
  if (target == Kind::date) return Value::date(moment.date);
  if (target == Kind::time) return Value::time(moment.time, moment.digits);
  return Value::datetime({wall_seconds(moment), moment.offset, moment.time.nanos}, moment.digits);
}

Reason read_date(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const DateArgs&>(*args);
  Moment moment;
  Reason reason = read_moment(asked, value, moment, context);
  if (reason == Reason::none) reason = settle_zone(asked, moment, context);
  if (reason == Reason::none) value = value_of(asked.target, moment);
  return reason;
}

constexpr Example kExamples[] = {
    {.title = "An instant is a day in a zone",
     .column = "type: date, read: ISO-8601, zone: America/Bogota, write: DD/MM/YYYY",
     .in = R"("2025-03-01T02:30:00Z")",
     .out = "28/02/2025"},
    {.title = "A date without a time is never moved",
     .column = "type: date, read: ISO-8601, zone: America/Bogota",
     .in = R"("2025-03-01")",
     .out = "2025-03-01"},
    {.title = "The formats in their order",
     .column = "type: date, read: [ISO-8601, DD/MM/YYYY, DD-MMM-YYYY], months: es",
     .in = R"("03-mar-2025")",
     .out = "2025-03-03"},
    {.title = "Unix time",
     .column = "type: date, read: unix-seconds, zone: America/Bogota",
     .in = "1740796200",
     .out = "2025-02-28"},
    {.title = "A local time stays the local time it is",
     .column = "type: datetime, read: ISO-8601",
     .in = R"("2020-08-01T21:50:00")",
     .out = "2020-08-01T21:50:00"},
    {.title = "A day that does not exist",
     .column = "type: date, read: ISO-8601",
     .in = R"("2025-02-30")",
     .code = RecordCode::date_impossible},
    {.title = "Another order",
     .column = "type: date, read: ISO-8601",
     .in = R"("01/03/2025")",
     .code = RecordCode::date_unreadable},
    {.title = "A date is no date-time",
     .column = "type: datetime, read: ISO-8601",
     .in = R"("2025-03-01")",
     .code = RecordCode::date_unreadable},
    {.title = "In which zone is it that day?",
     .column = "type: date, read: ISO-8601",
     .in = R"("2025-03-01T02:30:00Z")",
     .code = RecordCode::zone_missing},
    {.title = "A time that clocks jumped over",
     .column = "type: datetime, read: ISO-8601, no_zone_means: America/New_York, zone: UTC",
     .in = R"("2025-03-09T02:30:00")",
     .code = RecordCode::time_does_not_exist},
    {.title = "A time that clocks showed twice",
     .column = "type: datetime, read: ISO-8601, no_zone_means: America/New_York, zone: UTC",
     .in = R"("2025-11-02T01:30:00")",
     .code = RecordCode::time_exists_twice},
    {.title = "The later of the two",
     .column = "type: datetime, read: ISO-8601, no_zone_means: America/New_York, zone: UTC, "
               "clock_change: later, write: 'YYYY-MM-DD HH:mm'",
     .in = R"("2025-11-02T01:30:00")",
     .out = "2025-11-02 06:30"},
};
constexpr RecordCode kErrors[] = {RecordCode::date_unreadable, RecordCode::date_impossible,
                                  RecordCode::zone_missing, RecordCode::time_does_not_exist,
                                  RecordCode::time_exists_twice};

}  // namespace

constinit const StepSpec kReadDate{
    .name = "read_date",
    .family = StepFamily::type,
    .word = "date datetime time",
    .takes = Kind::text,
    .gives = Kind::date,
    .summary = "Reads a date, a date with a time, or a time of day.",
    .doc =
        "The formats of read: are tried in their order. A date without a time is never moved by a "
        "zone. A time with an offset is moved to zone:, and needs it to become a date; a time "
        "without "
        "one needs no_zone_means: where zone: is stated, and else stays as it is (a datetime takes "
        "the offset of no_zone_means:). A datetime needs a time of day in the text; a time that "
        "stands alone cannot be moved to a zone. clock_change: says what a local time is that "
        "clocks "
        "jumped over or showed twice.",
    .source = "RFC 3339, ISO 8601-1, IANA time zones",
    .errors = kErrors,
    .examples = kExamples,
    .fn = read_date,
};

}  // namespace trama
