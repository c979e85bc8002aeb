// NDJSON: what is a record, and where it stands.
#include <doctest/doctest.h>

#include <string>

#include "source/memory_input.h"

namespace trama {
namespace {

SourceOptions ndjson() {
  SourceOptions options;
  options.format = InputFormat::ndjson;
  return options;
}

struct Case {
  const char* in;
  const char* out;
  const char* why;
};

TEST_CASE("lines: what is a record") {
  static const Case kCases[] = {
      {"{\"a\":1}\n{\"a\":2}\n", "1 1:1 @0 {\"a\":1}\n2 2:1 @8 {\"a\":2}\n", "two lines"},
      {"{\"a\":1}", "1 1:1 @0 {\"a\":1}\n", "no line end at the end"},
      {"{}\r\n{}\r\n", "1 1:1 @0 {}\n2 2:1 @4 {}\n", "CRLF"},
      {"\n \t\r\n{}\n\n", "1 3:1 @5 {}\n", "blank lines are none but count as lines"},
      {" \t{} \t\n", "1 1:3 @2 {}\n", "blanks at the edges are no part of it"},
      {"\xef\xbb\xbf{}\n{}", "1 1:1 @3 {}\n2 2:1 @6 {}\n", "a UTF-8 mark is no character"},
      {"{\"a\":\n[}\n\"\n{}", "1 1:1 @0 {\"a\":\n2 2:1 @6 [}\n3 3:1 @9 \"\n4 4:1 @11 {}\n",
       "a bad line spoils no other"},
      {"{}\n\x0c\n", "1 1:1 @0 {}\n2 2:1 @3 \x0c\n", "a form feed is no blank of JSON"},
      {"{}\r{}", "1 1:1 @0 {}\r{}\n", "a lone CR ends no line"},
      {"", "! input1 is empty: not one byte\n", "not one byte"},
      {"\n \n", "! input1: not one JSON record in it; it holds only spaces and line ends\n",
       "only blanks"},
      {"\xef\xbb\xbf", "! input1: not one JSON record in it; it holds only spaces and line ends\n",
       "only a mark"},
  };
  for (const Case& c : kCases) {
    INFO(c.why);
    CHECK(told(c.in, ndjson()) == c.out);
  }
}

TEST_CASE("lines: a record that is too big keeps its first bytes") {
  SourceOptions options = ndjson();
  options.max_record_bytes = 5000;
  const std::string edge(5000, 'x');
  const std::string big = "{\"a\":\"" + std::string(9000, 'y');
  const std::string out = "1 1:1 @0 " + edge + "\n2 2:1 @5001 too_big of 9006 " +
                          big.substr(0, kKeptOfTooBig) + "\n3 3:1 @14008 {}\n";
  for (const std::size_t split_bytes : {1, 100, 4096, 5000, 100000}) {
    options.split_bytes = split_bytes;
    CHECK(told(edge + "\n" + big + "\n{}", options) == out);
    CHECK(told(edge + "\n" + big + "   \r\n{}", options).find("too_big of 9006 ") !=
          std::string::npos);
  }
}

TEST_CASE("lines: blanks do not make a record too big") {
  SourceOptions options = ndjson();
  options.max_record_bytes = 5000;
  const std::string blanks(20000, ' ');
  for (const std::size_t split_bytes : {1, 4096, 100000}) {
    options.split_bytes = split_bytes;
    CHECK(told("{}" + blanks + "\n[]", options) == "1 1:1 @0 {}\n2 2:1 @20003 []\n");
    CHECK(told(blanks + "{}\n", options) == "1 1:20001 @20000 {}\n");
    CHECK(told("{" + blanks + "}\n", options) ==
          "1 1:1 @0 too_big of 20002 {" + blanks.substr(0, kKeptOfTooBig - 1) + "\n");
  }
}

TEST_CASE("lines: error answers are records, which whoever reads them refuses") {
  SourceOptions options = ndjson();
  options.error_body = {"meta", "error"};
  const std::string error = R"({"meta":{"error":{"code":429}}})";
  CHECK(told(error + "\n{}", options) == "1 1:1 @0 " + error + "\n2 2:1 @32 {}\n");
}

}  // namespace
}  // namespace trama
