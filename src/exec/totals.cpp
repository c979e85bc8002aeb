// `total`: one value of several: of the items of a path with [*], or of what a column of an `each`
// has (mappings/rules.md, rule 5.15).

#include <algorithm>

#include "exec/mapper.h"
#include "exec/parts.h"
#include "value/order.h"

namespace trama {

void Mapper::start_total() noexcept {
  total_currency_ = {};
  fraction_ = {};
  wide_ = nullptr;
}

/// The next value of a total, blanks passed over. False where it does not go with those before.
bool Mapper::add_to_total(const PlanColumn& column, ColumnIndex index, const KeptValue& one,
                          const Origin& at, Value& value, Origin& origin) {
  using Total = PlanColumn::Total;
  const bool first = value.is_blank();
  if (first || column.total == Total::last) total_currency_ = one.currency;
  if (total_currency_ != one.currency && column.has_typed_total()) {
    context_.fail(Reason::currencies_mixed, Value::text(total_currency_),
                  Value::text(one.currency));
    wrong(index, Reason::currencies_mixed, column.total_place, at, one.value);
    return false;
  }
  if (first || column.total == Total::last) {
    value = one.value;
    origin.node = one.node;
    return true;
  }
  switch (column.total) {
    case Total::sum: {
      Decimal sum;
      const int scale = std::max(value.decimal().scale, one.value.decimal().scale);
      if (wide_ == nullptr && add(value.decimal(), one.value.decimal(), sum) == Reason::none &&
          sum.scale == scale) {  // zeros that do not fit are given up at the end
        value = Value::decimal(sum);
        return true;
      }
      if (wide_ == nullptr) sum_ = Exact(value.decimal());
      sum_.add(Exact(one.value.decimal()));
      wide_ = &sum_;
      return true;
    }
    case Total::min:
    case Total::max: {
      int order = 0;
      const Reason undecided = compare_values(one.value, value, order);
      if (undecided != Reason::none) {
        const Reason reason = context_.fail(refusal_of(undecided), value, one.value);
        wrong(index, reason, column.total_place, at, one.value);
        return false;
      }
      if (column.total == Total::min ? order < 0 : order > 0) value = one.value;
      return true;
    }
    case Total::same: {
      int order = 0;
      if (compare_values(one.value, value, order) == Reason::none && order == 0) return true;
      context_.fail(Reason::values_differ, value, one.value);
      wrong(index, Reason::values_differ, column.total_place, at, one.value);
      return false;
    }
    default:
      return true;
  }
}

/// `count` values were seen.
bool Mapper::end_total(const PlanColumn& column, ColumnIndex index, std::int64_t count,
                       Value& value, const Origin& origin) {
  if (column.total == PlanColumn::Total::count) {
    value = Value::integer(count);
    cells_[index].defaulted = count == 0;
  }
  if (Decimal sum; wide_ != nullptr && wide_->to_decimal(sum) == Reason::none) {
    value = Value::decimal(sum);
    wide_ = nullptr;
  }
  if (observer_ != nullptr && wide_ == nullptr) saw_one(value);
  if (column.total != PlanColumn::Total::only || count <= 1) return true;
  context_.fail(Reason::more_than_one, Value::integer(count));
  wrong(index, Reason::more_than_one, column.total_place, origin, Value::blank(Kind::missing));
  return false;
}

/// `total` beside a path with [*]: of all its items. In the order of rule 5.15:
/// what is wrong with the source of one is told before what cannot be read in another,
/// and that before what does not go together.
bool Mapper::total_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin) {
  using Total = PlanColumn::Total;
  std::vector<Found>& all = found_;
  // A count takes whatever is there: only what is in the way of it is a wrong shape.
  const bool counts = column.total == Total::count && column.split_by.empty();
  find_parts(column, counts ? Need::json : Need::scalar, origin);
  Counted counted;
  Kind blank = Kind::missing;
  bool any_source = false;
  value = Value::blank(blank);
  start_total();
  added_.clear();
  if (report_first_wrong(index, all, origin.path)) return false;
  const bool item_currencies = column.money && column.money->of_items;
  // Of the items, only those that make the value need a currency.
  const bool one_taken = item_currencies && !column.has_typed_total();
  std::size_t taken = 0;     // its place among all, …
  std::size_t taken_as = 0;  // … and among those that have a value
  if (item_currencies) {
    currencies_.clear();
    find_all(column.money->currency_field.path, Need::scalar, currencies_);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    Found& found = all[i];
    if (counts && found.has_value() && found.node.exists()) {
      settle(found.node, Need::scalar, {}, found);
      found.reason = Reason::none;
    }
    use_null_words(column, found.value);
    if (found.value.is_blank()) {
      blank = std::max(blank, found.value.kind());
      counted.passed_over = counted.passed_over || !found.no_items;
      continue;
    }
    any_source = true;
    // Both paths go through the same lists, so each item has its place in both.
    const Found* const currency =
        item_currencies && !one_taken && i < currencies_.size() ? &currencies_[i] : nullptr;
    const Origin at{found.node, origin.path};
    const std::size_t before = added_.size();
    if (column.split_by.empty()) {
      if (!add_item(column, index, found.value, at, currency, counted)) return false;
    } else {
      std::string_view part;
      for (std::string_view left = found.value.text(); next_part(left, column.split_by, part);)
        if (!add_item(column, index, Value::text(part), at, currency, counted)) return false;
    }
    if (added_.size() == before || (column.total == Total::first && before > 0)) continue;
    taken = i;
    taken_as = column.total == Total::first ? before : added_.size() - 1;
  }
  const bool too_many = column.total == Total::only && counted.values > 1;  // told at the end
  if (one_taken && !too_many && taken_as < added_.size() && taken < currencies_.size() &&
      !added_[taken_as].finished &&
      !currency_of_item(column, index, currencies_[taken], added_[taken_as], counted.defaulted))
    return false;
  if (counted.defaulted) note(index, NoticeCode::currency_default);
  if (column.total == Total::sum && counted.values > 0 && counted.passed_over)
    note(index, NoticeCode::items_blank);
  for (KeptValue& one : added_) {
    const Origin at{one.node, origin.path};
    if (one.finished || !column.has_typed_total()) continue;
    if (column.money && column.money->in_amount &&
        !split_currency(column, index, one.value, one.currency, at))
      return false;
    if (!run(column.steps, index, one.value, at, nullptr)) return false;
    const bool fraction = one.value.kind() == Kind::decimal && one.value.decimal().scale > 0;
    if (fraction && fraction_.value.is_blank()) fraction_ = one;
  }
  for (const KeptValue& one : added_) {
    if (one.value.is_blank()) continue;
    const bool makes_value = value.is_blank() || column.total == Total::last;
    if (makes_value) origin.finished = one.finished;
    if (!add_to_total(column, index, one, {one.node, origin.path}, value, origin)) return false;
  }
  if (value.is_blank()) {
    value = Value::blank(any_source ? Kind::empty : blank);
    origin.emptied = any_source;  // by the steps of the items
  }
  return end_total(column, index, counted.values, value, origin);
}

