// length: how many characters a text has.

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

Reason check_length(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const LengthArgs&>(*args);
  const auto length = static_cast<std::int64_t>(count_code_points(value.text()));
  if (asked.at_least >= 0 && length < asked.at_least) {
    return context.fail(Reason::shorter, Value::integer(length), Value::integer(asked.at_least));
  }
  if (asked.at_most >= 0 && length > asked.at_most) {
    return context.fail(Reason::longer, Value::integer(length), Value::integer(asked.at_most));
  }
  return Reason::none;
}

std::shared_ptr<const StepArgs> compile(const StepTold& told, StepCompiler& compiler) {
  auto args = std::make_shared<LengthArgs>();
  const StepTold::Value* const least = told.value("at_least");
  const StepTold::Value* const most = told.value("at_most");
  if (least != nullptr) args->at_least = least->count.count;
  if (most != nullptr) args->at_most = most->count.count;
  if (least != nullptr && most != nullptr && args->at_least > args->at_most)
    compiler.error(DiagnosticCode::words_together, most->key,
                   {"at_least: " + std::to_string(args->at_least),
                    "at_most: " + std::to_string(args->at_most), PhraseCode::no_text_is_so_long});
  return args;
}

constexpr StepWord kWords[] = {
    {.name = "at_least", .form = Form::count, .about = "The fewest characters allowed."},
    {.name = "at_most", .form = Form::count, .about = "The most characters allowed."},
};
constexpr Example kExamples[] = {
    {.title = "Characters are counted, not bytes",
     .column = "at_most: 5",
     .in = R"("Peñón")",
     .out = "Peñón"},
    {.title = "Too long",
     .column = "at_most: 5",
     .in = R"("Peñones")",
     .code = RecordCode::too_long},
    {.title = "Too short", .column = "at_least: 2", .in = R"("P")", .code = RecordCode::too_short},
};
constexpr RecordCode kErrors[] = {RecordCode::too_long, RecordCode::too_short};

}  // namespace

constinit const StepSpec kLength{
    .name = "length",
    .family = StepFamily::other,
    .word = "at_least at_most",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Checks how many characters a text has.",
    .doc =
        "Characters are Unicode code points. Both figures are allowed themselves. A blank value is "
        "not checked: required is for that.",
    .source = "trama",
    .errors = kErrors,
    .examples = kExamples,
    .fn = check_length,
    .time = StepTime::check,
    .words = kWords,
    .types = "text email url",
    .compile = compile,
};

}  // namespace trama
