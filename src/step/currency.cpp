// currency: a currency code; of one that was withdrawn it warns.

#include "step/args.h"
#include "step/specs.h"
#include "value/code_sets.h"

namespace trama {
namespace {

Reason check_currency(const StepArgs* args, Value& value, StepContext& context) noexcept {
  if (!is_currency(value.text())) return context.fail(Reason::not_a_currency, value);
  const int year = currency_withdrawn(value.text());
  if (year == 0) return Reason::none;
  if (args != nullptr && static_cast<const CurrencyArgs*>(args)->reject_withdrawn)
    return context.fail(Reason::currency_withdrawn, value, Value::integer(year));
  context.warning = Reason::currency_withdrawn;
  context.warning_a = value;
  context.warning_b = Value::integer(year);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "Colombian pesos", .column = "type: currency", .in = R"("COP")", .out = "COP"},
    {.title = "Small letters",
     .column = "type: currency",
     .in = R"("usd")",
     .code = RecordCode::currency_unknown},
    {.title = "No longer in use, with a warning that names the year",
     .column = "type: currency",
     .in = R"("VEF")",
     .out = "VEF"},
    {.title = "No longer in use, refused",
     .column = "type: currency, withdrawn: reject",
     .in = R"("HRK")",
     .code = RecordCode::currency_withdrawn},
};
constexpr RecordCode kErrors[] = {RecordCode::currency_unknown, RecordCode::currency_withdrawn};

}  // namespace

constinit const StepSpec kCurrency{
    .name = "check_currency",
    .family = StepFamily::type,
    .word = "currency",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Checks a currency code of three capitals.",
    .doc =
        "A code that was withdrawn, such as VEF, which became VES, is taken with a warning that "
        "names "
        "the year; withdrawn: reject refuses it. Small letters need text: [upper-case].",
    .source = "ISO 4217, List One and List Three",
    .errors = kErrors,
    .examples = kExamples,
    .fn = check_currency,
};

}  // namespace trama
