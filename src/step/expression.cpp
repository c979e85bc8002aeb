#include "step/expression.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "step/args.h"
#include "value/order.h"

namespace trama {
namespace {

using Step = ExpressionProgram::Step;
using Slot = ExpressionScratch::Slot;

constexpr std::int64_t kSecondsPerDay = 86400;
constexpr std::int64_t kNanos = 1000000000;
constexpr std::int32_t kFirstDay = -719162;  // 0001-01-01
constexpr std::int32_t kLastDay = 2932896;   // 9999-12-31

Slot truth(bool yes) noexcept {
  return {.value = Value::boolean(yes)};
}
Slot failed(Reason error, std::size_t step) noexcept {
  return {.value = {}, .error = error, .at = static_cast<std::uint32_t>(step)};
}
/// Undecided for a reason that is no blank operand.
Slot undecided(Reason why) noexcept {
  return {.value = {}, .undecided = why};
}

bool is_truth(const Slot& slot, bool yes) noexcept {
  return slot.value.kind() == Kind::boolean && slot.value.boolean() == yes;
}
/// Neither an error nor blank.
bool stands(const Slot& slot) noexcept {
  return !slot.value.is_blank();
}

/// What two slots that do not decide the matter come to: an error before a blank,
/// the left before the right.
Slot worse(const Slot& a, const Slot& b) noexcept {
  if (a.error != Reason::none) return a;
  if (b.error != Reason::none) return b;
  return stands(a) ? b : a;
}

// Reading a source field as the kind of the other side.

Reason read_boolean(const Value& in, Value& out, DateTrouble& trouble) noexcept {
  const std::string_view text = in.text();
  const bool yes = text == "yes" || text == "true";
  if (!yes && text != "no" && text != "false") {
    trouble.a = in;
    trouble.b = Value::text("yes, true");
    return Reason::not_yes_or_no;
  }
  out = Value::boolean(yes);
  return Reason::none;
}

Reason read_number(const Value& in, Value& out, DateTrouble& trouble) noexcept {
  Decimal number;
  const Reason reason = read_decimal(in.text(), number);
  if (reason != Reason::none) {
    trouble.a = in;
    trouble.b = Value::text("1234.56");
    return reason;
  }
  out = Value::decimal(number);
  return Reason::none;
}

Reason wrong_shape(const Value& in, std::string_view shape, DateTrouble& trouble) noexcept {
  trouble.a = in;
  trouble.b = Value::text(shape);
  return Reason::date_shape;
}

Reason read_date(const Value& in, Value& out, DateTrouble& trouble) noexcept {
  Moment moment;
  if (const Reason reason = read_iso(in.text(), moment, trouble); reason != Reason::none) {
    return reason;
  }
  if (!moment.has_date) return wrong_shape(in, "YYYY-MM-DD", trouble);
  if (moment.has_time && moment.offset != kNoOffset) return Reason::no_zone_for_date;
  out = Value::date(moment.date);
  return Reason::none;
}

Reason read_datetime(const Value& in, Value& out, DateTrouble& trouble) noexcept {
  Moment moment;
  if (const Reason reason = read_iso(in.text(), moment, trouble); reason != Reason::none) {
    return reason;
  }
  if (!moment.has_date || !moment.has_time) return wrong_shape(in, "YYYY-MM-DDThh:mm:ssZ", trouble);
  out = Value::datetime(
      {moment.date.days * kSecondsPerDay + moment.time.seconds, moment.offset, moment.time.nanos},
      moment.digits);
  return Reason::none;
}

Reason read_duration(const Value& in, Value& out, DateTrouble& trouble) noexcept {
  Duration duration;
  const Reason reason = read_iso_duration(in.text(), duration);
  if (reason != Reason::none) {
    trouble.a = in;
    trouble.b = Value::text("PT2H30M");
    return reason;
  }
  out = Value::duration(duration);
  return Reason::none;
}

/// The raw value of a source field, read as `as`. Not blank.
Reason read_source(const Value& in, Kind as, Value& out, DateTrouble& trouble) noexcept {
  if (in.kind() != Kind::text) {
    const bool list = in.kind() == Kind::json && in.text().starts_with('[');
    trouble.a = Value::text(list ? "a list" : "an object");
    return Reason::needs_scalar;
  }
  switch (as) {
    case Kind::decimal:
      return read_number(in, out, trouble);
    case Kind::boolean:
      return read_boolean(in, out, trouble);
    case Kind::date:
      return read_date(in, out, trouble);
    case Kind::datetime:
      return read_datetime(in, out, trouble);
    case Kind::duration:
      return read_duration(in, out, trouble);
    default:
      out = in;
      return Reason::none;
  }
}

/// The number of a slot, whatever its width.
Exact exact_of(const Slot& slot) {
  return slot.wide != nullptr ? *slot.wide : Exact(slot.value.decimal());
}

bool holds(Operator op, int order) noexcept {
  switch (op) {
    case Operator::equal:
      return order == 0;
    case Operator::not_equal:
      return order != 0;
    case Operator::less:
      return order < 0;
    case Operator::less_or_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

Slot comparison(Operator op, const Slot& a, const Slot& b) noexcept {
  if (!stands(a) || !stands(b)) return worse(a, b);
  TRAMA_CHECK(a.value.kind() == b.value.kind());
  if (a.wide != nullptr || b.wide != nullptr) {
    return truth(holds(op, exact_of(a).compare(exact_of(b))));
  }
  int order = 0;
  const Reason why = compare_values(a.value, b.value, order);
  return why == Reason::none ? truth(holds(op, order)) : undecided(why);
}

Slot both(const Slot& a, const Slot& b) noexcept {
  if (is_truth(a, false) || is_truth(b, false)) return truth(false);
  return stands(a) && stands(b) ? truth(true) : worse(a, b);
}

Slot either(const Slot& a, const Slot& b) noexcept {
  if (is_truth(a, true) || is_truth(b, true)) return truth(true);
  return stands(a) && stands(b) ? truth(false) : worse(a, b);
}

Slot negation(const Slot& a) noexcept {
  return stands(a) ? truth(!a.value.boolean()) : a;
}

/// `slots`: the value, then the list. A value that is found decides, whatever else the list holds.
Slot one_of(std::span<const Slot> slots) noexcept {
  Slot found = truth(false);
  for (const Slot& item : slots.subspan(1)) {
    found = either(found, comparison(Operator::equal, slots[0], item));
    if (is_truth(found, true)) break;
  }
  return found;
}

// Numbers and days.

/// A result that a Decimal may not hold: as one where it does, with the zeros at its end, which
/// only a finished value gives up.
Slot exact_slot(Exact&& result, ExpressionScratch& scratch) {
  Decimal narrow;
  if (result.to_decimal(narrow, true) == Reason::none) return {.value = Value::decimal(narrow)};
  scratch.wides.push_back(std::move(result));
  return {.value = Value::decimal({}), .wide = &scratch.wides.back()};
}

/// The same as arithmetic(), for numbers and results of any width.
Slot exact_arithmetic(Operator op, const Slot& a, const Slot& b, std::size_t step,
                      const ExpressionProgram& program, ExpressionScratch& scratch) {
  Exact result = exact_of(a);
  const Exact right = exact_of(b);
  switch (op) {
    case Operator::add:
      result.add(right);
      break;
    case Operator::subtract:
      result.subtract(right);
      break;
    case Operator::multiply:
      result.multiply(right);
      break;
    default: {
      if (!result.divide(right)) return failed(Reason::by_zero, step);
      if (program.keep_quotient) break;
      Decimal quotient;
      const Reason reason = result.round(program.decimals, program.rounding, quotient);
      return reason == Reason::none ? Slot{.value = Value::decimal(quotient)}
                                    : failed(reason, step);
    }
  }
  return exact_slot(std::move(result), scratch);
}

Slot arithmetic(Operator op, const Slot& a, const Slot& b, std::size_t step,
                const ExpressionProgram& program, ExpressionScratch& scratch) noexcept {
  if (!stands(a) || !stands(b)) return worse(a, b);
  if (a.wide != nullptr || b.wide != nullptr) {
    return exact_arithmetic(op, a, b, step, program, scratch);
  }
  const Decimal left = a.value.decimal();
  const Decimal right = b.value.decimal();
  Decimal result;
  Reason reason = Reason::none;
  int scale = std::max(left.scale, right.scale);
  switch (op) {
    case Operator::add:
      reason = add(left, right, result);
      break;
    case Operator::subtract:
      reason = subtract(left, right, result);
      break;
    case Operator::multiply:
      reason = multiply(left, right, result);
      scale = left.scale + right.scale;
      break;
    default:
      if (program.keep_quotient) return exact_arithmetic(op, a, b, step, program, scratch);
      reason = multiply_divide(left, {1, 0}, right, program.decimals, program.rounding, result);
      return reason == Reason::none ? Slot{.value = Value::decimal(result)} : failed(reason, step);
  }
  // Zeros that do not fit are given up by the finished value alone.
  if (reason == Reason::none && result.scale == scale) return {.value = Value::decimal(result)};
  return exact_arithmetic(op, a, b, step, program, scratch);
}

Slot minus(const Slot& a, ExpressionScratch& scratch) noexcept {
  if (!stands(a)) return a;
  if (a.wide != nullptr) {
    Exact negative = *a.wide;
    negative.negate();
    return exact_slot(std::move(negative), scratch);
  }
  const Decimal number = a.value.decimal();
  return {.value = Value::decimal({-number.coefficient, number.scale})};
}

/// A date and a whole number of days after it (or before it: `sign` -1).
Slot move_days(const Slot& a, const Slot& b, int sign, std::size_t step) noexcept {
  if (!stands(a) || !stands(b)) return worse(a, b);
  Decimal days = b.value.decimal();
  const Reason reason = b.wide != nullptr ? b.wide->round(0, Rounding::exact, days)
                                          : round_to(days, 0, Rounding::exact);
  if (reason == Reason::number_digits) return failed(Reason::date_year_range, step);
  if (reason != Reason::none) return failed(reason, step);
  const Int128 moved = a.value.date().days + sign * days.coefficient;
  if (moved < kFirstDay || moved > kLastDay) return failed(Reason::date_year_range, step);
  return {.value = Value::date({static_cast<std::int32_t>(moved)})};
}

Slot days_between(const Slot& a, const Slot& b) noexcept {
  if (!stands(a) || !stands(b)) return worse(a, b);
  return {.value = Value::integer(b.value.date().days - a.value.date().days)};
}

/// Of date-times: hours (`seconds` 3600) or minutes (60), exactly.
Slot time_between(const Slot& a, const Slot& b, std::int64_t seconds, std::size_t step,
                  ExpressionScratch& scratch) {
  if (!stands(a) || !stands(b)) return worse(a, b);
  const DateTime from = a.value.datetime();
  const DateTime to = b.value.datetime();
  if ((from.offset == kNoOffset) != (to.offset == kNoOffset))
    return failed(Reason::one_offset_alone, step);
  const auto since_1970 = [](const DateTime& time) {
    return time.seconds - (time.offset == kNoOffset ? 0 : time.offset);
  };
  const Int128 length =
      Int128{since_1970(to) - since_1970(from)} * kNanos + to.nanos - Int128{from.nanos};
  Exact quotient(Decimal{length, 0});
  TRAMA_CHECK(quotient.divide(Exact(Decimal{Int128{seconds} * kNanos, 0})));
  return exact_slot(std::move(quotient), scratch);
}

Slot day_of(const Slot& a, const Zone& zone, std::size_t step) noexcept {
  if (!stands(a)) return a;
  const DateTime time = a.value.datetime();
  if (time.offset == kNoOffset) return failed(Reason::no_zone_known, step);
  const std::int64_t utc = time.seconds - time.offset;
  const std::int64_t local = utc + zone.offset_of(utc);
  const std::int64_t day = local / kSecondsPerDay - (local % kSecondsPerDay < 0 ? 1 : 0);
  if (day < kFirstDay || day > kLastDay) return failed(Reason::date_year_range, step);
  return {.value = Value::date({static_cast<std::int32_t>(day)})};
}

Slot blank_test(const Slot& a, bool wanted) noexcept {
  return a.error != Reason::none ? a : truth(a.value.is_blank() == wanted);
}

Slot matches(const Slot& a, const re2::RE2& pattern) noexcept {
  if (!stands(a)) return a;
  const std::string_view text = a.value.text();
  return truth(re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern));
}

/// Runs the steps of one part on a stack.
class Run {
 public:
  Run(const ExpressionProgram& program, std::span<const Value> operands,
      ExpressionScratch& scratch) noexcept
      : program_(program), operands_(operands), scratch_(scratch) {}

  ExpressionOutcome run(std::size_t first, std::size_t end) noexcept {
    if (!scratch_.wides.empty()) scratch_.wides.clear();
    for (std::size_t i = first; i < end; ++i) push(step(program_.steps[i], i));
    TRAMA_CHECK(top_ == 1);
    return outcome(scratch_.slots[0]);
  }

 private:
  void push(const Slot& slot) noexcept {
    TRAMA_CHECK(top_ < scratch_.slots.size());
    scratch_.slots[top_++] = slot;
  }

  Slot step(const Step& step, std::size_t index) noexcept {
    switch (step.form) {
      case Step::Form::constant:
        return {.value = program_.constants[step.index]};
      case Step::Form::operand:
        return operand(step, index);
      case Step::Form::operation:
        break;
    }
    TRAMA_CHECK(top_ >= step.count);
    top_ -= step.count;
    return operation(step, {scratch_.slots.data() + top_, step.count}, index);
  }

  [[nodiscard]] const OperandFault* fault_of(const Step& step) const noexcept {
    if (scratch_.faults.empty()) return nullptr;
    const OperandFault& fault = scratch_.faults[step.index];
    return fault.reason == Reason::none ? nullptr : &fault;
  }

  Slot operand(const Step& step, std::size_t index) noexcept {
    if (const OperandFault* fault = fault_of(step)) return failed(fault->reason, index);
    const Value& raw = operands_[step.index];
    if (raw.is_blank()) return {.value = raw, .undecided = Reason::undecided, .at = step.index};
    if (step.as == Kind::missing) return {.value = raw};
    if (program_.operands[step.index].from != ExpressionProgram::Operand::From::source) {
      TRAMA_CHECK(raw.kind() == step.as);
      return {.value = raw};
    }
    Value value;
    const Reason reason = read_source(raw, step.as, value, scratch_.trouble);
    return reason == Reason::none ? Slot{.value = value} : failed(reason, index);
  }

  Slot operation(const Step& step, std::span<const Slot> in, std::size_t index) noexcept {
    switch (step.op) {
      case Operator::either:
        return either(in[0], in[1]);
      case Operator::both:
        return both(in[0], in[1]);
      case Operator::negation:
        return negation(in[0]);
      case Operator::blank:
        return blank_test(in[0], true);
      case Operator::not_blank:
        return blank_test(in[0], false);
      case Operator::one_of:
        return one_of(in);
      case Operator::not_one_of:
        return negation(one_of(in));
      case Operator::matches:
        return matches(in[0], *program_.patterns[step.index]);
      case Operator::between:
        return both(comparison(Operator::greater_or_equal, in[0], in[1]),
                    comparison(Operator::less_or_equal, in[0], in[2]));
      case Operator::minus:
        return minus(in[0], scratch_);
      case Operator::add_days:
        return move_days(in[0], in[1], 1, index);
      case Operator::subtract_days:
        return move_days(in[0], in[1], -1, index);
      case Operator::days_between:
        return days_between(in[0], in[1]);
      case Operator::hours_between:
        return time_between(in[0], in[1], 3600, index, scratch_);
      case Operator::minutes_between:
        return time_between(in[0], in[1], 60, index, scratch_);
      case Operator::day_of:
        return day_of(in[0], program_.day_zones[step.index], index);
      case Operator::add:
      case Operator::subtract:
      case Operator::multiply:
      case Operator::divide:
        return arithmetic(step.op, in[0], in[1], index, program_, scratch_);
      default:
        return comparison(step.op, in[0], in[1]);
    }
  }

  /// A slot with all that a message wants to know. An error is looked into only here, for few of
  /// them get this far.
  ExpressionOutcome outcome(const Slot& slot) noexcept {
    ExpressionOutcome out;
    out.value = slot.value;
    out.wide = slot.wide;
    out.error = slot.error;
    out.undecided = slot.undecided;
    if (slot.error == Reason::none) {
      out.operand = slot.undecided == Reason::undecided ? slot.at : kNoOperand;
      return out;
    }
    const Step& step = program_.steps[slot.at];
    if (step.form == Step::Form::operand) {
      out.operand = step.index;
      if (const OperandFault* fault = fault_of(step)) {
        out.a = fault->a;
        out.b = fault->b;
        return out;
      }
      scratch_.trouble.a = scratch_.trouble.b = Value();
      Value unused;
      read_source(operands_[step.index], step.as, unused, scratch_.trouble);
      out.a = scratch_.trouble.a;
      out.b = scratch_.trouble.b;
    } else if (slot.error == Reason::number_rounds) {
      const bool quotient = step.op == Operator::divide;
      out.a = Value::text(quotient ? "the quotient" : "the number of days");
      out.b = Value::integer(quotient ? program_.decimals : 0);
    }
    return out;
  }

  const ExpressionProgram& program_;
  std::span<const Value> operands_;
  ExpressionScratch& scratch_;
  std::size_t top_ = 0;
};

}  // namespace

ExpressionProgram::ExpressionProgram() = default;
ExpressionProgram::~ExpressionProgram() = default;
ExpressionProgram::ExpressionProgram(ExpressionProgram&&) noexcept = default;
ExpressionProgram& ExpressionProgram::operator=(ExpressionProgram&&) noexcept = default;

bool ExpressionProgram::add_pattern(std::string_view pattern, std::uint32_t& index,
                                    std::string& problem, PatternPool* pool) {
  auto compiled = compile_pattern(pattern, problem, pool);
  if (!compiled) return false;
  index = static_cast<std::uint32_t>(patterns.size());
  patterns.push_back(std::move(compiled));
  return true;
}

bool ExpressionProgram::can_fail() const noexcept {
  return std::any_of(steps.begin(), steps.end(), [this](const Step& step) {
    switch (step.form) {
      case Step::Form::constant:
        return false;
      case Step::Form::operand:
        return operands[step.index].from == Operand::From::source && step.as != Kind::missing;
      case Step::Form::operation:
        return step.op >= Operator::add;
    }
    return true;
  });
}

std::uint32_t ExpressionProgram::add_constant(const Value& value) {
  const auto index = static_cast<std::uint32_t>(constants.size());
  const bool text = value.kind() == Kind::text;
  constants.push_back(text ? Value::text(texts.emplace_back(value.text())) : value);
  return index;
}

ExpressionOutcome evaluate(const ExpressionProgram& program, std::span<const Value> operands,
                           ExpressionScratch& scratch) noexcept {
  return evaluate_part(program, 0, program.steps.size(), operands, scratch);
}

ExpressionOutcome evaluate_part(const ExpressionProgram& program, std::size_t first,
                                std::size_t end, std::span<const Value> operands,
                                ExpressionScratch& scratch) noexcept {
  return Run(program, operands, scratch).run(first, end);
}

}  // namespace trama
