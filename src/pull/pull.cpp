#include "pull/pull.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>
#include <utility>

#include "base/keyed_hash.h"
#include "base/phrase_codes.h"
#include "base/sha256.h"
#include "base/terminal_text.h"
#include "engine/spool.h"
#include "http/client.h"
#include "http/url.h"
#include "service/authorizer.h"
#include "pull/page.h"
#include "pull/pager.h"
#include "pull/run_folder.h"
#include "report/shown_text.h"
#include "run/run.h"
#include "state/state.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::int64_t kHour = 3'600'000;  // milliseconds
constexpr std::uint64_t kTokenBytes = 65'536;
constexpr std::size_t kSaid = 200;  // characters of what a server says of an error
constexpr auto kLooksEvery = std::chrono::milliseconds(50);

using Clock = std::chrono::steady_clock;

/// Milliseconds as people say them: 250 ms, 30 s, 5 min.
std::string shown_time(std::int64_t ms) {
  if (ms < 1000) return std::to_string(ms) + " ms";
  const std::int64_t seconds = (ms + 999) / 1000;
  return seconds < 600 ? std::to_string(seconds) + " s"
                       : std::to_string((seconds + 59) / 60) + " min";
}

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Who takes the body of an answer; from its beginning again for each attempt.
struct Taker {
  std::function<Result<void>()> begin;
  HttpClient::Take take;
  std::uint64_t most = 0;
};

class Pulling {
 public:
  Pulling(const PullSource& source, const PullOptions& options, Authorizer authorizer,
          HttpClient client, std::unique_ptr<State> state)
      : source_(source),
        options_(options),
        authorizer_(std::move(authorizer)),
        client_(std::move(client)),
        state_(std::move(state)),
        chance_(
            options.seed.value_or(hash_seed() ^ static_cast<std::uint64_t>(milliseconds_now()))) {}

  Result<PullReport> run() {
    started_ = milliseconds_now();
    Result<void> done = work();
    const bool unchanged = report_.outcome == PullReport::Outcome::unchanged;
    if (done.ok() && unchanged) done = note_in_state("unchanged", "");
    if (!done.ok() && !noted_) (void)note_in_state("failed", name(done.failure().code));
    if (done.ok()) return report_;
    // Whatever a server sent back may be in it.
    for (Phrase& value : done.failure().values) mask(value);
    return std::move(done.failure());
  }

 private:
  void mask(Phrase& phrase) const {
    phrase.text = authorizer_.mask(phrase.text);
    for (Phrase& value : phrase.values) mask(value);
  }

  Result<void> work() {
    TRAMA_TRY_VOID(begin(started_));
    TRAMA_TRY_VOID(make_folder(options_.folder));
    TRAMA_TRY(const PullLock lock, PullLock::take(options_.folder, source_.name));
    TRAMA_TRY_VOID(not_too_soon(started_));
    const PullBegin asked{source_.name, source_.sha256, started_, report_.since};
    TRAMA_TRY(RunFolder folder, open_folder(asked));
    Result<void> done = all_pages(folder);
    if (done.ok()) return done;
    // Pages of a list that changed while it was read are of no use to the next pull.
    const FailureCode code = done.failure().code;
    const bool useless = code == FailureCode::page_shrank || code == FailureCode::page_repeated;
    // Nor are they where the server no longer knows what comes behind them.
    const bool forgotten = code == FailureCode::http_status && report_.gone_on_with > 0 &&
                           report_.gone_on_with == report_.pages &&
                           (last_status_ == 400 || last_status_ == 404 || last_status_ == 410);
    if (useless || forgotten || folder.pages().empty()) folder.remove();
    return done;
  }

  Result<RunFolder> open_folder(const PullBegin& asked) const {
    const std::int64_t oldest = options_.fresh ? 0 : source_.counts_pages() ? kHour : 24 * kHour;
    TRAMA_TRY(RunFolder folder, RunFolder::open(options_.folder, asked, oldest));
    if (can_go_on(folder)) return folder;
    folder.remove();
    return RunFolder::open(options_.folder, asked, 0);
  }

  /// Whether what follows the last page is known: not where its link had a secret in it, which no file
  /// has.
  [[nodiscard]] bool can_go_on(const RunFolder& folder) const {
    if (folder.pages().empty()) return true;
    const PulledPage& last = folder.pages().back();
    if (last.url.substr(0, last.url.find('?')).find(Authorizer::kMasked) != std::string::npos)
      return false;
    if (source_.pages.kind != Paging::Kind::link_header) return true;
    const std::string_view link = value_of(last.headers, "link");
    return link.find(Authorizer::kMasked) == std::string_view::npos;
  }

