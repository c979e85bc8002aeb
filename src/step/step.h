// StepSpec: the small functions that a column is made of. A step is one file: code, the words of
// the mapping that it has, what it makes of them, documentation and examples together. Adding one
// is that file and its line in step/all.inc.
//
// Steps are reached in three ways: by a word alone (`text: [WORD]`, `type: WORD`); by words
// of their own (`pad: {to: 3, with: "0"}`, `at_least: 2`), which the spec lists and compiles;
// and, where several words of a column make one step together (numbers, dates, lookup),
// through the plan.
//
//   constexpr StepWord kWords[] = {{.name = "pad", .form = Form::map, .about = "Fills …"}};
//   constexpr StepWord kMap[] = {{.name = "to", .form = Form::count, .about = "How many …",
//                                 .missing = PhraseCode::say_how_many_characters}, …};
//   std::shared_ptr<const StepArgs> compile(const StepTold& told, StepCompiler& compiler) {
//     auto args = std::make_shared<PadArgs>();
//     args->to = told.value("to")->count.count; …
//   }

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/arena.h"
#include "base/codes.h"
#include "base/phrase.h"
#include "base/written.h"
#include "value/value.h"
#include "value/zone.h"

namespace trama {

/// What a step was told by the mapping; each step that needs some has a struct of its
/// own in step/args.h.
struct StepArgs {
  StepArgs() = default;
  StepArgs(const StepArgs&) = delete;
  StepArgs& operator=(const StepArgs&) = delete;
  virtual ~StepArgs() = default;
};

class LookupTable;

/// A zone that the plan knows, or that a field of the record names (exec sets it before the
/// column's steps run).
struct ZoneSlot {
  Zone zone;
  // Why the field names none: reported only where a time needs the zone.
  Reason reason = Reason::none;
  Value a{}, b{};
  bool used = false;  // a time needed it
};

/// What steps need beside their value. One a thread.
struct StepContext {
  Arena& arena;
  std::vector<ZoneSlot> zones{};
  // Of the input at hand, the tables that travel in it, by LookupArgs::dump_table.
  std::span<const std::shared_ptr<const LookupTable>> dump_tables{};

  // The day that a table with lines by day is asked for: a date, or a blank.
  Value day{};

  // Where it is noted which entries of lookup tables (LookupTable::find) and which choices were
  // taken, for `trama test --coverage`; null in a run.
  std::unordered_set<const void*>* taken = nullptr;

  // What the last reason quotes ({0} and {1} of its text).
  Value a{};
  Value b{};
  // Set by a step whose value is finished already (what an unknown code writes):
  // no type or conversion follows.
  bool finished = false;
  // Set by a step that goes on but wants it told; its reason and values.
  Reason warning = Reason::none;
  bool only_count = false;  // the warning is a notice: counted, and no warning of the record
  Value warning_a{};
  Value warning_b{};
  // The index of the zone whose reason the last one was, or -1: exec knows the field.
  int failed_zone = -1;
  // For steps that build a text in a std::string; what it holds ends with the step.
  std::string scratch{};

  /// `return context.fail(Reason::…, …);`
  Reason fail(Reason reason, const Value& first = {}, const Value& second = {}) noexcept {
    a = first;
    b = second;
    return reason;
  }
};

/// Changes `value` in place, or gives the reason why not. The plan guarantees that `value` is of
/// the kind `takes`, never a blank one. Texts that a step makes live in context.arena.
using StepFn = Reason (*)(const StepArgs* args, Value& value, StepContext& context) noexcept;

enum class StepFamily : std::uint8_t {
  text,  // a word of `text:`
  type,  // a word of `type:`
  other,
};

/// When a step that has words of its own runs: on each part of what the source gives, before or
/// behind the words of `text:`; or on the finished value, which it accepts or refuses.
enum class StepTime : std::uint8_t { none, before_text, after_text, check };

/// A word of the mapping that a step has of its own.
struct StepWord {
  std::string_view name;
  Form form;
  std::string_view about;
  std::string_view values{};  // of Form::word: "first, second", the default first
  PhraseCode missing{};       // what to say where it is not there; none: it may be left out
  std::int64_t least = 0;     // of Form::count
  PhraseCode too_small{};     // what to say below it
};

struct StepSpec;

/// What a column tells a step: its words as they were read, each in the member of its form.
struct StepTold {
  struct Value {
    std::string_view word;
    Span key;
    Span span;
    Text text;                // text, word, character, number, file, expression
    std::vector<Text> texts;  // texts, words, range (two)
    std::vector<Pair> pairs;
    Count count;  // count, position
    Switch toggle;
  };
  const StepSpec* spec = nullptr;
  Span span;  // of the first of its words
  std::vector<Value> values;

  /// Of a word of the step or of its map; null where it is not there.
  [[nodiscard]] const Value* value(std::string_view word) const noexcept {
    for (const Value& one : values)
      if (one.word == word) return &one;
    return nullptr;
  }
};

/// What a step may ask while it compiles its words.
class StepCompiler {
 public:
  virtual void error(DiagnosticCode code, Span span, std::vector<Phrase> values) = 0;
  /// Reads a constant of the column's type, as its finished value is; false where it is none, which
  /// is told. It lives as long as the plan.
  virtual bool constant(const Text& text, Value& out) = 0;
  /// What the column holds when it is not blank.
  [[nodiscard]] virtual Kind kind() const noexcept = 0;
  /// For compile_pattern().
  [[nodiscard]] virtual class PatternPool* patterns() noexcept { return nullptr; }

 protected:
  StepCompiler() = default;
  ~StepCompiler() = default;
  StepCompiler(const StepCompiler&) = default;
  StepCompiler& operator=(const StepCompiler&) = default;
};

/// One worked case. `column`: the words of the column beside `from` (YAML flow, `type: decimal,
/// decimals: 2`); `in`: the source value as JSON; `out`: what a CSV shows; or `code`.
struct Example {
  std::string_view title;
  std::string_view column;
  std::string_view in;
  std::string_view out{};
  RecordCode code = RecordCode::ok;
};

struct StepSpec {
  std::string_view name;
  StepFamily family;
  std::string_view
      word;    // of the mapping language; several with a blank between ("date datetime time")
  Kind takes;  // missing: any kind, that of the step's arguments
  Kind gives;
  std::string_view summary;
  std::string_view doc;
  std::string_view source;  // the standard it rests on, or "trama"
  std::span<const RecordCode> errors;
  std::span<const Example> examples;
  StepFn fn;

  // Of a step with words of its own.
  StepTime time = StepTime::none;
  std::span<const StepWord> words{};  // of the column; if the first is a Form::map …
  std::span<const StepWord> map{};    // … those inside it
  /// The types that obey the words, a blank between them, or those that do not; both "": all do.
  std::string_view types{};
  std::string_view not_types{};
  /// What comes out goes through the step unchanged a second time.
  bool settles = false;
  /// The arguments, all words that must be there being there; null where they are wrong,
  /// which is told.
  std::shared_ptr<const StepArgs> (*compile)(const StepTold& told,
                                             StepCompiler& compiler) = nullptr;
};

/// Every step, in the order of step/all.inc.
std::span<const StepSpec* const> all_steps() noexcept;
/// The step of `text: [word]`, `type: word` or another word of a column, or nullptr.
const StepSpec* find_step(StepFamily family, std::string_view word) noexcept;
/// All words of `text:` or `type:`, "trim, upper-case, …", in the order of step/all.inc. `text` and
/// `json` are types too, though no step makes them.
std::string step_words(StepFamily family);

}  // namespace trama
