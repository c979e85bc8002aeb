// Which words of a column do something beside which source and type (word_effects.inc): what
// `check` refuses, what the schema for editors allows, and what a test tries against the engine.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/codes.h"
#include "mapping/mapping.h"

namespace trama {

/// Where a value comes from, as far as words differ by it.
enum class SourceKind : std::uint8_t {
  one,       // a path, or a pick of one item
  many,      // several values: glued by `join`, or a JSON list
  total,     // several values of which `total` makes one
  count,     // `total: count`
  total_of,  // `total` of a column of an `each`
  first_of,
  value,
  constants,  // `choose` between constants alone
  compute,
  choose,
  rate_of,
  rate_day_of,
  currency_of,
  each,
  by,
  none,
};

/// Sets of SourceKind or of types, a bit each.
using SourceSet = std::uint32_t;
using TypeSet = std::uint32_t;

/// The types by their bits, in the order of TypeSet: text, email, …
std::span<const std::string_view> word_types() noexcept;
/// The bit of the type of that name; 0 where there is none.
TypeSet type_bit(std::string_view type) noexcept;
TypeSet every_type() noexcept;
/// "date, datetime or time".
Phrase listed_types(TypeSet types);

struct WordEffect {
  std::string_view word;
  SourceSet sources;
  TypeSet types;

  [[nodiscard]] bool obeyed_by(SourceKind source) const noexcept {
    return (sources & (SourceSet{1} << static_cast<unsigned>(source))) != 0;
  }
};
/// Without `other` ("": anyhow) the word does nothing where the type is one of `types`.
struct WordNeed {
  std::string_view word;
  std::string_view other;
  TypeSet types;
  DiagnosticCode code;
  PhraseCode help;
};
/// Beside `other` the word does nothing.
struct WordSpoiled {
  std::string_view word;
  std::string_view other;
  PhraseCode why;
};

std::span<const WordEffect> word_effects() noexcept;
std::span<const WordNeed> word_needs() noexcept;
std::span<const WordSpoiled> words_spoiled() noexcept;

/// Whether `word` names where the value comes from: a column has exactly one such.
bool is_source_word(std::string_view word) noexcept;
/// Whether a column says it for itself, and no `defaults` for it: where its value comes from, what
/// it is, what it is for.
bool is_of_one_column(std::string_view word) noexcept;
SourceKind source_kind(const Column& column) noexcept;
/// Whether `split` says no `take`: all parts go on, as several values.
bool splits_to_all(const Column& column) noexcept;
/// "'value'", "one value": a source as a message names it.
Phrase title(SourceKind source);
/// Why nothing but the words of its line does something beside a source.
PhraseCode why_not_beside(SourceKind source) noexcept;

}  // namespace trama
