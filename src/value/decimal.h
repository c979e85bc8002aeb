// Decimal: an exact number of at most 38 digits, with its scale. Never a binary float.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/codes.h"

namespace trama {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

constexpr int kMaxDigits = 38;
/// Of 0.000…1 too: the decimals an exact product of two 38-digit numbers can have.
constexpr int kMaxScale = 76;

/// Away from zero is `up`, towards zero `down`; `exact` refuses what would need rounding.
enum class Rounding : std::uint8_t {
  exact,
  half_up,
  half_even,
  half_down,
  up,
  down,
  ceiling,
  floor
};

/// coefficient × 10^-scale. `scale` counts the decimals, 0 to kMaxScale; |coefficient| < 10^38;
/// `1.10` keeps its scale 2.
struct Decimal {
  Int128 coefficient = 0;
  int scale = 0;
};

/// Reads `[-]digits[.digits]`, plain ASCII, at least one digit on each side of a point; zeros in
/// front are allowed and do not count as digits. Gives Reason::none, number_digits (more than 38
/// digits, or kMaxScale decimals) or number_shape.
Reason read_decimal(std::string_view text, Decimal& out) noexcept;

/// Appends the digits: a point and exactly `scale` decimals, no thousands marks; zero has no sign.
void append_decimal(std::string& out, const Decimal& value);
/// The same into a buffer of at least kDecimalChars; gives the length.
constexpr std::size_t kDecimalChars = 80;
std::size_t write_decimal(char* out, const Decimal& value) noexcept;

/// <0, 0 or >0 by value: 1.0 equals 1.
int compare(const Decimal& a, const Decimal& b) noexcept;

/// `value` with exactly `scale` decimals. Gives none, number_rounds (mode exact) or number_digits.
Reason round_to(Decimal& value, int scale, Rounding mode) noexcept;

/// Exact; number_digits where 38 digits do not hold the result. Trailing zeros are given up where
/// only they are too many.
Reason add(const Decimal& a, const Decimal& b, Decimal& out) noexcept;
Reason subtract(const Decimal& a, const Decimal& b, Decimal& out) noexcept;
Reason multiply(const Decimal& a, const Decimal& b, Decimal& out) noexcept;
/// a × b, exact in 256 bits, rounded once to `scale`.
Reason multiply_to(const Decimal& a, const Decimal& b, int scale, Rounding mode,
                   Decimal& out) noexcept;
/// a × b ÷ c, exact, rounded once to `scale`; by_zero where c is zero. Mode exact refuses a
/// quotient that does not end.
Reason multiply_divide(const Decimal& a, const Decimal& b, const Decimal& c, int scale,
                       Rounding mode, Decimal& out) noexcept;

}  // namespace trama
