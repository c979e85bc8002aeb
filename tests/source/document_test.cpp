// Records in one JSON document: lists, entries, one object,
// and the proof of what stands around them.
#include <doctest/doctest.h>

#include <string>

#include "source/memory_input.h"
#include "text/catalogue.h"

namespace trama {
namespace {

SourceOptions json(std::vector<std::string> records = {}) {
  SourceOptions options;
  options.format = InputFormat::json;
  options.records_stated = !records.empty();
  options.records = std::move(records);
  return options;
}

SourceOptions entries(std::vector<std::string> records = {}) {
  SourceOptions options = json(std::move(records));
  options.entries = true;
  return options;
}

SourceOptions with_error(std::vector<std::string> records, std::vector<std::string> error) {
  SourceOptions options = json(std::move(records));
  options.error_body = std::move(error);
  return options;
}

struct Case {
  std::string in;
  std::string out;
};

void check(const std::vector<Case>& cases, SourceOptions options) {
  for (const Case& c : cases) {
    INFO(c.in);
    options.split_bytes = 1000;
    CHECK(told(c.in, options) == c.out);
    options.split_bytes = 1;
    CHECK(told(c.in, options) == c.out);
  }
}

const std::string kRest = "; the rest was read as one rejected record\n";

TEST_CASE("document: a list") {
  check(
      {
          {"[]", ""},
          {" [ ] \n", ""},
          {"[{},\n  {\"a\":[\"]\"]}]", "1 1:2 @1 {}\n2 2:3 @7 {\"a\":[\"]\"]}\n"},
          {"[1,\"a,b\\\"]\",null]", "1 1:2 @1 1\n2 1:4 @3 \"a,b\\\"]\"\n3 1:13 @12 null\n"},
          {"[\"\xc3\xa9\",{}]",
           "1 1:2 @1 \"\xc3\xa9\"\n2 1:6 @6 {}\n"},  // columns count characters
          {"\xef\xbb\xbf[{}]", "1 1:2 @4 {}\n"},
          {"[{\"a\":tru},{\"a\" 1},{}]",
           "1 1:2 @1 {\"a\":tru}\n2 1:12 @11 {\"a\" 1}\n3 1:20 @19 {}\n"},
          {"[{\\\"a\\\":1},{}]",
           "1 1:2 @1 {\\\"a\\\":1}\n2 1:12 @11 {}\n"},  // escaped one time too often
      },
      json());
}

TEST_CASE("document: commas between items") {
  check(
      {
          {"[{}{}]", "1 1:2 @1 {}{}\n"},
          {"[{},,{}]", "1 1:2 @1 {}\n2 1:5 @4 \n3 1:6 @5 {}\n"},
          {"[,{}]", "1 1:2 @1 \n2 1:3 @2 {}\n"},
          {"[{}, ]", "1 1:2 @1 {}\n2 1:6 @5 \n"},
          {"[,]", "1 1:2 @1 \n2 1:3 @2 \n"},
      },
      json());
}

TEST_CASE("document: no safe place to start again") {
  check(
      {
          {"[{},{\"a\":[1},{}]",
           "1 1:2 @1 {}\n2 1:5 @4 broken {\"a\":[1},{}]\n! input1 is not JSON from byte 11 on: a } "
           "that closes no {" +
               kRest},
          {"[{},}]",
           "1 1:2 @1 {}\n2 1:5 @4 broken }]\n! input1 is not JSON from byte 4 on: a } that closes "
           "no {" +
               kRest},
          {"{\"a\":1] ",
           "1 1:1 @0 broken {\"a\":1]\n! input1 is not JSON from byte 6 on: a ] that closes no [" +
               kRest},
          {"[{}]\n]",
           "1 1:2 @1 {}\n2 2:1 @5 broken ]\n! input1 is not JSON from byte 5 on: something follows "
           "the end of the "
           "document" +
               kRest},
          {"{}\n,{}",
           "1 1:1 @0 {}\n2 2:1 @3 broken ,{}\n! input1 is not JSON from byte 3 on: a comma between "
           "documents, which follow one another without" +
               kRest},
      },
      json());
}

TEST_CASE("document: cut off") {
  check(
      {
          {"[", "! input1 is cut off at byte 1: the list of records is not closed\n"},
          {"[{}, ",
           "1 1:2 @1 {}\n! input1 is cut off at byte 5: the list of records is not closed\n"},
          {"[{}",
           "1 1:2 @1 {}\n! input1 is cut off at byte 3: the list of records is not closed\n"},
          {"[{},1",
           "1 1:2 @1 {}\n2 1:5 @4 broken 1\n! input1 is cut off at byte 5: the list of records is "
           "not closed\n"},
          {"[{},{\"a\":\"}",
           "1 1:2 @1 {}\n2 1:5 @4 broken {\"a\":\"}\n! input1 is cut off at byte 11: the list of "
           "records is not closed\n"},
          {"{\"a\":{}",
           "1 1:1 @0 broken {\"a\":{}\n! input1 is cut off at byte 7: the record is not closed\n"},
      },
      json());
  CHECK(
      told("{\"d\":[1]", json({"d"})) ==
      "1 1:7 @6 1\n! input1 is cut off at byte 8: the document around the records is not closed\n");
  CHECK(told("{\"e\":[1]", json({"d"})) ==
        "! input1 is cut off at byte 8: the document is not closed\n");
}

TEST_CASE("document: a list at a path") {
  check(
      {
          {R"({"x":{"d":[0]},"d":{"y":1,"b":[ {"b":[1]} ]},"b":[2]})", "1 1:33 @32 {\"b\":[1]}\n"},
          {R"({"\u0064":{"b":[1,2]}})", "1 1:17 @16 1\n2 1:19 @18 2\n"},
          {R"({"d":{"b":{"c":[1]}}})", "1 1:11 @10 {\"c\":[1]}\n"},  // one object is one record
          {R"({"d":{"b":[]}})", ""},
          {R"({"d":{"x":1,"y":2}})", "! input1: no list of records at d.b; d has x, y\n"},
          {R"({"d":{}})", "! input1: no list of records at d.b; d is an empty object\n"},
          {R"({"d":null})", "! input1: no list of records at d.b; d is null\n"},
          {R"({"d":[{"b":1}]})", "! input1: no list of records at d.b; d is a list\n"},
          {R"({"d":{"b":"x"}})", "! input1: no list of records at d.b; d.b is a text\n"},
          {R"([{"d":{"b":[1]}}])", "! input1: no list of records at d.b; the document is a list\n"},
          {R"({"1":1,"2":1,"3":1,"4":1,"5":1,"6":1,"7":1,"8":1,"9":1})",
           "! input1: no list of records at d.b; the document has 1, 2, 3, 4, 5, 6, 7, 8, …\n"},
          {R"({"d":{"b":[1]},"d":{"b":[2]}})",
           "1 1:12 @11 1\n! input1: no list of records at d.b; it is there twice, and the second "
           "one begins at byte 24\n"},
      },
      json({"d", "b"}));
  check({{R"({"d":[[7],{"b":[8]},[9]]})", "1 1:17 @16 8\n"}}, json({"d", "1", "b"}));
  check({{R"({"d":{"1":{"b":[8]}}})", "1 1:17 @16 8\n"}}, json({"d", "1", "b"}));
}

TEST_CASE("document: what stands around the records is proved") {
  static const char* const kWrong[] = {
      R"({"a":01,"d":[]})",
      R"({"a":1.,"d":[]})",
      R"({"a":+1,"d":[]})",
      R"({"a":tru,"d":[]})",
      R"({"a":nulll,"d":[]})",
      R"({'a':1,"d":[]})",
      R"({"a" 1,"d":[]})",
      R"({"a":1 "d":[]})",
      R"({"a":1,,"d":[]})",
      R"({"a":[1,],"d":[]})",
      R"({"a":{,},"d":[]})",
      R"({"a":[1},"d":[]})",
      R"({"a":"\q","d":[]})",
      R"({"a":"\u12g4","d":[]})",
      "{\"a\":\"\n\",\"d\":[]}",
      "{\"a\":\"\xff\",\"d\":[]}",
      "{\"a\":\"\xed\xa0\x80\",\"d\":[]}",
      "{\"\xc0\x80\":1,\"d\":[]}",
      R"({"d":[],})",
      R"({"d":[]}})",
      R"({"d":[]} // end)",
      R"({"a":-,"d":[]})",
      R"({"a":1e,"d":[]})",
      R"({"a":1e+,"d":[]})",
      R"({"d":[]]})",
      R"({/**/"d":[]})",
      "{\"a\":\"\xf4\x90\x80\x80\",\"d\":[]}",
  };
  for (const char* in : kWrong) {
    INFO(in);
    const std::string out = told(in, json({"d"}));
    CHECK(out.find("broken") != std::string::npos);
    CHECK(out.find("! input1 is not JSON from byte ") != std::string::npos);
  }
  static const char* const kRight[] = {
      R"({"a":[0,-0,1.5e+10,-2E-3,10,0.10,true,false,null,"",{}],"d":[]})",
      "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9 \xc3\xa9 \xf0\x9f\x9a\x82 "
      "\xf4\x8f\xbf\xbf\",\"d\":[]}",
      " {\t\"a\"\r:\n1 , \"d\" : [ ] } ",
      R"({"d":[],"z":{"y":[[[]]]}})",
  };
  for (const char* in : kRight) {
    INFO(in);
    CHECK(told(in, json({"d"})).empty());
  }
}

TEST_CASE("document: depth of what stands around the records") {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + ",\"d\":[]}";
  };
  CHECK(told(nested(127), json({"d"})).empty());
  CHECK(told(nested(128), json({"d"})).find("more than 128 brackets are open") !=
        std::string::npos);
  CHECK(told(nested(100000), json({"d"})).find("more than 128 brackets are open") !=
        std::string::npos);
}

TEST_CASE("document: entries of an object") {
  check(
      {
          {R"({})", ""},
          {R"({"1":{"a":1}, "k\"}" : {} })",
           "1 1:6 @5 <\"1\"> {\"a\":1}\n2 1:24 @23 <\"k\\\"}\"> {}\n"},
          {"{\"a\"\n:\n {}}", "1 3:2 @8 <\"a\"> {}\n"},
          {R"({"a":})", "1 1:6 @5 <\"a\"> \n"},
          {R"({"a":{},})", "1 1:6 @5 <\"a\"> {}\n2 1:9 @8 broken \n"},
          {R"({{"a":1}})",
           "1 1:2 @1 broken {\"a\":1}\n"},  // without a key it is no entry, though it is JSON
          {R"({"a","b":1})", "1 1:2 @1 broken \"a\"\n2 1:10 @9 <\"b\"> 1\n"},
          {R"([{}])",
           "! input1: no list of records at the top of the document{*}; the document is a list\n"},
          {R"({"a":{})",
           "1 1:6 @5 <\"a\"> {}\n! input1 is cut off at byte 7: the object that holds the records "
           "is not closed\n"},
          {R"({"a":{},"b")",
           "1 1:6 @5 <\"a\"> {}\n2 1:9 @8 broken \"b\"\n! input1 is cut off at byte 11: the object "
           "that holds the records "
           "is not closed\n"},
      },
      entries());
  CHECK(told(R"({"d":{"k":{}},"x":1})", entries({"d"})) == "1 1:11 @10 <\"k\"> {}\n");
}

