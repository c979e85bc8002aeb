// replace: patterns and what stands in their place, in the order of the mapping.

#include <re2/re2.h>

#include <utility>

#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

bool is_inside_character(std::string_view text, std::size_t at) noexcept {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

/// Whether what stands in place of every match could be much.
/// A group gives at most what it matched.
bool may_be_too_much(std::string_view text, const ReplaceArgs::One& one) noexcept {
  constexpr std::size_t kHarmless = std::size_t{1} << 20U;
  return (text.size() + 1) * 2 * one.with.size() > kHarmless;
}

/// GlobalReplace, but for the empty matches that lie between the bytes of one character, and only
/// as long as the arena has room for what it gives.
int replace_carefully(std::string& text, const ReplaceArgs::One& one, Arena& arena) {
  constexpr int kMaxGroups = 10;  // \0 to \9
  re2::StringPiece groups[kMaxGroups];
  const re2::StringPiece whole(text);
  const int wanted = 1 + re2::RE2::MaxSubmatch(one.with);
  std::string out;
  int changes = 0;
  std::size_t copied = 0;  // what stands before it is in `out`
  std::size_t at = 0;
  while (at <= text.size() &&
         one.pattern->Match(whole, at, text.size(), re2::RE2::UNANCHORED, groups, wanted)) {
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    const std::size_t end = begin + groups[0].size();
    const bool again = groups[0].empty() && changes > 0 && begin == copied;  // ends the last match
    if (is_inside_character(text, begin) || again) {
      at = begin + 1;
      continue;
    }
    out.append(text, copied, begin - copied);
    one.pattern->Rewrite(&out, one.with, groups, wanted);
    ++changes;
    copied = end;
    if (!arena.has_room(out.size())) return 0;  // the record makes too much
    at = groups[0].empty() ? begin + 1 : end;
  }
  if (changes == 0) return 0;
  out.append(text, copied, std::string::npos);
  text = std::move(out);
  return changes;
}

Reason replace(const StepArgs* args, Value& value, StepContext& context) noexcept {
  context.scratch = value.text();
  int changes = 0;
  for (const auto& one : static_cast<const ReplaceArgs&>(*args).all) {
    changes += one.may_match_inside || may_be_too_much(context.scratch, one)
                   ? replace_carefully(context.scratch, one, context.arena)
                   : re2::RE2::GlobalReplace(&context.scratch, *one.pattern, one.with);
  }
  if (changes > 0) value = Value::text(context.arena.copy(context.scratch));
  return Reason::none;
}

std::shared_ptr<const StepArgs> compile(const StepTold& told, StepCompiler& compiler) {
  auto args = std::make_shared<ReplaceArgs>();
  for (const Pair& pair : told.value("replace")->pairs) {
    ReplaceArgs::One one;
    std::string problem;
    if (!compile_replacement(pair.key.text, pair.value.text, one, problem, compiler.patterns()))
      compiler.error(DiagnosticCode::pattern_wrong, pair.key.span, {pair.key.text, problem});
    args->all.push_back(std::move(one));
  }
  return args;
}

constexpr StepWord kWords[] = {{.name = "replace",
                                .form = Form::pairs,
                                .about = "Replaces what a pattern finds ({pattern: text})."}};
constexpr Example kExamples[] = {
    {.title = "A mark that is not wanted",
     .column = R"(replace: {"[.]": ""})",
     .in = R"("1.020.345")",
     .out = "1020345"},
    {.title = "Groups by their number",
     .column = R"(replace: {'^(\w+)-(\w+)$': '\2 \1'})",
     .in = R"("BOG-MDE")",
     .out = "MDE BOG"},
    {.title = "One after the other",
     .column = R"(replace: {"a": "b", "b": "c"})",
     .in = R"("a")",
     .out = "c"},
};

}  // namespace

constinit const StepSpec kReplace{
    .name = "replace",
    .family = StepFamily::other,
    .word = "replace",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Writes another text wherever a pattern matches.",
    .doc =
        "Each pattern sees what the ones before it left. \\1 stands for what the first pair of "
        "parentheses matched, \\0 for all of the match.",
    .source = "RE2 syntax",
    .errors = {},
    .examples = kExamples,
    .fn = replace,
    .time = StepTime::before_text,
    .words = kWords,
    .compile = compile,
};

}  // namespace trama
