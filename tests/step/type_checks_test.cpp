#include <doctest/doctest.h>

#include <string>

#include "step/run_step.h"

using namespace trama;
using trama::testing::StepRunner;

TEST_CASE("email: edges") {
  using enum Reason;
  const std::string label63(63, 'a');
  struct Case {
    std::string in;
    Reason reason;
  };
  const Case cases[] = {
      {"a@b.co", none},
      {"a.b..c@x-y.example.com", none},
      {".!#$%&'*+/=?^_`{|}~-@b.co", none},
      {"a@" + label63 + ".co", none},
      {"a@" + label63 + "a.co", email_domain},
      {"a@1.2", none},
      {"", email_no_at},
      {"@", email_local},
      {"a@", email_domain},
      {"@b.co", email_local},
      {"a@b", email_no_dot},
      {"a@b.", email_domain},
      {"a@.b", email_domain},
      {"a@b..c", email_domain},
      {"a@-b.co", email_domain},
      {"a@b-.co", email_domain},
      {"a@b.co-", email_domain},
      {"a@b_c.co", email_domain},
      {"a@@b.co", email_no_at},
      {"a@b@c.co", email_no_at},
      {"a@b.co ", email_domain},
      {"a b@c.co", email_local},
      {"josé@c.co", email_local},
      {"jose@niño.co", email_domain},
      {"\"a\"@b.co", email_local},
      {std::string("a\0@b.co", 7), email_local},
      {"a@[127.0.0.1]", email_domain},
  };
  StepRunner runner;
  for (const Case& c : cases) {
    INFO(c.in);
    runner.run(kEmail, nullptr, c.in);
    CHECK(runner.reason == c.reason);
  }
}

TEST_CASE("email: the usual address is judged as byte by byte") {
  // An address of 16 bytes or more may be proved in vectors, a shorter one never is. More letters
  // in front change nothing.
  constexpr std::string_view kBytes = "a7-.@_";
  StepRunner runner;
  for (std::size_t length = 1; length <= 6; ++length) {
    std::string tail(length, kBytes[0]);
    for (bool more = true; more;) {
      runner.run(kEmail, nullptr, "a" + tail);
      const Reason expected = runner.reason;
      for (const std::size_t letters : {15U, 16U, 31U, 58U}) {
        runner.run(kEmail, nullptr, std::string(letters, 'a') + tail);
        if (runner.reason != expected) FAIL_CHECK(letters << " letters before " << tail);
      }
      more = false;
      for (char& c : tail) {  // the next one, as an odometer turns
        const std::size_t at = kBytes.find(c) + 1;
        c = kBytes[at % kBytes.size()];
        if (at < kBytes.size()) {
          more = true;
          break;
        }
      }
    }
  }
}

TEST_CASE("url: edges") {
  using enum Reason;
  struct Case {
    std::string_view in;
    Reason reason;
  };
  constexpr Case kCases[] = {
      {"http://a", none},
      {"HTTPS://A.B./", none},
      {"https://a.b:8080/x?y=z&w=%20#f", none},
      {"https://user:pw@a.b/", none},
      {"https://[2001:db8::1]:443/x", none},
      {"http://a:65535", none},
      {"http://a:", none},
      {"http://a?x", none},
      {"", url_scheme},
      {"http:/a", url_scheme},
      {"ftp://a.b", url_scheme},
      {"javascript:alert(1)", url_scheme},
      {" http://a.b", url_scheme},
      {"http://", url_host},
      {"http:///x", url_host},
      {"http://?x", url_host},
      {"http://.a", url_host},
      {"http://a..b", url_host},
      {"http://a:65536", url_host},
      {"http://a:x", url_host},
      {"http://a:1:2", url_host},
      {"http://[::1", url_host},
      {"http://[1]", url_host},
      {"https://[@example.org/t.txt", url_host},
      {"https://]@example.org/t.txt", url_host},
      {"https://user@name@example.org/", url_host},
      {"http://[::1]x", url_host},
      {"http://[::1]:8o", url_host},
      {"http://[v1.x]/", url_host},
      {"http://a[::1]/", url_host},
      {"http://a!b/", url_host},
      {"http://a b", url_character},
      {"http://a/b c", url_character},
      {"http://a/ñ", url_character},
      {"http://a/%2", url_character},
      {"http://a/%zz", url_character},
      {"http://a/#b#c", url_character},
      {"http://a/[x]", url_character},
      {"http://a/\n", url_character},
      {"http://a/\"", url_character},
  };
  StepRunner runner;
  for (const Case& c : kCases) {
    INFO(c.in);
    runner.run(kUrl, nullptr, c.in);
    CHECK(runner.reason == c.reason);
  }
  CHECK(runner.run(kUrl, nullptr, "http://a/ñ") ==
        "ñ must be written with % and its code in a web address");
}

