// upper-case: all letters capitals.

#include "step/specs.h"
#include "step/unicode.h"

namespace trama {
namespace {

Reason upper_case_text(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  const std::string_view text = upper_case(value.text(), context.arena);
  if (text != value.text()) value = Value::text(text);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "A code", .column = R"(text: [upper-case])", .in = R"("dbl")", .out = R"(DBL)"},
    {.title = "Accents stay",
     .column = R"(text: [upper-case])",
     .in = R"("niño")",
     .out = R"(NIÑO)"},
    {.title = "ß has two capitals",
     .column = R"(text: [upper-case])",
     .in = R"("straße")",
     .out = R"(STRASSE)"},
};

}  // namespace

constinit const StepSpec kUpperCase{
    .name = "upper_case_text",
    .family = StepFamily::text,
    .word = "upper-case",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Makes all letters capitals.",
    .doc =
        "Letters of every language, by the rules of no language in particular (so i is I in "
        "Turkish text too). Accents stay.",
    .source = "Unicode, section 3.13 (toUppercase)",
    .errors = {},
    .examples = kExamples,
    .fn = upper_case_text,
};

}  // namespace trama