/// One value of a total, through its steps, into `added_`. `currency`: of the item where each names
/// its own; else null. False where a step failed, or the record is over.
bool Mapper::add_item(const PlanColumn& column, ColumnIndex index, Value item, const Origin& origin,
                      const Found* currency, Counted& counted) {
  const bool counts = column.total == PlanColumn::Total::count;
  const Value original = item;
  context_.finished = false;  // what an unknown code of the item before wrote
  if (!counts && !run(column.parts, index, item, origin, &original)) return false;
  if (item.is_blank() || (item.kind() == Kind::text && item.text().empty())) {
    counted.passed_over = true;
    return true;
  }
  ++counted.values;
  if (counts) return true;
  // A text has many parts in few bytes.
  if (!column.split_by.empty() && added_.size() * sizeof(KeptValue) > rows_bytes_) {
    too_big_ = true;
    return false;
  }
  // What `unknown` wrote is read by no type.
  added_.push_back({item, {}, origin.node, context_.finished});
  return currency == nullptr || context_.finished ||
         currency_of_item(column, index, *currency, added_.back(), counted.defaulted);
}

/// The currency of an amount that is an item's, where each item names its own.
bool Mapper::currency_of_item(const PlanColumn& column, ColumnIndex index, const Found& field,
                              KeptValue& item, bool& defaulted) {
  HelperField helper;
  read_helper(column.money->currency_field, field, helper);
  const std::string_view before =
      added_.size() > 1 ? added_[added_.size() - 2].currency : std::string_view();
  const bool same = helper.reason == Reason::none && helper.value.kind() == Kind::text &&
                    !before.empty() && helper.value.text() == before;
  if (same) {  // what is odd about it is told
    item.currency = before;
    defaulted = defaulted || helper.defaulted;
    return true;
  }
  if (!currency_in(column, index, helper, item.currency)) return false;
  item.currency = arena_.copy(item.currency);
  defaulted = defaulted || helper.defaulted;
  return true;
}

/// `total` with `column`: of the values that a column of an `each` has, which are finished.
bool Mapper::total_of_kept(const PlanColumn& column, ColumnIndex index, Value& value,
                           Origin& origin) {
  value = Value::blank(Kind::missing);
  start_total();
  const ColumnIndex each = plan_.kept_by_each[column.kept];
  if (cells_[each].failed) {  // one cause, one error
    cells_[index].failed = true;
    return false;
  }
  origin.path = plan_.columns[each].each_list;
  std::int64_t count = 0;
  for (const KeptValue& one : kept_[column.kept]) {
    if (one.value.is_blank()) continue;
    ++count;
    if (column.total == PlanColumn::Total::count) continue;
    if (!add_to_total(column, index, one, {one.node, origin.path}, value, origin)) return false;
  }
  if (column.total == PlanColumn::Total::sum && count > 0 &&
      static_cast<std::size_t>(count) < kept_[column.kept].size())
    note(index, NoticeCode::items_blank);
  return end_total(column, index, count, value, origin);
}

}  // namespace trama
