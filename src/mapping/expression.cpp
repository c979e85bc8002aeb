#include "mapping/expression.h"

#include <algorithm>
#include <initializer_list>
#include <unordered_set>
#include <utility>

#include "base/utf8.h"
#include "mapping/expression_scanner.h"
#include "mapping/path.h"
#include "value/civil.h"
#include "value/dates.h"

namespace trama {
namespace {

using Form = ExpressionNode::Form;

constexpr std::int64_t kSecondsPerDay = 86400;

constexpr std::string_view kBlankAdvice = "write is blank, or is not blank";
constexpr std::string_view kDateAdvice = "a date is written 2025-03-01 (year, month, day)";

constexpr std::string_view kSourceDot = "source.";
constexpr std::string_view kSourceAdvice = "write source.guest.email, or source \"guest.email\"";

class Parser : ExpressionScanner {
 public:
  Parser(const Text& source, Expression& out, Diagnostics& diagnostics)
      : ExpressionScanner(source, out.text, diagnostics), out_(out) {}

  bool run() {
    if (at_end()) {
      return fail(0, text_.size(), "the expression is empty",
                  "write for example FechaSalida > FechaEntrada");
    }
    if (!either()) return false;
    if (at_end()) return true;
    return unexpected();
  }

 private:
  // Making nodes.

  ExpressionNode& add(Form form, std::size_t begin) {
    ExpressionNode& node = out_.nodes.emplace_back();
    node.form = form;
    node.begin = static_cast<std::uint32_t>(begin);
    node.end = static_cast<std::uint32_t>(last_end_);
    node.span = places_.of(begin, last_end_);
    return node;
  }
  ExpressionNode& operation(Operator op, std::uint32_t children, std::size_t begin) {
    ExpressionNode& node = add(Form::operation, begin);
    node.op = op;
    node.children = children;
    return node;
  }
  bool literal(const Value& value, std::size_t begin) {
    add(Form::literal, begin).literal = value;
    return true;
  }

  // NOLINTBEGIN(misc-no-recursion): enter() bounds the depth
  // The grammar, from the weakest operator to the strongest. Each function reads one piece and
  // leaves its root as the last node.

  bool either() {
    const std::size_t begin = start();
    if (!both()) return false;
    while (take_word("or")) {
      if (!both()) return false;
      operation(Operator::either, 2, begin);
    }
    return true;
  }

  bool both() {
    const std::size_t begin = start();
    if (!negation()) return false;
    while (take_word("and")) {
      if (!negation()) return false;
      operation(Operator::both, 2, begin);
    }
    return true;
  }

  bool negation() {
    const std::size_t begin = start();
    if (!take_word("not")) return comparison();
    if (!enter(begin) || !negation()) return false;
    --depth_;
    operation(Operator::negation, 1, begin);
    return true;
  }

  bool comparison() {
    const std::size_t begin = start();
    if (!sum()) return false;
    bool compared = false;
    if (!compare_once(begin, compared)) return false;
    if (!compared) return true;
    const std::size_t again = start();
    Operator op{};
    if (at_comparison(op) != 0 || at_word("is") || at_word("matches") || at_word("between")) {
      const std::string_view found =
          at_comparison(op) != 0 ? text_.substr(again, at_comparison(op)) : piece();
      return fail(again, again + found.size(),
                  "one comparison follows another without and or or between them",
                  "write A < B and B < C");
    }
    return true;
  }

  /// Reads what compares the value that begins at `begin`, if anything does.
  bool compare_once(std::size_t begin, bool& compared) {
    compared = true;
    skip();
    Operator op{};
    if (const std::size_t length = at_comparison(op); length != 0) {
      if (fail_by_habit()) return false;
      advance(length);
      if (take_word("blank")) {
        return fail(begin, last_end_, "blank is not compared with " + in_quotes(sign_of(op)),
                    kBlankAdvice);
      }
      if (!sum()) return false;
      operation(op, 2, begin);
      return true;
    }
    if (take_word("is")) return is(begin);
    if (take_word("matches")) return matches(begin);
    if (take_word("between")) return between(begin);
    compared = false;
    return true;
  }

  [[nodiscard]] static std::string_view sign_of(Operator op) noexcept {
    return op == Operator::not_equal ? "!=" : "=";
  }

