#include <doctest/doctest.h>

#include <string>

#include "step/run_step.h"

using namespace trama;
using trama::testing::StepRunner;

namespace {

void show(NumberArgs& args, std::initializer_list<std::string_view> examples) {
  for (const std::string_view example : examples) {
    NumberShape shape;
    Phrase problem;
    INFO(example);
    REQUIRE(read_number_example(example, shape, problem));
    args.exponent = args.exponent || shape.exponent;
    args.shapes.push_back(shape);
    args.shown += (args.shown.empty() ? "" : " or ") + std::string(example);
  }
}

const std::string kBig38(38, '9');

}  // namespace

TEST_CASE("read_number: digits with a point unless examples say otherwise") {
  struct Case {
    std::string in;
    std::string out;  // "": unreadable
  };
  const Case cases[] = {
      {"1250.50", "1250.50"},
      {"-0", "0"},
      {"-0.00", "0.00"},
      {"007", "7"},
      {"-12", "-12"},
      {kBig38, kBig38},
      {"0" + kBig38, kBig38},
      {".5", ""},
      {"5.", ""},
      {"+5", ""},
      {"1,5", ""},
      {"1e3", ""},
      {" 5", ""},
      {"5 ", ""},
      {"", ""},
      {"-", ""},
      {"--1", ""},
      {"1.2.3", ""},
      {"0x1F", ""},
      {"NaN", ""},
      {"Infinity", ""},
      {"１", ""},
      {"1_000", ""},
      {std::string("1\0", 2), ""},
  };
  StepRunner runner;
  const NumberArgs args;
  for (const Case& c : cases) {
    for (const Origin origin : {Origin::text, Origin::number}) {
      INFO(c.in);
      const std::string out = runner.run(kReadNumber, &args, c.in, origin);
      if (c.out.empty()) {
        CHECK(code_of(runner.reason) == RecordCode::number_unreadable);
      } else {
        CHECK(out == c.out);
      }
    }
  }
  CHECK(runner.run(kReadNumber, &args, kBig38 + "9") == "more than 38 digits");
  CHECK(runner.run(kReadNumber, &args, "12,5") == "12,5 is not a number as 1234.56");
  CHECK(runner.run(kReadNumber, &args, "true", Origin::boolean) ==
        "true is not a number as 1234.56");
}

TEST_CASE("read_number: two shapes") {
  StepRunner runner;
  NumberArgs args;
  show(args, {"1234.56", "1.234,56"});
  CHECK(runner.run(kReadNumber, &args, "4.250.000,50") == "4250000.50");
  CHECK(runner.run(kReadNumber, &args, "3.000.000") == "3000000");
  CHECK(runner.run(kReadNumber, &args, "1250.505") == "1250.505");
  CHECK(runner.run(kReadNumber, &args, "1.250") == "1.250 can be 1.250 or 1250");
  CHECK(runner.reason == Reason::number_two_ways);
  CHECK(runner.run(kReadNumber, &args, "1.250", Origin::number) == "1.250");
  CHECK(runner.run(kReadNumber, &args, "12") == "12");
  CHECK(runner.run(kReadNumber, &args, "0.250") == "0.250");
  CHECK(runner.run(kReadNumber, &args, "-1,5") == "-1.5");
  for (const std::string_view wrong :
       {"1,234.56", "1.23.456", "1.2345,6", "1..234", ".234", "1.234,", "1.234.", "1,2,3", "+1",
        "1e3", "12.34.567", "1234.567,8", "", "-", "1 234"}) {
    INFO(wrong);
    CHECK(runner.run(kReadNumber, &args, wrong) ==
          std::string(wrong) + " is not a number as 1234.56 or 1.234,56");
  }
  CHECK(runner.run(kReadNumber, &args, "1e3", Origin::number) ==
        "1e3 has an exponent, which no example in read_number shows");
  CHECK(runner.run(kReadNumber, &args, kBig38 + "9") == "more than 38 digits");
}

