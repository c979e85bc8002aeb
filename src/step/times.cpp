// times: an amount by a constant of the mapping, exactly.

#include "step/args.h"
#include "step/step.h"

namespace trama {
namespace {

Reason times(const StepArgs* args, Value& value, StepContext& context) noexcept {
  Decimal product;
  const Reason reason =
      multiply(value.decimal(), static_cast<const TimesArgs&>(*args).factor, product);
  if (reason != Reason::none) return context.fail(reason);
  value = Value::decimal(product);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "A percentage as a part",
     .column = "type: decimal, times: 0.01",
     .in = "73",
     .out = "0.73"},
    {.title = "More than 38 digits",
     .column = "type: decimal, times: 1000",
     .in = "99999999999999999999999999999999999999",
     .code = RecordCode::number_too_big},
};
constexpr RecordCode kErrors[] = {RecordCode::number_too_big};

}  // namespace

constinit const StepSpec kTimes{
    .name = "times",
    .family = StepFamily::other,
    .word = "times",
    .takes = Kind::decimal,
    .gives = Kind::decimal,
    .summary = "Multiplies a number by a constant.",
    .doc =
        "Exact: the product has the decimals of both together. Rounding, where decimals: is "
        "stated, "
        "comes after.",
    .source = "trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = times,
};

}  // namespace trama