TEST_CASE("uuid and codes: edges") {
  StepRunner runner;
  const auto good = [&](const StepSpec& spec, std::string_view text) {
    runner.run(spec, nullptr, text);
    return runner.reason == Reason::none;
  };
  CHECK(good(kUuid, "00000000-0000-0000-0000-000000000000"));
  CHECK_FALSE(good(kUuid, "0000000000000-0000-0000-000000000000"));
  CHECK_FALSE(good(kUuid, "g0000000-0000-0000-0000-000000000000"));
  CHECK_FALSE(good(kUuid, "{00000000-0000-0000-0000-00000000000}"));
  CHECK_FALSE(good(kUuid, ""));
  CHECK_FALSE(good(kUuid, "00000000-0000-0000-0000-000000000000 "));
  CHECK(good(kCountry, "CO"));
  CHECK_FALSE(good(kCountry, "CO "));
  CHECK_FALSE(good(kCountry, "XX"));
  CHECK_FALSE(good(kCountry, "COL"));
  CHECK(good(kCurrency, "USD"));
  CHECK(good(kCurrency, "XAU"));
  CHECK_FALSE(good(kCurrency, "US"));
}

TEST_CASE("boolean: edges") {
  StepRunner runner;
  BooleanArgs json;
  CHECK(runner.run(kReadBoolean, &json, "true", Origin::boolean) == "true");
  CHECK(runner.run(kReadBoolean, &json, "False") ==
        "False is neither of the yes words (true) nor of the no words");
  CHECK(runner.run(kReadBoolean, &json, "1", Origin::number) ==
        "1 is neither of the yes words (true) nor of the no words");
  BooleanArgs words;
  words.yes = {"Y", "Sí"};
  words.no = {"N", "0"};
  CHECK(runner.run(kReadBoolean, &words, "Sí") == "true");
  CHECK(runner.run(kReadBoolean, &words, "0", Origin::number) == "false");
  CHECK(runner.run(kReadBoolean, &words, "true", Origin::boolean) ==
        "true is neither of the yes words (Y, Sí) nor of the no words");
}

TEST_CASE("duration: edges") {
  StepRunner runner;
  DurationArgs args;
  CHECK(runner.run(kReadDuration, &args, "P0Y0M1DT0H0M0S") == "0m86400s0n");
  CHECK(runner.run(kReadDuration, &args, "PT01H10M") == "0m4200s0n");
  CHECK(runner.run(kReadDuration, &args, "P1Y2M") == "14m0s0n");
  CHECK(runner.run(kReadDuration, &args, "90") == "90 is not a duration of the form PT1H30M");
  args.unit = DurationUnit::minutes;
  CHECK(runner.run(kReadDuration, &args, "225", Origin::number) == "0m13500s0n");
  CHECK(runner.run(kReadDuration, &args, "0.5") == "0m30s0n");
  CHECK(runner.run(kReadDuration, &args, "-5") == "-5 is not a duration of the form 90 (minutes)");
  args.unit = DurationUnit::hours;
  CHECK(runner.run(kReadDuration, &args, "0.3333333333333") == "0m1199s999999999n");
  CHECK(runner.run(kReadDuration, &args, "PT1H") ==
        "PT1H is not a duration of the form 1.5 (hours)");
  args.unit = DurationUnit::seconds;
  CHECK(runner.run(kReadDuration, &args, "1000000000000") == "0m1000000000000s0n");
  CHECK(runner.run(kReadDuration, &args, "1000000000001") ==
        "1000000000001 is not a duration of the form 5400 (seconds)");
  CHECK(runner.run(kReadDuration, &args, "99999999999999999999999999999999999999") ==
        "99999999999999999999999999999999999999 is not a duration of the form 5400 (seconds)");
}
