#include "push/standing.h"

#include <algorithm>
#include <utility>

#include "base/uuid.h"
#include "report/operation.h"

namespace trama {
namespace {

// 6b0f6f0a-3d0b-4b63-8a57-0a6f5c7d9e21, made at random once and never changed.
constexpr std::string_view kTurnNamespace(
    "\x6b\x0f\x6f\x0a\x3d\x0b\x4b\x63\x8a\x57\x0a\x6f\x5c\x7d\x9e\x21", 16);

}  // namespace

std::string made_key(std::string_view name) {
  return uuid5(kTurnNamespace, name);
}

Standing::Standing(const PushRecord& record, std::optional<Delivery> first)
    : content_(record.content()), first_(std::move(first)) {
  same_ = first_ && first_->content == content_;
  epoch_ = !first_ ? 0 : same_ ? first_->epoch : first_->epoch + 1;
}

std::function<std::string(std::uint64_t turn)> Standing::keys_of(const PushRecord& record,
                                                                 std::size_t index) const {
  const std::string& key = record.rows[index].row_key;
  const auto at = record.rows.begin() + static_cast<std::ptrdiff_t>(index);
  const bool is_first =
      epoch_ == 0 && std::none_of(record.rows.begin(), at,
                                  [&key](const PushRow& row) { return row.row_key == key; });
  std::string name = key + ' ' + std::to_string(epoch_) + ' ' + std::to_string(index) + ' ';
  return [key, is_first, name = std::move(name)](std::uint64_t turn) {
    return is_first && turn == 0 ? key : made_key(name + std::to_string(turn));
  };
}

void send_all_the_same(PushRow& row, const Delivery& last) {
  const bool is_new =
      last.state != Delivery::State::acknowledged && last.operation == word_of(Operation::insert);
  row.is_unchanged = false;
  row.kind = is_new ? PushKind::insert : PushKind::update;
  row.operation = kPushOperations[static_cast<std::size_t>(*row.kind)];
}

}  // namespace trama
