#include "mapping/expression.h"

#include <algorithm>
#include <initializer_list>
#include <unordered_set>
#include <utility>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "mapping/expression_scanner.h"
#include "mapping/path.h"
#include "value/civil.h"
#include "value/dates.h"

namespace trama {
namespace {

using NodeForm = ExpressionNode::Form;

constexpr std::int64_t kSecondsPerDay = 86400;

constexpr std::string_view kSourceDot = "source.";

class Parser : ExpressionScanner {
 public:
  Parser(const Text& source, Expression& out, Diagnostics& diagnostics)
      : ExpressionScanner(source, out.text, diagnostics), out_(out) {}

  bool run() {
    if (at_end()) {
      return fail(0, text_.size(), PhraseCode::the_expression_is_empty,
                  PhraseCode::for_example_a_condition);
    }
    if (!either()) return false;
    if (at_end()) return true;
    return unexpected();
  }

 private:
  // Making nodes.

  ExpressionNode& add(NodeForm form, std::size_t begin) {
    ExpressionNode& node = out_.nodes.emplace_back();
    node.form = form;
    node.begin = static_cast<std::uint32_t>(begin);
    node.end = static_cast<std::uint32_t>(last_end_);
    node.span = places_.of(begin, last_end_);
    return node;
  }
  ExpressionNode& operation(Operator op, std::uint32_t children, std::size_t begin) {
    ExpressionNode& node = add(NodeForm::operation, begin);
    node.op = op;
    node.children = children;
    return node;
  }
  bool literal(const Value& value, std::size_t begin) {
    add(NodeForm::literal, begin).literal = value;
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
      return fail(again, again + found.size(), PhraseCode::one_comparison_follows_another,
                  PhraseCode::write_two_comparisons);
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
        return fail(begin, last_end_, {PhraseCode::blank_is_not_compared, {in_quotes(sign_of(op))}},
                    PhraseCode::write_is_blank);
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
        return fail(start(), at_ + piece().size(), PhraseCode::after_is_one_of,
                    PhraseCode::write_is_one_of);
      }
      return one_of(negated ? Operator::not_one_of : Operator::one_of, begin);
    }
    const std::size_t after = start();
    const std::string_view found = piece();
    if (found == "between" || found == "matches") {
      return fail(after, after + found.size(), {PhraseCode::no_is_before, {in_quotes(found)}},
                  {negated ? PhraseCode::write_not_a : PhraseCode::write_a, {found}});
    }
    if (found == "null" || found == "empty" || found == "missing" || found == "none") {
      return fail(after, after + found.size(),
                  {PhraseCode::is_no_word_of_the_language, {in_quotes(found)}},
                  PhraseCode::write_is_blank);
    }
    return fail(begin, after + found.size(), PhraseCode::after_is,
                negated ? PhraseCode::to_compare_differ : PhraseCode::to_compare_equal);
  }

  bool one_of(Operator op, std::size_t begin) {
    if (!take_sign("[")) {
      return fail(start(), at_ + piece().size(), PhraseCode::after_is_one_of_a_list,
                  PhraseCode::write_is_one_of);
    }
    const std::size_t open = at_ - 1;
    std::uint32_t items = 0;
    if (take_sign("]")) {
      return fail(open, at_, PhraseCode::the_list_is_empty, PhraseCode::write_is_one_of);
    }
    do {
      if (!sum()) return false;
      ++items;
    } while (take_sign(","));
    if (!take_sign("]")) {
      if (at_end()) {
        return fail(open, open + 1, PhraseCode::the_list_is_not_closed,
                    PhraseCode::write_a_bracket_at_its_end);
      }
      if (fail_by_habit()) return false;
      return fail(at_, at_ + piece().size(),
                  {PhraseCode::a_comma_or_bracket_before, {in_quotes(piece())}},
                  PhraseCode::write_is_one_of);
    }
    operation(op, items + 1, begin);
    return true;
  }

