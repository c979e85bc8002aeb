// compile: a Mapping -> checked -> Plan. Collects everything that is wrong with what the mapping
// means (what is wrong with its form, read_mapping() has said): names, types, tables, words that do
// not go together.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>

#include "base/memory.h"
#include "mapping/mapping.h"
#include "plan/plan.h"

namespace trama {

struct FormatSpec;

/// Where each entry of the mapping's tables is written, for who shows what was looked up.
struct TableLines {
  std::unordered_map<const void*, Span> entries;  // of lookups, by what their find() gives
  /// Of rates, by table, pair ("COP USD") and day, as RateTable::lines() gives them.
  std::map<std::tuple<const RateTable*, std::string, std::int32_t>, Span> rates;
};

struct CompileInput {
  const Mapping& mapping;
  std::string path;  // of the mapping file: table files are found relative to it
  std::string root;  // how far they may be away, or empty
  FileReader& reader;
  Files& files;                        // gets the texts of table files
  std::size_t memory = kMemoryBytes;   // that tables may take while they are read
  TableLines* lines = nullptr;         // to be noted, or null
  const FormatSpec* format = nullptr;  // instead of the one that the mapping states, or null
};

/// The plan, or null where there are errors among `diagnostics` (also those that
/// were there before).
std::unique_ptr<Plan> compile(const CompileInput& input, Diagnostics& diagnostics);

}  // namespace trama
