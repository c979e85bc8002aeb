// The sections about records: input, rows, only, duplicates, identity.

#include "base/phrase_codes.h"
#include "mapping/fields.h"
#include "mapping/path.h"
#include "mapping/read_column.h"
#include "mapping/read_items.h"
#include "mapping/read_sections.h"

namespace trama {
namespace {

/// `{highest: updated_at, read: …}`.
void read_keep_words(const YamlNode& node, Mapping::Duplicates& out, Diagnostics& diagnostics) {
  const Fields fields(node, Section::keep, diagnostics);
  fields.refuse_both("highest", "lowest", PhraseCode::one_record_is_kept);
  if (!fields.has("lowest"))
    fields.require("highest", node.span, "'keep: {…}'", PhraseCode::or_lowest);
  const char* const word = fields.has("highest") ? "highest" : "lowest";
  fields.read(word, out.keep_path);
  if (out.keep_path.stated()) out.keep = {word, fields.key_span(word), false};
  read_date_words(fields, out.keep_as);
}

/// `highest updated_at`: the word and the path behind it.
void read_keep(const Fields& fields, Mapping::Duplicates& out) {
  const YamlNode* node = fields.find("keep");
  if (node == nullptr) return;
  if (node->is_map()) {
    read_keep_words(*node, out, fields.diagnostics());
    return;
  }
  const Word& word = fields.word("keep");
  Text whole;
  if (!read_value(*node, word, whole, fields.diagnostics())) return;
  for (const std::string_view way : {"highest", "lowest"}) {
    const std::string_view text = whole.text;
    if (text.substr(0, way.size()) != way || text.substr(way.size(), 1) != " ") continue;
    YamlNode path = *node;
    const std::size_t start = text.find_first_not_of(' ', way.size());
    path.text = start == std::string_view::npos ? "" : text.substr(start);
    const auto cut = static_cast<std::uint32_t>(text.size() - path.text.size());
    const bool plain = !node->quoted && path.span.length > cut;
    if (plain) {
      path.span = {path.span.file, path.span.line, path.span.column + cut, path.span.length - cut};
    }
    if (!read_value(path, word, out.keep_path, fields.diagnostics())) return;
    out.keep = whole;
    out.keep.text = way;
    return;
  }
  if (is_listed("first, last, none", whole.text)) {
    out.keep = whole;
    return;
  }
  const bool lacks_path = whole.text == "highest" || whole.text == "lowest";
  Phrase help = lacks_path ? Phrase(PhraseCode::write_a_field_behind_it, {whole.text})
                           : help_for_value(word.values, whole.text);
  fields.diagnostics().push_back(
      {DiagnosticCode::value_wrong, whole.span, {whole.text, "keep", std::move(help)}});
}

/// `records: "{*}"`: the document itself is the object whose entries are the records.
void read_records(const Fields& fields, Mapping::Input& out) {
  const YamlNode* node = fields.find("records");
  if (node == nullptr || !node->is_scalar() || node->text != "{*}") {
    fields.read("records", out.records);
    return;
  }
  out.records.text = node->text;
  out.records.span = node->span;
  out.records.steps.push_back({Path::StepKind::entries, {}, 0});
}

/// A count, or {from: path} to one.
void read_expect_count(const Fields& fields, Mapping::Input& out) {
  const YamlNode* node = fields.find("expect_count");
  if (node == nullptr) return;
  if (!node->is_map()) {
    fields.read("expect_count", out.expect_count);
    return;
  }
  const Fields below(*node, Section::expect_count, fields.diagnostics());
  below.require("from", node->span, "'expect_count: {…}'", PhraseCode::say_where_the_number_is);
  below.read("from", out.expect_count_from);
}

}  // namespace

void read_input(const YamlNode& node, Mapping::Input& out, Diagnostics& diagnostics) {
  const Fields fields(node, Section::input, diagnostics);
  fields.read("format", out.format);
  read_records(fields, out);
  fields.read("as_list", out.as_list);
  fields.read("json_in_text", out.json_in_text);
  fields.read("id", out.id);
  fields.read("fields_nobody_uses", out.fields_nobody_uses);
  fields.read("ignore_fields", out.ignore_fields);
  fields.read("expect_at_least", out.expect_at_least);
  read_expect_count(fields, out);
  fields.read("error_body", out.error_body);
  fields.read("null_words", out.null_words);
}

void read_rows(const YamlNode& node, std::vector<RowLevel>& out, Diagnostics& diagnostics) {
  for (const YamlNode* map : maps_of(node, "rows", diagnostics)) {
    const Fields fields(*map, Section::rows, diagnostics);
    RowLevel level;
    level.span = map->span;
    fields.require("one_per", map->span, "'rows'", PhraseCode::name_the_list_of_the_rows);
    fields.refuse_empty("one_per");
    read_row_items(fields, level.one_per);
    fields.read("called", level.called);
    if (const YamlNode* where = fields.find("where")) {
      level.where_span = fields.key_span("where");
      read_conditions(*where, fields.word("where"), level.where, diagnostics);
    }
    fields.read("when_missing", level.when_missing);
    fields.read("when_empty", level.when_empty);
    fields.read("bad_item", level.bad_item);
    fields.read("one_or_many", level.one_or_many);
    fields.read("at_most", level.at_most);
    out.push_back(std::move(level));
  }
}

void read_only(const YamlNode& node, Mapping::Only& out, Diagnostics& diagnostics) {
  const Fields fields(node, Section::only, diagnostics);
  fields.require("when", out.span, "'only'", PhraseCode::write_the_condition_wanted);
  fields.read("when", out.when);
  fields.read("otherwise", out.otherwise);
}

void read_duplicates(const YamlNode& node, Mapping::Duplicates& out, Diagnostics& diagnostics) {
  const Fields fields(node, Section::duplicates, diagnostics);
  fields.require("same", out.span, "'duplicates'", PhraseCode::name_the_fields_of_same);
  fields.refuse_empty("same");
  fields.read("same", out.same);
  read_keep(fields, out);
  fields.read("others", out.others);
}

/// A path, or `{from: path, read: …}`.
void read_newer_by(const Fields& fields, Mapping::Identity& out) {
  const YamlNode* const node = fields.find("newer_by");
  if (node == nullptr) return;
  if (!node->is_map()) {
    fields.read("newer_by", out.newer_by);
    return;
  }
  const Fields below(*node, Section::newer_by, fields.diagnostics());
  below.require("from", node->span, "'newer_by: {…}'", PhraseCode::name_the_field_from);
  below.read("from", out.newer_by);
  read_date_words(below, out.newer_as);
}

void read_identity(const YamlNode& node, Mapping::Identity& out, Diagnostics& diagnostics) {
  const Fields fields(node, Section::identity, diagnostics);
  fields.require("key", out.span, "'identity'", PhraseCode::name_the_fields_of_the_key);
  fields.refuse_empty("key");
  fields.read("key", out.key);
  read_newer_by(fields, out);
  fields.read("full_dump", out.full_dump);
}

}  // namespace trama
