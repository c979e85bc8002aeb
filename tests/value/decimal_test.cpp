// Decimal: the grammar, 38 digits and no more, every way of rounding. The table of products was
// made with Python's decimal.
#include "value/decimal.h"

#include <doctest/doctest.h>

#include <string>

using namespace trama;

namespace {

Decimal decimal(std::string_view text) {
  Decimal value;
  INFO(text);
  REQUIRE(read_decimal(text, value) == Reason::none);
  return value;
}

std::string text(const Decimal& value) {
  std::string out;
  append_decimal(out, value);
  return out;
}

const std::string k38(38, '9');
const std::string k39(39, '9');

}  // namespace

TEST_CASE("read_decimal: what it takes and how it is written again") {
  struct Case {
    std::string in;
    std::string out;
  };
  const Case cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"-0.00", "0.00"},
      {"0001.10", "1.10"},
      {"-1250.50", "-1250.50"},
      {"999999999999999999", "999999999999999999"},
      {"9999999999999999999", "9999999999999999999"},
      {"0.000000000000000001", "0.000000000000000001"},
      {"12345678901234567.89", "12345678901234567.89"},
      {"18446744073709551616", "18446744073709551616"},
      {"100000000000000000000000000000.5", "100000000000000000000000000000.5"},
      {k38, k38},
      {"-" + k38, "-" + k38},
      {"000" + k38, k38},
      {"0." + k38, "0." + k38},
      {std::string(200, '0') + "7", "7"},
      {"0." + std::string(75, '0') + "1", "0." + std::string(75, '0') + "1"},
  };
  for (const Case& c : cases) {
    INFO(c.in);
    Decimal value;
    CHECK(read_decimal(c.in, value) == Reason::none);
    CHECK(text(value) == c.out);
  }
}

