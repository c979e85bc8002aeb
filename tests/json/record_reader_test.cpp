// RecordReader: what is a record and what is none, each with its reason; what it learns; and how
// one looks into a record.

#include "json/record_reader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "json/reader_oracle.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

struct Case {
  std::string_view text;
  Reason reason;
  std::size_t byte = 0;
};

std::string deep(int levels, bool lists) {
  std::string text = "{\"a\":";
  for (int i = 1; i < levels; ++i) text += lists ? "[" : "{\"a\":";
  text += lists ? "" : "1";
  for (int i = 1; i < levels; ++i) text += lists ? "]" : "}";
  return text + (lists && levels == 1 ? "1}" : "}");
}

std::string read(RecordReader& reader, const Padded& padded) {
  const Reason reason = reader.read(padded.frame());
  return reason == Reason::none
             ? ""
             : std::string(name(code_of(reason))) + "@" + std::to_string(reader.error_byte());
}

}  // namespace

TEST_CASE("record reader: what is a record") {
  static constexpr std::string_view kValid[] = {
      "{}",
      " \t\r\n{} \n",
      "{\"a\":1}",
      "{\"\":0}",
      R"({"a":null,"b":true,"c":false})",
      R"({"a":[],"b":{},"c":[[]]})",
      R"({"a" : [ 1 , 2 ] , "b" : { "c" : "d" } })",
      "{\n\"a\":\n[\r\n1\t]\n}",
      R"({"a":-0,"b":-0.0,"c":0e0,"d":1E+2,"e":1e-2})",
      R"({"a":0.1,"b":1e400,"c":-1e-400,"d":123456789012345678901234567890})",
      R"({"a":9007199254740993,"b":18446744073709551616})",
      R"({"a":"\"\\\/\b\f\n\r\t"})",
      R"({"a":"\u0000\u001f\uFFFF\u00e9"})",
      R"({"a":"\ud83d\ude00","b":"😀"})",
      R"({"a":"é","ñ":"€","a a":" "})",
      R"({"\u0061b":1})",
      "{\"a\":\"\x7f\"}",
      R"({"a":"/* no comment */","b":"//"})",
      R"({"a":{"b":{"c":{"d":[{"e":[1,[2,[3]]]}]}}}})",
      R"({"a":1,"A":2})",
      R"({"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":2}]})",
      "{\"a\":\"\xf4\x8f\xbf\xbf\"}",
      R"({"a":"\\u0061","\\":1,"\\\\":2})",
      R"({"a":"][}{,:"})",
      "{\"\xe2\x80\xa8\":\"\xe2\x80\xa9\"}"};
  for (const std::string_view text : kValid) {
    RecordReader reader({});
    INFO(text);
    CHECK(disagreement(reader, text) == "");
    const Padded padded(text);
    CHECK(read(reader, padded) == "");
  }
}

TEST_CASE("record reader: every short scalar") {
  const std::regex scalar(R"(true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)");
  // The bytes of a number in all orders, also behind digits, so that they cross 16 bytes.
  constexpr std::string_view kBytes = "01-.e";
  RecordReader reader({}, 8);
  const auto check = [&](const std::string& text) {
    const Padded record("{\"a\":" + text + "}");
    const bool is_scalar = std::regex_match(text, scalar);
    if ((reader.read(record.frame()) == Reason::none) != is_scalar) FAIL_CHECK(text);
  };
  for (std::size_t length = 1; length <= 6; ++length) {
    std::size_t count = 1;
    for (std::size_t i = 0; i < length; ++i) count *= kBytes.size();
    for (std::size_t n = 0; n < count; ++n) {
      std::string text;
      for (std::size_t rest = n, i = 0; i < length; ++i, rest /= kBytes.size())
        text += kBytes[rest % kBytes.size()];
      check(text);
      check("1234567890" + text);
    }
  }
  for (const char* word : {"true", "false", "null", "True", "tru", "truee", "nul", "nulll", "fals",
                           "falsey", "t", "1true", "nan"})
    check(word);
}

