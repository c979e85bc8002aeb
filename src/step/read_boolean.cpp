// read_boolean: yes and no in the supplier's words. Y may also be a booking class, so nothing is
// guessed: a word is in one of the lists, or it is an error.

#include <algorithm>

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

bool has(const std::vector<std::string>& words, std::string_view word) noexcept {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view listed(const std::vector<std::string>& words, StepContext& context) noexcept {
  context.scratch.clear();
  for (const std::string& word : words) {
    if (!context.scratch.empty()) context.scratch += ", ";
    context.scratch += word;
  }
  return context.arena.copy(context.scratch);
}

Reason read_boolean(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const BooleanArgs&>(*args);
  const std::string_view word = value.text();
  const bool json = asked.yes.empty() && asked.no.empty();
  if (json ? word == "true" : has(asked.yes, word)) {
    value = Value::boolean(true);
  } else if (json ? word == "false" : has(asked.no, word)) {
    value = Value::boolean(false);
  } else {
    const std::string_view yes = json ? std::string_view("true") : listed(asked.yes, context);
    return context.fail(Reason::not_yes_or_no, value, Value::text(yes));
  }
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "JSON's own", .column = "type: boolean", .in = "true", .out = "true"},
    {.title = "Also as text", .column = "type: boolean", .in = R"("false")", .out = "false"},
    {.title = "Nothing else without lists",
     .column = "type: boolean",
     .in = R"("Y")",
     .code = RecordCode::boolean_unreadable},
    {.title = "The supplier's words",
     .column = R"(type: boolean, yes_words: ["Y", "1"], no_words: ["N", "0"])",
     .in = "1",
     .out = "true"},
    {.title = "A word of neither list",
     .column = R"(type: boolean, yes_words: ["Y"], no_words: ["N"])",
     .in = R"("y")",
     .code = RecordCode::boolean_unreadable},
};
constexpr RecordCode kErrors[] = {RecordCode::boolean_unreadable};

}  // namespace

constinit const StepSpec kReadBoolean{
    .name = "read_boolean",
    .family = StepFamily::type,
    .word = "boolean",
    .takes = Kind::text,
    .gives = Kind::boolean,
    .summary = "Reads yes or no.",
    .doc =
        "Without lists, JSON's true and false, also as text. With yes_words: and no_words:, "
        "exactly "
        "those, and JSON's words only where a list has them; numbers as JSON writes them.",
    .source = "RFC 8259, section 3; trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = read_boolean,
};

}  // namespace trama
