// DumpTables: tables that travel in the inputs, beside the records (`tables: {airlines: {inside:
// dictionaries.carriers}}`), of lookups and of exchange rates. A table may follow the records that need it, so the Source
// reads an input once for its tables before it gives the records; each document has its own.

#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/memory.h"
#include "base/result.h"
#include "plan/plan.h"
#include "report/reject.h"
#include "source/source.h"
#include "step/lookup_table.h"
#include "step/rate_table.h"

namespace trama {

class DumpTables final : public BesideRecords {
 public:
  /// The options of a Source whose splits carry the tables of `plan`, which must outlive it.
  /// `memory`: bytes that those of one document may take.
  static SourceOptions options(const Plan& plan, SourceOptions options,
                               std::size_t memory = kMemoryBytes);
  /// The tables of one document. table_not_found, table_invalid, table_memory; or what kept the input from being
  /// read where that is why a table is missing.
  static Result<std::shared_ptr<const DumpTables>> of(const Plan& plan,
                                                      const OutsideOfDocument& found,
                                                      std::size_t memory = kMemoryBytes);
  [[nodiscard]] std::size_t bytes() const noexcept override { return bytes_; }

  /// By Plan::dump_tables.
  [[nodiscard]] std::span<const std::shared_ptr<const LookupTable>> tables() const noexcept {
    return tables_;
  }
  /// By Plan::dump_rates.
  [[nodiscard]] std::span<const std::shared_ptr<const RateTable>> rates() const noexcept {
    return rates_;
  }
  /// What they know, for messages.
  [[nodiscard]] const KnownKeys& known() const noexcept { return known_; }

 private:
  std::vector<std::shared_ptr<const LookupTable>> tables_;
  std::vector<std::shared_ptr<const RateTable>> rates_;
  KnownKeys known_;
  std::size_t bytes_ = 0;
};

/// Builds the table of one JSON text; table_invalid with `input` as it is called.
/// `memory`: bytes that it may take, less what it takes; table_memory.
Result<std::shared_ptr<const LookupTable>> table_of_json(const PlanDumpTable& table,
                                                         const std::string& json,
                                                         const Phrase& input, std::size_t& memory);

}  // namespace trama
