// Decimal arithmetic beyond 128 bits: what the fast paths of decimal.cpp fall back on.
// Internal to src/value.

#pragma once

#include "value/decimal.h"

namespace trama::wide {

/// a + b, or a - b; trailing zeros go where 38 digits would not hold the result otherwise.
Reason add(const Decimal& a, const Decimal& b, bool subtract, Decimal& out) noexcept;
Reason multiply(const Decimal& a, const Decimal& b, Decimal& out) noexcept;
/// a × b ÷ c rounded once; `c` is not zero.
Reason multiply_divide(const Decimal& a, const Decimal& b, const Decimal& c, int scale,
                       Rounding mode, Decimal& out) noexcept;

}  // namespace trama::wide
