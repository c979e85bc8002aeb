// A service: what sources, which are pulled, and targets, which are pushed to, have in common: who asks,
// how often, and what is done where the server fails.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/client.h"
#include "http/retry.h"

namespace trama {

/// How a request says who asks. The names are those of variables of the environment.
struct Authorization {
  enum class Kind : std::uint8_t { none, bearer, basic, header, query, oauth2, signature };
  Kind kind = Kind::none;
  std::string secret_env;
  std::string key_env;  // of signature
  std::string user;     // of basic; of oauth2 the client
  std::string name;     // of header and query
  std::string token_url;
  std::string scope;
  bool hmac = false;  // of signature: HMAC-SHA-256, else the SHA-256 of `over`
  std::string over;   // {key}, {secret}, {time}, {method} and {path}, with marks between them
  std::vector<std::pair<std::string, std::string>> headers{};  // {key}, {time} and {signature}
};

struct RateRule {
  std::uint64_t per_second = 0;  // 0: as fast as answers come
  std::string remaining;         // the headers, in small letters
  std::string reset;
  bool reset_is_epoch = false;
};

/// Milliseconds.
struct BreakerRule {
  std::uint64_t failures = 5;
  std::int64_t within = 60'000;
  std::int64_t open_for = 1'800'000;
};

/// How long one request may take, in milliseconds.
struct RequestTimes {
  std::int64_t connect = 10'000;
  std::int64_t silence = 60'000;
  std::int64_t request = 3'600'000;
};

struct Service {
  std::string name;
  std::string url;
  HttpHeaders headers{};  // names as they are written
  std::string ca_file;
  std::string proxy;  // http://host:port
  Authorization authorization{};
  RetryPolicy retry{};
  RateRule rate{};
  std::optional<BreakerRule> breaker{};
  RequestTimes times{};
};

}  // namespace trama
