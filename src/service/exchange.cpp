#include "service/exchange.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "base/keyed_hash.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "http/url.h"
#include "report/shown_text.h"
#include "run/run.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::uint64_t kTokenBytes = 65'536;
constexpr std::size_t kSaid = 200;  // characters of what a server says of an error
constexpr auto kLooksEvery = std::chrono::milliseconds(50);

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Whether a server that answers so may have done what was asked.
bool may_have_done(int status) noexcept {
  const bool says_not = status == 501 || status == 503 || status == 505;
  return (status >= 200 && status <= 299) || (status >= 500 && !says_not);
}

void mask(Phrase& phrase, const Authorizer& authorizer) {
  phrase.text = authorizer.mask(phrase.text);
  for (Phrase& value : phrase.values) mask(value, authorizer);
}

}  // namespace

std::string shown_time(std::int64_t ms) {
  if (ms < 1000) return std::to_string(ms) + " ms";
  const std::int64_t seconds = (ms + 999) / 1000;
  return seconds < 600 ? std::to_string(seconds) + " s"
                       : std::to_string((seconds + 59) / 60) + " min";
}

std::string said_by(const HttpAnswer& answer, const Authorizer& authorizer) {
  std::string said = answer.error;
  std::replace_if(said.begin(), said.end(), is_blank, ' ');
  said.erase(0, std::min(said.find_first_not_of(' '), said.size()));
  said.erase(said.find_last_not_of(' ') + 1);
  if (said.starts_with('<')) return {};
  return shortened(authorizer.mask(said), kSaid);
}

std::string shown_request(const HttpRequest& request, const Authorizer& authorizer) {
  std::string out = request.method + ' ' + authorizer.mask_url(request.url) + '\n';
  for (const HttpHeader& header : request.headers) out += header.name + ": " + header.value + '\n';
  if (!request.body.empty()) out += '\n' + request.body + '\n';
  return out;
}

Failure masked(Failure failure, const Authorizer& authorizer) {
  for (Phrase& value : failure.values) mask(value, authorizer);
  return failure;
}

Exchange::Exchange(const Service& service, const ExchangeOptions& options, Authorizer authorizer,
                   HttpClient client)
    : service_(&service),
      stop_(options.stop),
      authorizer_(std::move(authorizer)),
      client_(std::move(client)),
      chance_(options.seed.value_or(hash_seed() ^ static_cast<std::uint64_t>(milliseconds_now()))) {
}

Result<Exchange> Exchange::make(const Service& service, const ExchangeOptions& options) {
  HttpOptions http;
  http.ca_file = service.ca_file;
  http.allow_private = options.allow_private;
  http.connect_ms = service.times.connect;
  http.silence_ms = service.times.silence;
  http.request_ms = service.times.request;
  http.proxy = service.proxy;
  http.stop = options.stop;
  TRAMA_TRY(HttpClient client, HttpClient::make(std::move(http)));
  if (service.url.starts_with("http://") && !options.allow_private) {
    const std::string host = service.url.substr(7, service.url.find_first_of("/?", 7) - 7);
    return Failure{FailureCode::address_refused, {service.name, host, host}};
  }
  TRAMA_TRY(Authorizer authorizer, Authorizer::make(service.authorization));
  return Exchange(service, options, std::move(authorizer), std::move(client));
}

// ---- attempts ----

Result<HttpAnswer> Exchange::ask(const HttpRequest& request, const AnswerTaker& taker,
                                 const Terms& terms) {
  last_status_ = 0;
  may_be_done_ = false;
  return attempts(request, taker, terms, true);
}

