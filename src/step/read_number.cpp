// read_number: the digits of a text or JSON number as an exact decimal.
//
// A JSON number has one reading. A text may have several where the mapping shows several examples;
// two that differ are an error, since a guess would be wrong by a factor of a thousand.

#include <cstring>

#include "step/args.h"
#include "step/number_shape.h"
#include "step/specs.h"

namespace trama {
namespace {

constexpr std::string_view kUsualShape = "1234.56";

Reason refuse(Reason reason, const NumberArgs& asked, const Value& value,
              StepContext& context) noexcept {
  if (reason == Reason::number_digits) return context.fail(reason);
  const bool scientific = value.origin() == Origin::number && !asked.exponent &&
                          value.text().find_first_of("eE") != std::string_view::npos;
  if (scientific) return context.fail(Reason::number_exponent, value);
  const std::string_view shown = asked.shown.empty() ? kUsualShape : std::string_view{asked.shown};
  return context.fail(reason, value, Value::text(shown));
}

/// "1.25 or 1250".
Value both(const Decimal& a, const Decimal& b, Arena& arena) noexcept {
  constexpr std::string_view between = " or ";
  char* const begin = arena.allocate(2 * kDecimalChars + between.size());
  std::size_t size = write_decimal(begin, a);
  std::memcpy(begin + size, between.data(), between.size());
  size += between.size();
  size += write_decimal(begin + size, b);
  return Value::text({begin, size});
}

Reason read_by_shapes(const NumberArgs& asked, Value& value, StepContext& context) noexcept {
  Decimal number;
  bool found = false;
  for (const NumberShape& shape : asked.shapes) {
    Decimal reading;
    const Reason reason = read_by_shape(value.text(), shape, context.scratch, reading);
    if (reason == Reason::number_shape) continue;
    if (reason != Reason::none) return refuse(reason, asked, value, context);
    if (found && compare(number, reading) != 0) {
      return context.fail(Reason::number_two_ways, value, both(number, reading, context.arena));
    }
    if (!found) number = reading;
    found = true;
  }
  if (!found) return refuse(Reason::number_shape, asked, value, context);
  value = Value::decimal(number);
  return Reason::none;
}

Reason read_number(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const NumberArgs&>(*args);
  if (value.origin() == Origin::text && !asked.shapes.empty()) {
    return read_by_shapes(asked, value, context);
  }
  Decimal number;
  Reason reason = read_decimal(value.text(), number);
  if (reason == Reason::number_shape && asked.exponent && value.origin() == Origin::number) {
    reason = read_scientific(value.text(), number);
  }
  if (reason != Reason::none) return refuse(reason, asked, value, context);
  value = Value::decimal(number);
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "A text", .column = "type: decimal", .in = R"("1250.50")", .out = "1250.50"},
    {.title = "A JSON number, the same answer",
     .column = "type: decimal",
     .in = "1250.50",
     .out = "1250.50"},
    {.title = "All its digits",
     .column = "type: decimal",
     .in = "12345678901234567.89",
     .out = "12345678901234567.89"},
    {.title = "Zeros in front", .column = "type: integer", .in = R"("007")", .out = "7"},
    {.title = "A comma is no point",
     .column = "type: decimal",
     .in = R"("12,5")",
     .code = RecordCode::number_unreadable},
    {.title = "An exponent that no example shows",
     .column = "type: decimal",
     .in = "1e3",
     .code = RecordCode::number_unreadable},
    {.title = "An exponent that one shows",
     .column = R"(type: decimal, read_number: ["1.5e3"])",
     .in = "1.25e3",
     .out = "1250"},
    {.title = "A point for thousands, a comma for decimals",
     .column = R"(type: decimal, read_number: ["1234.56", "1.234,56"])",
     .in = R"("4.250.000,50")",
     .out = "4250000.50"},
    {.title = "Two readings",
     .column = R"(type: decimal, read_number: ["1234.56", "1.234,56"])",
     .in = R"("1.250")",
     .code = RecordCode::number_ambiguous},
    {.title = "Two readings of one value",
     .column = R"(type: decimal, read_number: ["1234.56", "1.234,56"])",
     .in = R"("12")",
     .out = "12"},
    {.title = "More than 38 digits",
     .column = "type: decimal",
     .in = "123456789012345678901234567890123456789",
     .code = RecordCode::number_too_big},
};
constexpr RecordCode kErrors[] = {RecordCode::number_unreadable, RecordCode::number_ambiguous,
                                  RecordCode::number_too_big};

}  // namespace

constinit const StepSpec kReadNumber{
    .name = "read_number",
    .family = StepFamily::type,
    .word = "decimal integer money",
    .takes = Kind::text,
    .gives = Kind::decimal,
    .summary = "Reads an exact number of at most 38 digits.",
    .doc =
        "Without read_number: digits, perhaps a minus before them, perhaps a point and decimals; "
        "no "
        "blanks, no +, no exponent, and digits on both sides of a point. With it, a text may be "
        "written as any of the examples. A thousands mark stands at every third digit or nowhere, "
        "and never after a number that begins with 0. A JSON number has one reading; an exponent "
        "is "
        "allowed where an example shows one. Decimals stay as written.",
    .source = "RFC 8259, section 6; trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = read_number,
};

}  // namespace trama
