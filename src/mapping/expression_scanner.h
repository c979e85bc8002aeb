// ExpressionScanner: the text of an expression under the eye of its parser: which words and signs
// come next, where they stand, and what to say where something else stands there.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "mapping/expression.h"

namespace trama {

/// Whether it is a word of the grammar. A column that has such a name is written column "…".
bool is_expression_word(std::string_view text) noexcept;

/// A piece of an expression as messages show it.
std::string in_quotes(std::string_view text);

/// The Spans of the parts of a scalar.
class ExpressionPlaces {
 public:
  explicit ExpressionPlaces(const Text& source);
  [[nodiscard]] Span of(std::size_t begin, std::size_t end) const;

 private:
  void number(std::string_view text);
  [[nodiscard]] std::uint32_t characters_before(std::size_t at) const {
    return ascii_ ? static_cast<std::uint32_t>(at) : characters_[at];
  }

  Span whole_;
  bool exact_ = false;
  bool ascii_;
  std::uint32_t shift_ = 0;
  std::vector<std::uint32_t> characters_;  // before each byte; empty where a byte is a character
};

class ExpressionScanner {
 protected:
  /// `text`: that of `source`, which outlives it.
  ExpressionScanner(const Text& source, std::string_view text, Diagnostics& diagnostics)
      : places_(source), text_(text), diagnostics_(diagnostics) {}

  // What is wrong: one Diagnostic, and false, so that everything unwinds.

  bool fail(std::size_t begin, std::size_t end, Phrase message, Phrase help);
  /// Something stands where an operator or the end should be.
  bool unexpected();
  /// Something else, or nothing, stands where a value should be.
  bool no_value();
  /// True where a sign that people write from habit was told.
  bool fail_by_habit();

  // Looking at the text. at_ stands on a byte that was not read yet.

  void skip() noexcept;
  bool at_end() noexcept {
    skip();
    return at_ == text_.size();
  }
  [[nodiscard]] bool at_sign(std::string_view sign) const noexcept {
    return text_.substr(at_, sign.size()) == sign;
  }
  [[nodiscard]] bool at_word(std::string_view word) const noexcept {
    return at_sign(word) && name_character(at_ + word.size()) == at_ + word.size();
  }
  [[nodiscard]] char look(std::size_t at) const noexcept {
    return at < text_.size() ? text_[at] : '\0';
  }
  /// The end of the name character at `at`, or `at` where there is none.
  [[nodiscard]] std::size_t name_character(std::size_t at) const noexcept;
  [[nodiscard]] std::size_t name_end(std::size_t at) const noexcept;
  /// The word or sign at at_, for messages.
  [[nodiscard]] std::string_view piece() const noexcept;

  bool take_word(std::string_view word) noexcept;
  bool take_sign(std::string_view sign) noexcept;
  void advance(std::size_t bytes) noexcept {
    at_ += bytes;
    last_end_ = at_;
  }
  std::size_t start() noexcept {
    skip();
    return at_;
  }

  ExpressionPlaces places_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::size_t last_end_ = 0;  // the end of what was read last, without the blanks after it
};

}  // namespace trama
