#include "plan/expression_check.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "value/zone.h"

namespace trama {
namespace {

using Form = ExpressionNode::Form;
using Step = ExpressionProgram::Step;
using Operand = ExpressionProgram::Operand;

/// A comparison of a column with a constant: `Noches > 3`.
struct Fact {
  std::uint32_t operand = kNoOperand;
  Operator op = Operator::equal;
  std::uint32_t constant = 0;
};

/// The operator of A op B when it is written B op A, and when it is denied.
Operator mirrored(Operator op) noexcept {
  switch (op) {
    case Operator::less:
      return Operator::greater;
    case Operator::less_or_equal:
      return Operator::greater_or_equal;
    case Operator::greater:
      return Operator::less;
    case Operator::greater_or_equal:
      return Operator::less_or_equal;
    default:
      return op;
  }
}
Operator denied(Operator op) noexcept {
  switch (op) {
    case Operator::blank:
      return Operator::not_blank;
    case Operator::not_blank:
      return Operator::blank;
    case Operator::equal:
      return Operator::not_equal;
    case Operator::not_equal:
      return Operator::equal;
    case Operator::less:
      return Operator::greater_or_equal;
    case Operator::less_or_equal:
      return Operator::greater;
    case Operator::greater:
      return Operator::less_or_equal;
    default:
      return Operator::less;
  }
}
bool is_blank_test(Operator op) noexcept {
  return op == Operator::blank || op == Operator::not_blank;
}
bool bounds_below(Operator op) noexcept {
  return op == Operator::equal || op == Operator::greater || op == Operator::greater_or_equal;
}
bool bounds_above(Operator op) noexcept {
  return op == Operator::equal || op == Operator::less || op == Operator::less_or_equal;
}

/// A part that was checked and waits for the operation above it.
struct Part {
  ColumnType type;
  bool known = true;                   // its type is known; else it is not complained about
  bool open = false;                   // a source field that takes the type of the other side
  bool constant = false;               // made of constants only
  bool literal = false;                // one constant, as written
  std::uint32_t operand = kNoOperand;  // of one column, field or day
  const Value* fixed = nullptr;        // of a column that always has this value
  Fact fact;
  std::uint32_t node = 0;
  std::size_t first_step = 0;
  std::size_t step = 0;  // its last one
};

/// How the currency_key of a currency that a field names begins.
constexpr std::string_view kPathKey = "path:";
constexpr std::size_t kShownBytes = 60;

/// Whether a source field can be read as `kind` where no column says how.
bool readable(Kind kind) noexcept {
  return kind != Kind::time && kind != Kind::json;
}

PhraseCode outcome_words(bool holds) noexcept {
  return holds ? PhraseCode::outcome_true : PhraseCode::outcome_false;
}

class Checker {
 public:
  Checker(const Expression& expression, const ExpressionUse& use, ExpressionScope& scope,
          CheckedExpression& out, Diagnostics& diagnostics)
      : expression_(expression),
        use_(use),
        scope_(scope),
        out_(out),
        program_(out.program),
        diagnostics_(diagnostics) {}

  bool run() {
    program_.decimals = use_.decimals;
    program_.rounding = use_.rounding;
    program_.keep_quotient = use_.keep_quotient;
    program_.steps.reserve(expression_.nodes.size());
    for (std::uint32_t i = 0; i < expression_.nodes.size() && errors_ < kMaxExpressionDiagnostics;
         ++i) {
      add(i);
    }
    if (errors_ >= kMaxExpressionDiagnostics) return false;
    Part& root = parts_.back();
    if (use_.purpose == ExpressionUse::Purpose::condition) {
      need_condition(root);
    } else {
      settle(root, Kind::text);
      one_currency(root);
    }
    out_.type = root.type;
    out_.typed = root.known;
    return errors_ == 0;
  }

 private:
  // Telling.

  void tell(DiagnosticCode code, const Span& span, std::vector<Phrase> values) {
    ++errors_;
    diagnostics_.push_back({code, span, std::move(values)});
  }
  [[nodiscard]] const ExpressionNode& node(const Part& part) const {
    return expression_.nodes[part.node];
  }

