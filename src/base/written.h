// What is written in a mapping: scalars and pairs of them, each with its place.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace trama {

/// A scalar as it was written. `stated()` tells whether the mapping has it at all.
struct Text {
  std::string text;
  Span span;
  bool quoted = false;  // in quotes or a block: never a word of the language such as `none`

  [[nodiscard]] bool stated() const noexcept { return span.line != 0; }
  [[nodiscard]] std::string_view view() const noexcept { return text; }
};

/// A switch: yes or no.
struct Switch {
  bool on = false;
  Span span;
  [[nodiscard]] bool stated() const noexcept { return span.line != 0; }
};

/// A count.
struct Count {
  std::int64_t count = 0;
  Span span;
  [[nodiscard]] bool stated() const noexcept { return span.line != 0; }
};

struct Pair {
  Text key;
  Text value;
};

/// "a, b, c": in messages of every language.
std::string listed(const std::vector<Text>& words);

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
  position,       // 1 is the first, -1 the last
  records,        // a count, perhaps with the word "records"
  number,         // 1234.56
  decimals,       // a count, or by-currency
  limit,          // a count of records, or 10%
  column_limits,  // a map of columns, each with such a limit
  path,
  paths,       // a path, or a list of paths
  path_or_from,  // a path, or {from: …}
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
  text_or_constant,  // the name of a column, or {value: …}
  action,           // one of `values`, or {write: …}
  table_or_pairs,   // the name of a table, or pairs
  text_or_value,    // a constant, {column: Name} or {from: path}
  file_or_records,  // a file, or records written here
  file_or_rows,     // a file, or rows written here
  map,              // words of a section of its own
  maps,             // one such map, or a list of them
  tables,           // a map of tables
  columns,          // a map of columns
  type_words,       // a map of types, each with words of a column
};

}  // namespace trama
