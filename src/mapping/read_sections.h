// The sections of a mapping, each read from its node of the tree into its part of Mapping.

#pragma once

#include <vector>

#include "base/span.h"
#include "mapping/mapping.h"
#include "mapping/yaml_tree.h"

namespace trama {

void read_input(const YamlNode& node, Mapping::Input& out, Diagnostics& diagnostics);
void read_tables(const YamlNode& node, std::vector<Table>& out, Diagnostics& diagnostics);
void read_rows(const YamlNode& node, std::vector<RowLevel>& out, Diagnostics& diagnostics);
void read_only(const YamlNode& node, Mapping::Only& out, Diagnostics& diagnostics);
void read_duplicates(const YamlNode& node, Mapping::Duplicates& out, Diagnostics& diagnostics);
void read_identity(const YamlNode& node, Mapping::Identity& out, Diagnostics& diagnostics);
void read_columns(const YamlNode& node, std::vector<Column>& out, Diagnostics& diagnostics);
void read_rules(const YamlNode& node, std::vector<Rule>& out, Diagnostics& diagnostics);
void read_limits(const YamlNode& node, Mapping::Limits& out, Diagnostics& diagnostics);
void read_output(const YamlNode& node, Mapping::Output& out, Diagnostics& diagnostics);
void read_tests(const YamlNode& node, std::vector<Test>& out, Diagnostics& diagnostics);

}  // namespace trama