  [[nodiscard]] std::string shown(const ExpressionNode& node) const {
    if (node.form == Form::column) return node.text.substr(0, kMaxShownName);
    const std::string_view words = expression_.words(node);
    if (words.size() <= kShownBytes) return std::string(words);
    std::size_t end = kShownBytes;
    while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U) --end;
    return std::string(words.substr(0, end)) + "…";
  }
  [[nodiscard]] std::string shown(const Part& part) const { return shown(node(part)); }

  void tell_type(const Part& part, PhraseCode needed, PhraseCode help) {
    tell(DiagnosticCode::expr_type, node(part).span, {shown(part), type_words(part), needed, help});
  }

  [[nodiscard]] PhraseCode type_words(const Part& part) const {
    const bool condition = part.type.kind == Kind::boolean && node(part).form == Form::operation;
    if (part.open) return PhraseCode::a_field_of_the_source;
    return condition ? PhraseCode::a_condition : words_of(part.type.kind);
  }

  // Leaves.

  void add(std::uint32_t index) {
    const ExpressionNode& node = expression_.nodes[index];
    Part part;
    part.node = index;
    part.first_step = part.step = program_.steps.size();
    switch (node.form) {
      case Form::column:
        column(node, part);
        break;
      case Form::source:
        source(node, part);
        break;
      case Form::today:
        today(node, part);
        break;
      case Form::literal:
        literal(node, part);
        break;
      case Form::operation:
        operation(node, part);
        break;
    }
    parts_.push_back(std::move(part));
    program_.slots = std::max(program_.slots, parts_.size());
  }

  void literal(const ExpressionNode& node, Part& part) {
    const bool text = node.literal.kind() == Kind::text;
    part.type.kind = node.literal.kind();
    part.constant = part.literal = true;
    if (part.type.kind == Kind::datetime) {
      const bool offset = node.literal.datetime().offset != kNoOffset;
      part.type.offset = offset ? ColumnType::Offset::always : ColumnType::Offset::never;
    }
    const std::uint32_t index = program_.add_constant(text ? Value::text(node.text) : node.literal);
    program_.steps.push_back({.form = Step::Form::constant, .index = index});
  }

  void column(const ExpressionNode& node, Part& part) {
    std::uint32_t index = 0;
    const auto found = scope_.find_column(node.text, part.type, index);
    part.known = found == ExpressionScope::Found::yes;
    if (found == ExpressionScope::Found::no) {
      part.type = {};
      tell(DiagnosticCode::expr_column_unknown, node.span,
           {node.text.substr(0, kMaxShownName), advice_for(node)});
    }
    if (part.known) part.fixed = scope_.constant_of(index);
    push_operand({Operand::From::column, index}, part);
    program_.steps.back().as = part.type.kind;
  }

  /// What a name that is no column may have been meant as.
  Phrase advice_for(const ExpressionNode& node) {
    const std::string& name = node.text;
    if (const std::string_view made = scope_.column_from(name); !made.empty()) {
      return {PhraseCode::name_of_a_field, {made, name}};
    }
    if (name.size() <= kMaxShownName) {
      const std::string_view near = nearest(name, scope_.column_names());
      if (!near.empty()) return {PhraseCode::did_you_mean_plain, {near}};
    }
    if (name == "true" || name == "TRUE" || name == "True") return PhraseCode::write_yes;
    if (name == "false" || name == "FALSE" || name == "False") return PhraseCode::write_no;
    if (name == "null" || name == "NULL") return PhraseCode::write_is_blank;
    if (name == "now") return {PhraseCode::write_it, {"today"}};
    if (name[0] >= '0' && name[0] <= '9') {
      return PhraseCode::how_values_are_written;
    }
    if (name.size() > kMaxShownName) return PhraseCode::a_text_is_written_in_quotes;
    return {PhraseCode::if_it_is_a_text, {name}};
  }

  void source(const ExpressionNode& node, Part& part) {
    const Path& path = expression_.paths[node.path];
    part.open = true;
    if (path.many()) {
      tell(DiagnosticCode::expr_path_many, path.span, {path.text});
      part.open = part.known = false;
    }
    push_operand({Operand::From::source, part.known ? scope_.source_operand(path) : 0}, part);
  }