  bool matches(std::size_t begin) {
    const std::size_t at = start();
    if (look(at) != '"' && look(at) != '\'') {
      return fail(at, at + piece().size(), PhraseCode::after_matches,
                  {PhraseCode::write_it, {"matches \"[A-Z]{2}[0-9]+\""}});
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
      return fail(start(), at_ + piece().size(), PhraseCode::after_between,
                  PhraseCode::write_between);
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
    const bool number = last.form == NodeForm::literal && last.literal.kind() == Kind::decimal &&
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
      return fail(begin, last_end_, PhraseCode::there_is_nothing_in_the_parentheses,
                  PhraseCode::leave_them_out);
    }
    if (!either()) return false;
    --depth_;
    if (take_sign(")")) return true;
    if (at_end()) {
      return fail(begin, begin + 1, PhraseCode::the_parenthesis_is_not_closed,
                  PhraseCode::write_a_parenthesis_at_its_end);
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
        return fail(begin, begin + 1, PhraseCode::quote_that_opens_not_closed,
                    {PhraseCode::write_the_quote_at_its_end, {std::string(1, quote)}});
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
    ExpressionNode& node = add(NodeForm::literal, begin);
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
    if (take_word("hours")) return time_between(begin, Operator::hours_between, "hours");
    if (take_word("minutes")) return time_between(begin, Operator::minutes_between, "minutes");
    if (take_day_of()) return day_of(begin);
    const std::size_t end = name_end(begin);
    const std::string_view name = text_.substr(begin, end - begin);
    if (is_expression_word(name)) return no_value();
    if (look(end) == '(') {
      return fail(begin, end + 1, {PhraseCode::there_is_no_function, {in_quotes(name)}},
                  PhraseCode::no_functions);
    }
    advance(end - begin);
    add(NodeForm::column, begin).text = name;
    return true;
  }

  bool column(std::size_t begin) {
    const std::size_t at = start();
    if (look(at) != '"' && look(at) != '\'') {
      return fail(begin, last_end_, PhraseCode::after_column, PhraseCode::write_column);
    }
    std::string name;
    if (!quoted(name)) return false;
    add(NodeForm::column, begin).text = std::move(name);
    return true;
  }

  [[nodiscard]] std::size_t zone_character(std::size_t at) const noexcept {
    const char c = look(at);
    return c == '/' || c == '+' || c == '-' ? at + 1 : name_character(at);
  }

  /// The name after `in`, with or without quotes: "" where there is none. `at`: where it begins.
  bool zone_name(std::string& zone, std::size_t& at) {
    at = start();
    if (look(at) == '"' || look(at) == '\'') return quoted(zone);
    std::size_t end = at;
    for (std::size_t next = zone_character(end); next != end; next = zone_character(end)) {
      end = next;
    }
    zone = text_.substr(at, end - at);
    if (end > at) advance(end - at);
    return true;
  }

  bool today(std::size_t begin) {
    std::string zone;
    std::size_t at = at_;
    if (take_word("in")) {
      if (!zone_name(zone, at)) return false;
      if (zone.empty()) {
        return fail(begin, last_end_, PhraseCode::after_today_in, PhraseCode::write_today_in);
      }
    }
    const bool stated = !zone.empty();
    ExpressionNode& node = add(NodeForm::today, begin);
    node.text = std::move(zone);
    node.text_span = stated ? places_.of(at, at_) : node.span;
    return true;
  }

  /// days between A and B. A and B are single values, so that what follows is done with
  /// the number of days.
  bool days_between(std::size_t begin) {
    if (!take_word("between")) {
      return fail(begin, last_end_, PhraseCode::where_days_goes, PhraseCode::write_days_between);
    }
    return two_between(begin, Operator::days_between, PhraseCode::after_days_between,
                       PhraseCode::write_days_between_computed);
  }

  /// hours between A and B, minutes between A and B.
  bool time_between(std::size_t begin, Operator op, std::string_view unit) {
    if (!take_word("between")) {
      return fail(begin, last_end_, {PhraseCode::where_a_unit_goes, {unit}},
                  {PhraseCode::write_unit_between, {unit}});
    }
    return two_between(begin, op, {PhraseCode::after_unit_between, {unit}},
                       {PhraseCode::write_unit_between_plain, {unit}});
  }

  bool two_between(std::size_t begin, Operator op, Phrase problem, Phrase help) {
    if (!enter(begin) || !primary()) return false;
    if (!take_word("and")) {
      return fail(start(), at_ + piece().size(), std::move(problem), std::move(help));
    }
    if (!primary()) return false;
    --depth_;
    operation(op, 2, begin);
    return true;
  }

  /// `day` and `of` follow each other; a column may be called day.
  bool take_day_of() noexcept {
    const std::size_t at = at_;
    const std::size_t last_end = last_end_;
    if (take_word("day") && take_word("of")) return true;
    at_ = at;
    last_end_ = last_end;
    return false;
  }

  /// day of A in America/Bogota. A is a single value.
  bool day_of(std::size_t begin) {
    if (!enter(begin) || !primary()) return false;
    --depth_;
    std::string zone;
    std::size_t at = at_;
    if (take_word("in") && !zone_name(zone, at)) return false;
    if (zone.empty()) {
      return fail(begin, last_end_, PhraseCode::after_day_of, PhraseCode::write_day_of);
    }
    ExpressionNode& node = operation(Operator::day_of, 1, begin);
    node.text = std::move(zone);
    node.text_span = places_.of(at, at_);
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
      return fail(begin, end, PhraseCode::after_source_dot, PhraseCode::write_source_and_a_path);
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
      return fail(begin, last_end_, PhraseCode::after_source, PhraseCode::write_source_and_a_path);
    }
    std::string path;
    if (!quoted(path)) return false;
    // Where a quote was doubled, the places in the path are not those in the text.
    const bool as_written = at_ - at == path.size() + 2;
    return add_source(path, begin, as_written ? at + 1 : kNoPlace);
  }

