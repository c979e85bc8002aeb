#include "http/client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "base/version.h"
#include "http/address.h"
#include "http/curl.h"
#include "http/url.h"

namespace trama {
namespace {

constexpr int kMostRedirects = 5;
constexpr std::size_t kMostHeaderBytes = std::size_t{256} << 10U;
constexpr std::size_t kMostHeaders = 1000;
constexpr std::size_t kKeptOfError = 2048;

std::string_view without_blanks(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl().curl_slist_free_all(list); }
};

}  // namespace

bool is_header_name(std::string_view text) noexcept {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || kMarks.find(c) != std::string_view::npos;
  });
}

std::string_view value_of(const HttpHeaders& headers, std::string_view name) noexcept {
  for (const HttpHeader& header : headers)
    if (header.name == name) return header.value;
  return {};
}

/// A handle of libcurl, and what its callbacks of the request at hand write to.
struct HttpClient::Connection {
  explicit Connection(HttpOptions stated) : options(std::move(stated)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (handle != nullptr) curl().curl_easy_cleanup(handle);
  }

  template <typename Value>
  void set(CURLoption option, Value value) {
    curl().curl_easy_setopt(handle, option, value);
  }

  /// What `call` gives; where it throws, `failed`, and perform() throws it.
  template <typename Value, typename Call>
  Value guarded(Value failed, Call call) noexcept {
    try {
      return call();
    } catch (...) {
      thrown = std::current_exception();
      return failed;
    }
  }

  static std::size_t on_header(char* text, std::size_t one, std::size_t count, void* self) {
    auto* const at = static_cast<Connection*>(self);
    const std::size_t size = one * count;
    return at->guarded(std::size_t{0}, [&] { return at->header({text, size}) ? size : 0; });
  }
  static std::size_t on_body(char* text, std::size_t one, std::size_t count, void* self) {
    auto* const at = static_cast<Connection*>(self);
    const std::size_t size = one * count;
    return at->guarded(std::size_t{0}, [&] { return at->body({text, size}) ? size : 0; });
  }
  static int on_progress(void* self, curl_off_t /*all*/, curl_off_t now, curl_off_t /*up*/,
                         curl_off_t up) {
    return static_cast<Connection*>(self)->goes_on(now + up) ? 0 : 1;
  }
  static curl_socket_t on_socket(void* self, curlsocktype /*use*/, curl_sockaddr* address) {
    Connection& connection = *static_cast<Connection*>(self);
    // A proxy connects by itself, to where it may.
    const bool any = connection.options.allow_private || !connection.options.proxy.empty();
    if (!any && !is_public(address->addr)) {
      return connection.guarded(CURL_SOCKET_BAD, [&] {
        connection.refused_address = written(address->addr);
        return CURL_SOCKET_BAD;
      });
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  /// `bytes`: that went either way. Called once a second at least.
  bool goes_on(curl_off_t bytes) {
    if (options.stop->asked() != 0) return false;
    const auto now = std::chrono::steady_clock::now();
    if (bytes != seen_bytes || header_bytes != seen_header_bytes) {
      seen_bytes = bytes;
      seen_header_bytes = header_bytes;
      seen = now;
    }
    silent = now - seen > std::chrono::milliseconds(options.silence_ms);
    return !silent;
  }

  bool header(std::string_view line) {
    if (line == "\r\n" || line == "\n") headers_whole = true;
    if (line.starts_with("HTTP/")) {  // of each answer, 100 (Continue) among them
      end.answer.headers.clear();
      headers_whole = false;
      header_count = 0;
      const std::size_t blank = line.find(' ');
      end.answer.status = 0;
      if (blank != std::string_view::npos)
        for (const char c : line.substr(blank + 1, 3))
          if (is_digit(c)) end.answer.status = end.answer.status * 10 + (c - '0');
      return true;
    }
    header_bytes += line.size();
    if (header_bytes > kMostHeaderBytes) return false;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    if (++header_count > kMostHeaders) return false;
    if (!is_header_name(line.substr(0, colon))) return true;  // no header
    HttpHeader header{std::string(line.substr(0, colon)),
                      std::string(without_blanks(line.substr(colon + 1)))};
    for (char& c : header.name) c = small_letter(c);
    // libcurl goes by the end of the connection where it cannot read this one.
    constexpr std::size_t kMostDigits = 18;
    if (header.name == "content-length" &&
        (header.value.empty() || header.value.size() > kMostDigits ||
         header.value.find_first_not_of("0123456789") != std::string::npos))
      return false;
    end.answer.headers.push_back(std::move(header));
    return true;
  }

  bool body(std::string_view bytes) {
    HttpAnswer& answer = end.answer;
    if (answer.status != 200) {
      answer.error += bytes.substr(0, kKeptOfError - std::min(answer.error.size(), kKeptOfError));
      answer.bytes += bytes.size();
      enough = answer.bytes > kMostHeaderBytes;  // of what is for nothing
      return !enough;
    }
    if (bytes.size() > most - answer.bytes) {
      end.trouble = HttpTrouble::too_large;
      return false;
    }
    answer.bytes += bytes.size();
    Result<void> taken = (*take)(bytes);
    if (taken.ok()) return true;
    end.trouble = HttpTrouble::failed;
    end.failure = std::move(taken.failure());
    return false;
  }

  void prepare(const HttpRequest& request, const curl_slist* headers) {
    curl().curl_easy_reset(handle);  // connections stay
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    set(CURLOPT_USERAGENT, agent.c_str());
    set(CURLOPT_PROXY, options.proxy.c_str());
    set(CURLOPT_NOPROXY, "");
    set(CURLOPT_QUICK_EXIT, 1L);  // no wait for a name server that does not answer
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_ms));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.request_ms));
    set(CURLOPT_ERRORBUFFER, words);
    set(CURLOPT_HEADERFUNCTION, &Connection::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Connection::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Connection::on_progress);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_OPENSOCKETFUNCTION, &Connection::on_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    if (!options.ca_file.empty()) {
      set(CURLOPT_CAINFO, options.ca_file.c_str());
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (request.once) set(CURLOPT_FRESH_CONNECT, 1L);
    if (request.method == "GET") return;
    set(CURLOPT_POST, 1L);
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (request.method == "DELETE" && request.body.empty()) {
      set(CURLOPT_HTTPGET, 1L);  // no body, and nothing said of its size or type
      set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
      return;
    }
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str());
  }

  /// One request, without redirects.
  void perform(const HttpRequest& request) {
    end = {};
    end.answer.url = request.url;
    refused_address.clear();
    header_bytes = 0;
    headers_whole = false;
    silent = false;
    enough = false;
    seen_bytes = 0;
    seen_header_bytes = 0;
    seen = std::chrono::steady_clock::now();
    words[0] = '\0';
    std::unique_ptr<curl_slist, FreeList> headers;
    const auto add = [&headers](const std::string& line) {
      curl_slist* const longer = curl().curl_slist_append(headers.get(), line.c_str());
      if (longer == nullptr) throw std::bad_alloc();
      (void)headers.release();
      headers.reset(longer);
    };
    for (const HttpHeader& header : request.headers)  // without a value it is written so
      add(header.value.empty() ? header.name + ';' : header.name + ": " + header.value);
    add("Expect:");  // no wait for 100 (Continue)
    prepare(request, headers.get());
    const CURLcode code = curl().curl_easy_perform(handle);
    if (thrown) std::rethrow_exception(std::exchange(thrown, nullptr));
    long sent = 0;
    curl().curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
    end.sent = end.sent || sent > 0;
    end.headed = headers_whole && end.answer.status >= 200;
    if (end.trouble != HttpTrouble::none || (code == CURLE_WRITE_ERROR && enough)) return;
    if (code != CURLE_OK) {
      explain(code);
    } else if (!headers_whole) {  // which libcurl takes for an empty body
      end.trouble = HttpTrouble::no_answer;
      end.why = PhraseCode::http_cut_headers;
    }
  }

  void explain(CURLcode code) {
    const std::string said = words[0] != '\0' ? words : curl().curl_easy_strerror(code);
    if (options.stop->asked() != 0) {
      end.trouble = HttpTrouble::stopped;
    } else if (code == CURLE_COULDNT_CONNECT && !refused_address.empty()) {
      end.trouble = HttpTrouble::address;
      end.why = refused_address;
    } else if (silent) {
      end.trouble = HttpTrouble::no_answer;
      end.why = {PhraseCode::http_silent, {std::to_string(options.silence_ms / 1000)}};
    } else {
      const bool certificate = code == CURLE_PEER_FAILED_VERIFICATION ||
                               code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR ||
                               code == CURLE_SSL_INVALIDCERTSTATUS;
      end.trouble = certificate ? HttpTrouble::certificate : HttpTrouble::no_answer;
      end.why = said;
    }
  }

  HttpOptions options;
  CURL* handle = nullptr;
  HttpEnd end;
  const Take* take = nullptr;
  std::uint64_t most = 0;
  std::size_t header_bytes = 0;  // of all answers of a request
  std::size_t header_count = 0;
  bool headers_whole = false;
  bool silent = false;
  bool enough = false;
  std::exception_ptr thrown;  // by a callback, of which libcurl knows nothing
  curl_off_t seen_bytes = 0;  // when something came or went last
  std::size_t seen_header_bytes = 0;
  std::chrono::steady_clock::time_point seen;
  std::string agent = "trama/" + std::string(version());
  std::string refused_address;
  char words[CURL_ERROR_SIZE] = {};
};

