// RejectsTable: --rejects-csv, a line for each error of each rejected record: what is sent to the
// supplier. CSV for Excel. Like the rejects it hides what is personal.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "report/reject.h"
#include "sink/row_encoder.h"

namespace trama {

/// Each worker has one.
class RejectsTable {
 public:
  RejectsTable();

  /// The line of names, with what stands in front of it.
  std::string header();
  /// Appends the errors of a record that are told, one line each.
  void add(const RejectedRecord& record, const ReportNames& names, std::string& out);

 private:
  void line(const std::vector<std::string>& cells, std::string& out);

  std::unique_ptr<RowEncoder> encoder_;
  RowBlock block_;
};

}  // namespace trama
