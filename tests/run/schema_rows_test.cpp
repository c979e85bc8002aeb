#include <doctest/doctest.h>

#include <string>

#include "run/run_support.h"
#include "support/mapped.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

/// The mismatches of one record against a schema, as "column: message" lines.
std::string mismatches(const std::string& columns, const std::string& schema,
                       const std::string& record, const std::string& output = "format: ndjson") {
  const test::Mapped mapped =
      test::map("columns:\n" + columns + "\noutput: {" + output + ", schema: s.json}\n", record,
                {{"s.json", schema}});
  INFO(mapped.diagnostics);
  REQUIRE(mapped.counts != "");
  std::string told;
  const std::string_view error = "{\"code\": \"SCHEMA_MISMATCH\"";
  for (std::size_t at = mapped.rejects.find(error); at != std::string::npos;
       at = mapped.rejects.find(error, at + 1)) {
    const std::size_t message = mapped.rejects.find("\"message\": \"", at) + 12;
    told += mapped.rejects.substr(message,
                                  mapped.rejects.find("\", \"mapping_at\"", message) - message) +
            '\n';
  }
  CHECK((mapped.counts.find("0 rejected") == std::string::npos) == !told.empty());
  if (!told.empty()) CHECK(mapped.rejects.find("\"stage\": \"write\"") != std::string::npos);
  return told;
}

std::string of_value(const std::string& rule, const std::string& value) {
  return mismatches("  v: {from: v, type: json}", R"({"properties": {"v": )" + rule + "}}",
                    "{\"v\": " + value + "}");
}

}  // namespace

