#include "service/authorizer.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/base64.h"
#include "base/hmac.h"
#include "base/phrase_codes.h"
#include "base/sha256.h"
#include "http/url.h"
#include "profile/findings.h"
#include "service/page.h"

namespace trama {
namespace {

constexpr std::int64_t kEarly = 60'000;  // before its end a token is renewed
constexpr std::size_t kLeastHidden = 4;  // shorter texts are everywhere
constexpr std::int64_t kMostTokenSeconds = 366 * std::int64_t{86'400};

std::string variable(const std::string& name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
  const char* const value = name.empty() ? nullptr : std::getenv(name.c_str());
  return value == nullptr ? std::string() : std::string(value);
}

/// Each {place} of `text` as `value` gives it; what is none stays.
template <typename Value>
std::string filled(std::string_view text, Value value) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return out.append(text);
    out += text.substr(0, open);
    out += value(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  return out;
}

std::string base64_of(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

}  // namespace

Result<Authorizer> Authorizer::make(const Authorization& authorization) {
  Authorizer out(authorization);
  const auto need = [](const std::string& name, std::string& value) -> Result<void> {
    if (name.empty()) return {};
    value = variable(name);
    const auto is_control = [](char c) {
      return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
    };
    if (value.empty())
      return Failure{FailureCode::secret_unset, {name, PhraseCode::pull_secret_unset}};
    if (std::any_of(value.begin(), value.end(), is_control))
      return Failure{FailureCode::secret_unset, {name, PhraseCode::pull_secret_lines}};
    return {};
  };
  TRAMA_TRY_VOID(need(authorization.secret_env, out.secret_));
  TRAMA_TRY_VOID(need(authorization.key_env, out.key_));
  const auto hide = [&out](std::string text) {
    if (text.size() >= kLeastHidden) out.hidden_.push_back(std::move(text));
  };
  hide(out.secret_);
  hide(percent_encoded(out.secret_));
  hide(out.key_);
  if (authorization.kind == Authorization::Kind::basic)
    hide(base64_of(authorization.user + ':' + out.secret_));
  if (authorization.kind == Authorization::Kind::oauth2)
    hide(base64_of(percent_encoded(authorization.user) + ':' + percent_encoded(out.secret_)));
  return out;
}

Authorizer Authorizer::masked(const Authorization& authorization) {
  Authorizer out(authorization);
  out.secret_ = kMasked;
  out.key_ = kMasked;
  out.token_ = kMasked;
  return out;
}

bool Authorizer::needs_token(std::int64_t now) const noexcept {
  return authorization_->kind == Authorization::Kind::oauth2 &&
         (token_.empty() || (token_until_ != 0 && now >= token_until_));
}

HttpRequest Authorizer::token_request() const {
  HttpRequest request;
  request.method = "POST";
  request.url = authorization_->token_url;
  // RFC 6749 §2.3.1: both as a form would have them, then as HTTP Basic.
  request.headers = {{"Authorization", "Basic " + base64_of(percent_encoded(authorization_->user) +
                                                            ':' + percent_encoded(secret_))},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = "grant_type=client_credentials";
  if (!authorization_->scope.empty())
    request.body += "&scope=" + percent_encoded(authorization_->scope);
  return request;
}

Phrase Authorizer::take_token(std::string_view body, std::int64_t now) {
  Page page;
  if (Phrase problem = page.read(std::string(body)); !problem.empty()) return problem;
  const auto member = [&page](const char* name) {
    Path path;
    path.steps.push_back({.kind = Path::StepKind::key, .key = name});
    return page.at(path);
  };
  const Node token = member("access_token");
  std::string text = token.kind() == JsonKind::text ? page.text_of(token) : std::string();
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7F'; };  // RFC 6749, appendix A.12
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_plain))
    return PhraseCode::pull_no_token;
  last_token_ = std::exchange(token_, std::move(text));
  token_until_ = 0;
  const Node expires = member("expires_in");
  if (!expires.exists() || expires.kind() == JsonKind::null) return {};
  const std::string digits = page.text_of(expires);
  std::int64_t seconds = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, seconds);
  if (digits.empty() || stop != end || seconds < 0) return {};
  if (error == std::errc::result_out_of_range) seconds = kMostTokenSeconds;
  seconds = std::min(seconds, kMostTokenSeconds);
  // Of a token that lives shorter than two minutes, the half.
  token_until_ = now + seconds * 1000 - std::min(kEarly, seconds * 500);
  return {};
}

bool Authorizer::give_up_token() noexcept {
  if (authorization_->kind != Authorization::Kind::oauth2 || token_.empty()) return false;
  last_token_ = std::exchange(token_, {});
  return true;
}

std::string Authorizer::signed_text(const HttpRequest& request, const std::string& time) const {
  const std::optional<Url> url = read_url(request.url);
  const std::string over = filled(authorization_->over, [&](std::string_view place) {
    if (place == "key") return key_;
    if (place == "secret") return secret_;
    if (place == "time") return time;
    if (place == "method") return request.method;
    return url ? url->path : std::string();
  });
  if (!authorization_->hmac) return sha256(over);
  const std::string_view parts[] = {over};
  const HmacDigest digest = HmacKey(secret_).sign(parts);
  std::string out;
  append_hex(out, {reinterpret_cast<const char*>(digest.data()), digest.size()});
  return out;
}

void Authorizer::add_to(HttpRequest& request, std::int64_t now) const {
  const auto add = [&request](std::string name, std::string value) {
    request.headers.push_back({std::move(name), std::move(value)});
  };
  using enum Authorization::Kind;
  switch (authorization_->kind) {
    case none:
      return;
    case bearer:
      return add("Authorization", "Bearer " + secret_);
    case basic:
      return add("Authorization", secret_ == kMasked
                                      ? "Basic ***"
                                      : "Basic " + base64_of(authorization_->user + ':' + secret_));
    case header:
      return add(authorization_->name, secret_);
    case query:
      request.url = with_query(request.url, {{authorization_->name, secret_}});
      return;
    case oauth2:
      return add("Authorization", "Bearer " + token_);
    case signature:
      break;
  }
  const std::string time = std::to_string(now / 1000);
  const bool shown = secret_ == kMasked;
  const std::string signed_with = shown ? std::string(kMasked) : signed_text(request, time);
  for (const auto& [name, value] : authorization_->headers)
    add(name, filled(value, [&](std::string_view place) {
          return place == "key" ? key_ : place == "time" ? time : signed_with;
        }));
}

std::string Authorizer::mask(std::string_view text) const {
  std::string out(text);
  for (const std::string& secret : hidden_) replace_all(out, secret, kMasked);
  for (const std::string* const token : {&token_, &last_token_})
    if (token->size() >= kLeastHidden) replace_all(out, *token, kMasked);
  return out;
}

std::string Authorizer::mask_url(const std::string& url) const {
  Query masked;
  for (const auto& [name, value] : query_of(url))
    if (!value.empty() && sensitive_name(name, "") == Sensitive::secret_name)
      masked.emplace_back(name, kMasked);
  std::string out = masked.empty() ? url : with_query(url, masked);
  replace_all(out, "%2A%2A%2A", kMasked);
  return mask(out);
}

}  // namespace trama
