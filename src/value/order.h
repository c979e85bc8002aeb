// The order of two values: one function for `between`, `one_of`, `total`, rules and duplicates.

#pragma once

#include "base/codes.h"
#include "value/value.h"

namespace trama {

/// `order`: <0, 0 or >0 for two values of one kind; of different kinds by their kind. Text goes by
/// bytes, date-times by instant where both have an offset and by wall clock where neither has.
///
/// Gives none; or why there is no order that holds for sure, and leaves `order` alone:
/// undecided_months (a month has no fixed length: P1M and P30D, where one has more months and the
/// other is longer beside them), or undecided_offsets (one time has an offset, the other none).
[[nodiscard]] Reason compare_values(const Value& a, const Value& b, int& order) noexcept;

/// The same for a value of a column and a constant of the mapping: a constant without an offset is
/// a time on the clock that the value shows.
[[nodiscard]] Reason compare_with_constant(const Value& value, const Value& constant,
                                           int& order) noexcept;

/// As the reason why a column is refused (WRONG_TYPE, quoting both values) what compare_values()
/// gives, which is the reason why a rule is undecided.
Reason refusal_of(Reason undecided) noexcept;

}  // namespace trama
