// JsonRows: a row as one JSON object, its audit columns and the rest of its record behind the
// columns. What the formats made of JSON share; only for sink/.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/json_object.h"
#include "sink/audit_column.h"
#include "sink/row_encoder.h"

namespace trama {

class JsonRows {
 public:
  explicit JsonRows(const OutputFormat& format);

  /// Appends `{…}`; see RowEncoder::row().
  void write(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
             std::string& out);
  void limit(std::size_t most) noexcept { object_.limit(most); }

 private:
  struct Audit {
    std::string name;
    AuditColumn column;
  };
  void add_audit(const Audit& column, const RowAudit& audit);

  JsonObjectWriter object_;
  std::vector<Audit> audit_columns_;
  bool numbers_as_text_;
  std::string more_;
};

/// The words of `output` that formats made of JSON obey.
inline constexpr std::string_view kJsonWords[] = {"numbers_as", "rest"};

}  // namespace trama