TEST_CASE("record reader: what is none and where") {
  using enum Reason;
  static constexpr Case kCases[] = {{"", json_syntax, 0},
                                    {"   ", json_syntax, 0},
                                    {"{", json_syntax, 1},
                                    {"}", json_syntax, 0},
                                    {"{]", json_syntax, 1},
                                    {"[1]", json_not_object, 0},
                                    {"null", json_not_object, 0},
                                    {"12", json_not_object, 0},
                                    {" \"a\"", json_not_object, 1},
                                    {"<html>", json_syntax, 0},
                                    {"a,b", json_syntax, 0},
                                    {"\xef\xbb\xbf{}", json_syntax, 0},
                                    {":", json_syntax, 0},
                                    {R"({"a"})", json_syntax, 4},
                                    {R"({"a":})", json_syntax, 5},
                                    {R"({"a":1)", json_syntax, 6},
                                    {R"({"a":1,})", json_syntax, 7},
                                    {R"({"a":1,,"b":2})", json_syntax, 7},
                                    {R"({,"a":1})", json_syntax, 1},
                                    {R"({"a"1})", json_syntax, 4},
                                    {R"({"a"::1})", json_syntax, 5},
                                    {R"({"a":1 "b":2})", json_syntax, 7},
                                    {R"({"a":1}})", json_syntax, 7},
                                    {R"({"a":1}{"b":2})", json_syntax, 7},
                                    {R"({"a":1} x)", json_syntax, 8},
                                    {R"({a:1})", json_syntax, 1},
                                    {R"({'a':1})", json_syntax, 1},
                                    {R"({"a":'b'})", json_syntax, 5},
                                    {R"({1:1})", json_syntax, 1},
                                    {R"({"a":1]})", json_syntax, 6},
                                    {R"({"a":[1})", json_syntax, 7},
                                    {R"({"a":[1,]})", json_syntax, 8},
                                    {R"({"a":[,1]})", json_syntax, 6},
                                    {R"({"a":[1 2]})", json_syntax, 8},
                                    {R"({"a":[1,,2]})", json_syntax, 8},
                                    {R"({"a":[})", json_syntax, 6},
                                    {R"({"a":[)", json_syntax, 6},
                                    {R"({"a":[1)", json_syntax, 7},
                                    {R"({"a":tru})", json_syntax, 5},
                                    {R"({"a":True})", json_syntax, 5},
                                    {R"({"a":nul})", json_syntax, 5},
                                    {R"({"a":nulll})", json_syntax, 5},
                                    {R"({"a":true1})", json_syntax, 5},
                                    {R"({"a":NaN})", json_syntax, 5},
                                    {R"({"a":Infinity})", json_syntax, 5},
                                    {R"({"a":01})", json_syntax, 5},
                                    {R"({"a":-01})", json_syntax, 5},
                                    {R"({"a":+1})", json_syntax, 5},
                                    {R"({"a":.5})", json_syntax, 5},
                                    {R"({"a":5.})", json_syntax, 5},
                                    {R"({"a":-})", json_syntax, 5},
                                    {R"({"a":1e})", json_syntax, 5},
                                    {R"({"a":1e+})", json_syntax, 5},
                                    {R"({"a":0x10})", json_syntax, 5},
                                    {R"({"a":1.2.3})", json_syntax, 5},
                                    {R"({"a":1,5})", json_syntax, 7},
                                    {R"({"a":- 1})", json_syntax, 5},
                                    {R"({"a":1"b"})", json_syntax, 5},
                                    {R"({"a":"b"c})", json_syntax, 8},
                                    {R"({"a":"b""c"})", json_syntax, 8},
                                    {R"({"a":"b)", json_syntax, 5},
                                    {R"({"a":"\")", json_syntax, 5},
                                    {R"({"a":"\q"})", json_syntax, 6},
                                    {R"({"a":"x\u00g0"})", json_syntax, 7},
                                    {R"({"a":"\u00"})", json_syntax, 6},
                                    {R"({"a":"\u"})", json_syntax, 6},
                                    {R"({"a":"\ud800"})", json_syntax, 6},
                                    {R"({"a":"\udc00"})", json_syntax, 6},
                                    {R"({"a":"\ud800\ud800"})", json_syntax, 6},
                                    {R"({"a":"\ud800x"})", json_syntax, 6},
                                    {R"({"\ud800":1})", json_syntax, 2},
                                    {R"({"\x":1})", json_syntax, 2},
                                    {R"({"a":1 /* c */})", json_syntax, 7},
                                    {R"({"a":1}//)", json_syntax, 7},
                                    {"{\"a\":\"\n\"}", json_syntax, 6},
                                    {"{\"a\":\"\t\"}", json_syntax, 6},
                                    {"{\"a\":\"\x01\"}", json_syntax, 6},
                                    {"{\"a\x1f\":1}", json_syntax, 3},
                                    {"{\"a\":\f1}", json_syntax, 5},
                                    {"{\"a\":1\v}", json_syntax, 5},
                                    {"{\"a\":1\x1a\"b\":2}", json_syntax, 6},
                                    {"{\"a\"\x1a"
                                     "1}",
                                     json_syntax, 4},
                                    {"{\"a\":\"\xff\"}", not_utf8, 6},
                                    {"{\"a\":\"\xc0\xaf\"}", not_utf8, 6},
                                    {"{\"a\":\"\xed\xa0\x80\"}", not_utf8, 6},
                                    {"{\"a\":\"\xf4\x90\x80\x80\"}", not_utf8, 6},
                                    {"{\"a\":\"caf\xe9\"}", not_utf8, 9},
                                    {"{\"a\":1}\xc3", not_utf8, 7},
                                    {R"({"a":1,"a":2})", repeated_key, 7},
                                    {R"({"a":1,"\u0061":2})", repeated_key, 7},
                                    {R"({"\u0061":1,"a":2})", repeated_key, 12},
                                    {R"({"a":1,"a":2,"b":3,"b":4})", repeated_key, 7},
                                    {R"({"a":1,"a":2,"b"})", json_syntax, 16},
                                    {R"({"a":1,"a":2}})", json_syntax, 13},
                                    {R"({"b":{"a":1,"c":1,"a":2}})", repeated_key, 18},
                                    {R"({"b":[{},{"":1,"":1}]})", repeated_key, 15},
                                    {R"({"\"":1,"\u0022":1})", repeated_key, 8},
                                    {R"({"é":1,"\u00e9":1})", repeated_key, 8}};
  for (const Case& c : kCases) {
    RecordReader reader({});
    INFO(c.text);
    CHECK(disagreement(reader, c.text) == "");
    const Padded padded(c.text);
    CHECK(read(reader, padded) ==
          std::string(name(code_of(c.reason))) + "@" + std::to_string(c.byte));
    CHECK(reader.root().exists() == (c.reason == repeated_key));
  }
  // bytes of zero are none of JSON's blanks
  for (const std::size_t at : {0U, 1U, 4U, 5U, 6U, 7U}) {
    std::string text = R"({"a":1})";
    text.insert(at, 1, '\0');
    RecordReader reader({});
    INFO(at);
    CHECK(disagreement(reader, text) == "");
    CHECK(!reader.root().exists());
  }
}

