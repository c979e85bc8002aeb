// `trama schema`: the JSON Schema (draft-07) of the mapping language, for editors. Made from the
// table of words alone, so that it can neither miss a word nor know one too many.
//
// A yes/no value is the text yes or no, as editors that read YAML 1.2 take it; `true` and `false`
// are not offered, since `check` refuses them. Which words go with which sources and types is the
// table of mapping/word_effects.inc. Neighbours of `$ref` mean nothing in draft-07: the description
// stands beside an `allOf` that holds the reference.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/subcommand.h"
#include "json/json_text.h"
#include "mapping/word_effects.h"
#include "mapping/words.h"
#include "sink/format.h"
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
  if (const StepSpec* const step = step_of(section)) return step->words.front().name;
  switch (section) {
    case Section::top:
      return "mapping";
    case Section::input:
      return "input";
    case Section::table:
      return "table";
    case Section::rate_side:
      return "currency_of_all_lines";
    case Section::rows:
      return "rows";
    case Section::one_per:
      return "row_items";
    case Section::only:
      return "only";
    case Section::duplicates:
      return "duplicates";
    case Section::identity:
      return "identity";
    case Section::newer_by:
      return "newer_by";
    case Section::keep:
      return "keep";
    case Section::column:
      return "column";
    case Section::pick:
      return "item_of_list";
    case Section::pick_is:
      return "wanted_value_from";
    case Section::expect_count:
      return "expect_count_from";
    case Section::minor_units:
      return "minor_units_from";
    case Section::currency:
      return "currency_from";
    case Section::convert_to:
      return "convert_to_from";
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
    case Section::output_table:
      return "output_table";
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
    case Form::format:
      return enumeration(format_names());
    case Form::texts:
      return one_or_list(kText);
    case Form::character:
      return R"({"type": ["string", "number"], "maxLength": 1})";
    case Form::toggle:
      return std::string(kYesNo);
    case Form::count:
      return R"({"type": "integer", "minimum": )" + std::to_string(word.least) + "}";
    case Form::position:
      return R"({"type": "integer", "not": {"enum": [0]}})";
    case Form::records:
      return any_of(R"({"type": "integer", "minimum": 0})", with_pattern("^[0-9]+ records?$"));
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
    case Form::path_or_from:
      return any_of(kPath, reference(*section_below(word)));
    case Form::pairs:
      return reference("pairs");
    case Form::range:
      return R"({"type": "array", "items": )" + std::string(kText) +
             R"(, "minItems": 2, "maxItems": 2})";
    case Form::keep:
      return any_of(R"({"enum": ["first", "last", "none"]})", with_pattern("^(highest|lowest) .+$"),
                    reference(*section_below(word)));
    case Form::sources: {
      const std::string one = any_of(kPath, reference(*section_below(word)));
      return one_or_list(one);
    }
    case Form::conditions:
      return reference("conditions");
    case Form::path_or_conditions:
      return any_of(kPath, reference("conditions"));
    case Form::row_items: {
      const std::string one = any_of(kPath, reference(*section_below(word)));
      return one_or_list(one);
    }
    case Form::text_or_words:
      return any_of(kConstant, list_of(kText));
    case Form::toggle_or_paths:
      return any_of(kYesNo, list_of(kPath));
    case Form::count_or_from:
      return any_of(R"({"type": "integer"})", reference(*section_below(word)));
    case Form::toggle_or_from:
      return any_of(kYesNo, reference(*section_below(word)));
    case Form::text_or_constant:
      return any_of(kText, reference(*section_below(word)));
    case Form::text_or_from:
      return any_of(kText, reference(*section_below(word)));
    case Form::action:
      return any_of(enumeration(word.values), reference(*section_below(word)));
    case Form::table_or_pairs:
      return any_of(kText, reference("pairs"));
    case Form::text_or_value:
      return any_of(kConstant, reference(*section_below(word)));
    case Form::file_or_records:
    case Form::file_or_rows:
      return any_of(kText, R"({"type": ["object", "array"]})");
    case Form::map:
      return reference(*section_below(word));
    case Form::maps:
      return one_or_list(reference(*section_below(word)));
    case Form::tables:
      return reference("tables");
    case Form::columns:
      return reference("columns");
    case Form::type_words:
      return reference("type_words");
  }
  return {};
}