TEST_CASE("schema rows: keywords on values") {
  struct Case {
    const char* rule;
    const char* value;
    bool holds;
    const char* why;
  };
  const Case cases[] = {
      {R"({"type": "integer"})", "1.0", true, "a whole number"},
      {R"({"type": "integer"})", "1e2", true, ""},
      {R"({"type": "integer"})", "1.5", false, ""},
      {R"({"type": "integer"})", "123456789012345678901234567890123456789012", true,
       "beyond 38 digits"},
      {R"({"type": "number"})", "\"1\"", false, ""},
      {R"({"type": ["null", "boolean"]})", "null", true, ""},
      {R"({"type": ["null", "boolean"]})", "0", false, ""},
      {R"({"enum": ["a", 1, null, false]})", "1.00", true, "by value"},
      {R"({"enum": ["a", 1, null, false]})", "\"1\"", false, "a text is no number"},
      {R"({"enum": ["a", 1, null, false]})", "true", false, ""},
      {R"({"enum": ["a", 1, null]})", "false", false, ""},
      {R"({"const": 0})", "false", false, ""},
      {R"({"const": "false"})", "false", false, ""},
      {R"({"const": 0})", "-0.0", true, ""},
      {R"({"pattern": "b+"})", "\"abba\"", true, "anywhere"},
      {R"({"pattern": "^b+$"})", "\"abba\"", false, ""},
      {R"({"pattern": "b"})", "7", true, "only texts"},
      {R"({"minLength": 2, "maxLength": 2})", R"("ñ\ud83d\ude00")", true, "code points"},
      {R"({"maxLength": 1})", "\"ñá\"", false, ""},
      {R"({"minimum": 0.1})", "0.1", true, "exact"},
      {R"({"minimum": 0.1})", "0.0999999999999999999999999999", false,
       "closer than a double can tell"},
      {R"({"maximum": 10})", "1e1", true, ""},
      {R"({"maximum": 10})", "1e400", false, "nothing can be said of it"},
      {R"({"exclusiveMinimum": 0})", "0", false, ""},
      {R"({"exclusiveMaximum": 0})", "-0.1", true, ""},
      {R"({"multipleOf": 0.01})", "19.99", true, "not so in binary"},
      {R"({"multipleOf": 0.01})", "0.07", true, ""},
      {R"({"multipleOf": 0.01})", "19.995", false, ""},
      {R"({"multipleOf": 3})", "-9", true, ""},
      {R"({"multipleOf": 1e30})", "12345678901234567890123456789012345678", false, ""},
      {R"({"multipleOf": 0.00000000000000000000000000000000000001})",
       "99999999999999999999999999999999999999", true, ""},
      {R"({"multipleOf": 99999999999999999999999999999999999999})",
       "0.00000000000000000000000000000000000001", false, ""},
      {R"({"format": "date"})", "\"2024-02-29\"", true, ""},
      {R"({"format": "date"})", "\"2023-02-29\"", false, ""},
      {R"({"format": "date"})", "\"2024-02-29T10:00:00Z\"", false, ""},
      {R"({"format": "date-time"})", "\"2024-02-29t10:00:00.5z\"", true, "small letters"},
      {R"({"format": "date-time"})", "\"2024-02-29T10:00Z\"", false, "no seconds"},
      {R"({"format": "date-time"})", "\"2024-02-29T10:00:00\"", false, "no offset"},
      {R"({"format": "date-time"})", "\"2024-02-29T25:00:00Z\"", false, ""},
      {R"({"format": "date-time"})", "\"2024-02-29T\"", false, ""},
      {R"({"format": "time"})", "\"10:00:00-05:00\"", true, ""},
      {R"({"format": "time"})", "\"10:00:00\"", false, ""},
      {R"({"format": "email"})", "\"a@b.co\"", true, ""},
      {R"({"format": "email"})", "\"a@b\"", false, "a dot, as in type: email"},
      {R"({"format": "uuid"})", "\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"", true, ""},
      {R"({"format": "uuid"})", "\"f81d4fae7dec11d0a76500a0c91e6bf6\"", false, ""},
      {R"({"format": "uri"})", "\"urn:x:1\"", true, ""},
      {R"({"format": "uri"})", "\"/a/b\"", false, ""},
      {R"({"format": "uri"})", "\"http://a b\"", false, ""},
      {R"({"format": "uri"})", "\"http://a/%zz\"", false, ""},
      {R"({"items": {"type": "string"}, "minItems": 1, "maxItems": 2})", "[\"a\", \"b\"]", true,
       ""},
      {R"({"minItems": 1})", "[]", false, ""},
      {R"({"maxItems": 1})", "[1, 2]", false, ""},
      {R"({"items": {"type": "string"}})", "[\"a\", 1]", false, ""},
      {R"({"items": false})", "[]", true, ""},
      {R"({"items": false})", "[1]", false, ""},
      {R"({"required": ["a b"]})", R"({"a\u0020b": null})", true,
       "keys after JSON's escapes; null is there"},
      {R"({"required": ["a"]})", "{}", false, ""},
      {R"({"required": ["a"]})", "[]", true, "only objects"},
      {R"({"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "number"}})",
       R"({"a": "x", "b": 1})", true, ""},
      {R"({"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "number"}})",
       R"({"a": "x", "b": "1"})", false, ""},
      {R"({"additionalProperties": false})", R"({"b": 1})", false, ""},
      {R"({"properties": {"a": false}})", R"({"a": 1})", false, ""},
      {R"({"allOf": [{"minimum": 1}, {"maximum": 2}]})", "3", false, ""},
      {R"({"anyOf": [{"type": "string"}, {"minimum": 2}]})", "1", false, ""},
      {R"({"anyOf": [{"type": "string"}, {"minimum": 2}]})", "2", true, ""},
      {R"({"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]})", "6", false, "both"},
      {R"({"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]})", "9", true, ""},
      {R"({"not": {"type": "null"}})", "null", false, ""},
      {R"({"not": {"type": "null"}})", "1", true, ""},
  };
  for (const Case& c : cases) {
    INFO(c.rule, " ", c.value, ": ", c.why);
    CHECK(of_value(c.rule, c.value).empty() == c.holds);
  }
}

TEST_CASE("schema rows: values as JSON output writes them") {
  struct Case {
    const char* column;  // the words of the column v beside `from`
    const char* value;
    const char* rule;
    const char* output;
    bool holds;
  };
  const Case cases[] = {
      {"type: decimal", "\"1.50\"", R"({"const": 1.5})",
       "format: csv, separator: ';', decimal_mark: ','", true},
      {"type: decimal", "1.50", R"({"const": "1.50"})", "format: ndjson, numbers_as: text", true},
      {"type: date, read: YYYY-MM-DD, write: DD/MM/YYYY", "\"2025-03-01\"",
       R"({"const": "01/03/2025"})", "format: csv", true},
      {"type: date, read: YYYY-MM-DD", "\"2025-03-01\"", R"({"format": "date"})", "format: csv",
       true},
      {"type: datetime, read: ISO-8601", "\"2025-03-01T10:00:00Z\"", R"({"format": "date-time"})",
       "format: csv", true},
      {"type: datetime, read: ISO-8601", "\"2025-03-01T10:00:00\"", R"({"format": "date-time"})",
       "format: csv", false},
      {"type: boolean", "true", R"({"const": true})", "format: csv", true},
      {"type: duration, read: minutes, write: hours", "90", R"({"const": 1.5})", "format: csv",
       true},
      {"type: duration, read: minutes", "90", R"({"const": "PT1H30M"})", "format: csv", true},
      {"type: text", "12", R"({"const": "12"})", "format: ndjson", true},
      {"type: text", "\"\"", R"({"type": ["string", "null"], "maxLength": 3})", "format: ndjson",
       true},
      {"when_blank: xyz", "null", R"({"maxLength": 2})", "format: ndjson", false},
  };
  for (const Case& c : cases) {
    INFO(c.column, " ", c.value, " ", c.rule, " ", c.output);
    const std::string told = mismatches("  v: {from: v, " + std::string(c.column) + "}",
                                        R"({"properties": {"v": )" + std::string(c.rule) + "}}",
                                        "{\"v\": " + std::string(c.value) + "}", c.output);
    CHECK(told.empty() == c.holds);
  }
}

