// The code sets, counted and at their edges.
#include "value/code_sets.h"

#include <doctest/doctest.h>

#include <string>

using namespace trama;

namespace {

/// How many codes of `size` capitals `holds` takes.
template <typename Holds>
int count(int size, Holds holds) {
  int found = 0;
  std::string code(static_cast<std::size_t>(size), 'A');
  while (true) {
    found += holds(code) ? 1 : 0;
    std::size_t at = code.size();
    while (at > 0 && code[at - 1] == 'Z') code[--at] = 'A';
    if (at == 0) return found;
    ++code[at - 1];
  }
}

}  // namespace

TEST_CASE("code sets: as many as the standards list") {
  CHECK(count(2, [](const std::string& code) { return is_country(code); }) == 249);
  const auto active = [](const std::string& code) {
    return is_currency(code) && currency_withdrawn(code) == 0;
  };
  CHECK(count(3, active) == 178);
  CHECK(count(3, [&](const std::string& c) { return active(c) && currency_decimals(c) >= 0; }) ==
        165);
  CHECK(count(3, [](const std::string& code) { return currency_withdrawn(code) != 0; }) == 129);
}

TEST_CASE("is_country: officially assigned and in capitals") {
  for (const char* code : {"ES", "CO", "NA", "NO", "GB", "AX", "ZW", "SS", "BQ"}) {
    INFO(code);
    CHECK(is_country(code));
  }
  for (const char* code :
       {"", "E", "ESP", "es", "Es", "UK", "EU", "XK", "AN", "ZZ", "00", "\xC3\x91"}) {
    INFO(code);
    CHECK_FALSE(is_country(code));
  }
}

TEST_CASE("currency_decimals: ISO 4217 minor units") {
  struct Case {
    std::string_view code;
    int decimals;
  };
  static constexpr Case kCases[] = {
      {"EUR", 2}, {"USD", 2},  {"COP", 2},  {"IDR", 2},  {"VES", 2},  {"VED", 2},
      {"SLE", 2}, {"XCG", 2},  {"ZWG", 2},  {"CLP", 0},  {"JPY", 0},  {"PYG", 0},
      {"KRW", 0}, {"UYI", 0},  {"BHD", 3},  {"KWD", 3},  {"TND", 3},  {"CLF", 4},
      {"UYW", 4}, {"XAU", -1}, {"XXX", -1}, {"BGN", 2},  {"HRK", 2},  {"eur", -1},
      {"ITL", 0}, {"BYR", 0},  {"TRL", 0},  {"XFU", -1}, {"QQQ", -1},
  };
  for (const Case& c : kCases) {
    INFO(c.code);
    CHECK(currency_decimals(c.code) == c.decimals);
  }
}

TEST_CASE("is_currency: active and withdrawn codes") {
  for (const char* code : {"EUR", "XAU", "XTS", "XDR", "CHE", "HRK", "ITL"})
    CHECK(is_currency(code));
  for (const char* code : {"", "EU", "EURO", "eur", "AAA", "978", "hrk"}) {
    INFO(code);
    CHECK_FALSE(is_currency(code));
  }
}

TEST_CASE("currency_withdrawn: the year of List Three") {
  struct Case {
    std::string_view code;
    int year;
  };
  static constexpr Case kCases[] = {
      {"HRK", 2023}, {"BGN", 2026}, {"ANG", 2025}, {"ZWL", 2024}, {"VEF", 2018}, {"DEM", 2002},
      {"ZWD", 2008}, {"RUR", 2004}, {"EUR", 0},    {"TRY", 0},    {"MWK", 0},    {"AAA", 0},
      {"", 0},
  };
  for (const Case& c : kCases) {
    INFO(c.code);
    CHECK(currency_withdrawn(c.code) == c.year);
  }
}