/// A section of a mapping, which `none` takes out of the base of `extends`.
bool is_section(const Word& word) {
  return word.section == Section::top &&
         (word.form == Form::map || word.form == Form::maps || word.form == Form::tables ||
          word.form == Form::columns || word.form == Form::type_words);
}

/// What the form of a word does not say.
std::string value_schema_there(const Word& word) {
  if (word.section == Section::top && word.name == "version") return R"({"enum": [1, "1"]})";
  if (is_section(word)) return any_of(R"({"enum": ["none"]})", value_schema(word));
  if (word.section == Section::pick && word.name == "is")
    return any_of(kText, list_of(kText), reference(*section_below(word)));
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

/// `["a", "b"]`
std::string name_list(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "" : ", ") + quoted(name);
  return '[' + out + ']';
}

std::string required(const std::vector<std::string_view>& names) {
  return R"({"required": )" + name_list(names) + "}";
}

std::string each_of(std::string_view keyword, const std::vector<std::string>& schemas) {
  std::string out = "{" + quoted(keyword) + ": [";
  for (std::size_t i = 0; i < schemas.size(); ++i) out += (i == 0 ? "" : ", ") + schemas[i];
  return out + "]}";
}

/// None of these words may be there.
std::string without(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words)
    out += (out.empty() ? "" : ", ") + quoted(word) + ": false";
  return R"({"properties": {)" + out + "}}";
}

std::string if_then(std::string_view condition, std::string_view then) {
  return R"({"if": )" + std::string(condition) + R"(, "then": )" + std::string(then) + "}";
}

std::string has_value(std::string_view word, std::string_view values) {
  return R"({"required": [)" + quoted(word) + R"(], "properties": {)" + quoted(word) + ": " +
         enumeration(values) + "}}";
}

/// "a, b", as enumeration() takes them.
std::string type_list(TypeSet types) {
  std::string out;
  for (const std::string_view type : word_types())
    if ((types & type_bit(type)) != 0) out += (out.empty() ? "" : ", ") + std::string(type);
  return out;
}

/// What a source word says of the kind of source; more than one where that hangs on other words.
SourceSet kinds_of(std::string_view source) {
  for (const WordEffect& effect : word_effects())
    if (effect.word == source) return effect.sources;
  return 0;
}

/// The rule, for columns of these types.
std::string of_types(TypeSet types, const std::string& rule) {
  return types == every_type() ? rule : if_then(has_value("type", type_list(types)), rule);
}

/// Columns by their names: a path each, or what a definition says.
std::string columns_of(std::string_view definition) {
  return R"({"additionalProperties": )" + any_of(kPath, reference(definition)) + "}";
}

/// The rules between the words of a column: one source, and no word that does nothing beside its
/// source or with its type.
std::vector<std::string> column_rules() {
  std::vector<std::string> rules;
  std::vector<std::string> one_source;
  std::map<TypeSet, std::vector<std::string_view>> by_types;  // words by the types that obey them
  for (const WordEffect& effect : word_effects()) {
    if (is_source_word(effect.word)) one_source.push_back(required({effect.word}));
    if (effect.types != every_type()) by_types[effect.types].push_back(effect.word);
  }
  rules.push_back(each_of("oneOf", one_source));
  for (const auto& [types, words] : by_types)
    rules.push_back(if_then(has_value("type", type_list(every_type() & ~types)), without(words)));
  std::vector<std::string_view> not_text;
  for (const WordEffect& effect : word_effects()) {
    const bool typed = effect.word == "rate_of" || effect.word == "rate_day_of" ||
                       effect.word == "each" || effect.word == "called" || effect.word == "columns";
    if ((effect.types & type_bit("text")) == 0 && !typed) not_text.push_back(effect.word);
  }
  const std::string typed_otherwise =
      each_of("anyOf", {required({"type"}), required({"compute"}), required({"total"}),
                        required({"rate_of"}), required({"rate_day_of"}), required({"each"})});
  rules.push_back(if_then(R"({"not": )" + typed_otherwise + "}", without(not_text)));
  for (const WordEffect& source : word_effects()) {
    if (!is_source_word(source.word)) continue;
    std::vector<std::string_view> pointless;
    for (const WordEffect& effect : word_effects())
      if (!is_source_word(effect.word) && (effect.sources & kinds_of(source.word)) == 0)
        pointless.push_back(effect.word);
    if (!pointless.empty()) rules.push_back(if_then(required({source.word}), without(pointless)));
  }
  for (const WordNeed& need : word_needs())
    if (need.other.empty()) rules.push_back(of_types(need.types, without({need.word})));
  for (const WordSpoiled& spoiled : words_spoiled())
    rules.push_back(if_then(has_value(spoiled.other, "yes"), without({spoiled.word})));
  rules.emplace_back(R"({"dependencies": {"each": ["columns"], "columns": ["each"]}})");
  rules.push_back(
      if_then(required({"when_blank"}), without({"when_missing", "when_null", "when_empty"})));
  rules.push_back(if_then(required({"total"}), without({"join"})));
  rules.push_back(if_then(has_value("type", "json"),
                          R"({"properties": {"split": {"not": {"required": ["take"]}}}})"));
  rules.push_back(if_then(
      R"({"required": ["first_of"], "anyOf": [{"required": ["join"]}, {"required": ["total"]}]})",
      required({"split"})));
  return rules;
}

