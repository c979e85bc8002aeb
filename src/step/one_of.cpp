// one_of: the values that a column may have.

#include <algorithm>

#include "step/args.h"
#include "step/step.h"

namespace trama {
namespace {

Reason one_of(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const OneOfArgs&>(*args);
  const auto same = [&value](const Value& one) { return compare_values(value, one) == 0; };
  if (std::any_of(asked.values.begin(), asked.values.end(), same)) return Reason::none;
  return context.fail(Reason::not_listed, value, Value::text(asked.shown));
}

constexpr Example kExamples[] = {
    {.title = "One of them", .column = "one_of: [RO, BB, HB]", .in = R"("BB")", .out = "BB"},
    {.title = "Numbers are compared as numbers",
     .column = "type: decimal, one_of: [1, 2]",
     .in = "1.0",
     .out = "1.0"},
    {.title = "None of them",
     .column = "one_of: [RO, BB, HB]",
     .in = R"("bb")",
     .code = RecordCode::not_one_of},
};
constexpr RecordCode kErrors[] = {RecordCode::not_one_of};

}  // namespace

constinit const StepSpec kOneOf{
    .name = "one_of",
    .family = StepFamily::other,
    .word = "one_of",
    .takes = Kind::missing,
    .gives = Kind::missing,
    .summary = "Checks that a value is one of a list.",
    .doc =
        "Values are compared, not how they are written: 1.0 is 1 among numbers. Texts are compared "
        "exactly, capitals and accents included.",
    .source = "trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = one_of,
};

}  // namespace trama
