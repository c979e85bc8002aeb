#include "base/codes.h"

#include <cstddef>
#include <iterator>

namespace trama {
namespace {

constexpr std::string_view kRecordCodes[] = {
    "OK",
#define TRAMA_CODE(id, name, meaning) name,
#include "base/record_codes.inc"
#undef TRAMA_CODE
};
constexpr RecordCode kReasons[] = {
    RecordCode::ok,
#define TRAMA_REASON(id, code, params, text) RecordCode::code,
#include "base/reasons.inc"
#undef TRAMA_REASON
};

constexpr std::string_view kReasonWords[] = {
    "none",
#define TRAMA_REASON(id, code, params, text) #id,
#include "base/reasons.inc"
#undef TRAMA_REASON
};

struct DiagnosticRow {
  std::string_view name;
  Severity severity;
};
constexpr DiagnosticRow kDiagnostics[] = {
#define TRAMA_DIAGNOSTIC(id, name, severity, params, text, help) {name, Severity::severity},
#include "base/diagnostics.inc"
#undef TRAMA_DIAGNOSTIC
};

struct FailureRow {
  std::string_view name;
  Exit exit;
};
constexpr FailureRow kFailures[] = {
#define TRAMA_FAILURE(id, name, exit, params, text) {name, Exit::exit},
#include "base/failures.inc"
#undef TRAMA_FAILURE
};
constexpr std::string_view kNotices[] = {
#define TRAMA_NOTICE(id, name, params, text) name,
#include "base/notices.inc"
#undef TRAMA_NOTICE
};

}  // namespace

std::string_view name(RecordCode code) noexcept {
  return kRecordCodes[static_cast<std::size_t>(code)];
}
std::string_view name(DiagnosticCode code) noexcept {
  return kDiagnostics[static_cast<std::size_t>(code)].name;
}
std::string_view name(FailureCode code) noexcept {
  return kFailures[static_cast<std::size_t>(code)].name;
}
std::string_view name(NoticeCode code) noexcept {
  return kNotices[static_cast<std::size_t>(code)];
}

RecordCode code_of(Reason reason) noexcept {
  return kReasons[static_cast<std::size_t>(reason)];
}
std::string_view word(Reason reason) noexcept {
  return kReasonWords[static_cast<std::size_t>(reason)];
}
Reason reason_of(std::string_view word) noexcept {
  for (std::size_t i = 1; i < std::size(kReasonWords); ++i)
    if (kReasonWords[i] == word) return static_cast<Reason>(i);
  return Reason::none;
}
Severity severity(DiagnosticCode code) noexcept {
  return kDiagnostics[static_cast<std::size_t>(code)].severity;
}
Exit exit_of(FailureCode code) noexcept {
  return kFailures[static_cast<std::size_t>(code)].exit;
}

}  // namespace trama
