// Products, quotients and sums that 128 bits do not hold. The only user of Boost.Multiprecision:
// fixed width, so nothing is allocated, and checked, so that a bound proved wrong ends the program
// instead of giving a wrong price.

#include "value/decimal_wide.h"

#include <boost/multiprecision/cpp_int.hpp>

#include "value/decimal_rounding.h"

namespace trama::wide {
namespace {

// The widest numerator: 38 digits times 38, times 10 to twice kMaxScale: 228 digits, 758 bits.
using Wide = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    1024, 1024, boost::multiprecision::signed_magnitude, boost::multiprecision::checked, void>>;

Wide wide_of(Int128 value) {
  const bool negative = value < 0;
  const UInt128 magnitude = negative ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
  Wide result = static_cast<std::uint64_t>(magnitude >> 64);
  result <<= 64;
  result += static_cast<std::uint64_t>(magnitude);
  return negative ? Wide(-result) : result;
}

Wide power_of_ten(int exponent) {
  return boost::multiprecision::pow(Wide(10), static_cast<unsigned>(exponent));
}

Reason narrow(const Wide& value, int scale, Decimal& out) {
  static const Wide kLimit = power_of_ten(kMaxDigits);
  const Wide magnitude = abs(value);
  if (magnitude >= kLimit) return Reason::number_digits;
  static const Wide kLow = (Wide(1) << 64) - 1;
  const auto high = static_cast<std::uint64_t>(Wide(magnitude >> 64));
  const auto low = static_cast<std::uint64_t>(Wide(magnitude & kLow));
  const auto bits = static_cast<Int128>((static_cast<UInt128>(high) << 64) | low);
  out = {value < 0 ? -bits : bits, scale};
  return Reason::none;
}

Reason narrow_exactly(Wide value, int scale, Decimal& out) {
  static const Wide kLimit = power_of_ten(kMaxDigits);
  while (scale > 0 && (scale > kMaxScale || abs(value) >= kLimit) && value % 10 == 0) {
    value /= 10;
    --scale;
  }
  return scale > kMaxScale ? Reason::number_digits : narrow(value, scale, out);
}

Reason divide(const Wide& numerator, const Wide& divisor, int scale, Rounding mode, Decimal& out) {
  const bool negative = (numerator < 0) != (divisor < 0);
  const Wide size = abs(divisor);
  Wide quotient;
  Wide rest;
  boost::multiprecision::divide_qr(Wide(abs(numerator)), size, quotient, rest);
  if (rest != 0) {
    if (mode == Rounding::exact) return Reason::number_rounds;
    const int half = Wide(rest * 2).compare(size);
    const bool odd = boost::multiprecision::bit_test(quotient, 0);
    if (rounds_away(mode, negative, half, odd)) ++quotient;
  }
  return narrow(negative ? Wide(-quotient) : quotient, scale, out);
}

}  // namespace

Reason add(const Decimal& a, const Decimal& b, bool subtract, Decimal& out) noexcept {
  const int scale = a.scale > b.scale ? a.scale : b.scale;
  const Wide left = wide_of(a.coefficient) * power_of_ten(scale - a.scale);
  const Wide right = wide_of(b.coefficient) * power_of_ten(scale - b.scale);
  return narrow_exactly(subtract ? Wide(left - right) : Wide(left + right), scale, out);
}

Reason multiply(const Decimal& a, const Decimal& b, Decimal& out) noexcept {
  return narrow_exactly(wide_of(a.coefficient) * wide_of(b.coefficient), a.scale + b.scale, out);
}

Reason multiply_divide(const Decimal& a, const Decimal& b, const Decimal& c, int scale,
                       Rounding mode, Decimal& out) noexcept {
  Wide numerator = wide_of(a.coefficient) * wide_of(b.coefficient);
  Wide divisor = wide_of(c.coefficient);
  const int shift = scale + c.scale - a.scale - b.scale;
  (shift < 0 ? divisor : numerator) *= power_of_ten(shift < 0 ? -shift : shift);
  return divide(numerator, divisor, scale, mode, out);
}

}  // namespace trama::wide
