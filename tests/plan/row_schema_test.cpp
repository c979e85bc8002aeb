#include "plan/row_schema.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/mapped.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

/// The codes of what is wrong in a schema file, with their places: "SCHEMA_REF 1:9".
std::string wrong_in(const std::string& schema) {
  RowSchema out;
  Diagnostics diagnostics;
  std::vector<Span> places;
  const bool right = read_row_schema(
      schema, "schema.yaml", 0,
      [&places](const Span& span) {
        places.push_back(span);
        return static_cast<std::uint32_t>(places.size() - 1);
      },
      out, diagnostics);
  std::string told;
  for (const Diagnostic& d : diagnostics) {
    if (!told.empty()) told += ", ";
    told += std::string(name(d.code)) + " " + std::to_string(d.span.line) + ":" +
            std::to_string(d.span.column);
  }
  CHECK(right == diagnostics.empty());
  return told;
}

/// What `check` says about the columns, as codes.
std::string checked(const std::string& columns, const std::string& schema,
                    const std::string& output = "format: ndjson") {
  const test::Mapped mapped =
      test::map("columns:\n" + columns + "\noutput: {" + output + ", schema: s.json}\n", "",
                {{"s.json", schema}});
  std::string codes;
  for (std::size_t at = mapped.diagnostics.find('['); at != std::string::npos;
       at = mapped.diagnostics.find('[', at + 1)) {
    const std::size_t end = mapped.diagnostics.find("]:", at);
    if (end == std::string::npos || mapped.diagnostics.compare(at + 1, 7, "SCHEMA_") != 0) continue;
    codes += (codes.empty() ? "" : " ") + mapped.diagnostics.substr(at + 8, end - at - 8);
  }
  return codes;
}

}  // namespace

