#include "step/expression.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

using From = ExpressionProgram::Operand::From;
using Step = ExpressionProgram::Step;

Value number(std::string_view digits) {
  Decimal d;
  REQUIRE(read_decimal(digits, d) == Reason::none);
  return Value::decimal(d);
}
Value day(int y, int m, int d) {
  return Value::date(date_of({y, m, d}));
}

const Value kYes = Value::boolean(true);
const Value kNo = Value::boolean(false);
const Value kBlank = Value::blank(Kind::null);

/// op over operands: all columns, or all source fields read as `as`.
ExpressionOutcome apply(Operator op, std::initializer_list<Value> values, From from = From::column,
                        Kind as = Kind::missing, std::string_view pattern = {}) {
  ExpressionProgram program;
  std::uint32_t index = 0;
  std::string problem;
  if (op == Operator::matches) REQUIRE(program.add_pattern(pattern, index, problem));
  for (const Value& value : values) {
    const auto at = static_cast<std::uint32_t>(program.operands.size());
    const Kind kind = as != Kind::missing ? as : value.kind();
    program.operands.push_back({from, at});
    program.steps.push_back({.form = Step::Form::operand, .as = kind, .index = at});
  }
  program.steps.push_back({.form = Step::Form::operation,
                           .op = op,
                           .index = index,
                           .count = static_cast<std::uint32_t>(values.size())});
  program.slots = values.size();
  program.decimals = 2;
  program.rounding = Rounding::half_up;
  ExpressionScratch scratch;
  scratch.fit(program);
  ExpressionOutcome out = evaluate(program, {values.begin(), values.size()}, scratch);
  if (out.a.kind() == Kind::text) out.a = Value();  // it may point into scratch
  return out;
}

std::string truth_of(const ExpressionOutcome& o) {
  if (o.error != Reason::none) return "error";
  return o.yes() ? "yes" : o.no() ? "no" : "undecided";
}
std::string digits_of(const ExpressionOutcome& o) {
  if (o.error != Reason::none || o.value.kind() != Kind::decimal) return "none";
  std::string out;
  append_decimal(out, o.value.decimal());
  return out;
}

}  // namespace

TEST_CASE("evaluate: three values") {
  struct Case {
    const Value& a;
    const Value& b;
    std::string_view both;
    std::string_view either;
  };
  const Case cases[] = {
      {kYes, kYes, "yes", "yes"},
      {kYes, kNo, "no", "yes"},
      {kNo, kNo, "no", "no"},
      {kYes, kBlank, "undecided", "yes"},
      {kBlank, kYes, "undecided", "yes"},
      {kNo, kBlank, "no", "undecided"},
      {kBlank, kNo, "no", "undecided"},
      {kBlank, kBlank, "undecided", "undecided"},
  };
  for (const Case& c : cases) {
    CHECK(truth_of(apply(Operator::both, {c.a, c.b})) == c.both);
    CHECK(truth_of(apply(Operator::either, {c.a, c.b})) == c.either);
  }
  CHECK(apply(Operator::negation, {kNo}).yes());
  CHECK(truth_of(apply(Operator::negation, {kBlank})) == "undecided");
  CHECK(apply(Operator::blank, {kBlank}).yes());
  CHECK(apply(Operator::blank, {kNo}).no());
  CHECK(apply(Operator::not_blank, {Value::blank(Kind::missing)}).no());
}

TEST_CASE("evaluate: an error that cannot change the answer is none") {
  const Value junk = Value::text("junk");
  const Value no = Value::text("no");
  const Value yes = Value::text("yes");
  const auto run = [](Operator op, std::initializer_list<Value> in) {
    return truth_of(apply(op, in, From::source, Kind::boolean));
  };
  CHECK(run(Operator::both, {no, junk}) == "no");
  CHECK(run(Operator::both, {junk, no}) == "no");
  CHECK(run(Operator::both, {yes, junk}) == "error");
  CHECK(run(Operator::either, {junk, yes}) == "yes");
  CHECK(run(Operator::either, {junk, no}) == "error");
  CHECK(run(Operator::both, {kBlank, junk}) == "error");
  CHECK(run(Operator::negation, {junk}) == "error");
  CHECK(run(Operator::blank, {junk}) == "error");
}

