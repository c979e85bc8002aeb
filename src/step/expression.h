// ExpressionProgram: a checked expression as flat steps on a stack, and evaluate(), which runs it
// for one row.
//
// plan/expression_check makes programs; exec runs them. The logic has three values: yes, no and
// undecided (a blank boolean). `no and X` is no and `yes or X` is yes whatever X is, also where X
// is undecided or cannot be read.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/codes.h"
#include "value/dates.h"
#include "value/decimal.h"
#include "value/exact.h"
#include "value/operator.h"
#include "value/value.h"
#include "value/zone.h"

namespace re2 {
class RE2;
}

namespace trama {

constexpr std::uint32_t kNoOperand = UINT32_MAX;

struct ExpressionProgram {
  struct Operand {
    enum class From : std::uint8_t { column, source, today };
    From from = From::column;
    std::uint32_t index =
        0;  // the scope's number of the column or the source field, or an index into `zones`
  };

  struct Step {
    enum class Form : std::uint8_t { constant, operand, operation };
    Form form = Form::constant;
    Operator op = Operator::either;
    Kind as =
        Kind::missing;  // of an operand: the kind it is read as; missing: as it is (for `is blank`)
    std::uint32_t index = 0;  // of `constants` or `operands`; of an operation, of `patterns`
                              // (matches) or `day_zones` (day of)
    std::uint32_t count = 0;  // of an operation: the slots that it takes
  };

  std::vector<Step> steps;
  std::vector<Operand> operands;
  std::vector<Value> constants;    // texts point into `texts`
  std::deque<std::string> texts;   // a deque: its strings stay where they are
  std::vector<std::string> zones;  // of `today`; "UTC" where none was written
  std::vector<Zone> day_zones;     // of `day of`
  std::vector<std::shared_ptr<const re2::RE2>> patterns;
  std::size_t slots = 0;  // the most that the stack holds
  int decimals = 0;       // of a quotient
  Rounding rounding = Rounding::exact;
  bool keep_quotient = false;  // it is rounded later, once with what follows

  ExpressionProgram();
  ~ExpressionProgram();
  ExpressionProgram(ExpressionProgram&&) noexcept;
  ExpressionProgram& operator=(ExpressionProgram&&) noexcept;
  ExpressionProgram(const ExpressionProgram&) = delete;
  ExpressionProgram& operator=(const ExpressionProgram&) = delete;

  /// Compiles a pattern of `matches` and gives its index; false and an explanation where it is none.
  bool add_pattern(std::string_view pattern, std::uint32_t& index, std::string& problem,
                   class PatternPool* pool = nullptr);
  /// Keeps a constant and gives its index; the characters of a text are copied.
  std::uint32_t add_constant(const Value& value);
  /// Whether evaluating it can be an error: a field that cannot be read, or a result out of range.
  [[nodiscard]] bool can_fail() const noexcept;
};

/// What became of an expression, or of a part of it.
/// `value`: blank where it is undecided (a condition) or where an operand was blank (a value).
struct ExpressionOutcome {
  Value value;
  const Exact* wide = nullptr;  // a number that no Decimal holds: `value` is then only a stand-in;
                                // it lies in the scratch until the next call
  Reason error = Reason::none;  // the record's error; `a` and `b` are the values of its message
  Reason undecided = Reason::none;  // why `value` is blank: Reason::undecided (see `operand`),
                                    // undecided_offsets, …
  std::uint32_t operand =
      kNoOperand;  // the first operand that was blank, or the one that could not be read
  Value a;
  Value b;

  [[nodiscard]] bool yes() const noexcept {
    return error == Reason::none && value.kind() == Kind::boolean && value.boolean();
  }
  [[nodiscard]] bool no() const noexcept {
    return error == Reason::none && value.kind() == Kind::boolean && !value.boolean();
  }
};

/// Why an operand is no value at all: its path met a wrong shape.
/// `a` and `b` are the values of the message.
struct OperandFault {
  Reason reason = Reason::none;
  Value a{};
  Value b{};
};

/// Memory that evaluate() needs, one a thread. `a` and `b` of an outcome may point into it until
/// the next call.
struct ExpressionScratch {
  struct Slot {
    Value value;
    Reason error = Reason::none;
    Reason undecided = Reason::none;
    std::uint32_t at = kNoOperand;  // the operand that was blank, or the step that failed
    const Exact* wide = nullptr;    // a number that no Decimal holds; `value` is then 0
  };
  std::vector<Slot> slots;
  std::deque<Exact> wides;  // of one run, where its intermediate results need them
  DateTrouble trouble;
  /// Of each operand, where one of them has a wrong shape; else empty.
  std::span<const OperandFault> faults{};

  void fit(const ExpressionProgram& program) {
    if (slots.size() < program.slots) slots.resize(program.slots);
  }
};

/// Runs `program` for one row. `operands`: one Value for each of program.operands; one with a fault
/// (ExpressionScratch::faults) is the error of the outcome where it matters. A column gives
/// its finished value (of the kind that check was told, or blank); a source field its raw value:
/// text with its Origin, json for a list or an object, or blank; today a date. `scratch` was fitted
/// to the program.
///
/// A source field is read as the kind of the other side: a decimal (mappings/rules.md, rule 5.1),
/// yes, no, true or false, an ISO 8601 date (a time with an offset is no date: 5.5) or date-time,
/// an ISO 8601 duration; what cannot be read is the error of the outcome. Date-times with offsets
/// are compared by their instant, those without by their wall clock; one of each is undecided. Text
/// is compared byte by byte. `matches` means the whole value.
ExpressionOutcome evaluate(const ExpressionProgram& program, std::span<const Value> operands,
                           ExpressionScratch& scratch) noexcept;

/// The same for the steps [first, end), which are the whole of a part of the expression.
ExpressionOutcome evaluate_part(const ExpressionProgram& program, std::size_t first,
                                std::size_t end, std::span<const Value> operands,
                                ExpressionScratch& scratch) noexcept;

}  // namespace trama