TEST_CASE("document: an entry whose key is no JSON stays whole, to be refused") {
  for (const char* wrong : {R"("\x")", "\"\xff\"", "\"\xc3\"", "\"a\nb\"", R"("\ud800")",
                            R"("\ud800\u0041")", R"("\udc00")", R"("\u00")", R"("é\ud83d")"}) {
    const std::string entry = std::string(wrong) + ":{}";
    INFO(entry);
    CHECK(told("{" + entry + "}", entries()) == "1 1:2 @1 " + entry + "\n");
  }
  for (const char* right :
       {R"("\u00e9\n")", R"("é")", R"("\ud83d\ude00")", R"("\\ud800")", R"("")"}) {
    const std::string key = right;
    INFO(key);
    CHECK(told("{" + key + ":{}}", entries()).find(" <" + key + "> {}\n") != std::string::npos);
  }
}

TEST_CASE("document: an entry that is too big keeps its key and its first bytes") {
  SourceOptions options = entries();
  options.max_record_bytes = 5000;
  const std::string big = "{\"b\":\"" + std::string(9000, 'x') + "\"}";
  const std::string long_key = "\"" + std::string(6000, 'k') + "\"";
  for (const std::size_t split_bytes : {1, 4096, 100000}) {
    options.split_bytes = split_bytes;
    CHECK(told("{\"a\":" + big + ",\"c\":{}}", options) == "1 1:6 @5 too_big of 9008 <\"a\"> " +
                                                               big.substr(0, kKeptOfTooBig - 4) +
                                                               "\n2 1:9019 @9018 <\"c\"> {}\n");
    CHECK(told("{" + long_key + ":{}}", options) ==
          "1 1:2 @1 too_big of 6005 " + long_key.substr(0, kKeptOfTooBig) + "\n");
  }
}

