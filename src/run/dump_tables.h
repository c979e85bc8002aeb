// DumpTables: lookup tables that travel in the inputs, beside the records (`tables: {airlines:
// {inside: dictionaries.carriers}}`). A table may stand behind the records that need it, so each
// input is read once for its tables before any is mapped.

#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"
#include "report/reject.h"
#include "source/source.h"
#include "step/lookup_table.h"

namespace trama {

constexpr std::size_t kMaxDumpTableEntries = 1000000;

class DumpTables {
 public:
  /// The options of a Source that finds the tables of `plan`: all of its records are passed by.
  static SourceOptions options(const Plan& plan, SourceOptions options);
  /// Reads `source`, opened with those options, to its end. table_not_found, table_invalid; or what
  /// kept the source from being read where that is why a table is missing. Any other trouble is
  /// left to who reads the records.
  static Result<DumpTables> read(const Plan& plan, Source& source);

  /// Of an input, by Plan::dump_tables.
  [[nodiscard]] std::span<const std::shared_ptr<const LookupTable>> of(
      std::size_t source) const noexcept {
    return by_source_[source];
  }
  /// What they know, for messages, by input.
  [[nodiscard]] std::vector<KnownKeys> known(const Plan& plan) const;

 private:
  std::vector<std::vector<std::shared_ptr<const LookupTable>>> by_source_;
};

/// Builds the table of one JSON text; table_invalid with `input` as it is called.
Result<std::shared_ptr<const LookupTable>> table_of_json(const PlanDumpTable& table,
                                                         const std::string& json,
                                                         const std::string& input);

}  // namespace trama
