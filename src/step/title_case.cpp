// title-case: names as people write them.

#include "step/specs.h"
#include "step/unicode.h"

namespace trama {
namespace {

Reason title_case_text(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  const std::string_view text = title_case(value.text(), context.arena);
  if (text != value.text()) value = Value::text(text);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "A name in capitals",
     .column = R"(text: [title-case])",
     .in = R"("luis RUIZ")",
     .out = R"(Luis Ruiz)"},
    {.title = "With a hyphen and an apostrophe",
     .column = R"(text: [title-case])",
     .in = R"("MARÍA-JOSÉ o'neill")",
     .out = R"(María-José O'Neill)"},
    {.title = "No capital after every apostrophe",
     .column = R"(text: [title-case])",
     .in = R"("traveler's inn")",
     .out = R"(Traveler's Inn)"},
};

}  // namespace

constinit const StepSpec kTitleCase{
    .name = "title_case_text",
    .family = StepFamily::text,
    .word = "title-case",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Makes the first letter of each word a capital and the others small.",
    .doc =
        "A word is letters, their marks and digits in a row. A letter after an apostrophe is a "
        "capital where one letter stands before it and at least two follow: O'Neill, but "
        "Traveler's. Small words (de, la) are no exception.",
    .source = "trama; letters by Unicode, section 3.13",
    .errors = {},
    .examples = kExamples,
    .fn = title_case_text,
};

}  // namespace trama