  void today(const ExpressionNode& node, Part& part) {
    const std::string name = node.text.empty() ? "UTC" : node.text;
    part.type.kind = Kind::date;
    const auto [at, is_new] =
        zones_.try_emplace(name, static_cast<std::uint32_t>(program_.zones.size()));
    if (is_new) {
      program_.zones.push_back(name);
      Zone zone;
      find_zone(name, node, zone);
    }
    push_operand({Operand::From::today, at->second}, part);
    program_.steps.back().as = Kind::date;
  }

  void find_zone(const std::string& name, const ExpressionNode& node, Zone& zone) {
    if (Zone::find(name, zone)) return;
    const std::string near = nearest_zone(name);
    tell(DiagnosticCode::expr_zone_unknown, node.text_span,
         {"'" + name.substr(0, kMaxShownName) + "'",
          near.empty() ? Phrase(PhraseCode::for_example_a_zone)
                       : Phrase(PhraseCode::did_you_mean_plain, {near})});
  }

  std::uint32_t day_zone(const ExpressionNode& node) {
    for (std::uint32_t i = 0; i < program_.day_zones.size(); ++i)
      if (program_.day_zones[i].name() == node.text) return i;
    find_zone(node.text, node, program_.day_zones.emplace_back());
    return static_cast<std::uint32_t>(program_.day_zones.size() - 1);
  }

  void push_operand(const Operand& operand, Part& part) {
    const std::uint64_t key = (static_cast<std::uint64_t>(operand.from) << 32U) | operand.index;
    const auto [at, is_new] =
        operands_.try_emplace(key, static_cast<std::uint32_t>(program_.operands.size()));
    if (is_new) program_.operands.push_back(operand);
    if (part.known) part.operand = at->second;
    program_.steps.push_back({.form = Step::Form::operand, .index = at->second});
  }

  // Operations. `in` are the parts that they take; the step comes last.

  void operation(const ExpressionNode& node, Part& part) {
    const std::size_t first = parts_.size() - node.children;
    const std::span<Part> in(parts_.data() + first, node.children);
    part.first_step = in[0].first_step;
    part.constant = std::all_of(in.begin(), in.end(), [](const Part& p) { return p.constant; });
    std::uint32_t pattern = 0;
    if (node.op == Operator::matches) pattern = matches(node, in[0]);
    if (node.op == Operator::day_of) pattern = day_zone(node);
    judge(node, in, part);
    part.step = program_.steps.size();
    program_.steps.push_back(
        {.form = Step::Form::operation, .op = node.op, .index = pattern, .count = node.children});
    if (part.constant && is_comparison(node.op)) always_constant(node, part);
    parts_.resize(first);
  }

  [[nodiscard]] static bool is_comparison(Operator op) noexcept {
    return op >= Operator::equal && op <= Operator::between;
  }

  void judge(const ExpressionNode& node, std::span<Part> in, Part& part) {
    part.type.kind = Kind::boolean;
    switch (node.op) {
      case Operator::either:
      case Operator::both:
        need_condition(in[0]);
        need_condition(in[1]);
        always_together(node, in[0].fact, in[1].fact);
        return;
      case Operator::negation:
        need_condition(in[0]);
        part.fact = in[0].fact;
        part.fact.op = denied(part.fact.op);
        return;
      case Operator::blank:
      case Operator::not_blank:  // of whatever it is
        part.fact = {in[0].operand, node.op, 0};
        return;
      case Operator::matches:
        return;  // matches() has seen to it
      case Operator::one_of:
      case Operator::not_one_of:
        list(node, in);
        return;
      case Operator::between:
        between(node, in);
        return;
      case Operator::add:
      case Operator::subtract:
      case Operator::multiply:
      case Operator::divide:
        arithmetic(node, in, part);
        return;
      case Operator::minus:
        negative(in, part);
        return;
      case Operator::add_days:
      case Operator::subtract_days:
        move_days(in, part);
        return;
      case Operator::days_between:
        days_between(in, part);
        return;
      case Operator::hours_between:
      case Operator::minutes_between:
        time_between(node, in, part);
        return;
      case Operator::day_of:
        day_of(in, part);
        return;
      default:
        comparison(node, in[0], in[1], part);
        return;
    }
  }

