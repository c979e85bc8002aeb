#include "receive/receive.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include "base/arena.h"
#include "base/base64.h"
#include "base/mutex.h"
#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "base/utf8.h"
#include "engine/event_check.h"
#include "http/address.h"
#include "receive/event_store.h"
#include "receive/event_writer.h"
#include "receive/microhttpd.h"
#include "receive/receive_counts.h"
#include "report/json_out.h"
#include "report/shown_text.h"
#include "run/run.h"
#include "service/service_file.h"
#include "source/source.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kRequestMemory = std::size_t{32} << 10U;  // of the lines of a request
constexpr std::int64_t kRequestTime = 60'000'000;  // microseconds, from its first line to its end
constexpr std::int64_t kEndTime = 10'000'000;      // for requests in hand, once it is to end
constexpr std::int64_t kNoteEvery = 1'000'000;
constexpr int kLooksUpEvery = 50;  // milliseconds
/// Of a body that is refused: so much is read so that its sender reads the answer.
constexpr std::uint64_t kMostThrownAway = std::uint64_t{16} << 20U;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kDay = 86'400;  // seconds
constexpr const char* kPlainText = "text/plain; charset=utf-8";

/// Microseconds, of a clock that is never set.
std::int64_t clock_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool read_number(std::string_view text, std::uint64_t& out) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stop == end && !text.empty();
}

union SocketAddress {
  sockaddr any;
  sockaddr_in four;
  sockaddr_in6 six;
};

socklen_t socket_address(const ListenAddress& address, SocketAddress& out) {
  std::memset(&out, 0, sizeof(out));
  if (address.six) {
    out.six.sin6_family = AF_INET6;
    out.six.sin6_port = htons(address.port);
    ::inet_pton(AF_INET6, address.host.c_str(), &out.six.sin6_addr);
    return sizeof(out.six);
  }
  out.four.sin_family = AF_INET;
  out.four.sin_port = htons(address.port);
  ::inet_pton(AF_INET, address.host.c_str(), &out.four.sin_addr);
  return sizeof(out.four);
}

std::string written(const ListenAddress& address) {
  const std::string host = address.six ? '[' + address.host + ']' : address.host;
  return host + ':' + std::to_string(address.port);
}

/// A connection, and until when its request must be complete.
struct Client {
  int socket = -1;
  std::atomic<std::int64_t> until = kNever;
};

/// One request, from its first line to the end of its answer.
struct Request : PendingEvent {
  std::int64_t begun = 0;
  std::string path;
  MHD_Connection* connection = nullptr;
  Client* client = nullptr;
  bool is_event = false;  // it is sent to where events are
  bool has_head = false;
  std::optional<Refusal> refusal{};
  std::uint64_t thrown_away = 0;  // bytes of a body that is refused
  std::string body{};
};

/// One JSON object without its line end.
std::string stored_line(const Receiver& receiver, std::string_view id, const std::string& secret,
                        const std::vector<EventHeader>& headers, std::string_view body,
                        std::int64_t received) {
  JsonOut json;
  json.open('{').key("received_at").text(utc(received)).key("receiver").text(receiver.name);
  json.key("id");
  if (id.empty())
    json.null();
  else
    json.text(id);
  json.key("secret").text(secret).key("headers").open('{');
  std::map<std::string, std::vector<std::string_view>> by_name;
  for (const EventHeader& header : headers)
    by_name[as_utf8(small(header.name))].push_back(header.value);
  for (const auto& [name, values] : by_name) {
    if (name == "authorization" || name == "cookie" || name == "proxy-authorization") continue;
    json.key(name);
    if (values.size() > 1) json.open('[');
    for (const std::string_view value : values) json.text(as_utf8(value));
    if (values.size() > 1) json.close(']');
  }
  json.close('}');
  std::string begin = json.take();
  if (first_invalid_utf8(body) == kValidUtf8) {
    std::string line = begin + ", \"body\": ";
    append_json_string(line, body);
    if (line.size() + 1 <= kMaxRecordBytes) return line + '}';
  }
  begin += ", \"body_base64\": \"";
  append_base64(begin, body);
  return begin + "\"}";
}