  /// What the state says.
  Result<void> begin(std::int64_t now) {
    if (!state_) {
      if (source_.since) report_.since = source_.since->first;
      return {};
    }
    TRAMA_TRY(known_, state_->pulls().known(source_.name));
    report_.since = from(source_, known_);
    if (!source_.breaker) return {};
    if (now < known_.open_until) return breaker_open();
    half_open_ = known_.open_until != 0;
    return {};
  }

  Result<void> not_too_soon(std::int64_t now) const {
    const std::int64_t last = last_pull(options_.folder, source_.name) * 1000;
    const std::int64_t until = last + source_.limits.min_interval;
    if (last == 0 || source_.limits.min_interval == 0 || now >= until) return {};
    return Failure{FailureCode::pulled_lately,
                   {source_.name, utc_second(last), shown_time(source_.limits.min_interval),
                    utc_second(until + 999)}};
  }

  Result<void> all_pages(RunFolder& folder) {
    Pager pager(source_, report_.since);
    std::optional<HttpRequest> request = pager.first();
    for (const PulledPage& page : folder.pages()) {
      TRAMA_TRY(request, again(pager, folder, page));
      note(page);
      ++report_.gone_on_with;
    }
    while (request) {
      if (report_.pages >= source_.limits.pages)
        return Failure{FailureCode::pages_too_many, {source_.name, grouped(source_.limits.pages)}};
      TRAMA_TRY(const bool more, one_page(folder, pager, request));
      if (!more) return {};  // nothing changed
    }
    TRAMA_TRY_VOID(pager.check_end());
    if (report_.pages == 1) report_.silent_at = pager.silent_at();
    std::optional<std::int64_t> watermark = pager.latest();
    // What changes while it is pulled is pulled again: nothing later than its beginning is known to be
    // whole, whatever a record says of itself.
    if (watermark) watermark = std::min(*watermark, folder.begin().began / 1000);
    report_.watermark = watermark;
    report_.folder = folder.final_path();
    TRAMA_TRY_VOID(folder.end({milliseconds_now(), report_.pages, report_.bytes, watermark}));
    // The state first: a pull that it knows and that has no name yet is gone on with, and known twice;
    // one that has its name and is not known would be asked for again though it was written.
    TRAMA_TRY_VOID(note_in_state("complete", ""));
    return folder.publish();
  }

  Result<void> note_in_state(std::string outcome, std::string_view code) {
    if (!state_) return {};
    StatePull pull;
    pull.source = source_.name;
    pull.source_sha256 = source_.sha256;
    pull.folder = report_.folder;
    pull.outcome = std::move(outcome);
    pull.code = code;
    pull.started = started_;
    pull.finished = milliseconds_now();
    pull.pages = report_.pages;
    pull.bytes = report_.bytes;
    pull.requests = report_.requests;
    pull.retries = report_.retries;
    pull.watermark = report_.watermark;
    pull.etag = etag_;
    pull.modified = modified_;
    if (pull.outcome == "complete") pull.digests = digests_;
    TRAMA_TRY_VOID(state_->pulls().add(pull));
    noted_ = true;
    return {};
  }

  /// A page that is stored already.
  Result<std::optional<HttpRequest>> again(Pager& pager, const RunFolder& folder,
                                           const PulledPage& stored) {
    HttpAnswer answer;
    answer.status = 200;
    answer.headers = stored.headers;
    answer.url = stored.url;
    if (source_.looks_into_pages()) {
      std::ifstream file(folder.path_of(stored), std::ios::binary);
      std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      if (Phrase problem = page_.read(std::move(bytes)); !problem.empty())
        return Failure{FailureCode::answer_not_json,
                       {source_.name, stored.url, std::move(problem)}};
    }
    return pager.next(answer, page_);
  }

  void note(const PulledPage& page) {
    ++report_.pages;
    report_.bytes += page.bytes;
    digests_.push_back(page.sha256);
    if (report_.pages == 1) {
      etag_ = value_of(page.headers, "etag");
      modified_ = value_of(page.headers, "last-modified");
    }
    if (options_.progress) options_.progress(report_.pages, report_.bytes);
  }

