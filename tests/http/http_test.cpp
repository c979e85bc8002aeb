// Addresses, URLs, links and waits; requests themselves: tests/pull_test.py, over a server that fails.

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <string>
#include <vector>

#include "http/address.h"
#include "http/curl.h"
#include "http/retry.h"
#include "http/url.h"

namespace trama {
namespace {

bool is_public_text(const char* text) {
  sockaddr_storage storage{};
  auto* const four = reinterpret_cast<sockaddr_in*>(&storage);
  auto* const six = reinterpret_cast<sockaddr_in6*>(&storage);
  if (::inet_pton(AF_INET, text, &four->sin_addr) == 1)
    four->sin_family = AF_INET;
  else if (::inet_pton(AF_INET6, text, &six->sin6_addr) == 1)
    six->sin6_family = AF_INET6;
  else
    FAIL("no address");
  const auto& address = *reinterpret_cast<const sockaddr*>(&storage);
  CHECK(written(address) == text);
  return is_public(address);
}

TEST_CASE("only addresses of the public internet are public") {
  for (const char* const address :
       {"8.8.8.8",        "1.1.1.1",        "9.255.255.255",    "11.0.0.0",
        "100.63.255.255", "100.128.0.0",    "172.15.255.255",   "172.32.0.0",
        "169.253.1.1",    "192.0.3.1",      "192.167.255.255",  "192.169.0.1",
        "198.17.255.255", "198.20.0.0",     "223.255.255.255",  "2606:4700:4700::1111",
        "2a00:1450::1",   "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"}) {
    CAPTURE(address);
    CHECK(is_public_text(address));
  }
  for (const char* const address : {"0.0.0.0",
                                    "10.0.0.1",
                                    "10.255.255.255",
                                    "100.64.0.1",
                                    "100.127.255.255",
                                    "127.0.0.1",
                                    "127.255.255.255",
                                    "169.254.169.254",
                                    "172.16.0.1",
                                    "172.31.255.255",
                                    "192.0.0.1",
                                    "192.0.2.5",
                                    "192.168.1.1",
                                    "198.18.0.1",
                                    "198.19.255.255",
                                    "198.51.100.7",
                                    "203.0.113.9",
                                    "224.0.0.1",
                                    "240.0.0.1",
                                    "255.255.255.255",
                                    "::",
                                    "::1",
                                    "fc00::1",
                                    "fd12:3456::1",
                                    "fe80::1",
                                    "fec0::1",
                                    "ff02::1",
                                    "2001:db8::1",
                                    "2001::1",
                                    "::ffff:10.0.0.1",
                                    "::ffff:127.0.0.1",
                                    "64:ff9b::a00:1",
                                    "2002:a00:1::1",
                                    "2002:7f00:1::1"}) {
    CAPTURE(address);
    CHECK_FALSE(is_public_text(address));
  }
}

TEST_CASE("a URL in its parts, and with other values in its query") {
  REQUIRE(load_curl().ok());
  const std::optional<Url> url = read_url("HTTPS://API.Example.com/v1/a?b=1");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->host == "api.example.com");
  CHECK(url->port == "443");
  CHECK(url->path == "/v1/a");
  CHECK(url->query == "b=1");
  CHECK(read_url("https://a.example:443/x")->same_server(*read_url("https://A.example/y")));
  CHECK_FALSE(read_url("https://a.example:444/x")->same_server(*read_url("https://a.example/y")));
  CHECK_FALSE(read_url("http://a.example/x")->same_server(*read_url("https://a.example/y")));
  for (const char* const wrong : {"", "a", "ftp://a.example/", "file:///etc/passwd", "https://a b/",
                                  "https://a.example/\n", "gopher://a.example"})
    CHECK_FALSE(read_url(wrong));
  CHECK(read_url("http://127.0.0.1:80/")->is_loopback());
  CHECK(read_url("http://[::1]:80/")->is_loopback());
  CHECK_FALSE(read_url("http://127.example.com/")->is_loopback());

