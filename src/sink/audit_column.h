// AuditColumn: the columns of `output: audit_columns`, told apart once and not for each row.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trama {

enum class AuditColumn : std::uint8_t {
  file,
  record,
  line,
  run,
  corrected,
  key,
  idempotency_key,
  operation
};

/// By its word, which the mapping's words made sure of.
AuditColumn audit_column(std::string_view word) noexcept;
std::vector<AuditColumn> audit_columns(const std::vector<std::string>& words);

}  // namespace trama