TEST_CASE("record reader: no bytes between the keys are taken for a key") {
  RecordReader reader({});
  for (const int byte : {0x00, 0x01, 0x7F}) {
    for (const std::size_t size : {1, 16, 31, 32, 33, 64}) {
      const std::string text = "{" + std::string(size, static_cast<char>(byte)) + "\"b\":1}";
      CHECK(read(reader, Padded(text)) == "JSON_INVALID@1");
      CHECK(read(reader, Padded(R"({"a":1,)" + text.substr(1))) == "JSON_INVALID@7");
    }
  }
}

TEST_CASE("record reader: a record that was cut anywhere is none") {
  constexpr std::string_view kWhole =
      R"({"id":"A-1","n":-12.5e3,"t":true,"l":[1,{"x":null},"\u00e9\ud83d\ude00ñ"],"o":{"":{}}})";
  RecordReader reader({});
  for (std::size_t size = 0; size < kWhole.size(); ++size) {
    INFO(kWhole.substr(0, size));
    CHECK(disagreement(reader, kWhole.substr(0, size)) == "");
    CHECK(!reader.root().exists());
  }
  CHECK(disagreement(reader, kWhole) == "");
  CHECK(reader.root().exists());
}

TEST_CASE("record reader: lists as records, cut anywhere and nested to the limit") {
  constexpr std::string_view kWhole =
      R"([{"id":"A-1","n":-12.5e3},[1,{"x":null},"\u00e9ñ"],true,[],{"":{}}])";
  RecordReader reader({.slots = {}, .watch = false, .used = {}, .lists = true});
  for (std::size_t size = 0; size < kWhole.size(); ++size) {
    INFO(kWhole.substr(0, size));
    CHECK(disagreement(reader, kWhole.substr(0, size), true) == "");
    CHECK(disagreement(reader, std::string(kWhole.substr(0, size)) + "}", true) == "");
    CHECK(disagreement(reader, std::string(kWhole.substr(0, size)) + "]", true) == "");
  }
  CHECK(disagreement(reader, kWhole, true) == "");
  CHECK(reader.root().kind() == JsonKind::list);
  for (const char* text :
       {R"({"a":1})", "[]", " [ 1 ] ", "[1]]", "[1},", "1", "[1]{}", "[,]", "[\"a\":1]"})
    CHECK(disagreement(reader, text, true) == "");
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  CHECK(disagreement(reader, nested(kMaxDepth), true) == "");
  CHECK(disagreement(reader, nested(kMaxDepth + 1), true) == "");
}