  /// Stores the page that `request` asks for, which becomes that of the next. False: nothing has changed
  /// since the last pull.
  Result<bool> one_page(RunFolder& folder, Pager& pager, std::optional<HttpRequest>& request) {
    const bool looks = source_.looks_into_pages();
    std::string bytes;
    constexpr std::string_view kMark = "\xEF\xBB\xBF";  // of UTF-8
    bool begun = false;                                 // a byte of it came that is no blank
    std::size_t before = 0;                             // how many came before
    Taker taker;
    taker.most = source_.limits.bytes - std::min(report_.bytes, source_.limits.bytes);
    if (looks) taker.most = std::min(taker.most, source_.limits.page_bytes);
    taker.begin = [&]() -> Result<void> {
      bytes.clear();
      begun = false;
      before = 0;
      return folder.rewind_page();
    };
    taker.take = [&](std::string_view piece) -> Result<void> {
      if (!begun) {
        std::string_view rest = piece;
        for (; !rest.empty(); rest.remove_prefix(1), ++before)
          if (!is_blank(rest.front()) && (before >= kMark.size() || rest.front() != kMark[before]))
            break;
        begun = !rest.empty();
        if (begun && rest.front() != '{' && rest.front() != '[')
          return not_json(*request, rest.front() == '<'
                                        ? Phrase(PhraseCode::pull_markup)
                                        : Phrase(PhraseCode::pull_begins_with,
                                                 {visible(shortened(rest.substr(0, 40)))}));
      }
      if (looks) bytes += piece;
      return folder.write(piece);
    };
    if (report_.pages == 0) add_conditions(*request);
    TRAMA_TRY_VOID(folder.begin_page());
    PulledPage stored;
    stored.began = milliseconds_now();
    Result<HttpAnswer> asked = exchange(*request, taker, true, &stored.retries);
    if (!asked.ok()) {
      folder.drop_page();
      return std::move(asked.failure());
    }
    const HttpAnswer& answer = asked.value();
    stored.took = milliseconds_now() - stored.began;
    if (answer.status == 304) {
      report_.outcome = PullReport::Outcome::unchanged;
      folder.remove();
      return false;
    }
    TRAMA_TRY_VOID(check_version(answer));
    if (!begun) return not_json(*request, PhraseCode::pull_empty);
    // A server that does not know the number of a page gives the first one each time.
    const std::string digest = source_.counts_pages() ? sha256(bytes) : std::string();
    if (looks)
      if (Phrase problem = page_.read(std::move(bytes)); !problem.empty())
        return not_json(*request, std::move(problem));
    stored.method = request->method;
    stored.url = authorizer_.mask_url(answer.url);
    for (const HttpHeader& header : answer.headers)
      if (header.name != "set-cookie")
        stored.headers.push_back({header.name, authorizer_.mask(header.value)});
    // Before it is stored: a page that cannot be gone on from is asked for again.
    const std::string asked_for = request->url;
    TRAMA_TRY(request, pager.next(answer, page_));
    if (request && !digests_.empty() && digest == digests_.back())
      return Failure{FailureCode::page_repeated,
                     {source_.name, std::to_string(report_.pages + 1), asked_for}};
    TRAMA_TRY_VOID(folder.end_page(std::move(stored)));
    note(folder.pages().back());
    return true;
  }

  Failure not_json(const HttpRequest& request, Phrase what) const {
    return {FailureCode::answer_not_json,
            {source_.name, authorizer_.mask_url(request.url), std::move(what)}};
  }

  /// Where a source has one page, and what was pulled last is written: it need not be sent again.
  void add_conditions(HttpRequest& request) {
    conditional_ = source_.pages.kind == Paging::Kind::one && !source_.since && !source_.graphql &&
                   known_.source_sha256 == source_.sha256 &&
                   (!known_.etag.empty() || !known_.modified.empty());
    if (!conditional_) return;
    if (!known_.etag.empty()) request.headers.push_back({"If-None-Match", known_.etag});
    if (!known_.modified.empty()) request.headers.push_back({"If-Modified-Since", known_.modified});
  }

  Result<void> check_version(const HttpAnswer& answer) const {
    if (source_.version_header.empty()) return {};
    const std::string_view found = value_of(answer.headers, source_.version_header);
    if (found == source_.version) return {};
    return Failure{
        FailureCode::version_differs,
        {source_.name, source_.version_header, source_.version,
         found.empty() ? Phrase(PhraseCode::pull_no_header)
                       : Phrase(PhraseCode::pull_header_is, {visible(shortened(found))})}};
  }