  /// The length of the comparison sign at at_, or 0.
  [[nodiscard]] std::size_t at_comparison(Operator& op) const noexcept {
    struct Sign {
      std::string_view text;
      Operator op;
    };
    static constexpr Sign kSigns[] = {{"!=", Operator::not_equal},
                                      {"<=", Operator::less_or_equal},
                                      {">=", Operator::greater_or_equal},
                                      {"=", Operator::equal},
                                      {"<", Operator::less},
                                      {">", Operator::greater}};
    for (const Sign& sign : kSigns) {
      if (!at_sign(sign.text)) continue;
      op = sign.op;
      return sign.text.size();
    }
    return 0;
  }

  /// After A is: blank, not blank, one of, not one of.
  bool is(std::size_t begin) {
    const bool negated = take_word("not");
    if (take_word("blank")) {
      operation(negated ? Operator::not_blank : Operator::blank, 1, begin);
      return true;
    }
    if (take_word("one")) {
      if (!take_word("of")) {
        return fail(start(), at_ + piece().size(), "after is one there must be of",
                    "write is one of [\"a\", \"b\"]");
      }
      return one_of(negated ? Operator::not_one_of : Operator::one_of, begin);
    }
    const std::size_t after = start();
    const std::string_view found = piece();
    if (found == "between" || found == "matches") {
      return fail(after, after + found.size(), "before " + in_quotes(found) + " there is no is",
                  negated ? "write not A " + std::string(found) + " …"
                          : "write A " + std::string(found) + " …");
    }
    if (found == "null" || found == "empty" || found == "missing" || found == "none") {
      return fail(after, after + found.size(), in_quotes(found) + " is no word of the language",
                  kBlankAdvice);
    }
    return fail(begin, after + found.size(),
                "after is there must be blank, not blank, one of or not one of",
                negated ? "to compare, write A != B" : "to compare, write A = B");
  }

  bool one_of(Operator op, std::size_t begin) {
    if (!take_sign("[")) {
      return fail(start(), at_ + piece().size(), "after is one of a list is needed",
                  "write is one of [\"a\", \"b\"]");
    }
    const std::size_t open = at_ - 1;
    std::uint32_t items = 0;
    if (take_sign("]")) {
      return fail(open, at_, "the list is empty", "write is one of [\"a\", \"b\"]");
    }
    do {
      if (!sum()) return false;
      ++items;
    } while (take_sign(","));
    if (!take_sign("]")) {
      if (at_end()) {
        return fail(open, open + 1, "the list that opens here is not closed",
                    "write ] after its last value");
      }
      if (fail_by_habit()) return false;
      return fail(at_, at_ + piece().size(), "a comma or ] is needed before " + in_quotes(piece()),
                  "write is one of [\"a\", \"b\"]");
    }
    operation(op, items + 1, begin);
    return true;
  }

  bool matches(std::size_t begin) {
    const std::size_t at = start();
    if (look(at) != '"' && look(at) != '\'') {
      return fail(at, at + piece().size(), "after matches a pattern in quotes is needed",
                  "write matches \"[A-Z]{2}[0-9]+\"");
    }
    std::string pattern;
    if (!quoted(pattern)) return false;
    ExpressionNode& node = operation(Operator::matches, 1, begin);
    node.text = std::move(pattern);
    node.text_span = places_.of(at, at_);
    return true;
  }

  bool between(std::size_t begin) {
    if (!sum()) return false;
    if (!take_word("and")) {
      return fail(start(), at_ + piece().size(), "after between two values with and are needed",
                  "write between 1 and 10");
    }
    if (!sum()) return false;
    operation(Operator::between, 3, begin);
    return true;
  }

  bool sum() {
    const std::size_t begin = start();
    if (!product()) return false;
    for (;;) {
      skip();
      const char sign = look(at_);
      if (sign != '+' && sign != '-') return true;
      advance(1);
      if (!product()) return false;
      const bool days = take_word("days") || take_word("day");
      const bool plus = sign == '+';
      operation(days ? (plus ? Operator::add_days : Operator::subtract_days)
                     : (plus ? Operator::add : Operator::subtract),
                2, begin);
    }
  }

  bool product() {
    const std::size_t begin = start();
    if (!unary()) return false;
    for (;;) {
      skip();
      const char sign = look(at_);
      if ((sign != '*' && sign != '/') || at_sign("**")) return true;
      advance(1);
      if (!unary()) return false;
      operation(sign == '*' ? Operator::multiply : Operator::divide, 2, begin);
    }
  }

