// Meaning: what each key and value of an outline is to the language, by the table of its words (mapping/words.h).

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/outline.h"
#include "mapping/words.h"

namespace trama {

/// What the keys of a map are.
enum class Keys : std::uint8_t {
  none,     // what a record or a table has
  words,    // of a section
  columns,  // names of columns that are defined here
  tables,   // names of tables
  types,    // of `defaults`
  fields,   // paths (`where: {path: values}`)
  codes,    // of a lookup
  limits,   // names of columns, each with a limit
  row,      // names of columns, each with its value in an expected row
};

struct Meaning {
  const Word* word = nullptr;  // whose value it is, or is in; of `Id: path` that of `from`
  Keys keys = Keys::none;      // if it is a map, or becomes one
  Section section{};           // of Keys::words
};

/// A column that a mapping defines.
struct OutlineColumn {
  std::uint32_t node = 0;
  std::string name;
  bool inner = false;  // of an `each`
};

/// A text with all that the features of an editor ask of it.
class MappingOutline {
 public:
  /// `text` outlives this.
  explicit MappingOutline(std::string_view text);

  [[nodiscard]] const Outline& outline() const noexcept { return outline_; }
  [[nodiscard]] const Meaning& operator[](std::uint32_t node) const { return meanings_[node]; }
  [[nodiscard]] const std::vector<OutlineColumn>& columns() const noexcept { return columns_; }
  /// Whether the key of a node is a column's name, where the column is defined.
  [[nodiscard]] bool defines_column(std::uint32_t node) const;
  /// The node of the column (of any depth) that a node is in or is, or Outline::kNone.
  [[nodiscard]] std::uint32_t column_around(std::uint32_t node) const;
  /// The section of the top that a node is in: "columns".
  [[nodiscard]] std::string top_of(std::uint32_t node) const;
  /// The scalar of a word of that column, or of another map of words; "" where there is none.
  [[nodiscard]] std::string text_below(std::uint32_t map, std::string_view word) const;

 private:
  Outline outline_;
  std::vector<Meaning> meanings_;
  std::vector<OutlineColumn> columns_;
};

/// Whether the value of a word is the name of a column.
bool names_column(const Word& word) noexcept;

/// A name of a column, and where it is written.
struct ColumnUse {
  std::string name;
  std::uint32_t node = 0;  // of the key or value that it is in
  TextRange range;         // as written, its quotes included
  bool key = false;        // of a map
  bool in_expression = false;
  bool defines = false;
};

/// All places that name a column of a mapping, in the order of the text.
/// A place in an expression that is not read as it is written (of several lines, with escapes)
/// has an empty range; so has one without a name for an expression that is wrong.
std::vector<ColumnUse> column_uses(const MappingOutline& mapping);

}  // namespace trama
