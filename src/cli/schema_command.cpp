// `trama schema`: the JSON Schema (draft-07) of the mapping language, for editors. Made from the
// table of words alone, so that it can neither miss a word nor know one too many.
//
// A switch is the text yes or no; an editor that reads YAML 1.1 takes these for booleans, so both
// are allowed here. Neighbours of `$ref` mean nothing in draft-07: the description stands beside an
// `allOf` that holds the reference.

#include <iostream>
#include <string>
#include <string_view>

#include "cli/command_line.h"
#include "json/json_text.h"
#include "mapping/words.h"
#include "step/step.h"

namespace trama {
namespace {

constexpr std::string_view kScalar = R"({"type": ["string", "number", "boolean"]})";
constexpr std::string_view kConstant = R"({"type": ["string", "number", "boolean", "null"]})";
constexpr std::string_view kText = R"({"$ref": "#/definitions/a_text"})";
constexpr std::string_view kPath = R"({"$ref": "#/definitions/a_path"})";
constexpr std::string_view kYesNo = R"({"$ref": "#/definitions/yes_or_no"})";

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// The name of the section among the schema's definitions.
std::string_view definition(Section section) {
  switch (section) {
    case Section::top:
      return "mapping";
    case Section::input:
      return "input";
    case Section::table:
      return "table";
    case Section::rows:
      return "rows";
    case Section::only:
      return "only";
    case Section::duplicates:
      return "duplicates";
    case Section::column:
      return "column";
    case Section::pick:
      return "item_of_list";
    case Section::pick_is:
      return "wanted_value_from";
    case Section::split:
      return "split";
    case Section::pad:
      return "pad";
    case Section::minor_units:
      return "minor_units_from";
    case Section::currency:
      return "currency_from";
    case Section::zone:
      return "zone_from";
    case Section::when_wrong:
      return "when_wrong";
    case Section::unknown:
      return "unknown";
    case Section::choice:
      return "choice";
    case Section::choice_value:
      return "choice_value";
    case Section::rule:
      return "rule";
    case Section::limits:
      return "limits";
    case Section::output:
      return "output";
    case Section::test:
      return "test";
    case Section::test_rejected:
      return "expected_rejection";
    case Section::test_warning:
      return "expected_warning";
  }
  return {};
}

std::string reference(std::string_view name) {
  return R"({"$ref": "#/definitions/)" + std::string(name) + "\"}";
}

std::string reference(Section section) {
  return reference(definition(section));
}

/// The section of the words below this one.
Section below(const Word& word) {
  struct Under {
    std::string_view word;
    Section section;
  };
  static constexpr Under kUnder[] = {
      {"input", Section::input},
      {"rows", Section::rows},
      {"only", Section::only},
      {"duplicates", Section::duplicates},
      {"rules", Section::rule},
      {"limits", Section::limits},
      {"output", Section::output},
      {"tests", Section::test},
      {"split", Section::split},
      {"pad", Section::pad},
      {"choose", Section::choice},
      {"minor_units", Section::minor_units},
      {"zone", Section::zone},
      {"no_zone_means", Section::zone},
      {"currency", Section::currency},
      {"when_wrong", Section::when_wrong},
      {"unknown", Section::unknown},
      {"expect_rejected", Section::test_rejected},
      {"expect_warnings", Section::test_warning},
  };
  for (const Under& under : kUnder)
    if (under.word == word.name) return under.section;
  return Section::choice_value;
}

std::string enumeration(std::string_view values) {
  std::string out = R"({"enum": [)";
  while (!values.empty()) {
    const std::size_t comma = values.find(", ");
    out += quoted(values.substr(0, comma));
    values = comma == std::string_view::npos ? std::string_view{} : values.substr(comma + 2);
    if (!values.empty()) out += ", ";
  }
  return out + "]}";
}

std::string any_of(std::string_view one, std::string_view other, std::string_view third = {}) {
  std::string out = R"({"anyOf": [)" + std::string(one) + ", " + std::string(other);
  if (!third.empty()) out += ", " + std::string(third);
  return out + "]}";
}

std::string list_of(std::string_view item) {
  return R"({"type": "array", "items": )" + std::string(item) + "}";
}

std::string one_or_list(std::string_view item) {
  return any_of(item, list_of(item));
}

std::string with_pattern(std::string_view pattern) {
  return R"({"type": "string", "pattern": )" + quoted(pattern) + "}";
}

/// 10%, or a number of records.
std::string limit_schema() {
  return any_of(R"({"type": "integer"})",
                with_pattern("^([0-9]+( records?)?|[0-9]+(\\.[0-9]+)? ?%)$"));
}

/// Words that hold a value to write: there `null` is a text too.
bool holds_constant(const Word& word) {
  const std::string_view name = word.name;
  return name == "value" || name == "blank_as" || name == "write" || name.substr(0, 5) == "when_";
}

/// What a value of the word must be, as a schema.
std::string value_schema(const Word& word) {
  switch (word.form) {
    case Form::text:
      return std::string(holds_constant(word) ? kConstant : kText);
    case Form::file:
    case Form::expression:
      return std::string(kText);
    case Form::word:
      return enumeration(word.values);
    case Form::words:
      return one_or_list(enumeration(word.values));
    case Form::step:
      return enumeration(step_words(StepFamily::type));
    case Form::steps:
      return one_or_list(enumeration(step_words(StepFamily::text)));
    case Form::texts:
      return one_or_list(kText);
    case Form::character:
      return R"({"type": ["string", "number"], "maxLength": 1})";
    case Form::toggle:
      return std::string(kYesNo);
    case Form::count:
      return R"({"type": "integer"})";
    case Form::records:
      return any_of(R"({"type": "integer"})", with_pattern("^[0-9]+ records?$"));
    case Form::number:
      return any_of(R"({"type": "number"})", with_pattern("^-?[0-9]+(\\.[0-9]+)?$"));
    case Form::decimals:
      return any_of(R"({"type": "integer", "minimum": 0, "maximum": 38})",
                    R"({"enum": ["by-currency"]})");
    case Form::limit:
      return limit_schema();
    case Form::column_limits:
      return reference("column_limits");
    case Form::path:
      return std::string(kPath);
    case Form::paths:
      return one_or_list(kPath);
    case Form::pairs:
      return reference("pairs");
    case Form::range:
      return R"({"type": "array", "items": )" + std::string(kText) +
             R"(, "minItems": 2, "maxItems": 2})";
    case Form::keep:
      return any_of(R"({"enum": ["first", "last", "none"]})",
                    with_pattern("^(highest|lowest) .+$"));
    case Form::source:
      return any_of(kPath, list_of(kPath), reference(Section::pick));
    case Form::text_or_words:
      return any_of(kConstant, list_of(kText));
    case Form::toggle_or_paths:
      return any_of(kYesNo, list_of(kPath));
    case Form::toggle_or_from:
      return any_of(kYesNo, reference(below(word)));
    case Form::text_or_from:
      return any_of(kText, reference(below(word)));
    case Form::action:
      return any_of(enumeration(word.values), reference(below(word)));
    case Form::table_or_pairs:
      return any_of(kText, reference("pairs"));
    case Form::text_or_value:
      return any_of(kConstant, reference(Section::choice_value));
    case Form::file_or_records:
    case Form::file_or_rows:
      return any_of(kText, R"({"type": ["object", "array"]})");
    case Form::map:
      return reference(below(word));
    case Form::maps:
      return one_or_list(reference(below(word)));
    case Form::tables:
      return reference("tables");
    case Form::columns:
      return reference("columns");
  }
  return {};
}

/// `is` of a list item may also be {from: path}, which its form does not say.
std::string value_schema_there(const Word& word) {
  if (word.section == Section::pick && word.name == "is")
    return any_of(kText, list_of(kText), reference(Section::pick_is));
  return value_schema(word);
}

void append_words(Section section, std::string_view indent, std::string& out) {
  bool first = true;
  for (const Word& word : all_words()) {
    if (word.section != section) continue;
    out += first ? "\n" : ",\n";
    first = false;
    out += std::string(indent) + "  " + quoted(word.name) + R"(: {"description": )" +
           quoted(word.about) + R"(, "allOf": [)" + value_schema_there(word) + "]}";
  }
  out += "\n" + std::string(indent) + "}";
}

void append_definition(std::string_view name, std::string_view schema, std::string& out) {
  out += "    " + quoted(name) + ": " + std::string(schema) + ",\n";
}

/// What is no section of words: texts, switches, pairs, tables and columns by their names.
void append_shared(std::string& out) {
  append_definition("a_text", kScalar, out);
  append_definition("a_path", R"({"type": ["string", "number"]})", out);
  append_definition("yes_or_no", R"({"enum": ["yes", "no", true, false]})", out);
  append_definition("pairs",
                    R"({"type": "object", "additionalProperties": )" + std::string(kConstant) + "}",
                    out);
  append_definition("column_limits",
                    R"({"type": "object", "additionalProperties": )" + limit_schema() + "}", out);
  append_definition("tables",
                    R"({"type": "object", "additionalProperties": )" +
                        any_of(reference(Section::table), reference("pairs")) + "}",
                    out);
  append_definition("columns",
                    R"({"type": "object", "additionalProperties": )" +
                        any_of(kPath, reference(Section::column)) + "}",
                    out);
}

}  // namespace

std::string schema_text() {
  std::string out =
      "{\n"
      "  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
      "  \"title\": \"trama mapping, version 1 of the language\",\n"
      "  \"$comment\": \"made by: trama schema\",\n"
      "  \"type\": \"object\",\n"
      "  \"required\": [\"mapping\", \"version\"],\n"
      "  \"additionalProperties\": false,\n"
      "  \"properties\": {";
  append_words(Section::top, "  ", out);
  out += ",\n  \"definitions\": {\n";
  append_shared(out);
  for (std::size_t n = 1; n < kSections; ++n) {
    const auto section = static_cast<Section>(n);
    out += "    " + quoted(definition(section)) +
           ": {\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      "
           "\"properties\": {";
    append_words(section, "      ", out);
    out += "\n    }";
    out += n + 1 < kSections ? ",\n" : "\n";
  }
  return out + "  }\n}\n";
}

int schema_command() {
  std::cout << schema_text();
  return 0;
}

}  // namespace trama
