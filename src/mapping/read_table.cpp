// The section `tables`.

#include <algorithm>

#include "base/phrase_codes.h"
#include "mapping/fields.h"
#include "mapping/read_column.h"
#include "mapping/read_sections.h"
#include "mapping/table_file.h"

namespace trama {
namespace {

/// A table whose content is not written here has one of these; any other map is pairs.
bool is_described(const YamlNode& node) {
  return node.find("file") != nullptr || node.find("inside") != nullptr ||
         node.find("kind") != nullptr;
}

/// Pairs that look like a table in a file whose `file` was forgotten.
bool looks_described(const YamlNode& node) {
  return node.entries.size() > 1 &&
         std::all_of(node.entries.begin(), node.entries.end(), [](const YamlEntry& e) {
           return find_word(Section::table, e.key.text) != nullptr;
         });
}

void require_words(const Fields& fields, const Table& table) {
  const Phrase who(PhraseCode::the_table, {table.name.text});
  if (!fields.has("file") && !fields.has("inside")) {
    fields.require("file", table.span, who, PhraseCode::name_the_file_of_the_rates);
  }
  fields.refuse_both("file", "inside", PhraseCode::a_table_is_in_one_place);
  const bool rates = fields.has("kind");
  for (const char* word : {"separator", "valid_from", "valid_to"})
    fields.refuse_both("inside", word, PhraseCode::it_describes_a_table_file);
  for (const char* word : {"source", "decimal_mark", "thousands_mark"})
    if (!rates) fields.refuse_both("inside", word, PhraseCode::it_describes_a_table_file);
  for (const char* word : {"key", "value"})
    if (rates && fields.has(word))
      fields.diagnostics().push_back(
          {DiagnosticCode::word_no_effect,
           fields.key_span(word),
           {word, Phrase(PhraseCode::beside, {"'kind: rates'"}), PhraseCode::take_it_out}});
  if (rates) {
    fields.refuse_both("kind", "repeated", PhraseCode::two_rates_of_a_day_are_wrong);
    for (const char* word : {"from", "to"})
      fields.require(word, table.span, who,
                     fields.has("inside") ? PhraseCode::name_the_field_of_the_entries
                                          : PhraseCode::name_the_column_of_the_file);
  }
  for (const char* word : {"valid_from", "valid_to"})
    fields.refuse_both("repeated", word, PhraseCode::lines_by_day_do_not_repeat);
  if (fields.has("repeated") && !rates && !fields.has("key"))
    fields.diagnostics().push_back(
        {DiagnosticCode::needs_word, fields.key_span("repeated"), {"repeated", "key"}});
  if (rates && !fields.has("inside")) {
    if (table.from.view() != "columns" && table.to.view() != "columns")
      fields.require("rate", table.span, who, PhraseCode::name_the_column_of_the_file);
    else
      fields.refuse_both(table.to.view() == "columns" ? "to" : "from", "rate",
                         PhraseCode::the_cells_are_the_rates);
  } else if (rates) {
    // a rate without a field of its own is the entry itself
  } else if (fields.has("file") && !is_pairs_file(table.file.text)) {
    fields.require("key", table.span, who, PhraseCode::name_the_column_looked_up);
  } else if (fields.has("file")) {
    for (const char* word : {"valid_from", "valid_to"})
      fields.refuse_both("file", word, PhraseCode::pairs_have_no_days);
  }
}

/// `from`, `to` and `date` of rates: a column, `{value: EUR}` (of a currency), or for rates in the
/// dump `{inside: base}`.
void read_side(const Fields& fields, std::string_view word, Text& column, Text* value,
               Path& beside) {
  const YamlNode* node = fields.find(word);
  if (node == nullptr) return;
  if (!node->is_map()) {
    fields.read(word, column);
    return;
  }
  const Fields below(*node, Section::rate_side, fields.diagnostics());
  const std::string shown = std::string(word) + ": {…}";
  if (value == nullptr || (below.has("inside") && !below.has("value")))
    below.require("inside", node->span, "'" + shown + "'");
  else
    below.require("value", node->span, "'" + shown + "'", PhraseCode::the_code_of_all_lines);
  if (value != nullptr) {
    below.refuse_both("value", "inside", PhraseCode::one_of_both_says_it);
    below.read("value", *value);
  } else if (below.has("value")) {
    fields.diagnostics().push_back({DiagnosticCode::words_together,
                                    below.key_span("value"),
                                    {word, "value", PhraseCode::one_of_both_says_it}});
  }
  below.read("inside", beside);
  if (below.has("inside") && !fields.has("inside"))
    fields.diagnostics().push_back(
        {DiagnosticCode::needs_word, below.key_span("inside"), {shown, "inside"}});
}

void read_described(const YamlNode& node, Table& out, Diagnostics& diagnostics) {
  const Fields fields(node, Section::table, diagnostics);
  fields.read("kind", out.kind);
  fields.read("file", out.file);
  fields.read("inside", out.inside);
  fields.read("key", out.key);
  fields.read("value", out.value);
  read_side(fields, "date", out.date, nullptr, out.date_inside);
  read_side(fields, "from", out.from, &out.from_value, out.from_inside);
  read_side(fields, "to", out.to, &out.to_value, out.to_inside);
  fields.read("repeated", out.repeated);
  fields.read("valid_from", out.valid_from);
  fields.read("valid_to", out.valid_to);
  fields.read("rate", out.rate);
  fields.read("source", out.source);
  fields.read("no_rate_that_day", out.no_rate_that_day);
  fields.read("at_most_days_old", out.at_most_days_old);
  fields.read("inverse_allowed", out.inverse_allowed);
  fields.read("through", out.through);
  fields.read("separator", out.separator);
  fields.read("decimal_mark", out.decimal_mark);
  fields.read("thousands_mark", out.thousands_mark);
  read_day_words(fields, out.days);
  if (fields.has("kind"))
    for (const char* word : {"valid_from", "valid_to"})
      fields.refuse_both("kind", word, PhraseCode::rates_have_one_day);
  const bool by_day = fields.has("kind") || fields.has("valid_from") || fields.has("valid_to");
  for (const char* word : {"read", "months", "two_digit_years"})
    if (fields.has(word) && !by_day)
      diagnostics.push_back(
          {DiagnosticCode::word_no_effect,
           fields.key_span(word),
           {word, PhraseCode::on_a_table_without_days, PhraseCode::tables_by_day_have}});
  require_words(fields, out);
}

void read_pairs(const YamlNode& node, Table& out, Diagnostics& diagnostics) {
  if (looks_described(node)) {
    diagnostics.push_back({DiagnosticCode::table_looks_like_file, out.name.span, {out.name.text}});
  }
  constexpr Word kPairs{Section::table, "tables", Form::pairs, "", ""};
  read_value(node, kPairs, out.pairs, diagnostics);
}

}  // namespace

void read_tables(const YamlNode& node, std::vector<Table>& out, Diagnostics& diagnostics) {
  if (!node.is_map()) {
    report_kind(node, "tables", title(Form::tables), diagnostics);
    return;
  }
  for (const YamlEntry& entry : node.entries) {
    Table table;
    table.name = {entry.key.text, entry.key.span, entry.key.quoted};
    table.span = entry.key.span;
    if (!entry.value.is_map()) {
      report_kind(entry.value, entry.key.text, PhraseCode::a_table_described, diagnostics);
    } else if (is_described(entry.value)) {
      read_described(entry.value, table, diagnostics);
    } else {
      read_pairs(entry.value, table, diagnostics);
    }
    out.push_back(std::move(table));  // also a wrong one, so that its name is known
  }
}

}  // namespace trama
