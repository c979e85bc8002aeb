// between: the range of a finished value, ends included.

#include "step/args.h"
#include "step/step.h"

namespace trama {
namespace {

Reason between(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const BetweenArgs&>(*args);
  if (!asked.low.is_blank() && compare_values(value, asked.low) < 0) {
    return context.fail(Reason::below, value, asked.low);
  }
  if (!asked.high.is_blank() && compare_values(value, asked.high) > 0) {
    return context.fail(Reason::above, value, asked.high);
  }
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "The ends are in",
     .column = "type: decimal, between: [0, 20000]",
     .in = "20000.00",
     .out = "20000.00"},
    {.title = "Above",
     .column = "type: decimal, between: [0, 20000]",
     .in = "20000.01",
     .code = RecordCode::out_of_range},
    {.title = "An open end",
     .column = "type: date, read: ISO-8601, between: [2020-01-01, none]",
     .in = R"("2019-12-31")",
     .code = RecordCode::out_of_range},
};
constexpr RecordCode kErrors[] = {RecordCode::out_of_range};

}  // namespace

constinit const StepSpec kBetween{
    .name = "between",
    .family = StepFamily::other,
    .word = "between",
    .takes = Kind::missing,
    .gives = Kind::missing,
    .summary = "Checks that a number, date or time lies in a range.",
    .doc =
        "Both ends are in; none leaves one open. The finished value is judged: after conversion "
        "and "
        "rounding, dates in the zone of the column. Of two times with an offset the instants "
        "count. "
        "A month in a duration counts as the average of 400 years.",
    .source = "trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = between,
};

}  // namespace trama