  /// Gives an open source field its kind.
  void settle(Part& part, Kind kind) {
    if (!part.open) return;
    part.open = false;
    part.type.kind = kind;
    program_.steps[part.step].as = kind;
    if (readable(kind)) return;
    part.known = false;
    tell(DiagnosticCode::expr_type, node(part).span,
         {shown(part), PhraseCode::a_field_of_the_source, words_of(kind),
          PhraseCode::make_a_column_of_it});
  }

  void need_condition(Part& part) {
    if (part.open) {
      tell_type(part, PhraseCode::a_condition, PhraseCode::compare_with_yes);
      part.open = part.known = false;
      return;
    }
    if (!part.known) return;
    if (part.type.kind != Kind::boolean) {
      tell_type(part, PhraseCode::a_condition,
                part.type.kind == Kind::text && part.literal ? PhraseCode::compare_a_column_with_it
                                                             : PhraseCode::compare_with_something);
    } else if (part.literal) {
      const bool yes = node(part).literal.boolean();
      tell(DiagnosticCode::expr_always, node(part).span,
           {shown(part), outcome_words(yes), PhraseCode::leave_it_out});
    }
  }

  /// Whether it can take part in a calculation or comparison at all, its currency apart.
  bool usable(const Part& part) {
    if (!part.known) return false;
    if (part.type.kind == Kind::json) {
      tell_type(part, PhraseCode::a_single_value, PhraseCode::only_is_blank_of_json);
      return false;
    }
    return one_currency(part);
  }

  bool one_currency(const Part& part) {
    if (part.type.currency_key != "*") return true;
    tell(DiagnosticCode::expr_currency_open, node(part).span, {shown(part)});
    return false;
  }

  bool one_currency(const Part& a, const Part& b, const Span& span) {
    const std::string& left = a.type.currency_key;
    const std::string& right = b.type.currency_key;
    if (left.empty() || right.empty() || left == right) return true;
    tell(DiagnosticCode::expr_currencies, span,
         {shown(a), shown(b), currency_words(left), currency_words(right)});
    return false;
  }

  /// Two values that are compared: false where something is wrong or not known.
  bool comparable(Part& a, Part& b, const Span& span) {
    settle(a, b.open ? Kind::text : b.type.kind);
    settle(b, a.type.kind);
    if (!usable(a) || !usable(b)) return false;
    if (a.type.kind != b.type.kind) {
      tell(DiagnosticCode::expr_types_differ, span,
           {shown(a), type_words(a), shown(b), type_words(b), advice_on_types(a, b)});
      return false;
    }
    return offsets_alike(a, b, span) && one_currency(a, b, span);
  }

  bool offsets_alike(const Part& a, const Part& b, const Span& span) {
    using enum ColumnType::Offset;
    const bool differ = (a.type.offset == always && b.type.offset == never) ||
                        (a.type.offset == never && b.type.offset == always);
    if (a.type.kind != Kind::datetime || !differ) return true;
    const bool first = a.type.offset == always;
    tell(DiagnosticCode::expr_times_differ, span, {shown(first ? a : b), shown(first ? b : a)});
    return false;
  }

  [[nodiscard]] Phrase advice_on_types(const Part& a, const Part& b) const {
    const Part& constant = b.literal ? b : a;
    const Part& other = b.literal ? a : b;
    if (!constant.literal) {
      return a.type.kind == Kind::datetime || b.type.kind == Kind::datetime
                 ? PhraseCode::a_date_time_becomes_a_date
                 : PhraseCode::none;
    }
    if (other.type.kind == Kind::text) {
      return {PhraseCode::a_text_is_written, {shown(constant)}};
    }
    if (other.type.kind == Kind::datetime) return PhraseCode::for_example_a_date_with_a_time;
    if (constant.type.kind != Kind::text) return {};
    switch (other.type.kind) {
      case Kind::decimal:
        return PhraseCode::a_number_without_quotes;
      case Kind::date:
        return PhraseCode::a_date_without_quotes;
      case Kind::boolean:
        return PhraseCode::yes_or_no_without_quotes;
      default:
        return {};
    }
  }

  void empty_text(const Part& part) {
    if (part.literal && part.type.kind == Kind::text && node(part).text.empty()) {
      tell(DiagnosticCode::expr_empty_text, node(part).span, {});
    }
  }