class Server {
 public:
  Server(const Receiver& receiver, ReceiveOptions options)
      : receiver_(receiver), options_(std::move(options)), allowance_(full_allowance()) {
    for (std::size_t i = 0; i < receiver_.secrets.size(); ++i) {
      if (!options_.keys[i]) continue;
      keys_.push_back(std::move(*options_.keys[i]));
      secrets_.push_back(&receiver_.secrets[i]);
    }
  }
  ~Server() {
    if (listening_ >= 0) ::close(listening_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Result<ReceiveReport> run() {
    TRAMA_TRY_VOID(load_microhttpd());
    TRAMA_TRY_VOID(listen());
    TRAMA_TRY(store_, EventStore::open(
                          {options_.spool, receiver_.name, receiver_.files, receiver_.remember},
                          milliseconds_now()));
    writer_.emplace(*store_, [this](PendingEvent& event) { done(event); });
    TRAMA_TRY_VOID(start());
    say_beginning();
    while (options_.stop->asked() == 0) turn();
    TRAMA_TRY_VOID(end());
    return report();
  }

 private:
  // ---- beginning and end ----

  Result<void> listen() {
    SocketAddress address{};
    const socklen_t size = socket_address(options_.listen, address);
    const auto failed = [&] {
      return Failure{FailureCode::listen_failed, {written(options_.listen), system_words(errno)}};
    };
    listening_ = ::socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listening_ < 0) return failed();
    const int on = 1;
    ::setsockopt(listening_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (options_.listen.six) ::setsockopt(listening_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (::bind(listening_, &address.any, size) != 0 || ::listen(listening_, SOMAXCONN) != 0)
      return failed();
    socklen_t found = sizeof(address);
    if (::getsockname(listening_, &address.any, &found) != 0) return failed();
    options_.listen.port =
        ntohs(options_.listen.six ? address.six.sin6_port : address.four.sin_port);
    return {};
  }

  Result<void> start() {
    const bool tls = !options_.certificate_file.empty();
    std::vector<MHD_OptionItem> items = {
        {MHD_OPTION_LISTEN_SOCKET, listening_, nullptr},
        {MHD_OPTION_CONNECTION_LIMIT, static_cast<std::intptr_t>(receiver_.limits.connections),
         nullptr},
        {MHD_OPTION_CONNECTION_TIMEOUT, static_cast<std::intptr_t>(receiver_.limits.idle / 1'000),
         nullptr},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, static_cast<std::intptr_t>(kRequestMemory), nullptr},
        {MHD_OPTION_URI_LOG_CALLBACK, reinterpret_cast<std::intptr_t>(&on_first_line), this},
        {MHD_OPTION_NOTIFY_COMPLETED, reinterpret_cast<std::intptr_t>(&on_completed), this},
        {MHD_OPTION_NOTIFY_CONNECTION, reinterpret_cast<std::intptr_t>(&on_connection), this},
    };
    std::string versions = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
    if (tls) {
      items.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, options_.certificate.data()});
      items.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, options_.key.data()});
      items.push_back({MHD_OPTION_HTTPS_PRIORITIES, 0, versions.data()});
    }
    items.push_back({MHD_OPTION_END, 0, nullptr});
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    if (tls) flags |= MHD_USE_TLS;
    if (options_.listen.six) flags |= MHD_USE_IPv6;
    renew_check(milliseconds_now() / 1'000 / kDay);
    daemon_ = microhttpd().MHD_start_daemon(flags, 0, nullptr, nullptr, &on_request, this,
                                            MHD_OPTION_ARRAY, items.data(), MHD_OPTION_END);
    wipe(options_.key);
    if (daemon_ != nullptr) return {};
    if (tls)
      return Failure{FailureCode::certificate_unusable,
                     {options_.certificate_file, options_.key_file}};
    return Failure{FailureCode::listen_failed,
                   {written(options_.listen), PhraseCode::receive_not_started}};
  }

  void say_beginning() {
    const LeftEvents& left = store_->left();
    if (left.files > 0)
      options_.note(
          {PhraseCode::cli_receive_recovered, {grouped(left.events), grouped(left.files)}});
    const std::string url = (options_.certificate_file.empty() ? "http://" : "https://") +
                            written(options_.listen) + receiver_.path;
    options_.note(
        {PhraseCode::cli_receive_listening, {url, receiver_.name, options_.spool + "/new"}});
  }

