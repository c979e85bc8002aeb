// Money: the currency of an amount, minor units, conversion at the rate of a day, rounding once on
// the exact product (language.md, rules 5.6 and 5.7).

#include <algorithm>
#include <string>

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
std::string rate_trouble(const RateAnswer& answer, const RateTable& table, Date day,
                         const ColumnFormat& format) {
  std::string text;
  if (table.use_previous && answer.state == RateAnswer::State::too_old) {
    text += "within " + std::to_string(table.at_most_days_old) + " days of ";
  } else {
    text += answer.state == RateAnswer::State::no_pair ? "on any day, "
            : table.use_previous                       ? "on or before "
                                                       : "on ";
  }
  if (answer.state == RateAnswer::State::no_pair) return text + "the table does not have this pair";
  append_plain(text, Value::date(day), format);
  if (answer.state != RateAnswer::State::too_old) return text;
  text += "; the last one is " + std::to_string(day.days - answer.day.days) + " days older (";
  append_plain(text, Value::date(answer.day), format);
  return text + ")";
}

}  // namespace

/// `currency: in-amount`: "EUR2621.52" or "2621.52 EUR". The code is taken off; blanks between are
/// dropped.
bool Mapper::split_currency(Value& value, std::string_view& currency) const {
  const std::string_view text = value.text();
  if (value.origin() != trama::Origin::text) return false;
  if (starts_with_code(text)) {
    currency = text.substr(0, 3);
    value = Value::text(trim(text.substr(3)));
    return true;
  }
  if (!ends_with_code(text)) return false;
  currency = text.substr(text.size() - 3);
  value = Value::text(trim(text.substr(0, text.size() - 3)));
  return true;
}

bool Mapper::currency_of(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                         const Value& found, std::string_view in_amount,
                         std::string_view& currency) {
  const PlanMoney& money = *column.money;
  if (money.in_amount) {
    currency = in_amount;
  } else if (money.currency_path == kNoPath) {
    currency = money.currency;
  } else {
    Found field = find(money.currency_path);
    if (field.reason != Reason::none) {
      context_.fail(field.reason, field.a, field.b);
      wrong(index, field.reason, money.currency_place, {field.node, money.currency_path},
            field.value);
      return false;
    }
    const Value original = field.value;
    if (!field.value.is_blank() && !run(money.currency_steps, index, field.value,
                                        {field.node, money.currency_path}, &original))
      return false;
    const bool blank = field.value.kind() != Kind::text || field.value.text().empty();
    currency = blank ? std::string_view(money.when_blank) : field.value.text();
  }
  if (currency.empty()) {
    context_.fail(Reason::currency_blank);
    wrong(index, Reason::currency_blank, money.currency_place, origin, found);
    return false;
  }
  if (is_currency(currency)) return true;
  context_.fail(Reason::not_a_currency, Value::text(currency));
  wrong(index, Reason::not_a_currency, money.currency_place, origin, found);
  return false;
}

/// Whole minor units ("1996" of a currency with two decimals is 19.96).
bool Mapper::shift_minor_units(const PlanColumn& column, ColumnIndex index,
                               std::string_view currency, Decimal& amount) {
  const PlanMoney& money = *column.money;
  if (money.minor_units_path == kNoPath) {
    if (money.minor_units) amount.scale += std::max(0, currency_decimals(currency));
    return true;
  }
  const Found field = find(money.minor_units_path);
  constexpr int kMostDecimals = 18;
  Decimal figure;
  const bool count = field.value.kind() == Kind::text &&
                     read_decimal(field.value.text(), figure) == Reason::none &&
                     figure.scale == 0 && figure.coefficient >= 0 &&
                     figure.coefficient <= kMostDecimals;
  if (count) {
    amount.scale += static_cast<int>(figure.coefficient);
    return true;
  }
  context_.fail(Reason::minor_units_unknown,
                field.value.kind() == Kind::text ? field.value : Value::text("blank"));
  wrong(index, Reason::minor_units_unknown, money.minor_units_place,
        {field.node, money.minor_units_path}, field.value);
  return false;
}

/// The rate from `currency` to the target on the day of `rate_date`.
bool Mapper::find_rate(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                       const Value& found, std::string_view currency, RateAnswer& answer) {
  const PlanMoney& money = *column.money;
  answer.state = RateAnswer::State::found;
  if (currency == money.convert_to) return true;  // the same currency needs no rate
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
  const Date day = moment_of(at).date;
  answer = money.rates->find(currency, money.convert_to, day);
  if (answer.state == RateAnswer::State::found) return true;
  const ColumnFormat& format = plan_.columns[money.rate_date].format;
  const Value pair = Value::text(arena_.copy(pair_name(currency, money.convert_to)));
  const Value why = Value::text(arena_.copy(rate_trouble(answer, *money.rates, day, format)));
  context_.fail(Reason::no_rate, pair, why);
  wrong(index, Reason::no_rate, money.convert_place, origin, found);
  return false;
}

/// What `rate_of` tells. An inverse rate hardly ever ends: it is cut after kInverseDecimals, and
/// the column's own `decimals` round what is left.
Value Mapper::rate_used(const Money& money) {
  static constexpr int kInverseDecimals = 20;
  const Decimal& divide = money.rate.divide;
  if (divide.coefficient == 1 && divide.scale == 0) return Value::decimal(money.rate.times);
  Decimal rate;
  const Reason reason =
      multiply_divide(money.rate.times, {1, 0}, divide, kInverseDecimals, Rounding::down, rate);
  return reason == Reason::none ? Value::decimal(rate) : Value();
}

bool Mapper::convert(const PlanColumn& column, ColumnIndex index, Value& value,
                     const Origin& origin, const Value& found,
                     std::string_view currency_in_amount) {
  const PlanMoney& money = *column.money;
  std::string_view currency;
  if (!currency_of(column, index, origin, found, currency_in_amount, currency)) return false;
  Decimal amount = value.decimal();
  if (!shift_minor_units(column, index, currency, amount)) return false;
  Money& extra = money_[index];
  extra.currency = arena_.copy(currency);
  RateAnswer answer;
  if (!money.convert_to.empty()) {
    if (!find_rate(column, index, origin, found, currency, answer)) return false;
    extra.has_rate = currency != money.convert_to;
    extra.currency = money.convert_to;
    extra.rate = answer;
  }
  Decimal factor;
  Decimal result;
  const bool divides = answer.divide.coefficient != 1 || answer.divide.scale != 0;
  Reason reason = multiply(money.times, answer.times, factor);
  const int decimals =
      money.by_currency ? std::max(0, currency_decimals(extra.currency)) : money.decimals;
  if (reason == Reason::none) {
    if (divides) {
      reason = multiply_divide(amount, factor, answer.divide, decimals, money.rounding, result);
    } else {
      reason = multiply_to(amount, factor, decimals, money.rounding, result);
    }
  }
  if (reason == Reason::none) {
    value = Value::decimal(result);
    return true;
  }
  const bool product =
      reason == Reason::number_rounds && !divides && compare(factor, Decimal{1, 0}) != 0;
  if (product) reason = Reason::product_rounds;
  context_.fail(reason, Value::decimal(product ? factor : amount), Value::integer(decimals));
  wrong(index, reason, money.round_place, origin, found);
  return false;
}

}  // namespace trama
