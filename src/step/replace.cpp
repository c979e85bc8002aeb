// replace: patterns and what stands in their place, in the order of the mapping.

#include <re2/re2.h>

#include "step/args.h"
#include "step/step.h"

namespace trama {
namespace {

Reason replace(const StepArgs* args, Value& value, StepContext& context) noexcept {
  context.scratch = value.text();
  int changes = 0;
  for (const auto& one : static_cast<const ReplaceArgs&>(*args).all) {
    changes += re2::RE2::GlobalReplace(&context.scratch, *one.pattern, one.with);
  }
  if (changes > 0) value = Value::text(context.arena.copy(context.scratch));
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "A mark that is not wanted",
     .column = R"(replace: {"[.]": ""})",
     .in = R"("1.020.345")",
     .out = "1020345"},
    {.title = "Groups by their number",
     .column = R"(replace: {'^(\w+)-(\w+)$': '\2 \1'})",
     .in = R"("BOG-MDE")",
     .out = "MDE BOG"},
    {.title = "One after the other",
     .column = R"(replace: {"a": "b", "b": "c"})",
     .in = R"("a")",
     .out = "c"},
};

}  // namespace

constinit const StepSpec kReplace{
    .name = "replace",
    .family = StepFamily::other,
    .word = "replace",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Writes another text wherever a pattern matches.",
    .doc =
        "Each pattern sees what the ones before it left. \\1 stands for what the first pair of "
        "parentheses matched, \\0 for all of the match.",
    .source = "RE2 syntax",
    .errors = {},
    .examples = kExamples,
    .fn = replace,
};

}  // namespace trama
