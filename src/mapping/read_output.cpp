// The sections about rows that are made: rules, limits, output.

#include <algorithm>
#include <unordered_map>

#include "base/phrase_codes.h"
#include "mapping/fields.h"
#include "mapping/read_sections.h"

namespace trama {
namespace {

void read_rest(const Fields& fields, Mapping::Output& out) {
  const YamlNode* node = fields.find("rest");
  if (node == nullptr) return;
  out.rest_span = node->span;
  if (!node->is_list()) {
    fields.read("rest", out.rest);
    return;
  }
  out.rest = {true, node->span};
  fields.read("rest", out.rest_without);
}

void read_table(const Fields& fields, Mapping::Output::Table& out) {
  const YamlNode* const node = fields.find("table");
  if (node == nullptr || !expect_map(*node, "table", fields.diagnostics())) return;
  out.span = fields.key_span("table");
  const Fields below(*node, Section::output_table, fields.diagnostics());
  below.read("name", out.name);
  below.read("create", out.create);
  below.read("gone", out.gone);
  below.read("columns", out.columns);
}

/// Where an item of a block list begins: at its dash, which stands right below that
/// of the first item.
Span with_dash(const YamlNode& list, Span item) {
  constexpr std::uint32_t kDashAndBlank = 2;
  if (list.is_list() && item.column >= list.span.column + kDashAndBlank) {
    item.length += item.column - list.span.column;
    item.column = list.span.column;
  }
  return item;
}

}  // namespace

void read_rules(const YamlNode& node, std::vector<Rule>& out, Diagnostics& diagnostics) {
  std::unordered_map<std::string, std::uint32_t> lines;
  for (const YamlNode* map : maps_of(node, "rules", diagnostics)) {
    const Fields fields(*map, Section::rule, diagnostics);
    Rule rule;
    rule.span = with_dash(node, map->span);
    fields.require("name", map->span, PhraseCode::a_rule, PhraseCode::reports_name_the_rule);
    fields.require("check", map->span, PhraseCode::a_rule, PhraseCode::write_what_must_hold);
    fields.read("name", rule.name);
    fields.read("check", rule.check);
    fields.read("level", rule.level);
    fields.read("message", rule.message);
    if (rule.name.stated()) {
      const auto [known, fresh] = lines.emplace(rule.name.text, rule.name.span.line);
      if (!fresh) {
        diagnostics.push_back(
            {DiagnosticCode::name_repeated,
             rule.name.span,
             {PhraseCode::a_rule, rule.name.text, std::to_string(known->second)}});
      }
    }
    out.push_back(std::move(rule));
  }
}

void read_limits(const YamlNode& node, Mapping::Limits& out, Diagnostics& diagnostics) {
  const Fields fields(node, Section::limits, diagnostics);
  fields.read("rejected_at_most", out.rejected_at_most);
  fields.read("warn_above", out.warn_above);
  fields.read("warnings_at_most", out.warnings_at_most);
  fields.read("blank_at_most", out.blank_at_most);
  fields.read("deleted_at_most", out.deleted_at_most);
  fields.read("fields_never_found", out.fields_never_found);
  fields.read("stop_early_after", out.stop_early_after);
  fields.read("publish", out.publish);
}

void read_output(const YamlNode& node, Mapping::Output& out, Diagnostics& diagnostics) {
  const Fields fields(node, Section::output, diagnostics);
  fields.read("format", out.format);
  fields.read("separator", out.separator);
  fields.read("decimal_mark", out.decimal_mark);
  fields.read("thousands_mark", out.thousands_mark);
  fields.read("header", out.header);
  fields.read("for_excel", out.for_excel);
  fields.read("blank_as", out.blank_as);
  fields.read("blank_rows", out.blank_rows);
  fields.read("numbers_as", out.numbers_as);
  fields.read("schema", out.schema);
  fields.read("audit_columns", out.audit_columns);
  fields.read("unchanged", out.unchanged);
  read_rest(fields, out);
  read_table(fields, out.table);
}

}  // namespace trama
