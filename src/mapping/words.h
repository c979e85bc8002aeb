// Every word of the mapping language, in one table (words.inc). The reader, "did you mean", the
// schema for editors and the guide come from it, so that none of them can know a word that another
// does not.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/phrase.h"

namespace trama {

/// Where a word may stand.
enum class Section : std::uint8_t {
  top,
  input,
  table,
  rows,
  one_per,  // one_per: {split: …}, {days_from: …}
  only,
  duplicates,
  keep,  // keep: {highest: …}
  column,
  pick,     // from: {list: …}
  pick_is,  // is: {from: …}
  split,
  pad,
  expect_count,  // expect_count: {from: …}
  minor_units,   // minor_units: {from: …}
  currency,      // currency: {from: …}
  zone,          // zone: {from: …}, no_zone_means: {from: …}
  when_wrong,    // when_wrong: {write: …}
  unknown,       // unknown: {write: …, and: warn}
  choice,        // an entry of choose
  choice_value,  // write: {column: …}
  rule,
  limits,
  output,
  test,
  test_rejected,
  test_warning,
};
constexpr std::size_t kSections = static_cast<std::size_t>(Section::test_warning) + 1;

/// What the value of a word looks like.
enum class Form : std::uint8_t {
  text,
  file,  // the name of a file
  expression,
  word,       // one of `values`
  words,      // one of `values`, or a list of them
  step,       // the word of a step (step/all.inc): which there are, the plan knows
  steps,      // one such word, or a list of them
  format,     // the name of a format of rows (sink/all.inc): which there are, the plan knows
  texts,      // a text, or a list of texts
  character,  // one character
  toggle,     // yes or no
  count,
  records,        // a count, perhaps with the word "records"
  number,         // 1234.56
  decimals,       // a count, or by-currency
  limit,          // a count of records, or 10%
  column_limits,  // a map of columns, each with such a limit
  path,
  paths,       // a path, or a list of paths
  pairs,       // a map of texts
  range,       // [low, high]
  keep,        // first, last, none, highest X, lowest X, or {highest: …}
  sources,     // a path, {list: …}, or a list of these
  conditions,  // {path: value, path: [values]}
  path_or_conditions,
  row_items,        // a path, {split: …}, {days_from: …}, or a list of these
  text_or_words,    // a text, or a list of two
  toggle_or_paths,  // yes, no, or a list of paths
  toggle_or_from,   // yes, no, or {from: …}
  count_or_from,    // a count, or {from: …}
  text_or_from,     // a text, or {from: …}
  action,           // one of `values`, or {write: …}
  table_or_pairs,   // the name of a table, or pairs
  text_or_value,    // a constant, {column: Name} or {from: path}
  file_or_records,  // a file, or records written here
  file_or_rows,     // a file, or rows written here
  map,              // words of a section of its own
  maps,             // one such map, or a list of them
  tables,           // a map of tables
  columns,          // a map of columns
};

struct Word {
  Section section;
  std::string_view name;
  Form form;
  std::string_view
      values;  // those of Form::word, words and action: "skip, reject", the default first
  std::string_view about;
};

/// All words, in the order of words.inc: section by section, each as the guide tells them.
std::span<const Word> all_words() noexcept;

/// The word of that name there, or nullptr.
const Word* find_word(Section section, std::string_view name) noexcept;

/// "a column", "'input'": what a section is called in a message.
Phrase title(Section section);

/// "a path", "yes or no": what a value of that form is called in a message.
PhraseCode title(Form form) noexcept;

/// Whether `value` is one of "a, b, c".
bool is_listed(std::string_view values, std::string_view value) noexcept;

/// What to say about the unknown word: the nearest known one, where it belongs, or all that are
/// known.
Phrase help_for_unknown(Section section, std::string_view name);

/// A value as it stands in a message: not longer than one wants to read there.
std::string shown_value(std::string_view value);

/// "did you mean 'x'? possible: a, b, c".
Phrase help_for_value(std::string_view values, std::string_view value);

}  // namespace trama
