// HttpClient: one request after the other to servers, over connections that are kept open. It follows
// redirects only within a server, connects to public addresses only unless told otherwise, and
// decides nothing about trying again (http/retry).

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "base/result.h"
#include "base/stop_flag.h"

namespace trama {

/// `name` of an answer is in small letters.
struct HttpHeader {
  std::string name;
  std::string value;
};
using HttpHeaders = std::vector<HttpHeader>;

/// The value of the first header of that name (in small letters), or "".
std::string_view value_of(const HttpHeaders& headers, std::string_view name) noexcept;

/// Whether a header may be called so (RFC 9110 §5.6.2, a token).
bool is_header_name(std::string_view text) noexcept;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string body;  // of all but GET and DELETE; of this one where it is not empty
  // Not over a connection that is open: where it is closed by now, libcurl asks again by itself.
  bool once = false;
};

struct HttpAnswer {
  int status = 0;  // 0: none came
  HttpHeaders headers;
  std::string url;          // that gave it, behind redirects
  std::string error;        // what an answer other than 200 says, its beginning
  std::uint64_t bytes = 0;  // of the body, unpacked
};

enum class HttpTrouble : std::uint8_t {
  none,         // a whole answer, whatever its status
  no_answer,    // no connection, none in time, or one that was cut off: it may come another time
  certificate,  // the server is not who it should be
  address,      // it is in a network of one's own
  redirect,     // to another server, or too often
  too_large,
  stopped,  // as the StopFlag says
  failed,   // who takes the body could not
};

struct HttpEnd {
  HttpTrouble trouble = HttpTrouble::none;
  Phrase why;         // of no_answer and certificate what was wrong; the address; the other server
  bool sent = false;  // the request, so that the server may have heard it
  bool headed = false;  // the headers of the answer are whole
  HttpAnswer answer;
  std::optional<Failure> failure;  // of who takes the body
};

struct HttpOptions {
  std::string ca_file;         // certificates of authorities, instead of the system's
  std::string proxy;           // "": none, whatever the environment says
  bool allow_private = false;  // addresses that are not public
  std::int64_t connect_ms = 10'000;
  std::int64_t silence_ms = 60'000;  // without a byte
  std::int64_t request_ms = 3'600'000;
  const StopFlag* stop = &kNeverStopped;
};

class HttpClient {
 public:
  /// http_unavailable.
  static Result<HttpClient> make(HttpOptions options);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  using Take = std::function<Result<void>(std::string_view bytes)>;
  /// `take`: the body of an answer with status 200, piece by piece, no more than `most` bytes. What it
  /// was given of an answer that does not come to its end is for nothing.
  HttpEnd send(const HttpRequest& request, std::uint64_t most, const Take& take);

 private:
  struct Connection;
  explicit HttpClient(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace trama
