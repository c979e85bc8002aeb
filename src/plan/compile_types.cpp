// From the words of a column to its steps and how it is written.

#include <algorithm>
#include <charconv>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "mapping/word_effects.h"
#include "mapping/words.h"
#include "plan/compiler.h"
#include "step/unicode.h"
#include "value/code_sets.h"
#include "value/zone.h"

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

bool count_of(std::string_view text, int& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size() && out >= 0;
}

}  // namespace

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

/// A currency code that the mapping states: withdrawn ones are warned of, or refused.
void Compiler::currency_value(const std::string& code, const Span& span, PhraseCode help) {
  const bool reject = column_ != kNoColumn && written(column_).withdrawn.view() == "reject";
  const int year = currency_withdrawn(code);
  if (!is_currency(code)) {
    error(DiagnosticCode::currency_unknown, span, {code, help});
  } else if (year != 0 && reject) {
    error(DiagnosticCode::currency_unknown, span,
          {code, Phrase(PhraseCode::currency_was_withdrawn, {std::to_string(year)})});
  } else if (year != 0) {
    error(DiagnosticCode::currency_withdrawn, span, {code, std::to_string(year)});
  }
}

/// A value that the mapping states for a helper field: a default, or what a lookup of it gives.
void Compiler::helper_value(const std::string& value, const Span& span, const char* word) {
  const std::string_view name = word;
  int decimals = 0;
  Zone zone;
  if (name == "currency" || name == "convert_to") {
    currency_value(value, span);
  } else if (name == "minor_units") {
    if (!count_of(value, decimals) || decimals > kMaxMinorUnits)
      error(DiagnosticCode::value_wrong, span,
            {value, word,
             Phrase(PhraseCode::a_number_of_decimals, {std::to_string(kMaxMinorUnits)})});
  } else if (!find_zone(value, zone)) {
    const std::string near = nearest_zone(value);
    error(DiagnosticCode::zone_unknown, span,
          {value, near.empty() ? Phrase(PhraseCode::names_of_zones)
                               : Phrase(PhraseCode::did_you_mean, {near})});
  }
}

/// A helper field of a column (`word` is its key): the path was compiled with the column's source.
PlanHelper Compiler::helper(const FromOr& words, PathIndex path, const char* word,
                            std::uint32_t at) {
  const std::string_view name = word;
  PlanHelper made;
  made.path = path;
  made.place = at;
  made.when_blank = words.when_blank.text;
  const bool currency = name == "currency" || name == "convert_to";
  made.when_blank_notice = currency                ? NoticeCode::currency_default
                           : name == "minor_units" ? NoticeCode::minor_units_default
                                                   : NoticeCode::zone_default;
  if (words.when_blank.stated()) helper_value(words.when_blank.text, words.when_blank.span, word);
  text_steps(words.text, made.steps);
  if (!words.lookup_table.stated() && words.lookup.empty()) return made;
  auto args = std::make_shared<LookupArgs>();
  CompiledTable* table = nullptr;
  if (words.lookup_table.stated()) {
    table = find_table(words.lookup_table, false);
    args->table_name = words.lookup_table.text;
  } else {
    own_tables_.emplace_back();
    table = &own_tables_.back();
    for (const Pair& pair : words.lookup)
      table->entries.push_back({{pair.key.text}, pair.value.text, pair.key.span});
    check_entries(*table);
    args->table_name = "the lookup of " + std::string(name == "currency" ? "the currency" : name);
  }
  if (table == nullptr || !table->right) return made;
  if (table->dated) {
    error(DiagnosticCode::table_kind, words.lookup_table.span,
          {args->table_name, PhraseCode::one_with_lines_by_day});
    return made;
  }
  if (table->key_parts != 1)
    error(DiagnosticCode::table_key_parts, words.lookup_table.span,
          {args->table_name, std::to_string(table->key_parts), "1"});
  std::string steps;
  for (const Text& text : words.text) steps += (steps.empty() ? "" : ", ") + text.text;
  unreachable_by_steps(*table, made.steps, steps, false);
  const std::size_t before = diagnostics_.size();
  each_entry(*table, [&](std::span<const std::string>, std::string_view value, const Span& span) {
    if (!value.empty()) helper_value(std::string(value), span, word);
    return diagnostics_.size() < before + kMostToldKeys;
  });
  made.steps.push_back(lookup_step(std::move(args), *table, made.place));
  return made;
}