  // ---- one answer, whatever attempts it takes ----

  /// An answer with status 200, or 304 where that was asked for.
  Result<HttpAnswer> exchange(const HttpRequest& request, const Taker& taker, bool with_secret,
                              std::vector<PulledRetry>* retries) {
    bool renewed = false;
    for (std::uint64_t failed = 0;;) {
      if (with_secret) TRAMA_TRY_VOID(have_token());
      TRAMA_TRY_VOID(pace());
      TRAMA_TRY_VOID(taker.begin());
      HttpRequest asked = request;
      if (with_secret) authorizer_.add_to(asked, milliseconds_now());
      ++report_.requests;
      HttpEnd end = client_.send(asked, taker.most, taker.take);
      const int status = end.answer.status;
      last_status_ = status;
      if (end.trouble == HttpTrouble::none) {
        note_rate(end.answer.headers);
        if (status == 200 || (status == 304 && conditional_)) {
          if (with_secret) TRAMA_TRY_VOID(note_success());
          // Without what only the request had: its secret.
          end.answer.url = end.answer.url == asked.url ? request.url : end.answer.url;
          return std::move(end.answer);
        }
        if (status == 401 && with_secret && !renewed && authorizer_.give_up_token()) {
          renewed = true;
          continue;
        }
        if (!is_transient(status)) return bad_status(FailureCode::http_status, request, end.answer);
      } else if (end.trouble != HttpTrouble::no_answer) {
        return refused(request, taker, end);
      }
      ++failed;
      TRAMA_TRY(const bool opened, note_failure());
      if (opened || failed >= source_.retry.attempts) return no_success(request, end, failed);
      TRAMA_TRY(const std::int64_t waited, wait_again(request, end, failed));
      ++report_.retries;
      if (retries != nullptr)
        retries->push_back(
            {end.trouble == HttpTrouble::none ? std::to_string(status) : words_of(end), waited});
    }
  }

  /// What was wrong, for the manifest.
  [[nodiscard]] std::string words_of(const HttpEnd& end) const {
    return authorizer_.mask(say(Language::en, end.why));
  }

  /// Waits as long as the policy says, or the server, in full; not at all where that is too long.
  Result<std::int64_t> wait_again(const HttpRequest& request, const HttpEnd& end,
                                  std::uint64_t failed) {
    std::int64_t wait = wait_after(source_.retry, failed, chance_);
    const std::optional<std::int64_t> told =
        end.trouble == HttpTrouble::none ? retry_after(end.answer.headers, milliseconds_now())
                                         : std::nullopt;
    wait = std::max(wait, told.value_or(0));
    if (waited_ + wait > source_.retry.budget) {
      if (told && *told == wait) return rate_limited(wait);
      return no_success(request, end, failed);
    }
    waited_ += wait;
    TRAMA_TRY_VOID(sleep(wait));
    return wait;
  }

  Failure rate_limited(std::int64_t wait) const {
    return {FailureCode::rate_limited,
            {source_.name, shown_time(wait), shown_time(source_.retry.budget)}};
  }

  Failure no_success(const HttpRequest& request, const HttpEnd& end, std::uint64_t failed) const {
    if (end.trouble == HttpTrouble::none)
      return bad_status(FailureCode::http_status_again, request, end.answer);
    const std::optional<Url> url = read_url(request.url);
    return {FailureCode::source_unreachable,
            {source_.name, std::to_string(failed), url ? url->host + ':' + url->port : request.url,
             end.why.text.empty() ? end.why : Phrase(authorizer_.mask(end.why.text))}};
  }

  Failure bad_status(FailureCode code, const HttpRequest& request, const HttpAnswer& answer) const {
    const Authorization& auth = source_.authorization;
    Phrase hint;
    if ((answer.status == 401 || answer.status == 403) && !auth.secret_env.empty())
      hint = {PhraseCode::pull_status_secret, {auth.secret_env}};
    else if (answer.status == 401 || answer.status == 403)
      hint = PhraseCode::pull_status_auth;
    else if (answer.status == 404)
      hint = PhraseCode::pull_status_url;
    std::string said = answer.error;
    std::replace_if(said.begin(), said.end(), is_blank, ' ');
    said.erase(0, std::min(said.find_first_not_of(' '), said.size()));
    if (said.starts_with('<')) said.clear();  // a page for people
    Phrase says = said.empty() ? Phrase()
                               : Phrase(PhraseCode::pull_said,
                                        {visible(shortened(authorizer_.mask(said), kSaid))});
    return {code,
            {source_.name, std::to_string(answer.status), authorizer_.mask_url(request.url),
             std::move(hint), std::move(says)}};
  }

