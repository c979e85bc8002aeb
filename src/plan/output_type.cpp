#include "plan/output_type.h"

#include <algorithm>

#include "step/args.h"
#include "value/code_sets.h"

namespace trama {
namespace {

/// Whether a value that goes in may come out blank.
bool may_empty(const PlanStep& step) {
  if (step.spec != &kLookup) return false;
  const auto& args = static_cast<const LookupArgs&>(*step.args);
  using Unknown = LookupArgs::Unknown;
  if (args.unknown == Unknown::write_blank) return true;
  if (args.unknown == Unknown::write && args.write.is_blank()) return true;
  if (args.table == nullptr) return true;  // it travels in the dump, or has lines by day
  for (std::size_t i = 0; i < args.table->size(); ++i)
    if (args.table->entry(i).value().empty()) return true;
  return false;
}

/// Digits in front of the point of the largest number that `between` lets pass; -1:
/// it sets no bound.
int whole_digits(const PlanColumn& column) {
  for (const PlanStep& check : column.checks) {
    if (check.spec != &kBetween) continue;
    const auto& args = static_cast<const BetweenArgs&>(*check.args);
    if (args.low.kind() != Kind::decimal || args.high.kind() != Kind::decimal) return -1;
    int most = 0;
    for (const Decimal& end : {args.low.decimal(), args.high.decimal()}) {
      int digits = 0;
      for (Int128 left = end.coefficient; left != 0; left /= 10) ++digits;
      most = std::max(most, digits - end.scale);
    }
    return most;
  }
  return -1;
}

/// Decimals that every number of the column has; kOpenScale: it depends on the number.
int scale_of(const PlanColumn& column) {
  if (column.money) {
    if (!column.money->by_currency) return column.money->decimals;
    const std::string& currency =
        column.money->converts() ? column.money->convert_to : column.money->currency;
    return currency.empty() ? kOpenScale : std::max(0, currency_decimals(currency));
  }
  for (const PlanStep& step : column.finish) {
    if (step.spec == &kRound) return static_cast<const RoundArgs&>(*step.args).decimals;
    if (step.spec == &kTimes) return static_cast<const TimesArgs&>(*step.args).decimals;
  }
  return column.total == PlanColumn::Total::count ? 0 : kOpenScale;
}

/// Whether all date-times of the column have an offset, or none, as far as what reads them proves it.
OutputType::Clock clock_of(const PlanColumn& column) {
  using Clock = OutputType::Clock;
  const bool other_values = column.when_wrong.kind == PlanAction::Kind::write ||
                            column.blank_column != kNoColumn || column.blank_path != kNoPath;
  if (other_values) return Clock::either;
  for (const std::optional<Value>* const instead :
       {&column.when_missing, &column.when_null, &column.when_empty})
    if (*instead && !(*instead)->is_blank()) return Clock::either;
  for (const PlanStep& step : column.steps) {
    if (step.spec != &kReadDate) continue;
    const auto& args = static_cast<const DateArgs&>(*step.args);
    if (args.zone >= 0 || args.no_zone_means >= 0) return Clock::instant;
    const auto all = [&args](DatePattern::Offset offset) {
      return std::all_of(args.patterns.begin(), args.patterns.end(),
                         [offset](const DatePattern& p) { return p.offset() == offset; });
    };
    return all(DatePattern::Offset::always)  ? Clock::instant
           : all(DatePattern::Offset::never) ? Clock::local
                                             : Clock::either;
  }
  return Clock::either;
}

}  // namespace

std::string_view kind_name(Kind kind) noexcept {
  static constexpr std::string_view kNames[] = {"missing",  "null",     "empty", "text",
                                                "decimal",  "boolean",  "date",  "time",
                                                "datetime", "duration", "json"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool may_be_blank(const PlanColumn& column) {
  using Kept = PlanAction::Kind;
  if (column.extra_rows == ExtraRows::leave_blank) return true;
  if (column.required) return false;
  if (column.from == PlanColumn::From::constant) return column.constant.is_blank();
  const PlanAction& wrong = column.when_wrong;
  if (wrong.kind == Kept::write_blank || (wrong.kind == Kept::write && wrong.write.is_blank()))
    return true;
  if (column.total == PlanColumn::Total::count) return false;
  if (column.from == PlanColumn::From::choose) {
    const bool constants =
        std::all_of(column.choices.begin(), column.choices.end(), [](const PlanChoice& c) {
          return c.give == PlanChoice::Give::constant && !c.constant.is_blank();
        });
    return !constants || column.choices.empty() || column.choices.back().condition >= 0;
  }
  if (column.blank_column != kNoColumn) return true;
  for (const std::optional<Value>* instead :
       {&column.when_missing, &column.when_null, &column.when_empty})
    if (!*instead || (*instead)->is_blank()) return true;
  return !column.parts.empty() || !column.split_by.empty() ||
         std::any_of(column.steps.begin(), column.steps.end(), may_empty);
}

OutputType output_type(const PlanColumn& column) {
  OutputType type;
  type.nullable = may_be_blank(column);
  // The record's own text stands there as well: as text all of them can be written.
  const bool original = column.when_wrong.kind == PlanAction::Kind::write_original;
  type.kind = original ? Kind::text : column.format.kind;
  if (type.kind == Kind::datetime) type.clock = clock_of(column);
  if (type.kind != Kind::decimal) return type;
  type.scale = scale_of(column);
  type.precision = kMaxDigits;
  const int whole = whole_digits(column);
  if (type.scale != kOpenScale && whole >= 0)
    type.precision = std::clamp(whole + type.scale, 1, kMaxDigits);
  return type;
}

}  // namespace trama
