// Exchange: asks a service for one answer after the other, whatever attempts each takes: with who asks, at
// the pace that the service allows, again where a failure passes, and not at all while its breaker is
// open. Every wait ends when it is asked to stop.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/stop_flag.h"
#include "http/client.h"
#include "http/retry.h"
#include "service/authorizer.h"
#include "service/service.h"
#include "state/breaker.h"

namespace trama {

/// Milliseconds as people say them: 250 ms, 30 s, 5 min.
std::string shown_time(std::int64_t ms);

/// An attempt that was not the last one.
struct FailedAttempt {
  std::string why;  // the status, or what libcurl says
  std::int64_t waited = 0;
};

/// Who takes the body of an answer with status 200; from its beginning again for each attempt.
struct AnswerTaker {
  std::function<Result<void>()> begin;
  HttpClient::Take take;
  std::uint64_t most = 0;         // bytes of it,
  std::string_view limit{};       // left of what this word of 'limits' allows,
  std::uint64_t limit_bytes = 0;  // which is so many
};

struct ExchangeOptions {
  bool allow_private = false;
  std::optional<std::uint64_t> seed{};  // of waits; nothing: chance
  const StopFlag* stop = &kNeverStopped;
};

class Exchange {
 public:
  /// `service` and the stop flag outlive this. http_unavailable, address_refused (http:// without
  /// allow_private), secret_unset.
  static Result<Exchange> make(const Service& service, const ExchangeOptions& options);

  using KeepBreaker = std::function<Result<void>(const BreakerState&)>;
  /// What is known of the breaker, and who keeps what becomes of it: without one it never opens.
  /// breaker_open.
  Result<void> use_breaker(BreakerState known, KeepBreaker keep);

  struct Terms {
    /// Which statuses are answers; of the others, which are tried again. The rest are Failures.
    std::function<bool(int status)> is_answer = [](int status) { return status == 200; };
    std::function<bool(int status)> passes = is_transient;
    /// Whether the headers of an answer say all of it, also where its body breaks off.
    bool headers_are_enough = false;
    /// Whether it may be asked again although an attempt before may have been heard.
    std::function<bool()> repeatable = [] { return true; };
    std::vector<FailedAttempt>* failed = nullptr;  // gets those before the last
  };
  /// source_unreachable, http_status, http_status_again, rate_limited, breaker_open, tls_refused,
  /// address_refused, redirect_refused, answer_too_large, interrupted, and what `taker` gives.
  Result<HttpAnswer> ask(const HttpRequest& request, const AnswerTaker& taker, const Terms& terms);

  [[nodiscard]] const Authorizer& authorizer() const noexcept { return authorizer_; }
  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_; }
  [[nodiscard]] std::uint64_t retries() const noexcept { return retries_; }
  /// Whether the breaker opened meanwhile.
  [[nodiscard]] bool opened() const noexcept { return opened_; }
  /// Of the last ask(): the status that was answered last (0: none), and whether the server may have done
  /// what it asked for although it gave no answer.
  [[nodiscard]] int last_status() const noexcept { return last_status_; }
  [[nodiscard]] bool may_be_done() const noexcept { return may_be_done_; }

 private:
  using Clock = std::chrono::steady_clock;
  Exchange(const Service& service, const ExchangeOptions& options, Authorizer authorizer,
           HttpClient client);

  Result<HttpAnswer> attempts(const HttpRequest& request, const AnswerTaker& taker,
                              const Terms& terms, bool with_secret);
  Result<void> have_token();
  Result<std::int64_t> wait_again(const HttpRequest& request, const HttpEnd& end,
                                  std::uint64_t failed);
  Result<void> sleep(std::int64_t milliseconds);
  Result<void> pace();
  void note_rate(const HttpHeaders& headers);
  Result<bool> note_failure();
  Result<void> note_success();

  [[nodiscard]] std::string words_of(const HttpEnd& end) const;
  [[nodiscard]] Failure rate_limited(std::int64_t wait) const;
  [[nodiscard]] Failure no_success(const HttpRequest& request, const HttpEnd& end,
                                   std::uint64_t failed) const;
  [[nodiscard]] Failure refused(const HttpRequest& request, const AnswerTaker& taker,
                                HttpEnd& end) const;
  [[nodiscard]] Failure bad_status(FailureCode code, const HttpRequest& request,
                                   const HttpAnswer& answer) const;

  const Service* service_;
  const StopFlag* stop_;
  Authorizer authorizer_;
  HttpClient client_;
  Chance chance_;
  BreakerState breaker_;
  KeepBreaker keep_breaker_;
  bool opened_ = false;
  bool half_open_ = false;  // the breaker: the next failure opens it again
  std::uint64_t requests_ = 0;
  std::uint64_t retries_ = 0;
  int last_status_ = 0;
  bool may_be_done_ = false;
  std::int64_t waited_ = 0;      // for servers that fail, milliseconds
  Clock::time_point allowed_{};  // from when on a request may be made
};

/// What a server says of an error, in one line, shortened, without secrets: "" where it is a page for people.
std::string said_by(const HttpAnswer& answer, const Authorizer& authorizer);

/// A request as people read it, secrets masked: a line of method and URL, one of each header, and the body.
std::string shown_request(const HttpRequest& request, const Authorizer& authorizer);

/// A Failure in whose words no secret is.
Failure masked(Failure failure, const Authorizer& authorizer);

}  // namespace trama