TEST_CASE("record reader: nesting at the limit and one past") {
  for (const bool lists : {false, true}) {
    RecordReader reader({});
    CHECK(disagreement(reader, deep(kMaxDepth, lists)) == "");
    CHECK(reader.root().exists());
    CHECK(disagreement(reader, deep(kMaxDepth + 1, lists)) == "");
    CHECK(reader.read(Padded(deep(kMaxDepth + 1, lists)).frame()) == Reason::too_deep);
    CHECK(reader.read(Padded(deep(100000, lists)).frame()) == Reason::too_deep);
  }
  RecordReader shallow({}, 2);
  CHECK(shallow.read(Padded(R"({"a":[1]})").frame()) == Reason::none);
  CHECK(shallow.read(Padded(R"({"a":[[]]})").frame()) == Reason::too_deep);
}

TEST_CASE("record reader: what it learned of other records changes nothing") {
  const std::string_view records[] = {R"({"a":1,"b":2,"c":3})",
                                      R"({"c":3,"b":2,"a":1})",
                                      R"({"b":2})",
                                      R"({"a":1,"b":2,"c":3,"d":4})",
                                      R"({"a":{"a":{"a":1}},"b":[{"a":1,"b":1}]})",
                                      R"({"a":1,"b":2,"a":3})",
                                      R"({"ab":1,"a":2,"":3})",
                                      R"({"a":[{"x":1,"y":1},{"y":1,"x":1},{"x":1,"x":1}]})",
                                      R"({"b":{"b":1,"c":2},"c":{"b":1},"b":1})",
                                      R"({"a":1,"\u0062":2,"c":3})",
                                      R"({"\u0061":1,"b":2,"b":2})",
                                      R"({"a\"":1,"a":1})",
                                      R"({"a\\":1,"a":2,"a\\":3})",
                                      R"({})"};
  std::mt19937 random(7);
  RecordReader reader({.slots = {{"a"}, {"b"}, {"b", "c"}}, .used = {}});
  for (int i = 0; i < 3000; ++i) {
    const std::string_view text = records[random() % std::size(records)];
    INFO(text);
    REQUIRE(disagreement(reader, text) == "");
    const Padded padded(text);
    if (reader.read(padded.frame()) != Reason::none) continue;
    Arena arena;
    CHECK(reader.slot(0).raw() == reader.root().member("a", arena).raw());
    CHECK(reader.slot(1).raw() == reader.root().member("b", arena).raw());
    CHECK(reader.slot(2).raw() == reader.root().member("b", arena).member("c", arena).raw());
  }
}

