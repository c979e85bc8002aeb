// How a finished value is written as text, and an error of a record: what both the row writers and
// the reports need.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/codes.h"
#include "value/dates.h"
#include "value/decimal.h"
#include "value/value.h"

namespace trama {

/// What the mapping says about writing the values of one column.
struct ColumnFormat {
  Kind kind = Kind::text;  // what the column holds when it is not blank
  std::optional<DatePattern>
      pattern;  // of dates and times; none: YYYY-MM-DD or the full ISO-8601 form
  std::string yes = "true";
  std::string no = "false";
  bool boolean_words = false;  // `write` gave words, so JSON writes text
  enum class DurationUnit : std::uint8_t {
    iso,
    minutes,
    hours,
    seconds
  } duration = DurationUnit::iso;
  // Of a duration that is written in a unit: how many decimals the number has; -1:
  // all that it needs.
  int decimals = -1;
  Rounding rounding = Rounding::exact;
};

/// A duration without months as a number of the unit of `format`, with its decimals. Gives none,
/// number_rounds (it has more decimals than stated, or no end where none are) or number_digits.
Reason duration_in(const ColumnFormat& format, const Duration& duration, Decimal& out) noexcept;
/// The same of a value that went through kInUnit, which refuses all others.
Decimal duration_in(const ColumnFormat& format, const Duration& duration) noexcept;

/// Writes a date, time or datetime in its usual form: 2025-02-28, 21:30:00 or
/// 2025-02-28T21:30:00.5-05:00 (the fraction with its digits, `Z` for the offset 0, nothing where
/// there is none). Gives the length.
constexpr std::size_t kMomentChars = 48;
std::size_t write_moment(char* out, const Value& value) noexcept;

/// Appends `value` as plain text: digits with a point, dates by the format, text as it is,
/// blanks as nothing.
void append_plain(std::string& out, const Value& value, const ColumnFormat& format);
/// The same for messages, where no column is at hand.
std::string plain(const Value& value);

constexpr int kOpenScale = -1;

/// What the values of a column are, as far as the mapping proves it.
///
///   Total: {from: t, type: decimal, decimals: 2, between: [0, 9999.99], required: yes}
///   -> decimal, precision 6, scale 2, not nullable
struct OutputType {
  Kind kind = Kind::text;  // of what is not blank, before it is written; json with columns: a list
  int precision = 0;       // of decimals: digits at most, in all
  int scale = kOpenScale;  // of decimals: each has so many behind the point
  bool nullable = true;    // a row may have a blank there
  /// Of date-times: whether all have an offset (an instant), none has, or each as it comes.
  enum class Clock : std::uint8_t { either, instant, local } clock = Clock::either;
};

/// One column of the output, in output order; internal columns are none.
struct OutputColumn {
  std::string name;       // a dot nests it in JSON
  std::size_t value = 0;  // index of its value among the values of a row
  OutputType type;
  ColumnFormat format;
  std::string blank_as;               // CSV: what a blank is written as
  bool blank_left_out = false;        // JSON: a blank is left out, else null
  std::vector<OutputColumn> columns;  // of `each`: those of its objects
};

/// What the mapping's `output` says about writing rows, but for the format itself, which is a
/// FormatSpec of sink/.
struct OutputFormat {
  std::string separator = ",";
  std::string decimal_mark = ".";
  std::string thousands_mark;
  bool header = true;
  bool for_excel = false;
  bool numbers_as_text = false;
  bool rest = false;  // JSON: fields that no column reads are copied
  std::vector<OutputColumn> columns;
  std::vector<std::string> audit_columns;  // of file, record, line, run, …

  /// Of a database: what the mapping says of the table.
  struct Table {
    std::string name;                          // "": that of the mapping
    bool create = true;                        // where it is not there
    bool gone_is_deleted = false;              // of `full_dump`; else it is marked
    std::map<std::string, std::string> types;  // by column, as the database calls them
  } table{};
};

constexpr std::uint16_t kNoColumn = UINT16_MAX;
constexpr std::uint32_t kNoRule = UINT32_MAX;
constexpr std::uint32_t kNoByte = UINT32_MAX;
constexpr std::uint32_t kNoPlace = UINT32_MAX;

/// Why a record (or one value of it) was refused, or a warning about it: flat, its words are made
/// in report/. Between the parts of a composite key; shown as " / ".
constexpr char kBetweenKeyParts = '\x1e';
/// Appends a part to a composite key, so that two keys are equal only where their parts are.
void append_key_part(std::string& key, bool first, std::string_view part);
/// The parts that append_key_part() made `key` of: as many as `parts` has.
void split_key_parts(std::string_view key, std::span<std::string> parts);

/// Of one record so many errors are told, and the rest counted.
constexpr std::size_t kToldErrors = 100;

struct RecordError {
  Reason reason = Reason::none;
  std::uint16_t column = kNoColumn;  // index of the plan's columns
  bool personal = false;             // what was found lies at a personal place above `path`
  std::uint32_t rule = kNoRule;      // index of the plan's rules
  std::uint32_t byte = kNoByte;      // of the value's first byte, from the start of the frame
  std::uint32_t place =
      kNoPlace;           // index of the plan's places: the word of the mapping that it broke
  std::string_view path;  // JSON Pointer of the value in the record, or empty
  std::uint32_t above = kNoByte;  // in exec/ alone: `path` goes on from the value that begins there
  std::string_view item;          // of `rows` or `each`, that it is about: "rooms[2]"; or empty
  std::uint32_t row = 0;  // of those that the record makes, from 1; 0: it is about all of them
  Value value;            // what was found there
  Value a;                // what the reason quotes
  Value b;
};

}  // namespace trama