  void turn() {
    ::poll(nullptr, 0, kLooksUpEvery);
    writer_->wake();
    const std::int64_t now = clock_now();
    if (now - noted_ < kNoteEvery) return;
    noted_ = now;
    end_slow_requests(now);
    note_refused();
    note_trouble();
  }

  Result<void> end() {
    const int socket = microhttpd().MHD_quiesce_daemon(daemon_);
    if (socket >= 0) ::close(std::exchange(listening_, -1));
    ending_ = true;
    for (const std::int64_t last = clock_now() + kEndTime; in_hand_ > 0 && clock_now() < last;)
      turn();
    {
      MutexLock lock(taking_);
      closed_ = true;
    }
    while (writer_->waiting() > 0) turn();
    microhttpd().MHD_stop_daemon(daemon_);
    if (socket < 0) listening_ = -1;  // it closed it
    note_refused();
    return writer_->finish();
  }

  [[nodiscard]] ReceiveReport report() const {
    ReceiveReport report;
    report.accepted = counts_.accepted;
    report.repeated = counts_.repeated;
    for (std::size_t i = 0; i < kRefusals; ++i) {
      const std::uint64_t count = counts_.refused[i];
      if (count == 0) continue;
      report.refused += count;
      report.reasons.emplace_back(answer_of(static_cast<Refusal>(i)).code, count);
    }
    report.files = writer_->files();
    report.bytes = writer_->stored_bytes();
    return report;
  }

  // ---- once a second ----

  void note_refused() {
    std::string counts;
    for (std::size_t i = 0; i < kRefusals; ++i) {
      const std::uint64_t count = counts_.refused[i];
      if (count == told_[i]) continue;
      if (!counts.empty()) counts += ", ";
      counts += answer_of(static_cast<Refusal>(i)).code;
      counts += ' ' + grouped(count - told_[i]);
      told_[i] = count;
    }
    if (!counts.empty()) options_.note({PhraseCode::cli_receive_refused, {std::move(counts)}});
  }

  void note_trouble() {
    const std::optional<Failure> trouble = writer_->trouble();
    if (trouble.has_value() == in_trouble_) return;
    in_trouble_ = trouble.has_value();
    options_.note(trouble ? Phrase(PhraseCode::cli_receive_not_stored,
                                   {Phrase(trouble->code, trouble->values)})
                          : Phrase(PhraseCode::cli_receive_stored_again));
  }

  /// Those that take longer than they may: their sockets are shut, so that they end.
  void end_slow_requests(std::int64_t now) {
    MutexLock lock(clients_mutex_);
    for (Client* const client : clients_) {
      if (client->until > now) continue;
      client->until = kNever;
      ::shutdown(client->socket, SHUT_RDWR);
    }
  }

  // ---- what libmicrohttpd calls, in its one thread; nothing may leave them ----