  bool add_source(std::string_view words, std::size_t begin, std::size_t place) {
    Path path;
    Phrase problem;
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
    ExpressionNode& node = add(NodeForm::source, begin);
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
      add(NodeForm::column, begin).text = token;
      return true;
    }
    Decimal number;
    const Reason reason = read_decimal(token, number);
    if (reason == Reason::number_digits) {
      return fail(begin, end, PhraseCode::the_number_has_too_many_digits,
                  PhraseCode::no_amount_needs_so_many);
    }
    if (reason != Reason::none) {
      return fail(begin, end, {PhraseCode::is_not_a_number_as_written, {in_quotes(token)}},
                  PhraseCode::a_number_is_written);
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
      return fail(begin, end, {PhraseCode::is_not_a_date_as_written, {in_quotes(token)}},
                  PhraseCode::a_date_is_written_and_subtracted);
    }
    if (look(end) == 'T') return date_time(begin, end);
    if (name_character(end) != end) {
      return fail(
          begin, name_end(end),
          {PhraseCode::is_not_a_date, {in_quotes(text_.substr(begin, name_end(end) - begin))}},
          PhraseCode::a_date_is_written);
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
      return fail(begin, end, {PhraseCode::is_not_a_date_with_a_time, {in_quotes(token)}},
                  PhraseCode::for_example_a_date_with_a_time);
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
    diagnostics.push_back(
        {DiagnosticCode::expr_syntax,
         source.span,
         {PhraseCode::the_expression_is_not_utf_8, PhraseCode::save_the_file_as_utf_8}});
    return false;
  }
  out.text = source.text;
  return Parser(source, out, diagnostics).run();
}

std::vector<std::string_view> columns_of(const Expression& expression) {
  std::vector<std::string_view> names;
  std::unordered_set<std::string_view> seen;
  for (const ExpressionNode& node : expression.nodes) {
    if (node.form == NodeForm::column && seen.insert(node.text).second)
      names.emplace_back(node.text);
  }
  return names;
}

}  // namespace trama
