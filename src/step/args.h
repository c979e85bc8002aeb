// What the mapping tells those steps that need more than their value.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/phrase.h"
#include "base/word_list.h"
#include "step/lookup_table.h"
#include "step/specs.h"
#include "value/dates.h"
#include "value/decimal.h"
#include "value/format.h"
#include "value/order.h"

namespace re2 {
class RE2;
}

namespace trama {

/// How a number may be written, by an example of it: "1234.56", "1.234,56", "1.5e3", "+1.5". An
/// example shows the marks, not the length; thousands marks are at every third digit or nowhere.
struct NumberShape {
  std::string example;
  std::string point =
      ".";  // UTF-8 of the decimal mark; empty: the example has no decimals and shows none
  std::string thousands;  // UTF-8 of the thousands mark, or empty
  bool exponent = false;
  bool plus = false;
};

/// Reads an example of `read_number`; false and a sentence where it is none.
bool read_number_example(std::string_view example, NumberShape& out, Phrase& problem);

/// kReadNumber: `type: decimal`, integer and money. Digits only are read here;
/// rounding is kRound's.
struct NumberArgs : StepArgs {
  std::vector<NumberShape> shapes;  // of texts; empty: digits with a point
  std::string shown;                // the examples, for messages ("1234.56" or "1.234,56")
  bool exponent = false;            // a JSON number may have one: some shape shows it
};

/// kRound: `decimals`, `rounding`.
struct RoundArgs : StepArgs {
  int decimals = 0;
  Rounding rounding = Rounding::exact;
};

/// kTimes: `times`, and `decimals` and `rounding` where they are stated, so that the exact product
/// is rounded once.
struct TimesArgs : StepArgs {
  Decimal factor;
  int decimals = -1;  // -1: not stated
  Rounding rounding = Rounding::exact;
};

enum class ClockChange : std::uint8_t { reject, earlier, later };

/// kReadDate: `type: date`, datetime and time.
struct DateArgs : StepArgs {
  Kind target = Kind::date;  // date, datetime or time; missing: a date or a datetime, as it is
  std::vector<DatePattern> patterns;
  std::string shown;       // the patterns, for messages
  int no_zone_means = -1;  // index into StepContext::zones, or -1
  int zone = -1;
  ClockChange clock_change = ClockChange::reject;
};

/// kCurrency: `withdrawn`.
struct CurrencyArgs : StepArgs {
  bool reject_withdrawn = false;
};

/// kReadBoolean: `yes_words`, `no_words`; both empty: JSON's true and false, also as text.
struct BooleanArgs : StepArgs {
  std::vector<std::string> yes;
  std::vector<std::string> no;
};

enum class DurationUnit : std::uint8_t { iso, minutes, hours, seconds };

/// kReadDuration: `read`.
struct DurationArgs : StepArgs {
  DurationUnit unit = DurationUnit::iso;
};

/// kInUnit: `write: hours` of a duration.
struct InUnitArgs : StepArgs {
  ColumnFormat format;
  std::string unit;  // as the mapping has it
};

constexpr std::size_t kNoDumpTable = SIZE_MAX;

/// kLookup: `lookup`, `unknown`, `ignore_case`.
struct LookupArgs : StepArgs {
  std::shared_ptr<const LookupTable> table;  // null: one of the next two
  std::size_t dump_table = kNoDumpTable;     // it travels in the dump: which of
                                             // StepContext::dump_tables
  std::shared_ptr<const DatedLookup> dated;  // or it has lines by day: StepContext::day
  std::string table_name;  // for messages; "the table" where it is written in the column
  bool ignore_case = false;
  enum class Unknown : std::uint8_t { reject, keep, write_blank, write };
  Unknown unknown = Unknown::reject;
  Value write;        // a finished value of the column's type
  bool warn = false;  // tell about unknown ones
};

/// What kLookup does where the table travels in the dump: each input has its own.
Reason lookup_in_dump(const StepArgs* args, Value& value, StepContext& context) noexcept;
/// What kLookup does where the table has lines by day.
Reason lookup_by_day(const StepArgs* args, Value& value, StepContext& context) noexcept;

/// kSplit: `split: {by: ".", take: 1}`.
struct SplitArgs : StepArgs {
  std::string by;
  std::int64_t take = 1;  // from 1, or from the end with -1; 0: all parts, which the plan makes
};

/// kReplace: `replace`, in its order.
struct ReplaceArgs : StepArgs {
  struct One {
    std::shared_ptr<const re2::RE2> pattern;
    std::string with;  // \1 is a group, as RE2 rewrites
    bool may_match_inside =
        false;  // with \B, RE2 finds the empty text between the bytes of a character
  };
  std::vector<One> all;
};

/// Compiles one replacement; false and a sentence where the pattern,
/// or a group that `with` names, is none.
bool compile_replacement(std::string_view pattern, std::string_view with, ReplaceArgs::One& out,
                         std::string& problem, class PatternPool* pool = nullptr);

/// kPad: `pad: {to: 3, with: "0"}`, in front.
struct PadArgs : StepArgs {
  std::size_t to = 0;
  std::string with;  // one code point
};

/// kSmallWords: by their case folding, as they are written.
struct SmallWordsArgs : StepArgs {
  std::map<std::string, std::string, std::less<>> words;
};

/// kPattern: `pattern`, the whole value.
struct PatternArgs : StepArgs {
  std::shared_ptr<const re2::RE2> pattern;
  std::string shown;
};

/// Compiles a pattern with our options; null and an explanation where it cannot be compiled, or has
/// \C. Every pattern of a mapping or a schema is compiled here.
std::shared_ptr<const re2::RE2> compile_pattern(std::string_view pattern, std::string& problem,
                                                class PatternPool* pool = nullptr);

/// The patterns of a mapping: each is compiled once, and it is known what memory they may take as
/// they are used (RE2 keeps what it finds out about a pattern, up to a limit).
class PatternPool {
 public:
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  friend std::shared_ptr<const re2::RE2> compile_pattern(std::string_view pattern,
                                                         std::string& problem, PatternPool* pool);
  std::map<std::string, std::shared_ptr<const re2::RE2>, std::less<>> compiled_;
  std::size_t bytes_ = 0;
};

/// kLength: `at_least`, `at_most` of texts; -1: not stated.
struct LengthArgs : StepArgs {
  std::int64_t at_least = -1;
  std::int64_t at_most = -1;
};

/// kBetween: `between: [low, high]` of finished values, ends included; a blank one is open.
struct BetweenArgs : StepArgs {
  Value low;
  Value high;
};

/// kOneOf: `one_of`; compares values, so 1.0 is 1 among numbers.
struct OneOfArgs : StepArgs {
  std::vector<Value> values;
  WordList texts;  // where all are texts: the same
  std::string shown;
};

}  // namespace trama