  /// What no other attempt would change.
  Failure refused(const HttpRequest& request, const Taker& taker, HttpEnd& end) const {
    const std::optional<Url> url = read_url(request.url);
    const std::string host = url ? url->host : request.url;
    switch (end.trouble) {
      case HttpTrouble::certificate:
        return {FailureCode::tls_refused, {source_.name, host, end.why}};
      case HttpTrouble::address:
        return {FailureCode::address_refused, {source_.name, host, end.why}};
      case HttpTrouble::redirect:
        return {FailureCode::redirect_refused,
                {source_.name, Phrase(PhraseCode::pull_redirected, {end.why})}};
      case HttpTrouble::too_large: {
        const bool page = taker.most == source_.limits.page_bytes && source_.looks_into_pages();
        return {FailureCode::answer_too_large,
                {source_.name, grouped(page ? source_.limits.page_bytes : source_.limits.bytes),
                 page ? "page_at_most" : "bytes_at_most"}};
      }
      case HttpTrouble::failed:
        return std::move(*end.failure);
      default:
        return {FailureCode::interrupted, {}};
    }
  }

  Result<void> have_token() {
    if (!authorizer_.needs_token(milliseconds_now())) return {};
    std::string body;
    Taker taker;
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
    TRAMA_TRY(const HttpAnswer answer, exchange(request, taker, false, nullptr));
    (void)answer;
    if (Phrase problem = authorizer_.take_token(body, milliseconds_now()); !problem.empty())
      return Failure{FailureCode::answer_not_json, {source_.name, request.url, std::move(problem)}};
    return {};
  }

  // ---- waits ----

  Result<void> sleep(std::int64_t milliseconds) {
    const Clock::time_point until = Clock::now() + std::chrono::milliseconds(milliseconds);
    for (;;) {
      if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
      const Clock::duration left = until - Clock::now();
      if (left <= Clock::duration::zero()) return {};
      std::this_thread::sleep_for(std::min<Clock::duration>(left, kLooksEvery));
    }
  }

  /// Until a request may be made.
  Result<void> pace() {
    const Clock::duration left = allowed_ - Clock::now();
    const std::int64_t wait =
        std::max<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(left).count(), 0);
    if (wait > std::max<std::int64_t>(source_.retry.budget, 1000)) return rate_limited(wait);
    TRAMA_TRY_VOID(sleep(wait));
    if (source_.rate.per_second == 0) return {};
    const auto apart = std::chrono::nanoseconds(1'000'000'000 / source_.rate.per_second);
    allowed_ = std::max(allowed_, Clock::now() + apart);
    return {};
  }