  void comparison(const ExpressionNode& node, Part& a, Part& b, Part& part) {
    if (!comparable(a, b, node.span)) return;
    const bool order = node.op != Operator::equal && node.op != Operator::not_equal;
    if (order && a.type.kind == Kind::boolean) {
      tell_type(a, PhraseCode::something_with_an_order, PhraseCode::write_equals_yes);
      return;
    }
    empty_text(a);
    empty_text(b);
    const bool left = b.literal;
    if (left || a.literal) {
      part.fact = {(left ? a : b).operand, left ? node.op : mirrored(node.op),
                   constant_of(left ? b : a)};
    }
    const Part& fixed = left ? a : b;
    if (part.fact.operand != kNoOperand && fixed.fixed != nullptr) {
      const bool yes =
          this->holds(part.fact.op, program_.add_constant(*fixed.fixed), part.fact.constant);
      tell(DiagnosticCode::expr_always, node.span,
           {shown(node), outcome_words(yes), Phrase(PhraseCode::is_a_constant, {shown(fixed)})});
    }
    if (a.operand == kNoOperand || a.operand != b.operand) return;
    const bool holds = node.op == Operator::equal || node.op == Operator::less_or_equal ||
                       node.op == Operator::greater_or_equal;
    tell(DiagnosticCode::expr_always, node.span,
         {shown(node), outcome_words(holds), PhraseCode::both_sides_are_the_same});
  }

  /// Of constants alone: what it comes to is known now.
  void always_constant(const ExpressionNode& node, Part& part) {
    part.constant = false;
    if (errors_ != 0) return;
    scratch_.fit(program_);
    const ExpressionOutcome outcome =
        evaluate_part(program_, part.first_step, part.step + 1, {}, scratch_);
    if (outcome.error != Reason::none || outcome.value.is_blank()) return;
    tell(DiagnosticCode::expr_always, node.span,
         {shown(node), outcome_words(outcome.yes()), PhraseCode::there_is_no_column_in_it});
  }

  std::uint32_t matches(const ExpressionNode& node, Part& part) {
    settle(part, Kind::text);
    if (usable(part) && part.type.kind != Kind::text) {
      tell_type(part, PhraseCode::a_text, PhraseCode::a_pattern_is_for_texts);
    }
    for (const std::string_view all : {".*", ".+", "(?s).*", "(?s).+"})
      if (node.text == all)
        tell(DiagnosticCode::expr_always, node.text_span,
             {shown(node), PhraseCode::outcome_true, PhraseCode::the_pattern_matches_every_text});
    std::uint32_t index = 0;
    std::string problem;
    if (!program_.add_pattern(node.text, index, problem, scope_.patterns())) {
      tell(DiagnosticCode::expr_pattern, node.text_span,
           {"'" + node.text.substr(0, kMaxShownName) + "'", problem});
    }
    return index;
  }

  /// The kind that open fields among `in` take: that of the first one whose kind is known.
  static Kind kind_of_all(std::span<const Part> in) {
    const auto typed = std::find_if(in.begin(), in.end(), [](const Part& p) { return !p.open; });
    return typed == in.end() ? Kind::text : typed->type.kind;
  }

  void list(const ExpressionNode& node, std::span<Part> in) {
    const Kind kind = kind_of_all(in);
    for (Part& part : in) settle(part, kind);
    for (const Part& item : in.subspan(2)) {
      if (!in[1].known || !item.known || item.type.kind == in[1].type.kind) continue;
      tell(DiagnosticCode::expr_list_mixed, this->node(item).span,
           {shown(in[1]), type_words(in[1]), shown(item), type_words(item)});
      return;
    }
    for (Part& item : in.subspan(1)) {
      if (!comparable(in[0], item, this->node(item).span)) return;
      empty_text(item);
      if (errors_ >= kMaxExpressionDiagnostics) return;
      if (item.operand == kNoOperand || item.operand != in[0].operand) continue;
      const bool holds = node.op == Operator::one_of;
      tell(DiagnosticCode::expr_always, node.span,
           {shown(node), outcome_words(holds), PhraseCode::it_stands_in_the_list_itself});
    }
  }

