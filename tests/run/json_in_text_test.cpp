// JSON inside texts of a record (`json_in_text`, rule 9.3).

#include <doctest/doctest.h>

#include <string>

#include "json/record_reader.h"
#include "support/mapped.h"

namespace trama::test {
namespace {

const std::string kInput = "input: {format: ndjson, id: id, json_in_text: body}\n";

/// A text as JSON writes it.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n' || c == '\t') {
      out += c == '\n' ? "\\n" : "\\t";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

TEST_CASE("json_in_text: paths go on inside, whatever the text holds") {
  struct Case {
    const char* text;
    const char* rows;
  };
  constexpr Case kCases[] = {
      {R"({"hotel":{"code":"H1"},"rooms":[{"n":1.10},{"n":2}]})", "H1,1.10+2,1.10\n"},
      {"  {\"hotel\": {\"code\": \"a \\\"b\\\" \\\\ \\u00e9\"}}\n", "\"a \"\"b\"\" \\ é\",,\n"},
      {R"({"hotel":"","rooms":[]})", ",,\n"},
      {R"({})", ",,\n"},
      {"", ",,\n"},
      {" \t", ",,\n"},
      {"null", ",,\n"},
  };
  const std::string columns =
      kInput +
      "columns: {C: body.hotel.code, N: {from: \"body.rooms[*].n\", join: +},"
      " F: \"body.rooms[0].n\"}\n";
  for (const Case& c : kCases) {
    CAPTURE(c.text);
    const Mapped mapped = map(columns, R"({"id":1,"body":)" + quoted(c.text) + "}");
    CHECK(mapped.diagnostics.empty());
    CHECK(mapped.rejected.empty());
    CHECK(mapped.rows == c.rows);
  }
  // what is no text is as it is: some suppliers send both
  CHECK(map(columns, R"({"body":{"hotel":{"code":"H1"}}})").rows == "H1,,\n");
  CHECK(map(columns, R"({"body":null})").rows == ",,\n");
  CHECK(map(columns, R"({"body":7})").rejected.starts_with("1: WRONG_TYPE C"));
  CHECK(map(columns, R"({"body":"7"})").rejected.starts_with("1: WRONG_TYPE C"));
}

TEST_CASE("json_in_text: the value itself, a text in a text, texts of items") {
  CHECK(map(kInput + "columns: {B: body}\n", R"({"body":"\"x\""})").rows == "x\n");
  CHECK(map(kInput + "columns: {B: body}\n", R"({"body":"\"7\""})").rows == "7\n");  // once
  CHECK(map(kInput + "columns: {B: {from: body, type: json}}\n", R"({"body":"[1, 2]"})").rows ==
        "\"[1, 2]\"\n");
  const std::string nested =
      "input: {format: ndjson, json_in_text: [\"body.in\", body, \"items[*].raw\", all]}\n"
      "columns: {A: body.in.a, I: {from: \"items[*].raw.k\", join: +}, L: \"all[1]\"}\n";
  const std::string inner = R"({"in":)" + quoted(R"({"a":1})") + "}";
  const std::string items = R"([{"raw":)" + quoted(R"({"k":"x"})") + R"(},{"raw":{"k":"y"}},{}])";
  CHECK(map(nested, R"({"body":)" + quoted(inner) + R"(,"items":)" + items + R"(,"all":"[1,2]"})")
            .rows == "1,x+y,2\n");
  // one item without a list around it
  const std::string one =
      "input: {format: ndjson, as_list: items, json_in_text: \"items[*].raw\"}\n"
      "columns: {K: {from: \"items[*].raw.k\", join: +}}\n";
  CHECK(map(one, R"({"items":)" + items + "}").rows == "x+y\n");
  CHECK(map(one, R"({"items":{"raw":)" + quoted(R"({"k":"x"})") + "}}").rows == "x\n");
  CHECK(map(one, R"({"items":{"7":{"raw":)" + quoted(R"({"k":"x"})") + "}}}").rows == "x\n");
}

TEST_CASE("json_in_text: rows, keys, fields that nobody uses") {
  const std::string rows =
      "input: {format: ndjson, json_in_text: body, fields_nobody_uses: reject}\n"
      "rows: {one_per: body.rooms, called: r}\ncolumns: {Id: id, C: r.c}\n"
      "duplicates: {same: body.key, keep: first}\n";
  const auto record = [](std::string_view id, std::string_view body) {
    return R"({"id":)" + std::string(id) + R"(,"body":)" + quoted(body) + "}\n";
  };
  const Mapped mapped = map(rows, record("1", R"({"key":"k","rooms":[{"c":"a"},{"c":"b"}]})") +
                                      record("2", R"({"key":"k","rooms":[{"c":"z"}]})") +
                                      record("3", R"({"key":"m","rooms":[{"c":"z","new":1}]})"));
  CHECK(mapped.rows == "1,a\n1,b\n");
  CHECK(mapped.rejected.starts_with("3: FIELD_UNKNOWN"));
  CHECK(mapped.rejected.find("body.rooms[*].new") != std::string::npos);
}

TEST_CASE("json_in_text: what is no JSON is refused at the place of the text") {
  struct Case {
    const char* text;
    const char* problem;
  };
  constexpr Case kCases[] = {
      {"hello", "this is no JSON value"},
      {"{", "the record ends before its closing bracket"},
      {R"({"a":1}})", "something follows the end of the record"},
      {R"({"a":1} {"a":2})", "something follows the end of the record"},
      {"1, 2", "something follows the end of the record"},
      {R"(1, "x": 2)", "a comma or the closing bracket is missing"},
      {"1] , [2", "something follows the end of the record"},
      {"}", "a value is missing"},
      {R"({"a":01})", "this is not a number as JSON writes it"},
      {"{'a':1}", "a key in double quotes is missing"},
  };
  const std::string columns = kInput + "columns: {A: body.a, Z: z}\n";
  for (const Case& c : kCases) {
    CAPTURE(c.text);
    const Mapped mapped =
        map(columns, R"({"id":"r1","z":1,"body":)" + quoted(c.text) + R"(,"after":2})");
    CHECK(mapped.rows.empty());
    CHECK(mapped.rejected ==
          "1: JSON_INVALID : the text is not JSON: " + std::string(c.problem) + "\n");
    CHECK(mapped.rejects.find(R"("path": "/body")") != std::string::npos);
    CHECK(mapped.rejects.find(R"("data_at": "1:25")") != std::string::npos);
    CHECK(mapped.rejects.find(R"("id": "r1")") != std::string::npos);
  }
  // as strict as a record: keys once, and no deeper than it may be in all
  CHECK(map(columns, R"({"body":)" + quoted(R"({"a":1,"a":2})") + "}")
            .rejected.starts_with("1: DUPLICATE_FIELD : the key \"a\" appears twice"));
  const std::string deep = std::string(kMaxDepth - 1, '[') + std::string(kMaxDepth - 1, ']');
  CHECK(map(columns, R"({"body":)" +
                         quoted(R"({"a":null,"d":)" + deep.substr(1, deep.size() - 2) + "}") + "}")
            .rejected.empty());
  CHECK(map(columns, R"({"body":)" + quoted(R"({"a":null,"d":)" + deep + "}") + "}")
            .rejected.starts_with("1: RECORD_TOO_DEEP"));
}

TEST_CASE("json_in_text: places of errors are those of the record as it was sent") {
  const std::string columns =
      kInput + "columns: {A: {from: body.a, type: integer}, Z: {from: z, type: integer}}\n";
  const Mapped mapped =
      map(columns, R"({"body":)" + quoted(R"({"a":"x","b":"é"})") + R"(,"z":"y"})");
  CHECK(mapped.rejects.find(R"("path": "/body/a", "value": "x")") != std::string::npos);
  CHECK(mapped.rejects.find(R"("data_at": "1:9")") != std::string::npos);   // the text
  CHECK(mapped.rejects.find(R"("data_at": "1:41")") != std::string::npos);  // behind it
}

TEST_CASE("json_in_text: personal values inside stay hidden") {
  const std::string columns = kInput +
                              "columns: {A: {from: body.guest.name, personal: yes, type: integer}, "
                              "B: {from: body.n, type: integer}}\n";
  const std::string mail = R"({"guest":{"name":"SECRET"},"n":1})";
  const Mapped masked = map(columns, R"({"id":1,"body":)" + quoted(mail) + "}");
  CHECK(masked.rejected.find("SECRET") == std::string::npos);
  const Mapped broken = map(columns, R"({"id":1,"body":)" + quoted(mail.substr(1)) + "}");
  CHECK(broken.rejected.find("SECRET") == std::string::npos);
}

TEST_CASE("json_in_text: only the texts that are named") {
  const auto row = [](const char* places, const char* columns, const char* record) {
    return map("input: {format: ndjson, json_in_text: " + std::string(places) + "}\ncolumns: {" +
                   columns + "}\n",
               record)
        .rows;
  };
  CHECK(row("\"l[0]\"", "A: \"l[0].k\", B: \"l[1]\"", R"({"l":["{\"k\":\"b\"}","null"]})") ==
        "b,null\n");
  CHECK(row("\"l[-1]\"", "A: \"l[-1].k\", B: \"l[0]\"", R"({"l":["null","{\"k\":\"b\"}"]})") ==
        "b,null\n");
  CHECK(row("/l/1", "A: /l/1/k, B: /l/0", R"({"l":["null","{\"k\":\"b\"}"]})") == "b,null\n");
  CHECK(row("/l/1", "A: /l/1/k", R"({"l":{"1":"{\"k\":\"b\"}"}})") == "b\n");
  CHECK(row("'\"*\"'", "A: '\"*\".k', B: b", R"({"*":"{\"k\":\"a\"}","b":"null"})") == "a,null\n");
  CHECK(row("\"l[*]\"", "A: {first_of: [l.k, \"l[0].k\"]}", R"({"l":{"k":"null"}})") == "null\n");
  CHECK(row("\"l{*}\"", "A: \"l[0]\"", R"({"l":["007"]})") == "007\n");
}

TEST_CASE("json_in_text: a text in a text whose place is a pattern") {
  const std::string inner = R"({"b":)" + quoted(R"({"c":5})") + "}";
  const std::string record = R"({"a":[)" + quoted(inner) + "]}";
  CHECK(
      map("input: {format: ndjson, json_in_text: [\"a[*]\", \"a[0].b\"]}\ncolumns: {C: \"a[0].b.c\"}\n",
          record)
          .rows == "5\n");
  CHECK(
      map("input: {format: ndjson, json_in_text: [\"a[0].b\", /a/0]}\ncolumns: {C: \"a[0].b.c\"}\n",
          record)
          .rows == "5\n");
  // an object of which not all keys are numbers is a list of one
  const Mapped one =
      map("input: {format: ndjson, as_list: rooms, json_in_text: \"rooms[*].body\"}\n"
          "columns: {X: \"rooms[0].body.x\"}\n",
          R"({"rooms":{"0":{"body":"nojson"},"body":"{\"x\":6}"}})");
  CHECK(one.rows == "6\n");
}