TEST_CASE("document: foreign text") {
  CHECK(told("<html>\r\n\x1b[0m\xff", json()) ==
        "! input1: not one JSON record in it; it begins with <html>\\r\\n\\x1b[0m\\xff\n");
  CHECK(told(std::string(500, 'x'), json()) ==
        "! input1: not one JSON record in it; it begins with " + std::string(40, 'x') + "…\n");
  CHECK(told("\"text\"", json()) ==
        "! input1: not one JSON record in it; it begins with \"text\"\n");
  CHECK(told(std::string("\xff\xfe{\0", 4), json()) ==
        "! input1 is UTF-16 text (save it again as UTF-8); trama reads JSON\n");
  CHECK(told(" \n", json()) ==
        "! input1: not one JSON record in it; it holds only spaces and line ends\n");
}

TEST_CASE("document: an error answer") {
  const auto options = with_error({"d"}, {"errors"});
  check(
      {
          {R"({"errors":[{"a": 1}]})", "! input1 is an error answer, not a dump: [{\"a\": 1}]\n"},
          {R"({"d":[1],"errors":7})", "1 1:7 @6 1\n! input1 is an error answer, not a dump: 7\n"},
          {R"({"d":[1],"errors":7}{"d":[2]})",
           "1 1:7 @6 1\n! input1 is an error answer, not a dump: 7\n"},
          {R"({"errors":"é)" + std::string(300, 'x') + "\"}",
           "! input1 is an error answer, not a dump: \"é" + std::string(198, 'x') + "…\n"},
          {R"({"errors":null,"d":[1]})", "1 1:21 @20 1\n"},
          {R"({"errors":[ ],"d":[1]})", "1 1:20 @19 1\n"},
          {R"({"errors":{},"d":[1]})", "1 1:19 @18 1\n"},
          {R"({"errors":"","d":[1]})", "1 1:19 @18 1\n"},
          {R"({"errors":false,"d":[1]})", "1 1:22 @21 1\n"},
          {R"({"x":{"errors":1},"d":[1]})", "1 1:24 @23 1\n"},
      },
      options);
  // The document is the record: whoever reads it finds the error.
  CHECK(told(R"({"error":true})", with_error({}, {"error"})) == "1 1:1 @0 {\"error\":true}\n");
  // The path leads through the one record.
  check(
      {
          {R"({"d":{"e":{"f":1}}})",
           "1 1:6 @5 error: {\"f\":1}: {\"e\":{\"f\":1}}\n! input1 is an error answer, not a dump: "
           "{\"f\":1}\n"},
          {R"({"d":{"e":7}} {"d":{"e":null}})",
           "1 1:6 @5 error: 7: {\"e\":7}\n2 1:20 @19 {\"e\":null}\n"},
      },
      with_error({"d"}, {"d", "e"}));
}

