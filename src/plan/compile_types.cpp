// From the words of a column to its steps and how it is written.

#include <charconv>

#include "base/phrase_codes.h"
#include "mapping/word_effects.h"
#include "mapping/words.h"
#include "plan/compiler.h"

namespace trama {
namespace {

struct TypeRow {
  std::string_view word;
  Kind kind;
};

constexpr TypeRow kTypes[] = {
    {"text", Kind::text},         {"integer", Kind::decimal}, {"decimal", Kind::decimal},
    {"money", Kind::decimal},     {"boolean", Kind::boolean}, {"date", Kind::date},
    {"datetime", Kind::datetime}, {"time", Kind::time},       {"duration", Kind::duration},
    {"json", Kind::json},
};

}  // namespace

bool count_of(std::string_view text, int& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size() && out >= 0;
}

PlanStep Compiler::step(const StepSpec& spec, std::shared_ptr<const StepArgs> args,
                        std::uint32_t at) {
  return {.spec = &spec, .fn = spec.fn, .args = std::move(args), .place = at};
}

/// What a column holds when it is not blank. `typed_` is false where that hangs on an expression
/// that is compiled later.
void Compiler::kind_of(ColumnIndex index) {
  const Column& column = written(index);
  PlanColumn& made = this->made(index);
  made.format.kind = Kind::text;
  typed_[index] = true;
  if (column.type.stated()) {
    for (const TypeRow& row : kTypes)
      if (row.word == column.type.view()) made.format.kind = row.kind;
    const std::string known = step_words(StepFamily::type);
    if (!is_listed(known, column.type.view())) {
      error(DiagnosticCode::value_wrong, column.type.span,
            {column.type.text, "type", help_for_value(known, column.type.view())});
      typed_[index] = false;
    }
    return;
  }
  switch (made.from) {
    case PlanColumn::From::compute:
    case PlanColumn::From::total_of:
      typed_[index] = false;
      break;
    case PlanColumn::From::rate_of:
      made.format.kind = Kind::decimal;
      break;
    case PlanColumn::From::rate_day_of:
      made.format.kind = Kind::date;
      break;
    case PlanColumn::From::each:
      made.format.kind = Kind::json;
      break;
    default:
      if (made.total == PlanColumn::Total::sum || made.total == PlanColumn::Total::count)
        made.format.kind = Kind::decimal;
  }
}

void Compiler::text_steps(const std::vector<Text>& words, std::vector<PlanStep>& out) {
  for (const Text& word : words) {
    if (const StepSpec* spec = find_step(StepFamily::text, word.text)) {
      out.push_back(step(*spec, nullptr, place(word.span)));
    } else {
      error(DiagnosticCode::value_wrong, word.span,
            {word.text, "text", help_for_value(step_words(StepFamily::text), word.text)});
    }
  }
}

/// The steps with words of their own that run then. What they need of the column they ask here.
void Compiler::told_steps(ColumnIndex index, StepTime time, std::vector<PlanStep>& out) {
  class Asked final : public StepCompiler {
   public:
    Asked(Compiler& compiler, ColumnIndex index) : compiler_(compiler), index_(index) {}
    void error(DiagnosticCode code, Span span, std::vector<Phrase> values) override {
      compiler_.error(code, span, std::move(values));
    }
    bool constant(const Text& text, Value& out) override {
      return compiler_.constant(index_, text, out, false);
    }
    [[nodiscard]] Kind kind() const noexcept override { return compiler_.made(index_).format.kind; }
    [[nodiscard]] PatternPool* patterns() noexcept override { return &compiler_.patterns_; }

   private:
    Compiler& compiler_;
    ColumnIndex index_;
  };
  Asked asked(*this, index);
  for (const StepTold& told : written(index).steps) {
    if (told.spec->time != time) continue;
    const bool takes = time != StepTime::check || told.spec->takes == Kind::missing ||
                       told.spec->takes == asked.kind();
    if (!takes) continue;  // which check_effects() tells
    if (auto args = told.spec->compile(told, asked))
      out.push_back(step(*told.spec, std::move(args), place(told.span)));
  }
}

/// `split` without `take`, which comes before all other steps: it makes parts of the value.
void Compiler::split_to_all(ColumnIndex index) {
  PlanColumn& made = this->made(index);
  const Column& column = written(index);
  const bool splits = !made.parts.empty() && made.parts.front().spec == &kSplit;
  if (splits && splits_to_all(column)) {
    made.split_by = static_cast<const SplitArgs&>(*made.parts.front().args).by;
    made.parts.erase(made.parts.begin());
  } else if (splits && column.type.view() == "json") {
    error(DiagnosticCode::words_together, column.key_span("split"),
          {"split: take", "type: json", PhraseCode::a_list_has_all_parts});
  }
}

/// What is done to each part: split, replace, text, pad.
void Compiler::part_steps(ColumnIndex index) {
  std::vector<PlanStep>& parts = made(index).parts;
  told_steps(index, StepTime::before_text, parts);
  split_to_all(index);
  text_steps(written(index).text, parts);
  told_steps(index, StepTime::after_text, parts);
}

void Compiler::steps(ColumnIndex index) {
  check_helpers(index);
  part_steps(index);
  lookup(index);
  type_step(index);
}

void Compiler::type_step(ColumnIndex index) {
  const Column& column = written(index);
  const std::string_view type = column.type.view();
  const PlanColumn::From from = made(index).from;
  // What is finished by its source needs no reading, but for its rounding.
  const bool read = from == PlanColumn::From::path || from == PlanColumn::From::paths ||
                    from == PlanColumn::From::first_of || from == PlanColumn::From::composite;
  const Kind kind = made(index).format.kind;
  if (kind == Kind::decimal) {
    number(index);
    if (type == "money") money(index);
    return;
  }
  if (!read) return;
  if (kind == Kind::date || kind == Kind::datetime || kind == Kind::time) {
    date(index);
  } else if (kind == Kind::boolean) {
    auto args = std::make_shared<BooleanArgs>();
    for (const Text& word : column.yes_words) args->yes.push_back(word.text);
    for (const Text& word : column.no_words) args->no.push_back(word.text);
    made(index).steps.push_back(
        step(kReadBoolean, std::move(args), place(column.key_span("type"))));
  } else if (kind == Kind::duration) {
    auto args = std::make_shared<DurationArgs>();
    const std::string_view unit = column.read.empty() ? "ISO-8601" : column.read[0].view();
    args->unit = unit == "minutes"   ? DurationUnit::minutes
                 : unit == "hours"   ? DurationUnit::hours
                 : unit == "seconds" ? DurationUnit::seconds
                                     : DurationUnit::iso;
    if (column.read.size() > 1 || (args->unit == DurationUnit::iso && unit != "ISO-8601"))
      error(DiagnosticCode::value_wrong, column.read[0].span,
            {std::string(unit), "read", PhraseCode::how_a_duration_is_read});
    made(index).steps.push_back(
        step(kReadDuration, std::move(args), place(column.key_span("type"))));
  } else if (kind == Kind::text && !type.empty() && type != "text") {
    const StepSpec* spec = find_step(StepFamily::type, type);
    std::shared_ptr<CurrencyArgs> args;
    if (spec == &kCurrency) {
      args = std::make_shared<CurrencyArgs>();
      args->reject_withdrawn = column.withdrawn.view() == "reject";
    }
    if (spec != nullptr)
      made(index).steps.push_back(step(*spec, std::move(args), place(column.key_span("type"))));
  }
}

/// `decimals` and `rounding`, if they are stated. False where they are not, or wrong.
bool Compiler::rounding(const Column& column, int& decimals, bool& by_currency, Rounding& mode) {
  static constexpr std::pair<std::string_view, Rounding> kModes[] = {
      {"exact", Rounding::exact},
      {"half-up", Rounding::half_up},
      {"half-even", Rounding::half_even},
      {"half-down", Rounding::half_down},
      {"up", Rounding::up},
      {"down", Rounding::down},
      {"ceiling", Rounding::ceiling},
      {"floor", Rounding::floor}};
  for (const auto& [word, m] : kModes)
    if (column.rounding.view() == word) mode = m;
  const bool integer = column.type.view() == "integer";
  if (!column.decimals.stated()) {
    decimals = 0;
    by_currency = column.type.view() == "money";
    if (column.rounding.stated() && !integer && !by_currency && !column.has("decimals"))
      error(DiagnosticCode::rounding_alone, column.rounding.span, {});
    return integer || by_currency;
  }
  by_currency = column.decimals.view() == "by-currency";
  if (by_currency) return true;
  if (count_of(column.decimals.view(), decimals) && decimals <= kMaxDigits) return true;
  error(DiagnosticCode::value_wrong, column.decimals.span,
        {column.decimals.text, "decimals", PhraseCode::a_count_of_decimals});
  return false;
}

void Compiler::number(ColumnIndex index) {
  const Column& column = written(index);
  PlanColumn& made = this->made(index);
  auto args = std::make_shared<NumberArgs>();
  for (const Text& example : column.read_number) {
    NumberShape shape;
    Phrase problem;
    if (!read_number_example(example.text, shape, problem)) {
      error(DiagnosticCode::number_example, example.span, {example.text, problem});
      continue;
    }
    args->exponent = args->exponent || shape.exponent;
    args->shapes.push_back(std::move(shape));
  }
  args->shown = column.read_number.empty() ? "1234.56" : listed(column.read_number);
  const bool read = made.from == PlanColumn::From::path || made.from == PlanColumn::From::paths ||
                    made.from == PlanColumn::From::first_of ||
                    made.from == PlanColumn::From::composite;
  if (read && made.total != PlanColumn::Total::count) {
    const Span at = column.key_span("type");
    made.steps.push_back(
        step(kReadNumber, std::move(args), place(at.line != 0 ? at : column.name.span)));
  }
  int decimals = 0;
  bool by_currency = false;
  Rounding mode = Rounding::exact;
  const bool rounds = rounding(column, decimals, by_currency, mode);
  if (column.type.view() == "money") {
    if (made.from != PlanColumn::From::choose) return;
    // An amount that is chosen has its decimals already, unless others are stated.
    if (!column.decimals.stated() && column.rounding.stated())
      error(DiagnosticCode::rounding_alone, column.rounding.span, {});
    if (by_currency && column.decimals.stated())
      error(DiagnosticCode::value_wrong, column.decimals.span,
            {column.decimals.text, "decimals", PhraseCode::a_count_of_decimals});
    if (by_currency) return;
  }
  if (by_currency) error(DiagnosticCode::by_currency_without_money, column.decimals.span, {});
  const Span decimals_at = column.key_span("decimals");
  if (column.times.stated()) {
    auto times = std::make_shared<TimesArgs>();
    if (rounds) times->decimals = decimals;
    times->rounding = mode;
    if (read_decimal(column.times.view(), times->factor) != Reason::none)
      error(DiagnosticCode::value_wrong, column.times.span,
            {column.times.text, "times", PhraseCode::a_number_such_as_0_01});
    made.finish.push_back(step(kTimes, std::move(times), place(column.key_span("times"))));
    return;
  }
  if (!rounds) return;
  auto round = std::make_shared<RoundArgs>();
  round->decimals = decimals;
  round->rounding = mode;
  made.finish.push_back(step(kRound, std::move(round),
                             place(decimals_at.line != 0 ? decimals_at : column.key_span("type"))));
}

/// Whether the type of the column is none, which is told already: nothing can be said about words
/// that hang on it.
bool Compiler::type_wrong(ColumnIndex index) {
  const Column& column = written(index);
  return column.has("type") &&
         (!column.type.stated() || !is_listed(step_words(StepFamily::type), column.type.view()));
}

/// `write: hours`, minutes or seconds: what makes sure that the number is exact,
/// or rounded as the mapping says.
void Compiler::duration_unit(ColumnIndex index) {
  const Column& column = written(index);
  ColumnFormat& format = made(index).format;
  bool by_currency = false;
  if (!rounding(column, format.decimals, by_currency, format.rounding)) format.decimals = -1;
  if (by_currency) error(DiagnosticCode::by_currency_without_money, column.decimals.span, {});
  auto args = std::make_shared<InUnitArgs>();
  args->format = format;
  args->unit = column.write.text;
  made(index).checks.push_back(step(kInUnit, std::move(args), place(column.key_span("write"))));
}

/// `write: ISO-8601`, which rounds nothing.
void Compiler::iso_duration(const Column& column) {
  for (const char* word : {"decimals", "rounding"})
    if (column.has(word))
      error(DiagnosticCode::word_no_effect, column.key_span(word),
            {word, Phrase(PhraseCode::beside, {"'write: " + column.write.text + "'"}),
             PhraseCode::iso_has_no_decimals});
}

void Compiler::format(ColumnIndex index) {
  const Column& column = written(index);
  ColumnFormat& format = made(index).format;
  const bool moment =
      format.kind == Kind::date || format.kind == Kind::datetime || format.kind == Kind::time;
  if (moment && column.write.stated()) {
    DatePattern pattern;
    if (pattern_words(column.write, column, false, pattern)) {
      const bool fits = (format.kind != Kind::date || !pattern.has_time()) &&
                        (format.kind != Kind::time || !pattern.has_date());
      if (!fits)
        error(DiagnosticCode::date_pattern_kind, column.write.span,
              {column.write.text, std::string(column.type.view())});
      format.pattern = std::move(pattern);
    }
  } else if (format.kind == Kind::boolean && column.write_words.size() == 2) {
    format.yes = column.write_words[0].text;
    format.no = column.write_words[1].text;
    format.boolean_words = true;
  } else if (format.kind == Kind::duration && column.write.stated()) {
    using Unit = ColumnFormat::DurationUnit;
    const std::string_view unit = column.write.view();
    format.duration = unit == "minutes"   ? Unit::minutes
                      : unit == "hours"   ? Unit::hours
                      : unit == "seconds" ? Unit::seconds
                                          : Unit::iso;
    if (format.duration != Unit::iso)
      duration_unit(index);
    else if (unit != "ISO-8601")
      error(DiagnosticCode::value_wrong, column.write.span,
            {column.write.text, "write", PhraseCode::one_of_duration_units});
    else
      iso_duration(column);
  } else if (format.kind == Kind::boolean && column.write.stated()) {
    error(DiagnosticCode::word_not_for_type, column.key_span("write"),
          {"write", PhraseCode::a_boolean_needs_two_words});
  } else if ((moment || format.kind == Kind::duration) && !column.write_words.empty()) {
    error(DiagnosticCode::word_not_for_type, column.key_span("write"),
          {PhraseCode::write_two_words, words_of(format.kind)});
  }
}

}  // namespace trama
