// in_unit: a length of time that is written as a number of hours, minutes or seconds.

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

Reason in_unit(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const InUnitArgs&>(*args);
  const Value unit = Value::text(asked.unit);
  if (value.duration().months != 0) return context.fail(Reason::duration_has_months, unit);
  Decimal number;
  const Reason reason = duration_in(asked.format, value.duration(), number);
  if (reason == Reason::none) return reason;
  return reason == Reason::number_rounds ? context.fail(Reason::duration_rounds, value, unit)
                                         : context.fail(reason);
}

constexpr Example kExamples[] = {
    {.title = "A number that ends",
     .column = "type: duration, read: minutes, write: hours",
     .in = "75",
     .out = "1.25"},
    {.title = "One that does not end is rounded as the mapping says",
     .column = "type: duration, read: minutes, write: hours, decimals: 2, rounding: half-up",
     .in = "100",
     .out = "1.67"},
    {.title = "Never without it",
     .column = "type: duration, read: minutes, write: hours",
     .in = "100",
     .code = RecordCode::number_needs_rounding},
    {.title = "Zeros are added",
     .column = "type: duration, read: ISO-8601, write: hours, decimals: 2",
     .in = R"("P1D")",
     .out = "24.00"},
    {.title = "A month has no fixed length",
     .column = "type: duration, read: ISO-8601, write: minutes",
     .in = R"("P1M")",
     .code = RecordCode::duration_unreadable},
    {.title = "No room for the decimals",
     .column = "type: duration, read: hours, write: seconds, decimals: 35",
     .in = "1",
     .code = RecordCode::number_too_big},
};
constexpr RecordCode kErrors[] = {RecordCode::number_needs_rounding,
                                  RecordCode::duration_unreadable, RecordCode::number_too_big};

}  // namespace

constinit const StepSpec kInUnit{
    .name = "in_unit",
    .family = StepFamily::other,
    .word = "write",
    .takes = Kind::duration,
    .gives = Kind::duration,
    .summary = "Writes a length of time as a number of hours, minutes or seconds.",
    .doc =
        "The number has all its digits where it ends; one that does not end (100 minutes in hours) "
        "needs decimals and rounding. Rules and other columns see the length itself. Years and "
        "months have no fixed length.",
    .source = "trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = in_unit,
};

}  // namespace trama