TEST_CASE("documents: one behind the other") {
  check(
      {
          {"{}{}", "1 1:1 @0 {}\n2 1:3 @2 {}\n"},
          {"{\n\"a\": 1\n}\n{\n\"a\": 2\n}\n",
           "1 1:1 @0 {\n\"a\": 1\n}\n2 4:1 @11 {\n\"a\": 2\n}\n"},
          {"[1,2][3]\n[]\r\n[4]", "1 1:2 @1 1\n2 1:4 @3 2\n3 1:7 @6 3\n4 3:2 @14 4\n"},
          {"[1]{\"a\":[2]}", "1 1:2 @1 1\n2 1:4 @3 {\"a\":[2]}\n"},  // a list and one record
          {"\x1e{}\n\x1e[1]\n", "1 1:2 @1 {}\n2 2:3 @6 1\n"},        // RFC 7464
          {"\x1e\x1e {}\x1e", "1 1:4 @3 {}\n"},
          {"\xef\xbb\xbf\x1e{}\n", "1 1:2 @4 {}\n"},
          {"{}\"x\"",
           "1 1:1 @0 {}\n2 1:3 @2 broken \"x\"\n! input1 is not JSON from byte 2 on: "
           "something follows the end of the document" +
               kRest},
          {"{}7",
           "1 1:1 @0 {}\n2 1:3 @2 broken 7\n! input1 is not JSON from byte 2 on: something "
           "follows the end of the document" +
               kRest},
          {"{}[",
           "1 1:1 @0 {}\n! input1 is cut off at byte 3: the list of records is not closed\n"},
          {"{}{\"a\":1",
           "1 1:1 @0 {}\n2 1:3 @2 broken {\"a\":1\n! input1 is cut off at byte 8: the "
           "record is not closed\n"},
          {"[{}]}",
           "1 1:2 @1 {}\n2 1:5 @4 broken }\n! input1 is not JSON from byte 4 on: something "
           "follows the end of the document" +
               kRest},
          {"\x1e \n", "! input1: not one JSON record in it; it holds only spaces and line ends\n"},
      },
      json());
  check(
      {
          {R"({"d":[1],"n":2}{"n":3,"d":[4,5]})", "1 1:7 @6 1\n2 1:28 @27 4\n3 1:30 @29 5\n"},
          {"{\"d\":[1]}\n{\"d\":[ ]}\n{\"d\":{\"x\":2}}\n", "1 1:7 @6 1\n2 3:6 @25 {\"x\":2}\n"},
          {R"({"d":[1]},{"d":[2]})",
           "1 1:7 @6 1\n2 1:10 @9 broken ,{\"d\":[2]}\n! input1 is not JSON from byte 9 on: a "
           "comma "
           "between documents, which follow one another without" +
               kRest},
          {R"({"d":[1]} {"a":01,"d":[2]})",
           "1 1:7 @6 1\n2 1:17 @16 broken 1,\"d\":[2]}\n! input1 is not JSON from byte 16 on: a "
           "number "
           "that begins with 0" +
               kRest},
          {R"({"d":[1]}{"a":{})",
           "1 1:7 @6 1\n! input1 is cut off at byte 16: the document is not closed\n"},
      },
      json({"d"}));
  check({{R"({"a":1}{"b":2,"c":3})",
          "1 1:6 @5 <\"a\"> 1\n2 1:13 @12 <\"b\"> 2\n3 1:19 @18 <\"c\"> 3\n"}},
        entries());
}

