// Decimal: reading, writing, rounding and exact arithmetic in 128 bits; decimal_wide.cpp takes over
// where that is narrow.

#include "value/decimal.h"

#include <array>
#include <cstring>

#include "base/ascii.h"
#include "value/decimal_rounding.h"
#include "value/decimal_wide.h"

namespace trama {
namespace {

constexpr auto kPowers = [] {
  std::array<UInt128, kMaxDigits + 1> powers{};
  UInt128 power = 1;
  for (UInt128& p : powers) {
    p = power;
    power *= 10;
  }
  return powers;
}();
constexpr UInt128 kLimit = kPowers[kMaxDigits];
constexpr UInt128 kMaxUInt64 = UINT64_MAX;

constexpr auto kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

UInt128 magnitude_of(Int128 value) noexcept {
  return value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

Int128 with_sign(UInt128 magnitude, bool negative) noexcept {
  return negative ? -static_cast<Int128>(magnitude) : static_cast<Int128>(magnitude);
}

/// The digits of `text` around one point, which must not stand at an end;
/// a number type that holds them all.
template <typename Number>
Reason read_short(std::string_view text, Number& number, int& scale) noexcept {
  std::size_t point = text.size();
  number = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      number = number * 10 + static_cast<unsigned>(text[i] - '0');
    } else if (text[i] == '.' && point == text.size()) {
      point = i;
    } else {
      return Reason::number_shape;
    }
  }
  if (point == 0 || point + 1 == text.size()) return Reason::number_shape;
  scale = point == text.size() ? 0 : static_cast<int>(text.size() - point - 1);
  return Reason::none;
}

/// The same for any length. The whole shape is judged first:
/// letters after 40 digits are no number at all.
Reason read_long(std::string_view text, UInt128& number, int& scale) noexcept {
  std::size_t point = text.size();
  std::size_t digits = 0;
  number = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      if (digits > 0 || text[i] != '0') ++digits;
      if (digits <= kMaxDigits) number = number * 10 + static_cast<unsigned>(text[i] - '0');
    } else if (text[i] == '.' && point == text.size()) {
      point = i;
    } else {
      return Reason::number_shape;
    }
  }
  if (point == 0 || point + 1 == text.size()) return Reason::number_shape;
  const std::size_t decimals = point == text.size() ? 0 : text.size() - point - 1;
  if (digits > kMaxDigits || decimals > kMaxScale) return Reason::number_digits;
  scale = static_cast<int>(decimals);
  return Reason::none;
}

/// The digits of `value` right before `end`; gives where they begin.
char* digits_before(char* end, std::uint64_t value) noexcept {
  while (value >= 100) {
    end -= 2;
    std::memcpy(end, &kPairs[value % 100 * 2], 2);
    value /= 100;
  }
  if (value >= 10) {
    end -= 2;
    std::memcpy(end, &kPairs[value * 2], 2);
  } else {
    *--end = static_cast<char>('0' + value);
  }
  return end;
}

char* digits_before(char* end, UInt128 value) noexcept {
  static constexpr std::uint64_t kPart = 1'000'000'000'000'000'000;  // 18 digits
  while (value > kMaxUInt64) {
    const auto part = static_cast<std::uint64_t>(value % kPart);
    value /= kPart;
    char* const begin = digits_before(end, part);
    end -= 18;
    std::memset(end, '0', static_cast<std::size_t>(begin - end));
  }
  return digits_before(end, static_cast<std::uint64_t>(value));
}

/// value × 10^exponent; false, and `value` as it was, where 128 bits do not hold it.
bool scale_up(Int128& value, int exponent) noexcept {
  if (value == 0 || exponent == 0) return true;
  if (exponent > kMaxDigits) return false;
  Int128 product = 0;
  const auto power = static_cast<Int128>(kPowers[static_cast<std::size_t>(exponent)]);
  if (__builtin_mul_overflow(value, power, &product)) return false;
  value = product;
  return true;
}

/// The quotient of `magnitude` by 10^exponent, rounded; false where mode is exact and something
/// would be cut.
bool scale_down(UInt128& magnitude, int exponent, Rounding mode, bool negative) noexcept {
  if (exponent == 0 || magnitude == 0) return true;
  UInt128 quotient = 0;
  UInt128 rest = magnitude;
  int half = -1;  // beyond 38 digits what is there is less than a tenth
  if (exponent <= kMaxDigits) {
    const UInt128 divisor = kPowers[static_cast<std::size_t>(exponent)];
    if (magnitude <= kMaxUInt64 && divisor <= kMaxUInt64) {
      quotient = static_cast<std::uint64_t>(magnitude) / static_cast<std::uint64_t>(divisor);
    } else {
      quotient = magnitude / divisor;
    }
    rest = magnitude - quotient * divisor;
    if (rest != 0) half = rest == divisor - rest ? 0 : rest > divisor - rest ? 1 : -1;
  }
  if (rest != 0) {
    if (mode == Rounding::exact) return false;
    if (rounds_away(mode, negative, half, (quotient & 1) != 0)) ++quotient;
  }
  magnitude = quotient;
  return true;
}