/// `currency: {in_amount: yes, symbols: {…}}`
void Compiler::symbols(const FromOr& currency, PlanMoney& money) {
  for (const Pair& pair : currency.symbols) {
    const std::string& sign = pair.key.text;
    const bool digits = sign.find_first_of("0123456789") != std::string::npos;
    if (trim(sign) != sign || sign.empty() || digits || sign.front() == '-' || sign.front() == '+')
      error(DiagnosticCode::currency_sign, pair.key.span,
            {sign, digits         ? PhraseCode::it_has_digits
                   : sign.empty() ? PhraseCode::it_is_empty
                                  : PhraseCode::it_belongs_to_the_number});
    currency_value(pair.value.text, pair.value.span);
    money.symbols.emplace_back(sign, pair.value.text);
  }
  std::stable_sort(money.symbols.begin(), money.symbols.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

void Compiler::money(ColumnIndex index) {
  const Column& column = written(index);
  PlanMoney money;
  money.currency_place = place(column.key_span("currency").line != 0 ? column.key_span("currency")
                                                                     : column.key_span("type"));
  money.reject_withdrawn = column.withdrawn.view() == "reject";
  const FromOr& currency = column.currency;
  const HelperPaths& paths = helper_paths_[index];
  if (made(index).from == PlanColumn::From::total_of) {
    money.of_items = true;
    const ColumnIndex of = made(index).of;
    if (of != kNoColumn && written(of).type.view() != "money" && !type_wrong(of))
      error(DiagnosticCode::not_money, column.total_column.span, {column.total_column.text});
  } else if (made(index).from == PlanColumn::From::choose) {
    money.of_choice = true;
  } else if (!currency.stated() && column.has("currency")) {
    // its value is wrong, which is told already
  } else if (!currency.stated()) {
    error(DiagnosticCode::key_missing, column.name.span,
          {Phrase(PhraseCode::the_money_column, {column.name.text}), "currency",
           PhraseCode::a_code_from_or_in_amount});
  } else if (currency.from.stated()) {
    money.currency_field =
        helper(currency, paths.currency, "currency", place(column.key_span("currency")));
    money.of_items = paths.currency_of_items;
  } else if (currency.in_amount.on || currency.constant.view() == "in-amount") {
    money.in_amount = true;
    symbols(currency, money);
    money.currency_field.when_blank = currency.when_blank.text;
    if (currency.when_blank.stated())
      helper_value(currency.when_blank.text, currency.when_blank.span, "currency");
  } else {
    money.currency = currency.constant.text;
    currency_value(money.currency, currency.constant.span, PhraseCode::a_field_is_named_with_from);
  }
  money.minor_units = column.minor_units.on;
  if (column.minor_units_from.stated())
    money.minor_units_field = helper(column.minor_units_from, paths.minor_units, "minor_units",
                                     place(column.key_span("minor_units")));
  if (column.times.stated() && read_decimal(column.times.view(), money.times) != Reason::none)
    error(DiagnosticCode::value_wrong, column.times.span,
          {column.times.text, "times", PhraseCode::a_number_such_as_0_01});
  int decimals = 0;
  if (rounding(column, decimals, money.by_currency, money.rounding) && !money.by_currency)
    money.decimals = decimals;
  money.round_place = place(column.key_span("decimals").line != 0 ? column.key_span("decimals")
                                                                  : column.key_span("type"));
  conversion(column, paths.convert_to, money);
  made(index).money = std::move(money);
}

/// `convert_to`, `rates`, `rate_date`. `to`: of the field that names the target.
void Compiler::conversion(const Column& column, PathIndex to, PlanMoney& money) {
  if (column.convert_to.stated()) {
    money.convert_to = column.convert_to.constant.text;
    money.convert_place = place(column.key_span(column.rates.stated() ? "rates" : "convert_to"));
    if (column.convert_to.from.stated()) {
      money.convert_field =
          helper(column.convert_to, to, "convert_to", place(column.key_span("convert_to")));
    } else {
      currency_value(money.convert_to, column.convert_to.span,
                     PhraseCode::a_field_is_named_with_from);
    }
    if (!column.has("rates")) {
      error(DiagnosticCode::key_missing, column.convert_to.span,
            {"'convert_to'", "rates", PhraseCode::the_name_of_a_rates_table});
    } else if (column.rates.stated()) {
      if (CompiledTable* const table = find_table(column.rates, true); table != nullptr) {
        if (table->inside_rates && table->dump_rates == SIZE_MAX) {
          note_read_twice();
          table->dump_rates = plan_->dump_rates.size();
          plan_->dump_rates.push_back(*table->inside_rates);
        }
        money.rates = table->rates;
        money.dump_rates = table->dump_rates;
        money.any_day = table->any_day;
      }
    }
    money.rates_name = column.rates.text;
    if (money.any_day) {
      if (column.has("rate_date"))
        error(DiagnosticCode::word_no_effect, column.key_span("rate_date"),
              {"rate_date", PhraseCode::with_rates_of_any_day,
               Phrase(PhraseCode::rates_with_days, {column.rates.text})});
    } else if (!column.has("rate_date")) {
      error(DiagnosticCode::key_missing, column.convert_to.span,
            {"'convert_to'", "rate_date", PhraseCode::the_column_of_the_rate_date});
    } else if (column.rate_date.stated() && find_name(column.rate_date, money.rate_date)) {
      const Kind kind = plan_->columns[money.rate_date].format.kind;
      if (typed_[money.rate_date] && kind != Kind::date && kind != Kind::datetime)
        error(DiagnosticCode::rate_date_kind, column.rate_date.span, {column.rate_date.text});
    }
    if (!column.has("rounding"))
      error(DiagnosticCode::rounding_missing, column.convert_to.span, {});
    if (column.when_wrong.kind == Action::Kind::write_original)
      error(DiagnosticCode::words_together, column.when_wrong.span,
            {"when_wrong: write-original", "convert_to", PhraseCode::amounts_not_converted});
  }
}

/// One more format that a list reads; an error where it reads a text as another day than one before
/// does. That takes long to find out, so it is done once for each pair of formats of the mapping.
void Compiler::add_format(DatePattern pattern, const Text& written, DateArgs& args) {
  constexpr std::size_t kMaxFormats = 64;
  const auto id_of = [this](const DatePattern& one) {
    const auto at = std::find_if(formats_.begin(), formats_.end(),
                                 [&one](const DatePattern& known) { return known.same_as(one); });
    if (at != formats_.end()) return static_cast<std::ptrdiff_t>(at - formats_.begin());
    formats_.push_back(one);
    return static_cast<std::ptrdiff_t>(formats_.size()) - 1;
  };
  const std::ptrdiff_t id = id_of(pattern);
  if (formats_.size() > kMaxFormats) {
    if (!too_many_formats_)
      error(DiagnosticCode::too_many_formats, written.span, {std::to_string(kMaxFormats)});
    too_many_formats_ = true;
    formats_.pop_back();
    return;
  }
  for (const DatePattern& before : args.patterns) {
    const std::ptrdiff_t other = id_of(before);
    const std::pair pair(std::min(id, other), std::max(id, other));
    const auto [known, is_new] = formats_differ_.try_emplace(pair);
    if (is_new) known->second = DatePattern::can_differ(before, pattern);
    if (known->second)
      error(DiagnosticCode::dates_ambiguous, written.span,
            {written.text, std::string(before.words())});
  }
  args.patterns.push_back(std::move(pattern));
}

/// Compiles a date pattern; `reads`: it is one of `read`, not of `write`.
bool Compiler::pattern_words(const Text& words, const Column& column, bool reads,
                             DatePattern& out) {
  int first_year = -1;
  if (column.two_digit_years.stated()) {
    const std::string_view range = column.two_digit_years.view();
    int last_year = 0;
    const std::size_t dash = range.find('-');
    const bool right = dash != std::string_view::npos &&
                       count_of(range.substr(0, dash), first_year) &&
                       count_of(range.substr(dash + 1), last_year) &&
                       last_year == first_year + 99 && last_year <= 9999;
    if (!right) {
      error(DiagnosticCode::value_wrong, column.two_digit_years.span,
            {column.two_digit_years.text, "two_digit_years", PhraseCode::a_hundred_years});
      return false;
    }
  }
  const Names names = names_of(column.months.view());
  DatePattern::Problem problem;
  if (!DatePattern::compile(words.text, names, first_year, out, problem)) {
    error(DiagnosticCode::date_pattern, words.span, {words.text, problem.what});
    return false;
  }
  if (out.needs_names() && names == Names::none) {
    if (!column.has("months")) error(DiagnosticCode::months_missing, words.span, {words.text});
    return false;
  }
  if (const PhraseCode why = reads ? out.why_not_read() : out.why_not_written();
      why != PhraseCode::none) {
    error(DiagnosticCode::date_pattern, words.span, {words.text, why});
    return false;
  }
  if (reads && out.needs_century() && first_year < 0) {
    if (!column.has("two_digit_years"))
      error(DiagnosticCode::century_missing, words.span, {words.text});
    return false;
  }
  return true;
}

/// The index of a zone that the mapping states, or that a field names.
int Compiler::zone(const FromOr& zone, PathIndex path, const char* word, std::uint32_t at,
                   std::vector<int>& dynamic_zones) {
  PlanZone made;
  if (zone.from.stated()) {
    made.field = helper(zone, path, word, at);
    dynamic_zones.push_back(static_cast<int>(plan_->zones.size()));
  } else if (!Zone::find(zone.constant.text, made.zone)) {
    const std::string near = nearest_zone(zone.constant.text);
    error(DiagnosticCode::zone_unknown, zone.constant.span,
          {zone.constant.text, near.empty() ? Phrase(PhraseCode::names_of_zones)
                                            : Phrase(PhraseCode::did_you_mean, {near})});
  }
  plan_->zones.push_back(std::move(made));
  return static_cast<int>(plan_->zones.size() - 1);
}

void Compiler::date(ColumnIndex index) {
  const Column& column = written(index);
  auto args = std::make_shared<DateArgs>();
  args->target = made(index).format.kind;
  std::vector<Text> words = column.read;
  if (words.empty())
    words.push_back(
        {.text = args->target == Kind::time ? "HH:mm:ss" : "ISO-8601", .span = column.type.span});
  if (reads_day(index)) {
    if (!column.read.empty())
      error(DiagnosticCode::words_together, column.key_span("read"),
            {"read", "days_from", PhraseCode::the_item_is_a_day});
    words.assign(1, {.text = "YYYY-MM-DD", .span = column.type.span});
  }
  bool wrong = false;  // what a wrong pattern would have had is not known
  bool any_time = false;
  bool lacks_offset = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    DatePattern pattern;
    if (!pattern_words(words[i], column, true, pattern)) {
      wrong = true;
      continue;
    }
    const bool fits = args->target == Kind::time       ? pattern.has_time()
                      : args->target == Kind::datetime ? pattern.has_date() && pattern.has_time()
                                                       : pattern.has_date();
    if (!fits)
      error(DiagnosticCode::date_pattern_kind, words[i].span,
            {words[i].text, std::string(column.type.view())});
    any_time = any_time || pattern.has_time();
    lacks_offset = lacks_offset || (pattern.has_time() && pattern.has_date() &&
                                    pattern.offset() != DatePattern::Offset::always);
    add_format(std::move(pattern), words[i], *args);
  }
  args->shown = listed(words);
  if (column.no_zone_means.stated())
    args->no_zone_means =
        zone(column.no_zone_means, helper_paths_[index].no_zone_means, "no_zone_means",
             place(column.key_span("no_zone_means")), made(index).dynamic_zones);
  if (column.zone.stated()) {
    args->zone = zone(column.zone, helper_paths_[index].zone, "zone",
                      place(column.key_span("zone")), made(index).dynamic_zones);
    if (!any_time && !wrong) error(DiagnosticCode::zone_without_time, column.key_span("zone"), {});
    // ISO-8601 alone may carry its offset; where a pattern has a time and can have none, the
    // mapping must say what it means.
    const bool iso_only =
        std::all_of(args->patterns.begin(), args->patterns.end(), [](const DatePattern& p) {
          return !p.has_time() || p.offset() != DatePattern::Offset::never;
        });
    if (any_time && lacks_offset && !iso_only && !column.has("no_zone_means"))
      error(DiagnosticCode::zone_needs_default, column.key_span("zone"), {});
  } else if (column.no_zone_means.stated() && !any_time && !wrong) {
    error(DiagnosticCode::zone_without_time, column.key_span("no_zone_means"), {});
  }
  args->clock_change = column.clock_change.view() == "earlier" ? ClockChange::earlier
                       : column.clock_change.view() == "later" ? ClockChange::later
                                                               : ClockChange::reject;
  const Span at = column.key_span("read");
  made(index).steps.push_back(
      step(kReadDate, std::move(args), place(at.line != 0 ? at : column.key_span("type"))));
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