/// What a column needs besides, where no `defaults` may state it.
std::vector<std::string> whole_column_rules() {
  std::vector<std::string> rules;
  for (const WordNeed& need : word_needs())
    if (!need.other.empty())
      rules.push_back(of_types(need.types, R"({"dependencies": {)" + quoted(need.word) + ": " +
                                               name_list({need.other}) + "}}"));
  rules.push_back(if_then(
      has_value("type", "money"),
      each_of("anyOf", {required({"currency"}), required({"column"}), required({"choose"})})));
  rules.emplace_back(R"({"dependencies": {"convert_to": ["rates", "rounding"]}})");
  rules.push_back(if_then(
      R"({"required": ["split"], "properties": {"split": {"not": {"required": ["take"]}}}})",
      each_of("anyOf", {required({"join"}), required({"total"}), has_value("type", "json")})));
  rules.push_back(R"({"properties": {"columns": )" + columns_of("whole_column") + "}}");
  return rules;
}

/// What the words of a section need of one another.
std::vector<std::string> section_rules(Section section) {
  if (const StepSpec* const step = step_of(section)) {
    std::vector<std::string_view> needed;
    for (const StepWord& word : step->map)
      if (word.missing != PhraseCode::none) needed.push_back(word.name);
    return needed.empty() ? std::vector<std::string>() : std::vector{required(needed)};
  }
  switch (section) {
    case Section::column:
      return column_rules();
    case Section::pick:
      return {required({"list"})};
    case Section::one_per:
      return {each_of("oneOf", {required({"split", "by"}), required({"days_from", "until"})})};
    case Section::rate_side:
      return {each_of("oneOf", {required({"value"}), required({"inside"})})};
    case Section::pick_is:
    case Section::newer_by:
    case Section::minor_units:
    case Section::convert_to:
    case Section::zone:
      return {required({"from"})};
    case Section::currency:
      return {each_of("anyOf", {required({"from"}), required({"in_amount"})})};
    case Section::when_wrong:
    case Section::unknown:
      return {required({"write"})};
    case Section::choice:
      return {each_of("oneOf", {required({"when", "write"}), required({"otherwise"})})};
    case Section::choice_value:
      return {each_of("oneOf", {required({"column"}), required({"from"})})};
    case Section::rule:
      return {required({"name", "check"})};
    case Section::test:
      return {required({"name", "given"}),
              each_of("anyOf", {required({"expect_rows"}), required({"expect_rejected"}),
                                required({"expect_warnings"})})};
    default:
      return {};
  }
}

/// A mapping that extends none is whole; sections of one that does go key by key, or are `none`.
std::string whole_mapping() {
  std::string sections;
  for (const Word& word : all_words()) {
    if (!is_section(word)) continue;
    std::string rule = R"({"not": {"enum": ["none"]}})";
    for (const auto& [section, needed] :
         {std::pair("duplicates", "same"), {"only", "when"}, {"identity", "key"}})
      if (word.name == section)
        rule = R"({"type": "object", "required": [)" + quoted(needed) + "]}";
    if (word.name == "rows") rule = one_or_list(R"({"type": "object", "required": ["one_per"]})");
    sections += (sections.empty() ? "" : ", ") + quoted(word.name) + ": " + rule;
  }
  return R"({"if": {"not": {"required": ["extends"]}}, "then": {"required": ["columns"], "properties": {)" +
         sections + "}}}";
}