  static void on_connection(void* self, MHD_Connection* connection, void** context,
                            MHD_ConnectionNotificationCode code) noexcept {
    static_cast<Server*>(self)->connection_changed(connection, context, code);
  }
  static void* on_first_line(void* self, const char* uri, MHD_Connection* connection) noexcept {
    return static_cast<Server*>(self)->begin_request(uri, connection);
  }
  static void on_completed(void* self, MHD_Connection* /*connection*/, void** context,
                           MHD_RequestTerminationCode /*code*/) noexcept {
    static_cast<Server*>(self)->end_request(static_cast<Request*>(*context));
    *context = nullptr;
  }
  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* /*url*/,
                               const char* method, const char* /*version*/, const char* data,
                               std::size_t* size, void** context) noexcept {
    auto* const request = static_cast<Request*>(*context);
    if (request == nullptr) return MHD_NO;
    request->connection = connection;
    return static_cast<Server*>(self)->go_on(*request, method, data, *size);
  }
  static MHD_Result on_header(void* headers, MHD_ValueKind /*kind*/, const char* name,
                              std::size_t name_size, const char* value,
                              std::size_t value_size) noexcept {
    static_cast<std::vector<EventHeader>*>(headers)->push_back(
        {{name, name_size},
         value == nullptr ? std::string_view() : std::string_view(value, value_size)});
    return MHD_YES;
  }

  void connection_changed(MHD_Connection* connection, void** context,
                          MHD_ConnectionNotificationCode code) {
    MutexLock lock(clients_mutex_);
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
      clients_.erase(static_cast<Client*>(*context));
      delete static_cast<Client*>(*context);
      *context = nullptr;
      return;
    }
    const MHD_ConnectionInfo* const info =
        microhttpd().MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    auto client = std::make_unique<Client>();
    client->socket = info == nullptr ? -1 : info->connect_fd;
    client->until = until_next_request();
    clients_.insert(client.get());
    *context = client.release();
  }
  /// For one that has not begun: it may wait, and then it takes what it may take.
  [[nodiscard]] std::int64_t until_next_request() const {
    return clock_now() + receiver_.limits.idle * 1'000 + kRequestTime;
  }

  Request* begin_request(const char* uri, MHD_Connection* connection) {
    auto request = std::make_unique<Request>();
    request->begun = clock_now();
    const std::string_view whole(uri);
    request->path = whole.substr(0, whole.find('?'));
    const MHD_ConnectionInfo* const info =
        microhttpd().MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info != nullptr) request->client = static_cast<Client*>(info->socket_context);
    if (request->client != nullptr) request->client->until = request->begun + kRequestTime;
    ++in_hand_;
    return request.release();
  }

  void end_request(Request* request) {
    if (request == nullptr) return;
    if (request->client != nullptr) request->client->until = until_next_request();
    delete request;
    --in_hand_;
  }

  MHD_Result go_on(Request& request, std::string_view method, const char* data, std::size_t& size) {
    if (!request.has_head) {
      request.has_head = true;
      return begin_body(request, method);
    }
    if (size > 0) {
      const std::string_view part(data, size);
      size = 0;
      return take_body(request, part);
    }
    if (request.outcome != PendingEvent::Outcome::waiting) return answer_event(request);
    if (request.refusal) return refuse(request, *request.refusal);
    if (request.is_event) return take_event(request);
    return answer_question(request);
  }

  // ---- a request ----

  /// Its head is there.
  MHD_Result begin_body(Request& request, std::string_view method) {
    read_headers(request);
    const bool question = request.path == "/healthz" || request.path == "/metrics";
    request.is_event = request.path == receiver_.path;
    const bool right = question ? method == "GET" || method == "HEAD" : method == "POST";
    const FoundHeader length = find_header(headers_, "content-length");
    std::uint64_t bytes = 0;
    if (length.count > 0 && !read_number(length.value, bytes))
      bytes = std::numeric_limits<std::uint64_t>::max();
    if (!question && !request.is_event)
      request.refusal = Refusal::path;
    else if (!right)
      request.refusal = Refusal::method;
    else if (length.count > 1 ||
             (length.count == 1 && find_header(headers_, "transfer-encoding").count > 0))
      request.refusal = Refusal::request;  // where it ends is not certain (RFC 9112 §6.3)
    else if (request.is_event && bytes > receiver_.limits.body_bytes)
      request.refusal = Refusal::too_large;
    else if (request.is_event && !is_allowed())
      request.refusal = Refusal::rate;
    const bool waits = find_header(headers_, "expect").count > 0;
    if (request.refusal && (waits || bytes > receiver_.limits.body_bytes + kMostThrownAway))
      return refuse(request, *request.refusal);
    return MHD_YES;
  }

  MHD_Result take_body(Request& request, std::string_view part) {
    if (!request.refusal && request.body.size() + part.size() > receiver_.limits.body_bytes) {
      request.refusal = Refusal::too_large;
      request.thrown_away = request.body.size();
      request.body.clear();
    }
    if (!request.refusal) {
      request.body += part;
      return MHD_YES;
    }
    request.thrown_away += part.size();
    if (request.thrown_away <= receiver_.limits.body_bytes + kMostThrownAway) return MHD_YES;
    counts_.add(*request.refusal);
    return MHD_NO;  // the connection is closed
  }

  /// A bucket of a second's requests, filled as time goes by.
  bool is_allowed() {
    const std::int64_t now = clock_now();
    const auto rate = static_cast<std::int64_t>(receiver_.limits.per_second);
    const std::int64_t gone = std::min(now - allowed_at_, std::int64_t{1'000'000});
    allowance_ = std::min(allowance_ + gone * rate, full_allowance());
    allowed_at_ = now;
    if (allowance_ < 1'000'000) return false;
    allowance_ -= 1'000'000;
    return true;
  }
  /// In millionths of a request.
  [[nodiscard]] std::int64_t full_allowance() const {
    return static_cast<std::int64_t>(receiver_.limits.per_second) * 1'000'000;
  }

  void read_headers(const Request& request) {
    headers_.clear();
    microhttpd().MHD_get_connection_values_n(request.connection, MHD_HEADER_KIND, &on_header,
                                             &headers_);
  }

  /// From that day (since 1970, UTC) on only the secrets that count on it.
  void renew_check(std::int64_t day) {
    if (day == day_) return;
    day_ = day;
    for (std::size_t i = secrets_.size(); i-- > 0;) {
      if (secrets_[i]->counts_on(day)) continue;
      const auto at = static_cast<std::ptrdiff_t>(i);
      secrets_.erase(secrets_.begin() + at);
      keys_.erase(keys_.begin() + at);
    }
    check_.emplace(receiver_.scheme, keys_, receiver_.id, receiver_.window);
  }

  MHD_Result take_event(Request& request) {
    const std::int64_t now = milliseconds_now();
    renew_check(now / 1'000 / kDay);
    read_headers(request);
    arena_.reset();
    const EventTime received{now / 1'000, static_cast<std::uint32_t>(now % 1'000 * 1'000'000)};
    const EventVerdict verdict = check_->check(headers_, request.body, received, arena_);
    if (!verdict.refused.empty()) return refuse(request, refusal_of(verdict.refused));
    request.id = as_utf8(verdict.id);
    request.line = stored_line(receiver_, request.id, secrets_[verdict.secret]->variable, headers_,
                               request.body, now);
    std::string().swap(request.body);
    const MutexLock lock(taking_);
    if (closed_) return refuse(request, Refusal::not_stored);
    if (request.client != nullptr) request.client->until = kNever;
    microhttpd().MHD_suspend_connection(request.connection);
    writer_->add(request);
    return MHD_YES;
  }

  /// Of the writer's thread.
  void done(PendingEvent& event) {
    if (event.outcome == PendingEvent::Outcome::accepted) {
      ++counts_.accepted;
      counts_.last_event = milliseconds_now();
    } else if (event.outcome == PendingEvent::Outcome::repeated) {
      ++counts_.repeated;
    }
    microhttpd().MHD_resume_connection(static_cast<Request&>(event).connection);
  }

  static Refusal refusal_of(const Phrase& words) {
    switch (static_cast<NoticeCode>(words.row)) {
      case NoticeCode::signature_missing:
      case NoticeCode::signature_part_missing:
        return Refusal::signature_missing;
      case NoticeCode::event_stale:
        return Refusal::event_stale;
      case NoticeCode::event_early:
        return Refusal::event_early;
      case NoticeCode::event_id_long:
        return Refusal::event_id_long;
      case NoticeCode::event_no_id:
      case NoticeCode::event_body_not_json:
        return Refusal::event_invalid;
      default:
        return Refusal::signature_wrong;
    }
  }

  // ---- answers ----

  MHD_Result answer_event(Request& request) {
    if (request.client != nullptr) request.client->until = clock_now() + kRequestTime;
    switch (request.outcome) {
      case PendingEvent::Outcome::accepted:
        return answer(request, MHD_HTTP_ACCEPTED, R"({"status": "accepted"})");
      case PendingEvent::Outcome::repeated:
        return answer(request, MHD_HTTP_OK, R"({"status": "repeated"})");
      default:
        return refuse(request, Refusal::not_stored);
    }
  }

  MHD_Result refuse(Request& request, Refusal refusal) {
    counts_.add(refusal);
    const RefusalAnswer& row = answer_of(refusal);
    Headers headers;
    if (refusal == Refusal::method)
      headers.emplace_back("Allow", request.is_event ? "POST" : "GET, HEAD");
    if (refusal == Refusal::rate) headers.emplace_back("Retry-After", "1");
    if (refusal == Refusal::not_stored) headers.emplace_back("Retry-After", "10");
    if (refusal == Refusal::too_large || refusal == Refusal::request)
      headers.emplace_back("Connection", "close");
    return answer(request, row.status, R"({"error": ")" + std::string(row.code) + R"("})", headers);
  }

  MHD_Result answer_question(Request& request) {
    if (request.path == "/metrics")
      return answer(
          request, MHD_HTTP_OK,
          receive_metrics(receiver_.name, counts_, writer_->waiting(), writer_->stored_bytes()), {},
          "text/plain; version=0.0.4");
    const std::optional<Failure> trouble = writer_->trouble();
    if (!trouble) return answer(request, MHD_HTTP_OK, "ok\n", {}, kPlainText);
    return answer(request, MHD_HTTP_SERVICE_UNAVAILABLE,
                  say(options_.languages.files, *trouble) + '\n', {}, kPlainText);
  }

  using Headers = std::vector<std::pair<const char*, const char*>>;
  MHD_Result answer(Request& request, unsigned status, std::string_view body,
                    const Headers& headers = {}, const char* type = "application/json") {
    if (request.is_event)
      counts_.add_answer(static_cast<std::uint64_t>(clock_now() - request.begun));
    const Microhttpd& http = microhttpd();
    MHD_Response* const response = http.MHD_create_response_from_buffer(
        body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_MUST_COPY);  // NOLINT: it is read
    if (response == nullptr) return MHD_NO;
    http.MHD_add_response_header(response, "Content-Type", type);
    for (const auto& [name, value] : headers) http.MHD_add_response_header(response, name, value);
    if (ending_) http.MHD_add_response_header(response, "Connection", "close");
    const MHD_Result queued = http.MHD_queue_response(request.connection, status, response);
    http.MHD_destroy_response(response);
    return queued;
  }

  const Receiver& receiver_;
  ReceiveOptions options_;
  ReceiveCounts counts_;
  int listening_ = -1;
  MHD_Daemon* daemon_ = nullptr;
  std::unique_ptr<EventStore> store_;
  std::optional<EventWriter> writer_;

  // Of the thread that runs it.
  std::int64_t noted_ = 0;
  std::array<std::uint64_t, kRefusals> told_{};
  bool in_trouble_ = false;

  // Of the thread of libmicrohttpd, once that is started.
  std::vector<HmacKey> keys_;
  std::vector<const ReceiverSecret*> secrets_;
  std::int64_t day_ = std::numeric_limits<std::int64_t>::min();
  std::optional<EventCheck> check_;
  Arena arena_;
  std::vector<EventHeader> headers_;
  std::int64_t allowance_;
  std::int64_t allowed_at_ = clock_now();

  std::atomic<std::uint64_t> in_hand_ = 0;  // requests
  std::atomic<bool> ending_ = false;
  Mutex taking_;
  bool closed_ TRAMA_GUARDED_BY(taking_) = false;  // no event is taken any more
  Mutex clients_mutex_;
  std::set<Client*> clients_ TRAMA_GUARDED_BY(clients_mutex_);
};

}  // namespace