TEST_CASE("record reader: several orders of keys, known and new, taken in any turn") {
  std::mt19937 random(11);
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) names.push_back("key" + std::to_string(i));
  std::vector<std::vector<std::string>> orders(6, names);
  for (auto& order : orders) std::shuffle(order.begin(), order.end(), random);
  RecordReader reader({.slots = {{"key3"}, {"key7"}, {"key11", "key0"}}, .used = {}});
  for (int i = 0; i < 4000; ++i) {
    auto order = orders[i < 200 ? 0 : random() % orders.size()];
    if (random() % 20 == 0) std::shuffle(order.begin(), order.end(), random);
    if (random() % 20 == 0) order.push_back("new" + std::to_string(random() % 3000));
    if (random() % 40 == 0) order.push_back(order[random() % order.size()]);  // twice
    std::string text = "{";
    for (const std::string& name : order) {
      const std::string value = name == "key11" ? "{\"key0\":" + std::to_string(i) + "}"
                                                : '"' + name + std::to_string(i) + '"';
      text += (text.size() > 1 ? ",\"" : "\"") + name + "\":" + value;
    }
    text += '}';
    INFO(text);
    REQUIRE(disagreement(reader, text) == "");
    const Padded padded(text);
    if (reader.read(padded.frame()) != Reason::none) continue;
    CHECK(reader.slot(0).raw() == "\"key3" + std::to_string(i) + '"');
    CHECK(reader.slot(1).raw() == "\"key7" + std::to_string(i) + '"');
    CHECK(reader.slot(2).raw() == std::to_string(i));
  }
}

TEST_CASE("record reader: keys of every length, with blanks around the colon and without") {
  WantedFields wanted;
  std::vector<std::string> names;
  for (std::size_t size = 0; size <= 40; ++size) {
    names.push_back(std::string(size, 'k'));
    wanted.slots.push_back({names.back()});
  }
  RecordReader reader(wanted);
  Arena arena;
  for (const std::string colon : {":", " : ", ":", ": ", "\n:\t", " :", " : "}) {
    for (int again = 0; again < 2; ++again) {  // looked up, then guessed
      CAPTURE(colon);
      std::string text = "{";
      for (std::size_t i = 0; i < names.size(); ++i)
        text += (i > 0 ? ", \"" : "\"") + names[i] + '"' + colon + std::to_string(i);
      const Padded padded(text + "}");
      REQUIRE(read(reader, padded) == "");
      for (std::size_t i = 0; i < names.size(); ++i)
        CHECK(reader.slot(i).text(arena) == std::to_string(i));
      const Padded twice(text + ",\"" + names[30] + '"' + colon + "0}");
      CHECK(read(reader, twice) == "DUPLICATE_FIELD@" + std::to_string(text.size() + 1));
    }
  }
}

TEST_CASE("record reader: more keys than it learns") {
  // keys that are ids: far more than one object may teach, then far more than all objects may
  RecordReader reader({.slots = {{"last"}, {"k5", "x"}}, .used = {}});
  const auto many = [](int from, int to, std::string_view more) {
    std::string text = "{";
    for (int i = from; i < to; ++i)
      text += "\"k" + std::to_string(i) + "\":{\"x\":" + std::to_string(i) + ",\"y\":{\"x\":1}},";
    return text + std::string(more) + "}";
  };
  for (const int count : {1, 8, 9, 511, 512, 513, 600, 3000}) {
    INFO(count);
    CHECK(disagreement(reader, many(0, count, R"("last":7)")) == "");
    const Padded good(many(0, count, R"("last":7)"));
    CHECK(read(reader, good) == "");
    CHECK(reader.slot(0).raw() == "7");
    CHECK(reader.slot(1).raw() == (count > 5 ? "5" : ""));
    CHECK(reader.root().count() == static_cast<std::size_t>(count) + 1);
    CHECK(reader.read(Padded(many(0, count, R"("last":7,"k0":1)")).frame()) ==
          Reason::repeated_key);
    const std::string last = "\"k" + std::to_string(count - 1) + "\":1";
    CHECK(reader.read(Padded(many(0, count, last)).frame()) == Reason::repeated_key);
    CHECK(reader.read(Padded(many(0, count, R"("z":{"x":1,"x":2})")).frame()) ==
          Reason::repeated_key);
    CHECK(reader.read(Padded(many(0, count, R"("\u006bx":1,"kx":2)")).frame()) ==
          Reason::repeated_key);
  }
  for (int i = 0; i < 40; ++i)
    CHECK(disagreement(reader, many(i * 300, i * 300 + 300, R"("last":{"q":1})")) == "");
  CHECK(reader.read(Padded(many(90000, 90002, R"("k90001":1)")).frame()) == Reason::repeated_key);
  CHECK(reader.read(Padded(R"({"new":{"n1":{"n2":1,"n3":1,"n2":1}}})").frame()) ==
        Reason::repeated_key);
  const std::string long_key(300000, 'k');
  CHECK(reader.read(Padded("{\"" + long_key + "\":1,\"" + long_key + "\":1}").frame()) ==
        Reason::repeated_key);
  CHECK(reader.read(Padded("{\"" + long_key + "\":1,\"" + long_key + "l\":1}").frame()) ==
        Reason::none);
}

