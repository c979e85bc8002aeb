// HMAC-SHA-256 and the schemes of signatures; events as a whole: tests/verify_test.py.

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/hmac.h"
#include "signature/scheme.h"

namespace trama {
namespace {

std::string hex(const HmacDigest& digest) {
  std::string out;
  for (const std::uint8_t byte : digest) {
    out += "0123456789abcdef"[byte >> 4U];
    out += "0123456789abcdef"[byte & 15U];
  }
  return out;
}

const SchemeText& known(std::string_view name) {
  for (const SchemeText& one : known_schemes())
    if (one.name == name) return one;
  FAIL("no such scheme");
  return known_schemes().front();
}

using Kind = SignatureVerdict::Kind;

/// What becomes of an event whose secrets are these.
SignatureVerdict verdict(const SchemeText& text, const std::vector<std::string>& secrets,
                         const std::vector<EventHeader>& headers, std::string_view body) {
  static std::vector<Scheme> schemes;  // verdicts point into them
  schemes.reserve(1000);
  const Scheme& scheme = schemes.emplace_back(text);
  std::vector<HmacKey> keys;
  for (const std::string& secret : secrets) {
    auto key = scheme.key_of(secret);
    REQUIRE(key.has_value());
    keys.push_back(std::move(*key));
  }
  return SignatureCheck(scheme, keys).check(headers, body);
}

}  // namespace

TEST_CASE("hmac: the vectors of RFC 4231") {
  const std::string low = [] {
    std::string key;
    for (char c = 1; c <= 25; ++c) key += c;
    return key;
  }();
  struct Case {
    std::string key;
    std::string data;
    std::string_view digest;
  };
  const Case cases[] = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {low, std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The "
       "key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const Case& c : cases) {
    const HmacKey key(c.key);
    for (std::size_t cut : {std::size_t{0}, c.data.size() / 2}) {
      const std::string_view parts[] = {std::string_view(c.data).substr(0, cut),
                                        std::string_view(c.data).substr(cut)};
      CHECK(hex(key.sign(parts)) == c.digest);  // the second time: it has begun anew
    }
  }
}

TEST_CASE("hmac: equal is equal, and a secret is gone once it is wiped") {
  CHECK(equal_in_constant_time("", ""));
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "ab"));
  std::string secret = "secret";
  const char* const bytes = secret.data();
  wipe(secret);
  CHECK(secret.empty());
  CHECK(bytes[1] == '\0');  // the bytes are still the string's
}

