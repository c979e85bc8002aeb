// no-accents: letters without their marks.

#include "step/specs.h"
#include "step/unicode.h"

namespace trama {
namespace {

Reason no_accents(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  const std::string_view text = without_accents(value.text(), context.arena);
  if (text != value.text()) value = Value::text(text);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "Spanish",
     .column = R"(text: [no-accents])",
     .in = R"("Peñón de Alhucemas Cigüeña")",
     .out = R"(Penon de Alhucemas Ciguena)"},
    {.title = "Letters of their own stay",
     .column = R"(text: [no-accents])",
     .in = R"("Øresund Straße")",
     .out = R"(Øresund Straße)"},
};

}  // namespace

constinit const StepSpec kNoAccents{
    .name = "no_accents",
    .family = StepFamily::text,
    .word = "no-accents",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Takes the accents off letters: é is e, ñ is n, ü is u.",
    .doc =
        "Letters that are no letter with a mark (ø, ß, ł) stay, and so do the marks that other "
        "scripts spell with.",
    .source = "Unicode Standard Annex #15 (NFD, then NFC)",
    .errors = {},
    .examples = kExamples,
    .fn = no_accents,
};

}  // namespace trama