TEST_CASE("documents: one without records is one rejected record") {
  check(
      {
          {R"({"d":[1]} {"x": 0, "y":[]}  {"d":[2]})",
           "1 1:7 @6 1\n2 1:11 @10 no records: the document has x, y: {\"x\": 0, \"y\":[]}\n3 1:35 "
           "@34 "
           "2\n"},
          {"{\"d\":null}\x1e\n[{\"d\":[1]}]\n{\"d\":[3]}",
           "1 1:1 @0 no records: d is null: {\"d\":null}\n2 2:1 @12 no records: the document is a "
           "list: [{\"d\":[1]}]\n3 3:7 @30 3\n"},
          {R"({"d":[1]}{"x":2})",
           "1 1:7 @6 1\n2 1:10 @9 no records: the document has x: {\"x\":2}\n"},
          // none has records: a failure, and as today one alone is not even a record
          {R"({"x":2} )", "! input1: no list of records at d; the document has x\n"},
          {R"({"x":2}{"d":7})",
           "1 1:1 @0 no records: the document has x: {\"x\":2}\n2 1:8 @7 no records: d is a "
           "number: "
           "{\"d\":7}\n! input1: no list of records at d; the document has x\n"},
          {R"({"x":2},)",
           "1 1:1 @0 no records: the document has x: {\"x\":2}\n2 1:8 @7 broken ,\n! input1 is not "
           "JSON from byte 7 on: a comma between documents, which follow one another without" +
               kRest},
      },
      json({"d"}));
}