TEST_CASE("schemes: what providers publish") {
  const SignatureVerdict github =
      verdict(known("github"), {"It's a Secret to Everybody"},
              {{"x-hub-signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
              "Hello, World!");
  CHECK(github.kind == Kind::fits);
  CHECK_FALSE(github.signed_at.has_value());

  for (const std::string secret :
       {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
    const SignatureVerdict standard =
        verdict(known("standard-webhooks"), {"whsec_AAAA", secret},
                {{"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
                 {"Webhook-Timestamp", "1614265330"},
                 {"WEBHOOK-SIGNATURE", "v1a,x v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}},
                R"({"test": 2432232314})");
    CHECK(standard.kind == Kind::fits);
    CHECK(standard.secret == 1);
    CHECK(standard.signed_at == 1614265330);
  }
}

TEST_CASE("schemes: what cannot be trusted") {
  constexpr SchemeText kOwn{.name = "own",
                            .header = "X-S",
                            .encoding = SignatureEncoding::hex,
                            .prefix = "v1=",
                            .separator = ",",
                            .signed_bytes = "{id}.{timestamp}.{body}",
                            .timestamp_prefix = "t=",
                            .id_header = "X-Id"};
  const HmacKey key("k");
  const std::string_view message[] = {"a.12.3.x"};
  const std::string right = "v1=" + hex(key.sign(message));
  const auto kind = [&](std::string_view id, const std::string& header, std::string_view body) {
    return verdict(kOwn, {"k"}, {{"X-Id", id}, {"X-S", header}}, body).kind;
  };
  CHECK(kind("a", "t=12," + right, "3.x") == Kind::fits);
  CHECK(kind("a", right + ", t=12", "3.x") == Kind::fits);
  CHECK(kind("a", "t=12,v1=00," + right, "3.x") == Kind::fits);
  std::string capitals = right;
  for (char& c : capitals)
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  CHECK(kind("a", "t=12," + capitals, "3.x") == Kind::fits);
  // The same bytes are signed, cut elsewhere.
  CHECK(kind("a.12", "t=3," + right, "x") == Kind::id_wrong);
  CHECK(kind("a", "t=12.3," + right, "x") == Kind::time_wrong);
  CHECK(kind("a", "t=," + right, "3.x") == Kind::time_wrong);
  CHECK(kind("a", "t=-12," + right, "3.x") == Kind::time_wrong);
  CHECK(kind("a", "t=99999999999999999999," + right, "3.x") == Kind::time_wrong);
  CHECK(kind("a", "t=12,t=12," + right, "3.x") == Kind::header_twice);
  CHECK(kind("a", right, "3.x") == Kind::no_part);
  CHECK(kind("a", "t=12,v0=" + right.substr(3), "3.x") == Kind::no_part);
  CHECK(kind("a", "", "3.x") == Kind::no_part);
  CHECK(kind("a", "t=12,v1=", "3.x") == Kind::no_secret);
  CHECK(kind("a", "t=12," + right + "0", "3.x") == Kind::no_secret);
  CHECK(kind("a", "t=12," + right, "3.y") == Kind::no_secret);
  CHECK(kind("b", "t=12," + right, "3.x") == Kind::no_secret);
  CHECK(verdict(kOwn, {"k"}, {{"X-S", "t=12," + right}}, "3.x").kind == Kind::no_header);
  CHECK(verdict(kOwn, {"k"}, {{"X-Id", "a"}}, "3.x").header == "X-S");
  CHECK(verdict(kOwn, {"other", "k"}, {{"X-Id", "a"}, {"x-s", "t=12," + right}}, "3.x").secret ==
        1);
  const std::string header = "t=12," + right;
  CHECK(verdict(kOwn, {"k"}, {{"X-Id", "a"}, {"X-S", header}, {"x-s", header}}, "3.x").kind ==
        Kind::header_twice);
  CHECK(verdict(kOwn, {"k"}, {{"X-Id", "a"}, {"X-ID", "a"}, {"X-S", header}}, "3.x").kind ==
        Kind::header_twice);
}

TEST_CASE("schemes: what may be signed") {
  for (const std::string_view good :
       {"{body}", "{timestamp}.{body}", "v0:{timestamp}:{body}", "{body}|{id}", "a 1 {body} 2"}) {
    std::vector<Scheme::Part> parts;
    CHECK_MESSAGE(Scheme::read_parts(good, parts).empty(), good);
    CHECK_FALSE(parts.empty());
  }
  for (const std::string_view bad :
       {"", "x", "{timestamp}", "{body}{timestamp}", "{id}{body}", "{timestamp}1{body}",
        "{timestamp}.1{body}", "{body}.{body}", "{url}.{body}", "{body", "{}.{body}"}) {
    std::vector<Scheme::Part> parts;
    CHECK_MESSAGE(!Scheme::read_parts(bad, parts).empty(), bad);
  }
}

TEST_CASE("schemes: secrets") {
  const Scheme github(known("github"));
  const Scheme standard(known("standard-webhooks"));
  CHECK_FALSE(github.key_of("").has_value());
  CHECK(github.key_of("x").has_value());
  for (const std::string_view bad : {"", "whsec_", "whsec_a", "whsec_ab c", "not base64"})
    CHECK_FALSE_MESSAGE(standard.key_of(bad).has_value(), bad);
}

TEST_CASE("base64: there and back, and what is none") {
  for (const std::string_view bytes : {"", "a", "ab", "abc", "\xff\x00z"}) {
    std::string text;
    append_base64(text, bytes);
    std::string back;
    CHECK(append_from_base64(back, text));
    CHECK(back == bytes);
  }
  for (const std::string_view bad :
       {"a", "ab", "abc", "a===", "ab=c", "ab c", "ab_-", "====", "YWJj\n"}) {
    std::string out;
    CHECK_FALSE_MESSAGE(append_from_base64(out, bad), bad);
  }
}

}  // namespace trama
