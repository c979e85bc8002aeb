// check_expression: an Expression, with names resolved and types judged,
// becomes an ExpressionProgram.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/span.h"
#include "mapping/expression.h"
#include "step/expression.h"
#include "value/decimal.h"
#include "value/value.h"

namespace trama {

/// An expression with more errors than these is hopeless, and telling them all would take too long.
constexpr int kMaxExpressionDiagnostics = 20;

/// What follows it in a currency_key only tells two of them apart.
constexpr char kCurrencyKeyEnd = '\x1f';
/// How the key of a currency that the items of a column share begins.
constexpr std::string_view kCurrencyOfItems = "items:";
/// A currency_key for people: "USD", "that of price.currency".
Phrase currency_words(std::string_view key);

/// What is known of a column, or of a whole expression.
struct ColumnType {
  /// Whether date-times carry an offset from UTC.
  enum class Offset : std::uint8_t { unknown, always, never };

  Kind kind = Kind::text;
  /// Empty: no money. "*": money whose currency is not proved to be one. Else a key that is equal
  /// where the currency is: "USD", or "path:price.currency".
  std::string currency_key;  // up to kCurrencyKeyEnd for people
  Offset offset = Offset::unknown;
};

/// What the names of an expression mean.
class ExpressionScope {
 public:
  enum class Found : std::uint8_t {
    no,
    yes,
    untyped,  // there is such a column, but it has errors of its own: nothing is said about its
              // type
  };

  virtual ~ExpressionScope() = default;
  /// The column of that name, its type and the number that Operand::index gets.
  virtual Found find_column(std::string_view name, ColumnType& type, std::uint32_t& index) = 0;
  /// The value of a column that always has the same, where it is known already; else null.
  virtual const Value* constant_of(std::uint32_t /*index*/) { return nullptr; }
  /// All columns, for "did you mean".
  virtual std::span<const std::string_view> column_names() = 0;
  /// The column that is made from this path of the source, or "".
  virtual std::string_view column_from(std::string_view path) = 0;
  /// For compile_pattern().
  virtual class PatternPool* patterns() { return nullptr; }
  /// The number that Operand::index gets for a source field; the same for the same field.
  virtual std::uint32_t source_operand(const Path& path) = 0;
};

/// Where the expression stands.
struct ExpressionUse {
  enum class Purpose : std::uint8_t { condition, compute };
  Purpose purpose = Purpose::condition;
  bool states_rounding = false;  // the column of `compute` states `decimals` and `rounding`
  int decimals = 0;
  Rounding rounding = Rounding::exact;
  bool keep_quotient = false;  // it is rounded once, with what follows
};

struct CheckedExpression {
  ExpressionProgram program;
  ColumnType type;     // boolean for a condition
  bool typed = false;  // false where an untyped column leaves the type open; the program is then
                       // not to be run
};

/// Checks `expression` (from parse_expression) and compiles it. False where Diagnostics were added
/// that are errors. At most kMaxExpressionDiagnostics are; the time is linear in the expression,
/// and in the number of columns for each of those. The columns it needs are program.operands;
/// columns_of() gives their names before types are known.
bool check_expression(const Expression& expression, const ExpressionUse& use,
                      ExpressionScope& scope, CheckedExpression& out, Diagnostics& diagnostics);

/// "a date", "a number", …: a kind in the words of a mapping's author.
PhraseCode words_of(Kind kind) noexcept;

}  // namespace trama
