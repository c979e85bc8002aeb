// TextTarget: rows that are text, behind one another in a file: what the formats of text share.
// Only for sink/.

#pragma once

#include <memory>
#include <string>

#include "sink/target.h"

namespace trama {

/// What stands around the rows.
struct TextFrame {
  std::string head{};          // before the first row: a header line, a UTF-8 mark, `[`
  std::size_t row_lead = 0;    // bytes in front of every row that the very first goes without: `,`
  std::string tail{};          // behind the last row,
  std::string tail_of_none{};  // or behind the head, where there is no row
};

Result<std::unique_ptr<Target>> open_text_target(const TargetPlace& place, TextFrame frame);

}  // namespace trama
