// Pushes: what a state knows of the targets that rows are sent to: for each key of a target its last delivery,
// written before the request goes out and again when it is answered, so that a kill between the two is
// seen by the next push.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "database/sqlite.h"
#include "state/breaker.h"

namespace trama {

/// The last time that a row of `key` was sent. Times are milliseconds since 1970 UTC.
struct Delivery {
  enum class State : std::uint8_t {
    sent,          // and no answer is known
    acknowledged,  // done
    refused        // not done, and why is known
  };
  std::string key;
  std::uint64_t part = 1;  // which one of several rows of that key
  std::string content;     // of all rows that came with it under its key
  std::string operation;
  std::string sent_key;     // that the server was told
  std::uint64_t epoch = 0;  // how many other contents that key had before
  std::uint64_t turn = 0;   // how often it was refused, or did not arrive
  bool taken = false;       // something of the key was acknowledged, and not deleted since
  std::uint64_t rows = 1;   // that went with it under one sent_key
  State state = State::sent;
  std::int64_t first_sent = 0;  // under this sent_key
};

/// How far a push has come: every row of its file up to here is done, or refused.
struct PushedRows {
  std::uint64_t rows = 0;
  std::string digest;  // of these rows
};

/// A push that ended.
struct StatePush {
  std::string target;
  std::string outcome;  // complete, stopped
  std::string code;     // of stopped: why
  std::int64_t started = 0;
  std::int64_t finished = 0;
  std::uint64_t read = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t already = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t rejected = 0;
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  bool opened = false;  // its breaker
};

/// What is known of one target.
class TargetLedger {
 public:
  /// Makes the target known where it is not.
  static Result<TargetLedger> open(Database& database, const std::string& target);
  /// Nothing where the target is not known.
  static Result<std::optional<TargetLedger>> find_target(Database& database,
                                                         const std::string& target);

  [[nodiscard]] const BreakerState& breaker() const noexcept { return breaker_; }
  Result<void> set_breaker(const BreakerState& breaker);

  Result<std::optional<Delivery>> find(std::string_view key, std::uint64_t part);
  /// How far the last push came.
  [[nodiscard]] const PushedRows& pushed() const noexcept { return pushed_; }
  /// All of them, on the disk; `pushed`: how far it has come by now, or null.
  Result<void> write(std::span<const Delivery> deliveries, const PushedRows* pushed = nullptr);
  /// As if it had never been sent.
  Result<void> forget(std::string_view key, std::uint64_t part);
  Result<void> add(const StatePush& push);

 private:
  TargetLedger(Database& database, std::int64_t target, Statement found)
      : database_(&database), target_(target), find_(std::move(found)) {}

  Database* database_;
  std::int64_t target_;
  Statement find_;
  BreakerState breaker_;
  PushedRows pushed_;
};

/// Pushes that finished at `since` or later, as they ended.
Result<void> each_push(Database& database, std::int64_t since,
                       const std::function<void(const StatePush&)>& take);

}  // namespace trama
