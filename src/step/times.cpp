// times: an amount by a constant of the mapping, exactly.

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

Reason times(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const TimesArgs&>(*args);
  Decimal product;
  const Reason reason = asked.decimals < 0 ? multiply(value.decimal(), asked.factor, product)
                                           : multiply_to(value.decimal(), asked.factor,
                                                         asked.decimals, asked.rounding, product);
  if (reason == Reason::number_rounds) {
    return context.fail(Reason::product_rounds, Value::decimal(asked.factor),
                        Value::integer(asked.decimals));
  }
  if (reason != Reason::none) return context.fail(reason);
  value = Value::decimal(product);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "A percentage as a part",
     .column = "type: decimal, times: 0.01",
     .in = "73",
     .out = "0.73"},
    {.title = "Rounded once, on the exact product",
     .column = "type: decimal, times: 1.19, decimals: 2, rounding: half-up",
     .in = R"("0.1111111111111111111111111111111111111")",
     .out = "0.13"},
    {.title = "A product that would need rounding",
     .column = "type: decimal, times: 0.5, decimals: 2",
     .in = "0.01",
     .code = RecordCode::number_needs_rounding},
    {.title = "More than 38 digits",
     .column = "type: decimal, times: 1000",
     .in = "99999999999999999999999999999999999999",
     .code = RecordCode::number_too_big},
};
constexpr RecordCode kErrors[] = {RecordCode::number_too_big, RecordCode::number_needs_rounding};

}  // namespace

constinit const StepSpec kTimes{
    .name = "times",
    .family = StepFamily::other,
    .word = "times",
    .takes = Kind::decimal,
    .gives = Kind::decimal,
    .summary = "Multiplies a number by a constant.",
    .doc =
        "Exact: the product has the decimals of both together; where decimals: is stated, it is "
        "rounded once.",
    .source = "trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = times,
};

}  // namespace trama
