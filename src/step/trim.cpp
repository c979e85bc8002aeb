// trim: a text without the white space at its edges.

#include "base/utf8.h"
#include "step/specs.h"

namespace trama {
namespace {

Reason trim_edges(const StepArgs* /*args*/, Value& value, StepContext& /*context*/) noexcept {
  value = Value::text(trim(value.text()), value.origin());
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "Blanks at both edges",
     .column = R"(text: [trim])",
     .in = R"("  DBL ")",
     .out = R"(DBL)"},
    {.title = "Those within stay",
     .column = R"(text: [trim])",
     .in = R"("Suite  Real\n")",
     .out = R"(Suite  Real)"},
    {.title = "Only blanks: the value is blank",
     .column = R"(text: [trim])",
     .in = R"("   ")",
     .out = R"()"},
};

}  // namespace

constinit const StepSpec kTrim{
    .name = "trim",
    .family = StepFamily::text,
    .word = "trim",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Takes away white space at both edges.",
    .doc =
        "White space is what Unicode calls so: blanks, tabs, line ends, the no-break blank, and "
        "the byte order mark.",
    .source = "Unicode White_Space, and U+FEFF",
    .errors = {},
    .examples = kExamples,
    .fn = trim_edges,
};

}  // namespace trama