TEST_CASE("record reader: more wanted fields than it would learn") {
  WantedFields wanted;
  std::string text = R"({"new":0)";
  std::string more;
  for (int i = 0; i < 9000; ++i) {
    const std::string n = std::to_string(i);
    wanted.slots.push_back({"k" + n});
    wanted.slots.push_back({"deep" + n, "a", "b"});
    text += ",\"k" + n + "\":" + n + ",\"deep" + n + R"(":{"a":{"b":)" + n + "}}";
    more += ",\"new" + n + "\":1";
  }
  RecordReader reader(wanted);
  for (int again = 0; again < 2; ++again) {
    const Padded padded(text + more + "}");
    REQUIRE(read(reader, padded) == "");
    for (std::size_t i = 0; i < 18000; i += 2) {
      REQUIRE(reader.slot(i).raw() == std::to_string(i / 2));
      REQUIRE(reader.slot(i + 1).raw() == std::to_string(i / 2));
    }
    CHECK(reader.read(Padded(text + ",\"k8999\":1}").frame()) == Reason::repeated_key);
  }
}

TEST_CASE("record reader: more shapes than it learns") {
  RecordReader reader({});
  const auto nested = [](unsigned bits, std::string_view inside) {
    std::string text(inside);
    for (int i = 0; i < 18; ++i, bits /= 2)
      text = bits % 2 == 1 ? "[" + text + "]"
                           : R"({"k)" + std::to_string(i * 1000 + static_cast<int>(bits % 512)) +
                                 "\":" + text + ",\"a\":1}";
    return R"({"z":)" + text + "}";
  };
  for (unsigned i = 0; i < 30000; ++i)
    CHECK(reader.read(Padded(nested(i * 7919, R"({"a":{"a":1},"b":[{"a":1}]})")).frame()) ==
          Reason::none);
  for (unsigned i = 0; i < 2000; ++i) {
    CHECK(reader.read(Padded(nested(i * 104729, R"({"a":{"a":1},"b":[{"a":1}],"a":2})")).frame()) ==
          Reason::repeated_key);
    CHECK(disagreement(reader, nested(i * 104729, R"({"a":{"a":[{"a":1,"a":1}]}})")) == "");
  }
}

TEST_CASE("record reader: slots") {
  RecordReader reader(
      {.slots = {{"a"}, {"a", "b"}, {"a", "b", "c"}, {"*"}, {"x.y"}, {"é"}, {""}}, .used = {}});
  const Padded first(R"({"a":{"b":{"c":[1, 2]}},"*":0,"x.y":"t","\u00e9":null,"":true})");
  REQUIRE(reader.read(first.frame()) == Reason::none);
  CHECK(reader.slot(0).raw() == R"({"b":{"c":[1, 2]}})");
  CHECK(reader.slot(1).raw() == R"({"c":[1, 2]})");
  CHECK(reader.slot(2).raw() == "[1, 2]");
  CHECK(reader.slot(3).raw() == "0");
  CHECK(reader.slot(4).kind() == JsonKind::text);
  CHECK(reader.slot(5).kind() == JsonKind::null);
  CHECK(reader.slot(6).kind() == JsonKind::boolean);
  const Padded second(R"({"a":5,"b":{"c":1}})");
  REQUIRE(reader.read(second.frame()) == Reason::none);
  CHECK(reader.slot(0).raw() == "5");
  for (const std::size_t slot : {1U, 2U, 3U, 4U, 5U, 6U}) CHECK(!reader.slot(slot).exists());
  // a list on the way is not passed through
  const Padded third(R"({"a":[{"b":1}]})");
  REQUIRE(reader.read(third.frame()) == Reason::none);
  CHECK(!reader.slot(1).exists());
}

