// Authorizer: what a request carries so that a server knows who asks. Secrets come from the environment,
// and nothing else of trama shows them: mask() takes them out of what is written or told.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/client.h"
#include "service/service.h"

namespace trama {

class Authorizer {
 public:
  /// `authorization` outlives this. secret_unset: a variable of it is not set.
  static Result<Authorizer> make(const Authorization& authorization);
  /// The same without its secrets, to show what would be asked: each is written as kMasked.
  static Authorizer masked(const Authorization& authorization);

  /// Whether a token is to be fetched first: there is none, or it ends within a moment. `now`: milliseconds
  /// since 1970.
  [[nodiscard]] bool needs_token(std::int64_t now) const noexcept;
  /// The request for one (RFC 6749 §4.4.2).
  [[nodiscard]] HttpRequest token_request() const;
  /// What the server answered. Gives what is wrong with it, or an empty phrase.
  Phrase take_token(std::string_view body, std::int64_t now);
  /// The server refuses it (401). False: that is no reason to fetch another.
  bool give_up_token() noexcept;

  /// Adds what a request carries. `now`: milliseconds since 1970, which signatures hold.
  void add_to(HttpRequest& request, std::int64_t now) const;

  /// `text` with kMasked for every secret in it, and for values of the query of a URL that are called like
  /// one.
  [[nodiscard]] std::string mask(std::string_view text) const;
  [[nodiscard]] std::string mask_url(const std::string& url) const;

  static constexpr std::string_view kMasked = "***";

 private:
  explicit Authorizer(const Authorization& authorization) : authorization_(&authorization) {}
  [[nodiscard]] std::string signed_text(const HttpRequest& request, const std::string& time) const;

  const Authorization* authorization_;
  std::string secret_;
  std::string key_;
  std::string token_;
  std::string last_token_;
  std::int64_t token_until_ = 0;  // milliseconds; 0: no end is known
  std::vector<std::string> hidden_;
};

}  // namespace trama