  void between(const ExpressionNode& node, std::span<Part> in) {
    const Kind kind = kind_of_all(in);
    for (Part& part : in) settle(part, kind);
    if (!comparable(in[0], in[1], node.span) || !comparable(in[0], in[2], node.span) ||
        !comparable(in[1], in[2], node.span)) {
      return;
    }
    if (in[0].type.kind == Kind::boolean) {
      tell_type(in[0], PhraseCode::something_with_an_order, PhraseCode::write_equals_yes);
      return;
    }
    if (in[0].constant || !in[1].literal || !in[2].literal ||
        !holds(Operator::greater, constant_of(in[1]), constant_of(in[2]))) {
      return;
    }
    tell(DiagnosticCode::expr_always, node.span,
         {shown(node), PhraseCode::outcome_false, PhraseCode::write_the_smaller_value_first});
  }

  /// `Estado != "A" or Estado != "B"` holds for every state, `Noches > 5 and Noches < 3` for no
  /// number: of a column and two constants the answer is known.
  void always_together(const ExpressionNode& node, Fact a, Fact b) {
    if (a.operand == kNoOperand || a.operand != b.operand) return;
    const bool alternatives = node.op == Operator::either;
    if (alternatives) {  // they cover everything where what they deny cannot be
      a.op = denied(a.op);
      b.op = denied(b.op);
    }
    const bool of_blanks = is_blank_test(a.op) || is_blank_test(b.op);
    const bool exclude = of_blanks ? a.op == denied(b.op) : excludes(a, b) || excludes(b, a);
    if (!exclude) return;
    tell(DiagnosticCode::expr_always, node.span,
         {shown(node), outcome_words(alternatives),
          alternatives ? PhraseCode::and_instead_of_or : PhraseCode::or_instead_of_and});
  }

  /// Whether nothing is as great as `low` asks and as small as `high` asks.
  bool excludes(const Fact& low, const Fact& high) {
    if (!bounds_below(low.op) || !bounds_above(high.op)) return false;
    const bool strict = low.op == Operator::greater || high.op == Operator::less;
    return holds(strict ? Operator::greater_or_equal : Operator::greater, low.constant,
                 high.constant);
  }

  [[nodiscard]] std::uint32_t constant_of(const Part& literal) const {
    return program_.steps[literal.step].index;
  }

  /// Whether constant `a` op constant `b` holds; they are of one kind.
  bool holds(Operator op, std::uint32_t a, std::uint32_t b) {
    ExpressionProgram two;
    two.constants = {program_.constants[a], program_.constants[b]};
    two.steps = {{.form = Step::Form::constant, .index = 0},
                 {.form = Step::Form::constant, .index = 1},
                 {.form = Step::Form::operation, .op = op, .count = 2}};
    two.slots = 2;
    scratch_.fit(two);
    return evaluate(two, {}, scratch_).yes();
  }

  // Numbers and days.

  /// Whether `part` is, or an open field becomes, a value of `kind`.
  bool need(Part& part, Kind kind, PhraseCode help) {
    settle(part, kind);
    if (!usable(part)) return false;
    if (part.type.kind == kind) return true;
    tell_type(part, words_of(kind), help);
    return false;
  }

  void arithmetic(const ExpressionNode& node, std::span<Part> in, Part& part) {
    part.type.kind = Kind::decimal;
    if (node.op == Operator::divide) division(node, part);
    const bool a = need(in[0], Kind::decimal, help_on_arithmetic(node.op, in[0], in[1]));
    const bool b = a && need(in[1], Kind::decimal, help_on_arithmetic(node.op, in[0], in[1]));
    part.known = a && b && one_currency(in[0], in[1], node.span);
    if (!part.known) return;
    const bool money = !in[0].type.currency_key.empty();
    if (node.op == Operator::divide && money && !in[1].type.currency_key.empty()) {
      return;  // a ratio
    }
    part.type.currency_key = money ? in[0].type.currency_key : in[1].type.currency_key;
  }

  [[nodiscard]] static PhraseCode help_on_arithmetic(Operator op, const Part& a, const Part& b) {
    const bool dates = a.type.kind == Kind::date && !a.open;
    if (dates && b.type.kind == Kind::date && !b.open && op == Operator::subtract) {
      return PhraseCode::earlier_date_first;
    }
    if (dates && (op == Operator::add || op == Operator::subtract)) {
      return PhraseCode::how_days_are_added;
    }
    if (a.type.kind == Kind::text && op == Operator::add && !a.open) {
      return PhraseCode::how_texts_are_put_together;
    }
    return PhraseCode::only_numbers_are_added;
  }

