// round: the decimals that the column keeps.

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

Reason round_number(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const RoundArgs&>(*args);
  Decimal number = value.decimal();
  const Reason reason = round_to(number, asked.decimals, asked.rounding);
  if (reason == Reason::number_rounds) {
    return context.fail(reason, value, Value::integer(asked.decimals));
  }
  if (reason != Reason::none) return context.fail(reason);
  value = Value::decimal(number);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "Half goes up",
     .column = "type: decimal, decimals: 2, rounding: half-up",
     .in = R"("1250.505")",
     .out = "1250.51"},
    {.title = "Half goes away from zero",
     .column = "type: decimal, decimals: 2, rounding: half-up",
     .in = R"("-1250.505")",
     .out = "-1250.51"},
    {.title = "Zeros are added",
     .column = "type: decimal, decimals: 2",
     .in = "18.9",
     .out = "18.90"},
    {.title = "Exact, unless stated otherwise",
     .column = "type: decimal, decimals: 2",
     .in = R"("1250.505")",
     .code = RecordCode::number_needs_rounding},
    {.title = "Zeros are no rounding", .column = "type: integer", .in = R"("12.00")", .out = "12"},
    {.title = "Zero has no sign",
     .column = "type: decimal, decimals: 2, rounding: half-up",
     .in = "-0.001",
     .out = "0.00"},
    {.title = "No room for the decimals",
     .column = "type: decimal, decimals: 2",
     .in = "99999999999999999999999999999999999999",
     .code = RecordCode::number_too_big},
};
constexpr RecordCode kErrors[] = {RecordCode::number_needs_rounding, RecordCode::number_too_big};

}  // namespace

constinit const StepSpec kRound{
    .name = "round",
    .family = StepFamily::other,
    .word = "decimals rounding",
    .takes = Kind::decimal,
    .gives = Kind::decimal,
    .summary = "Gives a number exactly the stated decimals.",
    .doc =
        "rounding: exact (unless stated) refuses what would lose a digit other than 0. up and down "
        "are "
        "away from and towards zero, ceiling and floor towards the larger and the smaller number; "
        "the "
        "half- ones go to the nearest and differ in the middle.",
    .source = "IEEE 754-2019, section 4.3 (directions of rounding)",
    .errors = kErrors,
    .examples = kExamples,
    .fn = round_number,
};

}  // namespace trama
