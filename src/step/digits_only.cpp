// digits-only: telephone and document numbers without their punctuation.

#include "base/utf8.h"
#include "step/specs.h"
#include "step/unicode.h"

namespace trama {
namespace {

Reason digits_only(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  const std::string_view text = value.text();
  std::size_t first = 0;
  while (first < text.size() && text[first] >= '0' && text[first] <= '9') ++first;
  if (first == text.size()) return Reason::none;
  char* const to = context.arena.allocate(text.size());
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size();) {
    const int digit = digit_value(next_code_point(text, at));
    if (digit >= 0) to[size++] = static_cast<char>('0' + digit);
  }
  value = Value::text({to, size});
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "A telephone number",
     .column = R"(text: [digits-only])",
     .in = R"("+57 (1) 234-5678")",
     .out = R"(5712345678)"},
    {.title = "No digit: the value is blank",
     .column = R"(text: [digits-only])",
     .in = R"("n/a")",
     .out = R"()"},
};

}  // namespace

constinit const StepSpec kDigitsOnly{
    .name = "digits_only",
    .family = StepFamily::text,
    .word = "digits-only",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Keeps the digits and nothing else.",
    .doc =
        "Digits of other scripts become 0 to 9. Signs, points and letters go, so this is for codes "
        "and telephone numbers, never for amounts.",
    .source = "Unicode Numeric_Type=Decimal",
    .errors = {},
    .examples = kExamples,
    .fn = digits_only,
};

}  // namespace trama