Result<HttpAnswer> Exchange::attempts(const HttpRequest& request, const AnswerTaker& taker,
                                      const Terms& terms, bool with_secret) {
  bool renewed = false;
  std::optional<Failure> last;  // why the attempt before failed
  for (std::uint64_t failed = 0;;) {
    if (with_secret) TRAMA_TRY_VOID(have_token());
    TRAMA_TRY_VOID(pace());
    if (last && may_be_done_ && !terms.repeatable()) return std::move(*last);
    TRAMA_TRY_VOID(taker.begin());
    HttpRequest asked = request;
    if (with_secret) authorizer_.add_to(asked, milliseconds_now());
    ++requests_;
    HttpEnd end = client_.send(asked, taker.most, taker.take);
    const int status = end.answer.status;
    const bool answered =
        end.trouble == HttpTrouble::none ||
        (end.trouble == HttpTrouble::no_answer && terms.headers_are_enough && end.headed);
    if (with_secret) {
      last_status_ = status;
      may_be_done_ = may_be_done_ || (answered ? may_have_done(status) : end.sent);
    }
    if (answered) {
      note_rate(end.answer.headers);
      if (terms.is_answer(status)) {
        if (with_secret) TRAMA_TRY_VOID(note_success());
        // Without what only the request had: its secret.
        end.answer.url = end.answer.url == asked.url ? request.url : end.answer.url;
        return std::move(end.answer);
      }
      if (status == 401 && with_secret && !renewed && authorizer_.give_up_token()) {
        renewed = true;
        continue;
      }
      if (!terms.passes(status)) return bad_status(FailureCode::http_status, request, end.answer);
    } else if (end.trouble != HttpTrouble::no_answer) {
      return refused(request, taker, end);
    }
    ++failed;
    TRAMA_TRY(const bool opened, note_failure());
    const auto not_again = [&] { return may_be_done_ && !terms.repeatable(); };
    if (opened || failed >= service_->retry.attempts || not_again())
      return no_success(request, end, failed);
    TRAMA_TRY(const std::int64_t waited, wait_again(request, end, failed));
    last = no_success(request, end, failed);
    ++retries_;
    if (terms.failed != nullptr)
      terms.failed->push_back({answered ? std::to_string(status) : words_of(end), waited});
  }
}

Result<void> Exchange::have_token() {
  if (!authorizer_.needs_token(milliseconds_now())) return {};
  std::string body;
  AnswerTaker taker;
  taker.most = kTokenBytes;
  taker.begin = [&body]() -> Result<void> {
    body.clear();
    return {};
  };
  taker.take = [&body](std::string_view piece) -> Result<void> {
    body += piece;
    return {};
  };
  const HttpRequest request = authorizer_.token_request();
  TRAMA_TRY(const HttpAnswer answer, attempts(request, taker, {}, false));
  (void)answer;
  if (Phrase problem = authorizer_.take_token(body, milliseconds_now()); !problem.empty())
    return Failure{FailureCode::answer_not_json, {service_->name, request.url, std::move(problem)}};
  return {};
}

// ---- waits ----

/// Waits as long as the policy says, or the server, in full; not at all where that is too long.
Result<std::int64_t> Exchange::wait_again(const HttpRequest& request, const HttpEnd& end,
                                          std::uint64_t failed) {
  std::int64_t wait = wait_after(service_->retry, failed, chance_);
  const std::optional<std::int64_t> told = end.trouble == HttpTrouble::none
                                               ? retry_after(end.answer.headers, milliseconds_now())
                                               : std::nullopt;
  wait = std::max(wait, told.value_or(0));
  if (waited_ + wait > service_->retry.budget) {
    if (told && *told == wait) return rate_limited(wait);
    return no_success(request, end, failed);
  }
  waited_ += wait;
  TRAMA_TRY_VOID(sleep(wait));
  return wait;
}

Result<void> Exchange::sleep(std::int64_t milliseconds) {
  const Clock::time_point until = Clock::now() + std::chrono::milliseconds(milliseconds);
  for (;;) {
    if (stop_->asked() != 0) return Failure{FailureCode::interrupted, {}};
    const Clock::duration left = until - Clock::now();
    if (left <= Clock::duration::zero()) return {};
    std::this_thread::sleep_for(std::min<Clock::duration>(left, kLooksEvery));
  }
}

/// Until a request may be made.
Result<void> Exchange::pace() {
  const Clock::duration left = allowed_ - Clock::now();
  const std::int64_t wait =
      std::max<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(left).count(), 0);
  if (wait > std::max<std::int64_t>(service_->retry.budget, 1000)) return rate_limited(wait);
  TRAMA_TRY_VOID(sleep(wait));
  if (service_->rate.per_second == 0) return {};
  const auto apart = std::chrono::nanoseconds(1'000'000'000 / service_->rate.per_second);
  allowed_ = std::max(allowed_, Clock::now() + apart);
  return {};
}

