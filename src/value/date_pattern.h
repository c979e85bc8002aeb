// The inside of a DatePattern: its words one after another. Internal to src/value.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "value/date_named.h"
#include "value/dates.h"

namespace trama {

enum class DateWord : std::uint8_t {
  literal,
  year4,
  year2,
  month2,
  month1,
  month_short,
  month_long,
  day2,
  day1,
  weekday_short,
  weekday_long,
  hour2,
  hour1,
  minute,
  second,
  fraction,
  any_fraction,
  half_day,
  offset,
};

struct DateItem {
  DateWord word = DateWord::literal;
  std::size_t digits = 0;  // of a number, as written: 2 for MM, 1 for M (which reads 1 or 2)
  std::string literal;
  bool any_case = false;  // of a literal: it was in quotes, where letters are read in any case
  std::size_t at = 0;     // in the pattern
};

/// What is named by a word, so that two names of one part (MM and MMMM) are seen.
enum class DatePart : std::uint8_t {
  none,
  year,
  month,
  day,
  weekday,
  hour,
  minute,
  second,
  fraction,
  half_day,
  offset,
};

struct DatePatternParts {
  /// ymd and dmy: YYYY-MM-DD and DD/MM/YYYY, which have their own readers and writers. iso is of
  /// `named` too, and read without a call through it.
  enum class Form : std::uint8_t { pattern, ymd, dmy, iso, named };
  std::string words;
  Form form = Form::pattern;
  const NamedDateFormat* named = nullptr;
  std::vector<DateItem> items;
  Names names = Names::none;
  int first_year = -1;  // of two-digit years
  bool has_date = false;
  bool has_time = false;
  bool has_offset = false;
  bool has_half_day = false;  // am: hours are 1 to 12
  bool needs_names = false;
  bool needs_century = false;
  PhraseCode why_not_read{};  // none
};

DatePart part_of(DateWord word) noexcept;

}  // namespace trama