TEST_CASE("read_number: exponents and plus where an example shows them") {
  StepRunner runner;
  NumberArgs args;
  show(args, {"1.5e3"});
  for (const Origin origin : {Origin::text, Origin::number}) {
    CHECK(runner.run(kReadNumber, &args, "1.5e3", origin) == "1500");
    CHECK(runner.run(kReadNumber, &args, "1.500E+1", origin) == "15.00");
    CHECK(runner.run(kReadNumber, &args, "-15e-1", origin) == "-1.5");
    CHECK(runner.run(kReadNumber, &args, "12", origin) == "12");
    CHECK(runner.run(kReadNumber, &args, "0e400", origin) == "0");
    CHECK(runner.run(kReadNumber, &args, "1e37", origin) == "1" + std::string(37, '0'));
    CHECK(runner.run(kReadNumber, &args, "1e38", origin) == "more than 38 digits");
    CHECK(runner.run(kReadNumber, &args, "1e400", origin) == "more than 38 digits");
    CHECK(runner.run(kReadNumber, &args, "1e99999999999999999999", origin) ==
          "more than 38 digits");
    CHECK(runner.run(kReadNumber, &args, "1e-38", origin) == "0." + std::string(37, '0') + "1");
    CHECK(runner.run(kReadNumber, &args, "1e-40", origin) == "0." + std::string(39, '0') + "1");
    CHECK(runner.run(kReadNumber, &args, "1e-76", origin) == "0." + std::string(75, '0') + "1");
    CHECK(runner.run(kReadNumber, &args, "1e-77", origin) == "more than 38 digits");
  }
  CHECK(runner.run(kReadNumber, &args, "1e") == "1e is not a number as 1.5e3");
  CHECK(runner.run(kReadNumber, &args, "1e+") == "1e+ is not a number as 1.5e3");
  CHECK(runner.run(kReadNumber, &args, "1e2e3") == "1e2e3 is not a number as 1.5e3");
  CHECK(runner.run(kReadNumber, &args, "+1") == "+1 is not a number as 1.5e3");

  NumberArgs plus;
  show(plus, {"+1.5"});
  CHECK(runner.run(kReadNumber, &plus, "+5") == "5");
  CHECK(runner.run(kReadNumber, &plus, "-5") == "-5");
  CHECK(runner.run(kReadNumber, &plus, "5") == "5");
  CHECK(runner.run(kReadNumber, &plus, "+-5") == "+-5 is not a number as +1.5");
}

TEST_CASE("read_number: an example shows its marks") {
  struct Case {
    std::string_view example;
    std::string_view point;
    std::string_view thousands;
  };
  constexpr Case kGood[] = {
      {"1234.56", ".", ""},      {"1234,56", ",", ""},
      {"1.234,56", ",", "."},    {"1,234.56", ".", ","},
      {"1234", "", ""},          {"1 234,56", ",", " "},
      {"1'234.56", ".", "'"},    {"1,234,567", "", ","},
      {"1 234", "", " "},        {"0.123", ".", ""},
      {"1234.567", ".", ""},     {"-1.5", ".", ""},
      {"1.234.567,8", ",", "."}, {"12\u00A0345,6", ",", "\u00A0"},
  };
  for (const Case& c : kGood) {
    NumberShape shape;
    Phrase problem;
    INFO(c.example);
    CHECK(read_number_example(c.example, shape, problem));
    CHECK(shape.point == c.point);
    CHECK(shape.thousands == c.thousands);
    CHECK(shape.example == c.example);
  }
  for (const std::string_view wrong :
       {"", "-", "1.", ".5", "abc", "1.234", "1,234", "12.34,56", "1.234.56", "1,5,5", "1 5",
        "1.2 345", "1e", "1.5e3.2", "1-2", "1.234'567,8", "$5", "1..5", "1,234 56"}) {
    NumberShape shape;
    Phrase problem;
    INFO(wrong);
    CHECK_FALSE(read_number_example(wrong, shape, problem));
    CHECK(!problem.empty());
  }
}

TEST_CASE("read_number: blanks that look alike are one mark") {
  StepRunner runner;
  NumberArgs args;
  show(args, {"1 234,56", "1'234.56"});
  CHECK(runner.run(kReadNumber, &args, "1\u00A0234\u202F567,8") == "1234567.8");
  CHECK(runner.run(kReadNumber, &args, "1’234.5") == "1234.5");
  CHECK(runner.run(kReadNumber, &args, "1  234") ==
        "1  234 is not a number as 1 234,56 or 1'234.56");
}

TEST_CASE("round and times: edges") {
  StepRunner runner;
  RoundArgs round;
  round.decimals = 2;
  CHECK(runner.run(kRound, &round, Value::decimal({1250505, 3})) ==
        "1250.505 has more than 2 decimals, and rounding is exact");
  CHECK(runner.run(kRound, &round, Value::decimal({1250500, 3})) == "1250.50");
  round.rounding = Rounding::half_even;
  CHECK(runner.run(kRound, &round, Value::decimal({1250505, 3})) == "1250.50");
  Decimal big;
  REQUIRE(read_decimal(kBig38, big) == Reason::none);
  CHECK(runner.run(kRound, &round, Value::decimal(big)) == "more than 38 digits");
  TimesArgs times;
  times.factor = {1, 2};
  CHECK(runner.run(kTimes, &times, Value::integer(73)) == "0.73");
  times.factor = {1000, 0};
  CHECK(runner.run(kTimes, &times, Value::decimal(big)) == "more than 38 digits");
}
