// StepSpec and Step: the small functions that a column is made of. A step is one file: code,
// registration, documentation and examples together. Adding one is that file and its line in
// step/all.inc.
//
// Three families are reached by a word of the mapping alone: `text: [WORD]`, `type: WORD` and the
// rest (`kind` none), which the plan adds where the mapping has their words (decimals, lookup,
// between, …).

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
#include "value/value.h"
#include "value/zone.h"

namespace trama {

/// What a step was told by the mapping; each step that needs some has a struct of its own in
/// step/args.h.
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

  // Where it is noted which entries of lookup tables (LookupTable::find) and which choices were
  // taken, for `trama test --coverage`; null in a run.
  std::unordered_set<const void*>* taken = nullptr;

  // What the last reason quotes ({0} and {1} of its text).
  Value a{};
  Value b{};
  // Set by a step whose value is finished already (what an unknown code writes): no type or
  // conversion follows.
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
};

#define TRAMA_STEP(spec) extern const StepSpec spec;
#include "step/all.inc"
#undef TRAMA_STEP

/// Every step, in the order of step/all.inc.
std::span<const StepSpec* const> all_steps() noexcept;
/// The step of `text: [word]`, `type: word` or another word of a column, or nullptr.
const StepSpec* find_step(StepFamily family, std::string_view word) noexcept;
/// All words of `text:` or `type:`, "trim, upper-case, …", in the order of step/all.inc. `text` and
/// `json` are types too, though no step makes them.
std::string step_words(StepFamily family);

}  // namespace trama