TEST_CASE("read_decimal: what it refuses") {
  const char* const shapes[] = {
      "",        "-",   ".",    ".5",           "5.",
      "+5",      "1e3", " 1",   "1 ",           "--1",
      "1.2.3",   "1,5", "0x1",  "1_000",        "NaN",
      "-.5",     "-5.", "1..2", "\xEF\xBC\x91", "1.23456789012345678901234567890x",
      "Infinity"};
  for (const std::string_view in : shapes) {
    INFO(in);
    Decimal value;
    CHECK(read_decimal(in, value) == Reason::number_shape);
  }
  Decimal value;
  CHECK(read_decimal(k39 + "x", value) == Reason::number_shape);
  CHECK(read_decimal(std::string_view("1\0", 2), value) == Reason::number_shape);
  CHECK(read_decimal(k39, value) == Reason::number_digits);
  CHECK(read_decimal("-0." + k39, value) == Reason::number_digits);
  CHECK(read_decimal(k38 + ".0", value) == Reason::number_digits);
  CHECK(read_decimal("0." + std::string(76, '0') + "1", value) == Reason::number_digits);
  CHECK(read_decimal(std::string(100'000, '9'), value) == Reason::number_digits);
}

TEST_CASE("multiply_to: rounds once in every mode") {
  struct Case {
    std::string_view a;
    std::string_view b;
    int scale;
    std::string_view out[7];  // half_up half_even half_down up down ceiling floor
  };
  static constexpr Case kCases[] = {
      {"0.125", "1", 2, {"0.13", "0.12", "0.12", "0.13", "0.12", "0.13", "0.12"}},
      {"-0.125", "1", 2, {"-0.13", "-0.12", "-0.12", "-0.13", "-0.12", "-0.12", "-0.13"}},
      {"0.135", "1", 2, {"0.14", "0.14", "0.13", "0.14", "0.13", "0.14", "0.13"}},
      {"1.005", "1", 2, {"1.01", "1.00", "1.00", "1.01", "1.00", "1.01", "1.00"}},
      {"-0.004", "1", 2, {"0.00", "0.00", "0.00", "-0.01", "0.00", "0.00", "-0.01"}},
      {"0.005", "1", 2, {"0.01", "0.00", "0.00", "0.01", "0.00", "0.01", "0.00"}},
      {"-0.005", "1", 2, {"-0.01", "0.00", "0.00", "-0.01", "0.00", "0.00", "-0.01"}},
      {"99.995", "1", 2, {"100.00", "100.00", "99.99", "100.00", "99.99", "100.00", "99.99"}},
      {"1250.50",
       "1.084512",
       2,
       {"1356.18", "1356.18", "1356.18", "1356.19", "1356.18", "1356.19", "1356.18"}},
      {"-899.23",
       "4133.25",
       0,
       {"-3716742", "-3716742", "-3716742", "-3716743", "-3716742", "-3716742", "-3716743"}},
      {"12345678901234567.89",
       "1.0000000000000000001",
       2,
       {"12345678901234567.89", "12345678901234567.89", "12345678901234567.89",
        "12345678901234567.90", "12345678901234567.89", "12345678901234567.90",
        "12345678901234567.89"}},
      {"9999999999999999999.5",
       "9999999999999999999.5",
       0,
       {"99999999999999999990000000000000000000", "99999999999999999990000000000000000000",
        "99999999999999999990000000000000000000", "99999999999999999990000000000000000001",
        "99999999999999999990000000000000000000", "99999999999999999990000000000000000001",
        "99999999999999999990000000000000000000"}},
      {"-9999999999999999999.5",
       "0.1",
       1,
       {"-1000000000000000000.0", "-1000000000000000000.0", "-999999999999999999.9",
        "-1000000000000000000.0", "-999999999999999999.9", "-999999999999999999.9",
        "-1000000000000000000.0"}},
      {"535857978913810437.875",
       "560286353527.76989",
       1,
       {"300233913014379458157280874153.1", "300233913014379458157280874153.1",
        "300233913014379458157280874153.1", "300233913014379458157280874153.2",
        "300233913014379458157280874153.1", "300233913014379458157280874153.2",
        "300233913014379458157280874153.1"}},
      {"90775664851704902.190",
       "874515294190.12336",
       3,
       {"79384707253092753347769131592.834", "79384707253092753347769131592.834",
        "79384707253092753347769131592.834", "79384707253092753347769131592.835",
        "79384707253092753347769131592.834", "79384707253092753347769131592.835",
        "79384707253092753347769131592.834"}},
      {"-1020638427.710",
       "978434972992.83158",
       0,
       {"-998628332451879936912", "-998628332451879936912", "-998628332451879936912",
        "-998628332451879936913", "-998628332451879936912", "-998628332451879936912",
        "-998628332451879936913"}},
      {"-88505308905402693529.64",
       "583392716241.7805",
       0,
       {"-51633352564140722291775022045183", "-51633352564140722291775022045183",
        "-51633352564140722291775022045183", "-51633352564140722291775022045184",
        "-51633352564140722291775022045183", "-51633352564140722291775022045183",
        "-51633352564140722291775022045184"}},
      {"70479377.475",
       "854827695637.42767",
       3,
       {"60247723836914675491.940", "60247723836914675491.940", "60247723836914675491.940",
        "60247723836914675491.940", "60247723836914675491.939", "60247723836914675491.940",
        "60247723836914675491.939"}},
      {"-5689998778636086944.511",
       "324872579150.602",
       5,
       {"-1848524578579280864191670429886.24562", "-1848524578579280864191670429886.24562",
        "-1848524578579280864191670429886.24562", "-1848524578579280864191670429886.24563",
        "-1848524578579280864191670429886.24562", "-1848524578579280864191670429886.24562",
        "-1848524578579280864191670429886.24563"}},
      {"313183237640360.85",
       "927419526208.92774",
       2,
       {"290452249869001484022040625.17", "290452249869001484022040625.17",
        "290452249869001484022040625.17", "290452249869001484022040625.18",
        "290452249869001484022040625.17", "290452249869001484022040625.18",
        "290452249869001484022040625.17"}},
      {"-59142471558.576",
       "73142227547.14146",
       3,
       {"-4325812112437707825319.748", "-4325812112437707825319.748", "-4325812112437707825319.748",
        "-4325812112437707825319.749", "-4325812112437707825319.748", "-4325812112437707825319.748",
        "-4325812112437707825319.749"}},
      {"1660053002.867",
       "21294629918.89770",
       0,
       {"35350214341807587556", "35350214341807587556", "35350214341807587556",
        "35350214341807587556", "35350214341807587555", "35350214341807587556",
        "35350214341807587555"}},
      {"-8244346.725",
       "414335440393.52091",
       3,
       {"-3415925031059756825.578", "-3415925031059756825.578", "-3415925031059756825.578",
        "-3415925031059756825.578", "-3415925031059756825.577", "-3415925031059756825.577",
        "-3415925031059756825.578"}},
      {"3661496718176022809.276",
       "742078053584.44157",
       0,
       {"2717116357829883608111766726637", "2717116357829883608111766726637",
        "2717116357829883608111766726637", "2717116357829883608111766726638",
        "2717116357829883608111766726637", "2717116357829883608111766726638",
        "2717116357829883608111766726637"}},
      {"94840370392.137",
       "132812619598.32294",
       5,
       {"12595998035454941220515.36272", "12595998035454941220515.36272",
        "12595998035454941220515.36272", "12595998035454941220515.36273",
        "12595998035454941220515.36272", "12595998035454941220515.36273",
        "12595998035454941220515.36272"}},
  };
  for (const Case& c : kCases) {
    const Decimal a = decimal(c.a);
    const Decimal b = decimal(c.b);
    for (int i = 0; i < 7; ++i) {
      INFO(c.a, " x ", c.b, " to ", c.scale, " mode ", i);
      const auto mode = static_cast<Rounding>(i + 1);
      Decimal out;
      CHECK(multiply_to(a, b, c.scale, mode, out) == Reason::none);
      CHECK(text(out) == c.out[i]);
      CHECK(multiply_divide(a, b, {10, 1}, c.scale, mode, out) == Reason::none);
      CHECK(text(out) == c.out[i]);
    }
  }
}

TEST_CASE("round_to: exact refuses what would be cut") {
  Decimal value = decimal("1.230");
  CHECK(round_to(value, 2, Rounding::exact) == Reason::none);
  CHECK(text(value) == "1.23");
  CHECK(round_to(value, 1, Rounding::exact) == Reason::number_rounds);
  CHECK(round_to(value, 4, Rounding::exact) == Reason::none);
  CHECK(text(value) == "1.2300");
  value = decimal(k38);
  CHECK(round_to(value, 1, Rounding::exact) == Reason::number_digits);
  value = decimal("0." + k38);
  CHECK(round_to(value, 0, Rounding::half_up) == Reason::none);
  CHECK(text(value) == "1");
  value = decimal("-0.001");
  CHECK(round_to(value, 2, Rounding::ceiling) == Reason::none);
  CHECK(text(value) == "0.00");
  value = decimal("0." + std::string(50, '0') + "1");
  CHECK(round_to(value, 0, Rounding::up) == Reason::none);
  CHECK(text(value) == "1");
}

TEST_CASE("compare: by value") {
  CHECK(compare(decimal("1.0"), decimal("1")) == 0);
  CHECK(compare(decimal("0.00"), decimal("-0")) == 0);
  CHECK(compare(decimal("-1"), decimal("0.5")) < 0);
  CHECK(compare(decimal("1.1"), decimal("1.09")) > 0);
  CHECK(compare(decimal(k38), decimal("0." + k38)) > 0);
  CHECK(compare(decimal("-" + k38), decimal("0." + k38)) < 0);
  CHECK(compare(decimal("0." + k38), decimal("-" + k38)) > 0);
}

TEST_CASE("add, subtract and multiply: exact or too big") {
  Decimal out;
  CHECK(add(decimal("0.1"), decimal("0.20"), out) == Reason::none);
  CHECK(text(out) == "0.30");
  CHECK(subtract(decimal("0.1"), decimal("0.10"), out) == Reason::none);
  CHECK(text(out) == "0.00");
  CHECK(add(decimal(k38), decimal("1"), out) == Reason::number_digits);
  CHECK(add(decimal(k38), decimal("0.1"), out) == Reason::number_digits);
  CHECK(subtract(decimal(k38), decimal(k38), out) == Reason::none);
  CHECK(add(decimal(k38), decimal("0.0"), out) == Reason::none);
  CHECK(text(out) == k38);  // the zero that does not fit is given up
  CHECK(multiply(decimal("1.10"), decimal("2.0"), out) == Reason::none);
  CHECK(text(out) == "2.200");
  CHECK(multiply(decimal(k38), decimal("10"), out) == Reason::number_digits);
  CHECK(multiply(decimal("0." + k38), decimal("0.1"), out) == Reason::none);
}

TEST_CASE("multiply_divide: states its scale") {
  Decimal out;
  CHECK(multiply_divide({1, 0}, {1, 0}, {3, 0}, 4, Rounding::half_up, out) == Reason::none);
  CHECK(text(out) == "0.3333");
  CHECK(multiply_divide({-2, 0}, {1, 0}, {3, 0}, 4, Rounding::half_up, out) == Reason::none);
  CHECK(text(out) == "-0.6667");
  CHECK(multiply_divide({1, 0}, {1, 0}, {3, 0}, 4, Rounding::exact, out) == Reason::number_rounds);
  CHECK(multiply_divide({1, 0}, {1, 0}, {8, 0}, 3, Rounding::exact, out) == Reason::none);
  CHECK(text(out) == "0.125");
  CHECK(multiply_divide({1, 0}, {1, 0}, {0, 5}, 3, Rounding::exact, out) == Reason::by_zero);
  CHECK(multiply_divide(decimal(k38), decimal(k38), decimal(k38), 0, Rounding::exact, out) ==
        Reason::none);
  CHECK(text(out) == k38);
  CHECK(multiply_divide(decimal(k38), decimal(k38), decimal("0.1"), 76, Rounding::up, out) ==
        Reason::number_digits);
}
