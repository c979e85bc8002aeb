// Every word of the mapping language, in one table: words.inc, and the words that steps have
// of their own (StepSpec::words). The reader, "did you mean", the schema for editors and the guide
// come from it, so that none of them can know a word that another does not.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "base/written.h"
#include "step/step.h"

namespace trama {

/// Where a word may stand. Behind these come the maps of steps, `pad: {to: …}`: section_of().
enum class Section : std::uint8_t {
  top,
  input,
  table,
  rate_side,  // from: {value: …}, to: {inside: …} of rates
  rows,
  one_per,  // one_per: {split: …}, {days_from: …}
  only,
  duplicates,
  identity,
  newer_by,  // newer_by: {from: …}
  keep,      // keep: {highest: …}
  column,
  pick,          // from: {list: …}
  pick_is,       // is: {from: …}
  expect_count,  // expect_count: {from: …}
  minor_units,   // minor_units: {from: …}
  currency,      // currency: {from: …}
  convert_to,    // convert_to: {from: …}
  zone,          // zone: {from: …}, no_zone_means: {from: …}
  when_wrong,    // when_wrong: {write: …}
  unknown,       // unknown: {write: …, and: warn}
  choice,        // an entry of choose
  choice_value,  // write: {column: …}, when_blank: {column: …}
  rule,
  limits,
  output,
  output_table,  // output: {table: {…}}
  test,
  test_rejected,
  test_warning,
};

/// How many sections there are, those of steps with them.
std::size_t section_count() noexcept;
/// The section of a step's map.
Section section_of(const StepSpec& step) noexcept;
/// The step whose map it is, or nullptr.
const StepSpec* step_of(Section section) noexcept;

struct Word {
  Section section;
  std::string_view name;
  Form form;
  std::string_view
      values;  // those of Form::word, words and action: "skip, reject", the default first
  std::string_view about;
  std::int64_t least = 0;  // of Form::count
  PhraseCode too_small{};  // what to say below it
};

/// All words, in the order of words.inc, those of steps at their places: section by section, each
/// as the guide tells them.
std::span<const Word> all_words() noexcept;

/// The word of that name there, or nullptr.
const Word* find_word(Section section, std::string_view name) noexcept;

/// The section of the words in its value, where that may be a map of words: of `keep` Section::keep.
std::optional<Section> section_below(const Word& word) noexcept;

/// "a column", "'input'": what a section is called in a message.
Phrase title(Section section);

/// "a path", "yes or no": what a value of that form is called in a message.
PhraseCode title(Form form) noexcept;

/// The parts of "a, b, c".
std::vector<std::string_view> split_values(std::string_view values);

/// Whether `value` is one of "a, b, c".
bool is_listed(std::string_view values, std::string_view value) noexcept;

/// What to say about the unknown word: the nearest known one, where it belongs,
/// or all that are known.
Phrase help_for_unknown(Section section, std::string_view name);

/// A value as it stands in a message: not longer than one wants to read there.
std::string shown_value(std::string_view value);

/// "did you mean 'x'? possible: a, b, c".
Phrase help_for_value(std::string_view values, std::string_view value);

}  // namespace trama
