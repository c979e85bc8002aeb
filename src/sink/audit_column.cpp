#include "sink/audit_column.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace trama {

AuditColumn audit_column(std::string_view word) noexcept {
  static constexpr std::pair<std::string_view, AuditColumn> kColumns[] = {
      {"file", AuditColumn::file},
      {"record", AuditColumn::record},
      {"line", AuditColumn::line},
      {"run", AuditColumn::run},
      {"corrected", AuditColumn::corrected},
      {"key", AuditColumn::key},
      {"idempotency_key", AuditColumn::idempotency_key},
      {"operation", AuditColumn::operation}};
  const auto found = std::find_if(std::begin(kColumns), std::end(kColumns),
                                  [word](const auto& one) { return one.first == word; });
  TRAMA_CHECK(found != std::end(kColumns));
  return found->second;
}

std::vector<AuditColumn> audit_columns(const std::vector<std::string>& words) {
  std::vector<AuditColumn> columns;
  for (const std::string& word : words) columns.push_back(audit_column(word));
  return columns;
}

}  // namespace trama
