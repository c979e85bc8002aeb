#include "profile/path_profile.h"

#include <algorithm>

#include "base/utf8.h"
#include "step/number_shape.h"

namespace trama {
namespace {

bool is_same(const KeptValue& a, const KeptValue& b) noexcept {
  return a.kind == b.kind && a.cut == b.cut && a.text == b.text;
}

constexpr auto kBelow = [](const auto& a, const auto& b) { return a < b; };
constexpr auto kBelowNumber = [](const Decimal& a, const Decimal& b) { return compare(a, b) < 0; };

/// Seconds since 1970 on the clock of UTC, or on that of the text where it has no offset.
std::int64_t order_of(const Moment& moment) noexcept {
  constexpr std::int64_t kDay = 86400;
  const std::int64_t local = moment.date.days * kDay + moment.time.seconds;
  return moment.offset == kNoOffset ? local : local - moment.offset;
}

}  // namespace

std::uint8_t FormGroups::find(JsonKind kind, FormSet forms) {
  for (std::size_t i = 0; i < groups_.size(); ++i)
    if (groups_[i].forms == forms && groups_[i].kind == kind) return static_cast<std::uint8_t>(i);
  if (groups_.size() < kMax) {
    groups_.push_back({kind, forms, 0});
  } else {
    groups_.back().forms &= forms;
  }
  return static_cast<std::uint8_t>(groups_.size() - 1);
}

std::vector<std::uint8_t> FormGroups::merge(const FormGroups& later) {
  std::vector<std::uint8_t> became;
  for (const Group& group : later.groups_) {
    became.push_back(find(group.kind, group.forms));
    count(became.back(), group.count);
  }
  return became;
}

std::uint64_t FormGroups::with(ValueForm form) const noexcept {
  std::uint64_t n = 0;
  for (const Group& group : groups_)
    if (has(group.forms, form)) n += group.count;
  return n;
}

std::uint64_t FormGroups::total() const noexcept {
  std::uint64_t n = 0;
  for (const Group& group : groups_) n += group.count;
  return n;
}

FormSet FormGroups::of_all() const noexcept {
  if (groups_.empty()) return 0;
  FormSet all = ~FormSet{0};
  for (const Group& group : groups_) all &= group.forms;
  return all;
}

void NumberSizes::take(const Decimal& number) noexcept {
  if (number.coefficient == 0) return;
  int digits = -number.scale;
  for (Int128 left = number.coefficient; left != 0; left /= 10) ++digits;
  ++count;
  if (number.coefficient < 0) ++negative;
  sum += digits;
  squares += static_cast<std::uint64_t>(digits * digits);
}

NumberSizes PathProfile::number_sizes() const {
  if (!values.exact()) return sizes;
  NumberSizes exact;
  for (const ValueCounts::Entry& entry : values.entries()) {
    const bool plain =
        entry.kind == JsonKind::number ||
        (entry.kind == JsonKind::text && has(forms.all()[entry.group].forms, ValueForm::number));
    Decimal number;
    if (plain && !entry.cut && read_scientific(values.text(entry), number) == Reason::none)
      exact.take(number);
  }
  return exact;
}

void PathProfile::take_extremes(const ValueForms& forms_of, JsonKind kind, std::string_view text,
                                FormSet set) {
  const auto value = [kind, text] {
    const std::string_view kept = kept_part(text);
    return KeptValue{kind, kept.size() < text.size(), std::string(kept)};
  };
  if (kind == JsonKind::text) lengths.take(count_code_points(text), value, kBelow);
  const bool plain = has(set, ValueForm::number);
  if (kind == JsonKind::number || plain) {
    Decimal number;
    if (read_scientific(text, number) == Reason::none) {
      decimals = std::max(decimals, number.scale);
      numbers.take(number, value, kBelowNumber);
      sizes.take(number);
    } else {
      ++numbers_too_long;
    }
  }
  each_date(set, [&](std::size_t date) {
    Moment moment;
    const bool room = dates.size() < kDateRanges || dates.contains(date);
    if (room && forms_of.read(date, text, moment))
      dates[date].take(order_of(moment), value, kBelow);
  });
}

void PathProfile::merge(const PathProfile& later, std::size_t most_examples) {
  records += later.records;
  count += later.count;
  for (std::size_t i = 0; i < kKinds; ++i) kinds[i] += later.kinds[i];
  empty += later.empty;
  filled_in += later.filled_in;
  const std::vector<std::uint8_t> groups = forms.merge(later.forms);
  values.merge(later.values, groups);
  for (const PlacedValue& example : later.examples) {
    if (examples.size() >= most_examples) break;
    const bool known = std::any_of(
        examples.begin(), examples.end(),
        [&example](const PlacedValue& one) { return is_same(one.value, example.value); });
    if (!known) examples.push_back(example);
  }
  lengths.merge(later.lengths, kBelow);
  numbers.merge(later.numbers, kBelowNumber);
  sizes.merge(later.sizes);
  numbers_too_long += later.numbers_too_long;
  decimals = std::max(decimals, later.decimals);
  for (const auto& [date, range] : later.dates)
    if (dates.size() < kDateRanges || dates.contains(date)) dates[date].merge(range, kBelow);
  items += later.items;
  fewest_items = std::min(fewest_items, later.fewest_items);
  most_items = std::max(most_items, later.most_items);
}

}  // namespace trama