TEST_CASE("row schema: files that are read and files that are refused") {
  struct Case {
    std::string schema;
    std::string wrong;
    const char* why;
  };
  const Case cases[] = {
      {"{}", "", "anything goes"},
      {"true", "", "anything goes"},
      {"{\t\"type\"\t:\t\"object\"\n\t}", "", "tabs are blanks in JSON"},
      {R"({"type": ["string", "null"], "title": 1, "description": "x", "default": [], "examples": [{}], "$id": "x", "$schema": "y", "$comment": "z", "deprecated": true, "readOnly": true})",
       "", "notes hold anything"},
      {R"({"const": "a\/b \u00e1"})", "", "escapes of JSON"},
      {R"({"minimum": 1e2, "multipleOf": 0.01, "maximum": 12345678901234567890.12345678901234567})",
       "", "numbers as JSON writes them"},
      {R"({"maximum": 123456789012345678901234567890123456789})", "SCHEMA_VALUE 1:13", "39 digits"},
      {R"({"minimum": "1"})", "SCHEMA_VALUE 1:13", "a text is no number"},
      {R"({"exclusiveMinimum": true})", "SCHEMA_VALUE 1:22", "draft-04"},
      {R"({"maxLength": 3.0, "minLength": 1e1})", "", "whole numbers, however written"},
      {R"({"maxLength": 3.5})", "SCHEMA_VALUE 1:15", ""},
      {R"({"multipleOf": 0})", "SCHEMA_VALUE 1:16", ""},
      {R"({"type": []})", "SCHEMA_VALUE 1:10", ""},
      {R"({"type": ["string", "money"]})", "SCHEMA_VALUE 1:21", ""},
      {R"({"enum": []})", "SCHEMA_VALUE 1:10", ""},
      {R"({"enum": [1, {"a": 1}]})", "SCHEMA_VALUE 1:14", "objects are not compared"},
      {R"--({"pattern": "(?=x)"})--", "PATTERN_WRONG 1:13", "RE2"},
      {R"({"format": "ipv4"})", "SCHEMA_VALUE 1:12", "a format that is not asserted is refused"},
      {R"({"items": [{"type": "string"}]})", "SCHEMA_VALUE 1:11",
       "a schema for each place is not promised"},
      {R"({"required": "A"})", "SCHEMA_VALUE 1:14", ""},
      {R"({"properties": [], "allOf": {}, "anyOf": []})",
       "SCHEMA_VALUE 1:16, SCHEMA_VALUE 1:29, SCHEMA_VALUE 1:42", "all of them"},
      {R"({"properties": {"A": 7}})", "SCHEMA_VALUE 1:22", ""},
      {R"({"patternProperties": {}, "if": {}, "uniqueItems": true, "unevaluatedProperties": false})",
       "SCHEMA_KEYWORD 1:2, SCHEMA_KEYWORD 1:27, SCHEMA_KEYWORD 1:37, SCHEMA_KEYWORD 1:58",
       "never passed over"},
      {R"({"properties": {"A": {"definitions": {}}}})", "SCHEMA_KEYWORD 1:23",
       "nothing could refer to them"},
      {R"({"$defs": {"a/b~c": {}}, "not": {"$ref": "#/$defs/a~1b~0c"}})", "",
       "a pointer with escapes"},
      {R"({"$ref": "other.json#/definitions/x"})", "SCHEMA_REF 1:10", ""},
      {R"({"definitions": {"x": {}}, "not": {"$ref": "#/definitions/x", "minimum": 1}})",
       "SCHEMA_KEYWORD 1:63", "drafts differ"},
      {R"({"definitions": {"x": {}}, "not": {"$ref": "#/definitions/x", "description": "n"}})", "",
       "notes do not matter"},
      {R"({"definitions": {"x": {"$ref": "#/definitions/x"}}})", "SCHEMA_CIRCLE 1:23", ""},
      {R"({"definitions": {"x": {"items": {"$ref": "#/definitions/x"}}}})", "",
       "goes into the data"},
      {R"({"type": "string", "type": "number"})", "KEY_REPEATED 1:20", ""},
      {"{\"type\": ", "YAML_INVALID 1:1", "cut off"},
      {"[]", "SCHEMA_VALUE 1:1", ""},
  };
  for (const Case& c : cases) {
    INFO(c.schema, ": ", c.why);
    CHECK(wrong_in(c.schema) == c.wrong);
  }
}

TEST_CASE("row schema: a chain of references has an end") {
  const auto chain = [](int length) {
    std::string schema = R"({"definitions": {"d0": {})";
    for (int i = 1; i < length; ++i)
      schema += ", \"d" + std::to_string(i) + R"(": {"$ref": "#/definitions/d)" +
                std::to_string(i - 1) + "\"}";
    return schema + "}}";
  };
  CHECK(wrong_in(chain(65)).empty());
  CHECK(wrong_in(chain(67)).starts_with("SCHEMA_CIRCLE"));
  CHECK(wrong_in(chain(20000)).starts_with("SCHEMA_CIRCLE"));
}

TEST_CASE("row schema: what check can tell of the columns") {
  struct Case {
    std::string columns;
    std::string schema;
    std::string output;
    std::string codes;
    const char* why;
  };
  const std::string text = "  A: {from: a, required: yes}";
  const std::string number = "  A: {from: a, type: decimal, required: yes}";
  const std::string a_number = R"({"properties": {"A": {"type": "number"}}})";
  const std::string a_text = R"({"properties": {"A": {"type": "string"}}})";
  const Case cases[] = {
      {text, a_text, "format: csv", "", ""},
      {text, a_number, "format: csv", "TYPE", ""},
      {number, R"({"properties": {"A": {"type": "integer"}}})", "format: ndjson", "",
       "1.00 is an integer"},
      {number, a_number, "format: ndjson, numbers_as: text", "TYPE", "texts then"},
      {number, a_text, "format: ndjson, numbers_as: text", "", ""},
      {"  A: {from: a, type: decimal, required: yes, when_wrong: write-original}", a_text,
       "format: ndjson", "", "the original is a text"},
      {"  A: {from: a, type: boolean, required: yes}",
       R"({"properties": {"A": {"enum": [true, false]}}})", "format: ndjson", "", ""},
      {"  A: {from: a, type: boolean, required: yes}",
       R"({"properties": {"A": {"enum": ["yes"]}}})", "format: ndjson", "TYPE", ""},
      {"  A: {from: a, type: date, read: YYYY-MM-DD, required: yes}", a_number, "format: ndjson",
       "TYPE", ""},
      {"  A: {from: a, type: json}", R"({"properties": {"A": {"type": ["array", "null"]}}})",
       "format: ndjson", "", "nobody can tell"},
      {number,
       R"({"definitions": {"t": {"type": "string"}}, "properties": {"A": {"allOf": [{"$ref": "#/definitions/t"}]}}})",
       "format: csv", "TYPE", "through a reference"},
      {number, R"({"properties": {"A": {"anyOf": [{"type": "string"}, {"const": null}]}}})",
       "format: csv", "TYPE", "none of them"},
      {number, R"({"properties": {"A": {"oneOf": [{"type": "string"}, {"minimum": 1}]}}})",
       "format: csv", "", "one of them"},
      {number, R"({"properties": {"A": false}})", "format: csv", "TYPE", ""},
      {text,
       R"({"allOf": [{"required": ["B"]}, {"properties": {"C": {}}, "additionalProperties": false}]})",
       "format: csv", "FIELD_UNKNOWN FIELD_MISSING", "through allOf"},
      {text, R"({"additionalProperties": {"type": "number"}})", "format: csv", "TYPE", ""},
      {text, R"({"properties": {"A": {}}, "additionalProperties": false})",
       "format: csv, audit_columns: [line]", "FIELD_UNKNOWN", "audit columns belong to the row"},
      {text, R"({"required": ["line"], "properties": {"line": {"type": "integer"}}})",
       "format: csv, audit_columns: [line]", "", ""},
      {text, R"({"properties": {"file": {"type": "integer"}}})",
       "format: csv, audit_columns: [file]", "TYPE", ""},
      {"  a.b: {from: a, required: yes}",
       R"({"properties": {"a": {"type": "object", "required": ["b", "c"], "properties": {"b": {"type": "number"}}}}})",
       "format: ndjson", "TYPE FIELD_MISSING", "nested"},
      {"  a.b: {from: a, required: yes}", R"({"properties": {"a": {"type": "string"}}})",
       "format: csv", "TYPE", "an object"},
      {"  A: {each: a, called: x, columns: {b: {from: x.b, type: integer, required: yes}}}",
       R"({"properties": {"A": {"type": ["array", "null"], "items": {"required": ["c"], "properties": {"b": {"type": "string"}}}}}})",
       "format: ndjson", "TYPE FIELD_MISSING", "inside a list"},
      {"  A: {each: a, called: x, columns: {b: x.b}}",
       R"({"properties": {"A": {"type": ["object", "null"]}}})", "format: ndjson", "TYPE",
       "a list"},
      {"  A: a", a_text, "format: ndjson", "BLANK", "null"},
      {"  A: a", a_text, "format: ndjson, blank_as: left-out", "", "absent, and not required"},
      {"  A: a", R"({"required": ["A"]})", "format: ndjson", "", "null is there"},
      {"  A: a", R"({"required": ["A"]})", "format: ndjson, blank_as: left-out", "BLANK", ""},
      {"  A: a", R"({"required": ["A"]})", "format: csv, blank_as: '-'", "BLANK",
       "absent in CSV, whatever is written"},
      {"  A: {from: a, when_blank: x}", R"({"required": ["A"]})", "format: csv", "", "a default"},
      {"  A: {value: x}", R"({"required": ["A"]})", "format: csv", "", "a constant"},
      {"  A: {from: a, internal: yes}\n  B: {value: x}", R"({"required": ["A"]})", "format: csv",
       "FIELD_MISSING", "an internal column is not written"},
  };
  for (const Case& c : cases) {
    INFO(c.columns, " ", c.schema, " ", c.output, ": ", c.why);
    std::string sorted = checked(c.columns, c.schema, c.output);
    if (sorted == "FIELD_MISSING FIELD_UNKNOWN") sorted = "FIELD_UNKNOWN FIELD_MISSING";
    if (sorted == "FIELD_MISSING TYPE") sorted = "TYPE FIELD_MISSING";
    CHECK(sorted == c.codes);
  }
}

TEST_CASE("row schema: a file that is not there and one that is out of reach") {
  const auto diagnostics = [](const std::string& file) {
    return test::map("columns: {A: a}\noutput: {schema: " + file + "}\n", "").diagnostics;
  };
  CHECK(diagnostics("none.json").find("FILE_UNREADABLE") != std::string::npos);
  CHECK(diagnostics("/etc/passwd").find("PATH_OUTSIDE") != std::string::npos);
}
