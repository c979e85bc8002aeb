// What a MapObserver is told, and the way of a Mapper that has one: every column by make_whole(), which
// is the way of the columns that make_plain() cannot make.

#include <vector>

#include "exec/mapper.h"
#include "exec/observer.h"

namespace trama {

void Mapper::observe(MapObserver& observer) {
  observer_ = &observer;
  context_.taken = &observer.taken;
  for (Way& way : ways_) way.plain = false;
}

/// Where the value begins in the record as it was sent.
std::uint32_t Mapper::sent_byte(const Node& node) const noexcept {
  if (!node.exists()) return kNoByte;
  return plan_.wanted.json_in_text.empty()
             ? node.byte()
             : static_cast<std::uint32_t>(reader_.written_at(node.byte()));
}

void Mapper::saw_read(PathIndex path, const Found& found) {
  const Node& node = found.node;
  const bool container = node.kind() == JsonKind::list || node.kind() == JsonKind::object;
  observer_->read({path, found.value, node.kind(), container ? node.count() : 0, sent_byte(node),
                   found.is_wrong()});
}

void Mapper::saw_step(const PlanStep& step, Reason reason, const Value& value, const Node& of) {
  observer_->step({step, reason, value, sent_byte(of)});
}

void Mapper::saw_judged(const PlanExpression& expression, bool tried,
                        const ExpressionOutcome& outcome) {
  const auto level = static_cast<std::size_t>(expression.level);
  const bool has_item = level > 0 && levels_[level].present;
  const std::string item = has_item ? item_text(expression.level) : std::string();
  observer_->judged({expression,
                     tried ? std::span<const Value>(operands_) : std::span<const Value>(), tried,
                     tried ? &outcome : nullptr, row_in_the_making(), item});
}

void Mapper::saw_one(const Value& value) {
  observer_->made_one(value);
}

void Mapper::saw_null_word() const {
  observer_->null_word();
}

void Mapper::saw_left_out(std::size_t rows) {
  observer_->item_left_out(static_cast<std::uint32_t>(rows / plan_.columns.size() + 1));
}

void Mapper::saw_amount(ColumnIndex index, const Value& value) {
  const PlanMoney& money = *plan_.columns[index].money;
  const Money& made = money_[index];
  const RateTable* rates = money.rates.get();
  if (rates == nullptr && money.dump_rates < dump_rates_.size())
    rates = dump_rates_[money.dump_rates].get();
  Date day;
  if (made.has_rate && money.rate_date != kNoColumn) {
    const Value& at = cells_[money.rate_date].value;
    if (!at.is_blank()) day = moment_of(at).date;
  }
  observer_->amount(
      {value, made.source, made.currency, made.has_rate, made.rate, rates, day, money.any_day});
}

/// make_column(), told: how it begins, what it reports, how it ends.
void Mapper::make_observed(ColumnIndex index) {
  const PlanColumn& column = plan_.columns[index];
  const auto level = static_cast<std::size_t>(column.item_level);
  const bool has_item = level > 0 && levels_[level].present;
  observer_->column_begins(index, row_in_the_making(),
                           has_item ? item_text(column.item_level) : std::string());
  const std::size_t errors_before = errors_.size();
  const std::size_t warnings_before = warnings_.size();
  const std::size_t notices_before = notices_.size();
  make_whole(index);
  const Cell& cell = cells_[index];
  if (cell.value.is_blank() && !cell.failed && column.required) required_is_blank(index);
  find_places();
  std::vector<RecordError> errors(errors_.begin() + static_cast<std::ptrdiff_t>(errors_before),
                                  errors_.end());
  std::vector<RecordError> warnings(
      warnings_.begin() + static_cast<std::ptrdiff_t>(warnings_before), warnings_.end());
  find_bytes(errors);
  find_bytes(warnings);
  std::vector<NoticeCode> notices;
  for (const MappedRecord::Notice& notice : std::span(notices_).subspan(notices_before))
    if (notice.column == index) notices.push_back(notice.code);
  const auto of_others = [index](const RecordError& error) { return error.column != index; };
  std::erase_if(errors, of_others);  // those of the columns of an `each` were told with them
  std::erase_if(warnings, of_others);
  observer_->column_ends(
      {cell.value, cell.failed, cell.defaulted, cell.wrong, errors, warnings, notices});
}

}  // namespace trama