std::optional<ListenAddress> read_listen_address(std::string_view text) {
  ListenAddress address;
  const std::size_t colon = text.rfind(':');
  std::uint64_t port = 0;
  if (colon == std::string_view::npos || !read_number(text.substr(colon + 1), port) ||
      port > std::numeric_limits<std::uint16_t>::max())
    return std::nullopt;
  address.port = static_cast<std::uint16_t>(port);
  std::string_view host = text.substr(0, colon);
  address.six = host.starts_with('[') && host.ends_with(']');
  if (address.six) host = host.substr(1, host.size() - 2);
  address.host = host == "localhost" && !address.six ? "127.0.0.1" : host;
  in6_addr ignored{};
  if (::inet_pton(address.six ? AF_INET6 : AF_INET, address.host.c_str(), &ignored) != 1)
    return std::nullopt;
  return address;
}

bool is_open_to_all(const ListenAddress& address) {
  SocketAddress socket{};
  socket_address(address, socket);
  const bool any = address.six ? IN6_IS_ADDR_UNSPECIFIED(&socket.six.sin6_addr)
                               : socket.four.sin_addr.s_addr == INADDR_ANY;
  return any || is_public(socket.any);
}

Result<ReceiveReport> receive(const Receiver& receiver, ReceiveOptions options) {
  return Server(receiver, std::move(options)).run();
}

}  // namespace trama
