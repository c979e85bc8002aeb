// A push: sends rows to a target, each under a key of its own, and keeps in the state what became of it.
// A row may be heard more than once, always under the same key; which rows are acknowledged is known.
//
//   none ──► sent ──► acknowledged     the same row is not sent again
//              │ └──► refused          a row that comes again is sent anew
//              └────► unknown          no answer, and no key that protects: PushTarget::lookup, or a person

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/stop_flag.h"
#include "push/target_file.h"
#include "text/language.h"

namespace trama {

struct PushOptions {
  std::string rows;     // a file, or "-"
  std::string state;    // a file; made where it is not there
  std::string rejects;  // where refused rows go
  /// What a person says of rows of which nobody knows whether they arrived.
  enum class Settle : std::uint8_t { no, acknowledged, again };
  Settle settle = Settle::no;
  bool allow_private = false;
  std::optional<std::uint64_t> seed{};  // of waits; nothing: chance
  Language files = Language::en;        // of what the rejects say
  const StopFlag* stop = &kNeverStopped;
  std::function<void(std::uint64_t read)> progress{};
};

/// read = acknowledged + already + unchanged + rejected, where the push came to its end.
struct PushReport {
  std::uint64_t read = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t already =
      0;  // acknowledged by an earlier push, or an earlier row that says the same
  std::uint64_t unchanged = 0;  // nothing is to be done
  std::uint64_t rejected = 0;
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  bool has_rejects = false;  // the file

  [[nodiscard]] std::uint64_t done() const noexcept {
    return acknowledged + already + unchanged + rejected;
  }
};

struct PushEnd {
  PushReport report;
  std::optional<Failure> failure{};  // it stopped; the next push goes on
};

/// Failures: push_busy, delivery_unknown, too_many_refused, rows_column, those of Exchange, of the state and of
/// the rows' file.
PushEnd push(const PushTarget& target, const PushOptions& options);

/// What a push would do: how many rows it would send, as `acknowledged` of its report, and the first request of
/// each operation, secrets masked. Opens no connection, reads no secret, writes nothing but what brings
/// an older state to its newest form.
struct PushPreview {
  PushReport report;
  struct Request {
    std::string operation;
    std::string text;
  };
  std::vector<Request> requests;
};
Result<PushPreview> preview_push(const PushTarget& target, const PushOptions& options);

}  // namespace trama
