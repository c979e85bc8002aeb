// What a run says of itself beside its rows, as cells: for who has only the workbook.

#pragma once

#include <string>
#include <vector>

#include "report/summary.h"
#include "text/language.h"

namespace trama {

struct RunSheetRow {
  std::vector<std::string> cells;
  bool heading = false;
};

/// UTF-8, nothing personal, and nothing that two runs which did the same would say otherwise.
struct RunSheetWords {
  std::string name;  // "Report"
  std::vector<RunSheetRow> rows;
};
RunSheetWords run_sheet(const Summary& summary, const RunFacts& facts, Language language);

}  // namespace trama
