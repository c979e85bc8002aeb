// Money: the currency of an amount, minor units, conversion at the rate of a day, rounding once on
// the exact product (mappings/rules.md, rules 5.6 and 5.7).

#include <algorithm>
#include <string>

#include "base/check.h"
#include "base/utf8.h"
#include "exec/mapper.h"
#include "value/code_sets.h"

namespace trama {
namespace {

bool is_capital(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

bool starts_with_code(std::string_view s) noexcept {
  return s.size() > 3 && is_capital(s[0]) && is_capital(s[1]) && is_capital(s[2]) &&
         !is_capital(s[3]);
}

bool ends_with_code(std::string_view s) noexcept {
  const std::size_t n = s.size();
  return n > 3 && is_capital(s[n - 1]) && is_capital(s[n - 2]) && is_capital(s[n - 3]) &&
         !is_capital(s[n - 4]);
}

std::string pair_name(std::string_view from, std::string_view to) {
  std::string name(from);
  name += " to ";
  name += to;
  return name;
}

/// "within 5 days of 03/03/2025; the last one is 52 days older (10/01/2025)", dates as the
/// rate_date column writes them.
std::string rate_trouble(const RateAnswer& answer, const RateTable& table, std::string_view from,
                         std::string_view to, Date day, const ColumnFormat& format) {
  std::string text;
  if (table.use_previous && answer.state == RateAnswer::State::too_old) {
    text += "within " + std::to_string(table.at_most_days_old) + " days of ";
  } else {
    text += answer.state == RateAnswer::State::no_pair ? "on any day, "
            : table.use_previous                       ? "on or before "
                                                       : "on ";
  }
  if (answer.state == RateAnswer::State::no_pair && !table.inverse_allowed && table.has(to, from))
    return text + "the table has " + pair_name(to, from) +
           " alone ('inverse_allowed: yes' lets it serve both ways)";
  if (answer.state == RateAnswer::State::no_pair) return text + "the table does not have this pair";
  append_plain(text, Value::date(day), format);
  if (answer.state != RateAnswer::State::too_old) return text;
  text += "; the last one is " + std::to_string(day.days - answer.day.days) + " days older (";
  append_plain(text, Value::date(answer.day), format);
  return text + ")";
}

/// Where the number begins, or ends: a digit, or a mark or sign before or behind one.
bool is_of_number(char c) noexcept {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == ',' || c == '\'';
}

/// What is before or behind the number of an amount, or "".
std::string_view beside_number(std::string_view text) noexcept {
  std::size_t begin = 0;
  while (begin < text.size() && !is_of_number(text[begin])) ++begin;
  if (const std::string_view before = trim(text.substr(0, begin)); !before.empty()) return before;
  std::size_t end = text.size();
  while (end > begin && !is_of_number(text[end - 1])) --end;
  return trim(text.substr(end));
}

/// The longest sign or code at one end of `text`: how many bytes it has, and the code.
std::size_t currency_at(std::string_view text, bool in_front, const PlanMoney& money,
                        std::string_view& currency) noexcept {
  std::size_t size = 0;
  for (const auto& [sign, code] : money.symbols) {  // the longest first
    if (in_front ? !text.starts_with(sign) : !text.ends_with(sign)) continue;
    size = sign.size();
    currency = code;
    break;
  }
  constexpr std::size_t kCode = 3;
  if (size < kCode && (in_front ? starts_with_code(text) : ends_with_code(text))) {
    size = kCode;
    currency = in_front ? text.substr(0, kCode) : text.substr(text.size() - kCode);
  }
  return size;
}

bool is_one(const Decimal& value) noexcept {
  return value.coefficient == 1 && value.scale == 0;
}

}  // namespace

/// `currency: in-amount`: "EUR2621.52", "2621.52 EUR", and with `symbols` "-US$5". The currency is
/// taken off, with the blanks between; a minus in front of it belongs to the number.
bool Mapper::split_currency(const PlanColumn& column, ColumnIndex index, Value& value,
                            std::string_view& currency, const Origin& origin) {
  const PlanMoney& money = *column.money;
  const Value found = value;
  std::string_view text = trim(value.text());
  const bool is_text = value.origin() == trama::Origin::text;
  const bool minus = text.size() > 1 && text[0] == '-' && !is_of_number(text[1]);
  if (minus) text = trim(text.substr(1));
  std::size_t size = is_text ? currency_at(text, true, money, currency) : 0;
  std::string_view number = text.substr(size);
  if (is_text && size == 0) {
    size = currency_at(text, false, money, currency);
    number = text.substr(0, text.size() - size);
  }
  if (size > 0) {
    number = trim(number);
    if (minus) {
      char* const signed_number = arena_.allocate(number.size() + 1);
      signed_number[0] = '-';
      std::copy(number.begin(), number.end(), signed_number + 1);
      number = {signed_number, number.size() + 1};
    }
    value = Value::text(number);
    return true;
  }
  const std::string_view beside = is_text ? beside_number(text) : std::string_view();
  if (beside.empty() && !money.currency_field.when_blank.empty()) {
    currency = money.currency_field.when_blank;
    note(index, NoticeCode::currency_default);
    return true;
  }
  const Reason reason = beside.empty() ? Reason::currency_not_there : Reason::currency_sign;
  context_.fail(reason, Value::text(beside), Value::text("EUR"));
  wrong(index, reason, money.currency_place, origin, found);
  return false;
}

/// What a helper field holds; nothing is reported yet.
void Mapper::read_helper(const PlanHelper& helper, HelperField& out) {
  read_helper(helper, find(helper.path), out);
}

/// The same of what was found at its path.
void Mapper::read_helper(const PlanHelper& helper, const Found& field, HelperField& out) {
  out = {};
  out.origin.path = helper.path;
  out.place = helper.place;
  out.origin.node = field.node;
  out.found = out.value = field.value;
  out.reason = field.reason;
  out.a = field.a;
  out.b = field.b;
  if (out.reason != Reason::none) return;
  use_null_words(plan_.null_words.get(), out.value);
  for (const PlanStep& step : helper.steps) {
    if (out.value.is_blank()) break;
    out.reason = step.fn(step.args.get(), out.value, context_);
    if (observer_ != nullptr) saw_step(step, out.reason, out.value, field.node);
    if (out.reason == Reason::none) continue;
    out.place = step.place;
    out.a = context_.a;
    out.b = context_.b;
    return;
  }
  if (out.value.kind() == Kind::text && trim(out.value.text()).empty())
    out.value = Value::blank(Kind::empty);
  if (!out.value.is_blank() || helper.when_blank.empty()) return;
  out.value = Value::text(helper.when_blank);
  out.defaulted = true;
}

/// Reports why a helper field is of no use, at the field's own place. Always false.
bool Mapper::refuse_helper(ColumnIndex index, const HelperField& field) {
  context_.fail(field.reason, field.a, field.b);
  return tell(field.reason, field.place, index, field.origin, field.found);
}

/// `given`: the currency that is known already: of the amount itself, or of what it is a total of.
bool Mapper::currency_of(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                         const Value& found, std::string_view given, std::string_view& currency) {
  const PlanMoney& money = *column.money;
  if (money.in_amount || money.of_items) {
    currency = given;
    if (money.of_items && is_currency(given)) return true;  // the items have told what is odd
    return check_currency(column, index, currency, money.currency_place, origin, found);
  }
  if (!money.currency_field.stated()) {
    currency = money.currency;  // `check` has seen to it
    return true;
  }
  HelperField field;
  read_helper(money.currency_field, field);
  if (!currency_in(column, index, field, currency)) return false;
  if (field.defaulted) note(index, NoticeCode::currency_default);
  return true;
}

/// The currency that a field holds.
bool Mapper::currency_in(const PlanColumn& column, ColumnIndex index, HelperField& field,
                         std::string_view& currency) {
  const PlanMoney& money = *column.money;
  if (field.reason == Reason::none && field.value.is_blank()) {
    field.reason = Reason::currency_blank;
    field.a = Value::text(plan_.paths[money.currency_field.path].text);
    field.b = Value::text(blank_word(field.value.kind()));
  }
  if (field.reason != Reason::none) return refuse_helper(index, field);
  currency = field.value.text();
  return field.defaulted ||
         check_currency(column, index, currency, money.currency_place, field.origin, field.found);
}

/// The currency that `convert_to` says, as a constant or by a field.
bool Mapper::target_of(const PlanColumn& column, ColumnIndex index, std::string_view& target) {
  const PlanMoney& money = *column.money;
  target = money.convert_to;
  if (!money.convert_field.stated()) return true;
  HelperField field;
  read_helper(money.convert_field, field);
  if (field.reason == Reason::none && field.value.is_blank()) {
    field.reason = Reason::target_blank;
    field.a = Value::text(plan_.paths[money.convert_field.path].text);
    field.b = Value::text(blank_word(field.value.kind()));
  }
  if (field.reason != Reason::none) return refuse_helper(index, field);
  if (field.defaulted) note(index, NoticeCode::currency_default);
  target = arena_.copy(field.value.text());
  return field.defaulted ||
         check_currency(column, index, target, field.place, field.origin, field.found);
}

/// Whether it is a code; one that was withdrawn gives a warning, or is refused.
bool Mapper::check_currency(const PlanColumn& column, ColumnIndex index, std::string_view currency,
                            std::uint32_t place, const Origin& origin, const Value& found) {
  const PlanMoney& money = *column.money;
  const Value code = Value::text(currency);
  if (!is_currency(currency)) {
    context_.fail(Reason::not_a_currency, code);
    wrong(index, Reason::not_a_currency, place, origin, found);
    return false;
  }
  const int year = currency_withdrawn(currency);
  if (year == 0) return true;
  context_.fail(Reason::currency_withdrawn, code, Value::integer(year));
  if (money.reject_withdrawn) {
    wrong(index, Reason::currency_withdrawn, place, origin, found);
    return false;
  }
  complain(warnings_, index, Reason::currency_withdrawn, place, origin, found);
  return true;
}

/// How many decimals an amount in whole minor units has ("1996" with two is 19.96).
bool Mapper::minor_units(const PlanColumn& column, ColumnIndex index, std::string_view currency,
                         int& decimals) {
  const PlanMoney& money = *column.money;
  if (!money.minor_units_field.stated()) {
    if (money.minor_units) decimals = std::max(0, currency_decimals(currency));
    return true;
  }
  HelperField field;
  read_helper(money.minor_units_field, field);
  Decimal count;
  if (field.reason == Reason::none && field.value.is_blank()) {
    field.reason = Reason::minor_units_blank;
    field.a = Value::text(plan_.paths[money.minor_units_field.path].text);
    field.b = Value::text(blank_word(field.value.kind()));
  } else if (field.reason == Reason::none &&
             (read_decimal(field.value.text(), count) != Reason::none || count.scale != 0 ||
              count.coefficient < 0 || count.coefficient > kMaxMinorUnits)) {
    field.reason = Reason::minor_units_unknown;
    field.a = field.value;
  }
  if (field.reason != Reason::none) return refuse_helper(index, field);
  if (field.defaulted) note(index, NoticeCode::minor_units_default);
  decimals = static_cast<int>(count.coefficient);
  return true;
}

/// The day of `rate_date`.
bool Mapper::rate_day(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                      const Value& found, Date& day) {
  const PlanMoney& money = *column.money;
  Value at;
  if (money.rate_date != kNoColumn) {
    if (cells_[money.rate_date].failed) {  // one cause, one error
      cells_[index].failed = true;
      return false;
    }
    at = cells_[money.rate_date].value;
  }
  if (at.kind() != Kind::date && at.kind() != Kind::datetime) {
    context_.fail(Reason::rate_date_blank);
    wrong(index, Reason::rate_date_blank, money.convert_place, origin, found);
    return false;
  }
  day = moment_of(at).date;
  return true;
}

/// The rate from `currency` to `target` on the day of `rate_date`, or where the rates hold on any
/// day that one.
bool Mapper::find_rate(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                       const Value& found, std::string_view currency, std::string_view target,
                       RateAnswer& answer) {
  const PlanMoney& money = *column.money;
  answer.state = RateAnswer::State::found;
  if (currency == target) return true;  // the same currency needs no rate
  Date day;
  if (!money.any_day && !rate_day(column, index, origin, found, day)) return false;
  const RateTable& rates = money.rates ? *money.rates : *dump_rates_[money.dump_rates];
  answer = rates.find(currency, target, day);
  if (answer.state == RateAnswer::State::found) {
    if (!(answer.day == day)) note(index, NoticeCode::rate_earlier);
    return true;
  }
  static const ColumnFormat kUsual;
  const ColumnFormat& format = money.any_day ? kUsual : plan_.columns[money.rate_date].format;
  const Value pair = Value::text(arena_.copy(pair_name(currency, target)));
  const Value why =
      Value::text(arena_.copy(rate_trouble(answer, rates, currency, target, day, format)));
  context_.fail(Reason::no_rate, pair, why);
  wrong(index, Reason::no_rate, money.convert_place, origin, found);
  return false;
}

/// What `rate_of` gives. An inverse rate hardly ever ends: without `decimals` of the column it is
/// cut after kInverseDecimals.
bool Mapper::rate_used(const PlanColumn& column, ColumnIndex index, const Money& money,
                       Value& value) {
  static constexpr int kInverseDecimals = 20;
  const RateAnswer& rate = money.rate;
  const bool inverse = !is_one(rate.divide) || !is_one(rate.also_divide);
  if (!inverse && is_one(rate.also_times)) {
    value = Value::decimal(rate.times);
    return true;
  }
  sum_ = Exact(rate.times);
  sum_.multiply(Exact(rate.also_times));
  // A rate of a table is above zero.
  const bool divided = sum_.divide(Exact(rate.divide)) && sum_.divide(Exact(rate.also_divide));
  TRAMA_CHECK(divided);
  if (!column.finish.empty()) {
    wide_ = &sum_;
    value = Value::decimal({});
    return true;
  }
  Decimal cut;
  const Reason reason =
      inverse ? sum_.round(kInverseDecimals, Rounding::down, cut) : sum_.to_decimal(cut);
  if (reason == Reason::none) {
    value = Value::decimal(cut);
    return true;
  }
  context_.fail(reason);
  wrong(index, reason, column.from_place, {}, Value());
  return false;
}

/// amount × times × rate, with the decimals that minor units have, exact and rounded once.
/// `factor`: what the amount was multiplied by, where a Decimal holds it.
Reason Mapper::product(const Decimal& amount, int minor_units, const Decimal& times,
                       const RateAnswer& rate, int decimals, Rounding mode, Decimal& factor,
                       Decimal& out) {
  const bool narrow = wide_ == nullptr && is_one(rate.also_times) && is_one(rate.also_divide) &&
                      multiply(times, rate.times, factor) == Reason::none;
  if (narrow) {
    const Decimal shifted{amount.coefficient, amount.scale + minor_units};
    return is_one(rate.divide) ? multiply_to(shifted, factor, decimals, mode, out)
                               : multiply_divide(shifted, factor, rate.divide, decimals, mode, out);
  }
  Exact exact = wide_ != nullptr ? *wide_ : Exact(amount);
  exact.shift(minor_units);
  for (const Decimal& one : {times, rate.times, rate.also_times}) exact.multiply(Exact(one));
  for (const Decimal& one : {rate.divide, rate.also_divide})
    if (!exact.divide(Exact(one))) return Reason::by_zero;
  factor = {1, 0};
  return exact.round(decimals, mode, out);
}

bool Mapper::convert(const PlanColumn& column, ColumnIndex index, Value& value,
                     const Origin& origin, const Value& found, std::string_view given) {
  const PlanMoney& money = *column.money;
  std::string_view currency;
  if (!currency_of(column, index, origin, found, given, currency)) return false;
  int decimals_of_minor_unit = 0;
  if (!minor_units(column, index, currency, decimals_of_minor_unit)) return false;
  // Of a whole number of minor units nothing is behind a point: that is an amount written otherwise.
  const bool whole = money.minor_units || decimals_of_minor_unit > 0;
  if (whole && column.from != PlanColumn::From::compute) {
    const bool total = column.has_typed_total();
    const Value odd = total                       ? fraction_.value
                      : value.decimal().scale > 0 ? (found.is_blank() ? value : found)
                                                  : Value();
    if (!odd.is_blank()) {
      context_.fail(Reason::minor_units_fraction, odd);
      wrong(index, Reason::minor_units_fraction, money.round_place,
            total ? Origin{fraction_.node, origin.path} : origin, odd);
      return false;
    }
  }
  Money& extra = money_[index];
  extra.currency = extra.source = arena_.copy(currency);
  RateAnswer answer;
  if (money.converts()) {
    std::string_view target;
    if (!target_of(column, index, target)) return false;
    if (!find_rate(column, index, origin, found, currency, target, answer)) return false;
    extra.has_rate = currency != target;
    extra.currency = target;
    extra.rate = answer;
  }
  const int decimals =
      money.by_currency ? std::max(0, currency_decimals(extra.currency)) : money.decimals;
  Decimal factor;
  Decimal result;
  Reason reason = product(value.decimal(), decimals_of_minor_unit, money.times, answer, decimals,
                          money.rounding, factor, result);
  if (reason == Reason::none) {
    value = Value::decimal(result);
    if (observer_ != nullptr) saw_amount(index, value);
    return true;
  }
  const Value amount = wide_ != nullptr
                           ? Value::text("the amount")
                           : Value::decimal({value.decimal().coefficient,
                                             value.decimal().scale + decimals_of_minor_unit});
  const bool product_rounds =
      reason == Reason::number_rounds && is_one(answer.divide) && compare(factor, {1, 0}) != 0;
  if (product_rounds) reason = Reason::product_rounds;
  context_.fail(reason, product_rounds ? Value::decimal(factor) : amount, Value::integer(decimals));
  wrong(index, reason, money.round_place, origin, wide_ != nullptr ? Value() : found);
  return false;
}

}  // namespace trama
