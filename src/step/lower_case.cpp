// lower-case: all letters small.

#include "step/specs.h"
#include "step/unicode.h"

namespace trama {
namespace {

Reason lower_case_text(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  const std::string_view text = lower_case(value.text(), context.arena);
  if (text != value.text()) value = Value::text(text);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "An address",
     .column = R"(text: [lower-case])",
     .in = R"("Ana@Ejemplo.COM")",
     .out = R"(ana@ejemplo.com)"},
    {.title = "Accents stay", .column = R"(text: [lower-case])", .in = R"("AÑO")", .out = R"(año)"},
};

}  // namespace

constinit const StepSpec kLowerCase{
    .name = "lower_case_text",
    .family = StepFamily::text,
    .word = "lower-case",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Makes all letters small.",
    .doc = "Letters of every language, by the rules of no language in particular. Accents stay.",
    .source = "Unicode, section 3.13 (toLowercase)",
    .errors = {},
    .examples = kExamples,
    .fn = lower_case_text,
};

}  // namespace trama
