// Constants of a column (defaults, `value`, what actions write), and the checks on its finished
// value, which they must pass too.

#include <algorithm>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "plan/compiler.h"
#include "value/code_sets.h"

namespace trama {

/// A constant of the column's type, written plainly (2025-03-01, 1234.56, yes).
bool Compiler::constant(ColumnIndex index, const Text& text, Value& out, bool checked) {
  const Column& column = written(index);
  const std::string_view s = text.view();
  const Kind kind = made(index).format.kind;
  bool right = true;
  Moment moment;
  DateTrouble trouble;
  switch (kind) {
    case Kind::decimal: {
      Decimal figure;
      int decimals = 0;
      bool by_currency = false;
      Rounding mode = Rounding::exact;
      right = read_decimal(s, figure) == Reason::none;
      const Diagnostics before = diagnostics_;
      const bool rounds = right && rounding(column, decimals, by_currency, mode);
      if (rounds && by_currency)
        decimals = currency_decimals(column.convert_to.stated() ? column.convert_to.constant.text
                                                                : column.currency.constant.text);
      if (rounds && decimals >= 0)
        right = round_to(figure, decimals, Rounding::exact) == Reason::none;
      diagnostics_ = before;  // what is wrong with the words is told once, elsewhere
      out = Value::decimal(figure);
      break;
    }
    case Kind::boolean:
      right = s == "yes" || s == "no";
      out = Value::boolean(s == "yes");
      break;
    case Kind::date:
      right = read_iso(s, moment, trouble) == Reason::none && moment.has_date && !moment.has_time;
      out = Value::date(moment.date);
      break;
    case Kind::datetime: {
      right = read_iso(s, moment, trouble) == Reason::none && moment.has_time;
      DateTime time;
      time.seconds = std::int64_t{moment.date.days} * 86400 + moment.time.seconds;
      time.nanos = moment.time.nanos;
      time.offset = moment.offset;
      out = Value::datetime(time, moment.digits);
      break;
    }
    case Kind::time: {
      DatePattern hours;
      DatePattern::Problem problem;
      right = (DatePattern::compile("HH:mm:ss", Names::none, -1, hours, problem) &&
               hours.read(s, moment, trouble) == Reason::none) ||
              (DatePattern::compile("HH:mm", Names::none, -1, hours, problem) &&
               hours.read(s, moment, trouble) == Reason::none);
      out = Value::time(moment.time, moment.digits);
      break;
    }
    case Kind::duration: {
      Duration length;
      right = read_iso_duration(s, length) == Reason::none;
      out = Value::duration(length);
      break;
    }
    case Kind::json: {
      std::string padded = "{\"v\":" + std::string(s) + "}";
      const std::size_t size = padded.size();
      padded.append(64, ' ');
      RecordReader reader({});
      right = reader.read({padded.data(), size}) == Reason::none;
      out = Value::json(keep(s).text());
      break;
    }
    default: {
      out = keep(s);
      const StepSpec* spec =
          column.type.stated() ? find_step(StepFamily::type, column.type.view()) : nullptr;
      if (spec != nullptr && spec->gives == Kind::text && !s.empty()) {
        Arena arena;
        StepContext context{
            .arena = arena, .zones = {}, .a = {}, .b = {}, .warning_a = {}, .warning_b = {}};
        Value value = out;
        right = spec->fn(nullptr, value, context) == Reason::none;
        if (right && spec == &kCurrency) currency_value(text.text, text.span);
      }
      if (s.empty()) out = Value::blank(Kind::empty);
    }
  }
  if (!right)
    error(DiagnosticCode::constant_wrong, text.span,
          {text.text, column.type.stated() ? Phrase(column.type.text) : Phrase(words_of(kind))});
  if (right && checked) constants_.push_back({index, out, text.span});
  return right;
}

void Compiler::defaults(ColumnIndex index) {
  const Column& column = written(index);
  PlanColumn& made = this->made(index);
  const auto set = [&](const Text& text, std::optional<Value>& out) {
    Value value;
    if (text.stated() && constant(index, text, value)) out = value;
  };
  set(column.when_missing, made.when_missing);
  set(column.when_null, made.when_null);
  set(column.when_empty, made.when_empty);
  if (column.when_blank.stated()) {
    std::optional<Value> any;
    set(column.when_blank, any);
    made.when_missing = made.when_null = made.when_empty = any;
  }
  if (column.when_blank_column.stated()) blank_column(index);
  if (column.value.stated()) constant(index, column.value, made.constant);
  switch (column.when_wrong.kind) {
    case Action::Kind::write_blank:
      made.when_wrong.kind = PlanAction::Kind::write_blank;
      break;
    case Action::Kind::write_original:
      made.when_wrong.kind = PlanAction::Kind::write_original;
      break;
    case Action::Kind::stop:
      made.when_wrong.kind = PlanAction::Kind::stop;
      break;
    case Action::Kind::write:
      made.when_wrong.kind = PlanAction::Kind::write;
      constant(index, column.when_wrong.write, made.when_wrong.write);
      break;
    default:
      break;
  }
  for (std::size_t i = 0; i < column.choose.size(); ++i)
    if (column.choose[i].constant.stated() && i < made.choices.size())
      constant(index, column.choose[i].constant, made.choices[i].constant);
}

/// `when_blank: {column: Name}`: of the same type, and of amounts in the same currency.
void Compiler::blank_column(ColumnIndex index) {
  const Text& name = written(index).when_blank_column;
  ColumnIndex other = kNoColumn;
  if (!find_name(name, other)) return;
  made(index).blank_column = other;
  if (!typed_[index] || !typed_[other]) return;
  if (made(other).format.kind != made(index).format.kind) {
    error(DiagnosticCode::choice_type, name.span,
          {name.text, words_of(made(other).format.kind), words_of(made(index).format.kind)});
  } else if (const std::string own = currency_key(index), theirs = currency_key(other);
             own != theirs || own == "*") {
    error(DiagnosticCode::expr_currencies, name.span,
          {written(index).name.text, name.text, currency_words(own), currency_words(theirs)});
  }
}

/// Checks on the finished value, and the same on the constants of the column.
void Compiler::checks(ColumnIndex index) {
  told_steps(index, StepTime::check, made(index).checks);
  lookup_outcomes(index);
  check_constants(index);
}

/// What the pairs of a lookup give is read by the column's type:
/// those that can never be are told here.
void Compiler::lookup_outcomes(ColumnIndex index) {
  const Column& column = written(index);
  const PlanColumn& made = this->made(index);
  const auto is_lookup = [](const PlanStep& s) { return s.spec == &kLookup; };
  const auto lookup = std::find_if(made.steps.begin(), made.steps.end(), is_lookup);
  const bool on_parts = std::any_of(made.parts.begin(), made.parts.end(), is_lookup);
  // What 'join' makes of the parts is not known here.
  const bool read = on_parts ? !made.joined : lookup != made.steps.end();
  if (column.lookup.empty() || !read || !made.dynamic_zones.empty()) return;
  Arena arena;
  StepContext context{
      .arena = arena, .zones = {}, .a = {}, .b = {}, .warning_a = {}, .warning_b = {}};
  for (const PlanZone& zone : plan_->zones) context.zones.push_back({.zone = zone.zone});
  int told = 0;
  for (const Pair& pair : column.lookup) {
    Value value = Value::text(pair.value.text);
    if (trim(pair.value.text).empty()) continue;
    for (auto step = on_parts ? made.steps.begin() : lookup + 1; step != made.steps.end(); ++step) {
      if (value.is_blank() || step->fn(step->args.get(), value, context) == Reason::none) continue;
      error(DiagnosticCode::constant_wrong, pair.value.span, {pair.value.text, column.type.text});
      constexpr int kMostTold = 5;
      if (++told >= kMostTold) return;
      break;
    }
  }
}

void Compiler::check_constants(ColumnIndex index) {
  Arena arena;
  StepContext context{
      .arena = arena, .zones = {}, .a = {}, .b = {}, .warning_a = {}, .warning_b = {}};
  for (const Constant& constant : constants_) {
    if (constant.column != index || constant.value.is_blank()) continue;
    for (const PlanStep& check : made(index).checks) {
      Value value = constant.value;
      if (check.fn(check.args.get(), value, context) == Reason::none) continue;
      error(DiagnosticCode::constant_breaks_check, constant.span,
            {plain(constant.value), std::string(check.spec->word)});
    }
  }
}

}  // namespace trama