  bool unary() {
    const std::size_t begin = start();
    if (look(begin) != '-') return primary();
    advance(1);
    if (!enter(begin) || !unary()) return false;
    --depth_;
    const ExpressionNode& last = out_.nodes.back();
    const bool number = last.form == Form::literal && last.literal.kind() == Kind::decimal &&
                        look(last.begin) != '-';
    if (!number) {
      operation(Operator::minus, 1, begin);
      return true;
    }
    Decimal negative = last.literal.decimal();
    negative.coefficient = -negative.coefficient;
    out_.nodes.pop_back();
    return literal(Value::decimal(negative), begin);
  }

  bool primary() {
    const std::size_t begin = start();
    const char c = look(begin);
    if (c == '(') return parenthesis(begin);
    if (c == '"' || c == '\'') return text(begin);
    if (is_digit(c)) return number_or_date(begin);
    if (c == '.' || name_character(begin) == begin) return no_value();
    return word(begin);
  }

  bool parenthesis(std::size_t begin) {
    if (!enter(begin)) return false;
    advance(1);
    if (take_sign(")")) {
      return fail(begin, last_end_, "there is nothing in the parentheses", "leave them out");
    }
    if (!either()) return false;
    --depth_;
    if (take_sign(")")) return true;
    if (at_end()) {
      return fail(begin, begin + 1, "the ( that opens here is not closed", "write ) where it ends");
    }
    return unexpected();
  }

  bool enter(std::size_t begin) {
    if (++depth_ <= kMaxExpressionDepth) return true;
    diagnostics_.push_back({DiagnosticCode::expr_too_deep,
                            places_.of(begin, begin + 1),
                            {std::to_string(kMaxExpressionDepth)}});
    return false;
  }

  // Values.

  /// The characters between quotes; at_ stands on the first quote.
  bool quoted(std::string& characters) {
    const std::size_t begin = at_;
    const char quote = text_[begin];
    std::size_t at = begin + 1;
    for (;;) {
      const std::size_t next = text_.find(quote, at);
      if (next == std::string_view::npos) {
        return fail(begin, begin + 1, "the quote that opens here is not closed",
                    std::string("write ") + quote + " where the text ends");
      }
      characters += text_.substr(at, next - at);
      at = next + 1;
      if (look(at) != quote) break;
      characters += quote;  // a doubled quote stands for itself
      ++at;
    }
    advance(at - begin);
    return true;
  }

  bool text(std::size_t begin) {
    std::string characters;
    if (!quoted(characters)) return false;
    ExpressionNode& node = add(Form::literal, begin);
    node.literal = Value::text({});
    node.text = std::move(characters);
    node.text_span = node.span;
    return true;
  }

  bool word(std::size_t begin) {
    if (take_word("today")) return today(begin);
    if (take_word("yes")) return literal(Value::boolean(true), begin);
    if (take_word("no")) return literal(Value::boolean(false), begin);
    if (take_word("column")) return column(begin);
    if (at_sign(kSourceDot)) return bare_source(begin);
    if (take_word("source")) return source(begin);
    if (take_word("days")) return days_between(begin);
    const std::size_t end = name_end(begin);
    const std::string_view name = text_.substr(begin, end - begin);
    if (is_expression_word(name)) return no_value();
    if (look(end) == '(') {
      return fail(begin, end + 1, "there is no function " + in_quotes(name),
                  "an expression has only columns, values and operators");
    }
    advance(end - begin);
    add(Form::column, begin).text = name;
    return true;
  }

  bool column(std::size_t begin) {
    const std::size_t at = start();
    if (look(at) != '"' && look(at) != '\'') {
      return fail(begin, last_end_, "after column the name of a column in quotes is needed",
                  "write column \"Fecha de entrada\"");
    }
    std::string name;
    if (!quoted(name)) return false;
    add(Form::column, begin).text = std::move(name);
    return true;
  }

  [[nodiscard]] std::size_t zone_character(std::size_t at) const noexcept {
    const char c = look(at);
    return c == '/' || c == '+' || c == '-' ? at + 1 : name_character(at);
  }

  bool today(std::size_t begin) {
    std::string zone;
    std::size_t at = at_;
    if (take_word("in")) {
      at = start();
      if (look(at) == '"' || look(at) == '\'') {
        if (!quoted(zone)) return false;
      } else {
        std::size_t end = at;
        for (std::size_t next = zone_character(end); next != end; next = zone_character(end)) {
          end = next;
        }
        zone = text_.substr(at, end - at);
        if (end > at) advance(end - at);
      }
      if (zone.empty()) {
        return fail(begin, last_end_, "after today in a time zone is needed",
                    "write today in America/Bogota");
      }
    }
    const bool stated = !zone.empty();
    ExpressionNode& node = add(Form::today, begin);
    node.text = std::move(zone);
    node.text_span = stated ? places_.of(at, at_) : node.span;
    return true;
  }

