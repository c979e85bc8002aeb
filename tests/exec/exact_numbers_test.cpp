// Numbers through the whole mapping, into CSV and JSON: exact, or refused with a clear code.

#include <doctest/doctest.h>

#include <string>

#include "exec/map_one.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

struct Case {
  std::string words;
  std::string number;    // as in JSON, and between quotes where it is text
  std::string expected;  // in CSV, and in JSON as it stands
};

}  // namespace

TEST_CASE("numbers: exact or refused") {
  const std::string digits38 = "12345678901234567890123456789012345678";
  const std::string digits4000(4000, '7');
  const std::string plain = "from: n, type: decimal";
  const std::string rounded = "from: n, type: decimal, decimals: 2, rounding: half-up";
  const std::string exponents = "from: n, type: decimal, read_number: ['1.5e3', '+1.5']";
  const Case kCases[] = {
      {plain, "12345678901234567.89", "12345678901234567.89"},
      {plain, "0.1", "0.1"},
      {plain, "0.10", "0.10"},
      {plain, "-0.00", "0.00"},
      {plain, "-0", "0"},
      {plain, "0", "0"},
      {plain, "9007199254740993", "9007199254740993"},
      {plain, digits38, digits38},
      {plain, "-0." + digits38.substr(1), "-0." + digits38.substr(1)},
      {plain, digits38 + "9", "NUMBER_TOO_BIG"},
      {plain, digits4000, "NUMBER_TOO_BIG"},
      {plain, "0." + digits4000, "NUMBER_TOO_BIG"},
      {plain, "0.30000000000000000000000000000000004", "0.30000000000000000000000000000000004"},
      {plain, "1e400", "NUMBER_UNREADABLE"},
      {plain, "1E5", "NUMBER_UNREADABLE"},
      {plain, "1e-400", "NUMBER_UNREADABLE"},
      {exponents, "1e400", "NUMBER_TOO_BIG"},
      {exponents, "1e-400", "NUMBER_TOO_BIG"},
      {exponents, "1e99999999999999999999", "NUMBER_TOO_BIG"},
      {exponents, "1.5e3", "1500"},
      {exponents, "25e-1", "2.5"},
      {exponents, "0e400", "0"},
      {rounded, "1250.505", "1250.51"},
      {rounded, "1250.504999999999999999999999999999", "1250.50"},
      {rounded, "-0.004", "0.00"},
      {rounded, "-0.005", "-0.01"},
      {rounded, "99999999999999999999999999999999999.995",
       "100000000000000000000000000000000000.00"},
      {rounded, digits38, "NUMBER_TOO_BIG"},
      {"from: n, type: integer", "5", "5"},
      {"from: n, type: integer", "5.0", "5"},
      {"from: n, type: integer", "5.5", "NUMBER_NEEDS_ROUNDING"},
      {"from: n, type: integer", "-0", "0"},
  };
  for (const Case& c : kCases) {
    INFO(c.words, " of ", c.number.substr(0, 80));
    const bool refused = c.expected.find('_') != std::string::npos;
    for (const std::string& written : {c.number, '"' + c.number + '"'}) {
      CHECK(value_of(c.words, "{\"n\":" + written + "}") == c.expected);
      CHECK(value_of(c.words, "{\"n\":" + written + "}", "ndjson") ==
            (refused ? c.expected : "{\"V\":" + c.expected + "}"));
      CHECK(value_of(c.words, "{\"n\":" + written + "}", "ndjson, numbers_as: text") ==
            (refused ? c.expected : "{\"V\":\"" + c.expected + "\"}"));
    }
  }
  // a column of text keeps the digits, however many
  for (const std::string& number : {digits4000, std::string("1e400"), std::string("-0.00"),
                                    std::string("1E5"), std::string("12345678901234567.89")})
    CHECK(value_of("from: n", "{\"n\":" + number + "}") == number);
}

TEST_CASE("numbers: what only text can be") {
  const std::string plain = "from: n, type: decimal";
  for (const char* text : {"", " "})
    CHECK(value_of(plain, std::string("{\"n\":\"") + text + "\"}") == "");
  for (const char* text :
       {" 12", "12 ",  "1 2",       "+5",    ".5",       "5.",    "-",   "--1",
        "1-",  "0x10", "1_000",     "1,000", "1.000,00", "1.2.3", "NaN", "Infinity",
        "١٢",  "１２", "12\\u00a0", "$5",    "5%",       "1\\n"})
    CHECK_MESSAGE(value_of(plain, std::string("{\"n\":\"") + text + "\"}") == "NUMBER_UNREADABLE",
                  text);
  CHECK(value_of(plain, R"({"n":"007"})") == "7");
  CHECK(value_of(plain, "{\"n\":\"" + std::string(4000, '0') + "7\"}") == "7");
  CHECK(value_of(plain, R"({"n":true})") == "NUMBER_UNREADABLE");
  CHECK(value_of(plain, R"({"n":[1]})") == "WRONG_TYPE");
  CHECK(value_of(plain, R"({"n":{"x":1}})") == "WRONG_TYPE");
  CHECK(value_of("from: n, type: decimal, read_number: ['1234.56', '1.234,56']",
                 R"({"n":"1.250"})") == "NUMBER_AMBIGUOUS");
  CHECK(value_of("from: n, type: decimal, read_number: ['1234.56', '1.234,56']",
                 R"({"n":1.250})") == "1.250");
}