  void division(const ExpressionNode& node, const Part& part) {
    const bool outermost = part.node + 1 == expression_.nodes.size();
    if (use_.purpose == ExpressionUse::Purpose::condition) {
      tell(DiagnosticCode::expr_division, node.span, {PhraseCode::multiply_instead});
    } else if (!outermost) {
      tell(DiagnosticCode::expr_division, node.span, {PhraseCode::divide_last});
    } else if (!use_.states_rounding) {
      tell(DiagnosticCode::expr_division_unrounded, node.span, {});
    }
  }

  void negative(std::span<Part> in, Part& part) {
    part.known = need(in[0], Kind::decimal, PhraseCode::only_a_number_can_be_negative);
    part.type = {.kind = Kind::decimal, .currency_key = in[0].type.currency_key};
  }

  void move_days(std::span<Part> in, Part& part) {
    part.type.kind = Kind::date;
    need(in[0], Kind::date, PhraseCode::days_are_added_to_dates);
    need(in[1], Kind::decimal, PhraseCode::before_days_a_number_is_needed);
  }

  void days_between(std::span<Part> in, Part& part) {
    part.type.kind = Kind::decimal;
    need(in[0], Kind::date, PhraseCode::days_lie_between_dates);
    need(in[1], Kind::date, PhraseCode::days_lie_between_dates);
  }

  void time_between(const ExpressionNode& node, std::span<Part> in, Part& part) {
    part.type.kind = Kind::decimal;
    const bool a = need(in[0], Kind::datetime, PhraseCode::hours_lie_between_date_times);
    const bool b = need(in[1], Kind::datetime, PhraseCode::hours_lie_between_date_times);
    if (a && b) offsets_alike(in[0], in[1], node.span);
  }

  void day_of(std::span<Part> in, Part& part) {
    part.type.kind = Kind::date;
    if (!need(in[0], Kind::datetime, PhraseCode::an_instant_has_a_day)) return;
    if (in[0].type.offset == ColumnType::Offset::never)
      tell(DiagnosticCode::expr_type, node(in[0]).span,
           {shown(in[0]), PhraseCode::a_date_time_without_an_offset,
            PhraseCode::a_date_time_with_an_offset, PhraseCode::state_no_zone_means_or_date});
  }

  static constexpr std::size_t kMaxShownName = 100;

  const Expression& expression_;
  const ExpressionUse& use_;
  ExpressionScope& scope_;
  CheckedExpression& out_;
  ExpressionProgram& program_;
  Diagnostics& diagnostics_;
  std::vector<Part> parts_;  // a stack
  std::unordered_map<std::uint64_t, std::uint32_t> operands_;
  std::unordered_map<std::string, std::uint32_t> zones_;
  ExpressionScratch scratch_;
  int errors_ = 0;
};

}  // namespace

Phrase currency_words(std::string_view key) {
  key = key.substr(0, key.find(kCurrencyKeyEnd));
  if (key.starts_with(kPathKey))
    return {PhraseCode::currency_of_path, {key.substr(kPathKey.size())}};
  if (key.starts_with(kCurrencyOfItems))
    return {PhraseCode::currency_of_items, {key.substr(kCurrencyOfItems.size())}};
  return key;
}

PhraseCode words_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::text:
      return PhraseCode::a_text;
    case Kind::decimal:
      return PhraseCode::a_number;
    case Kind::boolean:
      return PhraseCode::a_yes_or_no;
    case Kind::date:
      return PhraseCode::a_date;
    case Kind::time:
      return PhraseCode::a_time_of_day;
    case Kind::datetime:
      return PhraseCode::a_date_with_a_time;
    case Kind::duration:
      return PhraseCode::a_duration;
    case Kind::json:
      return PhraseCode::a_piece_of_json;
    default:
      return PhraseCode::blank_kind;
  }
}

bool check_expression(const Expression& expression, const ExpressionUse& use,
                      ExpressionScope& scope, CheckedExpression& out, Diagnostics& diagnostics) {
  out = {};
  return Checker(expression, use, scope, out, diagnostics).run();
}

}  // namespace trama