  /// days between A and B. A and B are single values, so that what follows is done with the number
  /// of days.
  bool days_between(std::size_t begin) {
    if (!take_word("between")) {
      return fail(begin, last_end_, "days stands after a number, or before between",
                  "write days between FechaEntrada and FechaSalida");
    }
    if (!enter(begin) || !primary()) return false;
    if (!take_word("and")) {
      return fail(start(), at_ + piece().size(), "after days between two dates with and are needed",
                  "write days between FechaEntrada and FechaSalida; put a date that is computed in "
                  "parentheses");
    }
    if (!primary()) return false;
    --depth_;
    operation(Operator::days_between, 2, begin);
    return true;
  }

  // NOLINTEND(misc-no-recursion)
  // Fields of the source.

  /// source.path without quotes: names with dots, $ and brackets.
  bool bare_source(std::size_t begin) {
    const std::size_t path = begin + kSourceDot.size();
    std::size_t end = path;
    for (;;) {
      std::size_t next = look(end) == '$' ? end + 1 : name_end(end);
      if (next == end) next = bracket_end(end);
      if (next == end) break;
      end = next;
    }
    advance(end - begin);
    if (end == path) {
      return fail(begin, end, "after source. the path of a field is needed", kSourceAdvice);
    }
    return add_source(text_.substr(path, end - path), begin, path);
  }

  /// The end of [0], [-1], [*] or {*} at `at`, or `at`.
  [[nodiscard]] std::size_t bracket_end(std::size_t at) const noexcept {
    if (text_.substr(at, 3) == "{*}" || text_.substr(at, 3) == "[*]") return at + 3;
    if (look(at) != '[') return at;
    std::size_t end = at + 1;
    if (look(end) == '-') ++end;
    while (is_digit(look(end))) ++end;
    return look(end) == ']' ? end + 1 : at;
  }

  bool source(std::size_t begin) {
    const std::size_t at = start();
    if (look(at) != '"' && look(at) != '\'') {
      return fail(begin, last_end_, "after source the path of a field is needed", kSourceAdvice);
    }
    std::string path;
    if (!quoted(path)) return false;
    // Where a quote was doubled, the places in the path are not those in the text.
    const bool as_written = at_ - at == path.size() + 2;
    return add_source(path, begin, as_written ? at + 1 : kNoPlace);
  }

  bool add_source(std::string_view words, std::size_t begin, std::size_t place) {
    Path path;
    std::string problem;
    std::size_t where = 0;
    const Span span =
        place == kNoPlace ? places_.of(begin, at_) : places_.of(place, place + words.size());
    if (!parse_path(words, path, problem, where)) {
      const std::size_t at = place == kNoPlace ? begin : place + std::min(where, words.size());
      const Span there = place == kNoPlace ? span : places_.of(at, std::min(at + 1, text_.size()));
      diagnostics_.push_back({DiagnosticCode::expr_path, there, {in_quotes(words), problem}});
      return false;
    }
    path.text = words;
    path.span = span;
    ExpressionNode& node = add(Form::source, begin);
    node.path = static_cast<std::uint32_t>(out_.paths.size());
    node.text_span = span;
    out_.paths.push_back(std::move(path));
    return true;
  }

  // Numbers and dates.

  [[nodiscard]] std::size_t digits_end(std::size_t at) const noexcept {
    while (is_digit(look(at))) ++at;
    return at;
  }

  bool number_or_date(std::size_t begin) {
    if (std::size_t end = 0; at_date_shape(begin, end)) return date(begin, end);
    const std::size_t end = name_end(begin);
    const std::string_view token = text_.substr(begin, end - begin);
    if (token.find_first_not_of("0123456789.") !=
        std::string_view::npos) {  // a name such as 2ndGuest
      advance(token.size());
      add(Form::column, begin).text = token;
      return true;
    }
    Decimal number;
    const Reason reason = read_decimal(token, number);
    if (reason == Reason::number_digits) {
      return fail(begin, end, "the number has more than 38 digits", "no amount needs so many");
    }
    if (reason != Reason::none) {
      return fail(begin, end, in_quotes(token) + " is not a number as the language writes it",
                  "a number has a point and no thousands marks: 1234.56");
    }
    advance(token.size());
    return literal(Value::decimal(number), begin);
  }

