// Whether a quotient that was cut goes one up. Internal to src/value.

#pragma once

#include "value/decimal.h"

namespace trama {

/// `half`: how the part cut off (never nothing) compares with one half: <0, 0 or >0. `odd`: of the
/// last digit kept.
constexpr bool rounds_away(Rounding mode, bool negative, int half, bool odd) noexcept {
  switch (mode) {
    case Rounding::exact:
    case Rounding::down:
      return false;
    case Rounding::up:
      return true;
    case Rounding::half_up:
      return half >= 0;
    case Rounding::half_down:
      return half > 0;
    case Rounding::half_even:
      return half > 0 || (half == 0 && odd);
    case Rounding::ceiling:
      return !negative;
    case Rounding::floor:
      return negative;
  }
  return false;
}

}  // namespace trama
