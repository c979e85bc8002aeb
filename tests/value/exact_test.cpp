// Exact: results wider than 38 digits, and quotients, rounded once at the end.

#include "value/exact.h"

#include <doctest/doctest.h>

#include <string>

#include "text/catalogue.h"

namespace trama {
namespace {

Exact exact(const char* text) {
  Decimal value;
  REQUIRE(read_decimal(text, value) == Reason::none);
  return Exact(value);
}

std::string plain(const Exact& value) {
  Decimal out;
  const Reason reason = value.to_decimal(out);
  if (reason != Reason::none) return say(Language::en, Phrase(reason, {}));
  std::string digits;
  append_decimal(digits, out);
  return digits;
}

std::string rounded(const Exact& value, int scale, Rounding mode) {
  Decimal out;
  const Reason reason = value.round(scale, mode, out);
  if (reason != Reason::none) return say(Language::en, Phrase(reason, {}));
  std::string digits;
  append_decimal(digits, out);
  return digits;
}

constexpr const char* kNines = "99999999999999999999999999999999999999";  // 38

}  // namespace

TEST_CASE("exact: sums and products of any width") {
  Exact sum = exact(kNines);
  sum.add(exact("0.000000001"));
  CHECK(plain(sum) == "more than 38 digits");
  CHECK(rounded(sum, 0, Rounding::half_up) == kNines);
  CHECK(rounded(sum, 0, Rounding::up) == "more than 38 digits");
  sum.subtract(exact(kNines));
  CHECK(plain(sum) == "0.000000001");
  Exact product = exact(kNines);
  product.multiply(exact(kNines));
  product.multiply(exact(kNines));
  CHECK(plain(product) == "more than 38 digits");
  CHECK(product.divide(exact(kNines)));
  CHECK(product.divide(exact(kNines)));
  CHECK(plain(product) == kNines);
  product.negate();
  CHECK(plain(product) == "-" + std::string(kNines));
}

TEST_CASE("exact: quotients end, or are rounded once") {
  Exact quotient = exact("1");
  CHECK(quotient.divide(exact("8")));
  CHECK(plain(quotient) == "0.125");
  Exact third = exact("-1");
  CHECK(third.divide(exact("3")));
  CHECK(plain(third) == say(Language::en, Phrase(Reason::number_rounds, {})));
  CHECK(rounded(third, 4, Rounding::half_up) == "-0.3333");
  CHECK(rounded(third, 4, Rounding::floor) == "-0.3334");
  CHECK(rounded(third, 4, Rounding::exact) == say(Language::en, Phrase(Reason::number_rounds, {})));
  third.multiply(exact("-9"));
  CHECK(plain(third) == "3");
  CHECK_FALSE(third.divide(exact("0.00")));
  CHECK(plain(third) == "3");
  Exact large = exact("6");
  CHECK(large.divide(exact("0.0003")));
  CHECK(plain(large) == "20000");
}

TEST_CASE("exact: order and minor units") {
  Exact a = exact(kNines);
  a.multiply(exact("10"));
  CHECK(a.compare(exact(kNines)) > 0);
  CHECK(exact(kNines).compare(a) < 0);
  CHECK(exact("1.0").compare(exact("1.00")) == 0);
  a.shift(2);
  CHECK(rounded(a, 1, Rounding::exact) == "9999999999999999999999999999999999999.9");
}

}  // namespace trama
