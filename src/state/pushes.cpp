#include "state/pushes.h"

#include <iterator>
#include <utility>

#include "base/check.h"

namespace trama {
namespace {

constexpr std::string_view kStates[] = {"sent", "acknowledged", "refused"};

std::string_view word_of(Delivery::State state) noexcept {
  return kStates[static_cast<std::size_t>(state)];
}

Delivery::State state_of(std::string_view word) noexcept {
  for (std::size_t i = 0; i < std::size(kStates); ++i)
    if (kStates[i] == word) return static_cast<Delivery::State>(i);
  return Delivery::State::sent;
}

std::int64_t stored(std::uint64_t count) noexcept {
  return static_cast<std::int64_t>(count);
}

}  // namespace

Result<TargetLedger> TargetLedger::open(Database& database, const std::string& target) {
  TRAMA_TRY(Transaction opening, Transaction::begin(database));
  TRAMA_TRY(Statement make,
            database.prepare("INSERT INTO targets (target) VALUES (?) ON CONFLICT DO NOTHING"));
  TRAMA_TRY_VOID(make.bind(target).run());
  TRAMA_TRY_VOID(opening.commit());
  TRAMA_TRY(std::optional<TargetLedger> found, find_target(database, target));
  TRAMA_CHECK(found);
  return std::move(*found);
}

Result<std::optional<TargetLedger>> TargetLedger::find_target(Database& database,
                                                              const std::string& target) {
  TRAMA_TRY(Statement known,
            database.prepare("SELECT number, open_until, failures, rows, digest FROM targets "
                             "WHERE target = ?"));
  TRAMA_TRY(const bool row, known.bind(target).step());
  if (!row) return std::optional<TargetLedger>();
  TRAMA_TRY(Statement found,
            database.prepare("SELECT content, operation, sent_key, epoch, turn, taken, rows, "
                             "state, first_sent FROM deliveries WHERE target = ? AND key = ? AND "
                             "part = ?"));
  TargetLedger ledger(database, known.number(0), std::move(found));
  ledger.breaker_ = {known.number(1), BreakerState::read(known.text(2))};
  ledger.pushed_ = {static_cast<std::uint64_t>(known.number(3)), known.text(4)};
  known.reset();
  return std::optional<TargetLedger>(std::move(ledger));
}

Result<void> TargetLedger::set_breaker(const BreakerState& breaker) {
  breaker_ = breaker;
  TRAMA_TRY(Transaction setting, Transaction::begin(*database_));
  TRAMA_TRY(Statement set,
            database_->prepare("UPDATE targets SET open_until = ?, failures = ? WHERE number = ?"));
  TRAMA_TRY_VOID(set.bind(breaker.open_until).bind(breaker.written()).bind(target_).run());
  return setting.commit();
}

Result<std::optional<Delivery>> TargetLedger::find(std::string_view key, std::uint64_t part) {
  find_.reset();
  TRAMA_TRY(const bool row, find_.bind(target_).bind(key).bind(stored(part)).step());
  std::optional<Delivery> found;
  if (row) {
    found.emplace();
    found->key = key;
    found->part = part;
    found->content = find_.text(0);
    found->operation = find_.text(1);
    found->sent_key = find_.text(2);
    found->epoch = static_cast<std::uint64_t>(find_.number(3));
    found->turn = static_cast<std::uint64_t>(find_.number(4));
    found->taken = find_.number(5) != 0;
    found->rows = static_cast<std::uint64_t>(find_.number(6));
    found->state = state_of(find_.view(7));
    found->first_sent = find_.number(8);
  }
  find_.reset();
  return found;
}

Result<void> TargetLedger::write(std::span<const Delivery> deliveries, const PushedRows* pushed) {
  TRAMA_TRY(Transaction writing, Transaction::begin(*database_));
  TRAMA_TRY(Statement write,
            database_->prepare(
                "INSERT OR REPLACE INTO deliveries (target, key, part, content, operation, "
                "sent_key, epoch, turn, taken, rows, state, first_sent) VALUES (?, ?, ?, ?, "
                "?, ?, ?, ?, ?, ?, ?, ?)"));
  for (const Delivery& one : deliveries) {
    write.reset();
    write.bind(target_)
        .bind(one.key)
        .bind(stored(one.part))
        .bind(one.content)
        .bind(one.operation)
        .bind(one.sent_key);
    write.bind(stored(one.epoch))
        .bind(stored(one.turn))
        .bind(std::int64_t{one.taken ? 1 : 0})
        .bind(stored(one.rows))
        .bind(word_of(one.state));
    TRAMA_TRY_VOID(write.bind(one.first_sent).run());
  }
  if (pushed != nullptr) {
    pushed_ = *pushed;
    TRAMA_TRY(Statement move,
              database_->prepare("UPDATE targets SET rows = ?, digest = ? WHERE number = ?"));
    TRAMA_TRY_VOID(move.bind(stored(pushed->rows)).bind(pushed->digest).bind(target_).run());
  }
  return writing.commit();
}

Result<void> TargetLedger::forget(std::string_view key, std::uint64_t part) {
  TRAMA_TRY(Transaction forgetting, Transaction::begin(*database_));
  TRAMA_TRY(Statement remove,
            database_->prepare("DELETE FROM deliveries WHERE target = ? AND key = ? AND part = ?"));
  TRAMA_TRY_VOID(remove.bind(target_).bind(key).bind(stored(part)).run());
  return forgetting.commit();
}

Result<void> TargetLedger::add(const StatePush& push) {
  TRAMA_TRY(Transaction adding, Transaction::begin(*database_));
  TRAMA_TRY(
      Statement insert,
      database_->prepare("INSERT INTO pushes (target, outcome, code, started, finished, read, "
                         "acknowledged, already, unchanged, rejected, requests, retries, opened) "
                         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.bind(push.target).bind(push.outcome).bind(push.code).bind(push.started);
  insert.bind(push.finished).bind(stored(push.read)).bind(stored(push.acknowledged));
  insert.bind(stored(push.already)).bind(stored(push.unchanged)).bind(stored(push.rejected));
  insert.bind(stored(push.requests)).bind(stored(push.retries));
  TRAMA_TRY_VOID(insert.bind(std::int64_t{push.opened ? 1 : 0}).run());
  return adding.commit();
}

Result<void> each_push(Database& database, std::int64_t since,
                       const std::function<void(const StatePush&)>& take) {
  TRAMA_TRY(Statement found,
            database.prepare("SELECT target, outcome, code, finished, read, acknowledged, already, "
                             "unchanged, rejected, requests, retries, opened FROM pushes WHERE "
                             "finished >= ? ORDER BY number"));
  found.bind(since);
  for (;;) {
    TRAMA_TRY(const bool row, found.step());
    if (!row) return {};
    StatePush push;
    push.target = found.text(0);
    push.outcome = found.text(1);
    push.code = found.text(2);
    push.finished = found.number(3);
    int column = 4;
    for (std::uint64_t* const count :
         {&push.read, &push.acknowledged, &push.already, &push.unchanged, &push.rejected,
          &push.requests, &push.retries})
      *count = static_cast<std::uint64_t>(found.number(column++));
    push.opened = found.number(column) != 0;
    take(push);
  }
}

}  // namespace trama
