// Rate tables: where the rates of a line are, and the rates themselves.

#include <algorithm>
#include <string>
#include <utility>

#include "base/phrase_codes.h"
#include "plan/compiler.h"
#include "plan/table_lines.h"
#include "value/code_sets.h"

namespace trama {

/// Where the rates of a line are. A side is a column, one code for all lines, or (`columns`) the
/// code that the column of the rate is called.
bool Compiler::rate_columns(const Table& written, const TableFile& file, RateColumns& out) {
  const auto missing = [&](const char* word) {
    error(DiagnosticCode::key_missing, written.span,
          {Phrase(PhraseCode::the_rate_table, {written.name.text}), word,
           PhraseCode::the_name_of_a_column});
    return false;
  };
  if (!written.date.stated()) return missing("date");
  out.date = column_of(file.header, written.date, diagnostics_);
  if (out.date == SIZE_MAX) return false;
  const bool from_columns = written.from.view() == "columns";
  const bool to_columns = written.to.view() == "columns";
  out.wide = from_columns || to_columns;
  if (from_columns && to_columns) {
    error(DiagnosticCode::words_together, written.to.span,
          {"from: columns", "to: columns", PhraseCode::one_side_is_one_currency});
    return false;
  }
  RateColumns::Rate rate;
  const auto side = [&](const char* word, const Text& column, const Text& value, std::size_t& at,
                        const Text*& code) {
    if (value.stated()) {
      code = &value;
      if (is_currency(value.text)) return true;
      error(DiagnosticCode::currency_unknown, value.span, {value.text});
      return false;
    }
    if (!column.stated()) return missing(word);
    at = column_of(file.header, column, diagnostics_);
    return at != SIZE_MAX;
  };
  if (!from_columns && !side("from", written.from, written.from_value, rate.from, rate.from_code))
    return false;
  if (!to_columns && !side("to", written.to, written.to_value, rate.to, rate.to_code)) return false;
  if (!out.wide) {
    if (!written.rate.stated()) return missing("rate");
    rate.rate = column_of(file.header, written.rate, diagnostics_);
    if (rate.rate == SIZE_MAX) return false;
    out.rates.push_back(rate);
    return true;
  }
  for (std::size_t i = 0; i < file.header.size(); ++i) {
    if (!is_currency(file.header[i].text)) continue;
    (from_columns ? rate.from_code : rate.to_code) = &file.header[i];
    rate.rate = i;
    out.rates.push_back(rate);
  }
  if (!out.rates.empty()) return true;
  error(DiagnosticCode::table_no_column, (from_columns ? written.from : written.to).span,
        {"columns", PhraseCode::no_column_is_called_as_a_currency});
  return false;
}

/// What the table allows beside a rate that is there for that very day.
bool Compiler::rate_rules(const Table& written, RateTable& rates) {
  const bool previous = written.no_rate_that_day.view() == "use-previous";
  if (!previous && written.at_most_days_old.stated())
    error(DiagnosticCode::needs_word, written.at_most_days_old.span,
          {"at_most_days_old", "no_rate_that_day: use-previous"});
  if (previous && !written.at_most_days_old.stated()) {
    error(DiagnosticCode::key_missing, written.no_rate_that_day.span,
          {"'no_rate_that_day: use-previous'", "at_most_days_old",
           PhraseCode::how_old_a_rate_may_be});
    return false;
  }
  rates.use_previous = previous;
  rates.at_most_days_old =
      static_cast<std::int32_t>(std::min<std::int64_t>(written.at_most_days_old.count, 36500));
  rates.inverse_allowed = written.inverse_allowed.on;
  rates.through = written.through.text;
  if (written.through.stated() && !is_currency(written.through.text))
    error(DiagnosticCode::currency_unknown, written.through.span, {written.through.text});
  return true;
}

/// Where rates that travel in the dump have a currency, a day or the rate.
bool Compiler::rate_side(const char* word, const Text& field, const Text& value, const Path& beside,
                         PlanDumpRates::Side& out) {
  using From = PlanDumpRates::Side::From;
  if (value.stated()) {
    out.from = From::constant;
    out.text = value.text;
    if (is_currency(value.text)) return true;
    error(DiagnosticCode::currency_unknown, value.span, {value.text});
    return false;
  }
  if (beside.stated()) {
    out.from = From::beside;
    out.text = beside.text;
    out.beside = plan_->beside.size();
    plan_->beside.emplace_back();
    return keys_of(beside, plan_->beside.back()) &&
           stands_beside_records(beside, plan_->beside.back());
  }
  if (!field.stated()) return true;
  out.text = field.text;
  if (field.text == "$key") {
    out.from = From::entry_key;
    return true;
  }
  if (field.text == "columns") {
    error(DiagnosticCode::words_together, field.span,
          {"inside", std::string(word) + ": columns", PhraseCode::the_keys_are_called});
    return false;
  }
  out.from = From::entry;
  return keys_of(field, out.path);
}

/// Rates that travel in the dump: the run reads them from each input,
/// here is only said where they are.
void Compiler::inside_rates(CompiledTable& table) {
  const Table& written = *table.table;
  PlanDumpRates made;
  made.name = written.name.text;
  made.path = written.inside.text;
  bool right =
      keys_of(written.inside, made.keys) && stands_beside_records(written.inside, made.keys);
  right =
      rate_side("from", written.from, written.from_value, written.from_inside, made.from) && right;
  right = rate_side("to", written.to, written.to_value, written.to_inside, made.to) && right;
  right = rate_side("date", written.date, {}, written.date_inside, made.day) && right;
  right = rate_side("rate", written.rate, {}, {}, made.rate) && right;
  made.rate.from = PlanDumpRates::Side::From::entry;
  for (const Pair& pair : written.source) {
    made.only.push_back({{}, pair.value.text});
    right = keys_of(pair.key, made.only.back().path) && right;
  }
  if (made.day.from == PlanDumpRates::Side::From::none) {
    const std::pair<const char*, Span> of_days[] = {
        {"no_rate_that_day", written.no_rate_that_day.span},
        {"at_most_days_old", written.at_most_days_old.span},
        {"read", written.days.key_span("read")},
        {"months", written.days.key_span("months")},
        {"two_digit_years", written.days.key_span("two_digit_years")}};
    for (const auto& [word, span] : of_days)
      if (span.line != 0) error(DiagnosticCode::needs_word, span, {word, "date"});
  }
  right = rate_rules(written, made.allows) && read_days_as(written) && right;
  made.read = table_days_;
  if (written.decimal_mark.stated()) made.decimal_mark = written.decimal_mark.text[0];
  if (written.thousands_mark.stated()) made.thousands_mark = written.thousands_mark.text[0];
  table.right = right;
  if (!right) return;
  table.any_day = made.day.from == PlanDumpRates::Side::From::none;
  table.inside_rates = std::move(made);
}

void Compiler::rate_entries(CompiledTable& table, const TableFile& file) {
  const Table& written = *table.table;
  table.right = false;  // until all is well
  RateColumns columns;
  if (!rate_columns(written, file, columns)) return;
  std::vector<std::pair<std::size_t, const Text*>> only;
  for (const Pair& pair : written.source) {
    only.emplace_back(column_of(file.header, pair.key, diagnostics_), &pair.value);
    if (only.back().first == SIZE_MAX) return;
  }
  auto rates = std::make_shared<RateTable>();
  if (!rate_rules(written, *rates)) return;
  bool right = true;
  if (!read_days_as(written)) return;
  wrong_currencies_ = {};
  wrong_marks_ = {};
  LinesWithoutKey without_key;
  for (const TableFile::Row& row : file.rows) {
    const bool wanted = std::all_of(only.begin(), only.end(), [&row](const auto& o) {
      return row.cells[o.first].text == o.second->text;
    });
    if (!wanted) continue;
    for (const RateColumns::Rate& rate : columns.rates) {
      const Text& from = rate.from == SIZE_MAX ? *rate.from_code : row.cells[rate.from];
      const Text& to = rate.to == SIZE_MAX ? *rate.to_code : row.cells[rate.to];
      const Text& figure = row.cells[rate.rate];
      if (columns.wide && (figure.text.empty() || figure.text == "N/A")) continue;
      if (from.text.empty() || to.text.empty()) {
        without_key.add(row.cells[columns.date].span);
        continue;
      }
      right = rate_entry(written, row.cells[columns.date], from, to, figure, *rates) && right;
    }
  }
  without_key.tell(diagnostics_);
  for (const RateTable::Gap& gap : rates->gaps()) {
    std::string before;
    std::string after;
    append_plain(before, Value::date(gap.before), {});
    append_plain(after, Value::date(gap.after), {});
    error(DiagnosticCode::rates_gap, written.file.span,
          {Phrase(PhraseCode::from_to_currency, {gap.from, gap.to}), before, after,
           std::to_string(rates->at_most_days_old)});
  }
  table.rates = std::move(rates);
  table.right = right;
}

bool Compiler::rate_entry(const Table& table, const Text& date, const Text& from, const Text& to,
                          const Text& rate, RateTable& rates) {
  bool currencies = true;
  for (const Text* const code : {&from, &to}) {
    if (is_currency(code->text)) continue;
    wrong_currencies_.add(DiagnosticCode::rate_currency_wrong, code->span, {code->text},
                          diagnostics_);
    currencies = false;
  }
  if (!currencies) return false;
  Date day;
  if (!read_day(date.text, table_days_.get(), day)) {
    wrong_dates_.add(DiagnosticCode::rate_date_wrong, date.span,
                     {date.text, table_days_ ? table_days_->shown : std::string("YYYY-MM-DD")},
                     diagnostics_);
    return false;
  }
  const std::string digits =
      plain_digits(rate.text, table.decimal_mark.stated() ? table.decimal_mark.text[0] : '.',
                   table.thousands_mark.stated() ? table.thousands_mark.text[0] : '\0');
  Decimal figure;
  if (read_decimal(digits, figure) != Reason::none || figure.coefficient <= 0) {
    if (rate.text.find(',') != std::string::npos)  // most often the decimal mark of them all
      wrong_marks_.add(DiagnosticCode::rate_wrong, rate.span, {rate.text}, diagnostics_);
    else
      error(DiagnosticCode::rate_wrong, rate.span, {rate.text});
    return false;
  }
  if (!rates.add(from.text, to.text, day, figure)) {
    error(DiagnosticCode::rate_repeated, date.span,
          {Phrase(PhraseCode::from_to_currency, {from.text, to.text}), date.text});
    return false;
  }
  if (input_.lines != nullptr)
    input_.lines->rates[{&rates, from.text + ' ' + to.text, day.days}] = rate.span;
  return true;
}

}  // namespace trama
