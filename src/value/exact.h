// Exact: a number of any width, or the quotient of two: what an expression, a sum or a conversion
// evaluates to before it is rounded once. The limit of 38 digits is on what is written (Decimal).
//
// Only results that a Decimal cannot hold come here, so it may be slow; it allocates.

#pragma once

#include <memory>

#include "value/decimal.h"

namespace trama {

class Exact {
 public:
  Exact();  // 0
  explicit Exact(const Decimal& value);
  Exact(const Exact& other);
  Exact(Exact&& other) noexcept;
  Exact& operator=(const Exact& other);
  Exact& operator=(Exact&& other) noexcept;
  ~Exact();

  void add(const Exact& other);
  void subtract(const Exact& other);
  void multiply(const Exact& other);
  /// False, and the number as it was, where `other` is zero.
  [[nodiscard]] bool divide(const Exact& other);
  void negate();
  /// × 10^-places
  void shift(int places);

  /// <0, 0 or >0 by value.
  [[nodiscard]] int compare(const Exact& other) const;
  /// Every digit: number_digits where 38 do not hold them (trailing zeros are given up where only
  /// they are too many, but with keep_zeros), number_rounds where a quotient does not end.
  Reason to_decimal(Decimal& out, bool keep_zeros = false) const;
  /// Rounded to exactly `scale` decimals: none, number_rounds (mode exact) or number_digits.
  Reason round(int scale, Rounding mode, Decimal& out) const;

 private:
  struct Number;
  std::unique_ptr<Number> number_;
};

}  // namespace trama