/// Without `defaults` each column states what it needs.
std::string whole_columns() {
  return R"({"if": {"not": {"required": ["defaults"]}}, "then": {"properties": {"columns": )" +
         columns_of("whole_column") + "}}}";
}

void append_definition(std::string_view name, std::string_view schema, std::string& out) {
  out += "    " + quoted(name) + ": " + std::string(schema) + ",\n";
}

/// `defaults`: by type, the words that its columns may have and that are not each column's own.
std::string type_words() {
  std::string types;
  for (const std::string_view type : word_types()) {
    std::string words;
    for (const WordEffect& effect : word_effects()) {
      if (is_of_one_column(effect.word) || (effect.types & type_bit(type)) == 0) continue;
      words += (words.empty() ? "" : ", ") + quoted(effect.word) +
               R"(: {"$ref": "#/definitions/column/properties/)" + std::string(effect.word) + "\"}";
    }
    types += (types.empty() ? "\n      " : ",\n      ") + quoted(type) +
             R"(: {"type": "object", "additionalProperties": false, "properties": {)" + words +
             "}}";
  }
  return R"({"type": "object", "additionalProperties": false, "properties": {)" + types + "}}";
}

/// What is no section of words: texts, switches, pairs, tables and columns by their names.
void append_shared(std::string& out) {
  append_definition("a_text", kScalar, out);
  append_definition("a_path", R"({"type": ["string", "number"]})", out);
  append_definition("yes_or_no", R"({"enum": ["yes", "no"]})", out);
  append_definition("pairs",
                    R"({"type": "object", "additionalProperties": )" + std::string(kConstant) + "}",
                    out);
  append_definition("conditions",
                    R"({"type": "object", "additionalProperties": )" +
                        any_of(kText, list_of(kText), reference(Section::pick_is)) + "}",
                    out);
  append_definition("column_limits",
                    R"({"type": "object", "additionalProperties": )" + limit_schema() + "}", out);
  append_definition("tables",
                    R"({"type": "object", "additionalProperties": )" +
                        any_of(reference(Section::table), reference("pairs")) + "}",
                    out);
  append_definition("type_words", type_words(), out);
  append_definition("whole_column", each_of("allOf", whole_column_rules()), out);
  append_definition("columns",
                    R"({"type": "object", "minProperties": 1, "additionalProperties": )" +
                        any_of(kPath, reference(Section::column)) + "}",
                    out);
}

/// schemas/mapping.schema.json is this text.
std::string schema_text() {
  std::string out =
      "{\n"
      "  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
      "  \"title\": \"trama mapping, version 1 of the language\",\n"
      "  \"$comment\": \"made by: trama schema\",\n"
      "  \"type\": \"object\",\n"
      "  \"required\": [\"mapping\", \"version\"],\n"
      "  \"additionalProperties\": false,\n"
      "  \"allOf\": [" +
      whole_mapping() + ", " + whole_columns() +
      "],\n"
      "  \"properties\": {";
  append_words(Section::top, "  ", out);
  out += ",\n  \"definitions\": {\n";
  append_shared(out);
  for (std::size_t n = 1; n < section_count(); ++n) {
    const auto section = static_cast<Section>(n);
    if (const StepSpec* const step = step_of(section); step != nullptr && step->map.empty())
      continue;
    if (n > 1) out += ",\n";
    out += "    " + quoted(definition(section)) +
           ": {\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      "
           "\"properties\": {";
    append_words(section, "      ", out);
    const std::vector<std::string> rules = section_rules(section);
    for (std::size_t i = 0; i < rules.size(); ++i)
      out += (i == 0 ? ",\n      \"allOf\": [\n        " : ",\n        ") + rules[i];
    out += rules.empty() ? "\n    }" : "\n      ]\n    }";
  }
  return out + "\n  }\n}\n";
}

class SchemaCommand final : public Subcommand {
 public:
  using Subcommand::Subcommand;

  int run(const std::string& /*command_line*/) override {
    show(Screen::out, schema_text());
    return 0;
  }
};

}  // namespace

constinit const SubcommandSpec kSchemaCommand{
    .name = "schema",
    .summary = PhraseCode::cli_schema_summary,
    .footer = PhraseCode::cli_schema_footer,
    .make = [](OptionParser& /*app*/, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<SchemaCommand>(languages);
    },
};

}  // namespace trama