TEST_CASE("record reader: looking into a record") {
  Arena arena;
  RecordReader reader({});
  const Padded padded(
      R"( {"t":"a\"\u00e9\n","n": -1.50 ,"l":[ 10 , [ ] , {"k":"v"}, "x" ],"o":{ },"e":[],"\u006b":true})");
  REQUIRE(reader.read(padded.frame()) == Reason::none);
  const Node root = reader.root();
  CHECK(root.count() == 6);
  CHECK(root.byte() == 1);
  CHECK(root.member("t", arena).text(arena) == "a\"é\n");
  CHECK(root.member("t", arena).raw() == R"("a\"\u00e9\n")");
  CHECK(root.member("n", arena).text(arena) == "-1.50");
  CHECK(root.member("k", arena).kind() == JsonKind::boolean);
  CHECK(!root.member("K", arena).exists());
  CHECK(!root.item(0).exists());
  CHECK(!root.is_empty_container());
  const Node list = root.member("l", arena);
  CHECK(list.count() == 4);
  CHECK(list.item(0).text(arena) == "10");
  CHECK(list.item(0).byte() == padded.frame().find("10"));
  CHECK(list.item(1).is_empty_container());
  CHECK(list.item(2).member("k", arena).text(arena) == "v");
  CHECK(list.item(-1).text(arena) == "x");
  CHECK(list.item(-4).text(arena) == "10");
  CHECK(!list.item(4).exists());
  CHECK(!list.item(-5).exists());
  CHECK(!list.item(INT64_MIN).exists());
  CHECK(!list.item(INT64_MAX).exists());
  CHECK(!list.member("k", arena).exists());
  CHECK(list.raw() == R"([ 10 , [ ] , {"k":"v"}, "x" ])");
  CHECK(root.member("o", arena).is_empty_container());
  CHECK(root.member("e", arena).is_empty_container());
  CHECK(root.member("e", arena).count() == 0);
  CHECK(!root.member("n", arena).member("x", arena).exists());
  Node found[3];
  const std::string keys[] = {"k", "z", "a"};
  list.item(2).members(keys, found, arena);
  CHECK(found[0].text(arena) == "v");
  CHECK(!found[1].exists());
  CHECK(!found[2].exists());
  CHECK(Node().raw() == "");
  CHECK(!Node().member("a", arena).exists());
  CHECK(Node().count() == 0);
}

TEST_CASE("record reader: fields that nobody uses") {
  const std::string any(kAnything);
  RecordReader reader(
      {.slots = {{"id"}},
       .watch = true,
       .used = {{"id"}, {"stay", "in"}, {"rooms", any, "code"}, {"all"}, {"rates", any}, {"*"}}});
  const auto unused = [&](std::string_view text) {
    const Padded padded(text);
    REQUIRE(reader.read(padded.frame()) == Reason::none);
    std::string out;
    for (const KeyTrie::Key* const key : reader.unused()) out += reader.path(*key) + ";";
    return out;
  };
  CHECK(unused(R"({"id":1})") == "");
  CHECK(unused(R"({"id":1,"new":2})") == "new;");
  CHECK(unused(R"({"new":{"deep":1,"list":[{"x":1}]},"id":1})") == "new;");
  CHECK(unused(R"({"stay":{"in":1,"out":2},"all":{"x":{"y":1}}})") == "stay.out;");
  CHECK(unused(R"({"rooms":[{"code":1,"size":2},{"size":3}]})") == "rooms[*].size;rooms[*].size;");
  CHECK(unused(R"({"rates":{"2025-01-01":{"x":1}},"a.b":1,"":2})") == "\"a.b\";\"\";");
  CHECK(unused(R"({"stay":[],"id":{"x":1}})") == "");
  // A key that is called * is a key like any other, as a pattern and in the record.
  CHECK(unused(R"({"*":{"x":1},"y":1})") == "y;");
  CHECK(unused(R"({"rooms":[{"*":1}],"stay":{"*":1}})") == "rooms[*].*;stay.*;");
}

