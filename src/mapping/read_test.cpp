// The section `tests`.

#include <utility>

#include "base/phrase_codes.h"
#include "mapping/fields.h"
#include "mapping/json_lines.h"
#include "mapping/read_sections.h"
#include "mapping/source_text.h"

namespace trama {
namespace {

void read_given(const Fields& fields, Test& out) {
  const YamlNode* node = fields.find("given");
  if (node == nullptr) return;
  out.given_span = node->span;
  if (node->is_scalar()) {
    fields.read("given", out.given);
    return;
  }
  for (const YamlNode* record : maps_of(*node, "given", fields.diagnostics())) {
    append_json(*record, out.given_json);
    out.given_json += '\n';
  }
}

/// A cell of an expected row. Nothing is a blank; what JSON output nests is its JSON text.
Pair expected_cell(const YamlEntry& entry) {
  Pair cell;
  cell.key = {entry.key.text, entry.key.span, entry.key.quoted};
  cell.value = {entry.value.text, entry.value.span, entry.value.quoted};
  if (!entry.value.is_scalar()) append_json(entry.value, cell.value.text);
  return cell;
}

void read_expected_rows(const Fields& fields, Test& out) {
  const YamlNode* node = fields.find("expect_rows");
  if (node == nullptr) return;
  if (node->is_scalar()) {
    fields.read("expect_rows", out.expect_rows);
    if (out.expect_rows.stated()) out.expect_rows_span = node->span;
    return;
  }
  out.expect_rows_span = node->span;
  for (const YamlNode* row : maps_of(*node, "expect_rows", fields.diagnostics())) {
    std::vector<Pair> cells;
    for (const YamlEntry& entry : row->entries) cells.push_back(expected_cell(entry));
    out.expect_rows_inline.push_back(std::move(cells));
  }
}

void read_expected_rejected(const Fields& fields, Test& out) {
  const YamlNode* node = fields.find("expect_rejected");
  if (node == nullptr) return;
  out.expect_rejected_span = node->span;
  for (const YamlNode* map : maps_of(*node, "expect_rejected", fields.diagnostics())) {
    const Fields words(*map, Section::test_rejected, fields.diagnostics());
    Test::Rejected rejected;
    rejected.span = map->span;
    words.read("rule", rejected.rule);
    words.read("code", rejected.code);
    words.read("column", rejected.column);
    words.read("record", rejected.record);
    out.expect_rejected.push_back(std::move(rejected));
  }
}

void read_expected_warnings(const Fields& fields, Test& out) {
  const YamlNode* node = fields.find("expect_warnings");
  if (node == nullptr) return;
  out.expect_warnings_span = node->span;
  for (const YamlNode* map : maps_of(*node, "expect_warnings", fields.diagnostics())) {
    const Fields words(*map, Section::test_warning, fields.diagnostics());
    Test::Warning warning;
    warning.span = map->span;
    words.read("column", warning.column);
    words.read("rule", warning.rule);
    words.read("text", warning.text);
    out.expect_warnings.push_back(std::move(warning));
  }
}

Test read_test(const YamlNode& node, Diagnostics& diagnostics) {
  const Fields fields(node, Section::test, diagnostics);
  Test test;
  test.span = node.span;
  fields.require("name", node.span, PhraseCode::a_test, PhraseCode::say_what_it_shows);
  fields.require("given", node.span, PhraseCode::a_test, PhraseCode::name_a_file_with_records);
  const bool expects =
      fields.has("expect_rows") || fields.has("expect_rejected") || fields.has("expect_warnings");
  if (!expects) {
    fields.require("expect_rows", node.span, PhraseCode::a_test, PhraseCode::or_expect_rejected);
  }
  fields.read("name", test.name);
  read_given(fields, test);
  read_expected_rows(fields, test);
  read_expected_rejected(fields, test);
  read_expected_warnings(fields, test);
  fields.read("at", test.at);
  return test;
}

}  // namespace

void read_tests(const YamlNode& node, std::vector<Test>& out, Diagnostics& diagnostics) {
  for (const YamlNode* map : maps_of(node, "tests", diagnostics)) {
    out.push_back(read_test(*map, diagnostics));
  }
}

void read_test_file(const std::string& path, FileReader& reader, Files& files,
                    std::vector<Test>& out, Diagnostics& diagnostics) {
  const auto file = static_cast<std::uint32_t>(files.files.size());
  std::string content;
  Phrase why_not;
  files.files.push_back({path, ""});
  if (!reader.read(path, content, why_not)) {
    diagnostics.push_back({DiagnosticCode::file_unreadable, {file, 0, 0, 0}, {path, why_not}});
    return;
  }
  files.files.back().text = without_mark_and_cr(content);
  const std::string& text = files.files.back().text;
  YamlNode tree;
  if (!SourceText(text, file).check(diagnostics) || !read_yaml(text, file, tree, diagnostics))
    return;
  if (!expect_map(tree, PhraseCode::a_test_file, diagnostics)) return;
  for (const YamlEntry& entry : tree.entries) {
    if (entry.key.text == "tests") {
      read_tests(entry.value, out, diagnostics);
    } else {
      diagnostics.push_back(
          {DiagnosticCode::key_unknown,
           entry.key.span,
           {entry.key.text, PhraseCode::a_test_file, PhraseCode::its_one_section_is_tests}});
    }
  }
}

}  // namespace trama
