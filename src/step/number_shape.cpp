// Number shapes: made of an example, and read by.

#include "step/number_shape.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/ascii.h"
#include "base/phrase_codes.h"

namespace trama {
namespace {

/// Blanks that look alike, and apostrophes that do:
/// an example with one of them shows all of its row.
constexpr std::string_view kBlanks[] = {" ", "\u00A0", "\u202F", "\u2009"};
constexpr std::string_view kApostrophes[] = {"'", "\u2019"};
constexpr std::size_t kGroup = 3;

template <std::size_t N>
std::string_view first_of(const std::string_view (&marks)[N], std::string_view text) noexcept {
  for (const std::string_view mark : marks) {
    if (text.starts_with(mark)) return mark;
  }
  return {};
}

bool is_point(std::string_view mark) noexcept {
  return mark == "." || mark == ",";
}

/// The mark that `text` begins with, or "".
std::string_view mark_at(std::string_view text) noexcept {
  if (text.starts_with('.') || text.starts_with(',')) return text.substr(0, 1);
  const std::string_view blank = first_of(kBlanks, text);
  return blank.empty() ? first_of(kApostrophes, text) : blank;
}

/// How many bytes of `mark`, or of one that looks like it, `text` begins with.
std::size_t take_mark(std::string_view text, std::string_view mark) noexcept {
  if (mark.empty()) return 0;
  if (text.starts_with(mark)) return mark.size();
  if (is_point(mark)) return 0;
  const bool blank = !first_of(kBlanks, mark).empty();
  return (blank ? first_of(kBlanks, text) : first_of(kApostrophes, text)).size();
}

std::size_t count_digits(std::string_view text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  return static_cast<std::size_t>(end - text.begin());
}

/// [±]digits, the whole of `text`. What no 38 digits can reach is cut to ±far_away.
bool read_exponent(std::string_view text, int& exponent) noexcept {
  constexpr int far_away = 10'000;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || count_digits(text) != text.size()) return false;
  exponent = 0;
  for (const char c : text) exponent = std::min(exponent * 10 + (c - '0'), far_away);
  if (negative) exponent = -exponent;
  return true;
}

/// value × 10^exponent, exact; what read_decimal() would give for its plain digits.
Reason shift(Decimal value, int exponent, Decimal& out) noexcept {
  int scale = value.scale - exponent;
  if (value.coefficient == 0) scale = std::max(scale, 0);
  if (scale > kMaxScale || scale < -kMaxDigits) return Reason::number_digits;
  out = value;
  for (out.scale = scale; out.scale < 0; ++out.scale) {
    Decimal tenfold;
    if (multiply({out.coefficient, 0}, {10, 0}, tenfold) != Reason::none) {
      return Reason::number_digits;
    }
    out.coefficient = tenfold.coefficient;
  }
  return Reason::none;
}

/// Moves digits in groups, or without a mark, from `text` to `out`.
bool take_whole(std::string_view& text, std::string_view thousands, std::string& out) noexcept {
  const auto take = [&](std::size_t count) {
    out += text.substr(0, count);
    text.remove_prefix(count);
  };
  const std::size_t first = count_digits(text);
  if (first == 0) return false;
  const bool begins_with_zero = text.front() == '0';
  take(first);
  std::size_t mark = take_mark(text, thousands);
  // Nobody writes 250 as 0.250: there the mark has another meaning.
  if (mark > 0 && (first > kGroup || begins_with_zero)) return false;
  for (; mark > 0; mark = take_mark(text, thousands)) {
    text.remove_prefix(mark);
    if (count_digits(text) != kGroup) return false;
    take(kGroup);
  }
  return true;
}

/// An example taken apart: runs of digits and the marks between them.
struct Parts {
  std::vector<std::string_view> digits;
  std::vector<std::string_view> marks;
};

bool take_apart(std::string_view text, Parts& parts) {
  while (true) {
    const std::size_t count = count_digits(text);
    if (count == 0) return false;
    parts.digits.push_back(text.substr(0, count));
    text.remove_prefix(count);
    if (text.empty()) return true;
    const std::string_view mark = mark_at(text);
    if (mark.empty()) return false;
    parts.marks.push_back(text.substr(0, mark.size()));
    text.remove_prefix(mark.size());
  }
}

/// Whether the first `count` marks are one mark that groups digits by three.
bool are_groups(const Parts& parts, std::size_t count) {
  const std::string_view first = parts.digits[0];
  if (first.size() > kGroup || first.front() == '0') return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (parts.marks[i] != parts.marks[0] || parts.digits[i + 1].size() != kGroup) return false;
  }
  return true;
}

bool marks_of(const Parts& parts, NumberShape& out, Phrase& problem) {
  const std::size_t count = parts.marks.size();
  if (count == 0) return true;
  const std::string_view last = parts.marks.back();
  if (count == 1 && is_point(last) && are_groups(parts, 1)) {
    problem = PhraseCode::show_both_marks;
    return false;
  }
  if (are_groups(parts, count)) {
    out.thousands = parts.marks[0];
    return true;
  }
  const bool plain = count == 1;
  if (!is_point(last) || (!plain && (parts.marks[0] == last || !are_groups(parts, count - 1)))) {
    problem = PhraseCode::where_marks_go;
    return false;
  }
  out.point = last;
  if (!plain) out.thousands = parts.marks[0];
  return true;
}

}  // namespace

