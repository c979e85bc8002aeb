// Words: what a Summary holds as data, as messages say it. The end report, the summary file and
// `trama test` say the same of the same.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/summary.h"
#include "text/language.h"

namespace trama {

/// The name of the column or rule; of the record as a whole nothing.
std::string where_of(const About& about, const SummaryNames& names);

std::string words_of(const ToldValue& value);

/// "read", "refused", …
std::string_view word_of(InputFacts::State state) noexcept;

/// One sentence. `rule_message`: the mapping's, of a rule. `count`:
/// " × 3", in its place in a warning.
std::string message_of(const Told& told, Language language, std::string_view rule_message = {},
                       std::string_view count = {});

struct WarningWords {
  std::string code;
  std::string where;
  std::string message;
  std::string column_message;  // of the mapping's author
};
WarningWords words_of(const Summary::Warning& kind, const SummaryNames& names, Language language,
                      std::string_view count = {});

/// An error of a rejected record, as the screen shows it.
struct ErrorWords {
  std::string code;
  std::string where;           // the column or rule
  std::string what;            // "QUA" is not in habitaciones
  std::string hint;            // its character 5 is U+202F, …
  std::string more;            // known: DBL, SGL, TPL
  std::string data_at;         // dump.json:27:22
  std::string mapping_at;      // hotelera-andina.yaml:89:5
  std::string item;            // rooms[2], row 3
  std::string column_message;  // of the mapping's author
};
/// `file`: that the record is from.
ErrorWords words_of(const ShownReject::Error& error, const SummaryNames& names, Language language,
                    std::string_view file);

/// The code of all warnings that are alike.
std::string_view code_word(const Summary::WarningCode& code) noexcept;

/// `"CONF"` as a report quotes a value that a lookup did not find.
std::string unknown_word(std::string_view value);
/// The line that adds a value to a table, or "" where only its beginning is known. What it means is
/// left open, so that `check` refuses a line that nobody has finished (of a CSV it is a `?`).
std::string line_to_add(const TableHome& table, std::string_view value);

/// The item and the row that something is about: "rooms[2], row 3".
/// Kept with a record it is data, and English.
std::string item_words(std::string_view item, std::uint32_t row, Language language = Language::en);

/// Errors with names in place of numbers, in the order of their codes and of where they are.
struct ListedError {
  std::string code;
  std::string where;
  About::Kind kind = About::Kind::record;
  Tally tally;
};
std::vector<ListedError> listed_errors(const Summary& summary, const SummaryNames& names);
/// The same of warnings.
std::vector<ListedError> listed_warnings(const Summary& summary, const SummaryNames& names);

}  // namespace trama
