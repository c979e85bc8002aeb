#include "value/exact.h"

#include <boost/multiprecision/cpp_int.hpp>

#include "value/decimal_rounding.h"

namespace trama {
namespace {

using Big = boost::multiprecision::cpp_int;

Big big_of(Int128 value) {
  const bool negative = value < 0;
  const UInt128 magnitude = negative ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
  Big result = static_cast<std::uint64_t>(magnitude >> 64);
  result <<= 64;
  result += static_cast<std::uint64_t>(magnitude);
  return negative ? Big(-result) : result;
}

Big power_of_ten(int exponent) {
  return boost::multiprecision::pow(Big(10), static_cast<unsigned>(exponent));
}

Reason narrow(const Big& value, int scale, Decimal& out) {
  static const Big kLimit = power_of_ten(kMaxDigits);
  static const Big kLow = (Big(1) << 64) - 1;
  const Big magnitude = abs(value);
  if (magnitude >= kLimit) return Reason::number_digits;
  const auto high = static_cast<std::uint64_t>(Big(magnitude >> 64));
  const auto low = static_cast<std::uint64_t>(Big(magnitude & kLow));
  const auto bits = static_cast<Int128>((static_cast<UInt128>(high) << 64) | low);
  out = {value < 0 ? -bits : bits, scale};
  return Reason::none;
}

}  // namespace

/// numerator ÷ divisor × 10^-scale; the divisor is above zero, and 1 where nothing was divided.
struct Exact::Number {
  Big numerator = 0;
  Big divisor = 1;
  int scale = 0;

  /// The same number with more decimals.
  void fit(int decimals) {
    if (decimals <= scale) return;
    numerator *= power_of_ten(decimals - scale);
    scale = decimals;
  }
  void add(Number other, bool subtract) {
    fit(other.scale);
    other.fit(scale);
    if (divisor != other.divisor) {
      numerator *= other.divisor;
      other.numerator *= divisor;
      divisor *= other.divisor;
    }
    if (subtract) {
      numerator -= other.numerator;
    } else {
      numerator += other.numerator;
    }
  }
};

Exact::Exact() : number_(std::make_unique<Number>()) {}
Exact::Exact(const Decimal& value) : Exact() {
  number_->numerator = big_of(value.coefficient);
  number_->scale = value.scale;
}
Exact::Exact(const Exact& other) : number_(std::make_unique<Number>(*other.number_)) {}
Exact::Exact(Exact&& other) noexcept = default;
Exact& Exact::operator=(const Exact& other) {
  *number_ = Number(*other.number_);
  return *this;
}
Exact& Exact::operator=(Exact&& other) noexcept = default;
Exact::~Exact() = default;

void Exact::add(const Exact& other) {
  number_->add(*other.number_, false);
}

void Exact::subtract(const Exact& other) {
  number_->add(*other.number_, true);
}

void Exact::multiply(const Exact& other) {
  number_->numerator *= other.number_->numerator;
  number_->divisor *= other.number_->divisor;
  number_->scale += other.number_->scale;
}

bool Exact::divide(const Exact& other) {
  const Number& by = *other.number_;
  if (by.numerator == 0) return false;
  Big divisor = number_->divisor * by.numerator;
  number_->numerator *= by.divisor;
  const int scale = number_->scale - by.scale;
  if (divisor < 0) {
    divisor = -divisor;
    number_->numerator = -number_->numerator;
  }
  number_->divisor = std::move(divisor);
  number_->scale = scale;
  number_->fit(0);  // never fewer than no decimals
  return true;
}

void Exact::negate() {
  number_->numerator = -number_->numerator;
}

void Exact::shift(int places) {
  number_->scale += places;
}

int Exact::compare(const Exact& other) const {
  Number difference = *number_;
  difference.add(*other.number_, true);
  return difference.numerator.sign();
}

Reason Exact::to_decimal(Decimal& out, bool keep_zeros) const {
  static const Big kLimit = power_of_ten(kMaxDigits);
  int scale = number_->scale;
  Big divisor = number_->divisor;
  Big numerator = number_->numerator;
  const Big common = gcd(numerator, divisor);
  if (common > 1) {
    numerator /= common;
    divisor /= common;
  }
  int twos = 0;  // a quotient ends where its divisor has no other factors than 2 and 5
  int fives = 0;
  for (; divisor % 2 == 0; ++twos) divisor /= 2;
  for (; divisor % 5 == 0; ++fives) divisor /= 5;
  if (divisor != 1) return Reason::number_rounds;
  scale += std::max(twos, fives);
  for (int i = twos; i < fives; ++i) numerator *= 2;
  for (int i = fives; i < twos; ++i) numerator *= 5;
  while (!keep_zeros && scale > 0 && (scale > kMaxScale || abs(numerator) >= kLimit) &&
         numerator % 10 == 0) {
    numerator /= 10;
    --scale;
  }
  return scale > kMaxScale ? Reason::number_digits : narrow(numerator, scale, out);
}

Reason Exact::round(int scale, Rounding mode, Decimal& out) const {
  Big numerator = abs(number_->numerator);
  Big divisor = number_->divisor;
  const int places = scale - number_->scale;
  (places < 0 ? divisor : numerator) *= power_of_ten(places < 0 ? -places : places);
  Big quotient;
  Big rest;
  boost::multiprecision::divide_qr(numerator, divisor, quotient, rest);
  const bool negative = number_->numerator < 0;
  if (rest != 0) {
    if (mode == Rounding::exact) return Reason::number_rounds;
    const int half = Big(rest * 2).compare(divisor);
    if (rounds_away(mode, negative, half, boost::multiprecision::bit_test(quotient, 0))) ++quotient;
  }
  return narrow(negative ? Big(-quotient) : quotient, scale, out);
}

}  // namespace trama
