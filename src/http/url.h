// Url: an address of HTTP in its parts (RFC 3986), read and put together by libcurl, so that what is
// checked is what is asked.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trama {

struct Url {
  std::string scheme;  // small letters
  std::string host;
  std::string port;  // the usual one of the scheme where none is written
  std::string path;
  std::string query;  // without its `?`; as it is written
  bool has_user = false;

  /// Whether both are of one server.
  [[nodiscard]] bool same_server(const Url& other) const noexcept {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
  /// localhost, 127.0.0.0/8 or [::1], as it is written.
  [[nodiscard]] bool is_loopback() const noexcept;
};

/// Once libcurl is loaded. Nothing: it is no URL of http or https.
std::optional<Url> read_url(const std::string& text);

/// `reference` (absolute or relative, RFC 3986 §5) as the server at `base` means it, without fragment.
/// Nothing: it is no URL.
std::optional<std::string> resolved_url(const std::string& base, const std::string& reference);

/// Names and values of a query, in their order.
using Query = std::vector<std::pair<std::string, std::string>>;

/// `url` with these in its query, each in the place of one of that name that is there.
std::string with_query(const std::string& url, const Query& query);

/// The query of a URL, unescaped.
Query query_of(const std::string& url);

/// Percent-encoded but for what is unreserved (RFC 3986 §2.3).
std::string percent_encoded(std::string_view text);

/// The URL that a Link header (RFC 8288 §3) gives for rel="next", or nothing.
std::optional<std::string> next_link(std::string_view header);

}  // namespace trama