TEST_CASE("schema rows: blanks are null or absent") {
  const std::string required = R"({"required": ["v"]})";
  const std::string text = R"({"properties": {"v": {"type": "string"}}})";
  CHECK(mismatches("  v: v\n  w: {value: x}", required, "{\"v\": null}") == "");
  CHECK(mismatches("  v: v\n  w: {value: x}", text, "{\"v\": null}") ==
        "the output schema asks for type string\n");
  CHECK(
      mismatches("  v: v\n  w: {value: x}", required, "{}", "format: ndjson, blank_as: left-out") ==
      "the output schema asks for 'v' (required)\n");
  CHECK(mismatches("  v: v\n  w: {value: x}", text, "{}", "format: ndjson, blank_as: left-out") ==
        "");
  CHECK(mismatches("  v: v\n  w: {value: x}", required, "{}",
                   "format: csv, header: no, blank_as: '-'") ==
        "the output schema asks for 'v' (required)\n");
  const std::string nested = R"({"required": ["v"], "properties": {"v": {"required": ["a"]}}})";
  CHECK(mismatches("  v.a: a\n  v.b: b", nested, "{\"b\": 1}", "format: csv, header: no") ==
        "the output schema asks for 'a' (required)\n");
  CHECK(mismatches("  v.a: a\n  v.b: b", nested, "{}", "format: csv, header: no") ==
        "the output schema asks for 'v' (required)\n");
}

TEST_CASE("schema rows: lists and nesting say where") {
  const std::string columns =
      "  r: {each: rooms, called: room, columns: {code: room.code, guests.n: {from: room.n, type: "
      "integer}}}";
  const std::string schema =
      R"({"properties": {"r": {"items": {"properties": {"code": {"maxLength": 2}, "guests": {"properties": {"n": {"maximum": 4}}}}}}}})";
  CHECK(mismatches(columns, schema, R"({"rooms": [{"code": "AB", "n": 4}]})") == "");
  CHECK(mismatches(columns, schema,
                   R"({"rooms": [{"code": "AB", "n": 5}, {"code": "ABC", "n": 1}]})") ==
        "the output schema asks for maximum 4 at /0/guests/n\nthe output schema asks for maxLength "
        "2 at /1/code\n");
  CHECK(of_value(R"({"additionalProperties": {"type": "number"}})", R"({"secret name": "x"})") ==
        "the output schema asks for type number at /*\n");
}

TEST_CASE("schema rows: all rows of a record are told about and the same thing once") {
  const test::Mapped mapped = test::map(
      "input: {format: ndjson, id: id}\nrows: {one_per: g, called: x}\ncolumns:\n  n: {from: x, "
      "personal: yes}\n  t: t\n"
      "output: {format: csv, header: no, audit_columns: [record], schema: s.json}\n",
      "{\"id\": 7, \"g\": [\"a\", \"bcd\", \"efg\", \"\"], \"t\": \"long\"}\n{\"id\": 8, \"g\": "
      "[\"a\"], \"t\": \"x\"}\n",
      {{"s.json",
        R"({"required": ["n"], "properties": {"n": {"maxLength": 2}, "t": {"maxLength": 3}, "record": {"maximum": 2}}})"}});
  CHECK(mapped.rows == "a,x,2\n");
  CHECK(mapped.counts == "2 = 1 written (1 rows) + 1 rejected + 0 skipped + 0 duplicate");
  CHECK(mapped.rejected ==
        "1: SCHEMA_MISMATCH n: (hidden: personal); the output schema asks for maxLength 2\n"
        "1: SCHEMA_MISMATCH n: (hidden: personal); the output schema asks for maxLength 2\n"
        "1: SCHEMA_MISMATCH n: the output schema asks for 'n' (required)\n"
        "1: SCHEMA_MISMATCH t: \"long\"; the output schema asks for maxLength 3\n");
  CHECK(mapped.rejects.find("\"id\": \"7\"") != std::string::npos);
  const std::string errors = mapped.rejects.substr(0, mapped.rejects.find("\"source\""));
  CHECK(errors.find("bcd") == std::string::npos);
}