HttpClient::HttpClient(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::make(HttpOptions options) {
  TRAMA_TRY_VOID(load_curl());
  auto connection = std::make_unique<Connection>(std::move(options));
  connection->handle = curl().curl_easy_init();
  if (connection->handle == nullptr) throw std::bad_alloc();
  return HttpClient(std::move(connection));
}

HttpEnd HttpClient::send(const HttpRequest& request, std::uint64_t most, const Take& take) {
  Connection& connection = *connection_;
  connection.take = &take;
  connection.most = most;
  HttpRequest at = request;
  const std::optional<Url> first = read_url(request.url);
  for (int redirects = 0;; ++redirects) {
    connection.perform(at);
    HttpEnd end = std::move(connection.end);
    if (end.trouble != HttpTrouble::none || !is_redirect(end.answer.status)) return end;
    const std::string_view location = value_of(end.answer.headers, "location");
    const std::optional<std::string> to = resolved_url(at.url, std::string(location));
    const std::optional<Url> other = to ? read_url(*to) : std::nullopt;
    end.trouble = HttpTrouble::redirect;
    end.why = other ? Phrase(other->scheme + "://" + other->host + ':' + other->port)
                    : Phrase(PhraseCode::http_no_url);
    if (!other || !first || !other->same_server(*first)) return end;
    if (redirects == kMostRedirects) {
      end.why = {PhraseCode::http_redirects, {std::to_string(redirects)}};
      return end;
    }
    // RFC 9110 §15.4: only 307 and 308 say that it is to be asked in the same way.
    if (at.method != "GET" && end.answer.status != 307 && end.answer.status != 308) {
      end.why = {PhraseCode::http_redirect_method, {*to}};
      return end;
    }
    at.url = *to;
  }
}

}  // namespace trama
