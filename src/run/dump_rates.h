// Exchange rates that travel in the inputs, beside the records (`tables: {tasas: {kind: rates,
// inside: fx.rates, …}}`): one document's rates as a RateTable. Exact; what is wrong with one of them
// refuses the input.

#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/phrase.h"
#include "base/result.h"
#include "plan/plan.h"
#include "step/rate_table.h"

namespace trama {

/// The JSON texts of what stands once for all rates, where the mapping says so; else null.
struct DumpRateTexts {
  const std::string* from = nullptr;
  const std::string* to = nullptr;
  const std::string* day = nullptr;
};

/// Builds the rates of one JSON text. `memory`: bytes that they may take, less what they take.
/// table_invalid with `input` as it is called; table_memory.
Result<std::shared_ptr<const RateTable>> rates_of_json(const PlanDumpRates& rates,
                                                       const std::string& json,
                                                       const DumpRateTexts& texts,
                                                       const Phrase& input, std::size_t& memory);

}  // namespace trama
