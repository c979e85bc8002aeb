// The section `columns`: each column with its source; what is done to its value is in
// read_column_steps.cpp.

#include "mapping/read_column.h"

#include <array>

#include "base/phrase_codes.h"
#include "mapping/fields.h"
#include "mapping/read_items.h"
#include "mapping/read_sections.h"

namespace trama {
namespace {

void read_from(const Fields& fields, Column& out) {
  if (const YamlNode* node = fields.find("from")) out.from_span = node->span;
  read_sources(fields, "from", out.from);
}

void read_choice_value(const Fields& fields, std::string_view word, Choice& out) {
  read_value_words(fields, word, {&out.constant, &out.column, &out.from});
}

Choice read_choice(const YamlNode& node, Diagnostics& diagnostics) {
  const Fields fields(node, Section::choice, diagnostics);
  Choice choice;
  choice.span = node.span;
  if (fields.has("otherwise")) {
    fields.refuse_both("otherwise", "when", PhraseCode::otherwise_alone);
    fields.refuse_both("otherwise", "write", PhraseCode::otherwise_holds_what_is_written);
    read_choice_value(fields, "otherwise", choice);
    return choice;
  }
  fields.require("when", node.span, PhraseCode::an_entry_of_choose,
                 PhraseCode::write_a_condition_or_otherwise);
  fields.require("write", node.span, PhraseCode::an_entry_of_choose,
                 PhraseCode::say_what_is_written_then);
  fields.read("when", choice.when);
  read_choice_value(fields, "write", choice);
  return choice;
}

void read_choose(const Fields& fields, Column& out) {
  const YamlNode* node = fields.find("choose");
  if (node == nullptr) return;
  out.choose_span = node->span;
  const auto maps = maps_of(*node, "choose", fields.diagnostics());
  for (const YamlNode* map : maps) {
    out.choose.push_back(read_choice(*map, fields.diagnostics()));
    const bool last = map == maps.back();
    if (out.choose.back().when.stated() || last || map->find("otherwise") == nullptr) continue;
    fields.diagnostics().push_back({DiagnosticCode::words_together,
                                    map->span,
                                    {"otherwise", "when", PhraseCode::otherwise_is_last}});
  }
}

void read_each(const Fields& fields, Column& out) {
  fields.read("each", out.each);
  fields.read("called", out.called);
  if (const YamlNode* where = fields.find("where"))
    read_conditions(*where, fields.word("where"), out.where, fields.diagnostics());
  const YamlNode* columns = fields.find("columns");
  if (columns == nullptr) {
    if (fields.has("each")) {
      fields.require("columns", out.span, PhraseCode::a_column_with_each,
                     PhraseCode::list_the_columns_of_its_objects);
    }
    return;
  }
  fields.require("each", fields.key_span("columns"), PhraseCode::columns_inside_a_column,
                 PhraseCode::name_the_list_of_the_columns);
  if (columns->is_map()) {
    read_columns(*columns, out.columns, fields.diagnostics());
  } else {
    report_kind(*columns, "columns", title(Form::columns), fields.diagnostics());
  }
}

/// A column has one source, no more and no less. `by` is one:
/// the fields that are looked up together.
void check_sources(const Fields& fields, const Column& column) {
  static constexpr std::array<std::string_view, 11> kSources = {
      "from",        "first_of",    "value", "compute", "choose", "rate_of",
      "rate_day_of", "currency_of", "each",  "by",      "column"};
  std::string_view first;
  for (const std::string_view source : kSources) {
    if (!fields.has(source)) continue;
    fields.refuse_empty(source);
    if (first.empty()) {
      first = source;
      continue;
    }
    fields.diagnostics().push_back({DiagnosticCode::column_sources,
                                    fields.key_span(source),
                                    {column.name.text, std::string(first), std::string(source)}});
  }
  if (first.empty()) {
    fields.require("from", column.span, Phrase(PhraseCode::the_column, {column.name.text}),
                   PhraseCode::say_where_the_value_comes_from);
  }
}

void read_words(const YamlNode& node, Column& out, Diagnostics& diagnostics) {
  const Fields fields(node, Section::column, diagnostics);
  read_from(fields, out);
  read_sources(fields, "first_of", out.first_of);
  fields.read("value", out.value);
  fields.read("compute", out.compute);
  fields.read("rate_of", out.rate_of);
  fields.read("rate_day_of", out.rate_day_of);
  fields.read("currency_of", out.currency_of);
  read_choose(fields, out);
  fields.read("total", out.total);
  fields.read("column", out.total_column);
  if (fields.has("column"))
    fields.require("total", fields.key_span("column"), "'column'",
                   PhraseCode::say_what_is_made_of_its_values);
  read_each(fields, out);
  fields.read("internal", out.internal);
  check_sources(fields, out);
  read_column_steps(fields, out);
}

Column read_column(const YamlEntry& entry, Diagnostics& diagnostics) {
  Column column;
  column.name = {entry.key.text, entry.key.span, entry.key.quoted};
  column.span = entry.key.span;
  if (entry.key.text.empty()) {
    diagnostics.push_back(
        {DiagnosticCode::key_missing,
         entry.key.span,
         {PhraseCode::a_column, PhraseCode::a_name, PhraseCode::write_one_before_the_colon}});
  }
  if (entry.value.is_map()) {
    for (const YamlEntry& word : entry.value.entries) {
      column.words.push_back({word.key.text, word.key.span, word.key.quoted});
    }
    read_words(entry.value, column, diagnostics);
    return column;
  }
  if (!entry.value.is_scalar() || entry.value.is_nothing()) {
    report_kind(entry.value, entry.key.text, PhraseCode::a_column_described, diagnostics,
                entry.value.is_list() ? PhraseCode::write_the_list_behind_from
                                      : PhraseCode::write_the_field_of_the_column);
    return column;
  }
  constexpr Word kShort{Section::column, "from", Form::path, "", ""};
  Path path;
  column.from_span = entry.value.span;
  if (read_value(entry.value, kShort, path, diagnostics)) column.from.push_back(std::move(path));
  return column;
}

}  // namespace

void read_columns(const YamlNode& node, std::vector<Column>& out, Diagnostics& diagnostics) {
  for (const YamlEntry& entry : node.entries) out.push_back(read_column(entry, diagnostics));
}

}  // namespace trama
