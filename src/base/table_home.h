// TableHome: where the table of a lookup is written, so that a report can say how a value
// is added to it.

#pragma once

#include <cstdint>
#include <string>

namespace trama {

struct TableHome {
  enum class Form : std::uint8_t {
    unclear,  // it has no entry yet, or is an alias
    dump,     // it travels in the dump
    block,    // YAML, an entry a line
    flow,     // YAML in braces
    json,
    csv
  };
  Form form = Form::unclear;
  std::string name{};  // of the table, for messages
  std::string last{};  // where its last entry is written: "habitaciones.csv:14:1"
  /// What is written for a value, `{1}` where it goes; the further parts of a composite key go
  /// where `{2}`, … are. What it means is left for a person to write.
  std::string line{};

  friend bool operator==(const TableHome&, const TableHome&) = default;
};

}  // namespace trama
