// read_duration: how long a flight or a tour takes, as ISO 8601 or as a number of a unit.

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

constexpr std::int64_t kNanos = 1'000'000'000;
constexpr std::int64_t kMostSeconds = 1'000'000'000'000;  // 31,700 years

std::int64_t seconds_in(DurationUnit unit) noexcept {
  switch (unit) {
    case DurationUnit::hours:
      return 3600;
    case DurationUnit::minutes:
      return 60;
    case DurationUnit::seconds:
    case DurationUnit::iso:
      break;
  }
  return 1;
}

std::string_view shape_of(DurationUnit unit) noexcept {
  switch (unit) {
    case DurationUnit::iso:
      return "PT1H30M";
    case DurationUnit::hours:
      return "1.5 (hours)";
    case DurationUnit::minutes:
      return "90 (minutes)";
    case DurationUnit::seconds:
      break;
  }
  return "5400 (seconds)";
}

/// Finer than nanoseconds is cut. False for what is no number, below zero or beyond all travel.
bool read_number_of(DurationUnit unit, std::string_view text, Duration& out) noexcept {
  Decimal number;
  Decimal nanos;
  if (text.starts_with('-') || read_decimal(text, number) != Reason::none) return false;
  const Decimal nanos_in_unit{seconds_in(unit) * static_cast<Int128>(kNanos), 0};
  if (multiply_to(number, nanos_in_unit, 0, Rounding::down, nanos) != Reason::none) return false;
  if (nanos.coefficient > static_cast<Int128>(kMostSeconds) * kNanos) return false;
  out.seconds = static_cast<std::int64_t>(nanos.coefficient / kNanos);
  out.nanos = static_cast<std::uint32_t>(nanos.coefficient % kNanos);
  return true;
}

Reason read_duration(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const DurationArgs&>(*args);
  const DurationUnit unit = asked.unit;
  Duration duration;
  const bool good = unit == DurationUnit::iso
                        ? read_iso_duration(value.text(), duration) == Reason::none
                        : read_number_of(unit, value.text(), duration);
  if (!good) return context.fail(Reason::duration_shape, value, Value::text(shape_of(unit)));
  value = Value::duration(duration);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "ISO 8601, in minutes",
     .column = "type: duration, read: ISO-8601, write: minutes",
     .in = R"("PT15H55M")",
     .out = "955"},
    {.title = "Minutes as a number or a text",
     .column = "type: duration, read: minutes, write: minutes",
     .in = R"("290")",
     .out = "290"},
    {.title = "Hours",
     .column = "type: duration, read: hours, write: minutes",
     .in = "1.5",
     .out = "90"},
    {.title = "Words",
     .column = "type: duration, read: ISO-8601, write: minutes",
     .in = R"("1 hour")",
     .code = RecordCode::duration_unreadable},
};
constexpr RecordCode kErrors[] = {RecordCode::duration_unreadable};

}  // namespace

constinit const StepSpec kReadDuration{
    .name = "read_duration",
    .family = StepFamily::type,
    .word = "duration",
    .takes = Kind::text,
    .gives = Kind::duration,
    .summary = "Reads a length of time.",
    .doc =
        "As ISO-8601 (PT1H30M, P1DT2H), or as a number of minutes, hours or seconds, 0 or more, "
        "with "
        "decimals or without.",
    .source = "ISO 8601-1, section 5.5.2",
    .errors = kErrors,
    .examples = kExamples,
    .fn = read_duration,
};

}  // namespace trama
