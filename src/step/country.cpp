// country: a country code that exists.

#include "step/specs.h"
#include "value/code_sets.h"

namespace trama {
namespace {

Reason check_country(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  if (is_country(value.text())) return Reason::none;
  return context.fail(Reason::not_a_country, value);
}

constexpr Example kExamples[] = {
    {.title = "Colombia", .column = "type: country", .in = R"("CO")", .out = "CO"},
    {.title = "Small letters",
     .column = "type: country",
     .in = R"("co")",
     .code = RecordCode::country_unknown},
    {.title = "Not the code of the United Kingdom",
     .column = "type: country",
     .in = R"("UK")",
     .code = RecordCode::country_unknown},
};
constexpr RecordCode kErrors[] = {RecordCode::country_unknown};

}  // namespace

constinit const StepSpec kCountry{
    .name = "check_country",
    .family = StepFamily::type,
    .word = "country",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Checks a country code of two capitals.",
    .doc =
        "Only codes that are assigned today: XX, EU and UK are none. Small letters need text: "
        "[upper-case], other code lists a lookup.",
    .source = "ISO 3166-1 alpha-2",
    .errors = kErrors,
    .examples = kExamples,
    .fn = check_country,
};

}  // namespace trama