TEST_CASE("schema rows: what a personal column holds is not told by another") {
  const std::string schema =
      R"({"properties": {"again": {"maxLength": 2}, "all": {"maxItems": 1}, "sum": {"maxLength": 1}}})";
  const test::Mapped mapped = test::map(
      "columns:\n  n: {from: n, personal: yes}\n  again: n\n  all: {from: [n, m], type: json}\n  "
      "sum: {choose: [{when: n is blank, write: '-'}, {otherwise: {column: n}}]}\n"
      "output: {format: ndjson, schema: s.json}\n",
      R"({"n": "Jacinta", "m": 1})", {{"s.json", schema}});
  INFO(mapped.diagnostics);
  const std::string errors = mapped.rejects.substr(0, mapped.rejects.find("\"source\""));
  CHECK(errors.find("maxLength 2") != std::string::npos);
  CHECK(errors.find("maxItems 1") != std::string::npos);
  CHECK(errors.find("Jacinta") == std::string::npos);
}

TEST_CASE("schema rows: hostile schemas and values end") {
  // each level tries itself twice on the level below
  const std::string twice =
      R"({"definitions": {"x": {"anyOf": [{"items": {"$ref": "#/definitions/x"}, "minItems": 9}, {"items": {"$ref": "#/definitions/x"}, "minItems": 9}]}},
                              "properties": {"v": {"not": {"$ref": "#/definitions/x"}}}})";
  const auto nested = [](std::size_t depth) {
    return "{\"v\": " + std::string(depth, '[') + "1" + std::string(depth, ']') + "}";
  };
  CHECK(mismatches("  v: {from: v, type: json}", twice, nested(3)) == "");
  CHECK(mismatches("  v: {from: v, type: json}", twice, nested(120)) ==
        "the output schema asks for fewer alternatives: they cannot all be tried on this row\n");
  const std::string deep =
      R"({"definitions": {"x": {"items": {"$ref": "#/definitions/x"}}}, "properties": {"v": {"$ref": "#/definitions/x"}}})";
  CHECK(mismatches("  v: {from: v, type: json}", deep, nested(126)) == "");
}

TEST_CASE("schema rows: threads and cuts change nothing") {
  const test::RunFolder folder;
  folder.write(
      "s.json",
      R"({"properties": {"a": {"multipleOf": 7}, "j": {"properties": {"k": {"maximum": 500}}}}})");
  const std::string mapping =
      folder.write("m.yaml",
                   "mapping: m\nversion: 1\ninput: {format: ndjson, id: a}\ncolumns:\n  a: {from: "
                   "a, type: integer}\n  j: {from: j, type: json}\n"
                   "output: {format: ndjson, audit_columns: [line], schema: s.json}\n");
  std::string dump;
  for (int i = 0; i < 1000; ++i)
    dump += "{\"a\": " + std::to_string(i) + ", \"j\": {\"k\": " + std::to_string(i) + "}}\n";
  const std::string input = folder.write("in.ndjson", dump);
  const LoadedMapping loaded = test::loaded(mapping);
  const test::RunSeen one = test::run_over(folder, loaded, {input});
  CHECK(one.counts.written == 72);
  CHECK(one.counts.rejected == 928);
  for (const unsigned threads : {2U, 8U})
    test::check_same(
        one, test::run_over(folder, loaded, {input}, {.threads = threads, .split_bytes = 700}));
}

TEST_CASE("output schema: found beside the base that names it") {
  test::TextFiles reader;
  reader.files["maps/m.yaml"] = "mapping: m\nversion: 1\nextends: base/b.yaml\n";
  reader.files["maps/base/b.yaml"] =
      "mapping: b\nversion: 1\ncolumns: {A: a}\noutput: {format: ndjson, schema: s.json}\n";
  reader.files["maps/base/s.json"] = R"({"properties": {"A": {"type": ["string", "null"]}}})";
  const LoadedMapping loaded = load_mapping("maps/m.yaml", "", reader);
  CHECK(render_text(loaded.diagnostics, loaded.files) == "");
  CHECK(loaded.plan != nullptr);
}
