#include "step/uri.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace trama;  // NOLINT(google-build-using-namespace): a test

TEST_CASE("uri: the authority, by the grammar of RFC 3986 section 3.2") {
  struct Case {
    std::string_view text;
    bool right;
    std::string_view host, port, user;
  };
  static constexpr Case kCases[] = {
      {"example.org", true, "example.org", "", ""},
      {"", true, "", "", ""},
      {"example.org:", true, "example.org", "", ""},
      {"example.org:8080", true, "example.org", "8080", ""},
      {"ana:clave@example.org:80", true, "example.org", "80", "ana:clave"},
      {"@example.org", true, "example.org", "", ""},
      {"a!$&'()*+,;=b", true, "a!$&'()*+,;=b", "", ""},
      {"a%20b", true, "a%20b", "", ""},
      {"-.~_!$&'()*+,;=:%40:80%2f::::::@example.com", true, "example.com", "",
       "-.~_!$&'()*+,;=:%40:80%2f::::::"},
      {"[2001:db8::7]:443", true, "[2001:db8::7]", "443", ""},
      {"[v1.fe:x]", true, "[v1.fe:x]", "", ""},
      {"example.com:abc", false, "", "", ""},
      {"example.com:80:80", false, "", "", ""},
      {"example.com:-1", false, "", "", ""},
      {"[@example.org", false, "", "", ""},
      {"a@b@example.org", false, "", "", ""},
      {"a[b]@example.org", false, "", "", ""},
      {"[::1", false, "", "", ""},
      {"::1]", false, "", "", ""},
      {"[::1]a", false, "", "", ""},
      {"x[::1]", false, "", "", ""},
      {"a%2", false, "", "", ""},
      {"a%zz", false, "", "", ""},
      {"a b", false, "", "", ""},
      {"ñ.example", false, "", "", ""},
      {"[]", false, "", "", ""},
      {"[v.x]", false, "", "", ""},
      {"[v1.]", false, "", "", ""},
      {"[vg.x]", false, "", "", ""},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    UriAuthority authority;
    CHECK(read_authority(c.text, authority) == c.right);
    if (!c.right) continue;
    CHECK(authority.host == c.host);
    CHECK(authority.port == c.port);
    CHECK(authority.user == c.user);
  }
}

TEST_CASE("uri: IPv6 addresses, by the grammar of RFC 3986 section 3.2.2") {
  struct Case {
    std::string_view text;
    bool right;
  };
  static constexpr Case kCases[] = {
      {"1:2:3:4:5:6:7:8", true},
      {"1:2:3:4:5:6:192.0.2.1", true},
      {"::", true},
      {"::1", true},
      {"1::", true},
      {"1::8", true},
      {"1:2:3:4:5:6:7::", true},
      {"::2:3:4:5:6:7:8", true},
      {"1::4:5:6:7:8", true},
      {"::ffff:192.0.2.1", true},
      {"64:ff9b::192.0.2.33", true},
      {"ABCD:ef01::1", true},
      {"1:2:3:4:5:6:7", false},
      {"1:2:3:4:5:6:7:8:9", false},
      {"1:2:3:4:5:6:7:8::", false},
      {"::1:2:3:4:5:6:7:8", false},
      {"1::2::3", false},
      {":::", false},
      {":1", false},
      {"1:", false},
      {"12345::1", false},
      {"g::1", false},
      {"1:2:3:4:5:6:7:192.0.2.1", false},
      {"192.0.2.1", false},
      {"::192.0.2", false},
      {"::192.0.2.256", false},
      {"::192.0.02.1", false},
      {"::192.0.2.1.1", false},
      {"192.0.2.1::1", false},
      {"fe80::1%25eth0", false},
      {"1", false},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    UriAuthority authority;
    const bool right = read_authority("[" + std::string(c.text) + "]", authority) &&
                       authority.kind == UriAuthority::Host::address;
    CHECK(right == c.right);
  }
}

TEST_CASE("uri: as a whole") {
  struct Case {
    std::string_view text;
    bool right;
  };
  static constexpr Case kCases[] = {
      {"http://example.com/path?q=1#f", true},
      {"mailto:John.Doe@example.com", true},
      {"urn:x:1", true},
      {"file:///etc/hosts", true},
      {"tel:+1-816-555-1212", true},
      {"a:", true},
      {"z39.50r+x-1:a", true},
      {"ldap://[2001:db8::7]/c=GB?objectClass?one", true},
      {"http://example.com:abc/path", false},
      {"http://[@example.org/t.txt", false},
      {"http://[::1/x", false},
      {"http://a/[x]", false},
      {"http://a/b#c#d", false},
      {"http://a/b c", false},
      {"http://a/%zz", false},
      {"http://a/%2", false},
      {"mailto:ñ@a", false},
      {"//a/b", false},
      {"/a", false},
      {"1a:b", false},
      {":a", false},
      {"a b:c", false},
      {"", false},
  };
  for (const Case& c : kCases) {
    INFO(c.text);
    CHECK(is_uri(c.text) == c.right);
  }
}
