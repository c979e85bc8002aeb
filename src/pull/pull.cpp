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
#include "service/page.h"
#include "pull/pager.h"
#include "pull/run_folder.h"
#include "report/shown_text.h"
#include "run/run.h"
#include "service/exchange.h"
#include "state/state.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::int64_t kHour = 3'600'000;  // milliseconds

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class Pulling {
 public:
  Pulling(const PullSource& source, const PullOptions& options, Exchange exchange,
          std::unique_ptr<State> state)
      : source_(source),
        options_(options),
        exchange_(std::move(exchange)),
        state_(std::move(state)) {}

  Result<PullReport> run() {
    started_ = milliseconds_now();
    Result<void> done = work();
    const bool unchanged = report_.outcome == PullReport::Outcome::unchanged;
    if (done.ok() && unchanged) done = note_in_state("unchanged", "");
    report_.requests = exchange_.requests();
    report_.retries = exchange_.retries();
    if (!done.ok() && !noted_) (void)note_in_state("failed", name(done.failure().code));
    if (done.ok()) return report_;
    // Whatever a server sent back may be in it.
    return masked(std::move(done.failure()), exchange_.authorizer());
  }

 private:
  Result<void> work() {
    TRAMA_TRY_VOID(begin());
    TRAMA_TRY_VOID(make_folder(options_.folder));
    TRAMA_TRY(const ServiceLock lock, lock_folder(options_.folder, source_.name));
    TRAMA_TRY_VOID(not_too_soon(started_));
    const PullBegin asked{source_.name, source_.sha256, started_, report_.since};
    TRAMA_TRY(RunFolder folder, open_folder(asked));
    Result<void> done = all_pages(folder);
    if (done.ok()) return done;
    // Pages of a list that changed while it was read are of no use to the next pull.
    const FailureCode code = done.failure().code;
    const bool useless = code == FailureCode::page_shrank || code == FailureCode::page_repeated;
    // Nor are they where the server no longer knows what comes behind them.
    const int status = exchange_.last_status();
    const bool forgotten = code == FailureCode::http_status && report_.gone_on_with > 0 &&
                           report_.gone_on_with == report_.pages &&
                           (status == 400 || status == 404 || status == 410);
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
  Result<void> begin() {
    if (!state_) {
      if (source_.since) report_.since = source_.since->first;
      return {};
    }
    TRAMA_TRY(known_, state_->pulls().known(source_.name));
    report_.since = from(source_, known_);
    return exchange_.use_breaker(known_.breaker, [this](const BreakerState& breaker) {
      return state_->pulls().set_breaker(source_.name, breaker);
    });
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
    pull.requests = exchange_.requests();
    pull.retries = exchange_.retries();
    pull.opened = exchange_.opened();
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
    AnswerTaker taker;
    taker.most = source_.limits.bytes - std::min(report_.bytes, source_.limits.bytes);
    taker.limit = "bytes_at_most";
    taker.limit_bytes = source_.limits.bytes;
    if (looks && source_.limits.page_bytes <= taker.most) {
      taker.most = source_.limits.page_bytes;
      taker.limit = "page_at_most";
      taker.limit_bytes = taker.most;
    }
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
    Exchange::Terms terms;
    terms.is_answer = [this](int status) {
      return status == 200 || (status == 304 && conditional_);
    };
    terms.failed = &stored.retries;
    Result<HttpAnswer> asked = exchange_.ask(*request, taker, terms);
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
    stored.url = exchange_.authorizer().mask_url(answer.url);
    for (const HttpHeader& header : answer.headers)
      if (header.name != "set-cookie")
        stored.headers.push_back({header.name, exchange_.authorizer().mask(header.value)});
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
            {source_.name, exchange_.authorizer().mask_url(request.url), std::move(what)}};
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

 public:
  static std::optional<std::int64_t> from(const PullSource& source, const KnownSource& known) {
    if (!source.since) return std::nullopt;
    if (!known.watermark) return source.since->first;
    return *known.watermark - (source.since->overlap + 999) / 1000;
  }

 private:
  const PullSource& source_;
  const PullOptions& options_;
  Exchange exchange_;
  std::unique_ptr<State> state_;  // or null
  KnownSource known_;
  PullReport report_;
  Page page_;
  std::vector<std::string> digests_;
  std::string etag_;
  std::string modified_;
  bool conditional_ = false;
  std::int64_t started_ = 0;
  bool noted_ = false;  // in the state
};

}  // namespace

Result<PullReport> pull(const PullSource& source, const PullOptions& options) {
  if (options.state.empty() && (source.since || source.breaker))
    return Failure{FailureCode::source_needs_state,
                   {source.name, source.since ? "since" : "breaker"}};
  TRAMA_TRY(Exchange exchange,
            Exchange::make(source, {options.allow_private, options.seed, options.stop}));
  std::unique_ptr<State> state;
  if (!options.state.empty()) {
    TRAMA_TRY(state, State::open(options.state, Database::Use::write));
  }
  return Pulling(source, options, std::move(exchange), std::move(state)).run();
}

Result<std::string> first_request(const PullSource& source, std::optional<std::int64_t> since) {
  TRAMA_TRY(const HttpClient client, HttpClient::make({}));  // URLs are read by libcurl
  const Authorizer authorizer = Authorizer::masked(source.authorization);
  HttpRequest request = Pager(source, since).first();
  authorizer.add_to(request, milliseconds_now());
  return shown_request(request, authorizer);
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