TEST_CASE("record reader: a field that nobody uses is told however many came before") {
  RecordReader reader(
      {.slots = {{"a"}}, .watch = true, .used = {{"a"}, {"m", std::string(kAnything), "x"}}});
  std::string ids = R"({"a":1,"m":{"k":{"x":1})";
  for (int i = 0; i < 600; ++i) ids += ",\"k" + std::to_string(i) + R"(":{"x":1})";
  ids += '}';
  for (int i = 0; i < 600; ++i) ids += ",\"u" + std::to_string(i) + R"(":{"z":[{"y":1}]})";
  CHECK(read(reader, Padded(ids + "}")) == "");
  CHECK(reader.unused().size() == 600);
  CHECK(read(reader, Padded(R"({"new":{"a":1,"b":{"c":2}},"a":1,"m":{"id":{"x":1}}})")) == "");
  REQUIRE(reader.unused().size() == 1);
  CHECK(reader.path(*reader.unused()[0]) == "new");
  CHECK(read(reader, Padded(R"({"m":{"id":{"x":{"p":1},"y":{"q":1}}}})")) == "");
  REQUIRE(reader.unused().size() == 1);
  CHECK(reader.path(*reader.unused()[0]) == "m[*].y");
  std::string many = R"({"a":1)";
  for (int i = 0; i < 3000; ++i) many += ",\"v" + std::to_string(i) + "\":1";
  CHECK(read(reader, Padded(many + "}")) == "");
  CHECK(reader.unused().size() == kMostUnused);
}

TEST_CASE("record reader: random JSON and damage of it as the oracles see it") {
  std::mt19937 random(20250304);
  const auto one_of = [&](std::initializer_list<std::string_view> list) {
    return std::string(list.begin()[random() % list.size()]);
  };
  const auto make = [&](auto&& self, int depth, bool object) -> std::string {
    const auto blank = [&] {
      return random() % 8 == 0 ? one_of({" ", "\n", "\t ", "\r\n"}) : std::string();
    };
    const unsigned kind = object ? 0 : static_cast<unsigned>(random() % (depth > 4 ? 6 : 9));
    if (kind == 1)
      return one_of({"0", "-1", "12.50", "1e5", "-0.0", "12345678901234567.89", "1E-2"});
    if (kind == 2) return one_of({"true", "false", "null"});
    if (kind > 2 && kind < 6)
      return one_of(
          {R"("")", R"("a")", R"("é€😀")", R"("\"\\\/")", R"("\u00e9\ud83d\ude00")", R"("[{,:}]")",
           "\"a longer text that goes over sixty-four bytes, as a remark of a hotel may\""});
    const bool list = kind > 7;
    std::string out = list ? "[" : "{";
    const auto count = random() % 5;
    for (unsigned i = 0; i < count; ++i) {
      out += (i > 0 ? "," : "") + blank();
      if (!list)
        out += one_of({"\"a\"", "\"b\"", "\"c\"", "\"\"", "\"ab\"", "\"\\u0061\"", "\"ñ\"",
                       "\"long-key-of-a-supplier\"", "\"d\"", "\"e\""}) +
               blank() + ":" + blank();
      out += self(self, depth + 1, false) + blank();
    }
    return out + (list ? "]" : "}");
  };
  RecordReader reader({.slots = {{"a"}, {"b", "c"}}, .used = {}});
  constexpr std::string_view kBytes = "{}[]:,\"\\ \n0123.-+eEtfnu\x01\xc3\xa9\x1a/'a";
  for (int i = 0; i < 20000; ++i) {
    std::string text = make(make, 0, random() % 16 != 0);
    for (auto damage = random() % 3; damage > 0 && !text.empty(); --damage) {
      const std::size_t at = random() % text.size();
      const auto how = random() % 4;
      if (how == 0) text.erase(at, 1 + random() % 3);
      if (how == 1) text.insert(at, 1, kBytes[random() % kBytes.size()]);
      if (how == 2) text[at] = kBytes[random() % kBytes.size()];
      if (how == 3) text.insert(at, text, random() % text.size(), random() % 9);
    }
    INFO(text);
    REQUIRE(disagreement(reader, text) == "");
  }
}