TEST_CASE("documents: an error before the records makes one rejected record of it") {
  check(
      {
          {R"({"d":[1]}{"errors":[{"c": 429}],"d":[[2],[3]]}{"d":[4]})",
           "1 1:7 @6 1\n2 1:10 @9 error: [{\"c\": 429}]: {\"errors\":[{\"c\": "
           "429}],\"d\":[[2],[3]]}\n3 "
           "1:53 @52 4\n"},
          {R"({"errors":null,"d":[1]}{"errors":7})",
           "1 1:21 @20 1\n2 1:24 @23 error: 7: {\"errors\":7}\n"},
          {R"({"errors":1}{"errors":2})",
           "1 1:1 @0 error: 1: {\"errors\":1}\n2 1:13 @12 error: 2: {\"errors\":2}\n! input1 is an "
           "error answer, not a dump: 1\n"},
          {R"({"errors":1}{"x":2})",
           "1 1:1 @0 error: 1: {\"errors\":1}\n2 1:13 @12 no records: the document has x: "
           "{\"x\":2}\n! input1 is an error answer, not a dump: 1\n"},
      },
      with_error({"d"}, {"errors"}));
}

TEST_CASE("documents: one without records that is too big keeps its first bytes") {
  SourceOptions options = json({"d"});
  options.max_record_bytes = 5000;
  const std::string big = "{\"x\":\"" + std::string(20000, 'y') + "\"}";
  for (const std::size_t split_bytes : {1, 4096, 100000}) {
    options.split_bytes = split_bytes;
    CHECK(told("{\"d\":[1]}" + big + "   \n{\"d\":[2]}", options) ==
          "1 1:7 @6 1\n2 1:10 @9 no records: the document has x: of 20008 " +
              big.substr(0, kKeptOfTooBig) + "\n3 2:7 @20027 2\n");
    // what is before the records may be longer than a record
    CHECK(told("{\"x\":\"" + std::string(20000, 'y') + "\",\"d\":[1]}{\"d\":[2]}", options) ==
          "1 1:20014 @20013 1\n2 1:20023 @20022 2\n");
  }
}