  CHECK(with_query("https://a.example/x", {}) == "https://a.example/x");
  CHECK(with_query("https://a.example/x", {{"q", "a b&c=ñ"}}) ==
        "https://a.example/x?q=a%20b%26c%3D%C3%B1");
  CHECK(with_query("https://a.example/x?page=1&size=2", {{"page", "7"}}) ==
        "https://a.example/x?size=2&page=7");
  CHECK(with_query("https://a.example/x?p%61ge=1", {{"page", "7"}}) ==
        "https://a.example/x?page=7");
  const Query query = query_of("https://a.example/x?a=1+2&b=%C3%B1&c&&d=%zz%4");
  REQUIRE(query.size() == 4);
  CHECK(query[0] == std::pair<std::string, std::string>("a", "1 2"));
  CHECK(query[1].second == "ñ");
  CHECK(query[2] == std::pair<std::string, std::string>("c", ""));
  CHECK(query[3].second == "%zz%4");
}

TEST_CASE("a reference is what the server at its base means by it") {
  REQUIRE(load_curl().ok());
  const std::string base = "https://a.example/v1/rooms?page=1";
  CHECK(resolved_url(base, "?page=2") == "https://a.example/v1/rooms?page=2");
  CHECK(resolved_url(base, "/v1/rooms?page=2") == "https://a.example/v1/rooms?page=2");
  CHECK(resolved_url(base, "rooms/2") == "https://a.example/v1/rooms/2");
  CHECK(resolved_url(base, "//b.example/x") == "https://b.example/x");
  CHECK(resolved_url(base, "https://b.example/x#part") == "https://b.example/x");
  CHECK_FALSE(resolved_url(base, ""));
  CHECK_FALSE(resolved_url(base, "https://b example/"));
}

TEST_CASE("the next link of a Link header") {
  struct Case {
    const char* header;
    const char* next;  // "": none
  };
  for (const Case& one :
       std::vector<Case>{{"<https://a.example/2>; rel=\"next\"", "https://a.example/2"},
                         {"<https://a.example/1>; rel=prev, <https://a.example/3>; rel=next",
                          "https://a.example/3"},
                         {"<?page=2>; title=\"a, b; rel=next\"; REL=\"last Next\"", "?page=2"},
                         {"</x>;rel=\"first\", </y> ; rel = \"next\" ; foo", "/y"},
                         {"</x>; rel=\"prev\"; rel=\"next\"", ""},
                         {"</x>; title=\"\\\"next\\\"\"; rel=nextish", ""},
                         {"</x>", ""},
                         {"<unclosed; rel=next", ""},
                         {"", ""},
                         {"rel=next", ""}}) {
    CAPTURE(one.header);
    CHECK(next_link(one.header).value_or("") == one.next);
  }
}

TEST_CASE("waits grow, are cut a little by chance and never go beyond the most") {
  const RetryPolicy policy{
      .attempts = 8, .first_wait = 1000, .times = 2, .at_most = 30'000, .jitter = 25, .budget = 0};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Chance chance(seed);
    std::int64_t whole = 1000;
    for (std::uint64_t failed = 1; failed < 12; ++failed) {
      const std::int64_t wait = wait_after(policy, failed, chance);
      CHECK(wait <= whole);
      CHECK(wait >= whole * 3 / 4);
      whole = std::min<std::int64_t>(whole * 2, 30'000);
    }
  }
  const RetryPolicy even{
      .attempts = 4, .first_wait = 500, .times = 3, .at_most = 2000, .jitter = 0, .budget = 0};
  Chance chance(1);
  CHECK(wait_after(even, 1, chance) == 500);
  CHECK(wait_after(even, 2, chance) == 1500);
  CHECK(wait_after(even, 3, chance) == 2000);
  CHECK(wait_after(even, 1'000'000, chance) == 2000);
  const RetryPolicy constant{
      .attempts = 4, .first_wait = 500, .times = 1, .at_most = 2000, .jitter = 0, .budget = 0};
  CHECK(wait_after(constant, 3, chance) == 500);
}

TEST_CASE("Retry-After in both its forms") {
  REQUIRE(load_curl().ok());
  constexpr std::int64_t kNow = 1'796'000'000'000;
  const auto after = [](const HttpHeaders& headers) {
    return retry_after(headers, kNow).value_or(-1);
  };
  CHECK(after({}) == -1);
  CHECK(after({{"retry-after", "120"}}) == 120'000);
  CHECK(after({{"retry-after", "0"}}) == 0);
  CHECK(after({{"retry-after", "-5"}}) == -1);
  CHECK(after({{"retry-after", "soon"}}) == -1);
  CHECK(after({{"retry-after", "99999999999999999999999"}}) == 366 * std::int64_t{86'400'000});
  // By the server's clock, which is an hour ahead of ours.
  CHECK(after({{"date", "Mon, 30 Nov 2026 22:00:00 GMT"},
               {"retry-after", "Mon, 30 Nov 2026 22:01:30 GMT"}}) == 90'000);
  CHECK(after({{"date", "Mon, 30 Nov 2026 22:00:00 GMT"},
               {"retry-after", "Mon, 30 Nov 2026 21:00:00 GMT"}}) == 0);
  CHECK(after({{"retry-after", "Thu, 01 Jan 1970 00:00:00 GMT"}}) == 0);
}

TEST_CASE("what another attempt may change") {
  for (int status = 100; status < 600; ++status) {
    const bool transient = status == 408 || status == 425 || status == 429 || status == 500 ||
                           status == 502 || status == 503 || status == 504;
    CHECK(is_transient(status) == transient);
  }
}

}  // namespace
}  // namespace trama
