#include "mapping/expression_scanner.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"

namespace trama {
namespace {

/// Whether a character beyond ASCII can be part of a name.
/// Letters, marks and digits of every script can; it is the blanks,
/// the signs and the punctuation that editors put in by themselves that cannot.
bool is_name_beyond_ascii(char32_t c) noexcept {
  if (is_space(c)) return false;
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
  if (c == 0xD7 || c == 0xF7) return false;                           // × ÷
  if (c >= 0x2000 && c <= 0x206F) return c == 0x200C || c == 0x200D;  // joiners are part of words
  if (c >= 0x20A0 && c <= 0x20CF) return false;                       // currency signs
  if (c >= 0x2190 && c <= 0x2BFF) return false;  // arrows, mathematics, drawings
  if (c >= 0x3000 && c <= 0x3003) return false;
  return !(c >= 0x3008 && c <= 0x3020) && !(c >= 0xFF01 && c <= 0xFF0F);
}

constexpr std::string_view kWords[] = {"and", "or",      "not",     "is",     "blank", "one",
                                       "of",  "matches", "between", "days",   "today", "in",
                                       "yes", "no",      "column",  "source", "hours", "minutes"};

constexpr std::size_t kShownBytes = 40;

/// A sign that people write from habit, and what to do about it.
struct Habit {
  std::string_view sign;
  PhraseCode advice;
  std::string_view write{};  // of write_it
};
// Longer signs stand before the shorter ones that they begin with.
constexpr Habit kHabits[] = {
    {"===", PhraseCode::write_equals_once},
    {"==", PhraseCode::write_equals_once},
    {"=~", PhraseCode::write_matches_pattern},
    {"=>", PhraseCode::write_it, ">="},
    {"=<", PhraseCode::write_it, "<="},
    {"<>", PhraseCode::write_it, "!="},
    {"&&", PhraseCode::write_it, "and"},
    {"&", PhraseCode::write_and_or_join},
    {"||", PhraseCode::write_it, "or"},
    {"|", PhraseCode::write_it, "or"},
    {"**", PhraseCode::four_operators},
    {"^", PhraseCode::four_operators},
    {"%", PhraseCode::write_a_percentage_as_a_number},
    {"!", PhraseCode::write_not},
    {"≠", PhraseCode::write_it, "!="},
    {"≥", PhraseCode::write_it, ">="},
    {"≤", PhraseCode::write_it, "<="},
    {"×", PhraseCode::write_it, "*"},
    {"÷", PhraseCode::write_it, "/"},
    {"−", PhraseCode::write_the_sign_on_the_keyboard},
    {"–", PhraseCode::write_the_sign_on_the_keyboard},
    {"—", PhraseCode::write_the_sign_on_the_keyboard},
    {"“", PhraseCode::write_straight_double_quotes},
    {"”", PhraseCode::write_straight_double_quotes},
    {"«", PhraseCode::write_straight_double_quotes},
    {"‘", PhraseCode::write_straight_single_quotes},
    {"’", PhraseCode::write_straight_single_quotes},
    {"`", PhraseCode::which_quotes},
    {"$", PhraseCode::no_dollar_sign},
    {",", PhraseCode::a_number_is_written},
    {"?", PhraseCode::for_one_of_two_values},
};

Phrase operator_advice(std::string_view found) {
  if (found == "AND" || found == "And" || found == "y" || found == "Y")
    return {PhraseCode::write_it, {"and"}};
  if (found == "OR" || found == "Or" || found == "o" || found == "O")
    return {PhraseCode::write_it, {"or"}};
  if (found == "IS" || found == "Is") return {PhraseCode::write_it, {"is"}};
  if (found == "not") {
    return PhraseCode::write_is_not;
  }
  if (found == "in" || found == "IN") {
    return PhraseCode::write_is_one_of_a_zone;
  }
  if (found == "like" || found == "LIKE") return PhraseCode::write_matches_pattern;
  if (found == "days" || found == "day") {
    return PhraseCode::days_are_added_to_a_date;
  }
  return PhraseCode::column_names_with_blanks;
}

}  // namespace

bool is_expression_word(std::string_view text) noexcept {
  return std::find(std::begin(kWords), std::end(kWords), text) != std::end(kWords);
}

std::string in_quotes(std::string_view text) {
  std::size_t end = std::min(text.size(), kShownBytes);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  std::string out = "'";
  out += text.substr(0, end);
  if (end < text.size()) out += "…";
  return out += "'";
}

ExpressionPlaces::ExpressionPlaces(const Text& source) : whole_(source.span), ascii_(true) {
  const std::string_view text = source.view();
  const std::size_t characters = count_code_points(text);
  ascii_ = characters == text.size();
  const std::size_t quotes = source.quoted ? 2 : 0;
  exact_ = whole_.line != 0 && whole_.length == characters + quotes &&
           text.find('\n') == std::string_view::npos;
  shift_ = source.quoted ? 1 : 0;
  if (exact_ && !ascii_) number(text);
}

Span ExpressionPlaces::of(std::size_t begin, std::size_t end) const {
  if (!exact_) return whole_;
  const std::uint32_t from = characters_before(begin);
  Span span = whole_;
  span.column += shift_ + from;
  span.length = std::max<std::uint32_t>(1, characters_before(end) - from);
  return span;
}

void ExpressionPlaces::number(std::string_view text) {
  characters_.reserve(text.size() + 1);
  std::uint32_t seen = 0;
  for (const char c : text) {
    characters_.push_back(seen);
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++seen;
  }
  characters_.push_back(seen);
}

bool ExpressionScanner::fail(std::size_t begin, std::size_t end, Phrase message, Phrase help) {
  diagnostics_.push_back(
      {DiagnosticCode::expr_syntax, places_.of(begin, end), {std::move(message), std::move(help)}});
  return false;
}

bool ExpressionScanner::unexpected() {
  const std::size_t begin = at_;
  if (fail_by_habit()) return false;
  if (at_sign(")")) {
    return fail(begin, begin + 1, PhraseCode::this_parenthesis_closes_nothing,
                PhraseCode::leave_it_out_or_open);
  }
  if (at_sign("(")) {
    return fail(begin, begin + 1, PhraseCode::a_parenthesis_for_an_operator,
                PhraseCode::there_are_no_functions_here);
  }
  if (at_sign("[")) {
    return fail(begin, begin + 1, PhraseCode::a_list_only_after_is_one_of,
                PhraseCode::write_is_one_of);
  }
  const std::string_view found = piece();
  return fail(begin, begin + found.size(), {PhraseCode::stands_for_an_operator, {in_quotes(found)}},
              operator_advice(found));
}

bool ExpressionScanner::no_value() {
  skip();
  const std::size_t begin = at_;
  if (begin == text_.size()) {
    return fail(last_end_, last_end_, PhraseCode::the_expression_ends,
                PhraseCode::write_a_column_or_value);
  }
  if (fail_by_habit()) return false;
  if (at_sign("+")) {
    return fail(begin, begin + 1, PhraseCode::a_number_has_no_plus, PhraseCode::write_5);
  }
  if (at_sign(".")) {
    return fail(begin, begin + 1, PhraseCode::no_point_at_the_beginning, PhraseCode::write_0_5);
  }
  if (at_sign("[")) {
    return fail(begin, begin + 1, PhraseCode::a_list_only_after_is_one_of,
                PhraseCode::write_is_one_of);
  }
  const std::string_view found = piece();
  return fail(begin, begin + found.size(), {PhraseCode::stands_for_a_value, {in_quotes(found)}},
              is_expression_word(found) ? Phrase(PhraseCode::a_column_called_like_a_word, {found})
                                        : Phrase(PhraseCode::write_a_column_or_value));
}

bool ExpressionScanner::fail_by_habit() {
  if (at_sign("!=")) return false;
  for (const Habit& habit : kHabits) {
    if (!at_sign(habit.sign)) continue;
    fail(at_, at_ + habit.sign.size(),
         {PhraseCode::is_no_sign_of_the_language, {in_quotes(habit.sign)}},
         {habit.advice, {habit.write}});
    return true;
  }
  return false;
}

void ExpressionScanner::skip() noexcept {
  while (at_ < text_.size()) {
    std::size_t next = at_;
    if (!is_space(next_code_point(text_, next))) return;
    at_ = next;
  }
}

std::size_t ExpressionScanner::name_character(std::size_t at) const noexcept {
  const char c = look(at);
  if (is_letter(c) || is_digit(c) || c == '_' || c == '.') return at + 1;
  if (static_cast<unsigned char>(c) < 0x80) return at;
  std::size_t next = at;
  return is_name_beyond_ascii(next_code_point(text_, next)) ? next : at;
}

std::size_t ExpressionScanner::name_end(std::size_t at) const noexcept {
  for (;;) {
    const std::size_t next = name_character(at);
    if (next == at) return at;
    at = next;
  }
}

std::string_view ExpressionScanner::piece() const noexcept {
  std::size_t end = name_end(at_);
  if (end == at_ && end < text_.size()) next_code_point(text_, end);
  return text_.substr(at_, end - at_);
}

bool ExpressionScanner::take_word(std::string_view word) noexcept {
  skip();
  if (!at_word(word)) return false;
  advance(word.size());
  return true;
}

bool ExpressionScanner::take_sign(std::string_view sign) noexcept {
  skip();
  if (!at_sign(sign)) return false;
  advance(sign.size());
  return true;
}

}  // namespace trama