/// What an answer says of how many more requests there may be.
void Exchange::note_rate(const HttpHeaders& headers) {
  const RateRule& rate = service_->rate;
  if (rate.remaining.empty() || value_of(headers, rate.remaining) != "0") return;
  const std::string reset(value_of(headers, rate.reset));
  std::int64_t seconds = 0;
  const char* const end = reset.data() + reset.size();
  const auto [stop, error] = std::from_chars(reset.data(), end, seconds);
  if (error != std::errc() || stop == reset.data() || seconds < 0) return;
  if (rate.reset_is_epoch) {
    const std::optional<std::int64_t> date = read_http_date(std::string(value_of(headers, "date")));
    seconds -= date.value_or(milliseconds_now() / 1000);
  }
  constexpr std::int64_t kMostSeconds = 366 * std::int64_t{86'400};
  seconds = std::clamp<std::int64_t>(seconds, 0, kMostSeconds);
  allowed_ = std::max(allowed_, Clock::now() + std::chrono::seconds(seconds));
}

// ---- the breaker ----

Result<void> Exchange::use_breaker(BreakerState known, KeepBreaker keep) {
  if (!service_->breaker) return {};
  breaker_ = std::move(known);
  keep_breaker_ = std::move(keep);
  half_open_ = breaker_.open_until != 0;
  if (milliseconds_now() >= breaker_.open_until) return {};
  return Failure{FailureCode::breaker_open,
                 {service_->name, utc_second(breaker_.open_until + 999)}};
}

/// Whether it was one too many.
Result<bool> Exchange::note_failure() {
  if (!keep_breaker_) return false;
  const BreakerRule& rule = *service_->breaker;
  const std::int64_t now = milliseconds_now();
  std::vector<std::int64_t>& failures = breaker_.failures;
  std::erase_if(failures, [&](std::int64_t at) { return at < now - rule.within; });
  failures.push_back(now);
  const bool opens = half_open_ || failures.size() >= rule.failures;
  if (opens) {
    breaker_.open_until = now + rule.open_for;
    failures.clear();
    opened_ = true;
  }
  TRAMA_TRY_VOID(keep_breaker_(breaker_));
  return opens;
}

Result<void> Exchange::note_success() {
  if (!half_open_) return {};
  half_open_ = false;
  breaker_ = {};
  return keep_breaker_(breaker_);
}

// ---- what is said of failures ----

/// What was wrong, for a manifest.
std::string Exchange::words_of(const HttpEnd& end) const {
  return authorizer_.mask(say(Language::en, end.why));
}

Failure Exchange::rate_limited(std::int64_t wait) const {
  return {FailureCode::rate_limited,
          {service_->name, shown_time(wait), shown_time(service_->retry.budget)}};
}

Failure Exchange::no_success(const HttpRequest& request, const HttpEnd& end,
                             std::uint64_t failed) const {
  if (end.trouble == HttpTrouble::none)
    return bad_status(FailureCode::http_status_again, request, end.answer);
  const std::optional<Url> url = read_url(request.url);
  return {FailureCode::source_unreachable,
          {service_->name, std::to_string(failed), url ? url->host + ':' + url->port : request.url,
           end.why.text.empty() ? end.why : Phrase(authorizer_.mask(end.why.text))}};
}

Failure Exchange::bad_status(FailureCode code, const HttpRequest& request,
                             const HttpAnswer& answer) const {
  const Authorization& auth = service_->authorization;
  Phrase hint;
  if ((answer.status == 401 || answer.status == 403) && !auth.secret_env.empty())
    hint = {PhraseCode::pull_status_secret, {auth.secret_env}};
  else if (answer.status == 401 || answer.status == 403)
    hint = PhraseCode::pull_status_auth;
  else if (answer.status == 404)
    hint = PhraseCode::pull_status_url;
  const std::string said = said_by(answer, authorizer_);
  Phrase says = said.empty() ? Phrase() : Phrase(PhraseCode::pull_said, {visible(said)});
  return {code,
          {service_->name, std::to_string(answer.status), authorizer_.mask_url(request.url),
           std::move(hint), std::move(says)}};
}

/// What no other attempt would change.
Failure Exchange::refused(const HttpRequest& request, const AnswerTaker& taker,
                          HttpEnd& end) const {
  const std::optional<Url> url = read_url(request.url);
  const std::string host = url ? url->host : request.url;
  switch (end.trouble) {
    case HttpTrouble::certificate:
      return {FailureCode::tls_refused, {service_->name, host, end.why}};
    case HttpTrouble::address:
      return {FailureCode::address_refused, {service_->name, host, end.why}};
    case HttpTrouble::redirect:
      return {FailureCode::redirect_refused,
              {service_->name, Phrase(PhraseCode::pull_redirected, {end.why})}};
    case HttpTrouble::too_large:
      return {FailureCode::answer_too_large,
              {service_->name, grouped(taker.limit_bytes), taker.limit}};
    case HttpTrouble::failed:
      return std::move(*end.failure);
    default:
      return {FailureCode::interrupted, {}};
  }
}

}  // namespace trama
