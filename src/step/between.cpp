// between: the range of a finished value, ends included.

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

Reason between(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const BetweenArgs&>(*args);
  for (const bool low : {true, false}) {
    const Value& bound = low ? asked.low : asked.high;
    if (bound.is_blank()) continue;
    int order = 0;
    if (const Reason why = compare_with_constant(value, bound, order); why != Reason::none)
      return context.fail(refusal_of(why), value, bound);
    if (low && order < 0) return context.fail(Reason::below, value, bound);
    if (!low && order > 0) return context.fail(Reason::above, value, bound);
  }
  return Reason::none;
}

std::shared_ptr<const StepArgs> compile(const StepTold& told, StepCompiler& compiler) {
  auto args = std::make_shared<BetweenArgs>();
  const StepTold::Value& range = *told.value("between");
  const auto end = [&compiler](const Text& text, Value& out) {
    if (text.view() != "none" || text.quoted) compiler.constant(text, out);
  };
  end(range.texts[0], args->low);
  end(range.texts[1], args->high);
  const bool ordered = compiler.kind() != Kind::boolean && compiler.kind() != Kind::json;
  if (int order = 0; ordered && !args->low.is_blank() && !args->high.is_blank() &&
                     compare_values(args->low, args->high, order) == Reason::none && order > 0)
    compiler.error(DiagnosticCode::between_order, range.span, {});
  return args;
}

constexpr StepWord kWords[] = {
    {.name = "between",
     .form = Form::range,
     .about = "The lowest and the highest value allowed; none for an open end."}};
constexpr Example kExamples[] = {
    {.title = "The ends are in",
     .column = "type: decimal, between: [0, 20000]",
     .in = "20000.00",
     .out = "20000.00"},
    {.title = "Above",
     .column = "type: decimal, between: [0, 20000]",
     .in = "20000.01",
     .code = RecordCode::out_of_range},
    {.title = "An open end",
     .column = "type: date, read: ISO-8601, between: [2020-01-01, none]",
     .in = R"("2019-12-31")",
     .code = RecordCode::out_of_range},
    {.title = "Whether a month is longer than 30 days nobody can say",
     .column = "type: duration, read: ISO-8601, between: [PT0S, P30D]",
     .in = R"("P1M")",
     .code = RecordCode::wrong_type},
};
constexpr RecordCode kErrors[] = {RecordCode::out_of_range, RecordCode::wrong_type};

}  // namespace

constinit const StepSpec kBetween{
    .name = "between",
    .family = StepFamily::other,
    .word = "between",
    .takes = Kind::missing,
    .gives = Kind::missing,
    .summary = "Checks that a number, date or time lies in a range.",
    .doc =
        "Both ends are in; none leaves one open. The finished value is judged: after conversion "
        "and "
        "rounding, dates in the zone of the column. Of two times with an offset the instants "
        "count; an end without an offset is a time on the clock that the value shows. "
        "A month has no fixed length: durations of which one has more months and the other is "
        "longer beside them cannot be compared.",
    .source = "trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = between,
    .time = StepTime::check,
    .words = kWords,
    .not_types = "boolean json",
    .compile = compile,
};

}  // namespace trama
