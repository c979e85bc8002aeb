// Amounts: their currencies, the values of their helper fields, what they are converted to.

#include <algorithm>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "plan/compiler.h"
#include "value/code_sets.h"
#include "value/zone.h"

namespace trama {

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

}  // namespace trama
