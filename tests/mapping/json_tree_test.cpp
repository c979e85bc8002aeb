// `.json` files by the rules of JSON, with their places.

#include "mapping/json_tree.h"

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"
#include "text/catalogue.h"

namespace trama::test {
namespace {

std::string shown(const YamlNode& node) {
  if (node.is_scalar()) return (node.quoted ? "'" + node.text + "'" : node.text);
  std::string out = node.is_list() ? "[" : "{";
  for (const YamlNode& item : node.items) out += (out.size() > 1 ? " " : "") + shown(item);
  for (const YamlEntry& entry : node.entries)
    out += (out.size() > 1 ? " " : "") + entry.key.text + "=" + shown(entry.value);
  return out + (node.is_list() ? ']' : '}');
}

std::string read(std::string_view text) {
  Diagnostics diagnostics;
  YamlNode root;
  const bool good = read_json_tree(text, 0, root, diagnostics);
  std::string out = good ? shown(root) : "";
  for (const Diagnostic& d : diagnostics)
    out += (out.empty() ? "" : " ") + std::to_string(d.span.line) + ":" +
           std::to_string(d.span.column) + " " + std::string(name(d.code)) + " " +
           say(Language::en, d);
  return out;
}

}  // namespace

TEST_CASE("json_tree: what is JSON") {
  CHECK(read("{}") == "{}");
  CHECK(read(" [ ] \n") == "[]");
  CHECK(read("{\"a\"\n:\n1}") == "{a=1}");  // YAML wants the colon in the same line
  CHECK(read("{\"a\":\"\\ud83d\\ude00\"}") == "{a='\xF0\x9F\x98\x80'}");
  CHECK(read("[\"\\u00f1\\n\\\"\\\\\\/\"]") == "['\xC3\xB1\n\"\\/']");
  CHECK(read("[-12.50e+3, 0, true, false, null, \"yes\", \"\"]") ==
        "[-12.50e+3 0 true false null 'yes' '']");
  CHECK(read("\t{\t\"a\" : [ {\"b\":{}} ]\n}") == "{a=[{b={}}]}");
  const std::string key(5000, 'k');
  CHECK(read("{\"" + key + "\":\"v\"}") == "{" + key + "='v'}");
}

TEST_CASE("json_tree: what is not, and where") {
  struct Case {
    const char* text;
    const char* said;
  };
  static constexpr Case kCases[] = {
      {"", "1:1 JSON_INVALID the file is empty"},
      {"{\"a\": 1", "1:1 JSON_INVALID the object that is opened here is not closed"},
      {"[1,\n 2", "1:1 JSON_INVALID the list that is opened here is not closed"},
      {"{a: 1}", "1:2 JSON_INVALID a key in double quotes is needed here"},
      {"{\"a\" 1}", "1:6 JSON_INVALID a colon is needed behind this key"},
      {"[1\n 2]", "2:2 JSON_INVALID a comma is needed before this"},
      {"[1, 2,]", "1:6 JSON_INVALID there is a comma and nothing behind it"},
      {"[1,, 2]", "1:4 JSON_INVALID a value is missing here"},
      {"{\"a\": yes}", "1:7 JSON_INVALID this is no JSON value"},
      {"[01]", "1:2 JSON_INVALID this is no JSON value"},
      {"[1.]", "1:2 JSON_INVALID this is no JSON value"},
      {"[+1]", "1:2 JSON_INVALID this is no JSON value"},
      {"['a']", "1:2 JSON_INVALID this is no JSON value"},
      {"[\"a\n\"]", "1:2 JSON_INVALID the quote that is opened here is not closed in this line"},
      {"[\"\\x41\"]", "1:3 JSON_INVALID a backslash is special between double quotes"},
      {"[\"\\u12g4\"]", "1:3 JSON_INVALID \\u needs four digits (0 to 9, a to f)"},
      {"[\"\\ud83d\"]", "1:3 JSON_INVALID this escape is half of a character"},
      {"[\"\\ude00\"]", "1:3 JSON_INVALID this escape is half of a character"},
      {"[\"\\ud83d\\u0041\"]", "1:3 JSON_INVALID this escape is half of a character"},
      {"{} {}", "1:4 JSON_INVALID there is more text behind the end of the JSON text"},
      {"{\"a\": 1, // note\n\"b\": 2}", "1:10 JSON_INVALID a key in double quotes is needed here"},
      {"{\"a\": 1,\n \"a\": 2}",
       "{a=1} 2:2 KEY_REPEATED the key 'a' appears twice (first in line 1)"},
  };
  for (const Case& c : kCases) {
    INFO(std::string(c.text));
    CHECK(read(c.text) == c.said);
  }
  CHECK(read(std::string(64, '[') + std::string(64, ']')) ==
        std::string(64, '[') + std::string(64, ']'));
  CHECK(read(std::string(65, '[') + std::string(65, ']')).find("YAML_TOO_BIG") !=
        std::string::npos);
}

TEST_CASE("json files: tables and schemas, and YAML where the name says so") {
  const std::string pairs = "{\"DBL\"\n: \"Doble \\ud83d\\ude00\"}";
  const char* mapping = "tables: {t: {file: t.json}}\ncolumns: {A: {from: a, lookup: t}}";
  CHECK(map(mapping, "{\"a\":\"DBL\"}", {{"t.json", pairs}}).rows == "Doble \xF0\x9F\x98\x80\n");
  CHECK(messages(map(mapping, "{}", {{"t.json", "DBL: Doble\n"}}).diagnostics) ==
        "error[JSON_INVALID]: this is no JSON value\n");
  const char* in_yaml = "tables: {t: {file: t.yaml}}\ncolumns: {A: {from: a, lookup: t}}";
  CHECK(map(in_yaml, "{\"a\":\"DBL\"}", {{"t.yaml", "DBL: Doble\n"}}).rows == "Doble\n");
  const char* schema = "columns: {A: a}\noutput: {format: ndjson, schema: s.json}";
  CHECK(map(schema, "{\"a\":\"x\"}",
            {{"s.json", "{\"type\"\n: \"object\", \"title\": \"\\ud83d\\ude00\"}"}})
            .rows == "{\"A\":\"x\"}\n");
  CHECK(messages(map(schema, "{}", {{"s.json", "{\"type\": 'object'}"}}).diagnostics) ==
        "error[JSON_INVALID]: this is no JSON value\n");
}

}  // namespace trama::test
