// small_words: the words of a name that stay small, as Spanish has them.

#include "base/phrase_codes.h"
#include "step/args.h"
#include "step/specs.h"
#include "step/unicode.h"

namespace trama {
namespace {

Reason small_words(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& words = static_cast<const SmallWordsArgs&>(*args).words;
  const std::string_view text = value.text();
  std::string& out = context.scratch;
  out.clear();
  std::size_t copied = 0;
  std::size_t at = 0;
  bool first = true;
  for (WordPlace word; next_word(text, at, word); first = false) {
    if (first) continue;
    const auto found = words.find(fold_case(text.substr(word.begin, word.size), context.arena));
    if (found == words.end()) continue;
    out.append(text, copied, word.begin - copied);
    out += found->second;
    copied = word.begin + word.size;
  }
  if (copied == 0) return Reason::none;
  out.append(text, copied);
  value = Value::text(context.arena.copy(out));
  return Reason::none;
}

std::shared_ptr<const StepArgs> compile(const StepTold& told, StepCompiler& compiler) {
  auto args = std::make_shared<SmallWordsArgs>();
  for (const Text& text : told.value("small_words")->texts) {
    std::size_t at = 0;
    WordPlace word;
    if (next_word(text.text, at, word) && word.size == text.text.size()) {
      args->words.emplace(fold_case(text.text), text.text);
    } else {
      compiler.error(DiagnosticCode::value_wrong, text.span,
                     {text.text, "small_words", PhraseCode::single_words});
    }
  }
  return args;
}

constexpr StepWord kWords[] = {
    {.name = "small_words",
     .form = Form::texts,
     .about = "Words written as they are listed, but at the start: [de, la, y]."}};
constexpr Example kExamples[] = {
    {.title = "A name in capitals",
     .column = "text: [title-case], small_words: [de, la, del, los, y]",
     .in = R"("MARIA DE LA CRUZ Y RUIZ")",
     .out = "Maria de la Cruz y Ruiz"},
    {.title = "The first word keeps its capital",
     .column = "text: [title-case], small_words: [la, del]",
     .in = R"("LA POSADA DEL SOL")",
     .out = "La Posada del Sol"},
    {.title = "An abbreviation",
     .column = "text: [title-case], small_words: [de, CV]",
     .in = R"("hoteles de mexico cv")",
     .out = "Hoteles de Mexico CV"},
};

}  // namespace

constinit const StepSpec kSmallWords{
    .name = "small_words",
    .family = StepFamily::other,
    .word = "small_words",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Writes some words of a text as they are listed, but for its first word.",
    .doc =
        "Meant for title-case, which makes every first letter a capital; it comes behind all of "
        "text:. A word is letters, their marks and digits in a row, compared without regard to "
        "upper and lower case.",
    .source = "trama; case folding by Unicode, section 3.13",
    .errors = {},
    .examples = kExamples,
    .fn = small_words,
    .time = StepTime::after_text,
    .words = kWords,
    .types = "text",
    .settles = true,
    .compile = compile,
};

}  // namespace trama