  /// What an answer says of how many more requests there may be.
  void note_rate(const HttpHeaders& headers) {
    if (source_.rate.remaining.empty() || value_of(headers, source_.rate.remaining) != "0") return;
    const std::string reset(value_of(headers, source_.rate.reset));
    std::int64_t seconds = 0;
    const char* const end = reset.data() + reset.size();
    const auto [stop, error] = std::from_chars(reset.data(), end, seconds);
    if (error != std::errc() || stop == reset.data() || seconds < 0) return;
    if (source_.rate.reset_is_epoch) {
      const std::optional<std::int64_t> date =
          read_http_date(std::string(value_of(headers, "date")));
      seconds -= date.value_or(milliseconds_now() / 1000);
    }
    constexpr std::int64_t kMostSeconds = 366 * std::int64_t{86'400};
    seconds = std::clamp<std::int64_t>(seconds, 0, kMostSeconds);
    allowed_ = std::max(allowed_, Clock::now() + std::chrono::seconds(seconds));
  }

  // ---- the breaker ----

  Failure breaker_open() const {
    return {FailureCode::breaker_open, {source_.name, utc_second(known_.open_until + 999)}};
  }

  /// Whether it was one too many.
  Result<bool> note_failure() {
    if (!source_.breaker || !state_) return false;
    const std::int64_t now = milliseconds_now();
    std::vector<std::int64_t>& failures = known_.failures;
    std::erase_if(failures, [&](std::int64_t at) { return at < now - source_.breaker->within; });
    failures.push_back(now);
    const bool opens = half_open_ || failures.size() >= source_.breaker->failures;
    if (opens) {
      known_.open_until = now + source_.breaker->open_for;
      failures.clear();
    }
    TRAMA_TRY_VOID(state_->pulls().set_breaker(source_.name, known_.open_until, failures));
    return opens;
  }

  Result<void> note_success() {
    if (!half_open_) return {};
    half_open_ = false;
    known_.open_until = 0;
    known_.failures.clear();
    return state_->pulls().set_breaker(source_.name, 0, {});
  }

 public:
  static std::optional<std::int64_t> from(const PullSource& source, const KnownSource& known) {
    if (!source.since) return std::nullopt;
    if (!known.watermark) return source.since->first;
    return *known.watermark - (source.since->overlap + 999) / 1000;
  }

 private:
  const PullSource& source_;
  const PullOptions& options_;
  Authorizer authorizer_;
  HttpClient client_;
  std::unique_ptr<State> state_;  // or null
  Chance chance_;
  KnownSource known_;
  bool half_open_ = false;  // the breaker: the next failure opens it again
  PullReport report_;
  Page page_;
  std::vector<std::string> digests_;
  std::string etag_;
  std::string modified_;
  bool conditional_ = false;
  int last_status_ = 0;  // that was answered
  std::int64_t started_ = 0;
  bool noted_ = false;           // in the state
  std::int64_t waited_ = 0;      // for servers that fail, milliseconds
  Clock::time_point allowed_{};  // from when on a request may be made
};

}  // namespace

Result<PullReport> pull(const PullSource& source, const PullOptions& options) {
  if (options.state.empty() && (source.since || source.breaker))
    return Failure{FailureCode::source_needs_state,
                   {source.name, source.since ? "since" : "breaker"}};
  HttpOptions http;
  http.ca_file = source.ca_file;
  http.allow_private = options.allow_private;
  http.connect_ms = source.limits.connect;
  http.silence_ms = source.limits.silence;
  http.proxy = source.proxy;
  http.request_ms = source.limits.request;
  http.stop = options.stop;
  TRAMA_TRY(HttpClient client, HttpClient::make(std::move(http)));
  if (source.url.starts_with("http://") && !options.allow_private) {
    const std::string host = source.url.substr(7, source.url.find_first_of("/?", 7) - 7);
    return Failure{FailureCode::address_refused, {source.name, host, host}};
  }
  TRAMA_TRY(Authorizer authorizer, Authorizer::make(source.authorization));
  std::unique_ptr<State> state;
  if (!options.state.empty()) {
    TRAMA_TRY(state, State::open(options.state, Database::Use::write));
  }
  return Pulling(source, options, std::move(authorizer), std::move(client), std::move(state)).run();
}

Result<std::string> first_request(const PullSource& source, std::optional<std::int64_t> since) {
  TRAMA_TRY(const HttpClient client, HttpClient::make({}));  // URLs are read by libcurl
  const Authorizer authorizer = Authorizer::masked(source.authorization);
  HttpRequest request = Pager(source, since).first();
  authorizer.add_to(request, milliseconds_now());
  std::string out = request.method + ' ' + authorizer.mask_url(request.url) + '\n';
  for (const HttpHeader& header : request.headers) out += header.name + ": " + header.value + '\n';
  if (!request.body.empty()) out += '\n' + request.body + '\n';
  return out;
}

Result<std::optional<std::int64_t>> since_of(const PullSource& source, const std::string& state) {
  struct stat found{};
  KnownSource known;
  if (!state.empty() && (::stat(state.c_str(), &found) == 0 || errno != ENOENT)) {
    TRAMA_TRY(const std::unique_ptr<State> opened, State::open(state, Database::Use::write));
    TRAMA_TRY(known, opened->pulls().known(source.name));
  }
  return Pulling::from(source, known);
}

std::vector<std::int64_t> schedule(const RetryPolicy& policy, std::uint64_t seed) {
  Chance chance(seed);
  std::vector<std::int64_t> waits;
  for (std::uint64_t failed = 1; failed < policy.attempts; ++failed)
    waits.push_back(wait_after(policy, failed, chance));
  return waits;
}

}  // namespace trama
