// pad: leading zeros for codes that lost them.

#include <algorithm>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

Reason pad(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const PadArgs&>(*args);
  const std::string_view text = value.text();
  const std::size_t length = count_code_points(text);
  if (length >= asked.to) return Reason::none;
  const std::size_t size = (asked.to - length) * asked.with.size() + text.size();
  if (!context.arena.has_room(size)) return Reason::none;  // the record makes too much
  char* const begin = context.arena.allocate(size);
  char* to = begin;
  for (std::size_t i = length; i < asked.to; ++i) {
    to = std::copy(asked.with.begin(), asked.with.end(), to);
  }
  std::copy(text.begin(), text.end(), to);
  value = Value::text({begin, size});
  return Reason::none;
}

constexpr std::size_t kMostPadding = 10000;

std::shared_ptr<const StepArgs> compile(const StepTold& told, StepCompiler& compiler) {
  auto args = std::make_shared<PadArgs>();
  const Count& to = told.value("to")->count;
  args->to = static_cast<std::size_t>(to.count);
  args->with = told.value("with")->text.text;
  if (args->to <= kMostPadding) return args;
  compiler.error(DiagnosticCode::pad_wrong, to.span, {std::to_string(kMostPadding)});
  return nullptr;
}

constexpr StepWord kWords[] = {
    {.name = "pad", .form = Form::map, .about = "Fills a short text up in front."}};
constexpr StepWord kMap[] = {
    {.name = "to",
     .form = Form::count,
     .about = "How many characters the text gets.",
     .missing = PhraseCode::say_how_many_characters,
     .least = 1,
     .too_small = PhraseCode::write_how_many_characters},
    {.name = "with",
     .form = Form::character,
     .about = "The character that is put in front.",
     .missing = PhraseCode::say_which_character},
};
constexpr Example kExamples[] = {
    {.title = "A number that was a code",
     .column = R"(pad: {to: 3, with: "0"})",
     .in = "7",
     .out = "007"},
    {.title = "Long enough",
     .column = R"(pad: {to: 3, with: "0"})",
     .in = R"("0151")",
     .out = "0151"},
};

}  // namespace

constinit const StepSpec kPad{
    .name = "pad",
    .family = StepFamily::other,
    .word = "pad",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Puts a character in front until the text has the stated length.",
    .doc = "The length counts characters (Unicode code points). A longer text stays as it is.",
    .source = "trama",
    .errors = {},
    .examples = kExamples,
    .fn = pad,
    .time = StepTime::after_text,
    .words = kWords,
    .map = kMap,
    .settles = true,
    .compile = compile,
};

}  // namespace trama
