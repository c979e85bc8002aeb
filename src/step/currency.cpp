// currency: a currency code that is in use.

#include "step/step.h"
#include "value/code_sets.h"

namespace trama {
namespace {

Reason check_currency(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  if (is_currency(value.text())) return Reason::none;
  return context.fail(Reason::not_a_currency, value);
}

constexpr Example kExamples[] = {
    {.title = "Colombian pesos", .column = "type: currency", .in = R"("COP")", .out = "COP"},
    {.title = "Small letters",
     .column = "type: currency",
     .in = R"("usd")",
     .code = RecordCode::currency_unknown},
    {.title = "No longer in use",
     .column = "type: currency",
     .in = R"("VEF")",
     .code = RecordCode::currency_unknown},
};
constexpr RecordCode kErrors[] = {RecordCode::currency_unknown};

}  // namespace

constinit const StepSpec kCurrency{
    .name = "check_currency",
    .family = StepFamily::type,
    .word = "currency",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Checks a currency code of three capitals.",
    .doc =
        "Only codes in use today: VEF, which became VES, is none. Small letters need text: "
        "[upper-case].",
    .source = "ISO 4217, List One",
    .errors = kErrors,
    .examples = kExamples,
    .fn = check_currency,
};

}  // namespace trama
