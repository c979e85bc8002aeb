// pattern: the form of a whole text, by RE2, whose time grows with the text and no faster.

#include <re2/re2.h>

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

Reason match(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const PatternArgs&>(*args);
  const std::string_view text = value.text();
  if (re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *asked.pattern)) {
    return Reason::none;
  }
  return context.fail(Reason::no_match, value, Value::text(asked.shown));
}

std::shared_ptr<const StepArgs> compile(const StepTold& told, StepCompiler& compiler) {
  auto args = std::make_shared<PatternArgs>();
  const Text& written = told.value("pattern")->text;
  std::string problem;
  args->pattern = compile_pattern(written.text, problem, compiler.patterns());
  args->shown = written.text;
  if (args->pattern) return args;
  compiler.error(DiagnosticCode::pattern_wrong, written.span, {written.text, problem});
  return nullptr;
}

constexpr StepWord kWords[] = {
    {.name = "pattern",
     .form = Form::text,
     .about = "A regular expression (RE2) that the whole value must match."}};
constexpr Example kExamples[] = {
    {.title = "A booking code",
     .column = "pattern: '[A-Z]{2}-[0-9]{4}'",
     .in = R"("HA-1001")",
     .out = "HA-1001"},
    {.title = "The whole text has to match",
     .column = "pattern: '[A-Z]{2}-[0-9]{4}'",
     .in = R"("HA-10012")",
     .code = RecordCode::pattern_mismatch},
};
constexpr RecordCode kErrors[] = {RecordCode::pattern_mismatch};

}  // namespace

constinit const StepSpec kPattern{
    .name = "pattern",
    .family = StepFamily::other,
    .word = "pattern",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Checks that a text has a form, from its first to its last character.",
    .doc = "\\d is 0 to 9 and \\w has no ñ: letters of all languages are \\p{L}.",
    .source = "RE2 syntax",
    .errors = kErrors,
    .examples = kExamples,
    .fn = match,
    .time = StepTime::check,
    .words = kWords,
    .types = "text email url uuid country currency",
    .compile = compile,
};

}  // namespace trama