bool read_number_example(std::string_view example, NumberShape& out, Phrase& problem) {
  out = NumberShape{.example = std::string(example), .point = {}, .thousands = {}};
  std::string_view text = example;
  out.plus = text.starts_with('+');
  if (out.plus || text.starts_with('-')) text.remove_prefix(1);
  const std::size_t e = text.find_first_of("eE");
  int exponent = 0;
  out.exponent = e != std::string_view::npos;
  Parts parts;
  if ((out.exponent && !read_exponent(text.substr(e + 1), exponent)) ||
      !take_apart(text.substr(0, e), parts)) {
    problem = PhraseCode::an_example_of_a_number;
    return false;
  }
  return marks_of(parts, out, problem);
}

Reason read_by_shape(std::string_view text, const NumberShape& shape, std::string& scratch,
                     Decimal& out) noexcept {
  scratch.clear();
  if (text.starts_with('-')) scratch += '-';
  if (text.starts_with('-') || (shape.plus && text.starts_with('+'))) text.remove_prefix(1);
  if (!take_whole(text, shape.thousands, scratch)) return Reason::number_shape;
  if (const std::size_t point = take_mark(text, shape.point); point > 0) {
    text.remove_prefix(point);
    const std::size_t decimals = count_digits(text);
    if (decimals == 0) return Reason::number_shape;
    scratch += '.';
    scratch += text.substr(0, decimals);
    text.remove_prefix(decimals);
  }
  int exponent = 0;
  if (!text.empty()) {
    const bool marked = text.front() == 'e' || text.front() == 'E';
    if (!shape.exponent || !marked || !read_exponent(text.substr(1), exponent)) {
      return Reason::number_shape;
    }
  }
  Decimal mantissa;
  const Reason reason = read_decimal(scratch, mantissa);
  if (reason != Reason::none || exponent == 0) {
    out = mantissa;
    return reason;
  }
  return shift(mantissa, exponent, out);
}

Reason read_scientific(std::string_view text, Decimal& out) noexcept {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos) return read_decimal(text, out);
  int exponent = 0;
  Decimal mantissa;
  if (!read_exponent(text.substr(e + 1), exponent)) return Reason::number_shape;
  const Reason reason = read_decimal(text.substr(0, e), mantissa);
  return reason == Reason::none ? shift(mantissa, exponent, out) : reason;
}

}  // namespace trama
