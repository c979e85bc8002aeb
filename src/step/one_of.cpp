// one_of: the values that a column may have.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

Reason one_of(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const OneOfArgs&>(*args);
  if (!asked.texts.empty() && value.kind() == Kind::text)
    return asked.texts.has(value.text())
               ? Reason::none
               : context.fail(Reason::not_listed, value, Value::text(asked.shown));
  Reason unknown = Reason::none;
  Value other;
  for (const Value& one : asked.values) {
    int order = 0;
    const Reason why = compare_with_constant(value, one, order);
    if (why == Reason::none && order == 0) return Reason::none;
    if (why == Reason::none || unknown != Reason::none) continue;
    unknown = why;
    other = one;
  }
  if (unknown != Reason::none) return context.fail(refusal_of(unknown), value, other);
  return context.fail(Reason::not_listed, value, Value::text(asked.shown));
}

std::shared_ptr<const StepArgs> compile(const StepTold& told, StepCompiler& compiler) {
  auto args = std::make_shared<OneOfArgs>();
  const std::vector<Text>& texts = told.value("one_of")->texts;
  for (const Text& text : texts)
    if (Value value; compiler.constant(text, value)) args->values.push_back(value);
  const auto is_text = [](const Value& one) { return one.kind() == Kind::text; };
  if (std::all_of(args->values.begin(), args->values.end(), is_text)) {
    std::vector<std::string> words;
    for (const Value& one : args->values) words.emplace_back(one.text());
    args->texts = WordList(std::move(words));
  }
  args->shown = listed(texts);
  return args;
}

constexpr StepWord kWords[] = {
    {.name = "one_of", .form = Form::texts, .about = "The values that are allowed."}};
constexpr Example kExamples[] = {
    {.title = "One of them", .column = "one_of: [RO, BB, HB]", .in = R"("BB")", .out = "BB"},
    {.title = "Numbers are compared as numbers",
     .column = "type: decimal, one_of: [1, 2]",
     .in = "1.0",
     .out = "1.0"},
    {.title = "None of them",
     .column = "one_of: [RO, BB, HB]",
     .in = R"("bb")",
     .code = RecordCode::not_one_of},
    {.title = "Whether a month is 30 days nobody can say",
     .column = "type: duration, read: ISO-8601, one_of: [P30D, P60D]",
     .in = R"("P1M")",
     .code = RecordCode::wrong_type},
};
constexpr RecordCode kErrors[] = {RecordCode::not_one_of, RecordCode::wrong_type};

}  // namespace

constinit const StepSpec kOneOf{
    .name = "one_of",
    .family = StepFamily::other,
    .word = "one_of",
    .takes = Kind::missing,
    .gives = Kind::missing,
    .summary = "Checks that a value is one of a list.",
    .doc =
        "Values are compared, not how they are written: 1.0 is 1 among numbers. Texts are compared "
        "exactly, capitals and accents included; times and durations as between: does.",
    .source = "trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = one_of,
    .time = StepTime::check,
    .words = kWords,
    .compile = compile,
};

}  // namespace trama