TEST_CASE("evaluate: comparisons") {
  struct Case {
    Value a;
    Value b;
    int order;
  };
  const Case cases[] = {
      {number("1.0"), number("1"), 0},
      {number("-2"), number("1.5"), -1},
      {Value::text("Ana"), Value::text("ana"), -1},
      {Value::text("é"), Value::text("z"), 1},
      {Value::text("ab"), Value::text("a"), 1},
      {day(2025, 3, 1), day(2025, 2, 28), 1},
      {Value::time({60, 0}, 0), Value::time({60, 1}, 9), -1},
      {Value::datetime({3600, 3600, 0}, 0), Value::datetime({0, 0, 0}, 3), 0},
      {Value::datetime({3600, 0, 0}, 0), Value::datetime({3600, 3600, 0}, 0), 1},
      {Value::datetime({5, kNoOffset, 1}, 9), Value::datetime({5, kNoOffset, 2}, 9), -1},
      {Value::duration({60, 0, 0}), Value::duration({61, 0, 0}), -1},
      {Value::duration({60, 2, 0}), Value::duration({60, 1, 0}), 1},
  };
  for (const Case& c : cases) {
    CHECK(apply(Operator::equal, {c.a, c.b}).yes() == (c.order == 0));
    CHECK(apply(Operator::not_equal, {c.a, c.b}).yes() == (c.order != 0));
    CHECK(apply(Operator::less, {c.a, c.b}).yes() == (c.order < 0));
    CHECK(apply(Operator::less_or_equal, {c.a, c.b}).yes() == (c.order <= 0));
    CHECK(apply(Operator::greater, {c.a, c.b}).yes() == (c.order > 0));
    CHECK(apply(Operator::greater_or_equal, {c.a, c.b}).yes() == (c.order >= 0));
  }
}

TEST_CASE("evaluate: what cannot be told is undecided and says why") {
  const ExpressionOutcome blank = apply(Operator::less, {number("1"), kBlank});
  CHECK(truth_of(blank) == "undecided");
  CHECK(blank.undecided == Reason::undecided);
  CHECK(blank.operand == 1);
  const ExpressionOutcome offsets =
      apply(Operator::less, {Value::datetime({0, 0, 0}, 0), Value::datetime({9, kNoOffset, 0}, 0)});
  CHECK(truth_of(offsets) == "undecided");
  CHECK(offsets.undecided == Reason::undecided_offsets);
  CHECK(offsets.operand == kNoOperand);
  CHECK(apply(Operator::equal, {Value::duration({0, 1, 0}), Value::duration({2592000, 0, 0})})
            .undecided == Reason::undecided_months);
}

TEST_CASE("evaluate: lists and ranges") {
  const Value one = number("1");
  const Value two = number("2.0");
  CHECK(apply(Operator::one_of, {number("2"), one, two}).yes());
  CHECK(apply(Operator::one_of, {number("3"), one, two}).no());
  CHECK(apply(Operator::not_one_of, {number("3"), one, two}).yes());
  CHECK(apply(Operator::one_of, {two, kBlank, two}).yes());
  CHECK(truth_of(apply(Operator::one_of, {one, kBlank, two})) == "undecided");
  CHECK(truth_of(apply(Operator::one_of, {kBlank, one, two})) == "undecided");
  CHECK(apply(Operator::between, {one, one, two}).yes());
  CHECK(apply(Operator::between, {two, one, two}).yes());
  CHECK(apply(Operator::between, {number("2.01"), one, two}).no());
  CHECK(truth_of(apply(Operator::between, {two, one, kBlank})) == "undecided");
  CHECK(apply(Operator::between, {number("0"), one, kBlank}).no());
}

TEST_CASE("evaluate: a pattern means the whole value") {
  const auto run = [](std::string_view text, std::string_view pattern) {
    return apply(Operator::matches, {Value::text(text)}, From::column, Kind::missing, pattern)
        .yes();
  };
  CHECK(run("AB12", "[A-Z]{2}[0-9]+"));
  CHECK_FALSE(run("xAB12", "[A-Z]{2}[0-9]+"));
  CHECK_FALSE(run("AB12\n", "[A-Z]{2}[0-9]+"));
  CHECK(run("ñandú", "\\p{L}+"));
  ExpressionProgram program;
  std::uint32_t index = 0;
  std::string problem;
  CHECK_FALSE(program.add_pattern("(a", index, problem));
  CHECK(problem.find("missing )") != std::string::npos);
}

TEST_CASE("evaluate: numbers") {
  CHECK(digits_of(apply(Operator::add, {number("1.10"), number("2.2")})) == "3.30");
  CHECK(digits_of(apply(Operator::subtract, {number("1"), number("2.5")})) == "-1.5");
  CHECK(digits_of(apply(Operator::multiply, {number("0.1"), number("0.2")})) == "0.02");
  CHECK(digits_of(apply(Operator::divide, {number("2"), number("3")})) == "0.67");
  CHECK(digits_of(apply(Operator::minus, {number("2.50")})) == "-2.50");
  CHECK(apply(Operator::divide, {number("2"), number("0.00")}).error == Reason::by_zero);
  const Value big = number("99999999999999999999999999999999999999");
  // What 38 digits do not hold is wide, and no error: the limit is on what is written.
  CHECK(apply(Operator::add, {big, number("1")}).error == Reason::none);
  CHECK(apply(Operator::add, {big, number("1")}).wide != nullptr);
  CHECK(apply(Operator::multiply, {big, big}).wide != nullptr);
  CHECK(apply(Operator::add, {big, number("-1")}).wide == nullptr);
  CHECK(apply(Operator::divide, {big, number("0.01")}).error == Reason::number_digits);
  const ExpressionOutcome blank = apply(Operator::add, {number("1"), kBlank});
  CHECK(blank.error == Reason::none);
  CHECK(blank.value.is_blank());
  CHECK(blank.operand == 1);
}