  /// Three groups of digits with - or / between them and no blanks, one of them of four digits:
  /// that is meant as a date.
  [[nodiscard]] bool at_date_shape(std::size_t begin, std::size_t& end) const noexcept {
    std::size_t at = begin;
    std::size_t lengths[3] = {};
    const char mark = look(digits_end(begin));
    if (mark != '-' && mark != '/') return false;
    for (int group = 0; group < 3; ++group) {
      if (group > 0 && look(at++) != mark) return false;
      end = digits_end(at);
      lengths[group] = end - at;
      if (lengths[group] == 0 || lengths[group] > 4) return false;
      at = end;
    }
    const bool short_middle = lengths[1] <= 2;
    return short_middle &&
           ((lengths[0] == 4 && lengths[2] <= 2) || (lengths[0] <= 2 && lengths[2] == 4));
  }

  bool date(std::size_t begin, std::size_t end) {
    const std::string_view token = text_.substr(begin, end - begin);
    if (token.size() != 10 || token[4] != '-' || token[7] != '-') {
      return fail(begin, end, in_quotes(token) + " is not a date as the language writes it",
                  std::string(kDateAdvice) + "; a subtraction has blanks around its -");
    }
    if (look(end) == 'T') return date_time(begin, end);
    if (name_character(end) != end) {
      return fail(begin, name_end(end),
                  in_quotes(text_.substr(begin, name_end(end) - begin)) + " is not a date",
                  kDateAdvice);
    }
    const YearMonthDay day{number_of(token.substr(0, 4)), number_of(token.substr(5, 2)),
                           number_of(token.substr(8, 2))};
    const bool exists = day.year >= 1 && day.month >= 1 && day.month <= 12 && day.day >= 1 &&
                        day.day <= days_in_month(day.year, day.month);
    if (!exists) {
      diagnostics_.push_back(
          {DiagnosticCode::expr_no_such_day, places_.of(begin, end), {std::string(token)}});
      return false;
    }
    advance(token.size());
    return literal(Value::date(date_of(day)), begin);
  }

  [[nodiscard]] static int number_of(std::string_view digits) noexcept {
    int number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    return number;
  }

  /// 2025-03-01T10:30, perhaps with seconds, a fraction and an offset.
  bool date_time(std::size_t begin, std::size_t end) {
    ++end;
    while (is_digit(look(end)) || look(end) == ':' || look(end) == '.') ++end;
    if (look(end) == 'Z') {
      ++end;
    } else if ((look(end) == '+' || look(end) == '-') && is_digit(look(end + 1))) {
      ++end;
      while (is_digit(look(end)) || look(end) == ':') ++end;
    }
    const std::string_view token = text_.substr(begin, end - begin);
    Moment moment;
    DateTrouble trouble;
    if (read_iso(token, moment, trouble) != Reason::none || !moment.has_time) {
      return fail(begin, end, in_quotes(token) + " is not a date with a time",
                  "write for example 2025-03-01T14:30:00Z");
    }
    advance(token.size());
    return literal(value_of(moment), begin);
  }

  [[nodiscard]] static Value value_of(const Moment& moment) noexcept {
    const DateTime time{moment.date.days * kSecondsPerDay + moment.time.seconds, moment.offset,
                        moment.time.nanos};
    return Value::datetime(time, moment.digits);
  }

  static constexpr std::size_t kNoPlace = static_cast<std::size_t>(-1);

  Expression& out_;
  int depth_ = 0;
};

}  // namespace

bool parse_expression(const Text& source, Expression& out, Diagnostics& diagnostics) {
  out = {};
  if (source.text.size() > kMaxExpressionBytes) {
    diagnostics.push_back(
        {DiagnosticCode::expr_too_long,
         source.span,
         {std::to_string(source.text.size()), std::to_string(kMaxExpressionBytes)}});
    return false;
  }
  if (first_invalid_utf8(source.text) != kValidUtf8) {
    diagnostics.push_back({DiagnosticCode::expr_syntax,
                           source.span,
                           {"the expression is not UTF-8 text", "save the file as UTF-8"}});
    return false;
  }
  out.text = source.text;
  return Parser(source, out, diagnostics).run();
}

std::vector<std::string_view> columns_of(const Expression& expression) {
  std::vector<std::string_view> names;
  std::unordered_set<std::string_view> seen;
  for (const ExpressionNode& node : expression.nodes) {
    if (node.form == Form::column && seen.insert(node.text).second) names.emplace_back(node.text);
  }
  return names;
}

}  // namespace trama
