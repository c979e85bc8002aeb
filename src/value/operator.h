// Operator: what the expressions of `check:`, `when:` and `compute:` can do with values.
// The reader of expressions (mapping) and the program that runs them (step) share these words,
// and nothing else.

#pragma once

#include <cstdint>

namespace trama {

/// In the order of their precedence from weak to strong, but for the last six, which are words
/// about days and times.
enum class Operator : std::uint8_t {
  either,    // A or B
  both,      // A and B
  negation,  // not A
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  blank,       // A is blank
  not_blank,   // A is not blank
  one_of,      // A is one of [B, C, …]
  not_one_of,  // A is not one of [B, C, …]
  matches,     // A matches "pattern"
  between,     // A between B and C
  add,
  subtract,
  multiply,
  divide,
  minus,          // - A
  add_days,       // A + B days
  subtract_days,  // A - B days
  days_between,   // days between A and B: B - A
  hours_between,  // hours between A and B, of date-times; exact, so perhaps a fraction
  minutes_between,
  day_of,  // day of A in a zone: the date of an instant there
};

}  // namespace trama
