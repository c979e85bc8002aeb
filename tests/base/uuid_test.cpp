#include "base/uuid.h"

#include <doctest/doctest.h>

using namespace trama;  // NOLINT(google-build-using-namespace): a test

// The namespace of domain names, and the example of RFC 9562, appendix A.4;
// the others by Python's uuid module.
TEST_CASE("uuid5: known names") {
  constexpr std::string_view kDns(
      "\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8", 16);
  CHECK(uuid5(kDns, "www.example.com") == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  CHECK(uuid5(kDns, "") == "4ebd0208-8328-5d69-8c44-ec50939c0967");
  CHECK(uuid5(kDns, std::string_view("\xC3\xB1\0x", 4)) == "b35107e2-0e2b-5039-adcb-8ecf7718ad1f");
  CHECK(uuid5(kDns, std::string(1000, 'a')) == "062a6b1a-ddc3-5fcc-b238-790846e533d6");
}
