// read_mapping(): the top of a mapping file; its sections are in read_*.cpp.

#include "base/phrase_codes.h"
#include "mapping/base_file.h"
#include "mapping/defaults.h"
#include "mapping/fields.h"
#include "mapping/mapping.h"
#include "mapping/odd_characters.h"
#include "mapping/read_sections.h"

namespace trama {
namespace {

void read_heading(const Fields& top, Mapping& out) {
  top.read("mapping", out.name);
  top.read("version", out.version);
  top.read("about", out.about);
  top.read("extends", out.extends);
}

/// The section called `name`, read by `read` where it is a map.
template <typename T>
void read_map(const Fields& top, std::string_view name, T& out,
              void (*read)(const YamlNode&, T&, Diagnostics&)) {
  const YamlNode* node = top.find(name);
  if (node == nullptr || !expect_map(*node, name, top.diagnostics())) return;
  out.span = top.key_span(name);
  read(*node, out, top.diagnostics());
}

void read_columns_of(const Fields& top, bool complete, Mapping& out) {
  const YamlNode* node = top.find("columns");
  if (node == nullptr) return;
  if (!node->is_map() || (complete && node->entries.empty())) {
    report_kind(*node, "columns", title(Form::columns), top.diagnostics(),
                PhraseCode::write_columns_one_a_line);
    return;
  }
  out.columns_span = top.key_span("columns");
  read_columns(*node, out.columns, top.diagnostics());
}

void read_tree(const YamlNode& tree, bool complete, Mapping& out, Diagnostics& diagnostics) {
  const Fields top(tree, Section::top, diagnostics);
  read_heading(top, out);
  read_map(top, "input", out.input, read_input);
  if (const YamlNode* tables = top.find("tables")) read_tables(*tables, out.tables, diagnostics);
  if (const YamlNode* rows = top.find("rows")) {
    out.rows_span = top.key_span("rows");
    read_rows(*rows, out.rows, diagnostics);
  }
  read_map(top, "only", out.only, read_only);
  read_map(top, "duplicates", out.duplicates, read_duplicates);
  read_map(top, "identity", out.identity, read_identity);
  const Span whole{tree.span.file, 0, 0, 0};
  if (complete) {
    top.require("columns", whole, PhraseCode::the_mapping, PhraseCode::list_the_output_columns);
  }
  read_columns_of(top, complete, out);
  if (const YamlNode* rules = top.find("rules")) read_rules(*rules, out.rules, diagnostics);
  read_map(top, "limits", out.limits, read_limits);
  read_map(top, "output", out.output, read_output);
  if (const YamlNode* tests = top.find("tests")) read_tests(*tests, out.tests, diagnostics);
}

}  // namespace

Mapping read_mapping(const std::string& path, FileReader& reader, Files& files,
                     Diagnostics& diagnostics, std::string_view root) {
  Mapping mapping;
  YamlNode tree;
  bool complete = true;
  if (read_with_bases(path, reader, root, files, diagnostics, tree, complete)) {
    warn_of_odd_characters(tree, diagnostics);
    apply_defaults(tree, mapping.default_words, diagnostics);
    read_tree(tree, complete, mapping, diagnostics);
  }
  return mapping;
}

}  // namespace trama