TEST_CASE("json_in_text: a key that a text repeats may be personal") {
  const std::string columns = kInput + "columns: {A: {from: body.email, personal: yes}}\n";
  const Mapped mapped = map(
      columns, R"({"id":1,"body":)" + quoted(R"({"email":{"ana@b.test":1,"ana@b.test":2}})") + "}");
  CHECK(mapped.rejected ==
        "1: DUPLICATE_FIELD : the key (hidden: personal) appears twice in one object\n");
}

TEST_CASE("json_in_text: places that check refuses") {
  CHECK(map("input: {format: ndjson, json_in_text: boddy}\ncolumns: {A: body.a}\n", "{}")
            .diagnostics.find("WORD_HAS_NO_EFFECT") != std::string::npos);
  CHECK(map(kInput + "columns: {A: body}\n", R"({"body":"1"})").diagnostics.empty());
  CHECK(map("input: {format: ndjson, json_in_text: \"r{*}.b\"}\ncolumns: {A: r.EUR.b.x}\n",
            R"({"r":{"EUR":{"b":"{\"x\":1}"}}})")
            .rows == "1\n");
  const Mapped rest = map(
      "input: {format: ndjson, json_in_text: b}\ncolumns: {A: a}\noutput: {format: ndjson, rest: yes}\n",
      R"({"a":"x","b":"[1]"})");
  CHECK(rest.rows == "{\"A\":\"x\",\"b\":[1]}\n");
}

TEST_CASE("json_in_text: the reader tells where the bytes of Nodes were written") {
  WantedFields wanted;
  wanted.json_in_text = {{"a"}, {"a", "b"}, {"c"}};
  RecordReader reader(wanted);
  std::string frame = R"({"a":"{\"b\":\"[1]\",\"x\":2}","c":"3","d":4})";
  const std::size_t size = frame.size();
  frame.append(64, ' ');
  REQUIRE(reader.read({frame.data(), size}) == Reason::none);
  Arena arena;
  const Node a = reader.root().member("a", arena);
  CHECK(a.raw() == R"({"b":[1],"x":2})");
  CHECK(reader.written_at(a.byte()) == frame.find("\"{"));
  CHECK(reader.written_at(a.member("b", arena).item(0).byte()) == frame.find("\"{"));
  CHECK(reader.written_at(reader.root().member("c", arena).byte()) == frame.find("\"3"));
  CHECK(reader.written_at(reader.root().member("d", arena).byte()) == frame.find("4}"));
}

}  // namespace trama::test