TEST_CASE("documents: a limit of records") {
  SourceOptions options = json({"d"});
  for (const std::size_t split_bytes : {1, 1000}) {
    options.split_bytes = split_bytes;
    options.limit = 2;
    CHECK(told(R"({"x":1}{"d":[1,2]}{)", options) ==
          "1 1:1 @0 no records: the document has x: {\"x\":1}\n2 1:14 @13 1\n");
    options.limit = 1;
    CHECK(told(R"({"x":1}{"d":[1,2]}{)", options) ==
          "1 1:1 @0 no records: the document has x: {\"x\":1}\n");
  }
}

/// What the source says of the counts of its documents.
std::string counts(const std::string& bytes) {
  SourceOptions options = json({"d"});
  options.count_at = {"meta", "total"};
  options.count_path = "meta.total";
  const auto source = source_of({{.bytes = bytes}}, options);
  told(*source);
  const std::optional<Failure>& differs = source->inputs().front().count_differs;
  return differs ? say(Language::en, *differs) : "";
}

TEST_CASE("documents: their own count") {
  CHECK(counts(R"({"meta":{"total":2},"d":[1,2]})").empty());
  CHECK(counts(R"({"d":[1,2],"meta":{"total":"2"}})").empty());
  CHECK(counts(R"({"d":[1,2],"meta":{"total":2}}{"d":[],"meta":{"total":0}})").empty());
  CHECK(counts(R"({"d":[1,2],"meta":{"total":3}})") ==
        "input1: 2 records read, and meta.total says 3 (input: expect_count)");
  CHECK(counts(R"({"d":[1],"meta":{"total":1}}{"d":[1],"meta":{"total":0}})") ==
        "input1, document 2: 1 record read, and meta.total says 0 (input: expect_count)");
  CHECK(
      counts(R"({"d":[1],"meta":{}})") ==
      "input1: 1 record read, and there is no count at meta.total: meta is an empty object (input: "
      "expect_count)");
  for (const char* told :
       {"null", "-1", "1.0", "\"\"", "\" 1\"", "true", "[1]", "1e0", "99999999999999999999"}) {
    INFO(told);
    CHECK(counts(R"({"d":[1],"meta":{"total":)" + std::string(told) + "}}") ==
          "input1: 1 record read, and meta.total is not a count: " + std::string(told) +
              " (input: expect_count)");
  }
  CHECK(counts(R"({"d":[1],"meta":{"total":1,"total":1}})").find("is there twice") !=
        std::string::npos);
  // documents that are rejected whole, and inputs that are cut off, are told otherwise
  CHECK(counts(R"({"d":[1],"meta":{"total":1}}{"meta":{"total":9}})").empty());
  CHECK(counts(R"({"meta":{"total":9},"d":[1,)").empty());
}

TEST_CASE("document: 100000 levels are cut like any item") {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  CHECK(told("[" + deep + ",{}]", json()) == "1 1:2 @1 " + deep + "\n2 1:200003 @200002 {}\n");
  SourceOptions small = json();
  small.max_record_bytes = 5000;
  small.split_bytes = 64;
  CHECK(told("[" + deep + ",{}]", small) == "1 1:2 @1 too_big of 200000 " +
                                                deep.substr(0, kKeptOfTooBig) +
                                                "\n2 1:200003 @200002 {}\n");
}

TEST_CASE("document: a broken rest that is too big keeps its first bytes") {
  SourceOptions options = json();
  options.max_record_bytes = 5000;
  const std::string rest = "[1}" + std::string(20000, 'x');
  for (const std::size_t split_bytes : {1, 4096, 100000}) {
    options.split_bytes = split_bytes;
    CHECK(told("[{}," + rest, options) ==
          "1 1:2 @1 {}\n2 1:5 @4 broken of 20003 " + rest.substr(0, kKeptOfTooBig) +
              "\n! input1 is not JSON from byte 6 on: a } that closes no {" + kRest);
  }
}

}  // namespace
}  // namespace trama
