// Phrase: a text for people that is not in a language yet. Whatever is reported is made of them,
// and text/ alone turns them into English or Spanish.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/codes.h"

namespace trama {

/// The phrases that are parts of messages. Who names one includes base/phrase_codes.h: so a new
/// message rebuilds only those.
enum class PhraseCode : std::uint16_t;

/// A name, a number or a value as it is; or a phrase of the catalogue with what goes into its
/// places; or several phrases in a row.
///
///   Phrase(table.name)                                   paises
///   Phrase(PhraseCode::a_list)                           a list
///   Phrase(PhraseCode::list_of, {counted(2)})            a list of 2
///   Phrase::several({PhraseCode::a_list, ": ", table.name})   a list: paises
struct Phrase {
  Phrase() = default;
  // NOLINTBEGIN(google-explicit-constructor): a text is a phrase
  Phrase(std::string as_it_is) : text(std::move(as_it_is)) {}
  Phrase(std::string_view as_it_is) : text(as_it_is) {}
  Phrase(const char* as_it_is) : text(as_it_is) {}
  Phrase(PhraseCode code, std::vector<Phrase> with = {})
      : Phrase(Table::phrase, static_cast<std::uint16_t>(code), std::move(with)) {}
  Phrase(RecordCode code) : Phrase(Table::code, static_cast<std::uint16_t>(code), {}) {}
  Phrase(Reason reason, std::vector<Phrase> with)
      : Phrase(Table::reason, static_cast<std::uint16_t>(reason), std::move(with)) {}
  Phrase(FailureCode code, std::vector<Phrase> with)
      : Phrase(Table::failure, static_cast<std::uint16_t>(code), std::move(with)) {}
  Phrase(NoticeCode code, std::vector<Phrase> with = {})
      : Phrase(Table::notice, static_cast<std::uint16_t>(code), std::move(with)) {}
  // NOLINTEND(google-explicit-constructor)

  /// "a", "a or b", "a, b or c"; `last`: list_or or list_and.
  static Phrase listed(std::span<const std::string_view> names, PhraseCode last);
  /// With list_or.
  static Phrase listed(std::span<const std::string_view> names);
  /// These, one behind the other.
  static Phrase several(std::vector<Phrase> phrases);

  [[nodiscard]] bool empty() const noexcept {
    return table == Table::none && text.empty() && values.empty();
  }
  bool operator==(const Phrase&) const = default;

  /// The tables of the catalogue that a phrase can be from; none: it is `text` and then `values`.
  enum class Table : std::uint8_t { none, phrase, code, reason, failure, notice };
  Table table = Table::none;
  std::uint16_t row = 0;  // of the table
  std::string text;
  std::vector<Phrase> values;  // of a row of a table, by the order of its parameters

 private:
  Phrase(Table from, std::uint16_t at, std::vector<Phrase> with)
      : table(from), row(at), values(std::move(with)) {}
};

}  // namespace trama
