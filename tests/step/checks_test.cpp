#include <doctest/doctest.h>

#include <string>

#include "step/run_step.h"

using namespace trama;
using trama::testing::StepRunner;

TEST_CASE("between: ends are in and blank ones open") {
  StepRunner runner;
  BetweenArgs args;
  args.low = Value::integer(0);
  args.high = Value::integer(20000);
  CHECK(runner.run(kBetween, &args, Value::decimal({2000000, 2})) == "20000.00");
  CHECK(runner.run(kBetween, &args, Value::decimal({2000001, 2})) == "20000.01 is above 20000");
  CHECK(runner.run(kBetween, &args, Value::decimal({0, 3})) == "0.000");
  CHECK(runner.run(kBetween, &args, Value::decimal({-1, 3})) == "-0.001 is below 0");
  args.high = Value();
  CHECK(runner.run(kBetween, &args, Value::integer(1000000)) == "1000000");
  args.low = Value();
  args.high = Value::date({10});
  CHECK(runner.run(kBetween, &args, Value::date({10})) == "1970-01-11");
  CHECK(runner.run(kBetween, &args, Value::date({11})) == "1970-01-12 is above 1970-01-11");
}

TEST_CASE("one_of: values and not spellings") {
  StepRunner runner;
  OneOfArgs args;
  args.values = {Value::integer(1), Value::integer(2)};
  args.shown = "1, 2";
  CHECK(runner.run(kOneOf, &args, Value::decimal({10, 1})) == "1.0");
  CHECK(runner.run(kOneOf, &args, Value::integer(3)) == "3 is not one of 1, 2");
}

TEST_CASE("pattern: the whole text in linear time") {
  StepRunner runner;
  PatternArgs args;
  std::string problem;
  args.shown = "(a+)+b";
  args.pattern = compile_pattern(args.shown, problem);
  REQUIRE(args.pattern != nullptr);
  CHECK(runner.run(kPattern, &args, "aab") == "aab");
  CHECK(runner.run(kPattern, &args, "aabc") == "aabc does not match (a+)+b");
  CHECK(runner.run(kPattern, &args, "aab\n") == "aab\n does not match (a+)+b");
  runner.run(kPattern, &args, std::string(1'000'000, 'a'));
  CHECK(runner.reason == Reason::no_match);
  args.pattern = compile_pattern("\\p{L}{2}", problem);
  CHECK(runner.run(kPattern, &args, "ñá") == "ñá");
  CHECK(compile_pattern("[a-", problem) == nullptr);
  CHECK(problem.find("missing") != std::string::npos);
  CHECK(compile_pattern("(((a{100}){100}){100}){100}", problem) == nullptr);
  CHECK(compile_pattern("a(?!b)", problem) == nullptr);
}

TEST_CASE("length: code points at the limits and one past them") {
  StepRunner runner;
  LengthArgs args;
  args.at_least = 2;
  args.at_most = 3;
  CHECK(runner.run(kLength, &args, "ñ") == "at least 2 characters are wanted, there are 1");
  CHECK(runner.run(kLength, &args, "ññ") == "ññ");
  CHECK(runner.run(kLength, &args, "ñññ") == "ñññ");
  CHECK(runner.run(kLength, &args, "ññññ") == "at most 3 characters are allowed, there are 4");
  const LengthArgs open;
  CHECK(runner.run(kLength, &open, "") == "");
}