TEST_CASE("evaluate: days") {
  CHECK(apply(Operator::add_days, {day(2024, 2, 28), number("2.0")}).value.date() ==
        date_of({2024, 3, 1}));
  CHECK(apply(Operator::subtract_days, {day(2025, 3, 1), number("1")}).value.date() ==
        date_of({2025, 2, 28}));
  CHECK(apply(Operator::add_days, {day(2025, 3, 1), number("-1")}).value.date() ==
        date_of({2025, 2, 28}));
  const ExpressionOutcome half = apply(Operator::add_days, {day(2025, 3, 1), number("1.5")});
  CHECK(half.error == Reason::number_rounds);
  CHECK(half.b.decimal().coefficient == 0);
  CHECK(apply(Operator::add_days, {day(9999, 12, 31), number("0")}).error == Reason::none);
  CHECK(apply(Operator::add_days, {day(9999, 12, 31), number("1")}).error ==
        Reason::date_year_range);
  CHECK(apply(Operator::subtract_days, {day(1, 1, 1), number("1")}).error ==
        Reason::date_year_range);
  CHECK(apply(Operator::subtract_days,
              {day(1, 1, 1), number("99999999999999999999999999999999999999")})
            .error == Reason::date_year_range);
  CHECK(digits_of(apply(Operator::days_between, {day(2025, 2, 27), day(2025, 3, 1)})) == "2");
  CHECK(digits_of(apply(Operator::days_between, {day(2025, 3, 1), day(2025, 2, 27)})) == "-2");
}

TEST_CASE("evaluate: source fields are read as the other side") {
  struct Case {
    Kind as;
    Value in;
    Reason error;
  };
  const Case cases[] = {
      {Kind::decimal, Value::text("12.50"), Reason::none},
      {Kind::decimal, Value::text("12.50", Origin::number), Reason::none},
      {Kind::decimal, Value::text("1e3", Origin::number), Reason::number_shape},
      {Kind::decimal, Value::text(" 1"), Reason::number_shape},
      {Kind::decimal, Value::text("1,5"), Reason::number_shape},
      {Kind::boolean, Value::text("true", Origin::boolean), Reason::none},
      {Kind::boolean, Value::text("no"), Reason::none},
      {Kind::boolean, Value::text("Yes"), Reason::not_yes_or_no},
      {Kind::boolean, Value::text("1", Origin::number), Reason::not_yes_or_no},
      {Kind::date, Value::text("2025-03-01"), Reason::none},
      {Kind::date, Value::text("2025-03-01T10:00"), Reason::none},
      {Kind::date, Value::text("2025-03-01T10:00Z"), Reason::no_zone_for_date},
      {Kind::date, Value::text("2025-02-30"), Reason::date_no_such_day},
      {Kind::date, Value::text("01/03/2025"), Reason::date_shape},
      {Kind::datetime, Value::text("2025-03-01T10:00Z"), Reason::none},
      {Kind::datetime, Value::text("2025-03-01"), Reason::date_shape},
      {Kind::duration, Value::text("PT2H"), Reason::none},
      {Kind::duration, Value::text("2h"), Reason::duration_shape},
      {Kind::text, Value::text("true", Origin::boolean), Reason::none},
      {Kind::text, Value::json("[1]"), Reason::needs_scalar},
      {Kind::decimal, Value::json("{\"a\":1}"), Reason::needs_scalar},
      {Kind::missing, Value::json("[1]"), Reason::none},
  };
  for (const Case& c : cases) {
    INFO(c.in.text());
    ExpressionProgram program;
    program.operands = {{From::source, 7}};
    program.steps = {{.form = Step::Form::operand, .as = c.as, .index = 0}};
    program.slots = 1;
    ExpressionScratch scratch;
    scratch.fit(program);
    const ExpressionOutcome out = evaluate(program, {&c.in, 1}, scratch);
    CHECK(out.error == c.error);
    if (c.error != Reason::none) CHECK(out.operand == 0);
    if (c.error == Reason::number_shape) CHECK(out.a.text() == c.in.text());
    if (c.error == Reason::none && c.as != Kind::missing) CHECK(out.value.kind() == c.as);
  }
}

TEST_CASE("evaluate: a program can be moved") {
  ExpressionProgram program;
  program.steps = {
      {.form = Step::Form::constant, .index = program.add_constant(Value::text("Ana"))}};
  program.slots = 1;
  const ExpressionProgram moved = std::move(program);
  ExpressionScratch scratch;
  scratch.fit(moved);
  CHECK(evaluate(moved, {}, scratch).value.text() == "Ana");
}
