// Expression: the text of a `check:`, `when:` or `compute:` as a flat tree (mappings/rules.md,
// section 6). What the names mean and whether the types fit is judged later, by
// plan/expression_check.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "mapping/mapping.h"
#include "value/operator.h"
#include "value/value.h"

namespace trama {

constexpr std::size_t kMaxExpressionBytes = std::size_t{64} * 1024;
/// Parentheses, `not` and signs inside each other.
constexpr int kMaxExpressionDepth = 64;

struct ExpressionNode {
  enum class Form : std::uint8_t {
    column,     // `text` is its name
    source,     // `path` is an index into Expression::paths
    today,      // `text` is its zone, "" for UTC
    literal,    // `literal`; the characters of a text stand in `text`
    operation,  // `op` on the `children` before it; in `text` the pattern of `matches`, the zone
                // of `day of`
  };
  Form form = Form::literal;
  Operator op = Operator::either;
  std::uint32_t children = 0;
  std::uint32_t path = 0;
  std::uint32_t begin = 0;  // bytes of Expression::text, [begin, end)
  std::uint32_t end = 0;
  Span span;
  Span text_span;  // of the pattern, the zone or the text
  Value literal;   // its text() is empty: see `text`
  std::string text;
};

/// The nodes stand in post-order: each operation comes after its children, whose trees are
/// contiguous, and the last node is the root. So a pass needs a stack and no recursion, however
/// long the expression is.
struct Expression {
  std::string text;
  std::vector<ExpressionNode> nodes;
  std::vector<Path> paths;

  [[nodiscard]] std::string_view words(const ExpressionNode& node) const noexcept {
    return std::string_view(text).substr(node.begin, node.end - node.begin);
  }
};

/// Reads the expression in `source`. Gives false, and one Diagnostic at the first thing that is
/// wrong with its form. Time and memory are linear in the length of the text.
///
/// Spans are exact where the scalar stands on one line as it is read (plain, or quoted without
/// escapes: then its Span counts the quotes); of any other scalar they are its own Span.
bool parse_expression(const Text& source, Expression& out, Diagnostics& diagnostics);

/// The names of the columns that `expression` reads, each once, in the order of their first use.
/// Views into it.
std::vector<std::string_view> columns_of(const Expression& expression);

}  // namespace trama