Reason rescale(Int128 coefficient, int from, int to, Rounding mode, Decimal& out) noexcept {
  const bool negative = coefficient < 0;
  if (to >= from) {
    if (!scale_up(coefficient, to - from)) return Reason::number_digits;
  } else {
    UInt128 magnitude = magnitude_of(coefficient);
    if (!scale_down(magnitude, from - to, mode, negative)) return Reason::number_rounds;
    coefficient = with_sign(magnitude, negative);
  }
  if (magnitude_of(coefficient) >= kLimit) return Reason::number_digits;
  out = {coefficient, to};
  return Reason::none;
}

Reason add_or_subtract(const Decimal& a, const Decimal& b, bool subtract, Decimal& out) noexcept {
  const int scale = a.scale > b.scale ? a.scale : b.scale;
  Int128 left = a.coefficient;
  Int128 right = b.coefficient;
  Int128 sum = 0;
  if (!scale_up(left, scale - a.scale) || !scale_up(right, scale - b.scale) ||
      (subtract ? __builtin_sub_overflow(left, right, &sum)
                : __builtin_add_overflow(left, right, &sum)) ||
      magnitude_of(sum) >= kLimit) {
    return wide::add(a, b, subtract, out);
  }
  out = {sum, scale};
  return Reason::none;
}

}  // namespace

Reason read_decimal(std::string_view text, Decimal& out) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty()) return Reason::number_shape;
  int scale = 0;
  if (text.size() <= 19) {  // at most 19 digits, which 64 bits hold
    std::uint64_t number = 0;
    const Reason reason = read_short(text, number, scale);
    if (reason == Reason::none) out = {with_sign(number, negative), scale};
    return reason;
  }
  UInt128 number = 0;
  const Reason reason = read_long(text, number, scale);
  if (reason == Reason::none) out = {with_sign(number, negative), scale};
  return reason;
}

std::size_t write_decimal(char* out, const Decimal& value) noexcept {
  char buffer[kDecimalChars];
  char* const end = buffer + sizeof buffer;
  const UInt128 magnitude = magnitude_of(value.coefficient);
  char* begin = magnitude <= kMaxUInt64 ? digits_before(end, static_cast<std::uint64_t>(magnitude))
                                        : digits_before(end, magnitude);
  while (end - begin <= value.scale) *--begin = '0';
  char* to = out;
  if (value.coefficient < 0) *to++ = '-';
  const auto whole = static_cast<std::size_t>(end - begin - value.scale);
  std::memcpy(to, begin, whole);
  to += whole;
  if (value.scale > 0) {
    *to++ = '.';
    std::memcpy(to, begin + whole, static_cast<std::size_t>(value.scale));
    to += value.scale;
  }
  return static_cast<std::size_t>(to - out);
}

void append_decimal(std::string& out, const Decimal& value) {
  char buffer[kDecimalChars];
  out.append(buffer, write_decimal(buffer, value));
}

int compare(const Decimal& a, const Decimal& b) noexcept {
  Int128 left = a.coefficient;
  Int128 right = b.coefficient;
  // What 128 bits do not hold is further from zero than any 38 digits.
  if (a.scale < b.scale && !scale_up(left, b.scale - a.scale)) return left < 0 ? -1 : 1;
  if (b.scale < a.scale && !scale_up(right, a.scale - b.scale)) return right < 0 ? 1 : -1;
  return left < right ? -1 : left > right ? 1 : 0;
}

Reason round_to(Decimal& value, int scale, Rounding mode) noexcept {
  if (scale == value.scale) return Reason::none;
  return rescale(value.coefficient, value.scale, scale, mode, value);
}

Reason add(const Decimal& a, const Decimal& b, Decimal& out) noexcept {
  return add_or_subtract(a, b, false, out);
}

Reason subtract(const Decimal& a, const Decimal& b, Decimal& out) noexcept {
  return add_or_subtract(a, b, true, out);
}

Reason multiply(const Decimal& a, const Decimal& b, Decimal& out) noexcept {
  Int128 product = 0;
  const int scale = a.scale + b.scale;
  if (scale > kMaxScale || __builtin_mul_overflow(a.coefficient, b.coefficient, &product) ||
      magnitude_of(product) >= kLimit) {
    return wide::multiply(a, b, out);
  }
  out = {product, scale};
  return Reason::none;
}

Reason multiply_to(const Decimal& a, const Decimal& b, int scale, Rounding mode,
                   Decimal& out) noexcept {
  Int128 product = 0;
  if (__builtin_mul_overflow(a.coefficient, b.coefficient, &product)) {
    return wide::multiply_divide(a, b, {1, 0}, scale, mode, out);
  }
  return rescale(product, a.scale + b.scale, scale, mode, out);
}

Reason multiply_divide(const Decimal& a, const Decimal& b, const Decimal& c, int scale,
                       Rounding mode, Decimal& out) noexcept {
  if (c.coefficient == 0) return Reason::by_zero;
  return wide::multiply_divide(a, b, c, scale, mode, out);
}

}  // namespace trama
