// one-space: white space in its simplest form. At the edges nothing is left, as XPath's
// normalize-space and the TRIM of spreadsheets do it: who asks for one blank wants none in front.

#include <cstring>

#include "base/utf8.h"
#include "step/specs.h"

namespace trama {
namespace {

/// Whether `text` is already as this step leaves it; only ASCII is looked at closely.
bool is_spaced(std::string_view text) noexcept {
  bool after_blank = true;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80 || (c < ' ' && is_space(static_cast<char32_t>(c)))) {
      return false;
    }
    if (c == ' ' && after_blank) return false;
    after_blank = c == ' ';
  }
  return text.empty() || !after_blank;
}

std::string_view spaced(std::string_view text, Arena& arena) noexcept {
  char* const to = arena.allocate(text.size());
  std::size_t size = 0;
  bool blank_waits = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    if (is_space(next_code_point(text, at))) {
      blank_waits = size > 0;
      continue;
    }
    if (blank_waits) to[size++] = ' ';
    blank_waits = false;
    std::memcpy(to + size, text.data() + from, at - from);
    size += at - from;
  }
  return {to, size};
}

Reason one_space(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  if (!is_spaced(value.text())) value = Value::text(spaced(value.text(), context.arena));
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "Two blanks and a line end",
     .column = R"(text: [one-space])",
     .in = R"("Suite  Real\n vista  mar")",
     .out = R"(Suite Real vista mar)"},
    {.title = "None at the edges",
     .column = R"(text: [one-space])",
     .in = R"(" Hotel  Sol ")",
     .out = R"(Hotel Sol)"},
};

}  // namespace

constinit const StepSpec kOneSpace{
    .name = "one_space",
    .family = StepFamily::text,
    .word = "one-space",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Makes one blank of all white space between words, and none at the edges.",
    .doc = "White space is what trim takes away: line ends, tabs and no-break blanks too.",
    .source = "XPath 2.0 Functions, normalize-space; Unicode White_Space",
    .errors = {},
    .examples = kExamples,
    .fn = one_space,
};

}  // namespace trama
